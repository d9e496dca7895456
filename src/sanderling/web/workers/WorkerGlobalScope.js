// https://html.spec.whatwg.org/multipage/workers.html#the-workerglobalscope-common-interface
// What the global objects of all web workers are, and that of a dedicated one. Behind it is a document that no page code can reach: it carries what algorithms need of an environment (URL,
// encoding, referrer policy), so that they need not know whether a window or a worker asks.

import { evalScript, hostCall, hostPost, utf8Decode } from '../host.js';
import { ObjectFreeze, StringPrototypeSlice, TypeError } from '../primordials.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { extractMimeType } from '../fetch/headers_list.js';
import { allowsRequest, policiesForHost } from '../html/csp.js';
import { withWindow } from '../html/realm.js';
import { setErrorPlace } from '../html/report.js';
import { isJavaScriptType } from '../html/scripting.js';
import { parseURL, serializeHost, serializeOrigin, serializePath, serializeURL } from '../url/parser.js';
import { encodeForRemote } from '../webmessaging/remote_ports.js';
import { serializeValue } from '../webmessaging/structured_clone.js';

export class WorkerGlobalScopeImpl extends EventTargetImpl {
  constructor(facts) {
    super();
    this.frameId = facts.frame;      // of the document that the worker belongs to; of a shared one the host's own number
    this.document = null;            // the environment; no page code sees it
    this.handlers = null;
    this.event = undefined;
    this.globalObject = null;
    this.scriptingEnabled = true;
    this.closing = false;
    this.closed = false;
    // As windows have them, whose code is shared: a worker is the top of what is here, and has no frames.
    this.parent = null;
    this.remote = null;
    this.children = [];
    this.madeSecure = facts.secure;      // whether it is a secure context: as who made it was
    this.name = facts.name;
    this.type = facts.type;
    this.location = new WorkerLocationImpl(this);
    this.navigator = new WorkerNavigatorImpl(facts);
  }
}
WorkerGlobalScopeImpl.prototype.isWorkerScope = true;

export class DedicatedWorkerGlobalScopeImpl extends WorkerGlobalScopeImpl {}
export class WorkerLocationImpl extends Impl {
  constructor(scope) {
    super();
    this.scope = scope;
  }
}
export class WorkerNavigatorImpl extends Impl {
  constructor(facts) {
    super();
    this.userAgent = facts.userAgent;
    this.languages = ObjectFreeze(facts.languages);
    this.platform = facts.platform === '' ? 'Linux x86_64' : facts.platform;
    this.hardwareConcurrency = facts.hardwareConcurrency === 0 ? 2 : facts.hardwareConcurrency;
    this.onLine = true;
  }
}

// https://html.spec.whatwg.org/multipage/workers.html#import-scripts-into-worker-global-scope
function importScripts(self, urls) {
  // 1.
  if (self.type === 'module') throw new TypeError("Failed to execute 'importScripts' on 'WorkerGlobalScope': Module scripts don't support importScripts().");
  // 3-4.
  const records = [];
  for (let i = 0; i < urls.length; i++) {
    const record = parseURL(urls[i], self.document.url);
    if (record === null) throw domException('SyntaxError', "Failed to execute 'importScripts' on 'WorkerGlobalScope': The URL '" + urls[i] + "' is invalid.");
    records[i] = record;
  }
  // 5. Which blobs they mean is settled now, whatever their scripts revoke.
  const blobs = [];
  for (let i = 0; i < records.length; i++) blobs[i] = records[i].blobEntry?.object ?? null;
  for (let i = 0; i < records.length; i++) importScript(self, serializeURL(records[i]), blobs[i]);
}

function importFailure(url, why) {
  return domException('NetworkError', "Failed to execute 'importScripts' on 'WorkerGlobalScope': The script at '" + url + "' " + why);
}

// https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-imported-script
function importScript(self, url, blob) {
  if (!allowsRequest(self.document, { __proto__: null, destination: 'script', parserInserted: false }, url, false)) {
    throw importFailure(url, 'is forbidden by a Content Security Policy.');
  }
  let text;
  let source = url;
  let muted = false;
  if (blob !== null) {
    // DEVIATION: what says nothing of its type is taken for JavaScript; libraries import blobs without one.
    const type = blob.type === '' ? null : extractMimeType(blob.type);
    if (blob.type !== '' && (type === null || !isJavaScriptType(type.essence))) throw importFailure(url, "is no JavaScript by its type: '" + blob.type + "'.");
    text = utf8Decode(blob.bytes);
  } else {
    const asked = { __proto__: null, url, upgrade: self.document.upgradesInsecure };
    if (self.document.csp !== null) asked.policies = policiesForHost(self.document);
    const answer = hostCall('worker.import', asked);
    if (answer.error !== undefined && answer.blocked !== '') allowsRequest(self.document, { __proto__: null, url, destination: 'script', parserInserted: false }, answer.blocked, true);
    if (answer.error !== undefined) throw importFailure(url, 'failed to load: ' + answer.error);
    if (answer.json.redirected && !allowsRequest(self.document, { __proto__: null, url, destination: 'script', parserInserted: false }, answer.json.url, true)) {
      throw importFailure(url, 'is forbidden by a Content Security Policy.');
    }
    text = utf8Decode(answer.bytes);
    source = answer.json.url;
    muted = answer.json.muted;
  }
  // https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script, steps 7-8: what a script of another origin throws is not told.
  try {
    withWindow(self, () => evalScript(text, source, 1, 1, (error) => {
      setErrorPlace(error, source);
      throw error;
    }));
  } catch (error) {
    if (muted) throw domException('NetworkError', 'A network error occurred.');
    throw error;
  }
}

