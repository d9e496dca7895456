// https://drafts.csswg.org/css-cascade-5/#shorthand
// Shorthands to longhands and back. Expansion gives a list of canonical values in the order of the longhands, or null.

import { ArrayPrototypeIndexOf, ArrayPrototypeSlice, SafeMap, StringPrototypeSplit, StringPrototypeToLowerCase, StringPrototypeStartsWith, StringPrototypeEndsWith, StringPrototypeIncludes } from '../../primordials.js';
import { serializeCssComponent, splitCssCommas } from '../syntax/components.js';
import { isCssWide, matchCssComponent, matchCssLonghand } from './parse.js';
import { CSS_LONGHAND_NAMES, cssLonghand } from './properties.js';

class CssShorthand {
  constructor(name, longhands, expand, collapse) {
    this.name = name;
    this.longhands = longhands;
    this.expand = expand;        // (components) => values or null
    this.collapse = collapse;    // (values) => text; '' when it has no such form
  }
}

const cssShorthands = new SafeMap();

function addCssShorthand(name, longhands, expand, collapse) {
  cssShorthands.set(name, new CssShorthand(name, longhands, expand, collapse));
}

const cssWords = (text) => StringPrototypeSplit(text, ' ');

function joinCss(values, separator) {
  let out = '';
  for (let i = 0; i < values.length; i++) if (values[i] !== '') out += (out === '' ? '' : separator) + values[i];
  return out;
}

// -- boxes and pairs ---------------------------------------------------------------------------------------------------

function expandCssBox(names) {
  return (list) => {
    if (list.length < 1 || list.length > 4) return null;
    const given = [];
    for (let i = 0; i < list.length; i++) {
      const text = matchCssLonghand(cssLonghand(names[0]), [list[i]]);
      if (text === null || isCssWide(text)) return null;
      given[i] = text;
    }
    const right = given[1] ?? given[0];
    return [given[0], right, given[2] ?? given[0], given[3] ?? right];
  };
}

function collapseCssBox(values) {
  if (values[1] !== values[3]) return joinCss(values, ' ');
  if (values[0] !== values[2]) return values[0] + ' ' + values[1] + ' ' + values[2];
  return values[0] === values[1] ? values[0] : values[0] + ' ' + values[1];
}

function expandCssPair(names) {
  const property = cssLonghand(names[0]);
  const other = cssLonghand(names[1]);
  return (list) => {
    if (list.length === 0) return null;
    for (let cut = list.length; cut > 0; cut--) {
      const first = matchCssLonghand(property, ArrayPrototypeSlice(list, 0, cut));
      if (first === null || isCssWide(first)) continue;
      if (cut === list.length) {
        const same = matchCssLonghand(other, list);
        return same === null ? null : [first, same];
      }
      const second = matchCssLonghand(other, ArrayPrototypeSlice(list, cut));
      if (second !== null && !isCssWide(second)) return [first, second];
    }
    return null;
  };
}

const collapseCssPair = (values) => (values[0] === values[1] ? values[0] : values[0] + ' ' + values[1]);

for (const line of [
  'margin:margin-top margin-right margin-bottom margin-left', 'padding:padding-top padding-right padding-bottom padding-left', 'inset:top right bottom left',
  'border-width:border-top-width border-right-width border-bottom-width border-left-width', 'border-style:border-top-style border-right-style border-bottom-style border-left-style',
  'border-color:border-top-color border-right-color border-bottom-color border-left-color',
  'scroll-margin:scroll-margin-top scroll-margin-right scroll-margin-bottom scroll-margin-left', 'scroll-padding:scroll-padding-top scroll-padding-right scroll-padding-bottom scroll-padding-left',
]) {
  const [name, rest] = line.split(':');
  const names = cssWords(rest);
  addCssShorthand(name, names, expandCssBox(names), collapseCssBox);
}
for (const line of [
  'overflow:overflow-x overflow-y', 'gap:row-gap column-gap', 'overscroll-behavior:overscroll-behavior-x overscroll-behavior-y', 'place-items:align-items justify-items',
  'place-content:align-content justify-content', 'place-self:align-self justify-self', 'contain-intrinsic-size:contain-intrinsic-width contain-intrinsic-height',
  'animation-range:animation-range-start animation-range-end',
]) {
  const [name, rest] = line.split(':');
  const names = cssWords(rest);
  addCssShorthand(name, names, expandCssPair(names), collapseCssPair);
}
for (const base of ['margin', 'padding', 'inset', 'scroll-margin', 'scroll-padding']) {
  for (const axis of ['block', 'inline']) {
    const names = [base + '-' + axis + '-start', base + '-' + axis + '-end'];
    addCssShorthand(base + '-' + axis, names, expandCssPair(names), collapseCssPair);
  }
}
for (const axis of ['block', 'inline']) {
  for (const part of ['width', 'style', 'color']) {
    const names = ['border-' + axis + '-start-' + part, 'border-' + axis + '-end-' + part];
    addCssShorthand('border-' + axis + '-' + part, names, expandCssPair(names), collapseCssPair);
  }
}

