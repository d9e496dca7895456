// https://fullscreen.spec.whatwg.org/
// Which element is shown fullscreen, as state and events: there is no screen that it could fill.
// DEVIATION: a document with a parent in another isolate cannot be fullscreen, as its parents could not be told.

import { Promise, TypeError } from '../primordials.js';
import { HTML_NS, MATHML_NS, SVG_NS } from '../dom/namespaces.js';
import { fireEvent } from '../dom/dispatch.js';
import { isConnected } from '../dom/tree.js';
import { consumeUserActivation, hasTransientActivation } from '../html/user_activation.js';
import { queueTask } from '../html/tasks.js';
import { enterFullscreenLayer, fullscreenElementOf, isPopoverShowing, leaveFullscreenLayer } from '../html/top_layer.js';
import { defineInterface } from '../webidl/interface.js';

// https://fullscreen.spec.whatwg.org/#dom-document-fullscreenenabled
export function canBeFullscreen(doc) {
  if (doc.window === null) return false;
  for (let { window } = doc; window !== null; window = window.parent) if (window.remoteParent !== null) return false;
  return true;
}

// https://fullscreen.spec.whatwg.org/#fullscreen-element-ready-check
function isReady(el) {
  return isConnected(el) && canBeFullscreen(el.doc) && !isPopoverShowing(el);
}

function isKind(el) {
  if (el.namespace === HTML_NS) return el.localName !== 'dialog';
  return (el.namespace === SVG_NS && el.localName === 'svg') || (el.namespace === MATHML_NS && el.localName === 'math');
}

// https://fullscreen.spec.whatwg.org/#run-the-fullscreen-steps
function fireFullscreen(type, doc, el) {
  fireEvent(el !== null && isConnected(el) && el.doc === doc ? el : doc, type, { __proto__: null, bubbles: true, composed: true });
}

function frameOf(doc) {
  return doc.window === null ? null : doc.window.frameElement ?? null;
}

// https://fullscreen.spec.whatwg.org/#dom-element-requestfullscreen
function requestFullscreen(el) {
  const pendingDoc = el.doc;
  return new Promise((resolve, reject) => {
    if (pendingDoc.window === null) {
      reject(new TypeError('Document not active'));
      return;
    }
    let error = !isKind(el) || !isReady(el) || !hasTransientActivation();
    if (!error) consumeUserActivation();
    queueTask(pendingDoc, () => {
      error ||= el.doc !== pendingDoc || !isReady(el);
      if (error) {
        fireFullscreen('fullscreenerror', pendingDoc, el);
        reject(new TypeError('Permissions check failed'));
        return;
      }
      const elements = [el];
      for (let frame = frameOf(pendingDoc); frame !== null; frame = frameOf(frame.doc)) elements[elements.length] = frame;
      const told = [];
      for (let i = elements.length - 1; i >= 0; i--) {
        if (fullscreenElementOf(elements[i].doc) === elements[i]) continue;
        enterFullscreenLayer(elements[i]);
        told[told.length] = elements[i];
      }
      for (let i = 0; i < told.length; i++) fireFullscreen('fullscreenchange', told[i].doc, told[i]);
      resolve();
    });
  });
}

function isSimple(doc) {
  return doc.topLayer !== null && doc.topLayer.fullscreen.length === 1;
}

function unfullscreenDocument(doc) {
  for (let el = fullscreenElementOf(doc); el !== null; el = fullscreenElementOf(doc)) leaveFullscreenLayer(el);
}

// https://fullscreen.spec.whatwg.org/#collect-documents-to-unfullscreen
function documentsToUnfullscreen(doc) {
  const docs = [doc];
  for (let last = doc; isSimple(last);) {
    const frame = frameOf(last);
    if (frame === null || fullscreenElementOf(frame.doc) !== frame) break;
    last = frame.doc;
    docs[docs.length] = last;
  }
  return docs;
}

function descendantsWithFullscreen(window, out) {
  for (let i = 0; i < window.children.length; i++) {
    const child = window.children[i];
    if (child.remote !== null || child.document === null) continue;
    descendantsWithFullscreen(child, out);
    if (fullscreenElementOf(child.document) !== null) out[out.length] = child.document;
  }
  return out;
}

// https://fullscreen.spec.whatwg.org/#exit-fullscreen
function exitFullscreenOf(doc, resolve) {
  const docs = documentsToUnfullscreen(doc);
  const last = docs[docs.length - 1];
  const whole = last.window.parent === null && isSimple(last);
  queueTask(doc, () => {
    const told = [];
    const leave = (one, all) => {
      const el = fullscreenElementOf(one);
      if (el === null) return;
      told[told.length] = { __proto__: null, doc: one, el };
      if (all) unfullscreenDocument(one);
      else leaveFullscreenLayer(el);
    };
    const inner = descendantsWithFullscreen((whole ? last : doc).window, []);
    for (let i = 0; i < inner.length; i++) leave(inner[i], true);
    for (let i = 0; i < docs.length; i++) leave(docs[i], whole);
    for (let i = 0; i < told.length; i++) fireFullscreen('fullscreenchange', told[i].doc, told[i].el);
    resolve();
  });
}

// https://fullscreen.spec.whatwg.org/#dom-document-exitfullscreen
function exitFullscreen(doc) {
  return new Promise((resolve, reject) => {
    if (doc.window === null || fullscreenElementOf(doc) === null) reject(new TypeError('Document not active'));
    else exitFullscreenOf(doc, resolve);
  });
}

// https://fullscreen.spec.whatwg.org/#removing-steps
export function fullscreenRemoved(el) {
  const { doc } = el;
  if (fullscreenElementOf(doc) === el && isSimple(doc) && doc.window !== null) {
    const frame = frameOf(doc);
    leaveFullscreenLayer(el);
    queueTask(doc, () => fireFullscreen('fullscreenchange', doc, null));
    if (frame !== null && fullscreenElementOf(frame.doc) === frame) exitFullscreenOf(frame.doc, () => {});
  } else leaveFullscreenLayer(el);
}

defineInterface(`
enum FullscreenNavigationUI { "auto", "show", "hide" };
dictionary FullscreenOptions { FullscreenNavigationUI navigationUI = "auto"; };
partial interface Element {
  Promise<undefined> requestFullscreen(optional FullscreenOptions options = {});
  attribute EventHandler onfullscreenchange;
  attribute EventHandler onfullscreenerror;
};
`, { requestFullscreen });

defineInterface(`
partial interface Document {
  [LegacyLenientSetter, Unscopable] readonly attribute boolean fullscreen;
  attribute EventHandler onfullscreenchange;
  attribute EventHandler onfullscreenerror;
  Promise<undefined> exitFullscreen();
};
`, {
  fullscreen: (self) => fullscreenElementOf(self) !== null,
  exitFullscreen,
});
