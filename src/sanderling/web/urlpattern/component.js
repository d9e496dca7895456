// https://urlpattern.spec.whatwg.org/#urlpattern-internals
// One component of a pattern: its parts, and what they are turned into: a regular expression and a normalised pattern string.
import { RegExp, StringPrototypeSlice, TypeError } from '../primordials.js';
import {
  escapeChars, FIXED_TEXT, FULL_WILDCARD, isPatternNameChar, NO_MODIFIER, patternCharAt, PATTERN_MODIFIERS, patternPart, PatternParser,
  PATTERN_SPECIAL, REGEXP_PART, REGEXP_SPECIAL, SEGMENT_WILDCARD, segmentWildcardRegExp,
} from './tokens.js';

// https://urlpattern.spec.whatwg.org/#compile-a-component
export function compilePatternComponent(input, encode, options) {
  // 1.
  const parts = new PatternParser(input, options, encode).parse();
  // 2-6.
  const names = [];
  let hasRegExpGroups = false;
  let source = '^';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part.type === REGEXP_PART) hasRegExpGroups = true;
    if (part.type !== FIXED_TEXT) names[names.length] = part.name;
    source += partRegExp(part, options);
  }
  let regExp;
  try {
    regExp = new RegExp(source + '$', options.ignoreCase ? 'vi' : 'v');
  } catch {
    throw new TypeError(`Invalid regular expression in the pattern string '${input}'.`);
  }
  // 7-10.
  return { __proto__: null, parts, names, regExp, hasRegExpGroups, pattern: patternString(parts, options) };
}

// https://urlpattern.spec.whatwg.org/#generate-a-regular-expression-and-name-list, step 3
function partRegExp(part, options) {
  const modifier = PATTERN_MODIFIERS[part.modifier];
  // 3.1.
  if (part.type === FIXED_TEXT) {
    const text = escapeChars(part.value, REGEXP_SPECIAL);
    return modifier === '' ? text : `(?:${text})${modifier}`;
  }
  // 3.4-3.6.
  const value = part.type === REGEXP_PART ? part.value : part.type === SEGMENT_WILDCARD ? segmentWildcardRegExp(options) : '.*';
  const repeats = modifier === '*' || modifier === '+';
  // 3.7.
  if (part.prefix === '' && part.suffix === '') return repeats ? `((?:${value})${modifier})` : `(${value})${modifier}`;
  const prefix = escapeChars(part.prefix, REGEXP_SPECIAL);
  const suffix = escapeChars(part.suffix, REGEXP_SPECIAL);
  // 3.8.
  if (!repeats) return `(?:${prefix}(${value})${suffix})${modifier}`;
  // 3.9-3.22.
  return `(?:${prefix}((?:${value})(?:${suffix}${prefix}(?:${value}))*)${suffix})${modifier === '*' ? '?' : ''}`;
}

function isDigitName(name) {
  return name[0] >= '0' && name[0] <= '9';
}

// https://urlpattern.spec.whatwg.org/#generate-a-pattern-string
function patternString(parts, options) {
  let result = '';
  // 3.
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const previous = i > 0 ? parts[i - 1] : null;
    const next = i < parts.length - 1 ? parts[i + 1] : null;
    const modifier = PATTERN_MODIFIERS[part.modifier];
    // 3.4.
    if (part.type === FIXED_TEXT) {
      const text = escapeChars(part.value, PATTERN_SPECIAL);
      result += modifier === '' ? text : `{${text}}${modifier}`;
      continue;
    }
    // 3.5-3.8.
    const customName = !isDigitName(part.name);
    let grouping = part.suffix !== '' || (part.prefix !== '' && part.prefix !== options.prefix);
    if (!grouping && customName && part.type === SEGMENT_WILDCARD && modifier === '' && next !== null && next.prefix === '' && next.suffix === '') {
      grouping = next.type === FIXED_TEXT ? isPatternNameChar(patternCharAt(next.value, 0), false) : isDigitName(next.name);
    }
    if (!grouping && part.prefix === '' && previous !== null && previous.type === FIXED_TEXT && options.prefix !== ''
      && StringPrototypeSlice(previous.value, -1) === options.prefix) grouping = true;
    // 3.10-3.12.
    if (grouping) result += '{';
    result += escapeChars(part.prefix, PATTERN_SPECIAL);
    if (customName) result += ':' + part.name;
    // 3.13-3.15.
    if (part.type === REGEXP_PART) {
      result += `(${part.value})`;
    } else if (part.type === SEGMENT_WILDCARD) {
      if (!customName) result += `(${segmentWildcardRegExp(options)})`;
    } else if (!customName && (previous === null || previous.type === FIXED_TEXT || previous.modifier !== NO_MODIFIER || grouping || part.prefix !== '')) {
      result += '*';
    } else {
      result += '(.*)';
    }
    // 3.16-3.19.
    if (part.type === SEGMENT_WILDCARD && customName && part.suffix !== '' && isPatternNameChar(patternCharAt(part.suffix, 0), false)) result += '\\';
    result += escapeChars(part.suffix, PATTERN_SPECIAL);
    if (grouping) result += '}';
    result += modifier;
  }
  return result;
}

// The order that https://github.com/whatwg/urlpattern/issues/61 proposes: fixed text is greater than what matches more, and so on by
// modifiers and texts. Where a list of parts ends it counts as empty fixed text.
export function comparePatternParts(left, right) {
  const end = patternPart(FIXED_TEXT, '');
  const wildcard = [patternPart(FULL_WILDCARD, '')];
  const a = left.length === 0 ? wildcard : left;
  const b = right.length === 0 ? wildcard : right;
  if (left.length === 0 && right.length === 0) return 0;
  for (let i = 0; i < a.length || i < b.length; i++) {
    const order = comparePatternPart(a[i] ?? end, b[i] ?? end);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePatternPart(a, b) {
  const keys = ['type', 'modifier', 'prefix', 'value', 'suffix'];
  for (let i = 0; i < keys.length; i++) {
    const x = a[keys[i]];
    const y = b[keys[i]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
