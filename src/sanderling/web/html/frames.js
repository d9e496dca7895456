// https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element
// Child frames. Those of the same origin are windows and documents of their own in this isolate. A document of another origin goes into an isolate of its own:
// the worker commits it there, and what is left here is its element and a proxy (remote_window.js). This isolate drives the navigations of both.

import { hostCall, hostPost, onHost, utf8Encode } from '../host.js';
import { StringPrototypeSlice, ObjectDefineProperty, ReflectOwnKeys, SafeSet } from '../primordials.js';
import { installExposed } from '../webidl/exposed.js';
import { wrap } from '../webidl/wrapper.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { moving, treeWatch } from '../dom/mutation.js';
import { createDocument } from '../dom/create.js';
import { endTimersOf } from '../timers.js';
import { scriptsRunIn } from '../emulation/emulated.js';
import { defineElement } from '../dom/definitions.js';
import { fireEvent } from '../dom/dispatch.js';
import { parseURL, sameOrigin, serializeOrigin, serializeURL } from '../url/parser.js';
import { lowerAscii } from '../css/selectors/names.js';
import { noteHostTime } from './clock.js';
import { allowsInline, handedDown, inheritPolicies, setPolicies } from './csp.js';
import { hideSecureGlobals } from './secure_context.js';
import { preloadHeaders } from './link_preload.js';
import { documentBaseURL } from './document_state.js';
import { isRefused, resetHistory } from './History.js';
import { htmlFrameElementInterface, htmlIFrameElementInterface } from './elements/frame_elements.js';
import { focusElement } from './focus.js';
import { crossBack, crossOver, makeFrameProxy } from './frame_proxy.js';
import { installFrameConstructors } from './frame_constructors.js';
import { evaluateTextIn, forgetScope } from './frame_scripts.js';
import { forgetRemoteWindow, pageOfIsolate, remoteWindow } from './remote_window.js';
import {
  originURL, reportFrameAttached, reportFrameDetached, reportFrameName, reportFrameNavigated, reportFrameStarted, reportFrameStopped, runDocumentHooks,
} from './frame_tree.js';
import { normalizedInput, resetInput } from './document_write.js';
import { abortLoading, delayLoad, isCompletelyLoaded, isInitialBlank, loadBlank, loadDocument, undelayLoad } from './loading.js';
import { lookForLater } from './image_loading.js';
import { declareRefresh } from './meta_refresh.js';
import { objectFailed } from './object_loading.js';
import { currentWindow, forgetWindow, mainWindow, registerWindow } from './realm.js';
import { cancelResource, fetchResource } from './resource.js';
import { runScriptOfURL } from './scripting.js';
import { openInitialWorlds } from '../inspector/worlds.js';
import { queueTask } from './tasks.js';
import { mayUnload, unloadWithDescendants } from './unloading.js';
import { WindowImpl } from './Window.js';
import { fireAway, fireNavigate } from '../navigation-api/navigating.js';
import { beginEntries, endNavigations } from '../navigation-api/Navigation.js';
import { referrerOf } from './referrer.js';
import { sandboxFrom } from './sandbox.js';
import { newTiming } from './timing.js';
import { globalMembers } from './global_members.js';
import { percentDecodeToString } from '../url/percent.js';

const MAX_FRAMES = 1000;           // of one isolate, as in Chromium: what creates frames without end is stopped
const MAX_FRAME_DEPTH = 12;
const ERROR_URL = 'chrome-error://chromewebdata/';  // what Chromium calls the document that stands for one which could not be loaded

class FrameState {
  constructor() {
    this.window = null;            // WindowImpl while connected
    this.fetching = 0;             // resource id
    this.markup = null;            // of its srcdoc attribute, which is about to become its document
    this.script = null;            // stands for the javascript: URL that waits to be run
    this.lazy = null;              // lazy load resumption steps, while it waits to come near the viewport
    this.delaying = false;         // the parent's load event waits
    this.failed = false;           // what it navigated to could not be shown: browsers have an error page of nobody's origin there
  }
}

