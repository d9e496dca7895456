// https://html.spec.whatwg.org/multipage/input.html#states-of-the-type-attribute
// The states of <input>: what applies to which, value sanitization, and conversion between strings, numbers and dates.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { Date, DatePrototypeGetTime, DatePrototypeGetUTCFullYear, DatePrototypeGetUTCMonth, MathAbs, MathFloor, MathRound, NumberIsFinite, NumberParseFloat, RegExpPrototypeExec, SafeSet, StringPrototypeSplit, StringPrototypeToLowerCase } from '../../primordials.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { parseDateText, parseLocalDateTime, parseMonthText, parseTimeText, parseWeekText, serializeDateText, serializeLocalDateTime, serializeMonthText, serializeTimeText, serializeWeekText } from './dates.js';

const INPUT_TYPES = new SafeSet([
  'hidden', 'text', 'search', 'tel', 'url', 'email', 'password', 'date', 'month', 'week', 'time', 'datetime-local', 'number', 'range', 'color',
  'checkbox', 'radio', 'file', 'submit', 'image', 'reset', 'button',
]);

export function inputTypeFrom(attribute) {
  if (attribute === null) return 'text';
  const lower = lowerAscii(attribute);
  return INPUT_TYPES.has(lower) ? lower : 'text';
}

// https://html.spec.whatwg.org/multipage/input.html#dom-input-value: value, default, default/on or filename
export function valueMode(type) {
  switch (type) {
    case 'hidden': case 'submit': case 'image': case 'reset': case 'button': return 'default';
    case 'checkbox': case 'radio': return 'default/on';
    case 'file': return 'filename';
    default: return 'value';
  }
}

const inputTypes = (...names) => new SafeSet(names);   // called while this file is evaluated
const TEXT_SELECTION = inputTypes('text', 'search', 'url', 'tel', 'password');
const SELECTABLE_TYPES = inputTypes('text', 'search', 'url', 'tel', 'password', 'email', 'number', 'date', 'month', 'week', 'time', 'datetime-local', 'color', 'file');
const NUMERIC_TYPES = inputTypes('date', 'month', 'week', 'time', 'datetime-local', 'number', 'range');
const DATED_TYPES = inputTypes('date', 'month', 'week', 'time');
const REQUIRABLE_TYPES = inputTypes('text', 'search', 'url', 'tel', 'email', 'password', 'date', 'month', 'week', 'time', 'datetime-local', 'number', 'checkbox', 'radio', 'file');
const READONLYABLE = inputTypes('text', 'search', 'url', 'tel', 'email', 'password', 'date', 'month', 'week', 'time', 'datetime-local', 'number');
const PLACEHOLDABLE = inputTypes('text', 'search', 'url', 'tel', 'email', 'password', 'number');
const LENGTHY_TYPES = inputTypes('text', 'search', 'url', 'tel', 'email', 'password');
const LISTABLE_TYPES = inputTypes('text', 'search', 'url', 'tel', 'email', 'date', 'month', 'week', 'time', 'datetime-local', 'number', 'range', 'color');

