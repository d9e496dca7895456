// https://tc39.es/ecma262/#sec-time-zone-identifiers
// The emulated time zone: offsets and names. The engine has one zone for its whole process, so what depends on a zone is computed here.

import { Date, DatePrototypeSetUTCFullYear, DatePrototypeSetUTCHours, MathFloor, MathMax, MathMin, ReflectConstruct } from '../primordials.js';
import { dateTimeFormatParts, dateTimeFormatResolved, NativeDateTimeFormat } from './natives.js';

const FORTNIGHT_MS = 14 * 86400000;
const ZONE_DAY_MS = 86400000;
const ZONE_INTERVALS_KEPT = 64;
const ZONE_MAX_MS = 8.64e15;      // ECMA-262, 21.4.1.1

let zoneId = '';                  // IANA name; empty: the process's zone
let zoneIntervals = [];               // { from, until, offset, name }: half-open, in ms; the offset is constant there
let lastInterval = null;
let zoneFields = null;             // Intl.DateTimeFormat that gives local fields in that zone

export function emulatedZone() {
  return zoneId;
}

export function setEmulatedZone(id) {
  zoneId = id;
  zoneIntervals = [];
  lastInterval = null;
  zoneFields = id === '' ? null : ReflectConstruct(NativeDateTimeFormat, ['en-US', {
    __proto__: null, timeZone: id, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric',
    minute: 'numeric', second: 'numeric',
  }]);
}

// The name as the engine writes it, or an empty string for none that it knows.
export function canonicalZone(id) {
  if (id === '' || id[0] === '+' || id[0] === '-') return '';
  try {
    return dateTimeFormatResolved(ReflectConstruct(NativeDateTimeFormat, ['en-US', { __proto__: null, timeZone: id }])).timeZone;
  } catch {
    return '';
  }
}

// The local fields that Intl gives for a moment, minus that moment.
function measureOffset(time) {
  const parts = dateTimeFormatParts(zoneFields, time);
  const fields = { __proto__: null };
  for (let i = 0; i < parts.length; i++) fields[parts[i].type] = parts[i].value;
  const year = fields.era[0] === 'B' ? 1 - fields.year : +fields.year;
  const date = new Date(0);
  DatePrototypeSetUTCFullYear(date, year, fields.month - 1, +fields.day);
  return DatePrototypeSetUTCHours(date, +fields.hour, +fields.minute, +fields.second) - MathFloor(time / 1000) * 1000;
}

// An interval around `time` in which the offset is constant. What is the same at both ends of a fortnight is taken for the same all through it: no
// zone has ever changed there and back within so short a time.
function findZoneInterval(time) {
  for (let i = 0; i < zoneIntervals.length; i++) if (time >= zoneIntervals[i].from && time < zoneIntervals[i].until) return zoneIntervals[i];
  let from = MathMax(MathFloor(time / FORTNIGHT_MS) * FORTNIGHT_MS, -ZONE_MAX_MS);
  let until = MathMin(from + FORTNIGHT_MS, ZONE_MAX_MS);
  let offset = measureOffset(from);
  const end = measureOffset(until);
  if (offset !== end) {
    // The transition lies at a whole second between the two.
    let low = from;
    let high = until;
    while (high - low > 1000) {
      const middle = MathFloor((low + high) / 2000) * 1000;
      if (measureOffset(middle) === offset) low = middle;
      else high = middle;
    }
    if (time < high) until = high;
    else {
      from = high;
      offset = measureOffset(high);
      if (offset !== end) until = time + 1;
    }
    if (measureOffset(time) !== offset) {
      // Two transitions within a fortnight: this moment alone is known.
      from = time;
      until = time + 1;
      offset = measureOffset(time);
    }
  }
  const found = { __proto__: null, from, until: until >= ZONE_MAX_MS ? Infinity : until, offset, name: '' };
  if (zoneIntervals.length >= ZONE_INTERVALS_KEPT) zoneIntervals = [];
  zoneIntervals[zoneIntervals.length] = found;
  return found;
}

function zoneIntervalAt(time) {
  if (lastInterval === null || time < lastInterval.from || time >= lastInterval.until) lastInterval = findZoneInterval(time);
  return lastInterval;
}

// Milliseconds that local time is ahead of UTC. `time` is finite.
export function offsetAt(time) {
  return zoneIntervalAt(time).offset;
}

// https://tc39.es/ecma262/#sec-utc-t: what is skipped counts with the offset before it, what comes twice is the first
export function localToUtc(local) {
  if (local !== local || local > ZONE_MAX_MS + ZONE_DAY_MS || local < -ZONE_MAX_MS - ZONE_DAY_MS) return NaN;
  const within = (time) => (time > ZONE_MAX_MS ? ZONE_MAX_MS : time < -ZONE_MAX_MS ? -ZONE_MAX_MS : time);
  const before = offsetAt(within(local - ZONE_DAY_MS));
  const after = offsetAt(within(local + ZONE_DAY_MS));
  if (before === after || offsetAt(within(local - before)) === before) return local - before;
  if (offsetAt(within(local - after)) === after) return local - after;
  return local - before;
}

// "Central European Summer Time", in English as V8 writes it
export function zoneNameAt(time) {
  const interval = zoneIntervalAt(time);
  if (interval.name === '') {
    const format = ReflectConstruct(NativeDateTimeFormat, ['en-US', { __proto__: null, timeZone: zoneId, timeZoneName: 'long' }]);
    const parts = dateTimeFormatParts(format, time);
    for (let i = 0; i < parts.length; i++) if (parts[i].type === 'timeZoneName') interval.name = parts[i].value;
  }
  return interval.name;
}