// -- parts in any order ------------------------------------------------------------------------------------------------

// One value for each longhand at most; those that are not given get their initial value. `most`: components one longhand may take.
function matchCssSet(names, list, defaults) {
  const out = [];
  for (let i = 0; i < names.length; i++) out[i] = null;
  for (let at = 0; at < list.length;) {
    let found = false;
    for (let i = 0; i < names.length && !found; i++) {
      if (out[i] !== null) continue;
      const property = cssLonghand(names[i]);
      const most = property.max < 3 ? property.max : 3;
      for (let length = most; length > 0; length--) {
        if (at + length > list.length) continue;
        const text = property.comma ? matchCssLonghand(property, ArrayPrototypeSlice(list, at, at + length)) : length === 1 ? matchCssLonghand(property, [list[at]]) : matchCssLonghand(property, ArrayPrototypeSlice(list, at, at + length));
        if (text === null || isCssWide(text)) continue;
        out[i] = text;
        at += length;
        found = true;
        break;
      }
    }
    if (!found) return null;
  }
  if (list.length === 0) return null;
  for (let i = 0; i < names.length; i++) out[i] = out[i] ?? defaults?.[names[i]] ?? cssLonghand(names[i]).initial;
  return out;
}

function collapseCssSet(names) {
  return (values) => {
    const given = [];
    for (let i = 0; i < values.length; i++) given[i] = values[i] === cssLonghand(names[i]).initial ? '' : values[i];
    const out = joinCss(given, ' ');
    if (out !== '') return out;
    // Lines say that they are not there by their style.
    for (let i = 0; i < names.length; i++) if (StringPrototypeEndsWith(names[i], '-style') && values[i] === 'none') return 'none';
    return values[0];
  };
}

for (const line of [
  'outline:outline-color outline-style outline-width', 'column-rule:column-rule-width column-rule-style column-rule-color', 'columns:column-width column-count', 'flex-flow:flex-direction flex-wrap',
  'list-style:list-style-position list-style-image list-style-type', 'text-emphasis:text-emphasis-style text-emphasis-color', '-webkit-text-stroke:-webkit-text-stroke-width -webkit-text-stroke-color',
  'border-top:border-top-width border-top-style border-top-color', 'border-right:border-right-width border-right-style border-right-color',
  'border-bottom:border-bottom-width border-bottom-style border-bottom-color', 'border-left:border-left-width border-left-style border-left-color',
  'border-block-start:border-block-start-width border-block-start-style border-block-start-color', 'border-block-end:border-block-end-width border-block-end-style border-block-end-color',
  'border-inline-start:border-inline-start-width border-inline-start-style border-inline-start-color', 'border-inline-end:border-inline-end-width border-inline-end-style border-inline-end-color',
  'text-decoration:text-decoration-line text-decoration-thickness text-decoration-style text-decoration-color', 'text-wrap:text-wrap-mode text-wrap-style',
  'font-synthesis:font-synthesis-weight font-synthesis-style font-synthesis-small-caps', 'offset:offset-position offset-path offset-distance offset-rotate offset-anchor',
]) {
  const [name, rest] = line.split(':');
  const names = cssWords(rest);
  addCssShorthand(name, names, (list) => {
    // `none` of list-style is the type and the image.
    if (name === 'list-style' && list.length === 1 && list[0].type === 'ident' && StringPrototypeToLowerCase(list[0].value) === 'none') return ['outside', 'none', 'none'];
    return matchCssSet(names, list, null);
  }, collapseCssSet(names));
}

