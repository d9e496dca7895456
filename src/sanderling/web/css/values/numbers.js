// https://drafts.csswg.org/css-values-4/#calc-notation
// Units and math functions. A sum of terms is kept per unit, so that `calc(50% - 2 * 10px)` becomes `calc(50% - 20px)`.

import { MathAbs, MathAcos, MathAsin, MathAtan2, MathLog, MathMax, MathMin, MathPI, MathPow, MathRound, MathSign, MathSqrt, MathFloor, MathCeil, MathTrunc, SafeSet, StringPrototypeToLowerCase, MathSin, MathCos, MathTan } from '../../primordials.js';
import { cssNumberText, splitCssCommas } from '../syntax/components.js';

export const CSS_LENGTH_UNITS = new SafeSet([
  'px', 'em', 'rem', 'ex', 'rex', 'ch', 'rch', 'cap', 'rcap', 'ic', 'ric', 'lh', 'rlh', 'vw', 'vh', 'vi', 'vb', 'vmin', 'vmax', 'svw', 'svh', 'svi', 'svb', 'svmin', 'svmax', 'lvw', 'lvh', 'lvi', 'lvb',
  'lvmin', 'lvmax', 'dvw', 'dvh', 'dvi', 'dvb', 'dvmin', 'dvmax', 'cqw', 'cqh', 'cqi', 'cqb', 'cqmin', 'cqmax', 'cm', 'mm', 'q', 'in', 'pt', 'pc',
]);
const E = 2.718281828459045;
const CSS_ABSOLUTE = { __proto__: null, px: 1, cm: 96 / 2.54, mm: 96 / 25.4, q: 96 / 101.6, in: 96, pt: 96 / 72, pc: 16 };
const CSS_ANGLES = { __proto__: null, deg: 1, grad: 0.9, rad: 180 / MathPI, turn: 360 };
const CSS_TIMES = { __proto__: null, s: 1, ms: 0.001 };
const CSS_RESOLUTIONS = { __proto__: null, dppx: 1, x: 1, dpi: 1 / 96, dpcm: 2.54 / 96 };
const CSS_MATH_FUNCTIONS = new SafeSet([
  'calc', '-webkit-calc', 'min', 'max', 'clamp', 'round', 'mod', 'rem', 'abs', 'sign', 'sqrt', 'pow', 'hypot', 'exp', 'log', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'calc-size',
]);

export function isCssMath(node) {
  return node.type === 'function' && CSS_MATH_FUNCTIONS.has(node.value);
}

export function cssUnitKind(unit) {
  if (CSS_LENGTH_UNITS.has(unit)) return 'length';
  if (CSS_ANGLES[unit] !== undefined) return 'angle';
  if (CSS_TIMES[unit] !== undefined) return 'time';
  if (CSS_RESOLUTIONS[unit] !== undefined) return 'resolution';
  return unit === 'fr' ? 'flex' : unit === 'hz' || unit === 'khz' ? 'frequency' : '';
}

// Sums are null-prototype tables: unit ('' number, '%' percentage) to coefficient.
function scaleCssSum(sum, factor) {
  const out = { __proto__: null };
  for (const unit in sum) out[unit] = sum[unit] * factor;
  return out;
}

function addCssSums(a, b, sign) {
  const out = { __proto__: null };
  for (const unit in a) out[unit] = a[unit];
  for (const unit in b) out[unit] = (out[unit] ?? 0) + sign * b[unit];
  return out;
}

// The only unit of a sum, or undefined.
function onlyCssUnit(sum) {
  let only;
  for (const unit in sum) {
    if (only !== undefined) return undefined;
    only = unit;
  }
  return only ?? '';
}

function cssTerm(node, unitOf) {
  const sum = { __proto__: null };
  switch (node.type) {
    case 'number': sum[''] = node.number; return sum;
    case 'percentage': sum['%'] = node.number; return unitOf === null ? sum : unitOf(sum);
    case 'dimension': {
      const kind = cssUnitKind(node.value);
      if (kind === '') return null;
      if (kind === 'angle') sum.deg = node.number * CSS_ANGLES[node.value];
      else if (kind === 'time') sum.s = node.number * CSS_TIMES[node.value];
      else if (CSS_ABSOLUTE[node.value] !== undefined) sum.px = node.number * CSS_ABSOLUTE[node.value];
      else sum[node.value] = node.number;
      return unitOf === null ? sum : unitOf(sum);
    }
    case 'ident': {
      const name = StringPrototypeToLowerCase(node.value);
      if (name === 'pi') sum[''] = MathPI;
      else if (name === 'e') sum[''] = E;
      else if (name === 'infinity') sum[''] = 1 / 0;
      else if (name === '-infinity') sum[''] = -1 / 0;
      else return null;
      return sum;
    }
    case '(': return cssSum(node.args, unitOf);
    case 'function': return CSS_MATH_FUNCTIONS.has(node.value) ? cssMathSum(node, unitOf) : null;
    default: return null;
  }
}

