// https://drafts.csswg.org/css-conditional-5/#container-queries
// @container: the container that an element asks, and what it says. Sizes are those that styles give from the window down to the container; nothing is laid out.

import { MathMax, MathMin, NumberParseFloat, SafeSet, SafeWeakMap, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../../primordials.js';
import { CssComponent, cssComponents, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { cascadeOf, flatParent, heritage } from './cascade.js';
import { computedCss, customTextOf, initialCustomText, resolvedCustomText } from './computed.js';
import { evaluateCondition, evaluateMediaFeature } from './media_queries.js';

const INLINE_AXIS = 1;
const BLOCK_AXIS = 2;
const CONTAINER_AXES = { __proto__: null, width: INLINE_AXIS, 'inline-size': INLINE_AXIS, height: BLOCK_AXIS, 'block-size': BLOCK_AXIS, 'aspect-ratio': INLINE_AXIS | BLOCK_AXIS, orientation: INLINE_AXIS | BLOCK_AXIS };
const PHYSICAL = { __proto__: null, 'inline-size': 'width', 'block-size': 'height' };
const NO_NAMES = new SafeSet(['none', 'and', 'or', 'not', 'inherit', 'initial', 'unset', 'revert', 'revert-layer', 'default']);

// -- what a rule asks --------------------------------------------------------------------------------------------------

class ContainerQuery {
  constructor(name, list) {
    this.name = name;            // '': any
    this.list = list;            // components of the condition; empty: a name is all
    this.axes = 0;               // that must be contained
    this.unknown = false;        // something in it is not understood: it is false
    this.look(list);
  }

  look(list) {
    for (let i = 0; i < list.length; i++) {
      const { type, args, value } = list[i];
      if (type === 'function') this.unknown ||= value !== 'style' || !isStyleQuery(args);
      else if (type === '(') {
        const axis = axisOf(args);
        if (axis !== 0) this.axes |= axis;
        else if (isNested(args)) this.look(args);
        else this.unknown = true;
      }
    }
  }
}

// Do conditions stand in the parentheses?
function isNested(args) {
  return args.length > 0 && (args[0].type === '(' || args[0].type === 'function' || (isWord(args[0]) && StringPrototypeToLowerCase(args[0].value) === 'not'));
}

// A condition of declarations; what else it is, browsers do not understand
function isStyleQuery(args) {
  if (args.length === 0) return false;
  if (!isNested(args)) return args[0].type === 'ident' && (args.length === 1 || args[1].type === 'colon') && StringPrototypeStartsWith(args[0].value, '--');
  for (let i = 0; i < args.length; i++) if (args[i].args !== null && !isStyleQuery(args[i].args)) return false;
  return true;
}

// The axes that the inside of parentheses asks about: 0, it is no size feature
function axisOf(args) {
  for (let i = 0; i < args.length; i++) {
    if (args[i].type !== 'ident') continue;
    const word = StringPrototypeToLowerCase(args[i].value);
    const axis = CONTAINER_AXES[word] ?? (i === 0 && (StringPrototypeStartsWith(word, 'min-') || StringPrototypeStartsWith(word, 'max-')) ? CONTAINER_AXES[StringPrototypeSlice(word, 4)] : undefined);
    if (axis !== undefined) return axis;
    if (i === 0 && args.length > 1 && args[1].type === 'colon') return 0;
  }
  return 0;
}

const isWord = (node) => node !== undefined && node.type === 'ident';

// [name] [condition]; null: wrong
function parsedQuery(list) {
  let at = 0;
  let name = '';
  if (isWord(list[0]) && StringPrototypeToLowerCase(list[0].value) !== 'not') {
    name = list[0].value;
    if (NO_NAMES.has(StringPrototypeToLowerCase(name))) return null;
    at = 1;
  }
  const rest = [];
  for (; at < list.length; at++) rest[rest.length] = list[at];
  if (name === '' && rest.length === 0) return null;
  return rest.length === 0 || isCondition(rest) ? new ContainerQuery(name, rest) : null;
}

// not X | X [and X]* | X [or X]*
function isCondition(list) {
  const isLeaf = (node) => node !== undefined && (node.type === '(' || node.type === 'function');
  if (isWord(list[0])) return StringPrototypeToLowerCase(list[0].value) === 'not' && list.length === 2 && isLeaf(list[1]);
  let joint = '';
  for (let i = 0; i < list.length; i++) {
    if (i % 2 === 0) {
      if (!isLeaf(list[i])) return false;
      continue;
    }
    const word = isWord(list[i]) ? StringPrototypeToLowerCase(list[i].value) : '';
    if ((word !== 'and' && word !== 'or') || (joint !== '' && word !== joint)) return false;
    joint = word;
  }
  return list.length % 2 === 1;
}

function parsedQueries(text) {
  const list = cssComponents(text);
  if (list === null) return null;
  const parts = splitCssCommas(list);
  const out = [];
  for (let i = 0; i < parts.length; i++) {
    out[i] = parsedQuery(parts[i]);
    if (out[i] === null) return null;
  }
  return out;
}

export function isContainerCondition(text) {
  return parsedQueries(text) !== null;
}

const queriesOfRules = new SafeWeakMap();

// Do the containers of an element say what all these rules ask? `rules`: { rule, outer }, the innermost first. A pseudo-element asks its own element, too.
export function containersFit(rules, el, isPseudo) {
  for (let at = rules; at !== null; at = at.outer) {
    let queries = queriesOfRules.get(at.rule);
    if (queries === undefined) {
      queries = parsedQueries(at.rule.condition) ?? [];
      queriesOfRules.set(at.rule, queries);
    }
    let fits = false;
    for (let i = 0; i < queries.length && !fits; i++) fits = queryFits(queries[i], isPseudo ? el : flatParent(el));
    if (!fits) return false;
  }
  return true;
}

// -- containers --------------------------------------------------------------------------------------------------------

function containedAxes(el) {
  const type = computedCss(cascadeOf(el), 'container-type');
  const words = StringPrototypeSplit(type, ' ');
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 'size') return INLINE_AXIS | BLOCK_AXIS;
    if (words[i] === 'inline-size') return INLINE_AXIS;
  }
  return 0;
}

