// https://tc39.es/ecma262/: intrinsics captured before page code runs, under the names that Node.js gave them.
// Methods are uncurried: `ArrayPrototypeSlice(list, 1)` is `list.slice(1)` whatever a page does to Array.prototype.


const G = globalThis;

// Constructors and namespaces. The files of web/ import these instead of reading globals that a page can replace.
export const Array = G.Array;
export const ArrayBuffer = G.ArrayBuffer;
export const BigInt = G.BigInt;
export const Boolean = G.Boolean;
export const DataView = G.DataView;
export const Date = G.Date;
export const Error = G.Error;
export const EvalError = G.EvalError;
export const RangeError = G.RangeError;
export const ReferenceError = G.ReferenceError;
export const SyntaxError = G.SyntaxError;
export const TypeError = G.TypeError;
export const URIError = G.URIError;
export const AggregateError = G.AggregateError;
export const Function = G.Function;
export const Map = G.Map;
export const Number = G.Number;
export const Object = G.Object;
export const Promise = G.Promise;
export const Proxy = G.Proxy;
export const RegExp = G.RegExp;
export const Set = G.Set;
export const String = G.String;
export const Symbol = G.Symbol;
export const WeakMap = G.WeakMap;
export const WeakSet = G.WeakSet;
export const WeakRef = G.WeakRef;
export const Uint8Array = G.Uint8Array;
export const Uint8ClampedArray = G.Uint8ClampedArray;
export const Int8Array = G.Int8Array;
export const Uint16Array = G.Uint16Array;
export const Int16Array = G.Int16Array;
export const Uint32Array = G.Uint32Array;
export const Int32Array = G.Int32Array;
export const Float32Array = G.Float32Array;
export const Float64Array = G.Float64Array;
export const BigInt64Array = G.BigInt64Array;
export const BigUint64Array = G.BigUint64Array;
export const FinalizationRegistry = G.FinalizationRegistry;
const { bind, call } = Function.prototype;
const bindCall = bind.bind(call);
export function uncurryThis(fn) {
  return bindCall(fn);
}
function getterOf(object, key) {
  return bindCall(G.Reflect.getOwnPropertyDescriptor(object, key).get);
}
export const ErrorPrototype = Error.prototype;
export const ErrorCaptureStackTrace = Error.captureStackTrace;
export const ObjectPrototype = Object.prototype;
export const FunctionPrototype = Function.prototype;
export const ArrayPrototype = Array.prototype;
export const PromisePrototype = Promise.prototype;
export const decodeURIComponent = G.decodeURIComponent;
export const encodeURIComponent = G.encodeURIComponent;
export const isNaN = G.isNaN;
export const isFinite = G.isFinite;
export const parseInt = G.parseInt;
export const parseFloat = G.parseFloat;
export const Reflect = G.Reflect;
const Reflect_ = Reflect;
const Math_ = G.Math;
const JSON_ = G.JSON;

export const ObjectAssign = Object.assign;
export const ObjectCreate = Object.create;
export const ObjectDefineProperties = Object.defineProperties;
export const ObjectDefineProperty = Object.defineProperty;
export const ObjectEntries = Object.entries;
export const ObjectFreeze = Object.freeze;
export const ObjectFromEntries = Object.fromEntries;
// Descriptors of ours have no prototype: what they lack is not asked of a page. The page's own come from the native function.
function withoutParent(getDescriptor) {
  const { setPrototypeOf } = Object;
  return (object, key) => {
    const found = getDescriptor(object, key);
    return found === undefined ? undefined : setPrototypeOf(found, null);
  };
}
export const NativeObjectGetOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
export const ObjectGetOwnPropertyDescriptor = withoutParent(NativeObjectGetOwnPropertyDescriptor);
export const ObjectGetOwnPropertyDescriptors = Object.getOwnPropertyDescriptors;
export const ObjectGetOwnPropertyNames = Object.getOwnPropertyNames;
export const ObjectGetOwnPropertySymbols = Object.getOwnPropertySymbols;
export const ObjectGetPrototypeOf = Object.getPrototypeOf;
export const ObjectHasOwn = Object.hasOwn;
export const ObjectIs = Object.is;
export const ObjectIsExtensible = Object.isExtensible;
export const ObjectIsFrozen = Object.isFrozen;
export const ObjectIsSealed = Object.isSealed;
export const ObjectKeys = Object.keys;
export const ObjectPreventExtensions = Object.preventExtensions;
export const ObjectSeal = Object.seal;
export const ObjectSetPrototypeOf = Object.setPrototypeOf;
export const ObjectValues = Object.values;