const CSS_SIDES = ['top', 'right', 'bottom', 'left'];
const BORDER_PARTS = ['width', 'style', 'color'];
const CSS_BORDER = [];
for (const part of BORDER_PARTS) for (const side of CSS_SIDES) CSS_BORDER.push('border-' + side + '-' + part);
const BORDER_IMAGE = ['border-image-source', 'border-image-slice', 'border-image-width', 'border-image-outset', 'border-image-repeat'];
addCssShorthand('border', [...CSS_BORDER, ...BORDER_IMAGE], (list) => {
  const set = matchCssSet(['border-top-width', 'border-top-style', 'border-top-color'], list, null);
  if (set === null) return null;
  const out = [];
  for (let i = 0; i < 12; i++) out[i] = set[(i / 4) | 0];
  for (let i = 0; i < 5; i++) out[12 + i] = cssLonghand(BORDER_IMAGE[i]).initial;
  return out;
}, (values) => {
  for (let i = 0; i < 12; i++) if (values[i] !== values[i - (i % 4)]) return '';
  for (let i = 0; i < 5; i++) if (values[12 + i] !== cssLonghand(BORDER_IMAGE[i]).initial) return '';
  return collapseCssSet(['border-top-width', 'border-top-style', 'border-top-color'])([values[0], values[4], values[8]]);
});
for (const axis of ['block', 'inline']) {
  const names = [];
  for (const part of BORDER_PARTS) for (const end of ['start', 'end']) names.push('border-' + axis + '-' + end + '-' + part);
  addCssShorthand('border-' + axis, names, (list) => {
    const set = matchCssSet(['border-top-width', 'border-top-style', 'border-top-color'], list, null);
    return set === null ? null : [set[0], set[0], set[1], set[1], set[2], set[2]];
  }, (values) => (values[0] === values[1] && values[2] === values[3] && values[4] === values[5]
    ? collapseCssSet(['border-top-width', 'border-top-style', 'border-top-color'])([values[0], values[2], values[4]]) : ''));
}
const BORDER_IMAGE_INITIAL = 'none 100% / 1 / 0 stretch';
addCssShorthand('border-image', BORDER_IMAGE, (list) => {
  const out = [];
  for (let i = 0; i < 5; i++) out[i] = cssLonghand(BORDER_IMAGE[i]).initial;
  const plain = [];
  for (let i = 0; i < list.length; i++) {
    const source = matchCssComponent(cssLonghand('border-image-source'), list[i]);
    if (source !== null) out[0] = source;
    else plain[plain.length] = list[i];
  }
  let section = 1;
  let part = [];
  for (let i = 0; i <= plain.length; i++) {
    const node = plain[i];
    const repeat = node !== undefined && node.type === 'ident' ? matchCssComponent(cssLonghand('border-image-repeat'), node) : null;
    const slash = node !== undefined && node.type === 'delim' && node.value === '/';
    if (node !== undefined && repeat === null && !slash) {
      part[part.length] = node;
      continue;
    }
    if (part.length > 0) {
      const text = section > 3 ? null : matchCssLonghand(cssLonghand(BORDER_IMAGE[section]), part);
      if (text === null) return null;
      out[section] = text;
      part = [];
    }
    if (slash) section++;
    if (repeat !== null) out[4] = out[4] === 'stretch' ? repeat : out[4] + ' ' + repeat;
  }
  return out;
}, (values) => {
  const text = values[0] + ' ' + values[1] + ' / ' + values[2] + ' / ' + values[3] + ' ' + values[4];
  return text === BORDER_IMAGE_INITIAL ? 'none' : text;
});

const CSS_RADII = cssWords('border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius');
addCssShorthand('border-radius', CSS_RADII, (list) => {
  let slash = list.length;
  for (let i = 0; i < list.length; i++) if (list[i].type === 'delim') slash = i;
  const box = expandCssBox(CSS_RADII);
  const across = box(ArrayPrototypeSlice(list, 0, slash));
  if (across === null || slash === list.length) return across;
  const down = box(ArrayPrototypeSlice(list, slash + 1));
  if (down === null) return null;
  for (let i = 0; i < 4; i++) if (down[i] !== across[i]) across[i] += ' ' + down[i];
  return across;
}, (values) => {
  const across = [];
  const down = [];
  for (let i = 0; i < 4; i++) {
    const parts = splitTopLevel(values[i], ' ');
    across[i] = parts[0];
    down[i] = parts[1] ?? parts[0];
  }
  const a = collapseCssBox(across);
  const b = collapseCssBox(down);
  return a === b ? a : a + ' / ' + b;
});

