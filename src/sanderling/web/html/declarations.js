// https://tc39.es/ecma262/#sec-globaldeclarationinstantiation
// Which names a script declares at its top level. Not a parser: it skips strings, templates, comments, regular expressions and everything in brackets.

import { RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeSlice } from '../primordials.js';

const NAME = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;

export function readName(source, at) {
  NAME.lastIndex = at;
  const match = RegExpPrototypeExec(NAME, source);
  return match === null ? '' : match[0];
}

export function skipString(source, at, quote) {
  let i = at + 1;
  while (i < source.length && source[i] !== quote) i += source[i] === '\\' ? 2 : 1;
  return i + 1;
}

function skipTemplate(source, at) {
  let i = at + 1;
  while (i < source.length && source[i] !== '`') {
    if (source[i] === '\\') i += 2;
    else if (source[i] === '$' && source[i + 1] === '{') i = skipBrackets(source, i + 1);
    else i++;
  }
  return i + 1;
}

export function skipComment(source, at) {
  let i = at + 2;
  if (source[at + 1] === '/') {
    while (i < source.length && source[i] !== '\n') i++;
    return i;
  }
  while (i < source.length && !(source[i] === '*' && source[i + 1] === '/')) i++;
  return i + 2;
}

export function skipRegExp(source, at) {
  let i = at + 1;
  let inClass = false;
  while (i < source.length && (inClass || source[i] !== '/')) {
    if (source[i] === '\n') return at + 1;
    if (source[i] === '[') inClass = true;
    else if (source[i] === ']') inClass = false;
    i += source[i] === '\\' ? 2 : 1;
  }
  return i + 1;
}

// After these a slash begins a regular expression.
export function regExpMayFollow(previous) {
  return previous === '' || RegExpPrototypeExec(/^(?:[([{,;=:?!&|+\-*%^~<>]|return|typeof|case|in|of|delete|void|throw|new|else|do)$/, previous) !== null;
}

// One token's end; `previous` decides about slashes.
export function skipToken(source, at, previous) {
  const c = source[at];
  if (c === '"' || c === "'") return skipString(source, at, c);
  if (c === '`') return skipTemplate(source, at);
  if (c === '/' && (source[at + 1] === '/' || source[at + 1] === '*')) return skipComment(source, at);
  if (c === '/' && regExpMayFollow(previous)) return skipRegExp(source, at);
  if (c === '(' || c === '[' || c === '{') return skipBrackets(source, at);
  const name = readName(source, at);
  return name === '' ? at + 1 : at + name.length;
}

export function isSpace(c) {
  return c === ' ' || c === '\n' || c === '\t' || c === '\r';
}

function skipBrackets(source, at) {
  let i = at + 1;
  let previous = source[at];
  while (i < source.length) {
    const c = source[i];
    if (c === ')' || c === ']' || c === '}') return i + 1;
    const end = skipToken(source, i, previous);
    if (!isSpace(c) && !(c === '/' && (source[i + 1] === '/' || source[i + 1] === '*'))) previous = StringPrototypeSlice(source, i, end);
    i = end;
  }
  return i;
}

// Names in a binding list: `a, b = 1, {c, d: e}, [f]`.
export function collectBindings(source, from, out) {
  let i = from;
  let expect = true;
  let previous = ',';
  while (i < source.length) {
    const c = source[i];
    if (isSpace(c)) {
      i++;
      continue;
    }
    if (c === ';') return i;
    if (expect) {
      if (c === '{' || c === '[') {
        const end = skipBrackets(source, i);
        collectPattern(StringPrototypeSlice(source, i + 1, end - 1), out, c === '{');
        i = end;
      } else {
        const name = readName(source, i);
        if (name === '') return i;
        out[out.length] = name;
        i += name.length;
      }
      expect = false;
      previous = 'x';
      continue;
    }
    if (c === ',') {
      expect = true;
      i++;
      continue;
    }
    const name = readName(source, i);
    // A statement without its semicolon begins on a new line.
    if (name !== '' && previous !== '=' && RegExpPrototypeExec(/^(?:var|let|const|class|function|if|for|while|return|async|switch|try|throw|do)$/, name) !== null && name !== 'function') return i;
    const end = skipToken(source, i, previous);
    previous = StringPrototypeSlice(source, i, end);
    i = end;
  }
  return i;
}

function collectPattern(text, out, object) {
  let i = 0;
  while (i < text.length) {
    while (i < text.length && (isSpace(text[i]) || text[i] === ',' || text[i] === '.')) i++;
    if (i >= text.length) return;
    const name = readName(text, i);
    let end = i + name.length;
    let at = end;
    while (isSpace(text[at] ?? '')) at++;
    if (object && text[at] === ':') {
      at++;
      while (isSpace(text[at] ?? '')) at++;
      end = collectTarget(text, at, out);
    } else if (name !== '') out[out.length] = name;
    else end = collectTarget(text, i, out);
    i = end;
    let previous = 'x';
    while (i < text.length && text[i] !== ',') {
      const next = skipToken(text, i, previous);
      previous = StringPrototypeSlice(text, i, next);
      i = next;
    }
  }
}

function collectTarget(text, at, out) {
  if (text[at] === '{' || text[at] === '[') {
    const end = skipBrackets(text, at);
    collectPattern(StringPrototypeSlice(text, at + 1, end - 1), out, text[at] === '{');
    return end;
  }
  const name = readName(text, at);
  if (name !== '') out[out.length] = name;
  return at + (name.length > 0 ? name.length : 1);
}

// Whether the directive prologue has "use strict".
export function isStrictScript(source) {
  let i = 0;
  for (;;) {
    while (isSpace(source[i] ?? '') || source[i] === ';') i++;
    if (source[i] === '/' && (source[i + 1] === '/' || source[i + 1] === '*')) i = skipComment(source, i);
    else if (source[i] === '"' || source[i] === "'") {
      const end = skipString(source, i, source[i]);
      if (StringPrototypeSlice(source, i + 1, end - 1) === 'use strict') return true;
      i = end;
    } else return false;
  }
}

export function topLevelDeclarations(source) {
  const variables = [];
  const functions = [];
  const lexical = [];
  let i = 0;
  let previous = '';
  while (i < source.length) {
    const code = StringPrototypeCharCodeAt(source, i);
    if (code <= 32) {
      i++;
      continue;
    }
    const name = readName(source, i);
    if (name !== '' && previous !== '.') {
      const after = i + name.length;
      if (name === 'var' || name === 'let' || name === 'const') {
        i = collectBindings(source, after, name === 'var' ? variables : lexical);
        previous = ';';
        continue;
      }
      if (name === 'function' || name === 'class') {
        // A declaration stands where a statement begins.
        if (previous === '' || previous === ';' || previous[previous.length - 1] === '}' || previous === 'async' || previous[previous.length - 1] === ')') {
          let at = after;
          while (isSpace(source[at] ?? '') || source[at] === '*') at++;
          const declared = readName(source, at);
          if (declared !== '') {
            const list = name === 'function' ? functions : lexical;
            list[list.length] = declared;
          }
          i = at + declared.length;
          previous = declared;
          continue;
        }
      }
    }
    const end = skipToken(source, i, previous);
    if (!(source[i] === '/' && (source[i + 1] === '/' || source[i + 1] === '*'))) previous = StringPrototypeSlice(source, i, end);
    i = end;
  }
  return { __proto__: null, variables, functions, lexical };
}
