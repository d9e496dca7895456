// https://webidl.spec.whatwg.org/#js-interfaces
// From IDL to source text, specialised per member. Runs while the snapshot is built; each interface becomes a function that fills it (interface.js): of its record R,
// its prototype P and its parent's record, with the members of the one scope as `o` and those of its own group as `f`. That runs when a page may have
// changed every built-in: it uses nothing but `lib`.

import { NATIVE_MARK } from '../emulation/masked.js';
import { Error, JSONStringify } from '../primordials.js';
import { HOT, MemberText, marked } from './member_text.js';
import { quote } from './type_text.js';

// What stands in nearly every member has a short name: the text is kept in every isolate.
const SHORT = [
  ['receiver', '$r'], ['globalReceiver', '$g'], ['toDOMString', '$s'], ['toUSVString', '$u'], ['toImpl', '$i'], ['toInt', '$n'], ['toFunction', '$f'], ['wrapOrNull', '$w'],
  ['toObject', '$o'], ['hooks', '$h'], ['ObjectDefineProperty', '$d'], ['notEnough', '$e'],
];

function shorten(text) {
  let out = text;
  for (const [long, short] of SHORT) out = out.replaceAll(new RegExp('\\blib\\.' + long + '\\b', 'g'), () => short);
  return out;
}

class Generator extends MemberText {
  // Names and `this` handling: interfaces whose members may be called without a receiver.
  findGlobals() {
    this.globals = new Set(['EventTarget']);
    for (const definition of this.registry.interfaces.values()) if (definition.ext.Global) this.globals.add(definition.name);
  }

  constructorText(definition) {
    const { name } = definition;
    const list = definition.members.filter((m) => m.kind === 'constructor');
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : null;
    // A subclass of the page's decides the prototype; the plain case needs no construct call.
    const stampCode = "if (new.target === R.madeObject) return R.make(r); const w = lib.ReflectConstruct(lib.Object, [], new.target); return lib.stampNew(w, r, R);";
    if (list.some((m) => m.ext.HTMLConstructor)) return `function ${key}() { if (new.target === undefined) throw new lib.TypeError("Please use the 'new' operator"); return lib.hooks.htmlConstructor(R, new.target); }`;
    if (list.length === 0) return `function ${key}() { throw new lib.TypeError('Illegal constructor'); }`;
    const owner = list[0].from ?? definition.impl;
    if (owner?.constructor === undefined || !Object.hasOwn(owner, 'constructor')) {
      this.problems.push(`${name}: no constructor`);
      return `function ${key}() {}`;
    }
    const what = `Failed to construct '${name}'`;
    const needed = Math.min(...list.map((m) => this.required(m.args)));
    const check = needed > 0 ? `if (arguments.length < ${needed}) throw lib.notEnoughToConstruct(${quote(name)}, ${needed}, arguments.length);` : '';
    const source = `${this.ref(owner)}.constructor`;
    const head = `if (new.target === undefined) throw new lib.TypeError("Failed to construct '${name}': Please use the 'new' operator, this DOM object constructor cannot be called as a function.");`;
    if (list.length === 1) {
      const { lines, names } = this.convertArgs(list[0].args, what);
      return `function ${key}(${this.params(list[0].args)}) { ${head} ${check} ${lines.join(' ')} const r = ${source}(${names.join(', ')}); ${stampCode} }`;
    }
    const overloads = list.map((m) => ({ ...m, type: { name: 'any', ext: {} }, isStatic: true }));
    return `function ${key}(${this.overloadParams(overloads)}) { ${head} ${check} let r; pick: { ${this.overloads(definition, 'constructor', overloads, source, owner, what)} } ${stampCode} }`;
  }

