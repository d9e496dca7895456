// https://tc39.es/ecma262/#sec-date-objects
// Date in an emulated time zone: the constructor, parsing, and every method that speaks of local time. Nothing of this is installed before
// somebody emulates a zone or a locale.

import {
  Date, DateNow, DateParse, DatePrototypeGetTime, DatePrototypeSetTime, DateUTC, MathAbs, MathFloor, MathTrunc, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ReflectApply,
  ReflectConstruct, ReflectOwnKeys, RegExpPrototypeExec, SymbolToPrimitive, TypeError,
} from '../primordials.js';
import { emulatedZone, localToUtc, offsetAt, zoneNameAt } from './time_zone.js';
import { replaceMethod, standInFor } from './masked.js';

const DatePrototype = Date.prototype;
const nativeDateMethods = { __proto__: null };
const DATE_FIELDS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const SETTABLE_DATE_FIELDS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const dateKeys = ReflectOwnKeys(DatePrototype);
for (let i = 0; i < dateKeys.length; i++) nativeDateMethods[dateKeys[i]] = ObjectGetOwnPropertyDescriptor(DatePrototype, dateKeys[i]).value;

const WEEK_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// A Date whose UTC fields are the local ones of `time`.
function shiftedDate(time) {
  return new Date(time === time ? time + offsetAt(time) : NaN);
}

const shifted = (date, method) => ReflectApply(nativeDateMethods[method], date, []);

function twoDigits(number) {
  return number < 10 ? '0' + number : '' + number;
}

// https://tc39.es/ecma262/#sec-datestring
function dateText(time) {
  const date = shiftedDate(time);
  const year = shifted(date, 'getUTCFullYear');
  let digits = '' + MathAbs(year);
  while (digits.length < 4) digits = '0' + digits;
  return WEEK_DAYS[shifted(date, 'getUTCDay')] + ' ' + MONTH_NAMES[shifted(date, 'getUTCMonth')] + ' ' + twoDigits(shifted(date, 'getUTCDate')) + ' ' + (year < 0 ? '-' : '') + digits;
}

// https://tc39.es/ecma262/#sec-timestring and https://tc39.es/ecma262/#sec-timezoneestring
function timeText(time) {
  const date = shiftedDate(time);
  const minutes = MathTrunc(offsetAt(time) / 60000);
  const ahead = MathAbs(minutes);
  return twoDigits(shifted(date, 'getUTCHours')) + ':' + twoDigits(shifted(date, 'getUTCMinutes')) + ':' + twoDigits(shifted(date, 'getUTCSeconds')) + ' GMT'
    + (minutes < 0 ? '-' : '+') + twoDigits(MathFloor(ahead / 60)) + twoDigits(ahead % 60) + ' (' + zoneNameAt(time) + ')';
}

function fullText(time) {
  return time === time ? dateText(time) + ' ' + timeText(time) : 'Invalid Date';
}

// https://tc39.es/ecma262/#sec-toprimitive, without a hint
function toPrimitive(value) {
  const exotic = value[SymbolToPrimitive];
  if (exotic !== undefined && exotic !== null) {
    const result = ReflectApply(exotic, value, ['default']);
    if ((typeof result === 'object' && result !== null) || typeof result === 'function') throw new TypeError('Cannot convert object to primitive value');
    return result;
  }
  for (let i = 0; i < 2; i++) {
    const method = i === 0 ? value.valueOf : value.toString;
    if (typeof method !== 'function') continue;
    const result = ReflectApply(method, value, []);
    if ((typeof result !== 'object' || result === null) && typeof result !== 'function') return result;
  }
  throw new TypeError('Cannot convert object to primitive value');
}

// Does the text name a time zone, as the engine's parser understands it? Words in parentheses are comments; a sign after a time begins an offset.
function namesZone(text) {
  let plain = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (depth === 0) plain += text[i];
    if (text[i] === ')' && depth > 0) depth--;
  }
  return RegExpPrototypeExec(/(?:^|[^a-z])(?:z|ut|utc|gmt|[ecmp][sd]t)(?![a-z])|:\d+(?:[.:]\d+)*\s*(?:[ap]m)?\s*[+-]/i, plain) !== null;
}

// https://tc39.es/ecma262/#sec-date.parse: text without a time zone is in local time, but for dates alone in the ISO form
function parseInZone(text) {
  const time = DateParse(text);
  if (time !== time || RegExpPrototypeExec(/^\s*(?:[+-]\d{6}|\d{4})(?:-\d\d){0,2}\s*$/, text) !== null || namesZone(text)) return time;
  const iso = DateParse(text + 'Z');
  if (iso === iso) return localToUtc(iso);
  const legacy = DateParse(text + ' UTC');
  if (legacy === legacy) return localToUtc(legacy);
  const date = new Date(time);     // what the two above do not understand: by the fields that the process's zone gives
  return localToUtc(DateUTC(
    shifted(date, 'getFullYear'), shifted(date, 'getMonth'), shifted(date, 'getDate'), shifted(date, 'getHours'), shifted(date, 'getMinutes'), shifted(date, 'getSeconds'), shifted(date, 'getMilliseconds'),
  ));
}

// https://tc39.es/ecma262/#sec-date, steps 3 to 6: the time value
function timeOfArguments(args) {
  if (args.length === 0) return DateNow();
  if (args.length > 1) return localToUtc(ReflectApply(DateUTC, undefined, args));
  let value = args[0];
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    try {
      return DatePrototypeGetTime(value);
    } catch {
      value = toPrimitive(value);
    }
  }
  return typeof value === 'string' ? parseInZone(value) : +value;
}

