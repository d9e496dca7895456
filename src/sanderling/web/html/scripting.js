// https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model
// Script elements: prepare, fetch, execute, in every flavour. The parser side (who waits for whom) is in loading.js.

import { nonceOf } from './nonce.js';
import { findByNamespace, getAttr, hasAttr } from '../dom/attributes.js';
import { defineElement } from '../dom/definitions.js';
import { childTextContent, isConnected } from '../dom/tree.js';
import { HTML_NS, XLINK_NS } from '../dom/namespaces.js';
import { fireEvent } from '../dom/dispatch.js';
import {
  ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, PromisePrototypeThen, SafeMap, SafeSet, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, SyntaxError, TypeError,
} from '../primordials.js';
import { hostCall, hostPost, importModule, runMicrotasks, utf8Decode } from '../host.js';
import { enterWindow, isScriptRunning, leaveWindow } from './realm.js';
import { isFetchFailure, runFrameModule } from './frame_modules.js';
import { evaluateIn, evaluateTextIn } from './frame_scripts.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { reportException } from './report.js';
import { documentBaseURL } from './document_state.js';
import { fetchResource } from './resource.js';
import { allowsInline, allowsRequest } from './csp.js';
import { delayLoad, onDocumentGone, parserScripts, undelayLoad } from './loading.js';
import { queueTask } from './tasks.js';
import { htmlScriptElementInterface } from './elements/HTMLScriptElement.js';

// https://mimesniff.spec.whatwg.org/#javascript-mime-type
const JAVASCRIPT_TYPES = new SafeSet([
  'application/ecmascript', 'application/javascript', 'application/x-ecmascript', 'application/x-javascript',
  'text/ecmascript', 'text/javascript', 'text/javascript1.0', 'text/javascript1.1', 'text/javascript1.2',
  'text/javascript1.3', 'text/javascript1.4', 'text/javascript1.5', 'text/jscript', 'text/livescript',
  'text/x-ecmascript', 'text/x-javascript',
]);

export function isJavaScriptType(type) {
  return JAVASCRIPT_TYPES.has(type);
}

class ScriptState {
  constructor() {
    this.parserDocument = null;      // set while the parser inserts it
    this.preparationDocument = null;
    this.forceAsync = true;
    this.fromExternal = false;
    this.ready = false;              // "ready to be parser-executed"
    this.alreadyStarted = false;
    this.type = null;                // 'classic' | 'module' | 'importmap' | null
    this.result = null;              // { text, url, line, column } | { module: url } | { error } | null
    this.line = 1;                   // where an inline script's text begins, from the parser
    this.column = 1;
    this.end = -1;                   // where it ends in the parser's input stream
    this.whenReady = null;           // runs when the result is there
    this.settled = true;             // false while a module is being evaluated
    this.whenSettled = null;
  }
}

export function scriptState(el) {
  return el.state ?? (el.state = new ScriptState());
}

// https://svgwg.org/svg2-draft/linking.html#linkRefAttrs: of an SVG script, href or xlink:href; null where the script is inline
export function scriptSource(el) {
  if (el.namespace === HTML_NS) return getAttr(el, 'src');
  return getAttr(el, 'href') ?? findByNamespace(el, XLINK_NS, 'href')?.value ?? null;
}

// https://infra.spec.whatwg.org/#strip-leading-and-trailing-ascii-whitespace
function withoutBlanks(text) {
  let from = 0;
  let to = text.length;
  while (from < to && BLANKS[text[from]] === true) from++;
  while (to > from && BLANKS[text[to - 1]] === true) to--;
  return StringPrototypeSlice(text, from, to);
}

const BLANKS = { __proto__: null, ' ': true, '\t': true, '\n': true, '\f': true, '\r': true };

