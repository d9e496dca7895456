// https://drafts.csswg.org/css-position-4/#top-layer
// What stands above the page: modal dialogs and shown popovers, per document, in the order they came.

import { SafeSet } from '../primordials.js';

function layerOf(doc) {
  return doc.topLayer ?? (doc.topLayer = { __proto__: null, modal: new SafeSet(), popovers: [], fullscreen: [] });
}

export function isModalDialog(el) {
  const layer = el.doc.topLayer;
  return layer !== null && layer.modal.has(el);
}

export function isPopoverShowing(el) {
  const layer = el.doc.topLayer;
  if (layer === null) return false;
  for (let i = 0; i < layer.popovers.length; i++) if (layer.popovers[i] === el) return true;
  return false;
}

// The dialog that blocks its document (the one shown last), or null.
export function topModalDialog(doc) {
  let top = null;
  if (doc.topLayer !== null) doc.topLayer.modal.forEach((el) => { top = el; });
  return top;
}

export function enterModal(el) {
  layerOf(el.doc).modal.add(el);
  el.doc.version++;
}

export function leaveModal(el) {
  if (!isModalDialog(el)) return;
  el.doc.topLayer.modal.delete(el);
  el.doc.version++;
}

export function enterPopovers(el) {
  const { popovers } = layerOf(el.doc);
  popovers[popovers.length] = el;
  el.doc.version++;
}

export function leavePopovers(el) {
  const layer = el.doc.topLayer;
  if (layer === null) return;
  const { popovers } = layer;
  let kept = 0;
  for (let i = 0; i < popovers.length; i++) if (popovers[i] !== el) popovers[kept++] = popovers[i];
  popovers.length = kept;
  el.doc.version++;
}

// https://fullscreen.spec.whatwg.org/#fullscreen-element: the one that came last, or null
export function fullscreenElementOf(doc) {
  const layer = doc.topLayer;
  return layer === null || layer.fullscreen.length === 0 ? null : layer.fullscreen[layer.fullscreen.length - 1];
}

export function isFullscreen(el) {
  const layer = el.doc.topLayer;
  if (layer === null) return false;
  for (let i = 0; i < layer.fullscreen.length; i++) if (layer.fullscreen[i] === el) return true;
  return false;
}

export function enterFullscreenLayer(el) {
  leaveFullscreenLayer(el);
  const { fullscreen } = layerOf(el.doc);
  fullscreen[fullscreen.length] = el;
}

export function leaveFullscreenLayer(el) {
  const { fullscreen } = layerOf(el.doc);
  let kept = 0;
  for (let i = 0; i < fullscreen.length; i++) if (fullscreen[i] !== el) fullscreen[kept++] = fullscreen[i];
  fullscreen.length = kept;
  el.doc.version++;
}

const NO_POPOVERS = [];

// The showing popovers, oldest first; do not change it.
export function showingPopovers(doc) {
  const layer = doc.topLayer;
  return layer === null ? NO_POPOVERS : layer.popovers;
}
