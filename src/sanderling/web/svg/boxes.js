// https://svgwg.org/svg2-draft/coords.html#BoundingBoxes
// The bounding boxes of text and of shapes that their attributes describe; groups have that of what is in them.

import { NumberParseFloat, RegExpPrototypeExec, MathMax, MathMin } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { SVG_NS } from '../dom/namespaces.js';
import { descendantTextContent } from '../dom/tree.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { mappedPoint } from '../geometry/outline.js';
import { boxOfOutline } from '../geometry/outline_measure.js';
import { textWidth } from '../html/canvas/text_width.js';
import { outlineOfShape, svgLength, transformOfElement } from './shapes.js';

const MAX_DEPTH_OF_BOXES = 200;      // groups deeper than that count as empty

function svgNumber(el, name) {
  const number = NumberParseFloat(getAttr(el, name) ?? '');
  return number === number ? number : 0;
}

function svgFontSize(el) {
  const size = NumberParseFloat(computedValueOf(el, 'font-size'));
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
  return textWidth(svgTextShown(el), svgFontSize(el), computedValueOf(el, 'font-family'));
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
    const anchor = computedValueOf(el, 'text-anchor');
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

// The box around a box that a matrix moved
function movedSvgBox(el, box) {
  if (box === null) return box;
  const m = transformOfElement(el);
  let out = null;
  for (let i = 0; i < 4; i++) {
    const { 0: x, 1: y } = mappedPoint(m, i % 2 === 0 ? box[0] : box[0] + box[2], i < 2 ? box[1] : box[1] + box[3]);
    out = unionOfBoxes(out, [x, y, 0, 0]);
  }
  return out;
}

function svgBoxOf(el, depth) {
  switch (el.localName) {
    case 'text': case 'tspan': case 'textPath': return svgTextBox(el);
    case 'image': case 'foreignObject': return [svgLength(el, 'x', 0), svgLength(el, 'y', 1), svgLength(el, 'width', 0), svgLength(el, 'height', 1)];
    case 'rect': return [svgLength(el, 'x', 0), svgLength(el, 'y', 1), MathMax(0, svgLength(el, 'width', 0)), MathMax(0, svgLength(el, 'height', 1))];
    case 'g': case 'a': case 'svg': case 'switch': {
      let box = null;
      if (depth === MAX_DEPTH_OF_BOXES) return box;
      for (let child = el.first; child !== null; child = child.next) {
        if (child.nodeType === 1 && child.namespace === SVG_NS && computedValueOf(child, 'display') !== 'none') box = unionOfBoxes(box, movedSvgBox(child, svgBoxOf(child, depth + 1)));
      }
      return box;
    }
    default: {
      const outline = outlineOfShape(el);
      return outline === null ? null : boxOfOutline(outline);
    }
  }
}

// [x, y, width, height] in the element's own coordinates; zeros for what is not rendered or of no size.
export function svgBox(el) {
  return svgBoxOf(el, 0) ?? [0, 0, 0, 0];
}