// https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element, steps 8 to 12: classic, module, importmap, or null
export function scriptType(el) {
  const typeAttr = getAttr(el, 'type');
  // Browsers agree that SVG knows no language attribute.
  const language = el.namespace === HTML_NS ? getAttr(el, 'language') : null;
  let typeString;
  if (typeAttr === '' || (typeAttr === null && (language === null || language === ''))) typeString = 'text/javascript';
  else if (typeAttr !== null) typeString = withoutBlanks(typeAttr) || ' ';
  else typeString = 'text/' + language;
  typeString = StringPrototypeToLowerCase(typeString);
  if (isJavaScriptType(typeString)) return 'classic';
  return typeString === 'module' || typeString === 'importmap' ? typeString : null;
}

// Steps 21 to 30: the script fetch options
export function scriptOptions(el, type, parserInserted) {
  const crossOrigin = corsSetting(getAttr(el, 'crossorigin'));
  const credentials = type === 'module' ? (crossOrigin === 'use-credentials' ? 'include' : 'same-origin') : (crossOrigin === 'anonymous' ? 'same-origin' : 'include');
  return {
    __proto__: null, charset: getAttr(el, 'charset') ?? '', crossOrigin, credentials, integrity: getAttr(el, 'integrity') ?? '',
    referrerPolicy: getAttr(el, 'referrerpolicy') ?? '', parserInserted, nonce: nonceOf(el),
  };
}

// https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element
export function prepareScript(el) {
  const state = scriptState(el);
  // 1-2.
  if (state.alreadyStarted) return;
  const parserDocument = state.parserDocument;
  // 3-4.
  state.parserDocument = null;
  if (parserDocument !== null && !hasAttr(el, 'async')) state.forceAsync = true;
  // 5-6.
  const text = childTextContent(el);
  const src = scriptSource(el);
  const hasSrc = src !== null;
  if (!hasSrc && text === '') return;
  // 7.
  if (!isConnected(el)) return;
  // 8-12.
  const type = scriptType(el);
  if (type === null) return;
  state.type = type;
  // 13-15.
  if (parserDocument !== null) {
    state.parserDocument = parserDocument;
    state.forceAsync = false;
  }
  state.alreadyStarted = true;
  state.preparationDocument = el.doc;
  // 16.
  if (parserDocument !== null && parserDocument !== el.doc) return;
  // 17-18. Scripting is disabled for documents without a browsing context.
  if (el.doc.window === null || !el.doc.window.scriptingEnabled) return;
  // 18. nomodule
  if (hasAttr(el, 'nomodule') && state.type === 'classic') return;
  // 19.
  if (!hasSrc && !allowsInline(el.doc, el, 'script', text)) return;
  // 20. event/for
  const eventAttr = getAttr(el, 'event');
  const forAttr = getAttr(el, 'for');
  if (state.type === 'classic' && eventAttr !== null && forAttr !== null) {
    if (StringPrototypeToLowerCase(withoutBlanks(forAttr)) !== 'window') return;
    const e = StringPrototypeToLowerCase(withoutBlanks(eventAttr));
    if (e !== 'onload' && e !== 'onload()') return;
  }
  // 21-30.
  const options = scriptOptions(el, state.type, parserDocument !== null);
  // 31. external
  if (hasSrc) {
    if (state.type === 'importmap') { queueElementError(el); return; }
    if (src === '') { queueElementError(el); return; }
    state.fromExternal = true;
    const record = parseURL(src, documentBaseURL(el.doc), el.doc.encoding);
    if (record === null) { queueElementError(el); return; }
    const url = serializeURL(record);
    // What a module imports is not asked about.
    if (state.type === 'module' && !allowsRequest(el.doc, { __proto__: null, destination: 'script', nonce: options.nonce, integrity: options.integrity, parserInserted: options.parserInserted }, url, false)) {
      queueElementError(el);
      return;
    }
    delayLoad(el.doc);
    if (state.type === 'classic') fetchClassic(el, state, url, options);
    else fetchModule(el, state, url, { __proto__: null, ...options, integrity: getAttr(el, 'integrity') });
  } else {
    // 32. inline
    const base = el.doc.url;
    if (state.type === 'classic') {
      state.result = { __proto__: null, text, url: scriptURL(el.doc), line: state.line, column: state.column };
    } else if (state.type === 'module') {
      delayLoad(el.doc);
      inlineModule(el, state, text, base, options);
    } else {
      state.result = { __proto__: null, importMap: text };
    }
  }
  // 33. async, defer, modules, external
  if ((state.type === 'classic' && hasSrc) || state.type === 'module') {
    const asynchronous = hasAttr(el, 'async') || state.forceAsync;
    const scripts = parserScripts(state.preparationDocument);
    if (asynchronous) {
      scripts.asSoonAsPossible.add(el);
      whenReady(state, () => queueTask(state.preparationDocument, () => scripts.runAsSoonAsPossible(el)));
    } else if (parserDocument === null) {
      scripts.inOrder[scripts.inOrder.length] = el;
      whenReady(state, () => queueTask(state.preparationDocument, () => scripts.runInOrder()));
    } else if (hasAttr(el, 'defer') || state.type === 'module') {
      scripts.deferred[scripts.deferred.length] = el;
      whenReady(state, () => { state.ready = true; scripts.wake(); });
    } else {
      scripts.blocking = el;
      whenReady(state, () => { state.ready = true; scripts.wake(); });
    }
    return;
  }
  // 34. inline
  const scripts = parserScripts(state.preparationDocument);
  if (state.type === 'classic' && parserDocument !== null && scripts.styleSheetsBlocking()) {
    scripts.blocking = el;
    state.ready = true;
    return;
  }
  executeScript(el);
}

