// https://webidl.spec.whatwg.org/#idl-grammar
// A reader for the IDL that stands in our files. Used while the snapshot is built, never after.

import { Error } from '../primordials.js';

const TOKEN = /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|("[^"]*")|(-?(?:0[xX][0-9a-fA-F]+|(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+))|(-?[A-Za-z_][\w-]*)|(\.\.\.|[^\s])/gy;

function tokenize(text) {
  const out = [];
  TOKEN.lastIndex = 0;
  for (let match; TOKEN.lastIndex < text.length && (match = TOKEN.exec(text)) !== null;) {
    const value = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (value !== undefined) out.push({ value, kind: match[1] ? 'string' : match[2] ? 'number' : match[3] ? 'name' : 'punct' });
  }
  return out;
}

class Reader {
  constructor(text) {
    this.tokens = tokenize(text);
    this.at = 0;
    this.text = text;
  }

  peek(offset = 0) {
    return this.tokens[this.at + offset]?.value;
  }

  next() {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error('IDL ends too early: ' + this.text.slice(0, 60));
    return token.value;
  }

  accept(value) {
    if (this.peek() !== value) return false;
    this.at++;
    return true;
  }

  expect(value) {
    const got = this.next();
    if (got !== value) throw new Error("IDL: expected '" + value + "', got '" + got + "' in: " + this.text.slice(0, 80));
  }

  extended() {
    const out = {};
    if (!this.accept('[')) return out;
    do {
      const name = this.next();
      let value = true;
      if (this.accept('=')) {
        if (this.accept('(')) {
          value = [];
          do value.push(this.next()); while (this.accept(','));
          this.expect(')');
        } else {
          value = this.next();
          if (value[0] === '"') value = value.slice(1, -1);
          if (this.peek() === '(') value = { name: value, args: this.args() };
        }
      } else if (this.peek() === '(') {
        value = { args: this.args() };
      }
      out[name] = value;
    } while (this.accept(','));
    this.expect(']');
    return out;
  }

  type() {
    const ext = this.extended();
    let type;
    if (this.accept('(')) {
      const union = [this.type()];
      while (this.accept('or')) union.push(this.type());
      this.expect(')');
      type = { name: 'union', union };
    } else {
      let name = this.next();
      if (name === 'unsigned' || name === 'unrestricted') name += ' ' + this.next();
      if ((name === 'long' || name === 'unsigned long') && this.accept('long')) name += ' long';
      type = { name };
      if (this.accept('<')) {
        type.args = [this.type()];
        while (this.accept(',')) type.args.push(this.type());
        this.expect('>');
      }
    }
    type.ext = ext;
    type.nullable = this.accept('?');
    return type;
  }

  value() {
    if (this.accept('[')) {
      this.expect(']');
      return '[]';
    }
    if (this.accept('{')) {
      this.expect('}');
      return '{}';
    }
    return this.next();
  }

  args() {
    const out = [];
    this.expect('(');
    while (!this.accept(')')) {
      const ext = this.extended();
      const optional = this.accept('optional');
      const type = this.type();
      Object.assign(type.ext, ext);
      const variadic = this.accept('...');
      const name = this.next();
      const value = this.accept('=') ? this.value() : undefined;
      out.push({ type, name, optional: optional || variadic, variadic, value });
      this.accept(',');
    }
    return out;
  }

  member() {
    const ext = this.extended();
    const word = this.peek();
    if (word === 'const') {
      this.next();
      this.type();
      const name = this.next();
      this.expect('=');
      const value = this.next();
      this.expect(';');
      return { kind: 'const', name, value };
    }
    if (word === 'constructor' && this.peek(1) === '(') {
      this.next();
      const args = this.args();
      this.expect(';');
      return { kind: 'constructor', args, ext };
    }
    if (word === 'iterable' || word === 'maplike' || word === 'setlike' || word === 'async_iterable'
        || (word === 'readonly' && (this.peek(1) === 'maplike' || this.peek(1) === 'setlike'))) {
      const readonly = this.accept('readonly');
      const kind = this.next();
      this.expect('<');
      const types = [this.type()];
      while (this.accept(',')) types.push(this.type());
      this.expect('>');
      const args = this.peek() === '(' ? this.args() : [];
      this.expect(';');
      return { kind, types, args, readonly, ext };
    }
    const isStatic = this.accept('static');
    let stringifier = this.accept('stringifier');
    if (stringifier && this.accept(';')) return { kind: 'stringifier' };
    this.accept('inherit');
    const readonly = this.accept('readonly');
    if (this.accept('attribute')) {
      const type = this.type();
      const name = this.next();
      this.expect(';');
      return { kind: 'attribute', name, type, readonly, ext, isStatic, stringifier };
    }
    const special = {};
    for (let w = this.peek(); w === 'getter' || w === 'setter' || w === 'deleter'; w = this.peek()) {
      special[w] = true;
      this.next();
    }
    const type = this.type();
    const name = this.peek() === '(' ? '' : this.next();
    const args = this.args();
    this.expect(';');
    return { kind: 'operation', name, type, args, ext, isStatic, stringifier, special };
  }

  definition() {
    const ext = this.extended();
    const partial = this.accept('partial');
    let word = this.next();
    if (word === 'callback' && this.peek() === 'interface') {
      this.next();
      word = 'callback interface';
    }
    if (word === 'interface' || word === 'callback interface' || word === 'namespace') {
      const mixin = word === 'interface' && this.accept('mixin');
      const name = this.next();
      const parent = this.accept(':') ? this.next() : null;
      this.expect('{');
      const members = [];
      while (!this.accept('}')) members.push(this.member());
      this.expect(';');
      return { kind: word, name, parent, members, ext, partial, mixin };
    }
    if (word === 'dictionary') {
      const name = this.next();
      const parent = this.accept(':') ? this.next() : null;
      this.expect('{');
      const members = [];
      while (!this.accept('}')) {
        const memberExt = this.extended();
        const required = this.accept('required');
        const type = this.type();
        Object.assign(type.ext, memberExt);
        const member = { name: this.next(), type, required };
        if (this.accept('=')) member.value = this.value();
        this.expect(';');
        members.push(member);
      }
      this.expect(';');
      return { kind: 'dictionary', name, parent, members, partial };
    }
    if (word === 'enum') {
      const name = this.next();
      this.expect('{');
      const values = [];
      while (!this.accept('}')) {
        values.push(this.next().slice(1, -1));
        this.accept(',');
      }
      this.expect(';');
      return { kind: 'enum', name, values };
    }
    if (word === 'typedef') {
      const type = this.type();
      const name = this.next();
      this.expect(';');
      return { kind: 'typedef', name, type };
    }
    if (word === 'callback') {
      const name = this.next();
      this.expect('=');
      this.type();
      this.args();
      this.expect(';');
      return { kind: 'callback', name, ext };
    }
    this.expect('includes');
    const mixin = this.next();
    this.expect(';');
    return { kind: 'includes', name: word, mixin };
  }
}

export function parseIDL(text) {
  const reader = new Reader(text);
  const out = [];
  while (reader.at < reader.tokens.length) out.push(reader.definition());
  return out;
}
