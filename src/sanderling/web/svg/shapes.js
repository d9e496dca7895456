// https://svgwg.org/svg2-draft/shapes.html
// The outlines of shapes, what is measured of them, and the coordinates they stand in. Attributes count, and `transform` of style sheets; nothing else of CSS is looked at.

import { MathMax, MathMin, MathPI, MathSqrt, MathTan, MathCos, MathSin, NumberParseFloat, RegExpPrototypeExec, SafeWeakMap, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeSplit } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { SVG_NS } from '../dom/namespaces.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { boxOf } from '../css/cssom-view/geometry.js';
import { innerEdges } from '../css/cssom-view/box_sizes.js';
import { matrixFromText } from '../geometry/DOMMatrix.js';
import { multiplied2D, Outline } from '../geometry/outline.js';
import { MeasuredOutline } from '../geometry/outline_measure.js';
import { outlineOfPathData } from './path_data.js';

const UNITS = { __proto__: null, px: 1, cm: 96 / 2.54, mm: 96 / 25.4, in: 96, pt: 96 / 72, pc: 16, q: 96 / 101.6 };
const DEFAULT_SIZE = [300, 150];

export function isSVG(node, name) {
  return node !== null && node.nodeType === 1 && node.namespace === SVG_NS && (name === undefined || node.localName === name);
}

// https://svgwg.org/svg2-draft/coords.html#ViewBoxAttribute; null: none, or none that holds
export function viewBoxOf(el) {
  const text = getAttr(el, 'viewBox');
  if (text === null) return null;
  const numbers = svgNumbers(text);
  return numbers.length === 4 && numbers[2] >= 0 && numbers[3] >= 0 ? numbers : null;
}

// Up to what is no number; null where `whole` and there is such a thing
export function svgNumbers(text, whole = false) {
  const number = /[\s,]*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)/iy;
  const out = [];
  let end = 0;
  for (let match; (match = RegExpPrototypeExec(number, text)) !== null; end = number.lastIndex) out[out.length] = +match[1];
  return whole && RegExpPrototypeExec(/[^\s,]/, StringPrototypeSlice(text, end)) !== null ? null : out;
}

function viewportOf(el) {
  for (let at = el.parent; at !== null; at = at.parent) if (isSVG(at, 'svg')) return at;
  return null;
}

// [width, height] that an svg element takes, in the units around it
function sizeOfViewport(svg) {
  const out = [0, 0];
  const outer = viewportOf(svg);
  const names = ['width', 'height'];
  for (let i = 0; i < 2; i++) {
    const text = getAttr(svg, names[i]) ?? '';
    const number = NumberParseFloat(text);
    const known = number === number && !StringPrototypeEndsWith(text, '%');
    if (known) out[i] = svgLengthText(svg, text, i);
    else if (outer !== null) out[i] = (number === number ? number / 100 : 1) * viewportSize(outer)[i];
    else {
      const box = boxOf(svg);
      const edges = box === null ? null : innerEdges(svg, true);
      const used = box === null ? 0 : i === 0 ? box.width - edges.left - edges.right : box.height - edges.top - edges.bottom;
      out[i] = used > 0 ? used : DEFAULT_SIZE[i];
    }
  }
  return out;
}

// [width, height] that percentages in an svg element are of
function viewportSize(svg) {
  const box = viewBoxOf(svg);
  return box === null ? sizeOfViewport(svg) : [box[2], box[3]];
}

// `axis`: what percentages are of: 0 width, 1 height, 2 the diagonal
function svgLengthText(el, text, axis) {
  const match = RegExpPrototypeExec(/^\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*(%|[a-zA-Z]+)?\s*$/, text);
  if (match === null) return 0;
  const number = +match[1];
  switch (match[2]) {
    case undefined: return number;
    case '%': {
      const viewport = viewportOf(el);
      const size = viewport === null ? DEFAULT_SIZE : viewportSize(viewport);
      return number / 100 * (axis === 2 ? MathSqrt((size[0] * size[0] + size[1] * size[1]) / 2) : size[axis]);
    }
    case 'em': return number * NumberParseFloat(computedValueOf(el, 'font-size'));
    case 'ex': return number * NumberParseFloat(computedValueOf(el, 'font-size')) / 2;
    default: return number * (UNITS[match[2]] ?? 0);
  }
}

export function svgLength(el, name, axis) {
  const text = getAttr(el, name);
  return text === null ? 0 : svgLengthText(el, text, axis);
}

// -- outlines ----------------------------------------------------------------------------------------------------------

