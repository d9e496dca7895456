// https://drafts.csswg.org/cssom/#resolved-values
// Resolved values that are used values: sizes, edges, margins and insets as the flat layout has them.

import { MathMax, NumberIsNaN, NumberParseFloat, SafeSet, StringPrototypeEndsWith, StringPrototypeIncludes, StringPrototypeSlice, StringPrototypeStartsWith } from '../../primordials.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { cssComponents, cssNumberText, serializeCssComponent, splitCssCommas } from '../syntax/components.js';
import { matrixFromText } from '../../geometry/DOMMatrix.js';
import { isCssMath } from '../values/numbers.js';
import { boxOf, boxSizeOf } from '../cssom-view/geometry.js';
import { innerEdges } from '../cssom-view/box_sizes.js';
import { holdsFixedBoxes, lengthOfBase } from '../cssom-view/layout_facts.js';
import { inPixels } from '../cssom-view/moved_boxes.js';
import { cascadeOf, flatParent } from './cascade.js';
import { computedCss, computedValueOf } from './computed.js';
import { isRendered } from './rendered.js';

const USED_BOX = new SafeSet(['width', 'height']);
const USED_INSETS = new SafeSet(['top', 'right', 'bottom', 'left']);
const OPPOSITE_SIDES = { __proto__: null, top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

// The resolved value of a longhand of an element; `value` is the computed one.
export function resolvedValue(el, cascade, name, value) {
  if (name === 'line-height') return usedLineHeight(cascade, value);
  if (USED_BOX.has(name)) return usedSize(el, cascade, name, value);
  if (USED_INSETS.has(name)) return usedInset(el, cascade, name, value);
  if (StringPrototypeStartsWith(name, 'margin-') || StringPrototypeStartsWith(name, 'padding-')) return usedSpace(el, cascade, name, value);
  if (value === 'auto' && (name === 'min-width' || name === 'min-height')) return isFlexItem(el) ? value : '0px';
  if (name === 'transform') return usedTransform(el, value);
  if (name === 'box-shadow' || name === 'text-shadow') return usedShadows(value, name === 'box-shadow' ? 4 : 3, computedCss(cascade, 'color'));
  if (name === 'caret-color' && value === 'auto') return computedCss(cascade, 'color');
  return value;
}

// https://drafts.csswg.org/css-sizing-3/#valdef-min-width-auto: elsewhere it is no minimum, and says so
function isFlexItem(el) {
  const parent = flatParent(el);
  if (parent === null || parent === undefined) return false;
  const display = computedValueOf(parent, 'display');
  return display === 'flex' || display === 'inline-flex' || display === 'grid' || display === 'inline-grid';
}

// https://drafts.csswg.org/css-transforms-2/#serialization-of-the-computed-value: one matrix
function usedTransform(el, value) {
  if (value === 'none') return value;
  const box = isRendered(el) ? boxOf(el) : null;
  if (box === null && StringPrototypeIncludes(value, '%')) return value;
  const text = inPixels(value, box === null ? 0 : box.width, box === null ? 0 : box.height);
  if (StringPrototypeIncludes(text, '%') || StringPrototypeIncludes(text, '(calc')) return value;
  const { values, is2D } = matrixFromText(text);
  const places = is2D ? [0, 1, 4, 5, 12, 13] : null;
  let out = '';
  for (let i = 0; i < (is2D ? 6 : 16); i++) out += (i > 0 ? ', ' : '') + cssNumberText(values[is2D ? places[i] : i]);
  return (is2D ? 'matrix(' : 'matrix3d(') + out + ')';
}

// Colour, all lengths, then `inset`: https://drafts.csswg.org/css-backgrounds-3/#box-shadow, as browsers give it
function usedShadows(value, count, currentColor) {
  const list = value === 'none' ? null : cssComponents(value);
  if (list === null) return value;
  const parts = splitCssCommas(list);
  let out = '';
  for (let i = 0; i < parts.length; i++) {
    let color = currentColor;
    let lengths = '';
    let given = 0;
    let inset = '';
    for (let j = 0; j < parts[i].length; j++) {
      const text = serializeCssComponent(parts[i][j]);
      if (text === 'inset') inset = ' inset';
      else if (parts[i][j].type === 'dimension' || isCssMath(parts[i][j])) {
        lengths += ' ' + text;
        given++;
      } else color = text;
    }
    for (; given < count; given++) lengths += ' 0px';
    out += (i > 0 ? ', ' : '') + color + lengths + inset;
  }
  return out;
}

// A number is a multiple of the font size.
function usedLineHeight(cascade, value) {
  const number = +value;
  return number === number ? cssNumberText(number * NumberParseFloat(computedCss(cascade, 'font-size'))) + 'px' : value;
}

function usedSize(el, cascade, name, value) {
  if (el.namespace !== HTML_NS || !isRendered(el)) return value;
  const display = computedCss(cascade, 'display');
  if (display === 'contents' || (display === 'inline' && !boxSizeOf(el).atomic)) return value;
  const size = boxSizeOf(el);
  let used = size[name];
  // The content box is asked for, unless box-sizing says otherwise.
  if (computedCss(cascade, 'box-sizing') !== 'border-box') {
    const edges = innerEdges(el, true);
    used -= name === 'width' ? edges.left + edges.right : edges.top + edges.bottom;
  }
  return cssNumberText(MathMax(0, used)) + 'px';
}

function usedSpace(el, cascade, name, value) {
  const relative = StringPrototypeEndsWith(value, '%') || StringPrototypeEndsWith(value, ')');
  if ((value !== 'auto' && !relative) || !isRendered(el)) return value;
  const area = containerOf(el, 'static');
  if (area === null) return value;
  if (relative) {
    const px = lengthOfBase(value, area.width);
    return NumberIsNaN(px) ? value : cssNumberText(px) + 'px';
  }
  // https://drafts.csswg.org/css2/#blockwidth: what is left over is for auto margins, in equal parts.
  const box = boxOf(el);
  const side = StringPrototypeSlice(name, 7);
  if (box === null || box.display === 'inline' || side === 'top' || side === 'bottom') return '0px';
  const position = computedCss(cascade, 'position');
  let room = area.width;
  if (position === 'absolute' || position === 'fixed') {
    const outer = containerOf(el, position);
    const left = computedCss(cascade, 'left');
    const right = computedCss(cascade, 'right');
    if (left === 'auto' || right === 'auto') return '0px';
    room = outer.width - lengthOfBase(left, outer.width) - lengthOfBase(right, outer.width);
  }
  room -= box.width;
  const other = computedCss(cascade, 'margin-' + OPPOSITE_SIDES[side]);
  room = other === 'auto' ? room / 2 : room - lengthOfBase(other, area.width);
  return cssNumberText(MathMax(0, room)) + 'px';
}

// The containing block of an element, { x, y, width, height } in px of the document (its content or padding box); null: there is none
function containerOf(el, position) {
  const { window } = el.doc;
  const viewport = { __proto__: null, x: 0, y: 0, width: window.width, height: window.height, definite: true };
  const out = position === 'absolute' || position === 'fixed';
  for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
    const box = boxOf(at);
    if (box === null) continue;
    if (position === 'fixed' && !holdsFixedBoxes(cascadeOf(at))) continue;
    if (position === 'absolute' && computedValueOf(at, 'position') === 'static' && !holdsFixedBoxes(cascadeOf(at))) continue;
    if (position === 'sticky' && (at.parent.nodeType === 9 || (computedValueOf(at, 'overflow-y') === 'visible' && computedValueOf(at, 'overflow-x') === 'visible'))) continue;
    if (position === 'static' && box.display === 'inline') continue;
    const edges = innerEdges(at, !out);
    return {
      __proto__: null, x: box.x + edges.left, y: box.y + edges.top, width: MathMax(0, box.width - edges.left - edges.right), height: MathMax(0, box.height - edges.top - edges.bottom),
      definite: out || box.definite >= 0 || position === 'sticky',
    };
  }
  return viewport;
}