// -- flex --------------------------------------------------------------------------------------------------------------

addCssShorthand('flex', ['flex-grow', 'flex-shrink', 'flex-basis'], (list) => {
  if (list.length === 1 && list[0].type === 'ident') {
    const word = StringPrototypeToLowerCase(list[0].value);
    if (word === 'none') return ['0', '0', 'auto'];
    if (word === 'auto') return ['1', '1', 'auto'];
  }
  let grow = null;
  let growAt = -2;
  let shrink = null;
  let basis = null;
  for (let i = 0; i < list.length; i++) {
    const number = matchCssComponent(cssLonghand('flex-grow'), list[i]);
    if (number !== null && grow === null) {
      grow = number;
      growAt = i;
    } else if (number !== null && shrink === null && i === growAt + 1) shrink = number;
    else {
      const text = basis === null ? matchCssComponent(cssLonghand('flex-basis'), list[i]) : null;
      if (text === null) return null;
      basis = text;
    }
  }
  if (grow === null && basis === null) return null;
  return [grow ?? '1', shrink ?? '1', basis ?? '0%'];
}, (values) => values[0] + ' ' + values[1] + ' ' + values[2]);

// -- font --------------------------------------------------------------------------------------------------------------

const FONT_RESET = cssWords('font-size-adjust font-kerning font-optical-sizing font-variant-ligatures font-variant-numeric font-variant-east-asian font-variant-alternates font-variant-position '
  + 'font-variant-emoji font-feature-settings font-language-override font-variation-settings');
const FONT_PARTS = ['font-style', 'font-variant-caps', 'font-weight', 'font-stretch', 'font-size', 'line-height', 'font-family'];
const FONT_SYSTEM = { __proto__: null, caption: true, icon: true, menu: true, 'message-box': true, 'small-caption': true, 'status-bar': true };
addCssShorthand('font', [...FONT_PARTS, ...FONT_RESET], (list) => {
  const out = [];
  for (let i = 0; i < FONT_PARTS.length; i++) out[i] = cssLonghand(FONT_PARTS[i]).initial;
  out[2] = 'normal';
  out[3] = 'normal';
  for (let i = 0; i < FONT_RESET.length; i++) out[FONT_PARTS.length + i] = cssLonghand(FONT_RESET[i]).initial;
  if (list.length === 1 && list[0].type === 'ident' && FONT_SYSTEM[StringPrototypeToLowerCase(list[0].value)]) {
    out[4] = '13.3333px';
    out[6] = 'system-ui';
    return out;
  }
  let at = 0;
  const seen = [false, false, false, false];
  for (; at < list.length; at++) {
    const node = list[at];
    if (node.type === 'ident' && StringPrototypeToLowerCase(node.value) === 'normal') continue;
    let found = false;
    for (let i = 0; i < 4 && !found; i++) {
      if (seen[i]) continue;
      if (i === 1 && node.type === 'ident' && StringPrototypeToLowerCase(node.value) !== 'small-caps') continue;
      if (i === 3 && node.type !== 'ident') continue;
      const text = matchCssLonghand(cssLonghand(FONT_PARTS[i]), [node]);
      if (text === null || isCssWide(text)) continue;
      out[i] = text;
      seen[i] = true;
      found = true;
    }
    if (!found) break;
  }
  if (at >= list.length) return null;
  const size = matchCssComponent(cssLonghand('font-size'), list[at++]);
  if (size === null) return null;
  out[4] = size;
  if (at < list.length && list[at].type === 'delim' && list[at].value === '/') {
    const height = at + 1 < list.length ? matchCssComponent(cssLonghand('line-height'), list[at + 1]) : null;
    if (height === null) return null;
    out[5] = height;
    at += 2;
  }
  const family = matchCssLonghand(cssLonghand('font-family'), ArrayPrototypeSlice(list, at));
  if (family === null || isCssWide(family)) return null;
  out[6] = family;
  return out;
}, (values) => {
  const parts = [];
  for (let i = 0; i < 4; i++) if (values[i] !== 'normal' && values[i] !== cssLonghand(FONT_PARTS[i]).initial) parts[parts.length] = values[i];
  parts[parts.length] = values[4] + (values[5] === 'normal' ? '' : ' / ' + values[5]);
  parts[parts.length] = values[6];
  return joinCss(parts, ' ');
});
const FONT_VARIANTS = cssWords('font-variant-ligatures font-variant-caps font-variant-numeric font-variant-east-asian font-variant-position font-variant-emoji');
addCssShorthand('font-variant', FONT_VARIANTS, (list) => {
  if (list.length === 1 && list[0].type === 'ident' && StringPrototypeToLowerCase(list[0].value) === 'none') return ['none', 'normal', 'normal', 'normal', 'normal', 'normal'];
  return matchCssSet(FONT_VARIANTS, list, null);
}, collapseCssSet(FONT_VARIANTS));