export const ReflectApply = Reflect_.apply;
export const ReflectConstruct = Reflect_.construct;
export const ReflectDefineProperty = Reflect_.defineProperty;
export const ReflectDeleteProperty = Reflect_.deleteProperty;
export const ReflectGet = Reflect_.get;
export const NativeReflectGetOwnPropertyDescriptor = Reflect_.getOwnPropertyDescriptor;
export const ReflectGetOwnPropertyDescriptor = withoutParent(NativeReflectGetOwnPropertyDescriptor);
export const ReflectGetPrototypeOf = Reflect_.getPrototypeOf;
export const ReflectHas = Reflect_.has;
export const ReflectIsExtensible = Reflect_.isExtensible;
export const ReflectOwnKeys = Reflect_.ownKeys;
export const ReflectPreventExtensions = Reflect_.preventExtensions;
export const ReflectSet = Reflect_.set;
export const ReflectSetPrototypeOf = Reflect_.setPrototypeOf;

export const ArrayFrom = (...args) => Reflect_.apply(Array.from, Array, args);
export const ArrayIsArray = Array.isArray;
export const ArrayOf = (...args) => Reflect_.apply(Array.of, Array, args);

export const ArrayBufferIsView = ArrayBuffer.isView;

export const NumberIsFinite = Number.isFinite;
export const NumberIsInteger = Number.isInteger;
export const NumberIsNaN = Number.isNaN;
export const NumberIsSafeInteger = Number.isSafeInteger;
export const NumberParseFloat = Number.parseFloat;
export const NumberParseInt = Number.parseInt;

export const MathAbs = Math_.abs;
export const MathCeil = Math_.ceil;
export const MathFloor = Math_.floor;
export const MathFround = Math_.fround;
export const MathLog = Math_.log;
export const MathMax = Math_.max;
export const MathMin = Math_.min;
export const MathPow = Math_.pow;
export const MathRandom = Math_.random;
export const MathRound = Math_.round;
export const MathSign = Math_.sign;
export const MathSqrt = Math_.sqrt;
export const MathTrunc = Math_.trunc;
export const MathHypot = Math_.hypot;
export const MathImul = Math_.imul;
export const MathClz32 = Math_.clz32;
export const MathAtan2 = Math_.atan2;
export const MathCos = Math_.cos;
export const MathSin = Math_.sin;
export const MathTan = Math_.tan;
export const MathAcos = Math_.acos;
export const MathAsin = Math_.asin;
export const MathPI = Math_.PI;

export const JSONParse = JSON_.parse;
export const JSONStringify = JSON_.stringify;

export const StringFromCharCode = String.fromCharCode;
export const StringFromCodePoint = String.fromCodePoint;
export const StringRaw = String.raw;

export const SymbolAsyncIterator = Symbol.asyncIterator;
export const SymbolHasInstance = Symbol.hasInstance;
export const SymbolIsConcatSpreadable = Symbol.isConcatSpreadable;
export const SymbolIterator = Symbol.iterator;
export const SymbolToPrimitive = Symbol.toPrimitive;
export const SymbolToStringTag = Symbol.toStringTag;
export const SymbolUnscopables = Symbol.unscopables;
export const SymbolSpecies = Symbol.species;
export const SymbolFor = Symbol.for;
export const SymbolKeyFor = Symbol.keyFor;

export const BigIntAsIntN = BigInt.asIntN;
export const BigIntAsUintN = BigInt.asUintN;

export const DateNow = Date.now;
export const DateParse = Date.parse;
export const DateUTC = Date.UTC;

