// https://webidl.spec.whatwg.org/#js-type-mapping
// The text that converts values of IDL types, both ways: part of the generator (generate.js).

import { Error, JSONStringify } from '../primordials.js';

export const INTS = {
  byte: [8, true], octet: [8, false], short: [16, true], 'unsigned short': [16, false], long: [32, true], 'unsigned long': [32, false],
  'long long': [64, true], 'unsigned long long': [64, false],
};
const BUFFERS = new Set(['ArrayBuffer', 'ArrayBufferView', 'BufferSource', 'DataView', 'Int8Array', 'Int16Array', 'Int32Array', 'Uint8Array', 'Uint16Array',
  'Uint32Array', 'Uint8ClampedArray', 'BigInt64Array', 'BigUint64Array', 'Float32Array', 'Float64Array', 'AllowSharedBufferSource']);
export const STRINGS = new Set(['DOMString', 'USVString', 'ByteString']);
export const quote = (text) => JSONStringify(text);

export class TypeText {
  constructor(registry) {
    this.registry = registry;
    this.helpers = [];      // text of generated converters
    this.made = new Map();
    this.problems = [];
    this.count = 0;
  }

  // The members object of an interface or mixin.
  ref(owner) {
    const { group, index } = this.registry.owners.get(owner);
    if (this.isElsewhere(owner)) return `lib.members(${quote(group)}, ${index})`;
    return (group === '' ? 'o[' : 'f[') + index + ']';
  }

  // Of a family that the interface is not of: it is loaded when a member is used.
  isElsewhere(owner) {
    const { group } = this.registry.owners.get(owner);
    return group !== '' && group !== this.group;
  }

  // Follow typedefs; keep the outer nullability and attributes.
  resolve(type) {
    let out = type;
    for (let def = this.registry.typedefs.get(out.name); def !== undefined; def = this.registry.typedefs.get(out.name)) {
      out = { ...def.type, nullable: def.type.nullable || out.nullable, ext: { ...def.type.ext, ...out.ext } };
    }
    return out;
  }

  category(type) {
    const { registry } = this;
    const { name } = type;
    if (name === 'union') return 'union';
    if (name === 'undefined' || name === 'any') return 'any';
    if (name === 'object' || name === 'symbol') return 'object';
    if (name === 'boolean') return 'boolean';
    if (INTS[name] !== undefined || /^(unrestricted )?(double|float)$/.test(name)) return 'number';
    if (name === 'bigint') return 'bigint';
    if (STRINGS.has(name)) return 'string';
    if (BUFFERS.has(name)) return 'buffer';
    if (name === 'sequence' || name === 'FrozenArray' || name === 'ObservableArray') return 'sequence';
    if (name === 'record') return 'record';
    if (name === 'Promise') return 'promise';
    if (name === 'Function' || name === 'EventHandler' || name === 'OnErrorEventHandler' || name === 'OnBeforeUnloadEventHandler') return 'callback';
    if (registry.enums.has(name)) return 'enum';
    if (registry.dictionaries.has(name)) return 'dictionary';
    if (registry.interfaces.has(name)) return 'interface';
    const callback = registry.callbacks.get(name);
    if (callback !== undefined) return callback.kind === 'callback' ? 'callback' : 'callback interface';
    this.problems.push('unknown type ' + name);
    return 'any';
  }

  // An expression that converts the value named `v`; evaluates `v` more than once.
  convert(rawType, v, what) {
    const type = this.resolve(rawType);
    const category = this.category(type);
    if (type.nullable && category !== 'any' && !(category === 'union' && type.union.some((t) => this.resolve(t).nullable))) {
      return `(${v} === null || ${v} === undefined ? null : ${this.convertNonNull(type, category, v, what)})`;
    }
    return this.convertNonNull(type, category, v, what);
  }