// -- white-space -------------------------------------------------------------------------------------------------------

const WHITE_SPACES = { __proto__: null, normal: ['collapse', 'wrap'], pre: ['preserve', 'nowrap'], 'pre-wrap': ['preserve', 'wrap'], 'pre-line': ['preserve-breaks', 'wrap'] };
addCssShorthand('white-space', ['white-space-collapse', 'text-wrap-mode'], (list) => {
  if (list.length === 1 && list[0].type === 'ident') {
    const known = WHITE_SPACES[StringPrototypeToLowerCase(list[0].value)];
    if (known !== undefined) return [known[0], known[1]];
  }
  return matchCssSet(['white-space-collapse', 'text-wrap-mode'], list, null);
}, (values) => {
  for (const name in WHITE_SPACES) if (WHITE_SPACES[name][0] === values[0] && WHITE_SPACES[name][1] === values[1]) return name;
  return collapseCssSet(['white-space-collapse', 'text-wrap-mode'])(values);
});

// -- layers: background, mask, transition, animation -------------------------------------------------------------------

// Each layer is a set; `last` are longhands without layers (background-color) that only the last one may give.
function expandCssLayers(names, match) {
  return (list) => {
    const layers = splitCssCommas(list);
    const out = [];
    for (let i = 0; i < layers.length; i++) {
      const values = match(layers[i], i === layers.length - 1);
      if (values === null) return null;
      for (let j = 0; j < names.length; j++) out[j] = i === 0 || names[j] === 'background-color' ? values[j] : out[j] + ', ' + values[j];
    }
    return out;
  };
}

// Values of longhands back to layers: the text of each, without initial values.
function collapseCssLayers(names, write) {
  return (values) => {
    const layers = [];
    let count = 0;
    for (let i = 0; i < names.length; i++) {
      layers[i] = splitTopLevel(values[i], ',');
      if (layers[i].length > count) count = layers[i].length;
    }
    let out = '';
    for (let at = 0; at < count; at++) {
      const parts = [];
      for (let i = 0; i < names.length; i++) {
        if (names[i] === 'background-color' && at < count - 1) parts[i] = cssLonghand(names[i]).initial;
        else parts[i] = layers[i][names[i] === 'background-color' ? 0 : at % layers[i].length];
      }
      out += (at > 0 ? ', ' : '') + write(parts);
    }
    return out;
  };
}

function splitTopLevel(text, separator) {
  const out = [''];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    if (text[i] === separator && depth === 0) {
      out[out.length] = '';
      if (separator === ',' && text[i + 1] === ' ') i++;
    } else out[out.length - 1] += text[i];
  }
  return out;
}

const CSS_BACKGROUND = cssWords('background-image background-position-x background-position-y background-size background-repeat background-attachment background-origin background-clip background-color');

function cutPosition(list, most) {
  // Positions are the longest run of keywords and lengths.
  const fits = (node) => matchCssComponent(cssLonghand('background-position-x'), node) !== null || matchCssComponent(cssLonghand('background-position-y'), node) !== null;
  let length = 0;
  while (length < most && length < list.length && fits(list[length])) length++;
  return length;
}

const VERTICAL_WORDS = { __proto__: null, top: true, bottom: true };