export const ArrayPrototypeAt = uncurryThis(Array.prototype.at);
export const ArrayPrototypeConcat = uncurryThis(Array.prototype.concat);
export const ArrayPrototypeCopyWithin = uncurryThis(Array.prototype.copyWithin);
export const ArrayPrototypeEntries = uncurryThis(Array.prototype.entries);
export const ArrayPrototypeEvery = uncurryThis(Array.prototype.every);
export const ArrayPrototypeFill = uncurryThis(Array.prototype.fill);
export const ArrayPrototypeFilter = uncurryThis(Array.prototype.filter);
export const ArrayPrototypeFind = uncurryThis(Array.prototype.find);
export const ArrayPrototypeFindIndex = uncurryThis(Array.prototype.findIndex);
export const ArrayPrototypeFindLast = uncurryThis(Array.prototype.findLast);
export const ArrayPrototypeFindLastIndex = uncurryThis(Array.prototype.findLastIndex);
export const ArrayPrototypeFlat = uncurryThis(Array.prototype.flat);
export const ArrayPrototypeFlatMap = uncurryThis(Array.prototype.flatMap);
export const ArrayPrototypeForEach = uncurryThis(Array.prototype.forEach);
export const ArrayPrototypeIncludes = uncurryThis(Array.prototype.includes);
export const ArrayPrototypeIndexOf = uncurryThis(Array.prototype.indexOf);
export const ArrayPrototypeJoin = uncurryThis(Array.prototype.join);
export const ArrayPrototypeKeys = uncurryThis(Array.prototype.keys);
export const ArrayPrototypeLastIndexOf = uncurryThis(Array.prototype.lastIndexOf);
export const ArrayPrototypeMap = uncurryThis(Array.prototype.map);
export const ArrayPrototypePop = uncurryThis(Array.prototype.pop);
export const ArrayPrototypePush = uncurryThis(Array.prototype.push);
export const ArrayPrototypeReduce = uncurryThis(Array.prototype.reduce);
export const ArrayPrototypeReduceRight = uncurryThis(Array.prototype.reduceRight);
export const ArrayPrototypeReverse = uncurryThis(Array.prototype.reverse);
export const ArrayPrototypeShift = uncurryThis(Array.prototype.shift);
// The built-in one asks the list for its constructor.
export function ArrayPrototypeSlice(list, start = 0, end = list.length) {
  const out = [];
  for (let i = start; i < end && i < list.length; i++) out[out.length] = list[i];
  return out;
}
export const ArrayPrototypeSome = uncurryThis(Array.prototype.some);
export const ArrayPrototypeSort = uncurryThis(Array.prototype.sort);
export const ArrayPrototypeUnshift = uncurryThis(Array.prototype.unshift);
export const ArrayPrototypeValues = uncurryThis(Array.prototype.values);
export const ArrayPrototypeToSorted = uncurryThis(Array.prototype.toSorted);

export const StringPrototypeAt = uncurryThis(String.prototype.at);
export const StringPrototypeCharAt = uncurryThis(String.prototype.charAt);
export const StringPrototypeCharCodeAt = uncurryThis(String.prototype.charCodeAt);
export const StringPrototypeCodePointAt = uncurryThis(String.prototype.codePointAt);
export const StringPrototypeConcat = uncurryThis(String.prototype.concat);
export const StringPrototypeEndsWith = uncurryThis(String.prototype.endsWith);
export const StringPrototypeIncludes = uncurryThis(String.prototype.includes);
export const StringPrototypeIndexOf = uncurryThis(String.prototype.indexOf);
export const StringPrototypeIsWellFormed = uncurryThis(String.prototype.isWellFormed);
export const StringPrototypeLastIndexOf = uncurryThis(String.prototype.lastIndexOf);
export const StringPrototypeLocaleCompare = uncurryThis(String.prototype.localeCompare);
export const StringPrototypeMatch = uncurryThis(String.prototype.match);
export const StringPrototypeMatchAll = uncurryThis(String.prototype.matchAll);
export const StringPrototypeNormalize = uncurryThis(String.prototype.normalize);
export const StringPrototypePadEnd = uncurryThis(String.prototype.padEnd);
export const StringPrototypePadStart = uncurryThis(String.prototype.padStart);
export const StringPrototypeRepeat = uncurryThis(String.prototype.repeat);
export const StringPrototypeReplace = uncurryThis(String.prototype.replace);
export const StringPrototypeReplaceAll = uncurryThis(String.prototype.replaceAll);
export const StringPrototypeSearch = uncurryThis(String.prototype.search);
export const StringPrototypeSlice = uncurryThis(String.prototype.slice);
export const StringPrototypeSplit = uncurryThis(String.prototype.split);
export const StringPrototypeStartsWith = uncurryThis(String.prototype.startsWith);
export const StringPrototypeSubstring = uncurryThis(String.prototype.substring);
export const StringPrototypeToLowerCase = uncurryThis(String.prototype.toLowerCase);
export const StringPrototypeToUpperCase = uncurryThis(String.prototype.toUpperCase);
export const StringPrototypeToString = uncurryThis(String.prototype.toString);
export const StringPrototypeToWellFormed = uncurryThis(String.prototype.toWellFormed);
export const StringPrototypeTrim = uncurryThis(String.prototype.trim);
export const StringPrototypeTrimEnd = uncurryThis(String.prototype.trimEnd);
export const StringPrototypeTrimStart = uncurryThis(String.prototype.trimStart);

