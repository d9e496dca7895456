// https://drafts.csswg.org/css-transforms-1/ and https://drafts.csswg.org/css-position-3/#stickypos-insets
// Where boxes are seen, as what is around them is scrolled, transformed and stuck.

import { MathMax, MathMin, NumberParseFloat, StringPrototypeEndsWith } from '../../primordials.js';
import { cssComponents, serializeCssComponent, CssComponent } from '../syntax/components.js';
import { matrixFromText } from '../../geometry/DOMMatrix.js';
import { innerEdges } from './box_sizes.js';
import { lengthOfBase } from './layout_facts.js';

let looks = 0;                 // counts scrolling: what was seen before it is not true any more

export function noteScrolled() {
  looks++;
}

export function seenRect(box) {
  const known = box.seen;
  const { window } = box.el.doc;
  if (known !== null && known.looks === looks && known.scrollX === window.scrollX && known.scrollY === window.scrollY) return known;
  const rect = rectSeen(box, box.left, box.top, box.width, box.height);
  rect.looks = looks;
  rect.scrollX = window.scrollX;
  rect.scrollY = window.scrollY;
  box.seen = rect;
  return rect;
}

// A rectangle in the coordinates of a box, as it is seen: the bounds of it
export function rectSeen(box, x, y, width, height) {
  const corners = [x, y, x + width, y, x + width, y + height, x, y + height];
  for (let at = box; at !== null && at.moves; at = at.holder) {
    const { facts, holder } = at;
    if (facts.moves) {
      const matrix = at.matrix ?? (at.matrix = matrixOf(at));
      if (matrix !== NO_MATRIX) applyMatrix(matrix, corners);
      if (facts.position === 'sticky') {
        const by = stickyShift(at);
        for (let i = 0; i < 8; i += 2) {
          corners[i] += by.x;
          corners[i + 1] += by.y;
        }
      }
    }
    if (holder !== null && holder.facts.scrolls && (holder.el.scrollX !== 0 || holder.el.scrollY !== 0) && !isViewportScroller(holder)) {
      for (let i = 0; i < 8; i += 2) {
        corners[i] -= holder.el.scrollX;
        corners[i + 1] -= holder.el.scrollY;
      }
    }
  }
  let { 0: left, 1: top } = corners;
  let right = left;
  let bottom = top;
  for (let i = 2; i < 8; i += 2) {
    left = MathMin(left, corners[i]);
    right = MathMax(right, corners[i]);
    top = MathMin(top, corners[i + 1]);
    bottom = MathMax(bottom, corners[i + 1]);
  }
  return { __proto__: null, x: left, y: top, width: right - left, height: bottom - top, looks: 0, scrollX: 0, scrollY: 0 };
}

// https://drafts.csswg.org/css-overflow-3/#overflow-propagation: is what this box's style says of scrolling said of the viewport?
export function isViewportScroller(box) {
  const { el } = box;
  const { doc } = el;
  const html = doc.documentElement();
  if (el === html) return true;
  if (el !== doc.bodyElement() || html === null || el.parent !== html) return false;
  return box.holder !== null && box.holder.el === html && !box.holder.facts.clips;
}

// -- transforms --------------------------------------------------------------------------------------------------------

const NO_MATRIX = { __proto__: null };

function applyMatrix(m, corners) {
  for (let i = 0; i < 8; i += 2) {
    const x = corners[i] - m.x;
    const y = corners[i + 1] - m.y;
    const w = m.values[3] * x + m.values[7] * y + m.values[15];
    const by = w === 0 ? 1 : 1 / w;
    corners[i] = m.x + (m.values[0] * x + m.values[4] * y + m.values[12]) * by;
    corners[i + 1] = m.y + (m.values[1] * x + m.values[5] * y + m.values[13]) * by;
  }
}

const ORIGIN_WORDS = { __proto__: null, left: '0%', top: '0%', center: '50%', right: '100%', bottom: '100%' };

function matrixOf(box) {
  const { facts } = box;
  const text = wholeTransform(facts, box.width, box.height);
  if (text === '') return NO_MATRIX;
  let values;
  try {
    ({ values } = matrixFromText(text));
  } catch {
    return NO_MATRIX;          // it hangs on what only a real page has
  }
  const list = cssComponents(facts.value('transform-origin'));
  const place = (i, size) => {
    const word = list === null || list.length <= i ? '50%' : serializeCssComponent(list[i]);
    const px = lengthOfBase(ORIGIN_WORDS[word] ?? word, size);
    return px === px ? px : size / 2;
  };
  return { __proto__: null, values, x: box.left + place(0, box.width), y: box.top + place(1, box.height) };
}

