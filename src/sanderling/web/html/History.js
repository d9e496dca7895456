// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface
// The joint session history lives in the worker; a document knows the entries that are its own (pushState, fragments).

import { scrollWindowTo } from '../css/cssom-view/scrolling.js';
import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { domException } from '../dom/DOMException.js';
import { ArrayPrototypeSlice } from '../primordials.js';
import { hostPost, onHost } from '../host.js';
import { deserializeValue, serializeValue } from '../webmessaging/structured_clone.js';
import { parseURL, serializeURL, serializeOrigin } from '../url/parser.js';
import { serializePath } from '../url/parser.js';
import { fireEvent } from '../dom/dispatch.js';
import { beginTraversal, commitTraversal, entryChanged, fireNavigate } from '../navigation-api/navigating.js';
import { documentBaseURL } from './document_state.js';
import { isInitialBlank } from './loading.js';
import { windowOfFrame } from './realm.js';
import { entriesOfHost, postWithState } from './stored_history.js';

// Where the page is in its joint session history; the worker tells of what other isolates do.
let jointLength = 1;
let jointIndex = 0;

const MAX_JOINT_LENGTH = 50;       // `browser/session_history.py`: then the oldest goes

export class HistoryImpl extends Impl {
  constructor(window) {
    super();
    this.window = window;
    this.state = null;             // the page-visible, deserialised state
    this.serialized = null;        // its serialisation
    this.entries = [];             // this document's own entries: { id, url, serialized, scrollX, scrollY, manual: its scroll restoration mode }
    this.current = 0;              // id of the current one
    this.nextId = 1;
    this.toRestore = null;         // [x, y]: where the viewport was when the document was here before
  }
}