export const hasTextSelection = (type) => TEXT_SELECTION.has(type);
export const isSelectable = (type) => SELECTABLE_TYPES.has(type);
export const hasNumber = (type) => NUMERIC_TYPES.has(type);
export const hasDate = (type) => DATED_TYPES.has(type);
export const takesRequired = (type) => REQUIRABLE_TYPES.has(type);
export const takesReadOnly = (type) => READONLYABLE.has(type);
export const takesPlaceholder = (type) => PLACEHOLDABLE.has(type);
export const takesLength = (type) => LENGTHY_TYPES.has(type);
export const takesList = (type) => LISTABLE_TYPES.has(type);

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#valid-floating-point-number, then its value; NaN otherwise
export function parseValidNumber(text) {
  if (RegExpPrototypeExec(/^-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/, text) === null) return NaN;
  const value = NumberParseFloat(text);
  return NumberIsFinite(value) ? value : NaN;
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-floating-point-number-values
export function parseFloatingPoint(text) {
  const m = RegExpPrototypeExec(/^[ \t\n\f\r]*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/, text);
  if (m === null) return NaN;
  const value = NumberParseFloat(m[1]);
  return NumberIsFinite(value) ? value : NaN;
}

// https://html.spec.whatwg.org/multipage/input.html#concept-input-value-string-number: NaN for an error
export function stringToNumber(type, text) {
  switch (type) {
    case 'date': return parseDateText(text);
    case 'month': return parseMonthText(text);
    case 'week': return parseWeekText(text);
    case 'time': return parseTimeText(text);
    case 'datetime-local': return parseLocalDateTime(text);
    default: return parseValidNumber(text);
  }
}

export function numberToString(type, number) {
  switch (type) {
    case 'date': return serializeDateText(number);
    case 'month': return serializeMonthText(number);
    case 'week': return serializeWeekText(number);
    case 'time': return serializeTimeText(number);
    case 'datetime-local': return serializeLocalDateTime(number);
    default: return '' + number;
  }
}

// The Date of a value, or null
export function stringToDate(type, text) {
  const number = stringToNumber(type, text);
  if (number !== number) return null;
  if (type !== 'month') return new Date(number);
  const year = 1970 + MathFloor(number / 12);
  const month = number - (year - 1970) * 12;
  return new Date(parseDateText(serializeMonthText((year - 1970) * 12 + month) + '-01'));
}

export function dateToString(type, date) {
  const ms = DatePrototypeGetTime(date);
  if (ms !== ms) return '';
  if (type === 'month') return serializeMonthText((DatePrototypeGetUTCFullYear(date) - 1970) * 12 + DatePrototypeGetUTCMonth(date));
  return numberToString(type, ms);
}

// Default step, and how many units of the number one step is
export function stepScale(type) {
  switch (type) {
    case 'date': return 86400000;
    case 'week': return 604800000;
    case 'time': case 'datetime-local': return 1000;
    default: return 1;
  }
}

function defaultInputStep(type) {
  return type === 'time' || type === 'datetime-local' ? 60 : 1;
}

// https://html.spec.whatwg.org/multipage/input.html#concept-input-step: null for `any`
export function allowedStep(el) {
  const { type } = el.state;
  const attribute = getAttr(el, 'step');
  if (attribute === null) return defaultInputStep(type) * stepScale(type);
  if (lowerAscii(attribute) === 'any') return null;
  let step = parseFloatingPoint(attribute);
  if (!(step > 0)) return defaultInputStep(type) * stepScale(type);
  // Days, weeks and months come whole.
  if (type === 'date' || type === 'month' || type === 'week') step = MathRound(step) < 1 ? 1 : MathRound(step);
  return step * stepScale(type);
}

// https://html.spec.whatwg.org/multipage/input.html#concept-input-min
export function minimumOf(el) {
  const { type } = el.state;
  const value = getAttr(el, 'min');
  const number = value === null ? NaN : stringToNumber(type, value);
  if (number === number) return number;
  return type === 'range' ? 0 : NaN;
}

export function maximumOf(el) {
  const { type } = el.state;
  const value = getAttr(el, 'max');
  const number = value === null ? NaN : stringToNumber(type, value);
  if (number === number) return number;
  return type === 'range' ? 100 : NaN;
}

// https://html.spec.whatwg.org/multipage/input.html#concept-input-min-zero
export function stepBase(el) {
  const { type } = el.state;
  const min = getAttr(el, 'min');
  if (min !== null) {
    const number = stringToNumber(type, min);
    if (number === number) return number;
  }
  const value = getAttr(el, 'value');
  if (value !== null) {
    const number = stringToNumber(type, value);
    if (number === number) return number;
  }
  return type === 'week' ? -259200000 : 0;
}

export function isStepMismatch(value, base, step) {
  const quotient = (value - base) / step;
  const distance = MathAbs(quotient - MathRound(quotient));
  // Decimal fractions are not exact in binary: allow what is lost in the division.
  return distance > 1e-9 * (MathAbs(quotient) > 1 ? MathAbs(quotient) : 1) && distance > 1e-7;
}

export function stripNewlines(text) {
  let out = text;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\n' && text[i] !== '\r') continue;
    out = '';
    for (let j = 0; j < text.length; j++) if (text[j] !== '\n' && text[j] !== '\r') out += text[j];
    break;
  }
  return out;
}

export function stripWhite(text) {
  const m = RegExpPrototypeExec(/^[ \t\n\f\r]*([^]*?)[ \t\n\f\r]*$/, text);
  return m[1];
}

// https://html.spec.whatwg.org/multipage/input.html#value-sanitization-algorithm
export function sanitizeValue(el, value) {
  switch (el.state.type) {
    case 'text': case 'search': case 'tel': case 'password': return stripNewlines(value);
    case 'url': return stripWhite(stripNewlines(value));
    case 'email': return hasAttr(el, 'multiple') ? sanitizeEmails(value) : stripWhite(stripNewlines(value));
    case 'date': return parseDateText(value) === parseDateText(value) ? value : '';
    case 'month': return parseMonthText(value) === parseMonthText(value) ? value : '';
    case 'week': return parseWeekText(value) === parseWeekText(value) ? value : '';
    case 'time': return parseTimeText(value) === parseTimeText(value) ? value : '';
    case 'datetime-local': {
      const number = parseLocalDateTime(value);
      return number === number ? serializeLocalDateTime(number) : '';
    }
    case 'number': return parseValidNumber(value) === parseValidNumber(value) ? value : '';
    case 'range': return sanitizeRange(el, value);
    case 'color': return RegExpPrototypeExec(/^#[0-9a-fA-F]{6}$/, value) === null ? '#000000' : StringPrototypeToLowerCase(value);
    default: return value;
  }
}

function sanitizeEmails(value) {
  const parts = StringPrototypeSplit(value, ',');
  let out = '';
  for (let i = 0; i < parts.length; i++) out += (i > 0 ? ',' : '') + stripWhite(parts[i]);
  return out;
}

// https://html.spec.whatwg.org/multipage/input.html#range-state-(type=range)
function sanitizeRange(el, text) {
  const min = minimumOf(el);
  const max = maximumOf(el);
  let value = parseValidNumber(text);
  // The default is the midpoint, or the minimum where the maximum is less.
  if (value !== value) value = max < min ? min : min + (max - min) / 2;
  else if (value < min || max < min) value = min;
  else if (value > max) value = max;
  const step = allowedStep(el);
  if (step !== null) {
    const base = stepBase(el);
    if (isStepMismatch(value, base, step)) {
      // To the nearest in range that fits; up when two are as near.
      let fitted = base + MathFloor((value - base) / step + 0.5) * step;
      if (fitted > max) fitted -= step;
      if (fitted < min) fitted += step;
      if (fitted <= max && fitted >= min) value = fitted;
    }
  } else return text === '' || parseValidNumber(text) !== value ? '' + value : text;
  return parseValidNumber(text) === value ? text : '' + cleanedNumber(value);
}

// 0.1 + 0.2 is 0.3 to people
function cleanedNumber(number) {
  const rounded = NumberParseFloat('' + MathRound(number * 1e10) / 1e10);
  return MathAbs(rounded - number) < 1e-9 ? rounded : number;
}
