// https://webidl.spec.whatwg.org/#js-operations
// The text of operations and attributes: part of the generator (generate.js).

import { NATIVE_MARK } from '../emulation/masked.js';
import { JSONStringify } from '../primordials.js';
import { INTS, STRINGS, TypeText, quote } from './type_text.js';

const MARK = '@what@';
// Interfaces whose accessors are generated one by one.
export const HOT = new Set(['EventTarget', 'Event', 'Node', 'Element', 'CharacterData', 'Text', 'Document', 'DocumentFragment', 'HTMLElement', 'HTMLCollection', 'NodeList', 'DOMTokenList', 'Window', 'Attr']);

// Mark the function that a text begins with as one of the platform (emulation/masked.js).
export function marked(text) {
  return text.replace(') {', ') {' + NATIVE_MARK);
}

export class MemberText extends TypeText {
  self(definition, staticMember) {
    if (staticMember) return '';
    const { record } = definition;
    const fn = this.globals.has(definition.name) ? 'globalReceiver' : 'receiver';
    return `const self = lib.${fn}(this, ${record.id}, ${record.last});`;
  }

  ceReactions(ext, text) {
    if (!ext.CEReactions) return text;
    return `if (!lib.hooks.ceActive) { ${text} } lib.hooks.ceEnter(); try { ${text} } finally { lib.hooks.ceLeave(); }`;
  }