function ZonedDate(...args) {
  if (emulatedZone() === '') return new.target === undefined ? ReflectApply(Date, undefined, args) : ReflectConstruct(Date, args, new.target);
  if (new.target === undefined) return fullText(DateNow());
  return ReflectConstruct(Date, [timeOfArguments(args)], new.target);
}

function zonedGetter(field) {
  const getUTC = nativeDateMethods['getUTC' + field];
  return (native) => ({
    get() {
      if (emulatedZone() === '') return ReflectApply(native, this, []);
      return ReflectApply(getUTC, shiftedDate(DatePrototypeGetTime(this)), []);
    },
  }).get;
}

function zonedSetter(field) {
  const setUTC = nativeDateMethods['setUTC' + field];
  return (native) => ({
    set(...args) {
      if (emulatedZone() === '') return ReflectApply(native, this, args);
      const local = ReflectApply(setUTC, shiftedDate(DatePrototypeGetTime(this)), args);
      return DatePrototypeSetTime(this, localToUtc(local));
    },
  }).set;
}

const zonedText = (make) => (native) => ({
  text() {
    if (emulatedZone() === '') return ReflectApply(native, this, []);
    const time = DatePrototypeGetTime(this);
    return time === time ? make(time) : 'Invalid Date';
  },
}).text;

const ZONED_METHODS = {
  __proto__: null,
  getTimezoneOffset: (native) => ({
    get() {
      if (emulatedZone() === '') return ReflectApply(native, this, []);
      const time = DatePrototypeGetTime(this);
      return time === time ? -offsetAt(time) / 60000 + 0 : NaN;
    },
  }).get,
  // https://tc39.es/ecma262/#sec-date.prototype.getyear
  getYear: (native) => ({
    get() {
      if (emulatedZone() === '') return ReflectApply(native, this, []);
      return shifted(shiftedDate(DatePrototypeGetTime(this)), 'getUTCFullYear') - 1900;
    },
  }).get,
  // https://tc39.es/ecma262/#sec-date.prototype.setyear
  setYear: (native) => ({
    set(value) {
      if (emulatedZone() === '') return ReflectApply(native, this, [value]);
      const time = DatePrototypeGetTime(this);
      const year = +value;
      if (year !== year) return DatePrototypeSetTime(this, NaN);
      const whole = MathTrunc(year);
      const local = ReflectApply(nativeDateMethods.setUTCFullYear, shiftedDate(time), [whole >= 0 && whole <= 99 ? whole + 1900 : whole]);
      return DatePrototypeSetTime(this, localToUtc(local));
    },
  }).set,
  toString: zonedText(fullText),
  toDateString: zonedText(dateText),
  toTimeString: zonedText(timeText),
};

// Put the stand-ins in place. Gives the constructor that takes the place of Date.
export function installZonedDate() {
  for (let i = 0; i < DATE_FIELDS.length; i++) {
    const key = 'get' + DATE_FIELDS[i];
    replaceMethod(DatePrototype, key, nativeDateMethods[key], zonedGetter(DATE_FIELDS[i]));
  }
  for (let i = 0; i < SETTABLE_DATE_FIELDS.length; i++) {
    const key = 'set' + SETTABLE_DATE_FIELDS[i];
    replaceMethod(DatePrototype, key, nativeDateMethods[key], zonedSetter(SETTABLE_DATE_FIELDS[i]));
  }
  for (const key in ZONED_METHODS) replaceMethod(DatePrototype, key, nativeDateMethods[key], ZONED_METHODS[key]);
  const parse = standInFor(DateParse, ({
    parse(text) {
      return emulatedZone() === '' ? DateParse(text) : parseInZone(typeof text === 'string' ? text : '' + text);
    },
  }).parse);
  standInFor(Date, ZonedDate);
  ObjectDefineProperty(ZonedDate, 'prototype', { __proto__: null, value: DatePrototype, writable: false, enumerable: false, configurable: false });
  ObjectDefineProperty(ZonedDate, 'now', ObjectGetOwnPropertyDescriptor(Date, 'now'));
  ObjectDefineProperty(ZonedDate, 'parse', { __proto__: null, value: parse, writable: true, enumerable: false, configurable: true });
  ObjectDefineProperty(ZonedDate, 'UTC', ObjectGetOwnPropertyDescriptor(Date, 'UTC'));
  replaceMethod(DatePrototype, 'constructor', Date, () => ZonedDate);
  return ZonedDate;
}

// A moment of ours in local time, as `mm/dd/yyyy hh:mm:ss` (document.lastModified).
export function localMoment(time) {
  const date = emulatedZone() === '' ? new Date(time - ReflectApply(nativeDateMethods.getTimezoneOffset, new Date(time), []) * 60000) : shiftedDate(time);
  return twoDigits(shifted(date, 'getUTCMonth') + 1) + '/' + twoDigits(shifted(date, 'getUTCDate')) + '/' + shifted(date, 'getUTCFullYear') + ' '
    + twoDigits(shifted(date, 'getUTCHours')) + ':' + twoDigits(shifted(date, 'getUTCMinutes')) + ':' + twoDigits(shifted(date, 'getUTCSeconds'));
}