// https://drafts.csswg.org/cssom/#resolved-value-special-case-property-like-top
function usedInset(el, cascade, name, value) {
  const position = computedCss(cascade, 'position');
  if (position === 'static' || StringPrototypeEndsWith(value, 'px') || !isRendered(el)) return value;
  const box = boxOf(el);
  if (box === null) return value;
  const area = containerOf(el, position === 'relative' ? 'static' : position);
  const across = name === 'left' || name === 'right';
  const length = across ? area.width : area.height;
  const px = !across && !area.definite ? NaN : lengthOfBase(value, length);
  if (!NumberIsNaN(px)) return cssNumberText(px) + 'px';
  if (position === 'sticky') return value;
  if (position === 'relative') {
    // https://drafts.csswg.org/css-position-3/#relpos-insets: the other side says how far it is moved.
    const other = computedCss(cascade, OPPOSITE_SIDES[name]);
    const moved = !across && !area.definite && !StringPrototypeEndsWith(other, 'px') ? NaN : lengthOfBase(other, length);
    return NumberIsNaN(moved) || moved === 0 ? '0px' : cssNumberText(-moved) + 'px';
  }
  const margin = lengthOfBase(computedCss(cascade, 'margin-' + name), area.width);
  const edge = name === 'top' ? box.y - area.y : name === 'left' ? box.x - area.x : name === 'right' ? area.x + area.width - box.x - box.width : area.y + area.height - box.y - box.height;
  return cssNumberText(edge - (NumberIsNaN(margin) ? 0 : margin)) + 'px';
}

// For what is not rendered in a frame that is not, there is no style: https://drafts.csswg.org/cssom/#dom-window-getcomputedstyle, 3
export function isInStyledTree(el) {
  for (let node = el; node !== null && node.nodeType === 1;) {
    const parent = flatParent(node);
    if (parent === undefined) return false;
    node = parent;
  }
  return true;
}

export function isInRenderedFrame(el) {
  for (let { window } = el.doc; window !== null && window.frameElement !== null; window = window.frameElement.doc.window) if (!isRendered(window.frameElement)) return false;
  return true;
}
