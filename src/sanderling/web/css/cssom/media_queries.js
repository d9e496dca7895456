// https://drafts.csswg.org/mediaqueries-5/
// Media queries, evaluated for a screen without a person before it; and the conditions of @supports.

import { NumberIsNaN, StringPrototypeEndsWith, StringPrototypeIncludes, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { cssComponents, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { cssLengthToPx, cssMathSum, cssResolution, isCssMath } from '../values/numbers.js';
import { screenSizeOf } from '../cssom-view/Screen.js';
import { cssPropertyName, parseCssDeclaration } from './declarations.js';
import { emulated } from '../../emulation/emulated.js';
import { isSelectorList } from '../selectors/query.js';

const MEDIA_FONT_SIZE = 16;

function isMediaWord(node, word) {
  return node !== undefined && node.type === 'ident' && StringPrototypeToLowerCase(node.value) === word;
}

// A feature's value in the given window: a number (px, dppx, a ratio, an integer), or a keyword; undefined when unknown.
function mediaFeature(name, window) {
  const chosen = emulated.features[name];
  if (chosen !== undefined) return chosen;
  switch (name) {
    case 'width': return window.width;
    case 'height': return window.height;
    case 'device-width': return screenSizeOf(window).width;
    case 'device-height': return screenSizeOf(window).height;
    case 'aspect-ratio': return window.width / window.height;
    case 'device-aspect-ratio': return screenSizeOf(window).width / screenSizeOf(window).height;
    case 'resolution': case '-webkit-device-pixel-ratio': return window.devicePixelRatio;
    case 'orientation': return window.width > window.height ? 'landscape' : 'portrait';
    case 'color': return 8;
    case 'color-index': case 'monochrome': case 'grid': case '-webkit-transform-2d': return 0;
    case '-webkit-transform-3d': return 1;
    case 'scan': return 'progressive';
    case 'update': return 'fast';
    case 'overflow-block': case 'overflow-inline': return 'scroll';
    case 'color-gamut': return 'srgb';
    case 'dynamic-range': case 'video-dynamic-range': return 'standard';
    case 'pointer': case 'any-pointer': return emulated.touchPoints > 0 ? 'coarse' : 'fine';
    case 'hover': case 'any-hover': return emulated.touchPoints > 0 ? 'none' : 'hover';
    case 'prefers-color-scheme': return 'light';
    case 'prefers-reduced-motion': case 'prefers-contrast': case 'prefers-reduced-transparency': case 'prefers-reduced-data': return 'no-preference';
    case 'forced-colors': case 'inverted-colors': return 'none';
    case 'scripting': return window.scriptingEnabled ? 'enabled' : 'none';
    case 'display-mode': return 'browser';
    default: return undefined;
  }
}

const GAMUTS = 'srgb p3 rec2020';

const NO_PREFERENCE = { __proto__: null, 'no-preference': true, none: true, standard: true, 0: true };

// What features that have keywords take: https://drafts.csswg.org/mediaqueries-5/. Others are not known, which is not the same as false.
const MEDIA_KEYWORDS = {
  __proto__: null, orientation: 'landscape portrait', scan: 'interlace progressive', update: 'none slow fast', 'overflow-block': 'none scroll paged', 'overflow-inline': 'none scroll',
  'color-gamut': GAMUTS, 'dynamic-range': 'standard high', 'video-dynamic-range': 'standard high', pointer: 'none coarse fine', 'any-pointer': 'none coarse fine', hover: 'none hover',
  'any-hover': 'none hover', 'prefers-color-scheme': 'light dark', 'prefers-reduced-motion': 'no-preference reduce', 'prefers-contrast': 'no-preference more less custom',
  'prefers-reduced-transparency': 'no-preference reduce', 'prefers-reduced-data': 'no-preference reduce', 'forced-colors': 'none active', 'inverted-colors': 'none inverted',
  scripting: 'none initial-only enabled', 'display-mode': 'fullscreen standalone minimal-ui browser picture-in-picture window-controls-overlay',
};

function isMediaKeyword(name, word) {
  const words = MEDIA_KEYWORDS[name];
  return words === undefined || StringPrototypeIncludes(' ' + words + ' ', ' ' + word + ' ');
}

function mediaNumber(list, window) {
  if (list.length === 3 && list[1].type === 'delim' && list[1].value === '/') return list[0].number / list[2].number;
  if (list.length !== 1) return undefined;
  const node = list[0];
  // Of a container query, where a container stands for the window
  const viewport = window.viewport ?? window;
  const context = { __proto__: null, fontSize: window.fontSize ?? MEDIA_FONT_SIZE, rootFontSize: window.rootFontSize ?? MEDIA_FONT_SIZE, width: viewport.width, height: viewport.height, container: window.container };
  if (node.type === 'number') return node.number;
  if (node.type === 'dimension') {
    const px = cssLengthToPx(node.number, node.value, context);
    const number = NumberIsNaN(px) ? cssResolution(node) : px;
    return NumberIsNaN(number) ? undefined : number;
  }
  if (isCssMath(node)) {
    const sum = cssMathSum(node, (term) => {
      for (const unit in term) {
        const px = unit === '' ? NaN : cssLengthToPx(term[unit], unit, context);
        if (!NumberIsNaN(px)) return { __proto__: null, px };
      }
      return term;
    });
    if (sum === null) return undefined;
    let out = 0;
    for (const unit in sum) out += unit === '' || unit === 'px' ? sum[unit] : cssResolution({ __proto__: null, type: 'dimension', number: sum[unit], value: unit });
    return NumberIsNaN(out) ? undefined : out;
  }
  return undefined;
}

function compareMedia(left, operator, right) {
  switch (operator) {
    case '<': return left < right;
    case '<=': return left <= right;
    case '>': return left > right;
    case '>=': return left >= right;
    default: return left === right;
  }
}

const MIRRORED = { __proto__: null, '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };

// The inside of parentheses as a feature test: true, false, or undefined (unknown)
export function evaluateMediaFeature(args, window) {
  if (args.length === 0) return undefined;
  if (args.length === 1) {
    if (args[0].type !== 'ident') return undefined;
    const value = mediaFeature(StringPrototypeToLowerCase(args[0].value), window);
    return value === undefined ? undefined : value !== 0 && !NO_PREFERENCE[value];
  }
  if (args[1].type === 'colon' && args[0].type === 'ident') {
    let name = StringPrototypeToLowerCase(args[0].value);
    let operator = '=';
    if (StringPrototypeStartsWith(name, 'min-')) {
      operator = '>=';
      name = StringPrototypeSlice(name, 4);
    } else if (StringPrototypeStartsWith(name, 'max-')) {
      operator = '<=';
      name = StringPrototypeSlice(name, 4);
    } else if (StringPrototypeStartsWith(name, '-webkit-min-')) {
      operator = '>=';
      name = '-webkit-' + StringPrototypeSlice(name, 12);
    } else if (StringPrototypeStartsWith(name, '-webkit-max-')) {
      operator = '<=';
      name = '-webkit-' + StringPrototypeSlice(name, 12);
    }
    const value = mediaFeature(name, window);
    if (value === undefined) return undefined;
    const rest = [];
    for (let i = 2; i < args.length; i++) rest[rest.length] = args[i];
    if (typeof value === 'string') {
      const word = rest.length === 1 && rest[0].type === 'ident' && operator === '=' ? StringPrototypeToLowerCase(rest[0].value) : '';
      if (word === '' || !isMediaKeyword(name, word)) return undefined;
      // https://drafts.csswg.org/mediaqueries-5/#color-gamut: a device that has the wider gamut has the narrower ones
      return word === value || (name === 'color-gamut' && StringPrototypeIncludes(GAMUTS, word) && StringPrototypeIndexOf(GAMUTS, word) < StringPrototypeIndexOf(GAMUTS, value));
    }
    const number = mediaNumber(rest, window);
    return number === undefined ? undefined : compareMedia(value, operator, number);
  }
  // Ranges: value < feature <= value
  const parts = [[]];
  const operators = [];
  for (let i = 0; i < args.length; i++) {
    const node = args[i];
    if (node.type === 'delim' && (node.value === '<' || node.value === '>' || node.value === '=')) {
      let operator = node.value;
      if (operator !== '=' && i + 1 < args.length && args[i + 1].type === 'delim' && args[i + 1].value === '=' && !args[i + 1].space) {
        operator += '=';
        i++;
      }
      operators[operators.length] = operator;
      parts[parts.length] = [];
    } else parts[parts.length - 1][parts[parts.length - 1].length] = node;
  }
  if (operators.length === 0 || operators.length > 2) return undefined;
  // https://drafts.csswg.org/mediaqueries-4/#typedef-mf-range: both in one direction
  if (operators.length === 2 && (operators[0] === '=' || operators[0][0] !== operators[1][0])) return undefined;
  let at = 0;
  while (at < parts.length && !(parts[at].length === 1 && parts[at][0].type === 'ident')) at++;
  if (at >= parts.length || (operators.length === 2 && at !== 1)) return undefined;
  const value = mediaFeature(StringPrototypeToLowerCase(parts[at][0].value), window);
  if (typeof value !== 'number') return undefined;
  for (let i = 0; i < operators.length; i++) {
    const before = at > i;
    const number = mediaNumber(parts[before ? i : i + 1], window);
    if (number === undefined) return undefined;
    if (!compareMedia(value, before ? MIRRORED[operators[i]] : operators[i], number)) return false;
  }
  return true;
}

// `test(node)` decides a leaf: true, false, undefined. https://drafts.csswg.org/css-values-5/#boolean, with Kleene's logic
export function evaluateCondition(list, from, to, test) {
  if (from >= to) return undefined;
  if (isMediaWord(list[from], 'not')) {
    if (to - from !== 2) return undefined;
    const value = evaluateLeaf(list[from + 1], test);
    return value === undefined ? undefined : !value;
  }
  let value = evaluateLeaf(list[from], test);
  let joint = '';
  for (let i = from + 1; i < to; i += 2) {
    const word = list[i].type === 'ident' ? StringPrototypeToLowerCase(list[i].value) : '';
    if ((word !== 'and' && word !== 'or') || (joint !== '' && joint !== word) || i + 1 >= to) return undefined;
    joint = word;
    const next = evaluateLeaf(list[i + 1], test);
    if (word === 'and') value = value === false || next === false ? false : value === undefined || next === undefined ? undefined : true;
    else value = value === true || next === true ? true : value === undefined || next === undefined ? undefined : false;
  }
  return value;
}

function evaluateLeaf(node, test) {
  if (node.type === '(') {
    const { args } = node;
    if (args.length > 0 && (args[0].type === '(' || args[0].type === 'function' || isMediaWord(args[0], 'not'))) {
      const inner = evaluateCondition(args, 0, args.length, test);
      if (inner !== undefined) return inner;
    }
  }
  return test(node);
}

function evaluateMediaQuery(list, window) {
  let at = 0;
  let negated = false;
  if (list.length === 0) return false;
  if (isMediaWord(list[0], 'not') && list.length > 1 && list[1].type === 'ident') {
    negated = true;
    at = 1;
  } else if (isMediaWord(list[0], 'only')) at = 1;
  let value = true;
  if (at < list.length && list[at].type === 'ident' && !isMediaWord(list[at], 'not')) {
    const type = StringPrototypeToLowerCase(list[at].value);
    value = type === 'all' || type === (emulated.media === '' ? 'screen' : emulated.media);
    at++;
    if (at < list.length) {
      if (!isMediaWord(list[at], 'and')) return false;
      at++;
    }
  }
  if (at < list.length) {
    const condition = evaluateCondition(list, at, list.length, (node) => (node.type === '(' ? evaluateMediaFeature(node.args, window) : undefined));
    if (condition === undefined) return false;
    value = value && condition;
  }
  return negated ? !value : value;
}

// https://drafts.csswg.org/mediaqueries-4/#typedef-media-condition: component values
export function matchesMediaCondition(list, window) {
  for (let i = 0; i < list.length; i++) {
    const { type } = list[i];
    if (type !== '(' && type !== 'function' && (type !== 'ident' || (i % 2 === 0 && !isMediaWord(list[i], 'not')))) return false;
  }
  return evaluateCondition(list, 0, list.length, (node) => (node.type === '(' ? evaluateMediaFeature(node.args, window) : undefined)) === true;
}

export function matchesMedia(text, window) {
  if (text === '') return true;
  const list = cssComponents(text);
  if (list === null) return false;
  const queries = splitCssCommas(list);
  for (let i = 0; i < queries.length; i++) if (evaluateMediaQuery(queries[i], window)) return true;
  return false;
}

function serializeMediaQuery(list) {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (i > 0) out += ' ';
    if (node.type === 'ident') out += StringPrototypeToLowerCase(node.value);
    else if (node.type === '(') {
      let inner = '';
      const { args } = node;
      for (let j = 0; j < args.length; j++) {
        const part = args[j];
        if (part.type === 'colon') {
          inner = StringPrototypeTrim(inner) + ': ';
          continue;
        }
        const operator = part.type === 'delim' && part.value !== '/';
        const joins = operator && part.value === '=' && j > 0 && args[j - 1].type === 'delim' && !part.space;
        if (joins) inner = StringPrototypeSlice(inner, 0, inner.length - 1) + '= ';
        else if (operator) inner = StringPrototypeTrim(inner) + ' ' + part.value + ' ';
        else if (part.type === 'ident') inner += (inner !== '' && !StringPrototypeEndsWith(inner, ' ') ? ' ' : '') + StringPrototypeToLowerCase(part.value);
        else if (part.type === '(') inner += (inner !== '' && !StringPrototypeEndsWith(inner, ' ') ? ' ' : '') + serializeMediaQuery([part]);
        else inner += (inner !== '' && part.space && !StringPrototypeEndsWith(inner, ' ') ? ' ' : '') + (part.type === 'delim' ? ' ' + part.value + ' ' : serializeCssComponents([part]));
      }
      out += '(' + inner + ')';
    } else out += serializeCssComponents([node]);
  }
  if (StringPrototypeStartsWith(out, 'all and ')) return StringPrototypeSlice(out, 8);
  return out;
}

// `and` and `or` do not stand side by side, and after a media type there is only `and`.
function mixesJoints(query) {
  let joint = '';
  for (let i = 1; i < query.length; i++) {
    const word = query[i].type === 'ident' ? StringPrototypeToLowerCase(query[i].value) : '';
    if (word !== 'and' && word !== 'or') continue;
    if (joint !== '' && joint !== word) return true;
    joint = word;
  }
  return false;
}

// https://drafts.csswg.org/cssom/#serialize-a-media-query-list: a list of texts; wrong ones become `not all`
export function parseMediaQueries(text) {
  const out = [];
  if (StringPrototypeTrim(text) === '') return out;
  const list = cssComponents(text);
  if (list === null) return ['not all'];
  const queries = splitCssCommas(list);
  for (let i = 0; i < queries.length; i++) {
    const query = queries[i];
    let fine = query.length > 0;
    for (let j = 0; j < query.length && fine; j++) {
      const { type } = query[j];
      if (type !== 'ident' && type !== '(' && type !== 'function') fine = false;
      else if (j === 0 && isMediaWord(query[0], 'only') && (query.length < 2 || query[1].type !== 'ident')) fine = false;
      else if (j < 2 && isMediaWord(query[j], 'layer')) fine = false;
      else if (j > 0 && isMediaWord(query[j], 'not') && !isMediaWord(query[j - 1], 'and')) fine = false;
      else if (j > 0 && query[j - 1].type === '(' && type === '(') fine = false;
      else if (j > 0 && type === 'ident' && query[j - 1].type === 'ident' && !isMediaWord(query[j - 1], 'not') && !isMediaWord(query[j - 1], 'only') && !isMediaWord(query[j], 'and')) fine = false;
    }
    out[i] = fine && !mixesJoints(query) ? serializeMediaQuery(query) : 'not all';
  }
  return out;
}

// https://drafts.csswg.org/css-conditional-3/#support-definition
export function supportsCss(property, value) {
  const name = cssPropertyName(property);
  if (name === '' || StringPrototypeTrim(value) === '') return false;
  return parseCssDeclaration(name, StringPrototypeTrim(value), false) !== null;
}

function supportsLeaf(node) {
  if (node.type === 'function') {
    if (node.value === 'selector') return isSelectorList(serializeCssComponents(node.args));
    if (node.value === 'font-tech' || node.value === 'font-format') return true;
    return undefined;
  }
  if (node.type !== '(') return undefined;
  const { args } = node;
  if (args.length < 3 || args[0].type !== 'ident' || args[1].type !== 'colon') return undefined;
  const rest = [];
  for (let i = 2; i < args.length; i++) rest[rest.length] = args[i];
  return supportsCss(args[0].value, serializeCssComponents(rest));
}

// What is not understood is not supported, and not unsupported either (`not (unknown)` is false).
export function supportsCssCondition(text) {
  const list = cssComponents(text);
  if (list === null) return false;
  if (evaluateCondition(list, 0, list.length, supportsLeaf) === true) return true;
  // CSS.supports('display: flex')
  return list.length > 2 && list[1].type === 'colon' && supportsLeaf({ __proto__: null, type: '(', args: list }) === true;
}
