// https://drafts.csswg.org/css-display-3/
// What the layout asks of the style of each element, kept with what it shares with others of the same style: a layout is made anew whenever anything changes, and most styles stay.

import { MathMax, MathMin, MathRound, NumberParseFloat, SafeMap, StringPrototypeEndsWith, StringPrototypeIncludes, StringPrototypeSplit, StringPrototypeStartsWith } from '../../primordials.js';
import { HTML_NS, SVG_NS } from '../../dom/namespaces.js';
import { cssComponents } from '../syntax/components.js';
import { cssMathSum } from '../values/numbers.js';
import { cascadeOf } from '../cssom/cascade.js';
import { computedCss } from '../cssom/computed.js';
import { uaValue } from '../cssom/ua_styles.js';
import { REPLACED } from './box_sizes.js';

// What a box is inside
export const FLOW_INSIDE = 0;
export const FLEX_INSIDE = 1;
export const GRID_INSIDE = 2;
export const TABLE_INSIDE = 3;
export const GROUP_INSIDE = 4;
export const ROW_INSIDE = 5;
export const CELL_INSIDE = 6;
export const NOTHING_INSIDE = 7;   // it is replaced, or a form control

const INSIDES = {
  __proto__: null, flex: FLEX_INSIDE, 'inline-flex': FLEX_INSIDE, '-webkit-box': FLEX_INSIDE, '-webkit-inline-box': FLEX_INSIDE, grid: GRID_INSIDE, 'inline-grid': GRID_INSIDE, table: TABLE_INSIDE, 'inline-table': TABLE_INSIDE,
  'table-row-group': GROUP_INSIDE, 'table-header-group': GROUP_INSIDE, 'table-footer-group': GROUP_INSIDE, 'table-row': ROW_INSIDE, 'table-cell': CELL_INSIDE,
};

// Automatic margins are nothing by themselves.
export const zeroIfAuto = (px) => (px === px ? px : 0);

// A percentage or calc() of `base` px; NaN: what is neither, or of what is not known (`base` below 0).
export function lengthOfBase(value, base) {
  if (StringPrototypeEndsWith(value, 'px') && !StringPrototypeIncludes(value, '(')) return NumberParseFloat(value);
  if (StringPrototypeEndsWith(value, '%')) return base < 0 ? NaN : NumberParseFloat(value) / 100 * base;
  if (!StringPrototypeEndsWith(value, ')')) return NaN;
  const list = cssComponents(value);
  return list === null || list.length !== 1 || list[0].args === null ? NaN : mathOfBase(list[0], base);
}

function mathOfBase(node, base) {
  if (node.type === 'dimension') return node.value === 'px' ? node.number : NaN;
  if (node.type === 'percentage') return base < 0 ? NaN : node.number / 100 * base;
  if (node.type === 'number' && node.number === 0) return 0;
  if (node.type !== 'function') return NaN;
  if (node.value === 'min' || node.value === 'max' || node.value === 'clamp') {
    const values = [];
    for (let i = 0; i < node.args.length; i++) if (node.args[i].type !== 'comma') values[values.length] = mathOfBase(node.args[i], base);
    let out = values[0];
    if (node.value === 'clamp') return MathMax(values[0], MathMin(values[1], values[2]));
    for (let i = 1; i < values.length; i++) out = node.value === 'min' ? MathMin(out, values[i]) : MathMax(out, values[i]);
    return out;
  }
  const sum = cssMathSum(node, null);
  if (sum === null || ((sum['%'] ?? 0) !== 0 && base < 0)) return NaN;
  return (sum.px ?? 0) + (sum['%'] ?? 0) / 100 * base;
}

function isPlainPx(text) {
  const { length } = text;
  if (length < 3 || text[length - 1] !== 'x' || text[length - 2] !== 'p') return false;
  for (let i = 0; i < length - 2; i++) {
    const c = text[i];
    if ((c < '0' || c > '9') && c !== '.' && (i > 0 || c !== '-')) return false;
  }
  return true;
}

// Margins, paddings and borders, in px; NaN: an automatic margin
export class Edges {
  constructor() {
    this.mt = this.mr = this.mb = this.ml = 0;
    this.pt = this.pr = this.pb = this.pl = 0;
    this.bt = this.br = this.bb = this.bl = 0;
  }

  get across() {
    return this.pl + this.pr + this.bl + this.br;
  }

  get down() {
    return this.pt + this.pb + this.bt + this.bb;
  }
}

export const NO_EDGES = new Edges();
const EDGE_NAMES = [];
for (const side of ['top', 'right', 'bottom', 'left']) {
  EDGE_NAMES[EDGE_NAMES.length] = [`margin-${side}`, `m${side[0]}`];
  EDGE_NAMES[EDGE_NAMES.length] = [`padding-${side}`, `p${side[0]}`];
  EDGE_NAMES[EDGE_NAMES.length] = [`border-${side}-width`, `b${side[0]}`];
}