export const ObjectPrototypeHasOwnProperty = uncurryThis(Object.prototype.hasOwnProperty);
export const ObjectPrototype__defineGetter__ = uncurryThis(Object.prototype.__defineGetter__);
export const ObjectPrototype__defineSetter__ = uncurryThis(Object.prototype.__defineSetter__);
export const ObjectPrototype__lookupGetter__ = uncurryThis(Object.prototype.__lookupGetter__);
export const ObjectPrototype__lookupSetter__ = uncurryThis(Object.prototype.__lookupSetter__);
export const ObjectPrototypeIsPrototypeOf = uncurryThis(Object.prototype.isPrototypeOf);
export const ObjectPrototypePropertyIsEnumerable = uncurryThis(Object.prototype.propertyIsEnumerable);
export const ObjectPrototypeToString = uncurryThis(Object.prototype.toString);
export const ObjectPrototypeValueOf = uncurryThis(Object.prototype.valueOf);

export const FunctionPrototypeApply = uncurryThis(Function.prototype.apply);
export const FunctionPrototypeBind = uncurryThis(Function.prototype.bind);
export const FunctionPrototypeCall = uncurryThis(Function.prototype.call);
export const FunctionPrototypeToString = uncurryThis(Function.prototype.toString);

export const MapPrototypeClear = uncurryThis(Map.prototype.clear);
export const MapPrototypeDelete = uncurryThis(Map.prototype.delete);
export const MapPrototypeEntries = uncurryThis(Map.prototype.entries);
export const MapPrototypeForEach = uncurryThis(Map.prototype.forEach);
export const MapPrototypeGet = uncurryThis(Map.prototype.get);
export const MapPrototypeHas = uncurryThis(Map.prototype.has);
export const MapPrototypeKeys = uncurryThis(Map.prototype.keys);
export const MapPrototypeSet = uncurryThis(Map.prototype.set);
export const MapPrototypeValues = uncurryThis(Map.prototype.values);

export const SetPrototypeAdd = uncurryThis(Set.prototype.add);
export const SetPrototypeClear = uncurryThis(Set.prototype.clear);
export const SetPrototypeDelete = uncurryThis(Set.prototype.delete);
export const SetPrototypeEntries = uncurryThis(Set.prototype.entries);
export const SetPrototypeForEach = uncurryThis(Set.prototype.forEach);
export const SetPrototypeHas = uncurryThis(Set.prototype.has);
export const SetPrototypeValues = uncurryThis(Set.prototype.values);

export const WeakMapPrototypeDelete = uncurryThis(WeakMap.prototype.delete);
export const WeakMapPrototypeGet = uncurryThis(WeakMap.prototype.get);
export const WeakMapPrototypeHas = uncurryThis(WeakMap.prototype.has);
export const WeakMapPrototypeSet = uncurryThis(WeakMap.prototype.set);

export const WeakSetPrototypeAdd = uncurryThis(WeakSet.prototype.add);
export const WeakSetPrototypeDelete = uncurryThis(WeakSet.prototype.delete);
export const WeakSetPrototypeHas = uncurryThis(WeakSet.prototype.has);

export const PromisePrototypeThen = uncurryThis(Promise.prototype.then);
export const PromisePrototypeCatch = uncurryThis(Promise.prototype.catch);
export const PromisePrototypeFinally = uncurryThis(Promise.prototype.finally);

export const RegExpPrototypeExec = uncurryThis(RegExp.prototype.exec);
export const RegExpPrototypeTest = uncurryThis(RegExp.prototype.test);
export const RegExpPrototypeToString = uncurryThis(RegExp.prototype.toString);

export const NumberPrototypeToFixed = uncurryThis(Number.prototype.toFixed);
export const NumberPrototypeToPrecision = uncurryThis(Number.prototype.toPrecision);
export const NumberPrototypeToString = uncurryThis(Number.prototype.toString);
export const NumberPrototypeValueOf = uncurryThis(Number.prototype.valueOf);

export const BooleanPrototypeValueOf = uncurryThis(Boolean.prototype.valueOf);
export const BooleanPrototypeToString = uncurryThis(Boolean.prototype.toString);

export const SymbolPrototypeToString = uncurryThis(Symbol.prototype.toString);
export const SymbolPrototypeValueOf = uncurryThis(Symbol.prototype.valueOf);

