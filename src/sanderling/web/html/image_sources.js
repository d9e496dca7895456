// https://html.spec.whatwg.org/multipage/images.html#selecting-an-image-source
// Which URL an image shows: src, srcset with sizes, and the sources of a picture.

import { getAttr, hasAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { MathMax, NumberParseFloat, RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../primordials.js';
import { isConnected } from '../dom/tree.js';
import { boxOf } from '../css/cssom-view/geometry.js';
import { sizeFrame } from '../css/cssom-view/geometry.js';
import { matchesMedia, matchesMediaCondition } from '../css/cssom/media_queries.js';
import { cssComponents, splitCssCommas } from '../css/syntax/components.js';
import { cssLengthToPx, cssMathSum, isCssMath } from '../css/values/numbers.js';

const IMAGE_TYPES = {
  __proto__: null, '': true, 'image/png': true, 'image/jpeg': true, 'image/jpg': true, 'image/pjpeg': true, 'image/gif': true, 'image/webp': true, 'image/svg+xml': true, 'image/bmp': true,
  'image/x-icon': true, 'image/vnd.microsoft.icon': true, 'image/avif': true, 'image/apng': true,
};
// Valid non-negative integers before w and h, valid floating-point numbers before x.
const DESCRIPTOR = /^(?:(\d+)([wh])|(-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)x)$/;

function isImageSpace(c) {
  return c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f';
}

class ImageCandidate {
  constructor(url) {
    this.url = url;
    this.width = -1;          // w descriptor
    this.density = -1;        // x descriptor
  }
}

// https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute
function parseSrcset(input) {
  const out = [];
  let i = 0;
  for (;;) {
    // 4.
    while (i < input.length && (isImageSpace(input[i]) || input[i] === ',')) i++;
    // 5.
    if (i >= input.length) return out;
    // 6.
    const start = i;
    while (i < input.length && !isImageSpace(input[i])) i++;
    let url = StringPrototypeSlice(input, start, i);
    const descriptors = [];
    // 8.
    if (url[url.length - 1] === ',') {
      let end = url.length;
      while (end > 0 && url[end - 1] === ',') end--;
      url = StringPrototypeSlice(url, 0, end);
    } else {
      // 9-10. The descriptor tokeniser
      let current = '';
      let depth = 0;
      for (; i <= input.length; i++) {
        const c = i < input.length ? input[i] : ',';
        if (depth > 0 && i < input.length) {
          current += c;
          if (c === ')') depth--;
        } else if (isImageSpace(c) || c === ',') {
          if (current !== '') descriptors[descriptors.length] = current;
          current = '';
          if (c === ',') {
            i++;
            break;
          }
        } else {
          current += c;
          if (c === '(') depth++;
        }
      }
    }
    // 11-15.
    const candidate = new ImageCandidate(url);
    let valid = true;
    let height = false;
    for (let d = 0; d < descriptors.length; d++) {
      const found = RegExpPrototypeExec(DESCRIPTOR, descriptors[d]);
      const number = found === null ? NaN : NumberParseFloat(found[1] ?? found[3]);
      if (!(number >= 0)) valid = false;
      else if (found[2] === 'w' && candidate.width < 0 && candidate.density < 0 && number > 0) candidate.width = number;
      else if (found[2] === undefined && candidate.width < 0 && candidate.density < 0 && !height) candidate.density = number;
      else if (found[2] === 'h' && !height && candidate.density < 0 && number > 0) height = true;
      else valid = false;
    }
    if (height && candidate.width < 0) valid = false;
    if (valid) out[out.length] = candidate;
  }
}

// https://html.spec.whatwg.org/multipage/images.html#parse-a-sizes-attribute, in CSS pixels
function sourceSize(text, el) {
  const { window } = el.doc;
  // 2.2-3.
  const auto = autoSize(el);
  if (auto >= 0) return auto;
  const entries = splitCssCommas(cssComponents(text, true));
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry.length === 0) continue;
    const size = sourceLength(entry[entry.length - 1], window);
    entry.length--;
    if (size >= 0 && (entry.length === 0 || matchesMediaCondition(entry, window))) return size;
  }
  return window.width;
}

