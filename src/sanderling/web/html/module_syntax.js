// https://tc39.es/ecma262/#sec-modules
// What a module imports and exports, and its source as the body of a function: declarations of imports and exports become blanks, `import()` and
// `import.meta` become names of the same length, so that places in stack traces stay. Not a parser: what is no module is told by who compiles it.

import { NumberParseInt, RegExpPrototypeExec, StringFromCodePoint, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeRepeat, SyntaxError } from '../primordials.js';
import { IMPORT_NAME } from './frame_scripts.js';
import { collectBindings, isSpace, readName, regExpMayFollow, skipComment, skipRegExp, skipString } from './declarations.js';

const META_NAME = '$importMeta';
const DEFAULT_NAME = '$dflt';

const ESCAPES = { __proto__: null, b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0', '\n': '', '\r': '', '\u2028': '', '\u2029': '' };

// https://tc39.es/ecma262/#sec-static-semantics-sv, of what stands between the quotes of a string literal
function unescapedString(text) {
  const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|\r\n|[^])/g;
  let out = '';
  let from = 0;
  for (let found = RegExpPrototypeExec(escape, text); found !== null; found = RegExpPrototypeExec(escape, text)) {
    const digits = found[1] ?? found[2] ?? found[3];
    const letter = text[found.index + 1];
    out += StringPrototypeSlice(text, from, found.index) + (digits !== undefined ? StringFromCodePoint(NumberParseInt(digits, 16)) : ESCAPES[letter] ?? letter);
    from = found.index + found[0].length;
  }
  return out + StringPrototypeSlice(text, from);
}

class ModuleScanner {
  constructor(source, isModule) {
    this.source = source;
    this.isModule = isModule;
    this.body = '';
    this.copied = 0;             // up to where the source is in `body`
    this.at = 0;
    this.requests = [];          // { specifier, type } of modules, in order
    this.imports = [];           // { request, name, local }; name null: the namespace
    this.locals = [];            // { name, local }: what the module itself exports
    this.indirect = [];          // { request, name, from }; from null: the namespace
    this.stars = [];             // requests
  }

  scan() {
    const { source } = this;
    const open = [];             // brackets, and '`' for the template that a `${` interrupts
    let previous = '';
    while (this.at < source.length) {
      const c = source[this.at];
      if (isSpace(c)) {
        this.at++;
        continue;
      }
      if (c === '/' && (source[this.at + 1] === '/' || source[this.at + 1] === '*')) {
        this.at = skipComment(source, this.at);
        continue;
      }
      if (c === '"' || c === "'") {
        this.at = skipString(source, this.at, c);
        previous = 'string';
        continue;
      }
      if (c === '`' || (c === '}' && open[open.length - 1] === '`')) {
        if (c === '}') open.length--;
        if (this.template()) {
          open[open.length] = '`';
          previous = '{';
        } else previous = 'string';
        continue;
      }
      if (c === '/' && regExpMayFollow(previous)) {
        this.at = skipRegExp(source, this.at);
        previous = 'string';
        continue;
      }
      if (c === '{' || c === '(' || c === '[') open[open.length] = c;
      else if (c === '}' || c === ')' || c === ']') open.length = open.length > 0 ? open.length - 1 : 0;
      const name = readName(source, this.at);
      if (name === '') {
        previous = c;
        this.at++;
      } else if (name === 'import' && previous !== '.') {
        previous = this.importWord(open.length === 0);
      } else if (name === 'export' && previous !== '.' && this.isModule && open.length === 0) {
        previous = this.exportWord();
      } else {
        previous = name;
        this.at += name.length;
      }
    }
    this.body += StringPrototypeSlice(source, this.copied);
    return this;
  }

  // From a backtick or the brace that ends a substitution; true: another substitution begins.
  template() {
    const { source } = this;
    for (this.at++; this.at < source.length; this.at++) {
      const c = source[this.at];
      if (c === '\\') this.at++;
      else if (c === '`') break;
      else if (c === '$' && source[this.at + 1] === '{') {
        this.at += 2;
        return true;
      }
    }
    this.at++;
    return false;
  }

  replace(from, to, text) {
    this.body += StringPrototypeSlice(this.source, this.copied, from) + text;
    this.copied = to;
  }

  // Blanks that keep the lines.
  blank(from, to) {
    let text = '';
    for (let i = from; i < to; i++) text += this.source[i] === '\n' ? '\n' : ' ';
    this.replace(from, to, text);
  }

  space() {
    const { source } = this;
    for (;;) {
      while (this.at < source.length && isSpace(source[this.at])) this.at++;
      if (source[this.at] !== '/' || (source[this.at + 1] !== '/' && source[this.at + 1] !== '*')) return;
      this.at = skipComment(source, this.at);
    }
  }

  // Take `text` and the space behind it, where it stands.
  take(text) {
    const name = readName(this.source, this.at);
    if (name === '' ? this.source[this.at] !== text : name !== text) return false;
    this.at += text.length;
    this.space();
    return true;
  }

  expect(text) {
    if (!this.take(text)) this.fail();
  }

  fail() {
    const found = this.at < this.source.length ? `token '${readName(this.source, this.at) || this.source[this.at]}'` : 'end of input';
    throw new SyntaxError('Unexpected ' + found);
  }

  name() {
    const name = readName(this.source, this.at);
    if (name === '') this.fail();
    this.at += name.length;
    this.space();
    return name;
  }

  string() {
    const quote = this.source[this.at];
    if (quote !== '"' && quote !== "'") this.fail();
    const from = this.at + 1;
    this.at = skipString(this.source, this.at, quote);
    const text = StringPrototypeSlice(this.source, from, this.at - 1);
    this.space();
    return StringPrototypeIndexOf(text, '\\') < 0 ? text : unescapedString(text);
  }