function hasName(el, name) {
  const words = StringPrototypeSplit(computedCss(cascadeOf(el), 'container-name'), ' ');
  for (let i = 0; i < words.length; i++) if (words[i] === name) return true;
  return false;
}

function queryFits(query, start) {
  for (let el = start; el !== null && el !== undefined; el = flatParent(el)) {
    if (query.name !== '' && !hasName(el, query.name)) continue;
    if (query.axes !== 0 && (containedAxes(el) & query.axes) !== query.axes) continue;
    if (query.list.length === 0) return true;
    return !query.unknown && evaluateCondition(query.list, 0, query.list.length, (node) => leafFits(el, node)) === true;
  }
  return false;
}

function leafFits(el, node) {
  if (node.type === 'function') return node.value === 'style' ? styleFits(el, node.args) : undefined;
  if (axisOf(node.args) === 0) return undefined;
  const cascade = cascadeOf(el);
  const display = computedCss(cascade, 'display');
  // What has no box of its own has no size.
  if (display === 'none' || display === 'contents' || display === 'inline' || StringPrototypeStartsWith(display, 'table')) return undefined;
  const args = [];
  for (let i = 0; i < node.args.length; i++) args[i] = physicalFeature(node.args[i]);
  return evaluateMediaFeature(args, {
    __proto__: null, width: contentSize(el, 'width'), height: contentSize(el, 'height'), fontSize: NumberParseFloat(computedCss(cascade, 'font-size')), viewport: el.doc.window,
    rootFontSize: rootSize(el), container: (side) => containerLength(el, false, side),
  });
}

function rootSize(el) {
  const root = el.doc.documentElement();
  return root === null ? 16 : NumberParseFloat(computedCss(cascadeOf(root), 'font-size'));
}

function physicalFeature(node) {
  if (node.type !== 'ident') return node;
  const word = StringPrototypeToLowerCase(node.value);
  const prefix = StringPrototypeStartsWith(word, 'min-') || StringPrototypeStartsWith(word, 'max-') ? StringPrototypeSlice(word, 0, 4) : '';
  const physical = PHYSICAL[StringPrototypeSlice(word, prefix.length)];
  return physical === undefined ? node : new CssComponent('ident', prefix + physical, node.space);
}