function outlineOfRect(el, out) {
  const width = svgLength(el, 'width', 0);
  const height = svgLength(el, 'height', 1);
  const x = svgLength(el, 'x', 0);
  const y = svgLength(el, 'y', 1);
  if (!(width > 0 && height > 0)) {
    out.moveTo(x, y);
    return;
  }
  const given = (name, axis) => {
    const text = getAttr(el, name);
    return text === null || text === 'auto' ? NaN : svgLengthText(el, text, axis);
  };
  let rx = given('rx', 0);
  let ry = given('ry', 1);
  if (!(rx >= 0)) rx = ry >= 0 ? ry : 0;
  if (!(ry >= 0)) ry = rx;
  rx = MathMin(rx, width / 2);
  ry = MathMin(ry, height / 2);
  if (rx === 0 || ry === 0) {
    out.moveTo(x, y);
    out.lineTo(x + width, y);
    out.lineTo(x + width, y + height);
    out.lineTo(x, y + height);
    out.close();
    return;
  }
  out.moveTo(x + rx, y);
  out.lineTo(x + width - rx, y);
  out.svgArcTo(rx, ry, 0, false, true, x + width, y + ry);
  out.lineTo(x + width, y + height - ry);
  out.svgArcTo(rx, ry, 0, false, true, x + width - rx, y + height);
  out.lineTo(x + rx, y + height);
  out.svgArcTo(rx, ry, 0, false, true, x, y + height - ry);
  out.lineTo(x, y + ry);
  out.svgArcTo(rx, ry, 0, false, true, x + rx, y);
  out.close();
}

function outlineOfEllipse(el, out, rx, ry) {
  const cx = svgLength(el, 'cx', 0);
  const cy = svgLength(el, 'cy', 1);
  if (!(rx > 0 && ry > 0)) {
    out.moveTo(cx, cy);
    return;
  }
  out.moveTo(cx + rx, cy);
  out.ellipsePart(cx, cy, rx, ry, 0, 0, 2 * MathPI);
  out.close();
}

function outlineOfPoints(el, out, closed) {
  const points = svgNumbers(getAttr(el, 'points') ?? '');
  for (let i = 0; i + 1 < points.length; i += 2) {
    if (i === 0) out.moveTo(points[0], points[1]);
    else out.lineTo(points[i], points[i + 1]);
  }
  if (closed) out.close();
}

// What a `d` attribute says is kept by its text: scripts ask for many points of one path.
const measuredPaths = new SafeWeakMap();       // by element

function outlineOfPath(el) {
  const text = getAttr(el, 'd') ?? '';
  let known = measuredPaths.get(el);
  if (known === undefined || known.text !== text) {
    known = { __proto__: null, text, outline: outlineOfPathData(text), measured: null };
    measuredPaths.set(el, known);
  }
  return known;
}

// null: it is no shape
export function outlineOfShape(el) {
  const out = new Outline();
  switch (el.localName) {
    case 'path': return outlineOfPath(el).outline;
    case 'rect': outlineOfRect(el, out); return out;
    case 'circle': {
      const r = svgLength(el, 'r', 2);
      outlineOfEllipse(el, out, r, r);
      return out;
    }
    case 'ellipse': {
      const rx = getAttr(el, 'rx');
      const ry = getAttr(el, 'ry');
      outlineOfEllipse(el, out, svgLengthText(el, rx ?? ry ?? '', rx === null ? 1 : 0), svgLengthText(el, ry ?? rx ?? '', ry === null ? 0 : 1));
      return out;
    }
    case 'line':
      out.moveTo(svgLength(el, 'x1', 0), svgLength(el, 'y1', 1));
      out.lineTo(svgLength(el, 'x2', 0), svgLength(el, 'y2', 1));
      return out;
    case 'polyline': outlineOfPoints(el, out, false); return out;
    case 'polygon': outlineOfPoints(el, out, true); return out;
    default: return null;
  }
}

export function measuredShape(el) {
  if (el.localName !== 'path') return new MeasuredOutline(outlineOfShape(el));
  const known = outlineOfPath(el);
  return known.measured ?? (known.measured = new MeasuredOutline(known.outline));
}

// -- coordinates -------------------------------------------------------------------------------------------------------

const IDENTITY = [1, 0, 0, 1, 0, 0];
const TRANSFORM_COUNTS = { __proto__: null, matrix: [6], translate: [1, 2], scale: [1, 2], rotate: [1, 3], skewX: [1], skewY: [1] };

// https://svgwg.org/svg2-draft/coords.html#TransformProperty: [{ name, numbers }]; null: the text is wrong, and nothing of it counts
export function parseTransformList(text) {
  const out = [];
  const step = /[\s,]*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)/y;
  let end = 0;
  for (let match; (match = RegExpPrototypeExec(step, text)) !== null; end = step.lastIndex) {
    const numbers = svgNumbers(match[2], true);
    if (numbers === null) return null;
    const { 0: least, 1: most = least } = TRANSFORM_COUNTS[match[1]];
    if (numbers.length !== least && numbers.length !== most) return null;
    out[out.length] = { __proto__: null, name: match[1], numbers };
  }
  return RegExpPrototypeExec(/^[\s,]*$/, StringPrototypeSlice(text, end)) === null ? null : out;
}

export function matrixOfStep(name, n) {
  switch (name) {
    case 'matrix': return n;
    case 'translate': return [1, 0, 0, 1, n[0], n[1] ?? 0];
    case 'scale': return [n[0], 0, 0, n[1] ?? n[0], 0, 0];
    case 'skewX': return [1, 0, MathTan(n[0] * MathPI / 180), 1, 0, 0];
    case 'skewY': return [1, MathTan(n[0] * MathPI / 180), 0, 1, 0, 0];
    default: {
      const cos = MathCos(n[0] * MathPI / 180);
      const sin = MathSin(n[0] * MathPI / 180);
      const x = n[1] ?? 0;
      const y = n[2] ?? 0;
      return [cos, sin, -sin, cos, x - x * cos + y * sin, y - x * sin - y * cos];
    }
  }
}

