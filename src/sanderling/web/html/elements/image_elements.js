// https://html.spec.whatwg.org/multipage/embedded-content.html
// img, picture's source, map. Pixels are not fetched: an image knows which URL it would show, has no size, and fires neither load nor error.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { HTMLCollectionImpl } from '../../dom/collections.js';
import { createElement } from '../../dom/create.js';
import { domException } from '../../dom/DOMException.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { nextInTree } from '../../dom/tree.js';
import { Promise, PromiseReject, PromiseResolve } from '../../primordials.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { documentBaseURL } from '../document_state.js';
import { currentDocument } from '../realm.js';
import { parseNonNegative } from '../reflect.js';

// The first candidate of a srcset: https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute, steps 1-7
function firstCandidate(srcset) {
  let i = 0;
  while (i < srcset.length && (isImageSpace(srcset[i]) || srcset[i] === ',')) i++;
  let url = '';
  while (i < srcset.length && !isImageSpace(srcset[i])) url += srcset[i++];
  let end = url.length;
  while (end > 0 && url[end - 1] === ',') end--;
  let out = '';
  for (let j = 0; j < end; j++) out += url[j];
  return out;
}

function isImageSpace(c) {
  return c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f';
}

// https://html.spec.whatwg.org/multipage/images.html#selecting-an-image-source, for one pixel per CSS pixel: src, or the first of srcset.
// Text of a URL, or null.
export function imageSource(el) {
  const src = getAttr(el, 'src');
  if (src !== null && src !== '') return src;
  const srcset = getAttr(el, 'srcset');
  const candidate = srcset === null ? '' : firstCandidate(srcset);
  return candidate === '' ? null : candidate;
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-currentsrc
function currentSource(self) {
  const source = imageSource(self);
  if (source === null) return '';
  const record = parseURL(source, documentBaseURL(self.doc), self.doc.encoding);
  return record === null ? source : serializeURL(record);
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-width: not rendered and without pixels it is what the attribute says.
function attributeSize(name) {
  return {
    __proto__: null,
    get: (self) => parseNonNegative(getAttr(self, name) ?? '') ?? 0,
    set: (self, value) => setAttr(self, name, '' + (value > 2147483647 ? 0 : value)),
  };
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-image
function newImage(width, height) {
  const el = createElement(currentDocument(), 'img');
  if (width !== undefined) setAttr(el, 'width', '' + width);
  if (height !== undefined) setAttr(el, 'height', '' + height);
  return el;
}

defineElement({
  __proto__: null,
  names: ['img'],
  iface: defineInterface(`
[Exposed=Window, LegacyFactoryFunction=Image(optional unsigned long width, optional unsigned long height)]
interface HTMLImageElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString alt;
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute USVString srcset;
  [CEReactions, Reflect] attribute DOMString sizes;
  [CEReactions, ReflectEnum="crossorigin"] attribute DOMString? crossOrigin;
  [CEReactions, Reflect] attribute DOMString useMap;
  [CEReactions, Reflect] attribute boolean isMap;
  [CEReactions] attribute unsigned long width;
  [CEReactions] attribute unsigned long height;
  readonly attribute unsigned long naturalWidth;
  readonly attribute unsigned long naturalHeight;
  readonly attribute boolean complete;
  readonly attribute USVString currentSrc;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
  [CEReactions, ReflectEnum="decoding"] attribute DOMString decoding;
  [CEReactions, ReflectEnum="loading"] attribute DOMString loading;
  [CEReactions, ReflectEnum="fetchpriority"] attribute DOMString fetchPriority;
  Promise<undefined> decode();
  readonly attribute long x;
  readonly attribute long y;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, ReflectURL] attribute USVString lowsrc;
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute unsigned long hspace;
  [CEReactions, Reflect] attribute unsigned long vspace;
  [CEReactions, ReflectURL] attribute USVString longDesc;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString border;
};
`, {
    Image: newImage,
    width: attributeSize('width'),
    height: attributeSize('height'),
    naturalWidth: () => 0,
    naturalHeight: () => 0,
    complete: () => true,
    currentSrc: currentSource,
    // https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-decode
    decode(self) {
      if (imageSource(self) === null) return PromiseReject(Promise, domException('EncodingError', 'The source image cannot be decoded.'));
      return PromiseResolve(Promise, undefined);
    },
    x: () => 0,
    y: () => 0,
  }),
});

defineElement({
  __proto__: null,
  names: ['source'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLSourceElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, Reflect] attribute USVString srcset;
  [CEReactions, Reflect] attribute DOMString sizes;
  [CEReactions, Reflect] attribute DOMString media;
  [CEReactions] attribute unsigned long width;
  [CEReactions] attribute unsigned long height;
};
`, { width: attributeSize('width'), height: attributeSize('height') }),
});

// https://html.spec.whatwg.org/multipage/image-maps.html#the-map-element
class MapState {
  constructor() {
    this.areas = null;       // collection, once asked
  }
}

function areasOfMap(map) {
  const out = [];
  for (let node = map.first; node !== null; node = nextInTree(node, map)) {
    if (node.nodeType === 1 && node.localName === 'area' && node.namespace === HTML_NS) out[out.length] = node;
  }
  return out;
}

defineElement({
  __proto__: null,
  names: ['map'],
  created(el) {
    el.state = new MapState();
  },
  iface: defineInterface(`
[Exposed=Window]
interface HTMLMapElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  [SameObject] readonly attribute HTMLCollection areas;
};
`, { areas: (self) => self.state.areas ?? (self.state.areas = new HTMLCollectionImpl(self, areasOfMap)) }),
});