  interface(definition) {
    const { record } = definition;
    this.hot = HOT.has(definition.name);
    this.group = definition.group;
    const out = [];
    const namespace = definition.kind === 'namespace';
    if (namespace) out.push('const I = {}; P = I;');
    else out.push(`const I = ${marked(this.constructorText(definition))};`);
    const proto = [];
    const unforgeable = [];
    const statics = [];
    const operations = new Map();
    const unscopables = [];
    const handlers = [];       // event handler attributes: hundreds, which share their code
    let item = null;
    let named = null;
    const special = {};
    let iterable = null;
    for (const member of definition.members) {
      const owner = member.from ?? definition.impl;
      if (member.ext?.Unscopable) unscopables.push(member.name);
      if (member.kind === 'const') {
        out.push(`lib.defineConstant(I, P, ${quote(member.name)}, ${member.value});`);
      } else if (member.kind === 'attribute' && owner?.[member.name] === undefined && /EventHandler$/.test(member.type.name) && !member.isStatic) {
        handlers.push(member.name);
      } else if (member.kind === 'attribute' && this.sharesCode(definition, member, owner)) {
        const call = this.sharedAccessor(definition, member, owner);
        if (call !== null) out.push(`lib.defineMembers(P, ${call});`);
      } else if (member.kind === 'attribute') {
        const made = this.attribute(definition, member, owner);
        if (made === null) continue;
        const into = member.isStatic ? statics : member.ext.LegacyUnforgeable ? unforgeable : proto;
        into.push(made.getter);
        if (made.setter !== null) into.push(made.setter);
        if (member.stringifier) {
          const text = `toString() { ${this.self(definition)} return ${typeof owner[member.name] === 'function' ? `${this.ref(owner)}[${quote(member.name)}](self)` : owner[member.name] === undefined ? `this[${quote(member.name)}]` : `${this.ref(owner)}[${quote(member.name)}].get(self)`}; }`;
          (member.ext.LegacyUnforgeable ? unforgeable : proto).push(text);
        }
      } else if (member.kind === 'stringifier') {
        const how = ['stringifier', 'toString'].find((key) => Object.hasOwn(owner, key));
        if (how === undefined) this.problems.push(`${definition.name}: no stringifier`);
        else proto.push(`toString() { ${this.self(definition)} return ${this.ref(owner)}.${how}(self); }`);
      } else if (member.kind === 'operation') {
        const key = (member.isStatic ? 'static ' : '') + member.name;
        for (const kind in member.special) special[kind + (this.resolve(member.args[0].type).name === 'unsigned long' ? 'Indexed' : 'Named')] = { member, owner };
        if (member.name === '') continue;
        if (!operations.has(key)) operations.set(key, { list: [], owner });
        operations.get(key).list.push(namespace ? { ...member, isStatic: true } : member);
      } else if (member.kind !== 'constructor') {
        iterable = { member, owner };
      }
    }
    for (const [, { list, owner }] of operations) {
      const [first] = list;
      const { name } = first;
      if (owner?.[name] === undefined || !Object.hasOwn(owner, name)) {
        if (name === 'toJSON' && first.ext.Default) {
          const names = definition.members.filter((m) => m.kind === 'attribute').map((m) => m.name);
          proto.push(`toJSON() { ${this.self(definition)} void self; const keys = ${JSONStringify(names)}; const out = {__proto__: null}; for (let i = 0; i < keys.length; i++) out[keys[i]] = this[keys[i]]; return {...out}; }`);
          continue;
        }
        if (list.some((_, index) => owner?.[name + ':' + index] === undefined)) {
          this.problems.push(`${definition.name}.${name}(): no member`);
          continue;
        }
      }
      const text = this.operation(definition, name, list, `${this.ref(owner)}[${quote(name)}]`, owner);
      if (first.stringifier) proto.push(`toString() { return this[${quote(name)}](); }`);
      (first.isStatic ? statics : first.ext.LegacyUnforgeable ? unforgeable : proto).push(text);
    }
    const define = (target, list) => {
      if (list.length > 0) out.push(`lib.defineMembers(${target}, {${list.map(marked).join(',\n')}});`);
    };
    define('P', proto);
    if (!namespace) define('I', statics);
    else define('I', statics);
    if (handlers.length > 0) out.push(`lib.defineHandlers(P, ${JSONStringify(handlers)}, ${record.id}, ${record.last}, ${this.globals.has(definition.name)});`);
    if (unforgeable.length > 0) out.push(`R.unforgeable = {${unforgeable.map(marked).join(',\n')}};`);
    if (unscopables.length > 0) {
      out.push(`lib.ObjectDefineProperty(P, lib.SymbolUnscopables, {__proto__: null, value: {__proto__: null, ${unscopables.map((n) => quote(n) + ': true').join(', ')}}, configurable: true});`);
    }
    ({ getterIndexed: item, getterNamed: named } = special);
    if (item || named) this.legacy(definition, special, out);
    if (iterable !== null) this.iterable(definition, iterable, out);
    else if (item) {
      // https://webidl.spec.whatwg.org/#js-iterator
      out.push(`lib.ObjectDefineProperty(P, lib.SymbolIterator, {__proto__: null, value: lib.ArrayPrototype.values, writable: true, configurable: true});`);
    }
    if (namespace) {
      out.push(`lib.ObjectDefineProperty(I, lib.SymbolToStringTag, {__proto__: null, value: ${quote(definition.name)}, configurable: true}); return I;`);
    } else {
      const factory = definition.ext.LegacyFactoryFunction;
      if (factory !== undefined) out.push(this.factory(definition, factory));
      out.push('return lib.finishInterface(R, I, parent);');
    }
    return out.join('\n');
  }

