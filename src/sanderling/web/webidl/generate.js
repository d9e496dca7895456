// https://webidl.spec.whatwg.org/#js-interfaces
// From IDL to source text, specialised per member. Runs while the snapshot is built; each interface becomes a function that fills it (interface.js): of its record R,
// its prototype P and its parent's record, with the members of the one scope as `o` and those of its own group as `f`. That runs when a page may have
// changed every built-in: it uses nothing but `lib`.

import { NATIVE_MARK } from '../emulation/masked.js';
import { Error, JSONStringify } from '../primordials.js';

const INTS = {
  byte: [8, true], octet: [8, false], short: [16, true], 'unsigned short': [16, false], long: [32, true], 'unsigned long': [32, false],
  'long long': [64, true], 'unsigned long long': [64, false],
};
const BUFFERS = new Set(['ArrayBuffer', 'ArrayBufferView', 'BufferSource', 'DataView', 'Int8Array', 'Int16Array', 'Int32Array', 'Uint8Array', 'Uint16Array',
  'Uint32Array', 'Uint8ClampedArray', 'BigInt64Array', 'BigUint64Array', 'Float32Array', 'Float64Array', 'AllowSharedBufferSource']);
const STRINGS = new Set(['DOMString', 'USVString', 'ByteString']);
const quote = (text) => JSONStringify(text);
const MARK = '@what@';
// Interfaces whose accessors are generated one by one.
const HOT = new Set(['EventTarget', 'Event', 'Node', 'Element', 'CharacterData', 'Text', 'Document', 'DocumentFragment', 'HTMLElement', 'HTMLCollection', 'NodeList', 'DOMTokenList', 'Window', 'Attr']);

// What stands in nearly every member has a short name: the text is kept in every isolate.
const SHORT = [
  ['receiver', '$r'], ['globalReceiver', '$g'], ['toDOMString', '$s'], ['toUSVString', '$u'], ['toImpl', '$i'], ['toInt', '$n'], ['toFunction', '$f'], ['wrapOrNull', '$w'],
  ['toObject', '$o'], ['hooks', '$h'], ['ObjectDefineProperty', '$d'], ['notEnough', '$e'],
];

// Mark the function that a text begins with as one of the platform (emulation/masked.js).
function marked(text) {
  return text.replace(') {', ') {' + NATIVE_MARK);
}

function shorten(text) {
  let out = text;
  for (const [long, short] of SHORT) out = out.replaceAll(new RegExp('\\blib\\.' + long + '\\b', 'g'), () => short);
  return out;
}

class Generator {
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
      setter = `set ${key}(p0) { lib.ObjectDefineProperty(this ?? globalThis, ${quote(name)}, {__proto__: null, value: p0, writable: true, enumerable: true, configurable: true}); }`;
    } else if (ext.LegacyLenientSetter) {
      setter = `set ${key}(p0) { }`;
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
          proto.push(`toJSON() { const keys = ${JSONStringify(names)}; const out = {__proto__: null}; for (let i = 0; i < keys.length; i++) out[keys[i]] = this[keys[i]]; return {...out}; }`);
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
