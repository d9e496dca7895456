// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#dynamic-changes-to-base-urls
// Facts of a document that its elements and scripts ask for: base URL, target element, insertion point.

import { lowerAscii } from '../css/selectors/names.js';
import { scrollIntoView, scrollWindowTo } from '../css/cssom-view/scrolling.js';
import { getAttr } from '../dom/attributes.js';
import { nextInTree } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';
import { hostCall } from '../host.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { percentDecodeToString } from '../url/percent.js';
import { allowsBase } from './csp.js';

// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url
export function documentBaseURL(doc) {
  if (doc.baseVersion !== doc.version || doc.baseFor !== doc.url) {
    doc.baseVersion = doc.version;
    doc.baseFor = doc.url;
    doc.baseCache = computeBase(doc);
  }
  return doc.baseCache;
}

// A base element came, went or changed. The host says what scripts import, and classic ones are known to it by the document's URL only.
export function baseChanged(doc) {
  doc.version++;               // relative URLs in styles are other ones
  const { window } = doc;
  if (window === null || window.parent !== null || window.document !== doc) return;
  doc.baseVersion = -1;
  const base = documentBaseURL(doc);
  hostCall('module.base', { __proto__: null, url: base === doc.url ? '' : serializeURL(base) });
}

// Whose cookies a document sees: https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie. One without an address of its own
// sees those of who made it, and changes of the address by scripts do not matter.
export function cookieURL(doc) {
  return doc.creationURL.scheme === 'about' && doc.url.scheme === 'about' && !doc.opaqueOrigin ? doc.fallbackBase ?? doc.url : doc.creationURL;
}

function computeBase(doc) {
  // Fallback base URL: about:srcdoc and about:blank take that of their creator.
  const fallback = doc.fallbackBase ?? doc.url;
  if (doc.baseCount === 0) return fallback;
  // The first base element with an href attribute.
  for (let node = doc.first; node !== null; node = nextInTree(node, doc)) {
    if (node.nodeType === 1 && node.localName === 'base' && node.namespace === HTML_NS) {
      const href = getAttr(node, 'href');
      if (href === null) continue;
      // https://html.spec.whatwg.org/multipage/semantics.html#set-the-frozen-base-url
      const record = parseURL(href, fallback);
      if (record === null || record.scheme === 'data' || record.scheme === 'javascript' || !allowsBase(doc, record)) return fallback;
      return record;
    }
  }
  return fallback;
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#scroll-to-the-fragment-identifier
export function scrollToFragment(doc) {
  doc.targetElement = indicatedPart(doc);
  const { window } = doc;
  if (window === null) return;
  if (doc.targetElement !== null) {
    scrollIntoView(doc.targetElement, true);
  } else if (doc.url.fragment === '' || (doc.url.fragment !== null && lowerAscii(doc.url.fragment) === 'top')) scrollWindowTo(window, window.scrollX, 0);
}

function indicatedPart(doc) {
  const fragment = doc.url.fragment;
  if (fragment === null || fragment === '') return null;
  return findById(doc, fragment) ?? findById(doc, percentDecodeToString(fragment));
}

function findById(doc, id) {
  for (let node = doc.first; node !== null; node = nextInTree(node, doc)) {
    if (node.nodeType !== 1) continue;
    if (node.elementId === id) return node;
    if (node.localName === 'a' && node.namespace === HTML_NS && getAttr(node, 'name') === id) return node;
  }
  return null;
}