const FRAME_NUMBERS = 100_000;     // each agent of a page numbers its frames in a range of its own: numbers are never used again within a page

let nextFrameNumber = 2;           // the main frame is 1
let liveFrames = 0;

export function numberFrames(agent) {
  nextFrameNumber = agent * FRAME_NUMBERS + 2;
}

// Names of the language, which all windows of an isolate share.
const INTRINSICS = new SafeSet([
  'AggregateError', 'Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date', 'Error', 'EvalError', 'FinalizationRegistry',
  'Float32Array', 'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'Intl', 'Iterator', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise',
  'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array',
  'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet', 'WebAssembly', 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'isFinite', 'isNaN',
  'parseFloat', 'parseInt', 'undefined', 'unescape',
]);

export function contentWindowOf(el) {
  const { state } = el;
  if (state !== null && state.window !== null) openInitialWorlds(state.window);
  return state === null || state.window === null ? null : state.window.globalObject;
}

export function contentDocumentOf(el) {
  const { state } = el;
  if (state === null || state.window === null) return null;
  if (state.failed || state.window.remote !== null || (state.window.sandbox !== null && state.window.sandbox.opaque)) return null;
  const doc = state.window.document;
  openInitialWorlds(state.window);
  return sameOrigin(doc.url, currentWindow().document.url) || doc.url.scheme === 'about' ? doc : null;
}

function makeGlobal(window) {
  const global = makeFrameProxy(window);
  const members = globalMembers();
  const keys = ReflectOwnKeys(members);
  for (let i = 0; i < keys.length; i++) ObjectDefineProperty(global, keys[i], members[keys[i]]);
  installExposed(global, 'Window');
  hideSecureGlobals(global);
  installFrameConstructors(window, global);
  INTRINSICS.forEach((name) => {
    if (name in globalThis) ObjectDefineProperty(global, name, { __proto__: null, value: globalThis[name], writable: true, configurable: true });
  });
  // The engine's eval, called indirectly, would run in the main frame.
  ObjectDefineProperty(global, 'eval', { __proto__: null, value: (source) => (typeof source === 'string' ? evaluateTextIn(window, source) : source), writable: true, configurable: true });
  ObjectDefineProperty(global, 'globalThis', { __proto__: null, value: window.globalObject, writable: true, configurable: true });
}

export function isIntrinsicName(name) {
  return INTRINSICS.has(name);
}

function depthOf(window) {
  let depth = 0;
  for (let at = window; at.parent !== null; at = at.parent) depth++;
  return depth;
}

function newFrameDocument(window, url, parentDoc, kind = 'html', contentType = 'text/html', timing = null) {
  const doc = createDocument(kind, url, contentType);
  doc.window = window;
  doc.timing = newTiming(timing);
  doc.encoding = parentDoc.encoding;
  doc.referrerPolicy = parentDoc.referrerPolicy;
  if (url.scheme === 'about') {
    doc.fallbackBase = documentBaseURL(parentDoc);
    inheritPolicies(doc, parentDoc);
  }
  const old = window.document;
  if (window.frameElement.state !== null) window.frameElement.state.failed = false;
  returnToIsolate(window);
  if (old !== null) {
    abortLoading(old);
    // What was set on the window of the initial about:blank stays: browsers keep that window.
    if (window.navigations > 1) endTimersOf(window);
    discardChildren(window);
    old.window = null;
    forgetScope(window);
  }
  window.document = doc;
  window.frameNavigator = null;
  if (old !== null) resetHistory(window, isInitialBlank(old));
  window.listeners = null;
  window.handlers = null;
  window.customElements = null;
  window.scriptingEnabled = scriptsRunIn(window);
  if (treeWatch.frame !== null && old !== null) treeWatch.frame(window.frameElement, old);
  return doc;
}

// What a frame shows is being left for another document. Gives from when to when its events ran (null: there was nothing to tell), or
// false where they took the frame itself away.
function leaveDocument(window) {
  if (window.remote !== null || window.navigations <= 1) return null;
  const moments = unloadWithDescendants(window);
  return window.closed ? false : moments;
}