function cssProduct(list, from, to, unitOf) {
  let out = cssTerm(list[from], unitOf);
  for (let i = from + 1; i < to && out !== null; i += 2) {
    if (i + 1 >= to) return null;
    const operator = list[i];
    const right = cssTerm(list[i + 1], unitOf);
    if (right === null || operator.type !== 'delim') return null;
    if (operator.value === '*') {
      if (onlyCssUnit(right) === '') out = scaleCssSum(out, right[''] ?? 0);
      else if (onlyCssUnit(out) === '') out = scaleCssSum(right, out[''] ?? 0);
      else return null;
    } else if (operator.value === '/' && onlyCssUnit(right) === '') out = scaleCssSum(out, 1 / (right[''] ?? 0));
    else return null;
  }
  return out;
}

function cssSum(list, unitOf) {
  if (list.length === 0) return null;
  let out = null;
  let start = 0;
  let sign = 1;
  for (let i = 0; i <= list.length; i++) {
    const operator = i < list.length && i > start && list[i].type === 'delim' && (list[i].value === '+' || list[i].value === '-') ? list[i].value : '';
    if (i < list.length && operator === '') continue;
    if (i === start) return null;
    // + and - need whitespace on both sides.
    if (operator !== '' && (!list[i].space || i + 1 >= list.length || !list[i + 1].space)) return null;
    const product = cssProduct(list, start, i, unitOf);
    if (product === null) return null;
    out = out === null ? scaleCssSum(product, sign) : addCssSums(out, product, sign);
    sign = operator === '-' ? -1 : 1;
    start = i + 1;
  }
  return out;
}

// https://drafts.csswg.org/css-values-4/#math-function; null when it is wrong, or its terms cannot be brought together without layout.
export function cssMathSum(node, unitOf) {
  const parts = splitCssCommas(node.args);
  const { value: name } = node;
  if (name === 'calc' || name === '-webkit-calc') return parts.length === 1 ? cssSum(parts[0], unitOf) : null;
  let strategy = 'nearest';
  let first = 0;
  if (name === 'round' && parts[0].length === 1 && parts[0][0].type === 'ident') {
    strategy = StringPrototypeToLowerCase(parts[0][0].value);
    first = 1;
  }
  const numbers = [];
  let unit;
  for (let i = first; i < parts.length; i++) {
    const part = parts[i];
    if (name === 'clamp' && part.length === 1 && part[0].type === 'ident' && StringPrototypeToLowerCase(part[0].value) === 'none') {
      numbers[numbers.length] = i === 0 ? -1 / 0 : 1 / 0;
      continue;
    }
    const sum = cssSum(part, unitOf);
    if (sum === null) return null;
    const its = onlyCssUnit(sum);
    if (its === undefined || (unit !== undefined && its !== unit)) return null;
    unit = its;
    numbers[numbers.length] = sum[its] ?? 0;
  }
  const x = numbers[0];
  const y = numbers.length > 1 ? numbers[1] : 1;
  const radians = unit === 'deg' ? x * MathPI / 180 : x;
  const out = { __proto__: null };
  let result;
  switch (name) {
    case 'min': case 'max': case 'hypot': {
      result = name === 'hypot' ? 0 : x;
      for (let i = 0; i < numbers.length; i++) {
        result = name === 'min' ? MathMin(result, numbers[i]) : name === 'max' ? MathMax(result, numbers[i]) : MathSqrt(result * result + numbers[i] * numbers[i]);
      }
      break;
    }
    case 'clamp': if (numbers.length !== 3) return null; result = MathMax(x, MathMin(y, numbers[2])); break;
    case 'round': {
      const q = x / y;
      result = y * (strategy === 'up' ? MathCeil(q) : strategy === 'down' ? MathFloor(q) : strategy === 'to-zero' ? MathTrunc(q) : MathRound(q));
      break;
    }
    case 'mod': result = x - y * MathFloor(x / y); break;
    case 'rem': result = x % y; break;
    case 'abs': result = MathAbs(x); break;
    case 'sign': unit = ''; result = MathSign(x); break;
    case 'sqrt': result = MathSqrt(x); break;
    case 'pow': result = MathPow(x, y); break;
    case 'sin': unit = ''; result = MathSin(radians); break;
    case 'cos': unit = ''; result = MathCos(radians); break;
    case 'tan': unit = ''; result = MathTan(radians); break;
    case 'exp': result = MathPow(E, x); break;
    case 'log': result = numbers.length > 1 ? MathLog(x) / MathLog(y) : MathLog(x); break;
    case 'asin': unit = 'deg'; result = MathAsin(x) * 180 / MathPI; break;
    case 'acos': unit = 'deg'; result = MathAcos(x) * 180 / MathPI; break;
    case 'atan': unit = 'deg'; result = MathAtan2(x, 1) * 180 / MathPI; break;
    case 'atan2': unit = 'deg'; result = MathAtan2(x, y) * 180 / MathPI; break;
    default: return null;
  }
  out[unit] = result;
  return out;
}