  // The body of one operation or of the overloads of one name.
  operation(definition, name, overloads, source, owner) {
    const [first] = overloads;
    const isPromise = this.resolve(first.type).name === 'Promise';
    const what = `#${name}|${definition.name}`;
    const needed = Math.min(...overloads.map((o) => this.required(o.args)));
    const check = needed > 0 ? `if (arguments.length < ${needed}) throw lib.notEnough(${quote(name)}, ${quote(definition.name)}, ${needed}, arguments.length);` : '';
    let body;
    if (overloads.length === 1) {
      const { lines, names } = this.convertArgs(first.args, what);
      const call = `${source}(${[...(first.isStatic ? [] : ['self']), ...names].join(', ')})`;
      body = `${this.self(definition, first.isStatic)} ${check} ${lines.join(' ')} let r; ${this.ceReactions(first.ext, `return ${this.result(first.type, call)};`)}`;
    } else {
      body = `${this.self(definition, first.isStatic)} ${check} ${this.overloads(definition, name, overloads, source, owner, what)}`;
    }
    if (isPromise) body = `try { ${body} } catch (e) { return lib.rejected(e); }`;
    const longest = overloads.length === 1 ? this.params(first.args) : this.overloadParams(overloads);
    return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : '[' + quote(name) + ']'}(${longest}) { ${body} }`;
  }

  overloadParams(overloads) {
    const needed = Math.min(...overloads.map((o) => this.required(o.args)));
    const most = Math.max(...overloads.map((o) => o.args.length));
    const out = [];
    for (let i = 0; i < most; i++) {
      if (overloads.some((o) => o.args[i]?.variadic)) break;
      out.push(i < needed ? `p${i}` : `p${i} = undefined`);
    }
    return out.join(', ');
  }

  // https://webidl.spec.whatwg.org/#js-overloads
  overloads(definition, name, overloads, source, owner, what) {
    const calls = overloads.map((o, index) => {
      const { lines, names } = this.convertArgs(o.args, what);
      const own = owner[name + ':' + index];
      const target = own !== undefined ? `${this.ref(owner)}[${quote(name + ':' + index)}]` : source;
      const call = `${target}(${[...(o.isStatic || name === 'constructor' ? [] : ['self']), ...names].join(', ')})`;
      if (name === 'constructor') return `${lines.join(' ')} r = ${call}; break pick;`;
      return `${lines.join(' ')} let r; ${this.ceReactions(o.ext, `return ${this.result(o.type, call)};`)}`;
    });
    const most = Math.max(...overloads.map((o) => (o.args.some((a) => a.variadic) ? 99 : o.args.length)));
    const lines = [];
    const maximum = Math.min(most, 8);
    for (let count = 0; count <= maximum; count++) {
      const fitting = overloads.map((o, index) => ({ o, index })).filter(({ o }) => this.required(o.args) <= count
        && (o.args.length >= count || o.args.some((a) => a.variadic)));
      if (fitting.length === 0) continue;
      const guard = count === maximum ? `if (arguments.length >= ${count})` : `if (arguments.length === ${count})`;
      if (fitting.length === 1) {
        lines.push(`${guard} { ${calls[fitting[0].index]} }`);
        continue;
      }
      lines.push(`${guard} { ${this.distinguish(fitting, calls, count)} }`);
    }
    lines.push(`throw new lib.TypeError(${quote(what + ': no overload matches the arguments.')});`);
    return lines.join('\n    ');
  }

  distinguish(fitting, calls, count) {
    const typeAt = (o, i) => this.resolve(o.args[Math.min(i, o.args.length - 1)].type);
    const flat = (type) => (type.name === 'union' ? type.union.flatMap((t) => flat({ ...this.resolve(t) })) : [type]);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const kinds = new Set(fitting.map(({ o }) => JSONStringify(typeAt(o, i))));
      if (kinds.size === fitting.length) {
        at = i;
        break;
      }
    }
    const v = `arguments[${at}]`;
    const lines = [];
    const test = (wanted, condition) => {
      for (const { o, index } of fitting) {
        const types = flat(typeAt(o, at));
        const optional = o.args[Math.min(at, o.args.length - 1)].optional;
        for (const type of types) {
          const result = condition(type, this.category(type), optional);
          if (result) {
            lines.push(`if (${result}) { ${calls[index]} }`);
            return;
          }
        }
      }
    };
    const each = (condition) => {
      for (const { o, index } of fitting) {
        for (const type of flat(typeAt(o, at))) {
          const result = condition(type, this.category(type));
          if (result) lines.push(`if (${result}) { ${calls[index]} }`);
        }
      }
    };
    test('undefined', (type, category, optional) => optional && `${v} === undefined`);
    test('null', (type, category) => (type.nullable || category === 'dictionary') && `${v} === null || ${v} === undefined`);
    each((type, category) => category === 'interface' && `lib.isImplIn(${v}, ${this.registry.interfaces.get(type.name).record.id}, ${this.registry.interfaces.get(type.name).record.last})`);
    each((type, category) => category === 'buffer' && `lib.isBufferSource(${v})`);
    each((type, category) => category === 'callback' && `typeof ${v} === 'function'`);
    each((type, category) => category === 'sequence' && `lib.isObject(${v}) && ${v}[lib.SymbolIterator] !== undefined && ${v}[lib.SymbolIterator] !== null`);
    each((type, category) => (category === 'dictionary' || category === 'record' || category === 'callback interface' || category === 'object') && `lib.isObject(${v})`);
    each((type, category) => category === 'boolean' && `typeof ${v} === 'boolean'`);
    each((type, category) => category === 'number' && `typeof ${v} === 'number'`);
    const fallback = ['string', 'enum', 'number', 'boolean', 'any'].map((wanted) => fitting.find(({ o }) => flat(typeAt(o, at)).some((t) => this.category(t) === wanted))).find((f) => f !== undefined);
    if (fallback !== undefined) lines.push(calls[fallback.index]);
    return lines.join(' else ').replace(/\} else (?!if)/g, '} ');
  }

  // Accessors of interfaces that no hot path touches share one function per shape: each would cost a text of its own in every isolate.
  sharesCode(definition, member, owner) {
    const { ext } = member;
    if (member.isStatic || member.stringifier || ext.LegacyUnforgeable || ext.PutForwards || ext.Replaceable || ext.LegacyLenientSetter) return false;
    if (this.globals.has(definition.name) || (owner?.[member.name] !== undefined && this.isElsewhere(owner))) return false;
    const type = this.resolve(member.type);
    if (type.name === 'Promise') return false;
    return owner?.[member.name] === undefined || !HOT.has(definition.name);
  }

  sharedAccessor(definition, member, owner) {
    const { name, type, ext } = member;
    const { record } = definition;
    const resolved = this.resolve(type);
    const given = owner?.[name];
    const what = `Failed to set the '${name}' property on '${definition.name}'`;
    const self = 'const self = lib.receiver(this, lo, hi);';
    const convert = this.convert(type, 'p0', MARK).replaceAll(quote(MARK), 'what').replaceAll(quote(MARK + "'s element"), 'what');
    let get;
    let set = null;
    let argument;
    if (given === undefined) {
      const reflected = this.reflected(member, resolved);
      if (reflected === null) {
        this.problems.push(`${definition.name}.${name}: no member`);
        return null;
      }
      argument = this.reflectedName(member);
      get = `return ${reflected.get.replaceAll(quote(argument), 'of')};`;
      if (!member.readonly) set = `${self} p0 = ${convert}; ${this.ceReactions({ CEReactions: true }, reflected.set.replaceAll(quote(argument), 'of') + ' return;')}`;
      argument = quote(argument);
    } else {
      const plain = typeof given === 'function';
      argument = `${this.ref(owner)}[${quote(name)}]`;
      get = `let r; return ${this.result(type, plain ? 'of(self)' : 'of.get(self)')};`;
      if (!member.readonly) {
        if (plain) this.problems.push(`${definition.name}.${name}: no setter`);
        const store = this.ceReactions(ext, 'of.set(self, p0); return;');
        set = this.category(resolved) === 'enum' ? `${self} try { p0 = ${convert}; } catch (e) { if (typeof p0 === 'symbol') throw e; return; } ${store}` : `${self} p0 = ${convert}; ${store}`;
      }
    }
    // Computed keys: the functions have the right names.
    const body = marked(`get [n]() { ${self} ${get} }`) + (set === null ? '' : marked(`, set [n](p0) { ${set} }`));
    const fn = this.helper('accessor ' + body, (made) => `function ${made}(n, lo, hi, of, what) { return { ${body} }; }`);
    return `${fn}(${quote(name)}, ${record.id}, ${record.last}, ${argument}${body.includes('what') ? ', ' + quote(what) : ''})`;
  }

  reflectedName(member) {
    const { ext } = member;
    return typeof ext.Reflect === 'string' ? ext.Reflect : typeof ext.ReflectURL === 'string' ? ext.ReflectURL : member.name.toLowerCase();
  }

  attribute(definition, member, owner) {
    const { name, type, ext } = member;
    const resolved = this.resolve(type);
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : '[' + quote(name) + ']';
    const self = this.self(definition, member.isStatic);
    const given = owner?.[name];
    if (given === undefined) {
      const reflected = this.reflected(member, resolved);
      if (reflected !== null) {
        return {
          key, getter: `get ${key}() { ${self} return ${reflected.get}; }`,
          setter: member.readonly ? null : `set ${key}(p0) { ${self} ${reflected.convert ?? `p0 = ${this.convert(type, 'p0', `Failed to set the '${name}' property on '${definition.name}'`)};`} ${this.ceReactions({ CEReactions: true }, reflected.set + ' return;')} }`,
        };
      }
      this.problems.push(`${definition.name}.${name}: no member`);
      return null;
    }
    const ref = this.ref(owner);
    const access = `${ref}[${quote(name)}]`;
    const argument = member.isStatic ? '' : 'self';
    const getExpression = typeof given === 'function' ? `${access}(${argument})` : `${access}.get(${argument})`;
    let getBody = `${self} let r; return ${this.result(type, getExpression)};`;
    if (resolved.name === 'Promise') getBody = `try { ${getBody} } catch (e) { return lib.rejected(e); }`;
    const getter = `get ${key}() { ${getBody} }`;
    let setter = null;
    if (!member.readonly) {
      if (typeof given === 'function') this.problems.push(`${definition.name}.${name}: no setter`);
      const what = `Failed to set the '${name}' property on '${definition.name}'`;
      if (this.category(resolved) === 'enum') {
        setter = `set ${key}(p0) { ${self} try { p0 = ${this.convert(type, 'p0', what)}; } catch (e) { if (typeof p0 === 'symbol') throw e; return; } ${this.ceReactions(ext, `${access}.set(self, p0); return;`)} }`;
      } else {
        setter = `set ${key}(p0) { ${self} p0 = ${this.convert(type, 'p0', what)}; ${this.ceReactions(ext, `${access}.set(${argument ? 'self, ' : ''}p0); return;`)} }`;
      }
    } else if (ext.PutForwards) {
      setter = `set ${key}(p0) { ${self} const target = lib.wrap(${getExpression}); target[${quote(ext.PutForwards)}] = p0; }`;
    } else if (ext.Replaceable) {
      setter = `set ${key}(p0) { ${self} lib.ObjectDefineProperty(this ?? globalThis, ${quote(name)}, {__proto__: null, value: p0, writable: true, enumerable: true, configurable: true}); }`;
    } else if (ext.LegacyLenientSetter) {
      setter = `set ${key}(p0) { ${self} void self; }`;
    }
    return { key, getter, setter };
  }

  // https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes
  reflected(member, type) {
    const { ext } = member;
    const how = Object.keys(ext).find((key) => key.startsWith('Reflect'));
    if (how === undefined) return null;
    const given = typeof ext.Reflect === 'string' ? ext.Reflect : typeof ext.ReflectURL === 'string' ? ext.ReflectURL : member.name.toLowerCase();
    const attr = quote(given);
    const R = 'lib.hooks.reflect';
    if (ext.ReflectEnum) {
      return { get: `${R}.getEnum(self, ${attr}, ${quote(ext.ReflectEnum)})`, set: type.nullable ? `${R}.setNullable(self, ${attr}, p0);` : `${R}.setString(self, ${attr}, p0);` };
    }
    if (ext.ReflectURL) return { get: `${R}.getURL(self, ${attr})`, set: `${R}.setString(self, ${attr}, p0);` };
    const { name } = type;
    if (STRINGS.has(name)) {
      if (type.nullable) return { get: `${R}.getNullable(self, ${attr})`, set: `${R}.setNullable(self, ${attr}, p0);` };
      return { get: `${R}.getString(self, ${attr})`, set: `${R}.setString(self, ${attr}, p0);` };
    }
    if (name === 'boolean') return { get: `${R}.getBoolean(self, ${attr})`, set: `${R}.setBoolean(self, ${attr}, p0);` };
    const fallback = ext.ReflectDefault ?? null;
    if (name === 'double') {
      return { get: `${R}.getDouble(self, ${attr}, ${fallback ?? 0}, ${!!ext.ReflectPositive})`, set: `${R}.setDouble(self, ${attr}, p0, ${!!ext.ReflectPositive});` };
    }
    if (INTS[name] !== undefined) {
      const range = ext.ReflectRange === undefined ? 'null' : `[${(ext.ReflectRange.args ?? ext.ReflectRange).map((x) => x.name ?? x.type?.name ?? x).join(', ')}]`;
      const mode = ext.ReflectNonNegative ? 1 : ext.ReflectPositive ? 2 : ext.ReflectPositiveWithFallback ? 3 : 0;
      const options = `${name === 'unsigned long'}, ${mode}, ${fallback ?? (mode === 1 ? -1 : mode >= 2 ? 1 : 0)}, ${range}`;
      return { get: `${R}.getInt(self, ${attr}, ${options})`, set: `${R}.setInt(self, ${attr}, p0, ${options});` };
    }
    if (this.category(type) === 'interface' && type.nullable) return { get: `lib.wrapOrNull(${R}.getElement(self, ${attr}))`, set: `${R}.setElement(self, ${attr}, p0);` };
    this.problems.push(`${member.name}: cannot reflect ${name}`);
    return null;
  }
}