// The child frames of a document go with it.
function discardChildren(window) {
  const { children } = window;
  while (children.length > 0) removedFrame(children[children.length - 1].frameElement);
}

// The worker and the inspector learn of a document before any code of it runs.
function announceDocument(window, unreachable = '') {
  reportFrameNavigated(window, unreachable);
  if (window.navigationApi !== null) beginEntries(window.navigationApi);
  runDocumentHooks(window);
}

function loadMarkup(window, doc, markup) {
  resetInput(doc, normalizedInput(typeof markup === 'string' ? markup : utf8Decode(markup)));
  loadDocument(doc, hostCall('parse.document', { scripting: true, shadow: true }, typeof markup === 'string' ? utf8Encode(markup) : markup).bytes);
}

function frameLoaded(el) {
  const { state } = el;
  queueTask(el.doc, () => {
    fireEvent(el, 'load');
    endDelay(el);
  });
}

function endDelay(el) {
  if (!el.state.delaying) return;
  el.state.delaying = false;
  undelayLoad(el.doc);
}

// https://html.spec.whatwg.org/multipage/iframe-embed-object.html#process-the-iframe-attributes
function processAttributes(el, initial) {
  const { doc, state } = el;
  const { window } = state;
  state.lazy = null;
  if (getAttr(el, 'srcdoc') !== null) {
    unlessLazy(el, loadMarkupOfElement);
    return;
  }
  const src = getAttr(el, 'src');
  const url = src === null || src === '' ? parseURL('about:blank') : parseURL(src, documentBaseURL(doc), doc.encoding);
  if (url === null || (url.scheme === 'about' && url.path === 'blank')) {
    if (initial) {
      // The initial about:blank is complete at once, and its load event is synchronous.
      announceDocument(window);
      hostPost('lifecycle', { frame: window.frameId, name: 'DOMContentLoaded' });
      hostPost('lifecycle', { frame: window.frameId, name: 'load' });
      fireEvent(el, 'load');
      return;
    }
    navigateFrame(window, parseURL('about:blank'), { __proto__: null, container: true });
    return;
  }
  unlessLazy(el, (lazy) => {
    if (!lazy) startDelay(el);
    navigateFrame(window, url, { __proto__: null, container: true });
  });
}

// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#will-lazy-load-element-steps: now, or when it comes near the viewport; then nobody waits for it.
function unlessLazy(el, load) {
  const { doc, state } = el;
  if (el.localName !== 'iframe' || lowerAscii(getAttr(el, 'loading') ?? '') !== 'lazy' || !doc.window.scriptingEnabled) {
    load(false, el);
    return;
  }
  state.lazy = () => load(true, el);
  lookForLater(el);
}

export function resumeLazyFrame(el) {
  const { lazy } = el.state;
  el.state.lazy = null;
  if (lazy !== null && el.state.window !== null) lazy();
}

function loadMarkupOfElement(lazy, el) {
  const { doc, state: { window } } = el;
  if (!tellsOfElement(window, parseURL('about:srcdoc'))) return;
  window.sandbox = sandboxOf(el);
  window.historyHandling = historyHandlingOf(window, parseURL('about:srcdoc'), { __proto__: null, container: true });
  reportFrameStarted(window, 'about:srcdoc', false);
  if (window.sandbox !== null && window.sandbox.opaque) {
    if (!lazy) startDelay(el);
    fetchFrame(window, parseURL('about:srcdoc'), { __proto__: null, body: utf8Encode(getAttr(el, 'srcdoc')), markup: true });
    return;
  }
  if (!lazy) startDelay(el);
  // Navigating is no matter of this task: the document comes in one of its own, unless something else does before.
  const markup = { __proto__: null, text: getAttr(el, 'srcdoc') };
  el.state.markup = markup;
  queueTask(doc, () => {
    if (el.state.markup !== markup) return;
    el.state.markup = null;
    if (leaveDocument(window) === false) return;
    const child = newFrameDocument(window, parseURL('about:srcdoc'), doc);
    child.srcdoc = true;
    announceDocument(window);
    loadMarkup(window, child, markup.text);
  });
}

