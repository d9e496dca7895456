// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#dates-and-times
// Strings of the date and time controls, to numbers (milliseconds or months) and back.

import { DateUTC, Date, DatePrototypeGetUTCDate, DatePrototypeGetUTCDay, DatePrototypeGetUTCFullYear, DatePrototypeGetUTCMonth, DatePrototypeSetUTCFullYear, DatePrototypeGetTime, MathFloor, NumberParseInt, RegExpPrototypeExec, StringPrototypePadEnd, StringPrototypePadStart, StringPrototypeSlice } from '../../primordials.js';

const FORM_DAY_MS = 86400000;

export function daysInMonth(year, month) {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const formInt = (text) => NumberParseInt(text, 10);
const padNumber = (number, width) => StringPrototypePadStart('' + number, width, '0');

// Milliseconds since the epoch of a date in the proleptic Gregorian calendar; Date.UTC reads years below 100 otherwise.
function utcOf(year, month, day) {
  if (year >= 100) return DateUTC(year, month - 1, day);
  const date = new Date(0);
  DatePrototypeSetUTCFullYear(date, year, month - 1, day);
  return DatePrototypeGetTime(date);
}

// A date beyond what Date can hold is no value of ours.
const FORM_MAX_MS = 8.64e15;

// Months since January 1970, or NaN
export function parseMonthText(text) {
  const m = RegExpPrototypeExec(/^(\d{4,})-(\d\d)$/, text);
  if (m === null) return NaN;
  const year = formInt(m[1]);
  const month = formInt(m[2]);
  if (year === 0 || month < 1 || month > 12 || year > 275760 || (year === 275760 && month > 9)) return NaN;
  return (year - 1970) * 12 + month - 1;
}

export function serializeMonthText(months) {
  const year = 1970 + MathFloor(months / 12);
  return padNumber(year, 4) + '-' + padNumber(months - (year - 1970) * 12 + 1, 2);
}

// Milliseconds at midnight UTC, or NaN
export function parseDateText(text) {
  const m = RegExpPrototypeExec(/^(\d{4,})-(\d\d)-(\d\d)$/, text);
  if (m === null) return NaN;
  const year = formInt(m[1]);
  const month = formInt(m[2]);
  const day = formInt(m[3]);
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NaN;
  const value = utcOf(year, month, day);
  return value <= FORM_MAX_MS ? value : NaN;
}

export function serializeDateText(ms) {
  const date = new Date(ms);
  return padNumber(DatePrototypeGetUTCFullYear(date), 4) + '-' + padNumber(DatePrototypeGetUTCMonth(date) + 1, 2) + '-' + padNumber(DatePrototypeGetUTCDate(date), 2);
}

// Milliseconds since midnight, or NaN
export function parseTimeText(text) {
  const m = RegExpPrototypeExec(/^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/, text);
  if (m === null) return NaN;
  const hour = formInt(m[1]);
  const minute = formInt(m[2]);
  const second = m[3] === undefined ? 0 : formInt(m[3]);
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  const ms = m[4] === undefined ? 0 : formInt(StringPrototypePadEnd(m[4], 3, '0'));
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

export function serializeTimeText(value) {
  const ms = ((value % FORM_DAY_MS) + FORM_DAY_MS) % FORM_DAY_MS;
  const fraction = ms % 1000;
  const second = MathFloor(ms / 1000) % 60;
  let out = padNumber(MathFloor(ms / 3600000), 2) + ':' + padNumber(MathFloor(ms / 60000) % 60, 2);
  if (second !== 0 || fraction !== 0) out += ':' + padNumber(second, 2);
  if (fraction !== 0) {
    let digits = padNumber(fraction, 3);
    while (digits[digits.length - 1] === '0') digits = StringPrototypeSlice(digits, 0, -1);
    out += '.' + digits;
  }
  return out;
}

// Local date and time, as if it were UTC; NaN
export function parseLocalDateTime(text) {
  const m = RegExpPrototypeExec(/^([^T ]*)[T ](.*)$/, text);
  if (m === null) return NaN;
  const date = parseDateText(m[1]);
  const time = parseTimeText(m[2]);
  return date + time <= FORM_MAX_MS ? date + time : NaN;
}

export function serializeLocalDateTime(ms) {
  const day = MathFloor(ms / FORM_DAY_MS) * FORM_DAY_MS;
  return serializeDateText(day) + 'T' + serializeTimeText(ms - day);
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#weeks: the Monday of ISO week 1 of a year
function firstMonday(year) {
  const fourth = utcOf(year, 1, 4);
  const weekday = (DatePrototypeGetUTCDay(new Date(fourth)) + 6) % 7;
  return fourth - weekday * FORM_DAY_MS;
}

// Milliseconds of the week's Monday, or NaN
export function parseWeekText(text) {
  const m = RegExpPrototypeExec(/^(\d{4,})-W(\d\d)$/, text);
  if (m === null) return NaN;
  const year = formInt(m[1]);
  const week = formInt(m[2]);
  if (year === 0 || year > 275759 || week < 1) return NaN;
  const start = firstMonday(year) + (week - 1) * 7 * FORM_DAY_MS;
  return start < firstMonday(year + 1) ? start : NaN;
}

export function serializeWeekText(ms) {
  // The week belongs to the year of its Thursday.
  const day = MathFloor(ms / FORM_DAY_MS) * FORM_DAY_MS;
  const weekday = (DatePrototypeGetUTCDay(new Date(day)) + 6) % 7;
  const monday = day - weekday * FORM_DAY_MS;
  const year = DatePrototypeGetUTCFullYear(new Date(monday + 3 * FORM_DAY_MS));
  return padNumber(year, 4) + '-W' + padNumber(MathFloor((monday - firstMonday(year)) / (7 * FORM_DAY_MS)) + 1, 2);
}
