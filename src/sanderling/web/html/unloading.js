// https://html.spec.whatwg.org/multipage/document-lifecycle.html#unloading-documents
// Documents are left: what they are asked before, and the events that tell them. Frames that are taken out of the tree are not told: "destroyed, not unloaded".

import { fireAway } from '../navigation-api/navigating.js';
import { hostCall, nowMs, onHost } from '../host.js';
import { dispatchEvent, fireEvent, makeEvent } from '../dom/dispatch.js';
import { keepScroll, scrollPositions } from './History.js';
import { abortLoading } from './loading.js';
import { mainWindow } from './realm.js';
import { hasStickyActivation } from './user_activation.js';

// A window and those below it whose documents are in this isolate, the outer ones first, as browsers tell them.
function withDescendants(window, out = []) {
  if (window.remote === null) out[out.length] = window;
  for (let i = 0; i < window.children.length; i++) withDescendants(window.children[i], out);
  return out;
}

function dispatchBeforeUnload(window) {
  const before = makeEvent('beforeunload', { __proto__: null, cancelable: true, interface: 'BeforeUnloadEvent' });
  before.isTrusted = true;
  const kept = dispatchEvent(before, window);
  return kept && before.returnText === '';
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-canceled
// Does the page let itself be left? Somebody who has acted on it is asked when it does not.
onHost('document.mayUnload', (payload) => {
  // Checking if unloading is canceled, "fire a traverse navigate event": of the page's own document
  if (payload !== null && payload.to !== '' && mainWindow().navigationApi !== null) fireAway(mainWindow(), payload.to);
  return { __proto__: null, proceed: mayUnload(mainWindow()) };
});

// Of a window and those below it.
export function mayUnload(window) {
  const windows = withDescendants(window);
  const docs = [];
  for (let i = 0; i < windows.length; i++) {
    docs[i] = windows[i].document;
    // 1 of "prompt to unload": the unload counter. Navigations that begin in these events are not made.
    docs[i].unloading = true;
  }
  let kept = null;
  for (let i = 0; i < windows.length; i++) if (!windows[i].closed && !dispatchBeforeUnload(windows[i])) kept ??= windows[i];
  const proceed = kept === null || !hasStickyActivation() || hostCall('dialog', { frame: kept.frameId, type: 'beforeunload', message: '' }).accepted;
  for (let i = 0; i < docs.length; i++) docs[i].unloading = false;
  return proceed;
}

// https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document
function unload(window) {
  const doc = window.document;
  if (doc.pageShowing) {
    doc.pageShowing = false;
    fireEvent(window, 'pagehide', { __proto__: null, bubbles: true, cancelable: true, interface: 'PageTransitionEvent', init: { __proto__: null, persisted: false }, legacyTargetOverride: true });
  }
  doc.hidden = true;
  fireEvent(doc, 'visibilitychange', { __proto__: null, bubbles: true });
  fireEvent(window, 'unload', { __proto__: null, legacyTargetOverride: true });
  abortLoading(doc);
}

// Beforeunload was fired when the navigation began.
onHost('document.unload', () => {
  const { history } = mainWindow();
  const moments = unloadWithDescendants(mainWindow());
  keepScroll(history);
  return { __proto__: null, ms: moments[1] - moments[0], scroll: scrollPositions(history) };
});

// Gives from when to when it was, without its descendants, on the engine's clock.
export function unloadWithDescendants(window) {
  const windows = withDescendants(window);
  const docs = [];
  for (let i = 0; i < windows.length; i++) {
    docs[i] = windows[i].document;
    docs[i].unloading = true;
  }
  const begun = nowMs();
  unload(window);
  const ended = nowMs();
  for (let i = 1; i < windows.length; i++) if (!windows[i].closed) unload(windows[i]);
  // Where they stay after all, they go on as before.
  for (let i = 0; i < docs.length; i++) docs[i].unloading = false;
  return [begun, ended];
}