// https://html.spec.whatwg.org/multipage/browsers.html#determining-the-creation-sandboxing-flags: what the element says, and what its document is under
function sandboxOf(el) {
  const above = el.doc.window.sandbox;
  const attribute = getAttr(el, 'sandbox');
  if (attribute === null) return above;
  return sandboxFrom(attribute, above);
}

function startDelay(el) {
  if (el.state.delaying) return;
  el.state.delaying = true;
  delayLoad(el.doc);
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate, steps 11-13: what the new document does to the session history
export function historyHandlingOf(window, url, options) {
  if (options.history) return options.history;
  if (options.reload === true) return 'reload';
  if (options.replace === true) return 'replace';
  if (options.pushes === true) return 'push';
  const doc = window.document;
  // The initial about:blank is replaced; by its element (#navigate-an-iframe-or-frame, step 2), what is not loaded yet, too.
  if (window.remote === null && (isInitialBlank(doc) || (options.container === true && !isCompletelyLoaded(doc)))) return 'replace';
  return (options.method ?? 'GET') === 'GET' && serializeURL(url) === doc.urlText() ? 'replace' : 'push';
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url
function navigateFrameToScript(window, url, source) {
  const el = window.frameElement;
  // 3. A document in another isolate has another origin.
  if (window.remote !== null) {
    endDelay(el);
    return;
  }
  // https://www.w3.org/TR/CSP3/#should-block-navigation-request: the policies of who navigates count
  if (!allowsInline(source, null, 'navigation', serializeURL(url))) {
    frameLoaded(el);
    return;
  }
  openInitialWorlds(window);
  const result = runScriptOfURL(window, percentDecodeToString(StringPrototypeSlice(serializeURL(url), 'javascript:'.length)));
  if (el.state.window !== window) return;
  if (typeof result !== 'string') {
    frameLoaded(el);
    return;
  }
  window.historyHandling = 'replace';
  reportFrameStarted(window, window.document.urlText(), false);
  if (leaveDocument(window) === false) return;
  const child = newFrameDocument(window, window.document.url, el.doc);
  child.encoding = 'UTF-8';
  announceDocument(window);
  loadMarkup(window, child, result);
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate, steps 10 and 23.2: its unload counter, and what it says itself
export function mayLeaveFrame(window) {
  return window.remote !== null || (!window.document.unloading && (isInitialBlank(window.document) || mayUnload(window)) && !window.closed);
}

// Step 21, where the element navigates. Tells whether it goes on.
function tellsOfElement(window, url) {
  if (window.navigationApi === null || window.remote !== null) return true;
  const type = historyHandlingOf(window, url, { __proto__: null, container: true });
  return fireNavigate(window, { __proto__: null, type, url, sameDocument: false, classic: null }) && !window.closed;
}

// Load `url` into a child frame.
export function navigateFrame(window, url, options) {
  const el = window.frameElement;
  const { state } = el;
  const parentDoc = el.doc;
  // https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate, step 10: its unload counter
  if (window.remote === null && window.document.unloading) return;
  if (options.container === true && url.scheme !== 'javascript' && !tellsOfElement(window, url)) return;
  if (state.fetching !== 0) cancelResource(state.fetching);
  state.fetching = 0;
  state.markup = null;
  state.lazy = null;
  state.script = null;
  if (url.scheme === 'javascript') {
    // https://html.spec.whatwg.org/multipage/browsing-the-web.html#beginning-navigation, step 21: in a task
    const doc = window.document;
    const source = options.source?.document ?? parentDoc;
    const script = { __proto__: null };
    state.script = script;
    queueTask(parentDoc, () => {
      // 2 of "navigate to a javascript: URL": another navigation may have begun.
      if (state.window === window && window.document === doc && !window.closed && state.script === script) navigateFrameToScript(window, url, source);
    });
    return;
  }
  // Step 23.2
  if (options.asked !== true && !mayLeaveFrame(window)) return;
  if (state.window !== window) return;
  if (options.reload === true && window.document.srcdoc && getAttr(el, 'srcdoc') !== null) {
    loadMarkupOfElement(false, el);
    return;
  }
  window.historyHandling = historyHandlingOf(window, url, options);
  reportFrameStarted(window, serializeURL(url), options.reload === true);
  if (url.scheme === 'about') {
    if (leaveDocument(window) === false) return;
    const child = newFrameDocument(window, url, parentDoc);
    announceDocument(window);
    loadMarkup(window, child, '');
    return;
  }
  window.sandbox = sandboxOf(el);
  fetchFrame(window, url, options);
}

// The document that an object or embed shows: its response has come, and the host holds it by a number.
export function loadHeldDocument(window, url, held) {
  window.sandbox = window.frameElement.doc.window.sandbox;
  window.historyHandling = 'replace';
  reportFrameStarted(window, serializeURL(url), false);
  fetchFrame(window, url, { __proto__: null, held });
}

// The element's attribute is for what the element asks for; else it is the policy of who navigates.
// https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching, step 4: the source snapshot's policy container
function framePolicy(el, options) {
  if (options.referrerPolicy) return options.referrerPolicy;
  const { source } = options;
  return source === undefined ? getAttr(el, 'referrerpolicy') ?? '' : source.document.referrerPolicy || 'strict-origin-when-cross-origin';
}

// https://html.spec.whatwg.org/multipage/browsers.html#determining-navigation-params-policy-container: a document without a response has what who made its
// frame has, if it is the markup of that, else what who navigates has.
function inheritance(url, options, parentDoc) {
  if (url.scheme !== 'about' && url.scheme !== 'data' && url.scheme !== 'blob') return undefined;
  const from = options.markup === true ? parentDoc : options.source?.document ?? parentDoc;
  return { ...handedDown(from), __proto__: null, creator: url.scheme === 'about' ? serializeURL(documentBaseURL(from)) : '' };
}

function fetchFrame(window, url, options) {
  const el = window.frameElement;
  const { state } = el;
  const parentDoc = el.doc;
  const blob = url.scheme === 'blob' ? url.blobEntry?.object ?? null : null;
  if (url.scheme === 'blob') {
    // https://fetch.spec.whatwg.org/#scheme-fetch: what the URL named when it was parsed
    if (blob === null || (options.method ?? 'GET') !== 'GET') {
      frameFailed(el, 'net::ERR_FILE_NOT_FOUND', serializeURL(url));
      return;
    }
    options = { ...options, __proto__: null, body: blob.bytes, blobType: blob.type };
  }
  state.fetching = fetchResource(parentDoc, {
    __proto__: null, url: serializeURL(url), destination: 'iframe', mode: 'navigate', credentials: 'include',
    referrerPolicy: framePolicy(el, options), frame: window.frameId, navigation: window.navigations,
    method: options.method, contentType: options.contentType, body: options.body, reload: options.reload, markup: options.markup, blobType: options.blobType, sandbox: window.sandbox,
    history: window.historyHandling, held: options.held, container: el.localName === 'iframe' ? undefined : el.localName,
    // https://w3c.github.io/resource-timing/#resources-included-in-the-performanceresourcetiming-interface: not what the frame's code navigates to
    initiator: options.container === true ? el.localName : '',
    inherits: inheritance(url, options, parentDoc),
    origin: options.origin ?? (options.source ? serializeOrigin(originURL(options.source.document)) : ''), referrer: options.referrer ?? (options.source ? referrerOf(options.source.document) : undefined),
  }, (response) => {
    state.fetching = 0;
    if (state.window !== window) return;
    if (!response.ok) {
      frameFailed(el, response.error.code, serializeURL(url));
      return;
    }
    const old = window.document;
    // Before the events of the old document, which take their time: they come after the navigation's beginning.
    if (response.timing !== null) noteHostTime(response.timing.now);
    const unloaded = leaveDocument(window);
    if (unloaded === false) return;
    if (response.remote) {
      leaveIsolate(window);
      return;
    }
    const final = blob !== null ? url : parseURL(response.url) ?? url;
    if (final.fragment === null) final.fragment = url.fragment;
    // What its own policies say (the sandbox directive) counts, too.
    if (blob === null) window.sandbox = response.sandbox === null ? null : { __proto__: null, ...response.sandbox };
    const child = newFrameDocument(window, final, parentDoc, response.xml ? 'xml' : 'html', response.contentType, response.timing);
    if (response.timing !== null && response.timing.ownChain && sameOrigin(originURL(old), final)) child.timing.unloaded = unloaded;
    child.encoding = response.encoding;
    // https://html.spec.whatwg.org/multipage/browsers.html#determining-navigation-params-policy-container: a blob's document has its maker's policies
    if (blob !== null) inheritPolicies(child, parentDoc);
    else setPolicies(child, response.csp);
    child.referrer = response.referrer;
    if (blob === null) child.referrerPolicy = response.referrerPolicy;
    announceDocument(window);
    if (response.refresh !== '') declareRefresh(child, response.refresh);
    loadDocument(child, response.bytes);
    if (response.links.length > 0) preloadHeaders(child, response.links);
  });
}

// The document of this frame is in another isolate now: its window here stands for that one.
function leaveIsolate(window) {
  window.frameElement.state.failed = false;
  const { document } = window;
  abortLoading(document);
  endTimersOf(window);
  discardChildren(window);
  const first = window.remote === null;
  if (first) {
    window.remote = remoteWindow(pageOfIsolate(), window.frameId);
    crossOver(window);
  }
  forgetScope(window);
  document.window = null;
  if (treeWatch.frame !== null) treeWatch.frame(window.frameElement, document);
  if (!first) return;
  forgetWindow(window);
  runDocumentHooks(window);
}

// It has come back.
function returnToIsolate(window) {
  if (window.remote === null) return;
  window.remote = null;
  crossBack(window);
  registerWindow(window);
}

// A navigation that code in another isolate asked for, or the document itself.
onHost('frame.navigate', (payload, bytes) => {
  const el = elementOfFrame(payload.frame);
  const url = parseURL(payload.url);
  if (el === null || url === null) return null;
  const options = {
    __proto__: null, method: payload.method, contentType: payload.contentType, referrer: payload.referrer, referrerPolicy: payload.referrerPolicy, origin: payload.origin,
    reload: payload.reload, history: payload.history ?? (payload.replace || payload.reload ? 'replace' : 'push'),
  };
  if (payload.hasBody) options.body = bytes;
  const { window } = el.state;
  if (payload.history === 'traverse' && isRefused(payload.index)) return null;
  if (payload.to && window.remote === null && window.navigationApi !== null) {
    fireAway(window, payload.to);
    if (window.closed || el.state.window !== window) return null;
  }
  startDelay(el);
  navigateFrame(window, url, options);
  return null;
});

onHost('frame.loaded', (payload) => {
  const el = elementOfFrame(payload.frame);
  if (el !== null) frameLoaded(el);
  return null;
});

// Something in a frame that lives in another isolate got the focus.
onHost('frame.focused', (payload) => {
  const el = elementOfFrame(payload.frame);
  if (el !== null) focusElement(el);
  return null;
});

function elementOfFrame(frame) {
  const pending = [mainWindow()];
  while (pending.length > 0) {
    const window = pending[pending.length - 1];
    pending.length--;
    if (window.frameId === frame) return window.frameElement;
    for (let i = 0; i < window.children.length; i++) pending[pending.length] = window.children[i];
  }
  return null;
}

// https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-ua-inline: what could not be loaded leaves a document of nobody's origin, and
// the element fires load, too.
function frameFailed(el, code, address) {
  const { window } = el.state;
  if (el.localName === 'object' || el.localName === 'embed') {
    reportFrameStopped(window, code);
    objectFailed(el);
    return;
  }
  if (code === 'net::ERR_ABORTED') {
    // A download, or a response without content: the old document stays, and has been told of already unless it is the initial one.
    openInitialWorlds(window);
    reportFrameStopped(window, code);
    if (window.navigations <= 1) frameLoaded(el);
    else endDelay(el);
    return;
  }
  if (leaveDocument(window) === false) return;
  const child = newFrameDocument(window, parseURL(ERROR_URL), el.doc);
  child.opaqueOrigin = true;
  el.state.failed = true;
  announceDocument(window, address);
  reportFrameStopped(window, code);
  loadMarkup(window, child, '');
}

export function insertedFrame(el) {
  const { doc } = el;
  const parentWindow = doc.window;
  if (parentWindow === null || el.state.window !== null) return;
  if (liveFrames >= MAX_FRAMES || depthOf(parentWindow) >= MAX_FRAME_DEPTH) {
    hostPost('unsupported', { name: 'more than ' + MAX_FRAMES + ' frames, or ' + MAX_FRAME_DEPTH + ' levels' });
    return;
  }
  liveFrames++;
  const window = new WindowImpl(nextFrameNumber++, parentWindow.navigator);
  window.parent = parentWindow;
  window.frameElement = el;
  window.name = getAttr(el, 'name') ?? '';
  window.width = 300;
  window.height = 150;
  parentWindow.children[parentWindow.children.length] = window;
  el.state.window = window;
  const blank = newFrameDocument(window, parseURL('about:blank'), doc);
  // https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-browsing-context, 15 and 17
  blank.encoding = 'UTF-8';
  blank.referrer = serializeURL(doc.url, true);
  makeGlobal(window);
  registerWindow(window);
  reportFrameAttached(window);
  window.onloaded = () => frameLoaded(el);
  buildBlank(blank);
}

// html, head and body of the initial about:blank
function buildBlank(doc) {
  loadBlank(doc, hostCall('parse.document', { scripting: true, shadow: true }, utf8Encode('')).bytes);
}

export function removedFrame(el) {
  const { state } = el;
  const { window } = state;
  if (window === null) return;
  if (state.fetching !== 0) cancelResource(state.fetching);
  state.fetching = 0;
  discardChildren(window);
  state.window = null;
  state.markup = null;
  state.lazy = null;
  liveFrames--;
  if (window.navigationApi !== null) endNavigations(window);
  window.closed = true;
  runDocumentHooks(window);
  reportFrameDetached(window);
  abortLoading(window.document);
  endTimersOf(window);
  const siblings = window.parent.children;
  let kept = 0;
  for (let i = 0; i < siblings.length; i++) if (siblings[i] !== window) siblings[kept++] = siblings[i];
  siblings.length = kept;
  forgetWindow(window);
  forgetRemoteWindow(window.frameId);
  forgetScope(window);
  window.document.window = null;
  endDelay(el);
}

const frameHooks = {
  __proto__: null,
  created(el) {
    el.state = new FrameState();
  },
  inserted: insertedFrame,
  postConnected(el) {
    if (moving.node === null && el.state.window !== null) processAttributes(el, true);
  },
  removed(el) {
    if (moving.node === null) removedFrame(el);
  },
  attributeChanged(el, name, oldValue, value, namespace) {
    if (namespace !== null || el.state.window === null) return;
    if (name === 'srcdoc' || (name === 'src' && getAttr(el, 'srcdoc') === null)) processAttributes(el, false);
    else if (name === 'loading') {
      if (el.state.lazy !== null && lowerAscii(value ?? '') !== 'lazy') resumeLazyFrame(el);
    } else if (name === 'name') {
      el.state.window.name = value ?? '';
      reportFrameName(el.state.window);
    }
  },
};
defineElement({ __proto__: null, names: ['iframe'], iface: htmlIFrameElementInterface, ...frameHooks });
defineElement({ __proto__: null, names: ['frame'], iface: htmlFrameElementInterface, ...frameHooks });