export const BigIntPrototypeToString = uncurryThis(BigInt.prototype.toString);
export const BigIntPrototypeValueOf = uncurryThis(BigInt.prototype.valueOf);

export const DatePrototypeGetDate = uncurryThis(Date.prototype.getDate);
export const DatePrototypeGetDay = uncurryThis(Date.prototype.getDay);
export const DatePrototypeGetFullYear = uncurryThis(Date.prototype.getFullYear);
export const DatePrototypeGetHours = uncurryThis(Date.prototype.getHours);
export const DatePrototypeGetMilliseconds = uncurryThis(Date.prototype.getMilliseconds);
export const DatePrototypeGetMinutes = uncurryThis(Date.prototype.getMinutes);
export const DatePrototypeGetMonth = uncurryThis(Date.prototype.getMonth);
export const DatePrototypeGetSeconds = uncurryThis(Date.prototype.getSeconds);
export const DatePrototypeGetTime = uncurryThis(Date.prototype.getTime);
export const DatePrototypeGetTimezoneOffset = uncurryThis(Date.prototype.getTimezoneOffset);
export const DatePrototypeGetUTCDate = uncurryThis(Date.prototype.getUTCDate);
export const DatePrototypeGetUTCDay = uncurryThis(Date.prototype.getUTCDay);
export const DatePrototypeGetUTCFullYear = uncurryThis(Date.prototype.getUTCFullYear);
export const DatePrototypeGetUTCHours = uncurryThis(Date.prototype.getUTCHours);
export const DatePrototypeGetUTCMilliseconds = uncurryThis(Date.prototype.getUTCMilliseconds);
export const DatePrototypeGetUTCMinutes = uncurryThis(Date.prototype.getUTCMinutes);
export const DatePrototypeGetUTCMonth = uncurryThis(Date.prototype.getUTCMonth);
export const DatePrototypeGetUTCSeconds = uncurryThis(Date.prototype.getUTCSeconds);
export const DatePrototypeSetTime = uncurryThis(Date.prototype.setTime);
export const DatePrototypeSetUTCDate = uncurryThis(Date.prototype.setUTCDate);
export const DatePrototypeSetUTCFullYear = uncurryThis(Date.prototype.setUTCFullYear);
export const DatePrototypeSetUTCHours = uncurryThis(Date.prototype.setUTCHours);
export const DatePrototypeSetUTCMilliseconds = uncurryThis(Date.prototype.setUTCMilliseconds);
export const DatePrototypeSetUTCMinutes = uncurryThis(Date.prototype.setUTCMinutes);
export const DatePrototypeSetUTCMonth = uncurryThis(Date.prototype.setUTCMonth);
export const DatePrototypeSetUTCSeconds = uncurryThis(Date.prototype.setUTCSeconds);
export const DatePrototypeToISOString = uncurryThis(Date.prototype.toISOString);
export const DatePrototypeToJSON = uncurryThis(Date.prototype.toJSON);
export const DatePrototypeToString = uncurryThis(Date.prototype.toString);
export const DatePrototypeToUTCString = uncurryThis(Date.prototype.toUTCString);
export const DatePrototypeValueOf = uncurryThis(Date.prototype.valueOf);

export const ArrayBufferPrototypeSlice = uncurryThis(ArrayBuffer.prototype.slice);
export const ArrayBufferPrototypeResize = uncurryThis(ArrayBuffer.prototype.resize);
export const ArrayBufferPrototypeTransfer = uncurryThis(ArrayBuffer.prototype.transfer);

export const DataViewPrototypeGetUint8 = uncurryThis(DataView.prototype.getUint8);
export const DataViewPrototypeGetUint16 = uncurryThis(DataView.prototype.getUint16);
export const DataViewPrototypeGetUint32 = uncurryThis(DataView.prototype.getUint32);
export const DataViewPrototypeGetInt8 = uncurryThis(DataView.prototype.getInt8);
export const DataViewPrototypeGetInt16 = uncurryThis(DataView.prototype.getInt16);
export const DataViewPrototypeGetInt32 = uncurryThis(DataView.prototype.getInt32);
export const DataViewPrototypeGetFloat32 = uncurryThis(DataView.prototype.getFloat32);
export const DataViewPrototypeGetFloat64 = uncurryThis(DataView.prototype.getFloat64);
export const DataViewPrototypeSetUint8 = uncurryThis(DataView.prototype.setUint8);
export const DataViewPrototypeSetUint16 = uncurryThis(DataView.prototype.setUint16);
export const DataViewPrototypeSetUint32 = uncurryThis(DataView.prototype.setUint32);
export const DataViewPrototypeSetInt8 = uncurryThis(DataView.prototype.setInt8);
export const DataViewPrototypeSetInt16 = uncurryThis(DataView.prototype.setInt16);
export const DataViewPrototypeSetInt32 = uncurryThis(DataView.prototype.setInt32);
export const DataViewPrototypeSetFloat32 = uncurryThis(DataView.prototype.setFloat32);
export const DataViewPrototypeSetFloat64 = uncurryThis(DataView.prototype.setFloat64);