function cssPositionPair(list) {
  const text = [];
  for (let i = 0; i < list.length; i++) text[i] = matchCssComponent(cssLonghand(list[i].type === 'ident' && VERTICAL_WORDS[StringPrototypeToLowerCase(list[i].value)] ? 'background-position-y' : 'background-position-x'), list[i]);
  for (let i = 0; i < text.length; i++) if (text[i] === null) return null;
  if (text.length === 1) return VERTICAL_WORDS[text[0]] ? ['center', text[0]] : [text[0], 'center'];
  if (text.length === 2) return VERTICAL_WORDS[text[0]] || text[1] === 'left' || text[1] === 'right' ? [text[1], text[0]] : text;
  if (text.length === 4) return VERTICAL_WORDS[text[0]] ? [text[2] + ' ' + text[3], text[0] + ' ' + text[1]] : [text[0] + ' ' + text[1], text[2] + ' ' + text[3]];
  return null;
}

addCssShorthand('background', CSS_BACKGROUND, expandCssLayers(CSS_BACKGROUND, (list, isLast) => {
  const out = [];
  for (let i = 0; i < CSS_BACKGROUND.length; i++) out[i] = cssLonghand(CSS_BACKGROUND[i]).initial;
  if (list.length === 0) return null;
  const seen = { __proto__: null };
  for (let at = 0; at < list.length;) {
    const node = list[at];
    const image = seen.image ? null : matchCssComponent(cssLonghand('background-image'), node);
    if (image !== null) {
      out[0] = image;
      seen.image = true;
      at++;
      continue;
    }
    const length = seen.position ? 0 : cutPosition(ArrayPrototypeSlice(list, at), 4);
    if (length > 0) {
      const pair = cssPositionPair(ArrayPrototypeSlice(list, at, at + length));
      if (pair === null) return null;
      out[1] = pair[0];
      out[2] = pair[1];
      seen.position = true;
      at += length;
      if (at < list.length && list[at].type === 'delim' && list[at].value === '/') {
        let size = at + 3 <= list.length ? matchCssLonghand(cssLonghand('background-size'), ArrayPrototypeSlice(list, at + 1, at + 3)) : null;
        const two = size !== null;
        size = size ?? (at + 1 < list.length ? matchCssLonghand(cssLonghand('background-size'), ArrayPrototypeSlice(list, at + 1, at + 2)) : null);
        if (size === null) return null;
        out[3] = size;
        at += two ? 3 : 2;
      }
      continue;
    }
    const repeat = matchCssComponent(cssLonghand('background-repeat'), node);
    if (repeat !== null) {
      out[4] = seen.repeat ? out[4] + ' ' + repeat : repeat;
      seen.repeat = true;
      at++;
      continue;
    }
    const attachment = matchCssComponent(cssLonghand('background-attachment'), node);
    if (attachment !== null) {
      out[5] = attachment;
      at++;
      continue;
    }
    const box = matchCssComponent(cssLonghand('background-origin'), node);
    if (box !== null) {
      if (!seen.box) out[6] = box;
      out[7] = box;
      seen.box = true;
      at++;
      continue;
    }
    const color = isLast && !seen.color ? matchCssComponent(cssLonghand('background-color'), node) : null;
    if (color === null) return null;
    out[8] = color;
    seen.color = true;
    at++;
  }
  return out;
}), collapseCssLayers(CSS_BACKGROUND, (parts) => {
  const given = [];
  for (let i = 0; i < parts.length; i++) given[i] = parts[i] === cssLonghand(CSS_BACKGROUND[i]).initial ? '' : parts[i];
  const position = given[1] === '' && given[2] === '' && given[3] === '' ? '' : parts[1] + ' ' + parts[2] + (given[3] === '' ? '' : ' / ' + given[3]);
  const boxes = given[6] === '' && given[7] === '' ? '' : parts[6] === parts[7] ? parts[6] : parts[6] + ' ' + parts[7];
  const out = joinCss([given[8], given[0], position, given[4], given[5], boxes], ' ');
  return out === '' ? 'none' : out;
}));

const CSS_POSITIONS = ['background-position-x', 'background-position-y'];
addCssShorthand('background-position', CSS_POSITIONS, expandCssLayers(CSS_POSITIONS, (list) => (list.length === 0 ? null : cssPositionPair(list))), collapseCssLayers(CSS_POSITIONS, (parts) => parts[0] + ' ' + parts[1]));

