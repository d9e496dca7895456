// https://html.spec.whatwg.org/multipage/embedded-content.html
// img, picture's source, map. What an image loads, and whether, is in image_loading.js.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { HTMLCollectionImpl } from '../../dom/collections.js';
import { createElement } from '../../dom/create.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { nextInTree } from '../../dom/tree.js';
import { MathFloor, StringPrototypeToLowerCase } from '../../primordials.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { documentBaseURL } from '../document_state.js';
import { correctedSize, decodeImage, imageComplete, ImageLoadState, loadsImages, lookForLazyImages, resumeLazy, updateImage } from '../image_loading.js';
import { mediaSourceInserted, mediaSourceRemoved } from '../media_loading.js';
import { selectImageSource } from '../image_sources.js';
import { currentDocument } from '../realm.js';
import { parseNonNegative } from '../reflect.js';

// Text of the URL that an image shows or would show, or null.
export function imageSource(el) {
  const source = selectImageSource(el);
  return source === null || source.url === '' ? null : source.url;
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-currentsrc
function currentSource(self) {
  if (loadsImages() && self.doc.window !== null) return self.state.current.url;
  const source = imageSource(self);
  if (source === null) return '';
  const record = parseURL(source, documentBaseURL(self.doc), self.doc.encoding);
  return record === null ? source : serializeURL(record);
}

// https://html.spec.whatwg.org/multipage/embedded-content.html#dom-img-width: what the attribute says, or the natural size.
function attributeSize(name) {
  return {
    __proto__: null,
    get: (self) => parseNonNegative(getAttr(self, name) ?? '') ?? (self.localName === 'img' ? MathFloor(correctedSize(self.state.current, name)) : 0),
    set: (self, value) => setAttr(self, name, '' + (value > 2147483647 ? 0 : value)),
  };
}

// https://html.spec.whatwg.org/multipage/images.html#relevant-mutations
function imageAttributeChanged(el, name, old, value, namespace) {
  if (namespace !== null) return;
  switch (name) {
    case 'src': case 'srcset': case 'sizes': updateImage(el); break;
    case 'crossorigin': case 'referrerpolicy':
      if (old !== value && el.state.current.url !== '') updateImage(el);
      break;
    case 'loading':
      if (value === null || StringPrototypeToLowerCase(value) !== 'lazy') resumeLazy(el);
      break;
    default:
  }
}

function inPicture(el) {
  const { parent } = el;
  return parent !== null && parent.nodeType === 1 && parent.localName === 'picture' && parent.namespace === HTML_NS;
}

// A source of a picture came, went or changed: the images after it select anew.
function updatePicture(picture) {
  if (picture === null || picture.nodeType !== 1 || picture.localName !== 'picture' || picture.namespace !== HTML_NS) return;
  for (let node = picture.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === 'img' && node.namespace === HTML_NS) updateImage(node);
  }
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
  created(el) {
    el.state = new ImageLoadState();
  },
  attributeChanged: imageAttributeChanged,
  linked(el) {
    if (inPicture(el)) updateImage(el);
  },
  inserted: (el) => lookForLazyImages(el.doc),
  unlinked(el, oldParent) {
    if (oldParent.nodeType === 1 && oldParent.localName === 'picture') updateImage(el);
  },
  adopted: updateImage,
  cloned(copy) {
    updateImage(copy);
  },
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
    naturalWidth: (self) => MathFloor(correctedSize(self.state.current, 'width')),
    naturalHeight: (self) => MathFloor(correctedSize(self.state.current, 'height')),
    complete: imageComplete,
    currentSrc: currentSource,
    decode: decodeImage,
    x: () => 0,
    y: () => 0,
  }),
});

defineElement({
  __proto__: null,
  names: ['source'],
  linked(el) {
    updatePicture(el.parent);
    mediaSourceInserted(el);
  },
  unlinked(el, oldParent) {
    updatePicture(oldParent);
    mediaSourceRemoved(el, oldParent);
  },
  attributeChanged(el, name) {
    if (name === 'srcset' || name === 'sizes' || name === 'media' || name === 'type') updatePicture(el.parent);
  },
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
