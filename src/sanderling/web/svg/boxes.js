// https://svgwg.org/svg2-draft/coords.html#BoundingBoxes
// The bounding boxes of text and of shapes that their attributes describe; groups have that of what is in them. Paths count as empty: their geometry is not known.

import { NumberParseFloat, RegExpPrototypeExec, MathMax, MathMin } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { SVG_NS } from '../dom/namespaces.js';
import { descendantTextContent } from '../dom/tree.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { textWidth } from '../html/canvas/text_width.js';

const MAX_DEPTH_OF_BOXES = 200;      // groups deeper than that count as empty

function svgNumber(el, name) {
  const number = NumberParseFloat(getAttr(el, name) ?? '');
  return number === number ? number : 0;
}

// Style sheets win over presentation attributes, which the cascade does not know; `initial` says that none has spoken.
function svgPresentation(el, name, initial) {
  const value = computedValueOf(el, name);
  if (value !== '' && value !== initial) return value;
  for (let at = el; at !== null && at.nodeType === 1 && at.namespace === SVG_NS; at = at.parent) {
    const given = getAttr(at, name);
    if (given !== null && given !== 'inherit') return given;
  }
  return initial;
}

function svgFontSize(el) {
  const size = NumberParseFloat(svgPresentation(el, 'font-size', '16px'));
  return size > 0 ? size : 0;
}

// White space as it is without `xml:space`: one space between words.
function svgTextShown(el) {
  const text = descendantTextContent(el);
  const word = /\S+/g;
  let out = '';
  for (let match; (match = RegExpPrototypeExec(word, text)) !== null;) out += (out === '' ? '' : ' ') + match[0];
  return out;
}

// https://svgwg.org/svg2-draft/text.html#__svg__SVGTextContentElement__getComputedTextLength
export function svgTextLength(el) {
  return textWidth(svgTextShown(el), svgFontSize(el), svgPresentation(el, 'font-family', '"Times New Roman"'));
}

const ASCENT_OF_TEXT = 0.905;
const HEIGHT_OF_TEXT = 1.117;

// Lines are tspans with a place of their own; each counts from its own place.
function svgTextBox(el) {
  const size = svgFontSize(el);
  let box = null;
  let x = svgNumber(el, 'x');
  let y = svgNumber(el, 'y');
  const add = (node) => {
    const width = svgTextLength(node);
    if (width === 0) return;
    const anchor = svgPresentation(el, 'text-anchor', 'start');
    const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
    box = unionOfBoxes(box, [left, y - ASCENT_OF_TEXT * size, width, HEIGHT_OF_TEXT * size]);
  };
  const isLine = (node) => node.nodeType === 1 && (getAttr(node, 'x') !== null || getAttr(node, 'y') !== null || getAttr(node, 'dy') !== null);
  let lines = false;
  for (let node = el.first; node !== null; node = node.next) lines ||= isLine(node);
  if (!lines) {
    add(el);
    return box;
  }
  for (let node = el.first; node !== null; node = node.next) {
    if (node.nodeType !== 1) continue;
    if (getAttr(node, 'x') !== null) x = svgNumber(node, 'x');
    if (getAttr(node, 'y') !== null) y = svgNumber(node, 'y');
    const dy = getAttr(node, 'dy');
    if (dy !== null) y += RegExpPrototypeExec(/em\s*$/, dy) === null ? svgNumber(node, 'dy') : svgNumber(node, 'dy') * size;
    add(node);
  }
  return box;
}

function unionOfBoxes(a, b) {
  if (a === null || b === null) return a ?? b;
  const x = MathMin(a[0], b[0]);
  const y = MathMin(a[1], b[1]);
  return [x, y, MathMax(a[0] + a[2], b[0] + b[2]) - x, MathMax(a[1] + a[3], b[1] + b[3]) - y];
}

// https://svgwg.org/svg2-draft/shapes.html#DataTypePoints: up to what is no number; one that has no second is none.
function svgPointsBox(text) {
  const number = /[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/iy;
  let box = null;
  for (;;) {
    const x = RegExpPrototypeExec(number, text);
    const y = x === null ? null : RegExpPrototypeExec(number, text);
    if (y === null) return box;
    box = unionOfBoxes(box, [NumberParseFloat(x[1]), NumberParseFloat(y[1]), 0, 0]);
  }
}

// Of what the element's own `transform` does to a box in it: translations and scales; what turns or skews a box is not followed.
function movedSvgBox(el, box) {
  let left = getAttr(el, 'transform') ?? '';
  if (box === null || left === '') return box;
  const steps = [];
  for (;;) {
    const match = RegExpPrototypeExec(/^[\s,]*(translate|scale)\(\s*([-+.\deE]+)(?:[\s,]+([-+.\deE]+))?\s*\)([^]*)$/, left);
    if (match === null) break;
    const first = NumberParseFloat(match[2]);
    const second = match[3] === undefined ? (match[1] === 'scale' ? first : 0) : NumberParseFloat(match[3]);
    steps[steps.length] = [match[1], first, second];
    left = match[4];
  }
  let out = box;
  for (let i = steps.length - 1; i >= 0; i--) {
    const { 0: kind, 1: a, 2: b } = steps[i];
    if (kind === 'translate') out = [out[0] + a, out[1] + b, out[2], out[3]];
    else out = [MathMin(out[0] * a, (out[0] + out[2]) * a), MathMin(out[1] * b, (out[1] + out[3]) * b), out[2] * (a < 0 ? -a : a), out[3] * (b < 0 ? -b : b)];
  }
  return out;
}

function svgBoxOf(el, depth) {
  switch (el.localName) {
    case 'text': case 'tspan': case 'textPath': return svgTextBox(el);
    case 'rect': case 'image': case 'foreignObject': return [svgNumber(el, 'x'), svgNumber(el, 'y'), svgNumber(el, 'width'), svgNumber(el, 'height')];
    case 'circle': {
      const r = svgNumber(el, 'r');
      return [svgNumber(el, 'cx') - r, svgNumber(el, 'cy') - r, 2 * r, 2 * r];
    }
    case 'ellipse': {
      const rx = svgNumber(el, 'rx');
      const ry = svgNumber(el, 'ry');
      return [svgNumber(el, 'cx') - rx, svgNumber(el, 'cy') - ry, 2 * rx, 2 * ry];
    }
    case 'line': return unionOfBoxes([svgNumber(el, 'x1'), svgNumber(el, 'y1'), 0, 0], [svgNumber(el, 'x2'), svgNumber(el, 'y2'), 0, 0]);
    case 'polyline': case 'polygon': return svgPointsBox(getAttr(el, 'points') ?? '');
    case 'g': case 'a': case 'svg': case 'switch': {
      let box = null;
      if (depth === MAX_DEPTH_OF_BOXES) return box;
      for (let child = el.first; child !== null; child = child.next) {
        if (child.nodeType === 1 && child.namespace === SVG_NS && computedValueOf(child, 'display') !== 'none') box = unionOfBoxes(box, movedSvgBox(child, svgBoxOf(child, depth + 1)));
      }
      return box;
    }
    default: return null;
  }
}

// [x, y, width, height] in the element's own coordinates; zeros for what is not rendered or of no size.
export function svgBox(el) {
  return svgBoxOf(el, 0) ?? [0, 0, 0, 0];
}