export const ErrorPrototypeToString = uncurryThis(Error.prototype.toString);

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
export const TypedArrayPrototypeGetLength = getterOf(TypedArrayPrototype, 'length');
export const TypedArrayPrototypeGetBuffer = getterOf(TypedArrayPrototype, 'buffer');
export const TypedArrayPrototypeGetByteLength = getterOf(TypedArrayPrototype, 'byteLength');
export const TypedArrayPrototypeGetByteOffset = getterOf(TypedArrayPrototype, 'byteOffset');
export const TypedArrayPrototypeGetSymbolToStringTag = getterOf(TypedArrayPrototype, Symbol.toStringTag);
export const TypedArrayPrototypeSet = uncurryThis(TypedArrayPrototype.set);
export const TypedArrayPrototypeSlice = uncurryThis(TypedArrayPrototype.slice);
export const TypedArrayPrototypeSubarray = uncurryThis(TypedArrayPrototype.subarray);
export const TypedArrayPrototypeFill = uncurryThis(TypedArrayPrototype.fill);
export const ArrayBufferPrototypeGetByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
export const DataViewPrototypeGetBuffer = getterOf(DataView.prototype, 'buffer');
export const DataViewPrototypeGetByteLength = getterOf(DataView.prototype, 'byteLength');
export const DataViewPrototypeGetByteOffset = getterOf(DataView.prototype, 'byteOffset');
export const MapPrototypeGetSize = getterOf(Map.prototype, 'size');
export const SetPrototypeGetSize = getterOf(Set.prototype, 'size');
export const RegExpPrototypeGetSource = getterOf(RegExp.prototype, 'source');
export const RegExpPrototypeGetFlags = getterOf(RegExp.prototype, 'flags');
export const ArrayIteratorPrototype = Object.getPrototypeOf(Array.prototype[Symbol.iterator]());
export const IteratorPrototype = Object.getPrototypeOf(ArrayIteratorPrototype);
export const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);
export const ArrayIteratorPrototypeNext = uncurryThis(ArrayIteratorPrototype.next);
export const ArrayPrototypeSymbolIterator = uncurryThis(Array.prototype[Symbol.iterator]);

export const WeakRefPrototypeDeref = uncurryThis(WeakRef.prototype.deref);

// Promise statics take their constructor, as Node's do.
export const GeneratorPrototypeNext = uncurryThis(ObjectGetPrototypeOf(function* () {}.prototype).next);
export const AsyncGeneratorPrototypeNext = uncurryThis(ObjectGetPrototypeOf(async function* () {}.prototype).next);
export const PromiseResolve = uncurryThis(Promise.resolve);
export const PromiseReject = uncurryThis(Promise.reject);
export const PromiseAll = uncurryThis(Promise.all);

// Maps and sets whose methods a page cannot reach: their prototypes are frozen copies without a parent.
function makeSafe(Base, Safe) {
  const keys = Reflect_.ownKeys(Base.prototype);
  for (let i = 0; i < keys.length; i++) {
    if (Object.hasOwn(Safe.prototype, keys[i])) continue;
    Object.defineProperty(Safe.prototype, keys[i], { __proto__: null, ...Reflect_.getOwnPropertyDescriptor(Base.prototype, keys[i]) });
  }
  Object.setPrototypeOf(Safe.prototype, null);
  Object.freeze(Safe.prototype);
  return Safe;
}
export const SafeMap = makeSafe(Map, class SafeMap extends Map {
  constructor() {
    super();
  }
});
export const SafeSet = makeSafe(Set, class SafeSet extends Set {
  constructor(values) {
    super();
    if (values !== undefined) for (let i = 0; i < values.length; i++) this.add(values[i]);
  }
});
export const SafeWeakMap = makeSafe(WeakMap, class SafeWeakMap extends WeakMap {
  constructor() {
    super();
  }
});
export const SafeWeakSet = makeSafe(WeakSet, class SafeWeakSet extends WeakSet {
  constructor() {
    super();
  }
});