const CSS_MASK = cssWords('mask-image mask-position mask-size mask-repeat mask-origin mask-clip mask-composite mask-mode');
const CSS_TRANSITION = cssWords('transition-property transition-duration transition-timing-function transition-delay transition-behavior');
const CSS_ANIMATION = cssWords('animation-duration animation-timing-function animation-delay animation-iteration-count animation-direction animation-fill-mode animation-play-state animation-name');
for (const names of [CSS_MASK, CSS_TRANSITION, CSS_ANIMATION]) {
  const name = names[0].split('-')[0];
  // Names come last: keywords of the others are tried first.
  const order = name === 'transition' ? ['transition-duration', 'transition-timing-function', 'transition-delay', 'transition-behavior', 'transition-property'] : names;
  const match = expandCssLayers(order, (list) => {
    const kept = [];
    for (let i = 0; i < list.length; i++) if (name !== 'mask' || list[i].type !== 'delim') kept[kept.length] = list[i];
    return matchCssSet(order, kept, null);
  });
  addCssShorthand(name, order, match, collapseCssLayers(order, (parts) => {
    const at = (key) => parts[ArrayPrototypeIndexOf(order, key)];
    if (name === 'transition') {
      const out = [at('transition-property') === 'all' ? '' : at('transition-property')];
      const delayed = at('transition-delay') !== '0s';
      out[1] = at('transition-duration') === '0s' && !delayed ? '' : at('transition-duration');
      out[2] = at('transition-timing-function') === 'ease' ? '' : at('transition-timing-function');
      out[3] = delayed ? at('transition-delay') : '';
      out[4] = at('transition-behavior') === 'normal' ? '' : at('transition-behavior');
      const text = joinCss(out, ' ');
      return text === '' ? 'all' : text;
    }
    const out = [];
    for (let i = 0; i < parts.length; i++) {
      const initial = parts[i] === cssLonghand(order[i]).initial;
      out[i] = initial && !(order[i] === 'animation-duration' && at('animation-delay') !== '0s') ? '' : parts[i];
    }
    const text = joinCss(out, ' ');
    return text === '' ? 'none' : text;
  }));
}

// -- grid --------------------------------------------------------------------------------------------------------------

function gridLines(names) {
  return (list) => {
    const parts = [[]];
    for (let i = 0; i < list.length; i++) {
      if (list[i].type === 'delim' && list[i].value === '/') parts[parts.length] = [];
      else parts[parts.length - 1][parts[parts.length - 1].length] = list[i];
    }
    if (parts.length > names.length) return null;
    const out = [];
    for (let i = 0; i < names.length; i++) {
      if (i < parts.length) {
        out[i] = matchCssLonghand(cssLonghand(names[i]), parts[i]);
        if (out[i] === null || isCssWide(out[i])) return null;
        continue;
      }
      const from = i >= 2 ? i - 2 : 0;
      const given = names.length === 4 && i === 3 ? out[1] : out[from];
      const source = parts[i === 1 ? 0 : i === 2 ? 0 : 1] ?? parts[0];
      out[i] = source.length === 1 && source[0].type === 'ident' ? given : 'auto';
    }
    return out;
  };
}

const collapseGridLines = (values) => {
  let count = values.length;
  while (count > 1 && (values[count - 1] === 'auto' || (values[count - 1] === values[count === 4 ? 1 : 0] && !StringPrototypeIncludes(values[count - 1], ' ')))) count--;
  let out = values[0];
  for (let i = 1; i < count; i++) out += ' / ' + values[i];
  return out;
};
for (const [name, names] of [['grid-row', 'grid-row-start grid-row-end'], ['grid-column', 'grid-column-start grid-column-end'], ['grid-area', 'grid-row-start grid-column-start grid-row-end grid-column-end']]) {
  addCssShorthand(name, cssWords(names), gridLines(cssWords(names)), collapseGridLines);
}
const GRID_TEMPLATE = cssWords('grid-template-rows grid-template-columns grid-template-areas');
const GRID_ALL = [...GRID_TEMPLATE, 'grid-auto-rows', 'grid-auto-columns', 'grid-auto-flow'];