// What `transform` does to an element: [a, b, c, d, e, f]
export function transformOfElement(el) {
  const styled = computedValueOf(el, 'transform');
  if (styled !== 'none' && styled !== '') {
    try {
      const { values: v, is2D } = matrixFromText(styled);
      if (is2D) return aroundOrigin(el, [v[0], v[1], v[4], v[5], v[12], v[13]]);
    } catch {
      // Percentages are of boxes that SVG elements have none of here.
    }
    return IDENTITY;
  }
  const text = getAttr(el, 'transform');
  const steps = text === null ? null : parseTransformList(text);
  let out = IDENTITY;
  if (steps !== null) for (let i = 0; i < steps.length; i++) out = multiplied2D(out, matrixOfStep(steps[i].name, steps[i].numbers));
  return out;
}

// The origin of SVG elements is that of their coordinates, unless style says otherwise.
function aroundOrigin(el, matrix) {
  const origin = StringPrototypeSplit(computedValueOf(el, 'transform-origin'), ' ');
  if (!StringPrototypeEndsWith(origin[0], 'px') || origin[1] === undefined || !StringPrototypeEndsWith(origin[1], 'px')) return matrix;
  const x = NumberParseFloat(origin[0]);
  const y = NumberParseFloat(origin[1]);
  return multiplied2D(multiplied2D([1, 0, 0, 1, x, y], matrix), [1, 0, 0, 1, -x, -y]);
}

// https://svgwg.org/svg2-draft/coords.html#ComputingAViewportsTransform: from what is in an svg element to the units around it
function transformOfViewport(svg) {
  const inner = viewportOf(svg) !== null;
  const x = inner ? svgLength(svg, 'x', 0) : 0;
  const y = inner ? svgLength(svg, 'y', 1) : 0;
  const box = viewBoxOf(svg);
  const size = sizeOfViewport(svg);
  if (box === null || box[2] === 0 || box[3] === 0) return [1, 0, 0, 1, x, y];
  const match = RegExpPrototypeExec(/^\s*(none|x(Min|Mid|Max)Y(Min|Mid|Max))(?:\s+(meet|slice))?\s*$/, getAttr(svg, 'preserveAspectRatio') ?? '');
  let scaleX = size[0] / box[2];
  let scaleY = size[1] / box[3];
  const align = match === null ? ['', '', 'Mid', 'Mid', 'meet'] : match;
  if (align[1] !== 'none') {
    scaleX = align[4] === 'slice' ? MathMax(scaleX, scaleY) : MathMin(scaleX, scaleY);
    scaleY = scaleX;
  }
  const shift = (how, room) => (align[1] === 'none' || how === 'Min' ? 0 : how === 'Mid' ? room / 2 : room);
  return [
    scaleX, 0, 0, scaleY, x - box[0] * scaleX + shift(align[2], size[0] - box[2] * scaleX), y - box[1] * scaleY + shift(align[3], size[1] - box[3] * scaleY),
  ];
}

// From the element's own coordinates up to those of the nearest viewport, that of an svg element itself included; null: there is none.
// https://svgwg.org/svg2-draft/types.html#__svg__SVGGraphicsElement__getCTM
export function matrixToViewport(el) {
  let out = IDENTITY;
  for (let at = el; isSVG(at); at = at.parent) {
    if (at.localName === 'svg') {
      out = multiplied2D(transformOfViewport(at), out);
      if (at !== el || !isSVG(at.parent)) return out;
      out = multiplied2D(transformOfElement(at), out);
      continue;
    }
    out = multiplied2D(transformOfElement(at), out);
  }
  return null;
}

// The same, up to the content box of the outermost svg element, which `outer` is told; null: there is none
export function matrixToOuter(el, outer = null) {
  let out = IDENTITY;
  for (let at = el; isSVG(at); at = at.parent) {
    if (at.localName === 'svg') out = multiplied2D(transformOfViewport(at), out);
    if (isSVG(at.parent)) {
      out = multiplied2D(transformOfElement(at), out);
      continue;
    }
    if (at.localName !== 'svg') return null;
    if (outer !== null) outer.el = at;
    return out;
  }
  return null;
}

// The same, up to the viewport of the window; null: the element is not in a document that is shown
// https://svgwg.org/svg2-draft/types.html#__svg__SVGGraphicsElement__getScreenCTM
export function matrixToScreen(el) {
  const outer = { __proto__: null, el: null };
  const out = matrixToOuter(el, outer);
  const box = outer.el === null ? null : boxOf(outer.el);
  if (box === null) return null;
  const edges = innerEdges(outer.el, true);
  const { window } = outer.el.doc;
  return multiplied2D([1, 0, 0, 1, box.x - window.scrollX + edges.left, box.y - window.scrollY + edges.top], out);
}