// https://html.spec.whatwg.org/multipage/images.html#allows-auto-sizes: the width that it is shown with; NaN where its sizes are written down
function autoSize(el) {
  if (el.localName !== 'img' || StringPrototypeToLowerCase(getAttr(el, 'loading') ?? '') !== 'lazy') return NaN;
  const sizes = StringPrototypeToLowerCase(getAttr(el, 'sizes') ?? '');
  if (sizes !== 'auto' && !StringPrototypeStartsWith(sizes, 'auto,')) return NaN;
  const box = isConnected(el) ? boxOf(el) : null;
  return box === null ? NaN : box.width;
}

// A <source-size-value>: a length that is not negative, or a math function, whose result is clamped; NaN for what is neither.
function sourceLength(node, window) {
  const context = { __proto__: null, fontSize: 16, rootFontSize: 16, width: window.width, height: window.height };
  if (node.type === 'dimension') return cssLengthToPx(node.number, node.value, context);
  if (node.type === 'number') return node.number === 0 ? 0 : NaN;
  if (!isCssMath(node)) return NaN;
  const inPixels = (sum) => {
    let px = 0;
    for (const unit in sum) {
      if (unit === '' || unit === '%') return sum;
      px += cssLengthToPx(sum[unit], unit, context);
    }
    return { __proto__: null, px };
  };
  const sum = cssMathSum(node, inPixels);
  return sum === null || sum.px === undefined ? NaN : MathMax(0, sum.px);
}

// https://html.spec.whatwg.org/multipage/images.html#normalizing-the-source-densities and #select-an-image-source
function selectCandidate(candidates, sizes, el) {
  const { window } = el.doc;
  let best = null;
  let largest = null;
  let size = -1;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate.width > 0) {
      if (size < 0) size = sourceSize(sizes ?? '', el);
      candidate.density = size > 0 ? candidate.width / size : 1e9;
    } else if (candidate.density < 0) candidate.density = 1;
    if (largest === null || candidate.density > largest.density) largest = candidate;
    if (candidate.density >= window.devicePixelRatio && (best === null || candidate.density < best.density)) best = candidate;
  }
  return best ?? largest;
}

function candidatesOf(srcset, src) {
  const candidates = srcset === null ? [] : parseSrcset(srcset);
  if (src === null || src === '') return candidates;
  for (let i = 0; i < candidates.length; i++) {
    if (candidates[i].width >= 0 || candidates[i].density === 1 || candidates[i].density < 0) return candidates;
  }
  candidates[candidates.length] = new ImageCandidate(src);
  return candidates;
}

// The same of a set that no image of `doc` has: { url: text, density } or null.
export function selectFromSet(srcset, sizes, src, doc) {
  return selectCandidate(candidatesOf(srcset, src), sizes, { __proto__: null, doc, localName: '' });
}

// https://html.spec.whatwg.org/multipage/images.html#use-srcset-or-picture
export function usesSourceSet(el) {
  const { parent } = el;
  if (el.localName !== 'img') return false;
  return hasAttr(el, 'srcset') || (parent !== null && parent.nodeType === 1 && parent.localName === 'picture' && parent.namespace === HTML_NS);
}

// A MIME type without its parameters.
function essenceOf(type) {
  const end = StringPrototypeIndexOf(type, ';');
  return StringPrototypeToLowerCase(StringPrototypeTrim(end < 0 ? type : StringPrototypeSlice(type, 0, end)));
}

// { url: text, density } or null. https://html.spec.whatwg.org/multipage/images.html#update-the-source-set
export function selectImageSource(el) {
  const { window } = el.doc;
  const { parent } = el;
  const own = candidatesOf(el.localName === 'img' ? getAttr(el, 'srcset') : null, getAttr(el, 'src'));
  if (window === null) return own.length === 0 ? null : own[0];
  if (window.frameElement !== null && usesSourceSet(el)) sizeFrame(window);
  if (el.localName === 'img' && parent !== null && parent.nodeType === 1 && parent.localName === 'picture' && parent.namespace === HTML_NS) {
    for (let node = parent.first; node !== null && node !== el; node = node.next) {
      if (node.nodeType !== 1 || node.localName !== 'source' || node.namespace !== HTML_NS) continue;
      const srcset = getAttr(node, 'srcset');
      if (srcset === null) continue;
      const media = getAttr(node, 'media');
      if (media !== null && !matchesMedia(media, window)) continue;
      if (IMAGE_TYPES[essenceOf(getAttr(node, 'type') ?? '')] !== true) continue;
      const candidates = parseSrcset(srcset);
      if (candidates.length > 0) return selectCandidate(candidates, getAttr(node, 'sizes'), el);
    }
  }
  return selectCandidate(own, getAttr(el, 'sizes'), el);
}