function corsSetting(value) {
  if (value === null) return null;
  return StringPrototypeToLowerCase(value) === 'use-credentials' ? 'use-credentials' : 'anonymous';
}

function whenReady(state, callback) {
  if (state.result !== null) callback();
  else state.whenReady = callback;
}

function markReady(el, state, result) {
  state.result = result;
  undelayLoad(state.preparationDocument);      // it may have moved to another document meanwhile
  const callback = state.whenReady;
  state.whenReady = null;
  if (callback !== null) callback();
}

// The URL that stack traces name: about:srcdoc and others without a path stay as they are.
function scriptURL(doc) {
  return doc.urlText();
}

function queueElementError(el) {
  queueTask(el.doc, () => fireEvent(el, 'error'));
}

// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script
export function classicRequest(el, url, options, forceAsync) {
  const asked = getAttr(el, 'fetchpriority');
  return {
    __proto__: null, url, destination: 'script', priority: asked === 'high' || asked === 'low' ? asked : forceAsync || hasAttr(el, 'async') || hasAttr(el, 'defer') ? 'low' : 'auto',
    mode: options.crossOrigin === null ? 'no-cors' : 'cors', credentials: options.credentials,
    integrity: options.integrity, referrerPolicy: options.referrerPolicy, charset: options.charset, nonce: options.nonce, parserInserted: options.parserInserted,
  };
}

function fetchClassic(el, state, url, options) {
  fetchResource(el.doc, classicRequest(el, url, options, state.forceAsync), (response) => {
    if (!response.ok) {
      markReady(el, state, { __proto__: null, error: response.error });
      return;
    }
    markReady(el, state, { __proto__: null, text: utf8Decode(response.bytes), url: response.url, line: 1, column: 1, muted: response.opaque });
  });
}

// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-script-tree
let nextModuleId = 1;
const pendingModules = { __proto__: null };

// The modules of a child frame's document (frame_modules.js). Those of the main window are the engine's.
let lastModuleMap = 0;

export function moduleMapOf(doc) {
  return doc.moduleMap ?? (doc.moduleMap = { __proto__: null, id: ++lastModuleMap, modules: new SafeMap() });
}

