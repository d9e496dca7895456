// https://html.spec.whatwg.org/multipage/rendering.html#presentational-hints
// What attributes of old say of an element's style.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import {
  NumberParseFloat, NumberParseInt, NumberPrototypeToString, RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeCodePointAt, StringPrototypeIncludes, StringPrototypePadStart, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeTrim,
} from '../../primordials.js';
import { cssComponents } from '../syntax/components.js';
import { serializeCssString } from '../syntax/tokenizer.js';
import { cssColorOf } from '../values/colors.js';

const SIZED = { __proto__: null, img: true, iframe: true, video: true, embed: true, object: true, table: true, td: true, th: true, hr: true, col: true, marquee: true };
const SPACED = { __proto__: null, img: true, embed: true, object: true, marquee: true, iframe: true, input: true, applet: true };
const ALIGNED_TEXT = { __proto__: null, div: '-webkit-', p: '-webkit-', td: '-webkit-', th: '-webkit-', tr: '-webkit-', thead: '-webkit-', tbody: '-webkit-', tfoot: '-webkit-', h1: '', h2: '', h3: '', h4: '', h5: '', h6: '', legend: '' };
const TABLE_PART = { __proto__: null, td: true, th: true, tr: true, thead: true, tbody: true, tfoot: true, col: true, colgroup: true };
// By the first letters of the sides
const FRAME_SIDES = { __proto__: null, void: '', above: 't', below: 'b', hsides: 'tb', lhs: 'l', rhs: 'r', vsides: 'lr', box: 'trbl', border: 'trbl' };
const RULE_SIDES = { __proto__: null, none: '', groups: '', rows: 'tb', cols: 'lr', all: 'trbl' };
const LIST_TYPES = { __proto__: null, disc: 'disc', circle: 'circle', square: 'square', none: 'none' };
const NUMBER_TYPES = { __proto__: null, 1: 'decimal', a: 'lower-alpha', A: 'upper-alpha', i: 'lower-roman', I: 'upper-roman' };
const VERTICAL = { __proto__: null, top: 'top', middle: 'middle', bottom: 'bottom', baseline: 'baseline' };
// Of what floats, or stands in a line
const IN_LINE = { __proto__: null, left: 'top', right: 'top', top: 'top', texttop: 'text-top', middle: '-webkit-baseline-middle', absmiddle: 'middle', abscenter: 'middle', center: 'middle', bottom: 'baseline', absbottom: 'bottom', baseline: 'baseline' };

function attrLower(el, name) {
  const value = getAttr(el, name);
  return value === null ? '' : StringPrototypeToLowerCase(value);
}

function isSpaced(el, localName) {
  return SPACED[localName] === true && (localName !== 'input' || attrLower(el, 'type') === 'image');
}