function expandGridTemplate(list) {
  let slash = -1;
  let rows = '';
  let areas = '';
  for (let i = 0; i < list.length; i++) if (list[i].type === 'delim' && list[i].value === '/') slash = i;
  if (list.length === 1 && list[0].type === 'ident' && StringPrototypeToLowerCase(list[0].value) === 'none') return ['none', 'none', 'none'];
  const end = slash < 0 ? list.length : slash;
  for (let i = 0; i < end; i++) {
    const text = serializeCssComponent(list[i]);
    if (list[i].type === 'string') {
      areas += (areas === '' ? '' : ' ') + text;
      if (i + 1 >= end || list[i + 1].type === 'string') rows += (rows === '' ? '' : ' ') + 'auto';
    } else rows += (rows === '' ? '' : ' ') + text;
  }
  if (slash < 0 && areas === '') return null;
  const columns = slash < 0 ? 'none' : matchCssLonghand(cssLonghand('grid-template-columns'), ArrayPrototypeSlice(list, slash + 1));
  return rows === '' || columns === null ? null : [rows, columns, areas === '' ? 'none' : areas];
}

addCssShorthand('grid-template', GRID_TEMPLATE, expandGridTemplate, (values) => (values[0] === 'none' && values[1] === 'none' ? 'none' : values[2] === 'none' ? values[0] + ' / ' + values[1] : ''));
addCssShorthand('grid', GRID_ALL, (list) => {
  const template = expandGridTemplate(list);
  return template === null ? null : [template[0], template[1], template[2], 'auto', 'auto', 'row'];
}, (values) => (values[3] !== 'auto' || values[4] !== 'auto' || values[5] !== 'row' ? '' : values[0] === 'none' && values[1] === 'none' ? 'none' : values[2] === 'none' ? values[0] + ' / ' + values[1] : ''));

addCssShorthand('container', ['container-name', 'container-type'], (list) => {
  let slash = list.length;
  for (let i = 0; i < list.length; i++) if (list[i].type === 'delim') slash = i;
  const name = matchCssLonghand(cssLonghand('container-name'), ArrayPrototypeSlice(list, 0, slash));
  const type = slash === list.length ? 'normal' : matchCssLonghand(cssLonghand('container-type'), ArrayPrototypeSlice(list, slash + 1));
  return name === null || type === null ? null : [name, type];
}, (values) => (values[1] === 'normal' ? values[0] : values[0] + ' / ' + values[1]));

// https://drafts.csswg.org/css-break-4/#page-break-properties: `always` is a page
for (const side of ['before', 'after', 'inside']) {
  const taken = side === 'inside' ? ['auto', 'avoid'] : ['auto', 'avoid', 'left', 'right', 'always'];
  addCssShorthand('page-break-' + side, ['break-' + side], (list) => {
    const word = list.length === 1 && list[0].type === 'ident' ? StringPrototypeToLowerCase(list[0].value) : '';
    return ArrayPrototypeIndexOf(taken, word) < 0 ? null : [word === 'always' ? 'page' : word];
  }, (values) => (values[0] === 'page' ? 'always' : ArrayPrototypeIndexOf(taken, values[0]) < 0 || values[0] === 'always' ? '' : values[0]));
}

// https://drafts.csswg.org/css-cascade-5/#all-shorthand: takes the CSS-wide keywords only
const CSS_ALL = [];
for (let i = 0; i < CSS_LONGHAND_NAMES.length; i++) {
  const name = CSS_LONGHAND_NAMES[i];
  if (name !== 'direction' && name !== 'unicode-bidi') CSS_ALL[CSS_ALL.length] = name;
}
addCssShorthand('all', CSS_ALL, () => null, () => '');

export function cssShorthand(name) {
  return cssShorthands.get(name);
}

// In the order they are to be tried when a block is serialised: those of most longhands first.
export const CSS_SHORTHAND_NAMES = [];
const shorthandsOf = new SafeMap();
cssShorthands.forEach((shorthand, name) => {
  CSS_SHORTHAND_NAMES[CSS_SHORTHAND_NAMES.length] = name;
  if (name === 'all' || StringPrototypeStartsWith(name, 'page-break-')) return;
  for (const longhand of shorthand.longhands) {
    if (!shorthandsOf.has(longhand)) shorthandsOf.set(longhand, []);
    shorthandsOf.get(longhand).push(shorthand);
  }
});
shorthandsOf.forEach((list) => {
  list.sort((a, b) => b.longhands.length - a.longhands.length);
});

const NO_SHORTHANDS = [];
export function cssShorthandsOf(longhand) {
  return shorthandsOf.get(longhand) ?? NO_SHORTHANDS;
}
