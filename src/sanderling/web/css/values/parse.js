// https://drafts.csswg.org/cssom/#parse-a-css-value
// One longhand's value to its canonical text, or null when the property does not take it.

import { MathRound, SafeSet, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../../primordials.js';
import { areCssSubstitutionsValid, cssComponents, cssFunctionName, cssNumberText, hasCssSubstitution, isCssDeclarationValue, serializeCssComponent, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { specifiedCssColor } from './colors.js';
import { cssMathKind, cssMathSum, cssUnitKind, isCssMath, serializeCssSum } from './numbers.js';

const CSS_WIDE = new SafeSet(['inherit', 'initial', 'unset', 'revert', 'revert-layer']);
const CSS_NO_IDENTIFIERS = new SafeSet(['inherit', 'initial', 'unset', 'revert', 'revert-layer', 'default']);
const CSS_IMAGE_FUNCTIONS = new SafeSet([
  'linear-gradient', 'radial-gradient', 'conic-gradient', 'repeating-linear-gradient', 'repeating-radial-gradient', 'repeating-conic-gradient', 'image-set', '-webkit-image-set', 'cross-fade',
  '-webkit-cross-fade', 'element', 'paint', 'image', '-webkit-gradient', '-webkit-linear-gradient', '-webkit-radial-gradient', '-webkit-repeating-linear-gradient', '-webkit-repeating-radial-gradient',
  '-moz-linear-gradient', '-moz-radial-gradient',
]);
const SINGLE_ONLY = new SafeSet(['none', 'auto', 'normal']);

export function isCssWide(text) {
  return CSS_WIDE.has(text);
}

// A math function as text: summed up where that is possible.
export function canonicalCssMath(node) {
  const sum = cssMathSum(node, null);
  if (sum === null) return serializeCssComponent(node);
  return 'calc(' + serializeCssSum(sum) + ')';
}

// Functions whose arguments may hold colours, lengths and names: lower-case keywords, colours as they are written when specified.
export function canonicalCssComponent(node) {
  if (node.type === 'ident') return StringPrototypeStartsWith(node.value, '--') ? serializeCssComponent(node) : StringPrototypeToLowerCase(node.value);
  if (node.type === 'hash' || node.type === 'function') {
    const color = specifiedCssColor(node);
    if (color !== null) return color;
  }
  if (isCssMath(node)) return canonicalCssMath(node);
  if (node.type === 'function') return cssFunctionName(node) + '(' + canonicalCssList(node.args) + ')';
  return serializeCssComponent(node);
}

export function canonicalCssList(list) {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (i > 0 && node.type !== 'comma') {
      const before = list[i - 1];
      if (before.type === 'comma' || node.space || (node.type === 'delim' && node.value === '/') || (before.type === 'delim' && before.value === '/')) out += ' ';
    }
    out += canonicalCssComponent(node);
  }
  return out;
}

function matchCssMath(property, node) {
  const kind = cssMathKind(node);
  const { types } = property;
  switch (kind) {
    case 'unknown': break;
    case 'length': if (!types.l) return null; break;
    case 'percentage': if (!types.p) return null; break;
    case 'length-percentage': if (!types.l || !types.p) return null; break;
    case 'number': if (!types.n && !types.i) return null; break;
    case 'angle': if (!types.a) return null; break;
    case 'time': if (!types.t) return null; break;
    default: return null;
  }
  return canonicalCssMath(node);
}

// One component against the property's alternatives.
export function matchCssComponent(property, node, quirky) {
  const { types } = property;
  switch (node.type) {
    case 'ident': {
      const lower = StringPrototypeToLowerCase(node.value);
      if (property.keywords.has(lower)) return lower;
      if (types.c) {
        const color = specifiedCssColor(node);
        if (color !== null) return color;
      }
      if (types.I && !CSS_NO_IDENTIFIERS.has(lower)) return serializeCssComponent(node);
      return null;
    }
    case 'number':
      if (types.n) return property.nonNegative && node.number < 0 ? null : cssNumberText(node.number);
      if (types.i) return node.isInteger ? cssNumberText(node.number) : null;
      if (types.l && (node.number === 0 || quirky)) return property.nonNegative && node.number < 0 ? null : cssNumberText(node.number) + 'px';
      if (types.a && node.number === 0) return '0deg';
      return null;
    case 'percentage':
      return types.p && !(property.nonNegative && node.number < 0) ? cssNumberText(node.number) + '%' : null;
    case 'dimension': {
      const kind = cssUnitKind(node.value);
      if (!((kind === 'length' && types.l) || (kind === 'time' && types.t) || (kind === 'angle' && types.a))) return null;
      return property.nonNegative && node.number < 0 ? null : cssNumberText(node.number) + node.value;
    }
    case 'string': return types.s ? serializeCssComponent(node) : null;
    case 'url': return types.u || types.m ? serializeCssComponent(node) : null;
    case 'hash': return types.c ? specifiedCssColor(node) : null;
    case 'function': {
      if (isCssMath(node) && !(property.functions.has(node.value))) return matchCssMath(property, node);
      if (types.c) {
        const color = specifiedCssColor(node);
        if (color !== null) return color;
      }
      if (property.functions.has(node.value) || (types.m && CSS_IMAGE_FUNCTIONS.has(node.value))) {
        return node.args.length === 0 && node.value !== 'linear' && node.value !== 'blur' && node.value !== 'scroll' && node.value !== 'view' ? null : canonicalCssComponent(node);
      }
      return null;
    }
    case 'delim': return node.value === '/' && types['/'] ? '/' : null;
    default: return null;
  }
}

function matchCssGroup(property, list) {
  if (list.length === 0 || list.length > property.max) return null;
  let out = '';
  let alone = false;
  for (let i = 0; i < list.length; i++) {
    const text = matchCssComponent(property, list[i]);
    if (text === null) return null;
    if (SINGLE_ONLY.has(text) && !property.types.l) alone = true;
    out += (i > 0 ? ' ' : '') + text;
  }
  if (alone && list.length > 1 && property.name !== 'aspect-ratio' && !property.types.I) return null;
  return out;
}

// No blocks in braces, at-keywords or stray characters, anywhere: for properties whose grammar is not looked at.
function isPlainCss(list) {
  for (let i = 0; i < list.length; i++) {
    const { type, value, args } = list[i];
    if (type === '{' || type === 'semicolon' || type === 'at' || type === 'colon' || type === 'cdo' || type === 'cdc') return false;
    if (type === 'delim' && value !== '/' && value !== '+' && value !== '-' && value !== '*') return false;
    if (args !== null && !isPlainCss(args)) return false;
  }
  return true;
}

// The canonical text of a parsed value, or null.
export function matchCssLonghand(property, list) {
  if (list.length === 0) return null;
  if (list.length === 1 && list[0].type === 'ident') {
    const lower = StringPrototypeToLowerCase(list[0].value);
    if (CSS_WIDE.has(lower)) return lower;
  }
  if (property.types['*']) return isPlainCss(list) ? canonicalCssList(list) : null;
  const special = CSS_SPECIAL[property.name];
  if (special !== undefined) return special(property, list);
  if (!property.comma) return matchCssGroup(property, list);
  const parts = splitCssCommas(list);
  let out = '';
  for (let i = 0; i < parts.length; i++) {
    const text = matchCssGroup(property, parts[i]);
    if (text === null || (parts.length > 1 && CSS_WIDE.has(text))) return null;
    out += (i > 0 ? ', ' : '') + text;
  }
  return out;
}

// Text to { value, substitutes }, or null. A value with var() is kept as written until it is computed.
export function parseCssLonghand(property, text) {
  const list = cssComponents(text);
  if (list === null || list.length === 0) return null;
  if (!isCssDeclarationValue(list)) return null;
  if (hasCssSubstitution(list)) return areCssSubstitutionsValid(list) ? { __proto__: null, value: text, substitutes: true } : null;
  const value = matchCssLonghand(property, list);
  return value === null ? null : { __proto__: null, value, substitutes: false };
}

const DISPLAY_NAMES = { __proto__: null, flow: 'block', '-ms-flexbox': 'flex', '-webkit-flex': 'flex', '-webkit-inline-flex': 'inline-flex' };

function singleDisplay(text) {
  return text === null ? null : DISPLAY_NAMES[text] ?? text;
}

const DISPLAY_OUTER = new SafeSet(['block', 'inline', 'run-in']);
const DISPLAY_INNER = new SafeSet(['flow', 'flow-root', 'table', 'flex', 'grid', 'ruby', 'math']);

// https://drafts.csswg.org/css-display-4/#the-display-properties: outer and inner type and `list-item` in any order, in their shortest form
function fullDisplay(list) {
  let outer = '';
  let inner = '';
  let item = false;
  for (let i = 0; i < list.length; i++) {
    const word = list[i].type === 'ident' ? StringPrototypeToLowerCase(list[i].value) : '';
    if (DISPLAY_OUTER.has(word) && outer === '') outer = word;
    else if (DISPLAY_INNER.has(word) && inner === '') inner = word;
    else if (word === 'list-item' && !item) item = true;
    else return null;
  }
  if (item && inner !== '' && inner !== 'flow' && inner !== 'flow-root') return null;
  if (outer === '') outer = inner === 'ruby' || inner === 'math' ? 'inline' : 'block';
  const before = outer === 'block' ? '' : outer + ' ';
  if (item) return before + (inner === 'flow-root' ? 'flow-root ' : '') + 'list-item';
  switch (inner) {
    case '': case 'flow': return outer;
    case 'ruby': case 'math': return outer === 'inline' ? inner : outer + ' ' + inner;
    case 'flow-root': return outer === 'inline' ? 'inline-block' : before + inner;
    default: return outer === 'inline' ? 'inline-' + inner : before + inner;
  }
}

const CSS_SPECIAL = {
  __proto__: null,
  display(property, list) {
    return list.length === 1 ? singleDisplay(matchCssGroup(property, list)) : fullDisplay(list);
  },
  'font-family'(property, list) {
    const parts = splitCssCommas(list);
    let out = '';
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (part.length === 0 || (part.length > 1 && part[0].type === 'string')) return null;
      let text = '';
      for (let j = 0; j < part.length; j++) {
        if (part[j].type !== 'ident' && part[j].type !== 'string') return null;
        if (part[j].type === 'ident' && part.length === 1 && CSS_NO_IDENTIFIERS.has(StringPrototypeToLowerCase(part[j].value))) return null;
        text += (j > 0 ? ' ' : '') + serializeCssComponent(part[j]);
      }
      out += (i > 0 ? ', ' : '') + text;
    }
    return out;
  },
  // https://drafts.csswg.org/css-content-3/#content-property: counters and attributes without what is so anyway
  content(property, list) {
    for (let i = 0; i < list.length; i++) {
      const { type, value, args } = list[i];
      if (type !== 'function') continue;
      if ((value === 'counter' && args.length === 3) || (value === 'counters' && args.length === 5)) {
        const last = args[args.length - 1];
        if (last.type === 'ident' && StringPrototypeToLowerCase(last.value) === 'decimal') args.length -= 2;
      } else if (value === 'attr') {
        if (args.length > 1 && args[0].type === 'delim' && args[0].value === '|') {
          for (let j = 1; j < args.length; j++) args[j - 1] = args[j];
          args.length--;
          args[0].space = false;
        }
        if (args.length === 3 && args[2].type === 'string' && args[2].value === '') args.length = 1;
      }
    }
    return matchCssGroup(property, list);
  },
  // https://drafts.csswg.org/css-conditional-5/#container-name
  'container-name'(property, list) {
    for (let i = 0; i < list.length; i++) {
      const word = list[i].type === 'ident' ? StringPrototypeToLowerCase(list[i].value) : 'not';
      if (word === 'not' || word === 'and' || word === 'or' || (word === 'none' && list.length > 1)) return null;
    }
    return matchCssGroup(property, list);
  },
  'container-type'(property, list) {
    const text = matchCssGroup(property, list);
    return text === 'size inline-size' || text === 'inline-size size' || (list.length === 2 && (text === 'size size' || text === 'inline-size inline-size' || text === 'scroll-state scroll-state')) ? null : text;
  },
  'font-weight'(property, list) {
    if (list.length !== 1) return null;
    if (list[0].type === 'number' && (list[0].number < 1 || list[0].number > 1000)) return null;
    return matchCssComponent(property, list[0]);
  },
  opacity(property, list) {
    if (list.length !== 1) return null;
    if (list[0].type === 'percentage') return cssNumberText(list[0].number / 100);
    return matchCssComponent(property, list[0]);
  },
  'aspect-ratio'(property, list) {
    let out = '';
    let numbers = 0;
    for (let i = 0; i < list.length; i++) {
      const text = matchCssComponent(property, list[i]);
      if (text === null) return null;
      if (list[i].type === 'number') numbers++;
      out += (i > 0 ? ' ' : '') + text;
    }
    return numbers === 1 ? out + ' / 1' : numbers > 2 ? null : out;
  },
  'z-index'(property, list) {
    if (list.length !== 1) return null;
    if (isCssMath(list[0])) {
      const sum = cssMathSum(list[0], null);
      return sum === null || sum[''] === undefined ? null : 'calc(' + MathRound(sum['']) + ')';
    }
    return matchCssComponent(property, list[0]);
  },
  cursor(property, list) {
    const text = serializeCssComponents(list);
    const parts = splitCssCommas(list);
    const last = parts[parts.length - 1];
    if (last.length !== 1 || last[0].type !== 'ident') return null;
    for (let i = 0; i < parts.length; i++) if (matchCssGroup(property, parts[i]) === null) return null;
    return parts.length === 1 ? StringPrototypeToLowerCase(text) : text;
  },
};