// What a math function gives: 'length', 'percentage', 'length-percentage', 'number', 'angle', 'time', '' (wrong), 'unknown' (needs layout)
export function cssMathKind(node) {
  const sum = cssMathSum(node, null);
  if (sum === null) return hasCssMathError(node) ? '' : 'unknown';
  let kind = '';
  for (const unit in sum) {
    const its = unit === '' ? 'number' : unit === '%' ? 'percentage' : cssUnitKind(unit);
    if (kind === '' || kind === its) kind = its;
    else if ((kind === 'length' && its === 'percentage') || (kind === 'percentage' && its === 'length')) kind = 'length-percentage';
    else if (kind !== 'length-percentage' || (its !== 'length' && its !== 'percentage')) return '';
  }
  return kind === '' ? 'number' : kind;
}

// Only what contains comparisons of different units may be left for later.
function hasCssMathError(node) {
  if (node.value === 'calc' || node.value === '-webkit-calc') {
    for (let i = 0; i < node.args.length; i++) if (isCssMath(node.args[i]) && !hasCssMathError(node.args[i])) return false;
    return true;
  }
  const parts = splitCssCommas(node.args);
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length === 0) return true;
    for (let j = 0; j < parts[i].length; j++) {
      const part = parts[i][j];
      if (part.type === 'ident' || part.type === 'string' || part.type === 'hash') return true;
    }
  }
  return false;
}

// https://drafts.csswg.org/css-values-4/#calc-serialize: numbers, then percentages, then dimensions by name
export function serializeCssSum(sum) {
  const units = [];
  if (sum[''] !== undefined) units[units.length] = '';
  if (sum['%'] !== undefined) units[units.length] = '%';
  const rest = [];
  for (const unit in sum) {
    if (unit === '' || unit === '%') continue;
    let at = rest.length;
    while (at > 0 && rest[at - 1] > unit) {
      rest[at] = rest[at - 1];
      at--;
    }
    rest[at] = unit;
  }
  for (let i = 0; i < rest.length; i++) units[units.length] = rest[i];
  let out = '';
  for (let i = 0; i < units.length; i++) {
    const number = sum[units[i]];
    if (i === 0) out = cssNumberText(number) + units[i];
    else out += (number < 0 ? ' - ' : ' + ') + cssNumberText(MathAbs(number)) + units[i];
  }
  return out === '' ? '0' : out;
}

// A math function where a plain number is wanted; NaN if it is none.
export function cssMathNumber(node, full) {
  if (!isCssMath(node)) return NaN;
  const sum = cssMathSum(node, null);
  if (sum === null) return NaN;
  const unit = onlyCssUnit(sum);
  return unit === '' ? sum[''] ?? 0 : unit === '%' ? sum['%'] / 100 * full : NaN;
}

export function cssAngleDegrees(node) {
  if (node.type === 'number') return node.number;
  if (node.type === 'dimension') return node.number * (CSS_ANGLES[node.value] ?? NaN);
  if (node.type === 'ident' && StringPrototypeToLowerCase(node.value) === 'none') return 0;
  if (!isCssMath(node)) return NaN;
  const sum = cssMathSum(node, null);
  return sum === null ? NaN : sum.deg ?? sum[''] ?? NaN;
}

export function cssResolution(node) {
  return node.type === 'dimension' ? node.number * (CSS_RESOLUTIONS[node.value] ?? NaN) : NaN;
}

// https://drafts.csswg.org/css-conditional-5/#container-lengths
function cssContainerUnit(unit, context) {
  if (unit === 'cqw' || unit === 'cqi') return context.container('width');
  if (unit === 'cqh' || unit === 'cqb') return context.container('height');
  return unit === 'cqmin' ? MathMin(context.container('width'), context.container('height')) : MathMax(context.container('width'), context.container('height'));
}

// `context`: { fontSize, rootFontSize, lineHeight, rootLineHeight, width, height } in px, and container(side), what units of containers are of; NaN for a unit that is no length.
export function cssLengthToPx(number, unit, context) {
  const absolute = CSS_ABSOLUTE[unit];
  if (absolute !== undefined) return number * absolute;
  switch (unit) {
    case 'em': return number * context.fontSize;
    case 'rem': return number * context.rootFontSize;
    case 'ex': case 'ch': return number * context.fontSize * 0.5;
    case 'rex': case 'rch': return number * context.rootFontSize * 0.5;
    case 'cap': return number * context.fontSize * 0.7;
    case 'rcap': return number * context.rootFontSize * 0.7;
    case 'ic': return number * context.fontSize;
    case 'ric': return number * context.rootFontSize;
    case 'lh': return number * context.fontSize * 1.2;
    case 'rlh': return number * context.rootFontSize * 1.2;
    default:
  }
  if (unit[0] === 'c' && unit[1] === 'q' && context.container !== undefined) return number / 100 * cssContainerUnit(unit, context);
  const size = { __proto__: null, w: context.width, h: context.height, i: context.width, b: context.height };
  const last = unit[unit.length - 1];
  const short = MathMin(context.width, context.height);
  const long = MathMax(context.width, context.height);
  if (!CSS_LENGTH_UNITS.has(unit)) return NaN;
  if (unit[unit.length - 3] === 'm' && last === 'n') return number / 100 * short;
  if (unit[unit.length - 3] === 'm' && last === 'x') return number / 100 * long;
  return number / 100 * size[last];
}