  factory(definition, factory) {
    const owner = definition.impl;
    const name = typeof factory === 'string' ? factory : factory.name;
    const args = factory.args ?? [];
    if (typeof owner[name] !== 'function') this.problems.push(`${definition.name}: no factory ${name}`);
    const { lines, names } = this.convertArgs(args, `Failed to construct '${name}'`);
    return `{ const F = function ${name}(${this.params(args)}) {${NATIVE_MARK} if (new.target === undefined) throw new lib.TypeError("Please use the 'new' operator"); ${lines.join(' ')} return lib.wrap(${this.ref(owner)}[${quote(name)}](${names.join(', ')})); };
lib.ObjectDefineProperty(F, 'prototype', {__proto__: null, value: P, writable: false}); R.factories = {__proto__: null, ${quote(name)}: F}; }`;
  }

  legacy(definition, special, out) {
    const call = (entry, fallback) => {
      if (entry === undefined) return 'null';
      const name = entry.member.name || fallback;
      if (typeof entry.owner[name] !== 'function') {
        this.problems.push(`${definition.name}: no member ${name} for its ${fallback}`);
        return 'null';
      }
      const target = `${this.ref(entry.owner)}[${quote(name)}]`;
      const { args } = entry.member;
      // Getters give what pages see; deleters give nothing.
      if (entry.member.ext.CEReactions) {
        const value = args.length < 2 ? '' : `x = ${this.convert(args[1].type, 'x', 'the value')}; `;
        return `(self, key, x) => { ${value}${this.ceReactions(entry.member.ext, `return ${target}(self, key${args.length < 2 ? '' : ', x'});`)} }`;
      }
      if (args.length < 2) return entry.getter ? `(self, key) => ${this.result(entry.member.type, `${target}(self, key)`)}` : `(self, key) => ${target}(self, key)`;
      return `(self, key, x) => ${target}(self, key, ${this.convert(args[1].type, 'x', 'the value')})`;
    };
    if (special.getterIndexed) special.getterIndexed.getter = true;
    if (special.getterNamed) special.getterNamed.getter = true;
    this.hot = false;
    const named = special.getterNamed;
    let names = 'null';
    if (named) {
      if (typeof named.owner.supportedNames !== 'function') this.problems.push(`${definition.name}: no supportedNames`);
      names = `(self) => ${this.ref(named.owner)}.supportedNames(self)`;
    }
    const lengthMember = definition.members.find((m) => m.kind === 'attribute' && m.name === 'length');
    let length = 'null';
    if (special.getterIndexed && lengthMember !== undefined) {
      const owner = lengthMember.from ?? definition.impl;
      length = typeof owner.length === 'function' ? `(self) => ${this.ref(owner)}.length(self)` : `(self) => ${this.ref(owner)}.length.get(self)`;
    }
    out.push(`R.legacy = {__proto__: null, item: ${call(special.getterIndexed, 'item')}, length: ${length}, setItem: ${call(special.setterIndexed, 'setItem')},
 deleteItem: ${call(special.deleterIndexed, 'deleteItem')}, named: ${call(named, 'namedItem')}, names: ${names}, setNamed: ${call(special.setterNamed, 'setNamedItem')},
 deleteNamed: ${call(special.deleterNamed, 'deleteNamedItem')}, overrideBuiltIns: ${!!definition.ext.LegacyOverrideBuiltIns}, unenumerable: ${!!definition.ext.LegacyUnenumerableNamedProperties}};`);
  }