// The table of one of its cells, or null
function tableOfCell(cell) {
  for (let at = cell.parent; at !== null; at = at.parent) if (at.nodeType === 1 && at.localName === 'table' && at.namespace === HTML_NS) return at;
  return null;
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-non-negative-integers, -1: no number
function pixelsHint(text) {
  const m = text === null ? null : RegExpPrototypeExec(/^[ \t\n\f\r]*(\d+)/, text);
  return m === null ? -1 : +m[1];
}

// https://html.spec.whatwg.org/multipage/rendering.html#maps-to-the-dimension-property, "(ignoring zero)" for tables and cells
function sizeHint(el, localName, name) {
  const sized = SIZED[localName] === true || (localName === 'input' && isSpaced(el, localName)) || (name === 'height' && (localName === 'tr' || localName === 'thead' || localName === 'tbody' || localName === 'tfoot'));
  if (!sized) return undefined;
  const hint = dimensionHint(getAttr(el, name));
  const positive = localName === 'td' || localName === 'th' || (localName === 'table' && name === 'width');
  return positive && hint !== undefined && NumberParseFloat(hint) === 0 ? undefined : hint;
}

function dimensionHint(text) {
  const m = text === null ? null : RegExpPrototypeExec(/^[ \t\n\f\r]*(\d+(?:\.\d+)?)(%?)/, text);
  return m === null ? undefined : m[1] + (m[2] === '%' ? '%' : 'px');
}

// 15.4.3, rendered borders: without a number that is an error it is 1.
function borderOf(el) {
  const text = getAttr(el, 'border');
  if (text === null) return 0;
  const width = pixelsHint(text);
  return width < 0 ? 1 : width;
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-a-legacy-colour-value
export function legacyColor(value) {
  if (value === null || value === '') return undefined;
  let input = StringPrototypeTrim(value);
  // 3. "transparent" is an error
  if (StringPrototypeToLowerCase(input) === 'transparent') return undefined;
  // 4-5. A name, or #rgb
  const list = RegExpPrototypeExec(/^(?:[a-zA-Z]+|#[0-9a-fA-F]{3})$/, input) === null ? null : cssComponents(input);
  const named = list === null || list.length !== 1 || StringPrototypeToLowerCase(input) === 'currentcolor' ? null : cssColorOf(list[0]);
  if (named !== null) return input;
  // 6-9. What is beyond the BMP is two zeros; at most 128; no leading #
  let text = '';
  for (let i = 0; i < input.length && text.length < 129; i++) {
    const code = StringPrototypeCodePointAt(input, i);
    text += code > 0xFFFF ? '00' : input[i];
    if (code > 0xFFFF) i++;
  }
  input = StringPrototypeSlice(text, 0, 128);
  if (input[0] === '#') input = StringPrototypeSlice(input, 1);
  // 10-11. Anything else is 0, and the length a multiple of three.
  let digits = '';
  for (let i = 0; i < input.length; i++) {
    const c = StringPrototypeCharCodeAt(StringPrototypeToLowerCase(input[i]), 0);
    digits += (c >= 48 && c <= 57) || (c >= 97 && c <= 102) ? input[i] : '0';
  }
  while (digits.length === 0 || digits.length % 3 !== 0) digits += '0';
  // 12-15. Three parts: their last eight digits, without leading zeros that all have, the first two of them
  let length = digits.length / 3;
  const parts = [StringPrototypeSlice(digits, 0, length), StringPrototypeSlice(digits, length, 2 * length), StringPrototypeSlice(digits, 2 * length)];
  const strip = (n) => {
    for (let i = 0; i < 3; i++) parts[i] = StringPrototypeSlice(parts[i], n);
    length -= n;
  };
  if (length > 8) strip(length - 8);
  while (length > 2 && parts[0][0] === '0' && parts[1][0] === '0' && parts[2][0] === '0') strip(1);
  let out = '#';
  for (let i = 0; i < 3; i++) {
    const number = NumberParseInt(StringPrototypeSlice(parts[i], 0, 2), 16);
    out += StringPrototypePadStart(NumberPrototypeToString(number, 16), 2, '0');
  }
  return out;
}

const LEGACY_FONT_SIZES = ['x-small', 'small', 'medium', 'large', 'x-large', 'xx-large', 'xxx-large'];

// https://html.spec.whatwg.org/multipage/rendering.html#rules-for-parsing-a-legacy-font-size
function fontSizeHint(text) {
  const m = text === null ? null : RegExpPrototypeExec(/^[ \t\n\f\r]*([+-]?)(\d+)/, text);
  if (m === null) return undefined;
  const n = m[1] === '+' ? 3 + +m[2] : m[1] === '-' ? 3 - m[2] : +m[2];
  return LEGACY_FONT_SIZES[n < 1 ? 0 : n > 7 ? 6 : n - 1];
}

function includesSide(sides, side) {
  return StringPrototypeIncludes(sides, side[0]);
}

// `side` and `part` of border-<side>-<part>
function borderHint(el, localName, side, part) {
  if (localName === 'td' || localName === 'th') {
    const table = tableOfCell(el);
    if (table === null) return undefined;
    const rules = RULE_SIDES[attrLower(table, 'rules')];
    if (part === 'color') return undefined;
    if (rules !== undefined) return includesSide(rules, side) ? (part === 'style' ? 'solid' : '1px') : undefined;
    if (!hasAttr(table, 'border') || borderOf(table) === 0) return undefined;
    return part === 'style' ? 'inset' : '1px';
  }
  if (localName === 'table') {
    if (part === 'color') return legacyColor(getAttr(el, 'bordercolor'));
    const frame = FRAME_SIDES[attrLower(el, 'frame')];
    if (frame !== undefined) return includesSide(frame, side) ? (part === 'style' ? 'solid' : (borderOf(el) || 1) + 'px') : part === 'style' ? 'hidden' : undefined;
    if (part === 'style') {
      if (borderOf(el) > 0) return hasAttr(el, 'bordercolor') ? 'solid' : 'outset';
      return RULE_SIDES[attrLower(el, 'rules')] === undefined ? undefined : 'hidden';
    }
    return hasAttr(el, 'border') ? borderOf(el) + 'px' : undefined;
  }
  if (localName === 'hr') {
    if (part === 'color') return legacyColor(getAttr(el, 'color'));
    if (part === 'style') return hasAttr(el, 'color') || hasAttr(el, 'noshade') ? 'solid' : undefined;
    return side === 'bottom' && !hasAttr(el, 'noshade') && hasAttr(el, 'size') && pixelsHint(getAttr(el, 'size')) <= 1 ? '0px' : undefined;
  }
  if (localName === 'iframe') return part === 'width' && getAttr(el, 'frameborder') === '0' ? '0px' : undefined;
  if ((localName !== 'img' && localName !== 'object' && !(localName === 'input' && isSpaced(el, localName))) || !hasAttr(el, 'border')) return undefined;
  return part === 'style' ? 'solid' : part === 'width' ? borderOf(el) + 'px' : undefined;
}

function marginHint(el, localName, side) {
  if (isSpaced(el, localName)) return dimensionHint(getAttr(el, side === 'left' || side === 'right' ? 'hspace' : 'vspace'));
  const align = attrLower(el, 'align');
  if (side !== 'left' && side !== 'right') return undefined;
  if (localName === 'table') return align === 'center' ? 'auto' : undefined;
  if (localName === 'hr' && (align === 'left' || align === 'right')) return side === align ? '0px' : 'auto';
  return undefined;
}

// What attributes say of a property; undefined: nothing
export function presentationalHint(el, localName, name) {
  switch (name) {
    case 'text-align': {
      const prefix = ALIGNED_TEXT[localName];
      const align = prefix === undefined ? '' : attrLower(el, 'align');
      if (align === 'justify') return 'justify';
      return align === 'left' || align === 'right' || align === 'center' ? prefix + align : align === 'middle' ? prefix + 'center' : undefined;
    }
    case 'vertical-align': {
      if (TABLE_PART[localName] === true) return VERTICAL[attrLower(el, 'valign')];
      return isSpaced(el, localName) && localName !== 'marquee' ? IN_LINE[attrLower(el, 'align')] : undefined;
    }
    case 'float': {
      if (localName !== 'table' && (!isSpaced(el, localName) || localName === 'marquee')) return undefined;
      const align = attrLower(el, 'align');
      return align === 'left' || align === 'right' ? align : undefined;
    }
    case 'clear': {
      const clear = localName === 'br' ? attrLower(el, 'clear') : '';
      return clear === 'left' || clear === 'right' ? clear : clear === 'all' || clear === 'both' ? 'both' : undefined;
    }
    case 'caption-side': return localName === 'caption' && attrLower(el, 'align') === 'bottom' ? 'bottom' : undefined;
    case 'background-color': {
      if (localName === 'hr') return hasAttr(el, 'color') ? legacyColor(getAttr(el, 'color')) : hasAttr(el, 'noshade') ? 'currentcolor' : undefined;
      return localName === 'body' || localName === 'table' || localName === 'marquee' || TABLE_PART[localName] === true ? legacyColor(getAttr(el, 'bgcolor')) : undefined;
    }
    case 'background-image': {
      const url = localName === 'body' || localName === 'table' || TABLE_PART[localName] === true ? getAttr(el, 'background') : null;
      return url === null || url === '' ? undefined : 'url(' + serializeCssString(StringPrototypeTrim(url)) + ')';
    }
    case 'color': return localName === 'font' ? legacyColor(getAttr(el, 'color')) : localName === 'body' ? legacyColor(getAttr(el, 'text')) : undefined;
    case 'font-family': {
      const face = localName === 'font' ? getAttr(el, 'face') : null;
      return face === null || face === '' ? undefined : face;
    }
    case 'font-size': return localName === 'font' ? fontSizeHint(getAttr(el, 'size')) : undefined;
    case 'list-style-type': {
      const type = localName === 'ul' || localName === 'ol' || localName === 'li' ? getAttr(el, 'type') : null;
      if (type === null) return undefined;
      return LIST_TYPES[StringPrototypeToLowerCase(type)] ?? (localName === 'ul' ? undefined : NUMBER_TYPES[type]);
    }
    case 'width': return sizeHint(el, localName, name);
    case 'height':
      if (localName === 'hr') return hasAttr(el, 'size') && !hasAttr(el, 'noshade') && pixelsHint(getAttr(el, 'size')) > 1 ? pixelsHint(getAttr(el, 'size')) - 2 + 'px' : undefined;
      return sizeHint(el, localName, name);
    case 'padding-top': case 'padding-right': case 'padding-bottom': case 'padding-left': {
      const table = localName === 'td' || localName === 'th' ? tableOfCell(el) : null;
      const padding = table === null ? -1 : pixelsHint(getAttr(table, 'cellpadding'));
      return padding < 0 ? undefined : padding + 'px';
    }
    case 'margin-top': case 'margin-right': case 'margin-bottom': case 'margin-left': return marginHint(el, localName, StringPrototypeSlice(name, 7));
    case 'border-spacing': {
      const spacing = localName === 'table' ? pixelsHint(getAttr(el, 'cellspacing')) : -1;
      return spacing < 0 ? undefined : spacing + 'px';
    }
    case 'border-collapse': return localName === 'table' && RULE_SIDES[attrLower(el, 'rules')] !== undefined ? 'collapse' : undefined;
    case 'border-top-style': case 'border-top-width': case 'border-top-color': return borderHint(el, localName, 'top', StringPrototypeSlice(name, 11));
    case 'border-right-style': case 'border-right-width': case 'border-right-color': return borderHint(el, localName, 'right', StringPrototypeSlice(name, 13));
    case 'border-bottom-style': case 'border-bottom-width': case 'border-bottom-color': return borderHint(el, localName, 'bottom', StringPrototypeSlice(name, 14));
    case 'border-left-style': case 'border-left-width': case 'border-left-color': return borderHint(el, localName, 'left', StringPrototypeSlice(name, 12));
    case 'text-wrap-mode': {
      if (localName === 'td' || localName === 'th') return hasAttr(el, 'nowrap') ? 'nowrap' : undefined;
      if (localName === 'textarea') return attrLower(el, 'wrap') === 'off' ? 'nowrap' : undefined;
      return localName === 'pre' && hasAttr(el, 'wrap') ? 'wrap' : undefined;
    }
    case 'overflow-wrap': return localName === 'textarea' && attrLower(el, 'wrap') === 'off' ? 'normal' : undefined;
    case 'interactivity': return hasAttr(el, 'inert') ? 'inert' : undefined;
    default: return undefined;
  }
}
