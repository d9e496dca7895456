// https://tc39.es/ecma262/: what a hostile page does before everything else. NAMES is set before this runs: each of them becomes an accessor of
// Object.prototype, and what the prototypes and constructors of the language have is replaced. `noticed` keeps who came by, and from where:
// only what code of `web/` asked for, not what page code asked itself.
globalThis.noticed = [];
(() => {
  const { defineProperty, hasOwn, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { ownKeys, apply } = Reflect;
  const uncurry = Function.prototype.bind.bind(Function.prototype.call);
  const indexOf = uncurry(String.prototype.indexOf);
  const slice = uncurry(String.prototype.slice);
  const CapturedError = Error;
  const { noticed } = globalThis;
  const seen = { __proto__: null };
  let busy = false;
  Error.stackTraceLimit = 30;

  // The first frame that is no built-in function's says who asks.
  function askedBy(stack) {
    let at = 0;
    for (let i = 0; i < 4; i++) at = indexOf(stack, '\n', at) + 1;      // the message, this file's three
    while (at > 0) {
      const end = indexOf(stack, '\n', at);
      const line = slice(stack, at, end < 0 ? undefined : end);
      if (indexOf(line, '<anonymous>') < 0 || indexOf(line, 'sanderling:') >= 0) return line;
      at = end + 1;
    }
    return '';
  }

  function note(what) {
    if (busy) return;
    busy = true;
    const line = lineOf(what);
    busy = false;
    if (line === '' || seen[line]) return;
    seen[line] = true;
    defineProperty(noticed, getOwnPropertyDescriptor(noticed, 'length').value, { __proto__: null, value: line, enumerable: true, configurable: true, writable: true });
  }

  function lineOf(what) {
    const line = askedBy(new CapturedError().stack);
    return indexOf(line, 'sanderling:web') >= 0 ? what + line : '';
  }

  function watch(owner, label) {
    const keys = ownKeys(owner);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const known = getOwnPropertyDescriptor(owner, key);
      if (!known.configurable || key === '__proto__' || key === 'constructor') continue;
      const text = label + '.' + (typeof key === 'symbol' ? key.description : key);
      const made = { __proto__: null, configurable: true, enumerable: known.enumerable };
      if (typeof known.value === 'function') {
        made.writable = true;
        made.value = { method(...args) { note('call ' + text); return apply(known.value, this, args); } }.method;
      } else if (known.get !== undefined) {
        made.get = function () { note('get ' + text); return apply(known.get, this, []); };
        made.set = known.set;
      } else continue;
      defineProperty(owner, key, made);
    }
  }

  const arrayIterator = getPrototypeOf([][Symbol.iterator]());
  const generator = getPrototypeOf(function* () {}.prototype);
  const asyncGenerator = getPrototypeOf(async function* () {}.prototype);
  const typedArray = getPrototypeOf(Uint8Array);
  const CONSTRUCTORS = {
    __proto__: null, Array, ArrayBuffer, BigInt, Boolean, DataView, Date, Error, Function, Map, Number, Promise, RegExp, Set, String, Symbol, WeakMap, WeakRef, WeakSet, TypedArray: typedArray,
  };
  const names = ownKeys(CONSTRUCTORS);
  const prototypes = {
    __proto__: null, arrayIterator, generator, asyncGenerator, iterator: getPrototypeOf(arrayIterator), asyncIterator: getPrototypeOf(asyncGenerator),
    mapIterator: getPrototypeOf(new Map().entries()), setIterator: getPrototypeOf(new Set().values()), stringIterator: getPrototypeOf(''[Symbol.iterator]()),
  };
  const others = ownKeys(prototypes);
  for (let i = 0; i < names.length; i++) watch(CONSTRUCTORS[names[i]].prototype, names[i] + '.prototype');
  for (let i = 0; i < others.length; i++) watch(prototypes[others[i]], others[i]);
  for (let i = 0; i < names.length; i++) watch(CONSTRUCTORS[names[i]], names[i]);
  watch(Reflect, 'Reflect');
  watch(JSON, 'JSON');
  watch(Math, 'Math');
  watch(Object.prototype, 'Object.prototype');
  watch(Object, 'Object');

  for (let i = 0; i < NAMES.length; i++) {
    const name = NAMES[i];
    if (hasOwn(Object.prototype, name)) continue;
    defineProperty(Object.prototype, name, {
      __proto__: null, configurable: true,
      get() { note('get ' + name); },
      set(value) {
        note('set ' + name);
        defineProperty(this, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
      },
    });
  }
})();
