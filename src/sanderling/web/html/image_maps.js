// https://html.spec.whatwg.org/multipage/image-maps.html#image-map-processing-model
// Which area of an image map a point of its image belongs to.

import { getAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { nextInTree, rootOf } from '../dom/tree.js';
import { RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeToLowerCase } from '../primordials.js';
import { parseFloatingPoint } from './forms/input_types.js';

const NUMBER_START = /[\d.-]/;
const NUMBER_SEPARATOR = /[\t\n\f\r ,;]/;

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-floating-point-number-lists
function parseNumbers(text) {
  const out = [];
  let at = 0;
  while (at < text.length) {
    while (at < text.length && RegExpPrototypeExec(NUMBER_SEPARATOR, text[at]) !== null) at++;
    // Garbage before a number goes with it.
    while (at < text.length && RegExpPrototypeExec(NUMBER_SEPARATOR, text[at]) === null && RegExpPrototypeExec(NUMBER_START, text[at]) === null) at++;
    const start = at;
    while (at < text.length && RegExpPrototypeExec(NUMBER_SEPARATOR, text[at]) === null) at++;
    if (at > start) out[out.length] = parseFloatingPoint(StringPrototypeSlice(text, start, at)) ?? 0;
  }
  return out;
}

// The even-odd rule; edges are inside.
function isInPolygon(points, x, y) {
  let inside = false;
  const count = points.length - points.length % 2;
  for (let i = 0, j = count - 2; i < count; j = i, i += 2) {
    const across = (points[j] - points[i]) * (y - points[i + 1]) - (points[j + 1] - points[i + 1]) * (x - points[i]);
    if (across === 0 && (x - points[i]) * (x - points[j]) <= 0 && (y - points[i + 1]) * (y - points[j + 1]) <= 0) return true;
    const above = points[i + 1] > y;
    if (above !== points[j + 1] > y && x < (points[j] - points[i]) * (y - points[i + 1]) / (points[j + 1] - points[i + 1]) + points[i]) inside = !inside;
  }
  return inside;
}

function isInArea(area, x, y) {
  const shape = StringPrototypeToLowerCase(getAttr(area, 'shape') ?? '');
  if (shape === 'default') return true;
  const c = parseNumbers(getAttr(area, 'coords') ?? '');
  if (shape === 'circle' || shape === 'circ') return c.length >= 3 && c[2] > 0 && (x - c[0]) * (x - c[0]) + (y - c[1]) * (y - c[1]) <= c[2] * c[2];
  if (shape === 'poly' || shape === 'polygon') return c.length >= 6 && isInPolygon(c, x, y);
  if (c.length < 4) return false;
  return x >= (c[0] < c[2] ? c[0] : c[2]) && x < (c[0] < c[2] ? c[2] : c[0]) && y >= (c[1] < c[3] ? c[1] : c[3]) && y < (c[1] < c[3] ? c[3] : c[1]);
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-a-hash-name-reference
function mapOf(image) {
  const reference = getAttr(image, 'usemap') ?? '';
  const hash = StringPrototypeIndexOf(reference, '#');
  if (hash < 0 || hash === reference.length - 1) return null;
  const name = StringPrototypeSlice(reference, hash + 1);
  const root = rootOf(image);
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    if (node.nodeType === 1 && node.localName === 'map' && node.namespace === HTML_NS && (getAttr(node, 'name') === name || getAttr(node, 'id') === name)) return node;
  }
  return null;
}

// The area below a point of the image, in its own pixels; null: the image itself.
export function areaAt(image, x, y) {
  const map = mapOf(image);
  if (map === null) return null;
  for (let node = map; node !== null; node = nextInTree(node, map)) {
    if (node.nodeType === 1 && node.localName === 'area' && node.namespace === HTML_NS && isInArea(node, x, y)) return node;
  }
  return null;
}