class LayoutFacts {
  constructor(cascade) {
    const { el } = cascade;
    this.cascade = cascade;      // of one of those who share them that is in the document
    this.display = computedCss(cascade, 'display');
    this.position = this.given('position') ? computedCss(cascade, 'position') : 'static';
    this.z = this.position === 'static' ? NaN : NumberParseFloat(computedCss(cascade, 'z-index'));
    this.holdsFixed = holdsFixedBoxes(cascade);
    this.edges = NO_EDGES;
    this.relative = null;        // values of edges that hang on the width around them: [field, text]
    this.float = 'none';
    this.clear = 'none';
    this.clips = false;          // what reaches beyond its padding box
    this.scrolls = false;
    this.inside = FLOW_INSIDE;
    this.inline = false;         // does it stand in a line?
    this.column = false;         // has what is in it a block formatting context of its own?
    this.sizes = null;           // values of width, height and their limits, those that are given
    this.borderBox = false;
    this.ratio = NaN;
    this.moves = false;          // is it moved after it was laid out, and what is in it?
    this.textFacts = null;
    if (this.display !== 'none' && this.display !== 'contents') this.look(el);
  }

  // Does anything but the initial value speak? Not for what is inherited.
  given(name) {
    const { map, el } = this.cascade;
    return (map !== null && map.has(name)) || uaValue(el, name) !== undefined;
  }

  value(name) {
    return computedCss(this.cascade, name);
  }

  // The same, without computing what is a length in px already
  lengthText(name) {
    const { map, el } = this.cascade;
    const entry = map === null ? undefined : map.get(name);
    const text = entry === undefined ? uaValue(el, name) : entry.declaration.value;
    return text !== undefined && isPlainPx(text) ? text : computedCss(this.cascade, name);
  }

  look(el) {
    const { display } = this;
    const replaced = isReplaced(el);
    this.inside = replaced ? NOTHING_INSIDE : INSIDES[display] ?? FLOW_INSIDE;
    this.inline = StringPrototypeStartsWith(display, 'inline') || display === 'ruby' || display === 'ruby-text' || display === '-webkit-inline-box';
    const out = this.isOut;
    if (!out && this.given('float')) this.float = this.value('float');
    if (this.given('clear')) this.clear = this.value('clear');
    if (this.given('overflow-x') || this.given('overflow-y')) {
      const x = this.value('overflow-x');
      const y = this.value('overflow-y');
      this.clips = x !== 'visible' || y !== 'visible';
      this.scrolls = (x !== 'visible' && x !== 'clip') || (y !== 'visible' && y !== 'clip');
    }
    this.lookAtEdges();
    const atom = this.inline && (replaced || this.inside !== FLOW_INSIDE || display !== 'inline');
    this.atom = atom;
    if (!this.inline || atom || out || this.float !== 'none') this.lookAtSizes(el);
    this.column = out || atom || this.scrolls || this.float !== 'none' || (this.inside !== FLOW_INSIDE && this.inside !== GROUP_INSIDE) || display === 'flow-root' || display === 'table-caption'
      || el.localName === 'fieldset' || el.localName === 'html' || (this.given('contain') && this.value('contain') !== 'none');
    this.moves = (this.cascade.map !== null && isMovedByStyle(this.cascade)) || this.position === 'sticky';
  }

  get isOut() {
    return this.position === 'absolute' || this.position === 'fixed';
  }

  lookAtEdges() {
    for (let i = 0; i < EDGE_NAMES.length; i++) {
      const { 0: name, 1: field } = EDGE_NAMES[i];
      if (!this.given(name)) continue;
      // What a border without a style is wide is another question.
      const text = field[0] === 'b' ? this.value(name) : this.lengthText(name);
      let px = text === 'auto' ? NaN : lengthOfBase(text, -1);
      if (text !== 'auto' && px !== px) {
        const { relative } = this;
        if (relative === null) this.relative = [[field, text]];
        else relative[relative.length] = [field, text];
        px = 0;
      }
      if (px === 0) continue;
      if (this.edges === NO_EDGES) this.edges = new Edges();
      this.edges[field] = px;
    }
  }

  lookAtSizes(el) {
    const names = ['width', 'height', 'min-width', 'min-height', 'max-width', 'max-height'];
    for (let i = 0; i < 6; i++) {
      if (!this.given(names[i])) continue;
      const value = this.lengthText(names[i]);
      if (value === 'auto' || value === 'none') continue;
      (this.sizes ?? (this.sizes = { __proto__: null }))[names[i]] = value;
    }
    if (this.sizes !== null) this.borderBox = this.value('box-sizing') === 'border-box';
    if (this.given('aspect-ratio')) {
      const parts = StringPrototypeSplit(this.value('aspect-ratio'), '/');
      const number = NumberParseFloat(parts[0]) / (parts.length > 1 ? NumberParseFloat(parts[1]) : 1);
      if (number > 0 && el.namespace === HTML_NS) this.ratio = number;
    }
  }

  edgesWithin(width) {
    if (this.relative === null) return this.edges;
    const out = new Edges();
    for (let i = 0; i < EDGE_NAMES.length; i++) out[EDGE_NAMES[i][1]] = this.edges[EDGE_NAMES[i][1]];
    for (let i = 0; i < this.relative.length; i++) {
      const px = lengthOfBase(this.relative[i][1], MathMax(0, width));
      out[this.relative[i][0]] = px === px ? px : 0;
    }
    return out;
  }