// What the host has to know about who asks: nothing for the main window and for web workers.
export function moduleClient(doc) {
  if (doc === null || doc.window === null || doc.window.parent === null) return undefined;
  return { __proto__: null, map: moduleMapOf(doc).id, frame: doc.window.frameId };
}

onDocumentGone((doc) => {
  if (doc.moduleMap !== null) hostPost('module.forget', { __proto__: null, map: doc.moduleMap.id });
});

function fetchModule(el, state, url, options) {
  const id = nextModuleId++;
  pendingModules[id] = (outcome) => {
    markReady(el, state, outcome.error === undefined ? { __proto__: null, module: url } : { __proto__: null, error: outcome.error });
  };
  hostPost('module.fetch', {
    id, url, credentials: options.credentials, integrity: options.integrity, nonce: options.nonce, parserInserted: options.parserInserted,
    checked: true, referrerPolicy: options.referrerPolicy || el.doc.referrerPolicy, client: moduleClient(el.doc),
  });
}

// https://html.spec.whatwg.org/multipage/parsing.html#speculative-fetch: the module itself; what it imports is fetched when the parser has come to its script.
export function fetchModuleAhead(el, url, options, referrerPolicy) {
  hostPost('module.ahead', {
    __proto__: null, url, credentials: options.credentials, integrity: getAttr(el, 'integrity'), nonce: options.nonce, parserInserted: true, checked: true,
    referrerPolicy: referrerPolicy || el.doc.referrerPolicy, client: moduleClient(el.doc),
  });
}

function inlineModule(el, state, text, base, options) {
  const id = nextModuleId++;
  pendingModules[id] = (outcome) => {
    markReady(el, state, outcome.error === undefined ? { __proto__: null, module: outcome.url } : { __proto__: null, error: outcome.error });
  };
  hostPost('module.inline', {
    id, source: text, url: scriptURL(el.doc), base: serializeURL(documentBaseURL(el.doc)), line: state.line, column: state.column, credentials: options.credentials,
    nonce: options.nonce, parserInserted: options.parserInserted, referrerPolicy: options.referrerPolicy || el.doc.referrerPolicy, client: moduleClient(el.doc),
  });
}

// A graph for who is no script element; `done` gets { error } or not. `doc` is null in workers.
export function fetchModuleGraph(doc, url, credentials, done, integrity = null, nonce = null) {
  const id = nextModuleId++;
  pendingModules[id] = done;
  hostPost('module.fetch', { id, url, credentials, integrity, nonce, parserInserted: false, checked: nonce !== null, client: moduleClient(doc) });
}

export function moduleFetched(payload) {
  const callback = pendingModules[payload.id];
  delete pendingModules[payload.id];
  if (callback !== undefined) callback(payload);
}

// https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element
export function executeScript(el) {
  const state = scriptState(el);
  // 1-2.
  const doc = el.doc;
  if (state.preparationDocument !== doc) return;
  const result = state.result;
  // 3-4.
  if (result.error !== undefined) {
    fireEvent(el, 'error');
    return;
  }
  // 5. ignore-destructive-writes counter
  const external = state.fromExternal || state.type === 'module';
  if (external) doc.ignoreDestructiveWrites++;
  // 6.
  if (state.type === 'classic') {
    const previous = doc.currentScript;
    doc.currentScript = rootIsShadow(el) ? null : el;
    try {
      runClassicScript(doc.window, result.text, result.url, result.line, result.column, result.muted === true);
    } finally {
      doc.currentScript = previous;
    }
    if (external) doc.ignoreDestructiveWrites--;
    // 8.
    if (state.fromExternal) fireEvent(el, 'load');
  } else if (state.type === 'module') {
    state.settled = false;
    runModule(doc.window, result.module, (unfetched) => {
      doc.ignoreDestructiveWrites--;
      state.settled = true;
      // Before the next one in order runs.
      if (unfetched || state.fromExternal) fireEvent(el, unfetched ? 'error' : 'load');
      if (state.whenSettled !== null) state.whenSettled();
    });
  } else {
    // https://html.spec.whatwg.org/multipage/webappapis.html#register-an-import-map: at once, since scripts that follow rely on it
    const { name, message } = hostCall('module.importmap', { __proto__: null, source: result.importMap, base: serializeURL(documentBaseURL(doc)), client: moduleClient(doc) });
    if (name !== undefined) {
      const place = { __proto__: null, url: scriptURL(doc), line: state.line, column: state.column };
      reportException(name === 'SyntaxError' ? new SyntaxError(message) : new TypeError(message), doc.window, place);
    }
  }
}

