// https://html.spec.whatwg.org/multipage/document-sequences.html#navigables
// What the worker is told of child frames, in the order that its clients rely on: attached, started, navigated, milestones, stopped, detached. The hook
// here runs for every document of a child frame before any code of it, and once more when the frame is gone (`window.closed`).

import { hostPost } from '../host.js';
import { getAttr } from '../dom/attributes.js';
import { parseURL, serializeOrigin } from '../url/parser.js';

const frameDocumentHooks = [];
const OPAQUE = parseURL('data:,');  // a URL whose origin is opaque

// `callback(window)`: called within this isolate, synchronously. The window has its new document already.
export function onFrameDocument(callback) {
  frameDocumentHooks[frameDocumentHooks.length] = callback;
}

export function runDocumentHooks(window) {
  for (let i = 0; i < frameDocumentHooks.length; i++) frameDocumentHooks[i](window);
}

export function reportFrameAttached(window) {
  hostPost('frame.attached', { frame: window.frameId, parent: window.parent.frameId, name: window.name, id: getAttr(window.frameElement, 'id') ?? '' });
}

export function reportFrameDetached(window) {
  hostPost('frame.detached', { frame: window.frameId, reason: 'remove' });
}

export function reportFrameName(window) {
  hostPost('window.name', { frame: window.frameId, name: window.name });
}

// A navigation begins; its number will be that of the document.
export function reportFrameStarted(window, url, reload) {
  window.navigations++;
  hostPost('frame.started', { frame: window.frameId, url, number: window.navigations, reload });
}

// A navigation brought no document. `code`: net::ERR_*, or empty for an empty response.
export function reportFrameStopped(window, code) {
  hostPost('frame.stopped', { frame: window.frameId, number: window.navigations, code });
}

// A document is there. `unreachable`: the address that it stands in for, when that could not be loaded.
export function reportFrameNavigated(window, unreachable) {
  const doc = window.document;
  hostPost('frame.navigated', {
    frame: window.frameId, url: doc.urlText(), origin: serializeOrigin(originURL(doc)), name: window.name, contentType: doc.contentType, number: window.navigations,
    history: window.historyHandling, unreachable,
  });
}

// Documents without an address of their own have the origin of who made them.
export function originURL(doc) {
  if (doc.opaqueOrigin) return OPAQUE;
  return doc.url.scheme === 'about' ? doc.fallbackBase ?? doc.url : doc.url;
}