  // ModuleExportName
  exportName() {
    return this.source[this.at] === '"' || this.source[this.at] === "'" ? this.string() : this.name();
  }

  // The specifier, attributes and the semicolon; gives the index of the request.
  request() {
    const specifier = this.string();
    let type = '';
    if (this.take('with')) {
      this.expect('{');
      while (!this.take('}')) {
        const key = this.exportName();
        this.expect(':');
        const value = this.string();
        if (key !== 'type') throw new SyntaxError(`Import attribute "${key}" is not supported`);
        type = value;
        this.take(',');
      }
    }
    this.take(';');
    const { requests } = this;
    for (let i = 0; i < requests.length; i++) {
      if (requests[i].specifier === specifier && requests[i].type === type) return i;
    }
    requests[requests.length] = { __proto__: null, specifier, type };
    return requests.length - 1;
  }

  // At the word `import`; gives what stands for it to the tokens behind.
  importWord(outermost) {
    const from = this.at;
    this.at += 6;
    this.space();
    if (this.source[this.at] === '(') {
      this.replace(from, from + 6, IMPORT_NAME);
      return 'name';
    }
    if (this.source[this.at] === '.') {
      this.at++;
      this.space();
      if (readName(this.source, this.at) !== 'meta') return '.';
      this.at += 4;
      if (this.isModule) this.replace(from, this.at, META_NAME + StringPrototypeRepeat(' ', this.at - from - META_NAME.length));
      return 'name';
    }
    if (!outermost || !this.isModule) return 'import';
    this.importDeclaration(from);
    return ';';
  }

  importDeclaration(from) {
    const bindings = [];
    const c = this.source[this.at];
    if (c !== '"' && c !== "'") {
      let more = true;
      if (c !== '{' && c !== '*') {
        bindings[bindings.length] = { __proto__: null, request: 0, name: 'default', local: this.name() };
        more = this.take(',');
      }
      if (more && this.take('*')) {
        this.expect('as');
        bindings[bindings.length] = { __proto__: null, request: 0, name: null, local: this.name() };
      } else if (more) {
        this.expect('{');
        while (!this.take('}')) {
          const name = this.exportName();
          bindings[bindings.length] = { __proto__: null, request: 0, name, local: this.take('as') ? this.name() : name };
          if (this.source[this.at] !== '}') this.expect(',');
        }
      }
      this.expect('from');
    }
    const request = this.request();
    for (let i = 0; i < bindings.length; i++) {
      bindings[i].request = request;
      this.imports[this.imports.length] = bindings[i];
    }
    this.blank(from, this.at);
  }

  exportWord() {
    const from = this.at;
    this.at += 6;
    this.space();
    if (this.take('*')) {
      const name = this.take('as') ? this.exportName() : null;
      this.expect('from');
      const request = this.request();
      if (name === null) this.stars[this.stars.length] = request;
      else this.indirect[this.indirect.length] = { __proto__: null, request, name, from: null };
      this.blank(from, this.at);
      return ';';
    }
    if (this.take('{')) {
      this.exportList(from);
      return ';';
    }
    const declared = this.at;
    if (this.take('default')) return this.exportDefault(from);
    this.blank(from, declared);
    const word = readName(this.source, declared);
    const names = [];
    if (word === 'var' || word === 'let' || word === 'const') {
      this.at = declared + word.length;
      collectBindings(this.source, this.at, names);
    } else {
      names[0] = this.declaredName();
      this.at = declared;
    }
    for (let i = 0; i < names.length; i++) this.locals[this.locals.length] = { __proto__: null, name: names[i], local: names[i] };
    return ';';
  }

  // The name of the function or class that is declared here, or ''; `at` is then where one would stand.
  declaredName() {
    this.take('async');
    const isClass = this.take('class');
    if (!isClass) {
      this.expect('function');
      this.take('*');
    }
    const name = readName(this.source, this.at);
    return isClass && name === 'extends' ? '' : name;
  }

  exportList(from) {
    const list = [];
    while (!this.take('}')) {
      const local = this.exportName();
      list[list.length] = { __proto__: null, local, name: this.take('as') ? this.exportName() : local };
      if (this.source[this.at] !== '}') this.expect(',');
    }
    if (this.take('from')) {
      const request = this.request();
      for (let i = 0; i < list.length; i++) this.indirect[this.indirect.length] = { __proto__: null, request, name: list[i].name, from: list[i].local };
    } else {
      this.take(';');
      for (let i = 0; i < list.length; i++) this.locals[this.locals.length] = list[i];
    }
    this.blank(from, this.at);
  }

  exportDefault(from) {
    const begin = this.at;
    let local = DEFAULT_NAME;
    if (RegExpPrototypeExec(/^(?:async[ \t]+function|function|class)(?![\w$])/, StringPrototypeSlice(this.source, begin, begin + 80)) !== null) {
      const name = this.declaredName();
      this.blank(from, begin);
      if (name === '') this.replace(this.at, this.at, ` ${DEFAULT_NAME} `);
      else local = name;
      this.at = name === '' ? this.at : begin;
    } else {
      this.replace(from, begin, 'const ' + DEFAULT_NAME + '=');
    }
    this.locals[this.locals.length] = { __proto__: null, name: 'default', local };
    return local === DEFAULT_NAME ? '=' : ';';
  }
}

export function scanModule(source) {
  return new ModuleScanner(source, true).scan();
}

// The same of what is no module: only its `import()` is another.
export function scanScript(source) {
  return new ModuleScanner(source, false).scan().body;
}