defineTypes('enum WorkerType { "classic", "module" };');

export const workerGlobalScopeInterface = defineInterface(`
[Global=Worker, Exposed=Worker]
interface WorkerGlobalScope : EventTarget {
  readonly attribute any self;
  readonly attribute WorkerLocation location;
  readonly attribute WorkerNavigator navigator;
  [Replaceable] readonly attribute USVString origin;
  undefined importScripts(USVString... urls);
  attribute EventHandler onerror;
  attribute EventHandler onlanguagechange;
  attribute EventHandler onoffline;
  attribute EventHandler ononline;
  attribute EventHandler onrejectionhandled;
  attribute EventHandler onunhandledrejection;
};
WorkerGlobalScope includes WindowOrWorkerGlobalScope;
`, {
  self: (self) => self.globalObject,
  location: (self) => self.location,
  navigator: (self) => self.navigator,
  origin: (self) => serializeOrigin(self.document.url),
  importScripts,
}, WorkerGlobalScopeImpl);

// https://html.spec.whatwg.org/multipage/workers.html#close-a-worker: what runs now runs to its end
export function closeWorker(self) {
  if (self.closing) return;
  self.closing = true;
  hostPost('worker.close', null);
}

function postToOwner(self, message, transfer) {
  const { json, bytes, ports, sent } = encodeForRemote(serializeValue(message, transfer));
  hostPost('worker.reply', { __proto__: null, message: json, ports }, bytes);
  sent();
}

// https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-dedicatedworkerglobalscope-interface
export const dedicatedWorkerGlobalScopeInterface = defineInterface(`
[Global=(Worker,DedicatedWorker), Exposed=DedicatedWorker]
interface DedicatedWorkerGlobalScope : WorkerGlobalScope {
  [Replaceable] readonly attribute DOMString name;
  undefined postMessage(any message, sequence<object> transfer);
  undefined postMessage(any message, optional StructuredSerializeOptions options = {});
  undefined close();
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
};
DedicatedWorkerGlobalScope includes AnimationFrameProvider;
`, {
  name: (self) => self.name,
  'postMessage:0': postToOwner,
  'postMessage:1': (self, message, options) => postToOwner(self, message, options.transfer),
  close: closeWorker,
}, DedicatedWorkerGlobalScopeImpl);

function workerHost(url) {
  if (url.host === null) return '';
  return url.port === null ? serializeHost(url.host) : serializeHost(url.host) + ':' + url.port;
}

// https://html.spec.whatwg.org/multipage/workers.html#worker-locations
export const workerLocationInterface = defineInterface(`
[Exposed=Worker]
interface WorkerLocation {
  stringifier readonly attribute USVString href;
  readonly attribute USVString origin;
  readonly attribute USVString protocol;
  readonly attribute USVString host;
  readonly attribute USVString hostname;
  readonly attribute USVString port;
  readonly attribute USVString pathname;
  readonly attribute USVString search;
  readonly attribute USVString hash;
};
`, {
  href: (self) => serializeURL(self.scope.document.url),
  origin: (self) => serializeOrigin(self.scope.document.url),
  protocol: (self) => self.scope.document.url.scheme + ':',
  host: (self) => workerHost(self.scope.document.url),
  hostname: (self) => (self.scope.document.url.host === null ? '' : serializeHost(self.scope.document.url.host)),
  port: (self) => (self.scope.document.url.port === null ? '' : '' + self.scope.document.url.port),
  pathname: (self) => serializePath(self.scope.document.url),
  search: (self) => (self.scope.document.url.query === null || self.scope.document.url.query === '' ? '' : '?' + self.scope.document.url.query),
  hash: (self) => (self.scope.document.url.fragment === null || self.scope.document.url.fragment === '' ? '' : '#' + self.scope.document.url.fragment),
}, WorkerLocationImpl);

// https://html.spec.whatwg.org/multipage/workers.html#the-workernavigator-object
export const workerNavigatorInterface = defineInterface(`
[Exposed=Worker]
interface WorkerNavigator {
  readonly attribute DOMString appCodeName;
  readonly attribute DOMString appName;
  readonly attribute DOMString appVersion;
  readonly attribute DOMString platform;
  readonly attribute DOMString product;
  readonly attribute DOMString userAgent;
  readonly attribute DOMString language;
  readonly attribute any languages;
  readonly attribute boolean onLine;
  readonly attribute unsigned long long hardwareConcurrency;
};
`, {
  appCodeName: () => 'Mozilla',
  appName: () => 'Netscape',
  appVersion: (self) => StringPrototypeSlice(self.userAgent, 'Mozilla/'.length),
  platform: (self) => self.platform,
  product: () => 'Gecko',
  userAgent: (self) => self.userAgent,
  language: (self) => self.languages[0] ?? '',
  languages: (self) => self.languages,
  onLine: (self) => self.onLine,
  hardwareConcurrency: (self) => self.hardwareConcurrency,
}, WorkerNavigatorImpl);