function fullyActive(self) {
  if (self.window === null || self.window.closed) throw domException('SecurityError', 'The document is not fully active.');
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps
function updateState(self, data, url, push) {
  // 2.
  fullyActive(self);
  const doc = self.window.document;
  // 4.
  const serialized = serializeValue(data, []);
  // 5-6.
  let newURL = doc.url;
  if (url !== null && url !== undefined && url !== '') {
    newURL = parseURL(url, documentBaseURL(doc), doc.encoding);
    if (newURL === null || !canRewrite(doc.url, newURL)) {
      throw domException('SecurityError', "A history state object with URL '" + url + "' cannot be created in a document with origin '"
        + serializeOrigin(doc.url) + "' and URL '" + serializeURL(doc.url) + "'.");
    }
  }
  // 8-9.
  const what = { __proto__: null, type: push ? 'push' : 'replace', url: newURL, sameDocument: true, classic: serialized };
  if (self.window.navigationApi !== null && !fireNavigate(self.window, what)) return;
  // 10.
  updateHistory(self.window, newURL, serialized, push);
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps
export function updateHistory(window, url, serialized, pushes) {
  const self = window.history;
  const push = pushes && !isInitialBlank(window.document);
  window.document.url = url;
  self.serialized = serialized;
  self.state = serialized === null ? null : deserializeValue(serialized).value;
  if (push) pushEntry(self, serialized);
  else replaceEntry(self, serialized);
  hostPost('navigated.within', { frame: window.frameId, url: serializeURL(url), kind: 'historyApi' });
  if (window.navigationApi !== null) entryChanged(window, push ? 'push' : 'replace');
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten
export function canRewrite(documentURL, target) {
  // 2.
  if (target.scheme !== documentURL.scheme || target.username !== documentURL.username || target.password !== documentURL.password
      || target.port !== documentURL.port || serializeOrigin(target) !== serializeOrigin(documentURL)) return false;
  // 3.
  if (target.scheme === 'http' || target.scheme === 'https') return true;
  // 4.
  if (target.scheme === 'file') return serializePath(target) === serializePath(documentURL);
  // 5.
  return serializePath(target) === serializePath(documentURL) && target.query === documentURL.query;
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#restore-scroll-position-data: as soon as the document is as long again
export function restoreScroll(window) {
  if (window === null) return false;
  const { toRestore } = window.history;
  if (toRestore === null) return false;
  scrollWindowTo(window, toRestore[0], toRestore[1]);
  if (window.scrollX === toRestore[0] && window.scrollY === toRestore[1]) window.history.toRestore = null;
  return true;
}

// Where the viewport is goes with the entry that is left.
export function keepScroll(self) {
  const entry = currentOf(self);
  if (entry === null) return;
  entry.scrollX = self.window.scrollX;
  entry.scrollY = self.window.scrollY;
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#restore-scroll-position-data
export function restoreEntryScroll(window) {
  const entry = currentOf(window.history);
  if (entry !== null && !entry.manual) scrollWindowTo(window, entry.scrollX, entry.scrollY);
}

// It is among the last, unless somebody went back.
function currentOf(self) {
  for (let i = self.entries.length - 1; i >= 0; i--) if (self.entries[i].id === self.current) return self.entries[i];
  return null;
}

function pushEntry(self, serialized) {
  keepScroll(self);
  const manual = isManual(self);
  const id = self.nextId++;
  // Entries after the current one are gone.
  while (self.entries.length > 0 && self.entries[self.entries.length - 1].id !== self.current) self.entries.length--;
  // Nor does anybody come to those that the page has forgotten.
  if (self.entries.length >= 2 * MAX_JOINT_LENGTH) self.entries = ArrayPrototypeSlice(self.entries, self.entries.length - MAX_JOINT_LENGTH);
  self.entries[self.entries.length] = { __proto__: null, id, url: self.window.document.url, serialized, scrollX: 0, scrollY: 0, manual };
  self.current = id;
  // What came after the current entry is gone.
  if (jointIndex < MAX_JOINT_LENGTH - 1) jointIndex++;
  jointLength = jointIndex + 1;
  postEntry('history.push', { frame: self.window.frameId, entry: id, url: serializeURL(self.window.document.url), manual }, serialized);
}

// Where the viewport is in each of the document's entries, as far as that is not its beginning.
export function scrollPositions(self) {
  const out = [];
  for (let i = 0; i < self.entries.length; i++) {
    const { id, scrollX, scrollY } = self.entries[i];
    if (scrollX !== 0 || scrollY !== 0) out[out.length] = [id, scrollX, scrollY];
  }
  return out;
}

function postEntry(kind, payload, serialized) {
  if (serialized === null) hostPost(kind, payload);
  else postWithState(kind, payload, serialized);
}

function isManual(self) {
  const entry = currentOf(self);
  return entry !== null && entry.manual;
}

function replaceEntry(self, serialized) {
  const entry = currentOf(self);
  if (entry !== null) {
    entry.url = self.window.document.url;
    entry.serialized = serialized;
  }
  postEntry('history.replace', { frame: self.window.frameId, entry: self.current, url: serializeURL(self.window.document.url), manual: isManual(self) }, serialized);
}

// `stored`: what is kept of the entries, where the document was here before.
export function startHistory(self, length, index, stored) {
  setJoint(length, index);
  if (stored === null) {
    firstEntry(self);
    return;
  }
  self.entries = entriesOfHost(stored.entries);
  self.current = stored.current;
  for (let i = 0; i < self.entries.length; i++) if (self.entries[i].id >= self.nextId) self.nextId = self.entries[i].id + 1;
  const { serialized, scrollX, scrollY, manual } = currentOf(self);
  self.serialized = serialized;
  self.state = serialized === null ? null : deserializeValue(serialized).value;
  if (!manual && (scrollX !== 0 || scrollY !== 0)) self.toRestore = [scrollX, scrollY];
}

let refusedIndex = -1;         // of the step that code of a document above has just prevented to be gone to

// The frames of a page are not told of a traversal that its own document has prevented.
export function isRefused(index) {
  return index === refusedIndex;
}

function setJoint(length, index) {
  refusedIndex = -1;
  jointLength = length;
  jointIndex = index;
}

function firstEntry(self) {
  self.entries = [{ __proto__: null, id: 0, url: self.window.document.url, serialized: null, scrollX: 0, scrollY: 0, manual: false }];
}

// A child frame got another document.
export function resetHistory(window, keepsWindow) {
  const self = window.history;
  if (!keepsWindow) window.navigationApi = null;
  self.state = null;
  self.serialized = null;
  self.toRestore = null;
  self.current = 0;
  firstEntry(self);
}

onHost('history.joint', (payload) => {
  setJoint(payload.length, payload.index);
  return null;
});

export function sessionHistoryPush(window, serialized) {
  window.history.serialized = serialized;
  window.history.state = null;
  pushEntry(window.history, serialized);
}

export function sessionHistoryReplaceURL(window, serialized) {
  window.history.serialized = serialized;
  window.history.state = null;
  replaceEntry(window.history, serialized);
}

// The worker traversed to an entry of this document.
onHost('history.traverse', (payload) => {
  const window = windowOfFrame(payload.frame);
  if (window === null) return { found: false };
  const self = window.history;
  const from = jointIndex;
  for (let i = 0; i < self.entries.length; i++) {
    const entry = self.entries[i];
    if (entry.id !== payload.entry) continue;
    const traversal = window.navigationApi === null ? null : beginTraversal(window, entry.url);
    if (traversal !== null && traversal.prevented) {
      hostPost('history.refuse', { index: from });
      refusedIndex = payload.index;
      return { found: true };
    }
    setJoint(payload.length, payload.index);
    const oldURL = serializeURL(window.document.url);
    const oldDocument = serializeURL(window.document.url, true);
    keepScroll(self);
    self.current = entry.id;
    window.document.url = entry.url;
    self.serialized = entry.serialized;
    self.state = entry.serialized === null ? null : deserializeValue(entry.serialized).value;
    const newURL = serializeURL(entry.url);
    if (traversal !== null) commitTraversal(window, traversal);
    // An intercepted one does that itself.
    if (traversal === null || traversal.event === null || traversal.event.interception === 'none') restoreEntryScroll(window);
    fireEvent(window, 'popstate', { __proto__: null, interface: 'PopStateEvent', init: { __proto__: null, state: self.state } });
    if (oldURL !== newURL && oldDocument === serializeURL(entry.url, true)) {
      fireEvent(window, 'hashchange', { __proto__: null, interface: 'HashChangeEvent', init: { __proto__: null, oldURL, newURL } });
    }
    hostPost('navigated.within', { frame: window.frameId, url: newURL, kind: 'historyApi' });
    return { found: true };
  }
  setJoint(payload.length, payload.index);
  return { found: false };
});

function traverse(self, delta) {
  fullyActive(self);
  hostPost('history.go', { frame: self.window.frameId, delta });
}

export const historyInterface = defineInterface(`
enum ScrollRestoration { "auto", "manual" };
[Exposed=Window]
interface History {
  readonly attribute unsigned long length;
  attribute ScrollRestoration scrollRestoration;
  readonly attribute any state;
  undefined go(optional long delta = 0);
  undefined back();
  undefined forward();
  undefined pushState(any data, DOMString unused, optional USVString? url = null);
  undefined replaceState(any data, DOMString unused, optional USVString? url = null);
};
`, {
  length(self) {
    fullyActive(self);
    return jointLength;
  },
  scrollRestoration: {
    get(self) {
      fullyActive(self);
      return isManual(self) ? 'manual' : 'auto';
    },
    set(self, value) {
      fullyActive(self);
      const entry = currentOf(self);
      if (entry === null || entry.manual === (value === 'manual')) return;
      entry.manual = value === 'manual';
      hostPost('history.restoration', { frame: self.window.frameId, manual: entry.manual });
    },
  },
  state(self) {
    fullyActive(self);
    return self.state;
  },
  go(self, delta) {
    traverse(self, delta);
  },
  back: (self) => traverse(self, -1),
  forward: (self) => traverse(self, 1),
  pushState: (self, data, unused, url) => updateState(self, data, url, true),
  replaceState: (self, data, unused, url) => updateState(self, data, url, false),
}, HistoryImpl);