  convertNonNull(type, category, v, what) {
    const { ext, name } = type;
    switch (category) {
      case 'any': return v;
      case 'object': return `lib.toObject(${v}, ${quote(what)})`;
      case 'boolean': return `(typeof ${v} === 'boolean' ? ${v} : !!${v})`;
      case 'bigint': return `lib.BigInt(${v})`;
      case 'number': {
        if (name === 'unrestricted double') return `(+${v})`;
        if (name === 'unrestricted float') return `lib.MathFround(+${v})`;
        if (name === 'double') return `lib.toDouble(${v}, ${quote(what)})`;
        if (name === 'float') return `lib.toFloat(${v}, ${quote(what)})`;
        const [bits, signed] = INTS[name];
        const mode = ext.EnforceRange ? 1 : ext.Clamp ? 2 : 0;
        const slow = `lib.toInt(${v}, ${bits}, ${signed}, ${mode}, ${quote(what)})`;
        if (mode === 0 && name === 'long') return `((${v} | 0) === ${v} ? ${v} : ${slow})`;
        if (mode === 0 && name === 'unsigned long') return `((${v} >>> 0) === ${v} ? ${v} : ${slow})`;
        return slow;
      }
      case 'string': {
        if (name === 'ByteString') return `lib.toByteString(${v})`;
        let out = name === 'USVString' ? `lib.toUSVString(${v})` : `(typeof ${v} === 'string' ? ${v} : lib.toDOMString(${v}))`;
        if (ext.LegacyNullToEmptyString) out = `(${v} === null ? '' : ${out})`;
        return out;
      }
      case 'enum': return `${this.enumConverter(name)}(${v}, ${quote(what)})`;
      case 'buffer': return `lib.toBufferSource(${v}, ${quote(name === 'AllowSharedBufferSource' ? 'BufferSource' : name)}, ${quote(what)})`;
      case 'callback':
        if (/EventHandler$/.test(name)) return v;    // [LegacyTreatNonObjectAsNull]: the setter tells objects from what means null
        if (this.registry.callbacks.get(name)?.ext.LegacyTreatNonObjectAsNull) return `(lib.isObject(${v}) ? ${v} : null)`;
        return `lib.toFunction(${v}, ${quote(what)})`;
      case 'callback interface': return `lib.toObject(${v}, ${quote(what)})`;
      case 'interface': {
        const { record } = this.registry.interfaces.get(name);
        return `lib.toImpl(${v}, ${record.id}, ${record.last}, ${quote(name)}, ${quote(what)})`;
      }
      case 'dictionary': return `${this.dictionaryConverter(name)}(${v}, ${quote(what)})`;
      case 'sequence': return `lib.toSequence(${v}, (x) => ${this.convert(type.args[0], 'x', what + "'s element")}, ${quote(what)})`;
      case 'record':
        return `lib.toRecord(${v}, (x) => ${this.convert(type.args[0], 'x', what)}, (x) => ${this.convert(type.args[1], 'x', what)}, ${quote(what)})`;
      case 'promise': return `lib.toPromise(${v})`;
      case 'union': return `${this.unionConverter(type)}(${v}, ${quote(what)})`;
      default: throw new Error('no conversion for ' + name);
    }
  }

  helper(key, make) {
    let name = this.made.get(key);
    if (name === undefined) {
      name = 'c' + this.count++;
      this.made.set(key, name);
      this.helpers.push(make(name));
    }
    return name;
  }

  enumConverter(name) {
    return this.helper('enum ' + name, (fn) => {
      const { values } = this.registry.enums.get(name);
      return `const ${fn}_values = {__proto__: null, ${values.map((value) => quote(value) + ': true').join(', ')}};
function ${fn}(v, what) { const s = lib.toDOMString(v); if (${fn}_values[s] !== true) throw lib.enumError(s, ${quote(name)}, what); return s; }`;
    });
  }

  dictionaryConverter(name) {
    return this.helper('dictionary ' + name, (fn) => {
      const chain = [];
      for (let d = this.registry.dictionaries.get(name); d !== undefined; d = this.registry.dictionaries.get(d.parent)) {
        chain.unshift(d);
        if (d.parent !== null && !this.registry.dictionaries.has(d.parent)) this.problems.push('dictionary ' + d.parent + ' is not defined');
      }
      const lines = [];
      for (const dictionary of chain) {
        const members = [...dictionary.members].sort((a, b) => (a.name < b.name ? -1 : 1));
        for (const member of members) {
          const key = quote(member.name);
          const what = "member " + member.name;
          lines.push(`x = given ? v[${key}] : undefined;`);
          lines.push(`if (x !== undefined) out[${key}] = ${this.convert(member.type, 'x', what)};`);
          if (member.required) lines.push(`else throw new lib.TypeError(lib.whatText(what) + ': required member ${member.name} is undefined.');`);
          else if (member.value !== undefined) lines.push(`else out[${key}] = ${this.literal(member.value, member.type)};`);
        }
      }
      return `function ${fn}(v, what) {
  const given = v !== undefined && v !== null;
  if (given && typeof v !== 'object' && typeof v !== 'function') throw new lib.TypeError(lib.whatText(what) + ' cannot be converted to a dictionary.');
  const out = new lib.Dictionary(); let x;
  ${lines.join('\n  ')}
  return out;
}`;
    });
  }

  literal(value, type) {
    if (value === '{}') {
      const resolved = this.resolve(type);
      const dictionary = resolved.name === 'union' ? resolved.union.map((t) => this.resolve(t)).find((t) => this.category(t) === 'dictionary') : resolved;
      return `${this.dictionaryConverter(dictionary.name)}(undefined, '')`;
    }
    if (value === 'undefined') return 'undefined';
    return value;
  }

