// https://tc39.es/ecma402/#sec-default-locale
// The emulated default locale, and the default time zone of Intl and Temporal: where a page names none, ours is filled in.

import {
  BigInt, Date, Number, Object, ObjectCreate, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetOwnPropertyDescriptors, ReflectApply, ReflectConstruct, ReflectOwnKeys, String,
} from '../primordials.js';
import { emulatedZone } from './time_zone.js';
import { NativeDateTimeFormat, NativeIntl } from './natives.js';
import { replaceMethod, standInFor } from './masked.js';

const LOCALE_CONSTRUCTORS = ['Collator', 'DateTimeFormat', 'DisplayNames', 'DurationFormat', 'ListFormat', 'NumberFormat', 'PluralRules', 'RelativeTimeFormat', 'Segmenter'];
const localeNatives = { __proto__: null };
for (let i = 0; i < LOCALE_CONSTRUCTORS.length; i++) localeNatives[LOCALE_CONSTRUCTORS[i]] = NativeIntl[LOCALE_CONSTRUCTORS[i]];

// Methods with (locales, options): the object, its key, at which argument the locales stand, and whether a time zone belongs to the options.
const LOCALE_METHODS = [];
function declareLocaleMethod(object, key, at, zoned) {
  const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
  if (descriptor !== undefined) LOCALE_METHODS[LOCALE_METHODS.length] = { __proto__: null, object, key, at, zoned, native: descriptor.value };
}
declareLocaleMethod(Date.prototype, 'toLocaleString', 0, true);
declareLocaleMethod(Date.prototype, 'toLocaleDateString', 0, true);
declareLocaleMethod(Date.prototype, 'toLocaleTimeString', 0, true);
declareLocaleMethod(Number.prototype, 'toLocaleString', 0, false);
declareLocaleMethod(BigInt.prototype, 'toLocaleString', 0, false);
declareLocaleMethod(String.prototype, 'localeCompare', 1, false);
declareLocaleMethod(String.prototype, 'toLocaleLowerCase', 0, false);
declareLocaleMethod(String.prototype, 'toLocaleUpperCase', 0, false);

let localeName = '';       // BCP 47; empty: the process's

export function setEmulatedLocale(name) {
  localeName = name;
}

// The name as the engine writes it, or an empty string for none that it knows.
export function canonicalLocale(name) {
  try {
    return ReflectApply(NativeIntl.getCanonicalLocales, undefined, [name])[0] ?? '';
  } catch {
    return '';
  }
}

// The options of a page with our time zone where they name none.
function zonedOptions(options) {
  const zone = emulatedZone();
  if (zone === '' || options === null) return options;
  if (options === undefined) return { __proto__: null, timeZone: zone };
  const source = Object(options);
  const out = ObjectCreate(source);
  ObjectDefineProperty(out, 'timeZone', { __proto__: null, get: () => source.timeZone ?? zone, configurable: true, enumerable: true });
  return out;
}

function localeConstructor(name, native) {
  const zoned = native === NativeDateTimeFormat;
  function LocaleStandIn(...args) {
    if (args[0] === undefined && localeName !== '') args[0] = localeName;
    if (zoned && emulatedZone() !== '') {
      if (args.length === 0) args[0] = undefined;
      args[1] = zonedOptions(args[1]);
    }
    return new.target === undefined ? ReflectApply(native, this, args) : ReflectConstruct(native, args, new.target === LocaleStandIn ? native : new.target);
  }
  standInFor(native, LocaleStandIn);
  const descriptors = ObjectGetOwnPropertyDescriptors(native);
  const keys = ReflectOwnKeys(descriptors);
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] !== 'name' && keys[i] !== 'length') ObjectDefineProperty(LocaleStandIn, keys[i], descriptors[keys[i]]);
  }
  replaceMethod(native.prototype, 'constructor', native, () => LocaleStandIn);
  replaceMethod(NativeIntl, name, native, () => LocaleStandIn);
}

const localeMethod = ({ at, zoned }) => (native) => ({
  method(...args) {
    if (args[at] === undefined && localeName !== '') {
      if (args.length < at) args[0] = undefined;
      args[at] = localeName;
    }
    if (zoned && emulatedZone() !== '') {
      if (args.length === 0) args[0] = undefined;
      args[1] = zonedOptions(args[1]);
    }
    return ReflectApply(native, this, args);
  },
}).method;

const nowMethod = (key) => (native) => ({
  now(zone) {
    if (key === 'timeZoneId') return emulatedZone() === '' ? ReflectApply(native, this, []) : emulatedZone();
    return ReflectApply(native, this, [zone === undefined && emulatedZone() !== '' ? emulatedZone() : zone]);
  },
}).now;

const TEMPORAL_PLAIN = ['Duration', 'PlainDate', 'PlainDateTime', 'PlainMonthDay', 'PlainTime', 'PlainYearMonth', 'ZonedDateTime'];
const TEMPORAL_NOW = ['timeZoneId', 'plainDateISO', 'plainDateTimeISO', 'plainTimeISO', 'zonedDateTimeISO'];

// The engine makes Temporal when an isolate starts. What a page has done to it before is the page's own affair: nothing of ours depends on it.
function installTemporal() {
  const temporal = globalThis.Temporal;
  if (typeof temporal !== 'object' || temporal === null) return;
  const own = (object, key) => ((typeof object === 'object' && object !== null) || typeof object === 'function' ? ObjectGetOwnPropertyDescriptor(object, key)?.value : undefined);
  const install = (name, zoned) => {
    const prototype = own(own(temporal, name), 'prototype');
    const native = own(prototype, 'toLocaleString');
    if (typeof native === 'function') replaceMethod(prototype, 'toLocaleString', native, localeMethod({ __proto__: null, at: 0, zoned }));
  };
  install('Instant', true);
  for (let i = 0; i < TEMPORAL_PLAIN.length; i++) install(TEMPORAL_PLAIN[i], false);
  const now = own(temporal, 'Now');
  for (let i = 0; i < TEMPORAL_NOW.length; i++) {
    const native = own(now, TEMPORAL_NOW[i]);
    if (typeof native === 'function') replaceMethod(now, TEMPORAL_NOW[i], native, nowMethod(TEMPORAL_NOW[i]));
  }
}

export function installLocale() {
  for (const name in localeNatives) if (localeNatives[name] !== undefined) localeConstructor(name, localeNatives[name]);
  for (let i = 0; i < LOCALE_METHODS.length; i++) replaceMethod(LOCALE_METHODS[i].object, LOCALE_METHODS[i].key, LOCALE_METHODS[i].native, localeMethod(LOCALE_METHODS[i]));
  installTemporal();
}