  iterable(definition, { member, owner }, out) {
    const A = 'lib.ArrayPrototype';
    const simple = (name, value) => `lib.ObjectDefineProperty(P, ${quote(name)}, {__proto__: null, value: ${value}, writable: true, enumerable: true, configurable: true});`;
    const symbol = (value) => `lib.ObjectDefineProperty(P, lib.SymbolIterator, {__proto__: null, value: ${value}, writable: true, configurable: true});`;
    if (member.kind === 'iterable' && member.types.length === 1) {
      out.push(simple('entries', A + '.entries'), simple('forEach', A + '.forEach'), simple('keys', A + '.keys'), simple('values', A + '.values'), symbol(A + '.values'));
      return;
    }
    const self = NATIVE_MARK + this.self(definition);
    if (member.kind === 'async_iterable') {
      if (typeof owner.asyncIterator !== 'function') this.problems.push(`${definition.name}: no asyncIterator`);
      out.push(`{ const m = { values(options = undefined) { ${self} return ${this.ref(owner)}.asyncIterator(self, options); } };
lib.defineMembers(P, m); lib.ObjectDefineProperty(P, lib.SymbolAsyncIterator, {__proto__: null, value: m.values, writable: true, configurable: true}); }`);
      return;
    }
    const pairs = this.ref(owner) + '.pairs';
    if (typeof owner.pairs !== 'function') this.problems.push(`${definition.name}: no pairs`);
    const set = member.kind === 'setlike';
    out.push(`{ const it = lib.makePairIterator(${quote(definition.name)}); const m = {
 entries() { ${self} return it(self, 2, ${pairs}); }, keys() { ${self} return it(self, 0, ${pairs}); }, values() { ${self} return it(self, 1, ${pairs}); },
 forEach(p0, p1 = undefined) { ${self} if (arguments.length < 1) throw lib.notEnough('forEach', ${quote(definition.name)}, 1, 0); p0 = lib.toFunction(p0, "Failed to execute 'forEach' on '${definition.name}': parameter 1");
  for (let i = 0, l; i < (l = ${pairs}(self)).length; i++) lib.ReflectApply(p0, p1, [lib.wrapAny(l[i][1]), lib.wrapAny(l[i][0]), this]); } };
lib.defineMembers(P, m); ${symbol(set ? 'm.values' : 'm.entries')} }`);
    if (member.kind === 'maplike' || set) {
      const extra = [`get size() { ${self} return ${pairs}(self).length; }`,
        `has(p0) { ${self} const l = ${pairs}(self); for (let i = 0; i < l.length; i++) if (lib.wrapAny(l[i][0]) === p0) return true; return false; }`];
      if (!set) extra.push(`get(p0) { ${self} const l = ${pairs}(self); for (let i = 0; i < l.length; i++) if (lib.wrapAny(l[i][0]) === p0) return lib.wrapAny(l[i][1]); return undefined; }`);
      out.push(`lib.defineMembers(P, {${extra.join(', ')}});`);
    }
  }

  // Functions that fill the interfaces, as the members of an object literal.
  functions(definitions) {
    this.findGlobals();
    const list = definitions.map((definition) => `${quote(definition.name)}(R, P, parent) {\n${this.interface(definition)}\n}`);
    if (this.problems.length > 0) throw new Error('IDL without implementation:\n' + [...new Set(this.problems)].join('\n'));
    const text = shorten(`${this.helpers.join('\n')}\nreturn {__proto__: null, ${list.join(',\n')}};`);
    const used = SHORT.filter(([, short]) => text.includes(short)).map(([long, short]) => `${short} = lib.${long}`);
    return (used.length > 0 ? `const ${used.join(', ')};\n` : '') + text;
  }
}

// The body of a function of `lib` and `o`, which gives an object with the functions of some interfaces.
export function generateTogether(registry, definitions) {
  return new Generator(registry).functions(definitions);
}

// The text of a function of `lib`, `o` and `f`, which gives the same for one interface.
export function generatePart(registry, definition) {
  return `(function (lib, o, f) {'use strict';\n${new Generator(registry).functions([definition])}\n})`;
}