  // https://webidl.spec.whatwg.org/#es-union
  unionConverter(type) {
    return this.helper('union ' + JSONStringify(type), (fn) => {
      const flat = [];
      let nullable = type.nullable;
      const add = (t) => {
        const resolved = this.resolve(t);
        nullable = nullable || resolved.nullable;
        if (resolved.name === 'union') resolved.union.forEach(add);
        else flat.push({ type: { ...resolved, nullable: false }, category: this.category(resolved) });
      };
      type.union.forEach(add);
      const of = (...categories) => flat.filter((entry) => categories.includes(entry.category));
      const lines = [];
      const dictionary = of('dictionary')[0];
      if (nullable) lines.push(`if (v === null || v === undefined) return null;`);
      else if (of('any').some((entry) => entry.type.name === 'undefined')) lines.push(`if (v === undefined) return undefined;`);
      if (dictionary && !nullable) lines.push(`if (v === null || v === undefined) return ${this.convert(dictionary.type, 'v', '')};`);
      for (const entry of of('interface')) {
        const { record } = this.registry.interfaces.get(entry.type.name);
        lines.push(`if (lib.isImplIn(v, ${record.id}, ${record.last})) return lib.unwrap(v);`);
      }
      const buffers = of('buffer');
      if (buffers.length > 0) {
        const tests = buffers.map(({ type: t }) => (t.name === 'ArrayBuffer' ? 'lib.isArrayBuffer(v)' : t.name === 'ArrayBufferView' ? 'lib.isView(v)' : 'lib.isBufferSource(v)'));
        lines.push(`if (lib.isObject(v) && (${tests.join(' || ')})) return v;`);
      }
      const callback = of('callback')[0];
      if (callback) lines.push(`if (typeof v === 'function') return v;`);
      const sequence = of('sequence')[0];
      const anyObject = of('object')[0];
      const record = of('record')[0];
      const callbackInterface = of('callback interface')[0];
      lines.push('if (lib.isObject(v)) {');
      if (sequence) {
        lines.push(`  const m = v[lib.SymbolIterator]; if (m !== undefined && m !== null) return lib.iterate(v, m, (x) => ${this.convert(sequence.type.args[0], 'x', 'the element')}, what);`);
      }
      if (dictionary) lines.push(`  return ${this.convert(dictionary.type, 'v', '')};`);
      else if (record) lines.push(`  return ${this.convert(record.type, 'v', '')};`);
      else if (callbackInterface || anyObject) lines.push('  return v;');
      lines.push('}');
      const boolean = of('boolean')[0];
      const number = of('number')[0];
      const string = of('string', 'enum')[0];
      if (boolean) lines.push(`if (typeof v === 'boolean') return v;`);
      if (number) lines.push(`if (typeof v === 'number') return ${this.convert(number.type, 'v', '')};`);
      if (string) lines.push(`return ${this.convert(string.type, 'v', '')};`);
      else if (number) lines.push(`return ${this.convert(number.type, 'v', '')};`);
      else if (boolean) lines.push('return !!v;');
      else lines.push(`throw new lib.TypeError(lib.whatText(what) + ' is not of an expected type.');`);
      return `function ${fn}(v, what) {\n  ${lines.join('\n  ')}\n}`;
    });
  }

  // Wrap the expression of a result.
  result(rawType, expression) {
    const type = this.resolve(rawType);
    switch (this.category(type)) {
      case 'interface':
        if (!this.hot) return `lib.wrapOrNull(${expression})`;
        return `(r = ${expression}) === null || r === undefined ? null : r.wrapper !== null ? r.wrapper : lib.wrap(r)`;
      case 'sequence': {
        const list = type.name === 'FrozenArray' ? 'frozenList' : 'wrapList';
        return type.nullable ? `(r = ${expression}) === null ? null : lib.${list}(r)` : `lib.${list}(${expression})`;
      }
      case 'union': return `lib.wrapAny(${expression})`;
      default: return expression;
    }
  }

  // Text that converts positional arguments; gives the lines and the names to pass on.
  convertArgs(args, what) {
    const lines = [];
    const names = [];
    args.forEach((arg, i) => {
      const label = what[0] === '#' ? `${what}|${i + 1}` : `${what}: parameter ${i + 1}`;
      if (arg.variadic) {
        lines.push(`const a${i} = []; for (let i = ${i}; i < arguments.length; i++) { const x = arguments[i]; a${i}[a${i}.length] = ${this.convert(arg.type, 'x', label)}; }`);
      } else if (arg.optional) {
        const value = arg.value === undefined ? 'undefined' : this.literal(arg.value, arg.type);
        const resolved = this.resolve(arg.type);
        if (this.category(resolved) === 'dictionary') lines.push(`p${i} = ${this.convert(arg.type, 'p' + i, label)};`);
        else lines.push(`p${i} = p${i} === undefined ? ${value} : ${this.convert(arg.type, 'p' + i, label)};`);
      } else {
        const text = this.convert(arg.type, 'p' + i, label);
        if (text !== 'p' + i) lines.push(`p${i} = ${text};`);
      }
      names.push(arg.variadic ? `a${i}` : `p${i}`);
    });
    return { lines, names };
  }

  params(args) {
    const out = [];
    args.forEach((arg, i) => {
      if (!arg.variadic) out.push(arg.optional ? `p${i} = undefined` : `p${i}`);
    });
    return out.join(', ');
  }

  required(args) {
    const index = args.findIndex((arg) => arg.optional || arg.variadic);
    return index < 0 ? args.length : index;
  }
}