// https://drafts.csswg.org/css-transforms-2/#ctm: translate, rotate, scale, then transform
export function wholeTransform(facts, width, height) {
  const { map } = facts.cascade;
  if (map === null) return '';
  let out = '';
  if (map.has('translate')) {
    const list = cssComponents(facts.value('translate'));
    if (list !== null && list[0].type !== 'ident') out += `translate(${pxText(list[0], width)}, ${list.length > 1 ? pxText(list[1], height) : '0px'}) `;
  }
  if (map.has('rotate')) {
    const list = cssComponents(facts.value('rotate'));
    if (list !== null && list.length === 1 && list[0].type !== 'ident') out += `rotate(${serializeCssComponent(list[0])}) `;
  }
  if (map.has('scale')) {
    const list = cssComponents(facts.value('scale'));
    if (list !== null && list[0].type !== 'ident') out += `scale(${scaleOf(list[0])}, ${scaleOf(list[list.length > 1 ? 1 : 0])}) `;
  }
  const value = map.has('transform') ? facts.value('transform') : 'none';
  return value === 'none' ? out : out + inPixels(value, width, height);
}

function scaleOf(node) {
  return node.type === 'percentage' ? node.number / 100 : node.number;
}

function pxText(node, base) {
  const px = lengthOfBase(serializeCssComponent(node), base);
  return (px === px ? px : 0) + 'px';
}

// A list of transforms with percentages of the box as lengths
export function inPixels(value, width, height) {
  const list = cssComponents(value);
  if (list === null) return value;
  let text = '';
  for (let i = 0; i < list.length; i++) {
    const { args } = list[i];
    if (args === null) return value;
    for (let j = 0, place = 0; j < args.length; j++) {
      if (args[j].type === 'comma') place++;
      else if (args[j].type === 'percentage' || args[j].type === 'function') {
        const down = list[i].value === 'translatey' || (list[i].value !== 'translatex' && place === 1);
        const px = lengthOfBase(serializeCssComponent(args[j]), down ? height : width);
        if (px !== px) continue;
        args[j] = new CssComponent('dimension', 'px', false);
        args[j].number = px;
      }
    }
    text += (i > 0 ? ' ' : '') + serializeCssComponent(list[i]);
  }
  return text;
}

// -- sticky boxes ------------------------------------------------------------------------------------------------------

function nearestScroller(box) {
  for (let at = box.holder; at !== null; at = at.holder) if (at.facts.scrolls && !isViewportScroller(at)) return at;
  return null;
}

function stickyShift(box) {
  const { facts, holder } = box;
  const { window } = box.el.doc;
  const scroller = nearestScroller(box);
  let port;
  if (scroller === null) port = { __proto__: null, x: box.fixed ? 0 : window.scrollX, y: box.fixed ? 0 : window.scrollY, width: window.width, height: window.height };
  else {
    const edges = innerEdges(scroller.el, false);
    port = {
      __proto__: null, x: scroller.left + edges.left + scroller.el.scrollX, y: scroller.top + edges.top + scroller.el.scrollY,
      width: scroller.width - edges.left - edges.right, height: scroller.height - edges.top - edges.bottom,
    };
  }
  const around = holder === null ? null : innerEdges(holder.el, true);
  const along = (start, end, at, size, from, length, first, last) => {
    let by = 0;
    const a = lengthOfBase(facts.value(start), length);
    const b = lengthOfBase(facts.value(end), length);
    if (b === b && at + size > from + length - b) by = MathMax(MathMin(0, first - at), from + length - b - size - at);
    if (a === a && at + by < from + a) by = MathMax(by, MathMin(from + a - at, MathMax(0, last - size - at)));
    return by;
  };
  const left = holder === null ? 0 : holder.left + around.left;
  const top = holder === null ? 0 : holder.top + around.top;
  // What is in a scroller may stick as far as its content reaches.
  const right = holder === null ? window.width : holder === scroller ? Infinity : holder.left + holder.width - around.right;
  const bottom = holder === null ? Infinity : holder === scroller ? Infinity : holder.top + holder.height - around.bottom;
  const mb = NumberParseFloat(StringPrototypeEndsWith(facts.value('margin-bottom'), 'px') ? facts.value('margin-bottom') : '0');
  return {
    __proto__: null, x: along('left', 'right', box.left, box.width, port.x, port.width, left, right),
    y: along('top', 'bottom', box.top, box.height, port.y, port.height, top, bottom - mb),
  };
}