// -- sizes -------------------------------------------------------------------------------------------------------------

const SIDES = { __proto__: null, width: ['left', 'right'], height: ['top', 'bottom'] };

// A length or percentage of `base` px; NaN: neither, or of what is not known
function pxOfValue(value, base) {
  if (StringPrototypeEndsWith(value, '%')) return NumberParseFloat(value) / 100 * base;
  return StringPrototypeEndsWith(value, 'px') ? NumberParseFloat(value) : NaN;
}

function edgesOf(cascade, name, base, margins) {
  let out = 0;
  for (let i = 0; i < 2; i++) {
    const side = SIDES[name][i];
    const padding = pxOfValue(computedCss(cascade, 'padding-' + side), base);
    out += (padding === padding ? padding : 0) + NumberParseFloat(computedCss(cascade, 'border-' + side + '-width'));
    const margin = margins ? pxOfValue(computedCss(cascade, 'margin-' + side), base) : 0;
    out += margin === margin ? margin : 0;
  }
  return out;
}

// px of the content box that the styles give: without any, widths are those of the element around, and heights of contained ones are 0.
export function contentSize(el, name) {
  heritage.containerSizes = true;
  // From the outermost on whose size is not known yet: the tree may be deep.
  const key = 'content ' + name;
  const chain = [];
  let out;
  for (let at = el; at !== null && at !== undefined; at = flatParent(at)) {
    out = cascadeOf(at).values.get(key);
    if (out !== undefined) break;
    chain[chain.length] = at;
  }
  const { window } = el.doc;
  out ??= window === null ? 0 : window[name];
  for (let i = chain.length - 1; i >= 0; i--) {
    out = sizeWithin(cascadeOf(chain[i]), name, out);
    cascadeOf(chain[i]).values.set(key, out);
  }
  return out;
}

// `base`: that of the element around
function sizeWithin(cascade, name, base) {
  const across = name === 'width' ? base : NaN;
  const inner = (px) => (computedCss(cascade, 'box-sizing') === 'border-box' ? px - edgesOf(cascade, name, across, false) : px);
  const given = pxOfValue(computedCss(cascade, name), base);
  let out = given === given ? inner(given) : name === 'width' ? base - edgesOf(cascade, name, base, true) : 0;
  const most = pxOfValue(computedCss(cascade, 'max-' + name), base);
  const least = pxOfValue(computedCss(cascade, 'min-' + name), base);
  if (most === most) out = MathMin(out, inner(most));
  if (least === least) out = MathMax(out, inner(least));
  return MathMax(0, out);
}

// What cqw and its like are of: the nearest container of the axis, or the window
export function containerLength(el, isPseudo, name) {
  const axis = name === 'width' ? INLINE_AXIS : BLOCK_AXIS;
  for (let at = isPseudo ? el : flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
    if ((containedAxes(at) & axis) !== 0) return contentSize(at, name);
  }
  return el.doc.window === null ? 0 : el.doc.window[name];
}

// -- styles ------------------------------------------------------------------------------------------------------------

// https://drafts.csswg.org/css-conditional-5/#style-container: of custom properties
function styleFits(el, args) {
  if (args.length === 0) return undefined;
  if (args[0].type === '(' || args[0].type === 'function' || (isWord(args[0]) && StringPrototypeToLowerCase(args[0].value) === 'not')) {
    return evaluateCondition(args, 0, args.length, (node) => (node.type === '(' ? styleFits(el, node.args) : undefined));
  }
  if (args[0].type !== 'ident' || !StringPrototypeStartsWith(args[0].value, '--')) return undefined;
  const cascade = cascadeOf(el);
  const name = args[0].value;
  const value = customTextOf(cascade, name);
  if (args.length === 1) return value !== initialCustomText(el, name);
  if (args[1].type !== 'colon') return undefined;
  const rest = [];
  for (let i = 2; i < args.length; i++) rest[rest.length] = args[i];
  const wanted = resolvedCustomText(cascade, name, serializeCssComponents(rest));
  return normalized(value) === normalized(wanted);
}

function normalized(text) {
  const list = text === null ? null : cssComponents(text);
  return list === null ? text : serializeCssComponents(list);
}