  // A size or a limit of the border box in px; NaN: none that is known. `base`: what a percentage is of, below 0 when that is not known
  size(name, base, edges) {
    if (this.sizes === null) return NaN;
    const text = this.sizes[name];
    if (text === undefined) return NaN;
    const px = lengthOfBase(text, base);
    if (px !== px) return NaN;
    const around = StringPrototypeEndsWith(name, 'width') ? edges.across : edges.down;
    return MathMax(this.borderBox ? px : px + around, around);
  }

  keyword(name) {
    return this.sizes === null ? '' : this.sizes[name] ?? '';
  }

  isPercentage(name) {
    const text = this.keyword(name);
    return StringPrototypeIncludes(text, '%');
  }

  limit(value, axis, base, edges) {
    if (this.sizes === null) return value;
    const most = this.size('max-' + axis, base, edges);
    const least = this.size('min-' + axis, base, edges);
    let out = value;
    if (most < out) out = most;
    if (least > out) out = least;
    return out;
  }

  get text() {
    return this.textFacts ?? (this.textFacts = textFactsOf(this.cascade));
  }
}

// -- text --------------------------------------------------------------------------------------------------------------

// Metrics of a font that nobody has: as high as Times or Arial, each character as wide as half of it.
class TextFacts {
  constructor(size, serif, lineHeight, wrap, preserve, breaks, align, rtl) {
    this.size = size;
    this.char = size / 2;
    this.ascent = MathRound(size * (serif ? 0.891 : 0.905));
    this.descent = MathRound(size * (serif ? 0.216 : 0.212));
    const normal = this.ascent + this.descent + MathRound(size * (serif ? 0.042 : 0.033));
    const number = +lineHeight;
    this.line = number === number ? number * size : StringPrototypeEndsWith(lineHeight, 'px') ? NumberParseFloat(lineHeight) : normal;
    // Half of what is left over stands above: https://drafts.csswg.org/css-inline-3/#line-height
    this.above = this.ascent + (this.line - this.ascent - this.descent) / 2;
    this.wrap = wrap;
    this.preserve = preserve;    // 2: all white space, 1: line feeds only
    this.breaks = breaks;        // within words
    this.align = align;
    this.rtl = rtl;
  }
}

const allTextFacts = new SafeMap();

function textFactsOf(cascade) {
  const size = computedCss(cascade, 'font-size');
  const line = computedCss(cascade, 'line-height');
  const wrap = computedCss(cascade, 'text-wrap-mode');
  const collapse = computedCss(cascade, 'white-space-collapse');
  const anywhere = computedCss(cascade, 'overflow-wrap') !== 'normal' || computedCss(cascade, 'word-break') === 'break-all' || computedCss(cascade, 'word-break') === 'break-word';
  const align = computedCss(cascade, 'text-align');
  const rtl = computedCss(cascade, 'direction') === 'rtl';
  const family = computedCss(cascade, 'font-family');
  const serif = StringPrototypeStartsWith(family, '"Times') || StringPrototypeStartsWith(family, 'Times') || StringPrototypeStartsWith(family, 'serif');
  const key = size + serif + line + wrap + collapse + anywhere + align + rtl;
  let out = allTextFacts.get(key);
  if (out === undefined) {
    const preserve = collapse === 'preserve' || collapse === 'break-spaces' ? 2 : collapse === 'preserve-breaks' ? 1 : 0;
    out = new TextFacts(NumberParseFloat(size), serif, line, wrap !== 'nowrap', preserve, anywhere, align, rtl);
    if (allTextFacts.size > 1000) allTextFacts.clear();
    allTextFacts.set(key, out);
  }
  return out;
}

// -- elements ----------------------------------------------------------------------------------------------------------

function isReplaced(el) {
  if (el.namespace === SVG_NS) return el.localName === 'svg';
  return REPLACED[el.localName] === true && el.localName !== 'button' && el.localName !== 'object' && el.namespace === HTML_NS;
}

// Has it a size by itself?
export const isNatural = (facts) => facts.inside === NOTHING_INSIDE;

export function layoutFactsOf(el) {
  const cascade = cascadeOf(el);
  const { shared } = cascade;
  const { facts } = shared;
  if (facts === null) return shared.facts = new LayoutFacts(cascade);
  facts.cascade = cascade;
  return facts;
}

const MOVING = ['transform', 'translate', 'rotate', 'scale'];

export function isMovedByStyle(cascade) {
  const { map } = cascade;
  for (let i = 0; i < 4; i++) if (map.has(MOVING[i]) && computedCss(cascade, MOVING[i]) !== 'none') return true;
  return false;
}

// https://drafts.csswg.org/css-transforms-1/#transform-rendering and others: does it hold fixed boxes, too?
export function holdsFixedBoxes(cascade) {
  const { map } = cascade;     // none of these is inherited
  return map !== null && (isMovedByStyle(cascade) || (map.has('perspective') && computedCss(cascade, 'perspective') !== 'none')
    || (map.has('filter') && computedCss(cascade, 'filter') !== 'none'));
}