function rootIsShadow(el) {
  let node = el;
  while (node.parent !== null) node = node.parent;
  return node.host !== undefined && node.host !== null;
}

// https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script
export function runClassicScript(window, source, url, line, column, muted = false) {
  return runScriptBy(evaluateIn, window, source, url, line, column, muted);
}

// The script of a javascript: URL: gives its completion value.
export function runScriptOfURL(window, source) {
  return runScriptBy(window.parent === null ? evaluateIn : evaluateTextIn, window, source, window.document.urlText(), 1, 1, false);
}

function runScriptBy(evaluate, window, source, url, line, column, muted) {
  if (!window.scriptingEnabled) return undefined;
  // It is being run until its exception is reported, too.
  const previous = enterWindow(window);
  try {
    return evaluate(window, source, url, line, column);
  } catch (error) {
    reportException(error, window, { __proto__: null, url, line, column }, muted);
    return undefined;
  } finally {
    leaveWindow(previous);
    // https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script
    if (!isScriptRunning()) runMicrotasks();
  }
}

// `settled(unfetched)`: it ran, or threw, or something that it imports could not be fetched.
export function runModule(window, url, settled) {
  const child = window.parent !== null;
  let promise;
  try {
    promise = child ? runFrameModule(window.document, url) : importModule(url, window.document.urlText());
  } catch (error) {
    reportException(error, window);
    settled(false);
    return;
  }
  PromisePrototypeThen(promise, () => settled(false), (error) => {
    const unfetched = child ? isFetchFailure(error) : isUnfetched(error);
    if (!unfetched) reportException(error, window);
    settled(unfetched);
  });
}

// What the host's loader (`browser/page_modules.py`) says in the engine's words.
function isUnfetched(error) {
  if (error === null || typeof error !== 'object' || ObjectGetPrototypeOf(error) !== TypeError.prototype) return false;
  const message = ObjectGetOwnPropertyDescriptor(error, 'message');
  return message !== undefined && typeof message.value === 'string' && StringPrototypeStartsWith(message.value, 'Failed to call module loader: RuntimeError: Failed to fetch module ');
}

// Called by the parser when a script's end tag was met (HTML, 13.2.6.4.8, "script" end tag).
export function parserEndsScript(el, line, column) {
  const state = scriptState(el);
  state.line = line;
  state.column = column;
  prepareScript(el);
}

// https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model:html-element-post-connection-steps
function connected(el) {
  const state = scriptState(el);
  if (state.parserDocument !== null) return;
  prepareScript(el);
}

export const scriptHooks = {
  __proto__: null,
  postConnected: connected,
  childrenChanged(el, removed) {
    if (!removed && isConnected(el)) connected(el);
  },
  attributeChanged(el, name, oldValue, value) {
    if (name === (el.namespace === HTML_NS ? 'src' : 'href') && value !== null && isConnected(el)) connected(el);
    if (name === 'async' && oldValue === null && value !== null) scriptState(el).forceAsync = false;
  },
  // https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model:concept-node-clone-ext
  cloned(copy, source) {
    if (source.state !== null) scriptState(copy).alreadyStarted = source.state.alreadyStarted;
  },
};
defineElement({ __proto__: null, names: ['script'], namespace: HTML_NS, iface: htmlScriptElementInterface, ...scriptHooks });
