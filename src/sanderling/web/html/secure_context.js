// https://w3c.github.io/webappsec-secure-contexts/
// Which windows are secure contexts, and what the others do not have.

import { defineInterface, dropMember } from '../webidl/interface.js';
import { parseURL, serializeOrigin } from '../url/parser.js';
import { originURL } from './frame_tree.js';
import { RegExpPrototypeExec, ReflectDeleteProperty, StringPrototypeEndsWith } from '../primordials.js';

const LOOPBACK = /^127(?:\.[0-9]+){3}$/;

// https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
export function isTrustworthyOrigin(url) {
  if (url.scheme === 'https' || url.scheme === 'wss' || url.scheme === 'file') return true;
  if (url.scheme !== 'http' && url.scheme !== 'ws') return false;
  const { host } = url;
  return host === 'localhost' || host === 'localhost.' || host === '[::1]' || StringPrototypeEndsWith(host, '.localhost')
    || StringPrototypeEndsWith(host, '.localhost.') || RegExpPrototypeExec(LOOPBACK, host) !== null;
}

// Documents whose URL has no host are as secure as the one that they are in.
const HOSTLESS = { __proto__: null, about: true, blob: true, data: true, javascript: true };

// https://html.spec.whatwg.org/multipage/webappapis.html#secure-context asks the top-level URL alone. DEVIATION: all ancestors, as in Chromium. That a
// sandbox made the origin opaque does not count.
export function isSecureWindow(window) {
  let root = window;
  for (; ; root = root.parent) {
    const { document } = root;
    const above = root.parent !== null || root.remoteAncestors.length > 0;
    if (!(above && HOSTLESS[document.url.scheme] === true) && !isTrustworthyOrigin(above ? document.url : originURL(document))) return false;
    if (root.parent === null) break;
  }
  const above = root.remoteAncestors;
  for (let i = 0; i < above.length; i++) {
    const origin = parseURL(above[i]);
    if (origin === null || !isTrustworthyOrigin(origin)) return false;
  }
  return true;
}

// Of a window, or of a web worker: that one is as secure as its owner was when it was made.
export function isSecureGlobal(scope) {
  return scope.isWorkerScope === true ? scope.madeSecure : isSecureWindow(scope);
}

// Members of interfaces that have [SecureContext]: gone from an isolate whose documents are none.
const SECURE_ONLY = [
  ['Navigator', 'clipboard'], ['Navigator', 'storage'], ['WorkerNavigator', 'storage'], ['Navigator', 'storageBuckets'], ['WorkerNavigator', 'storageBuckets'], ['Navigator', 'locks'], ['WorkerNavigator', 'locks'], ['WorkerGlobalScope', 'caches'], ['Navigator', 'registerProtocolHandler'], ['Navigator', 'unregisterProtocolHandler'], ['Crypto', 'subtle'], ['Crypto', 'randomUUID'],
];
const SECURE_GLOBALS = ['Clipboard', 'ClipboardItem', 'CookieStore', 'CookieChangeEvent', 'StorageManager', 'StorageBucket', 'StorageBucketManager', 'cookieStore', 'Cache', 'CacheStorage', 'caches', 'CryptoKey', 'SubtleCrypto', 'Lock', 'LockManager', 'NavigatorUAData',
  'DeviceMotionEvent', 'DeviceMotionEventAcceleration', 'DeviceMotionEventRotationRate', 'DeviceOrientationEvent'];

let hidesSecure = false;

export function hideSecureMembers(window) {
  // https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-new-javascript-realm: nothing here is cross-origin isolated.
  ReflectDeleteProperty(window.globalObject, 'SharedArrayBuffer');
  if (isSecureGlobal(window)) return;
  hidesSecure = true;
  for (let i = 0; i < SECURE_ONLY.length; i++) dropMember(SECURE_ONLY[i][0], SECURE_ONLY[i][1]);
  hideSecureGlobals(window.globalObject);
}

// Of a global object of this isolate: the windows in one that is no secure context are none either.
export function hideSecureGlobals(global) {
  for (let i = 0; hidesSecure && i < SECURE_GLOBALS.length; i++) ReflectDeleteProperty(global, SECURE_GLOBALS[i]);
}

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  readonly attribute boolean isSecureContext;
  readonly attribute boolean crossOriginIsolated;
};
`, {
  isSecureContext: isSecureGlobal,
  // Nothing is isolated so; Cross-Origin-Embedder-Policy is not obeyed.
  crossOriginIsolated: () => false,
});

defineInterface(`
partial interface Window {
  [Replaceable] readonly attribute USVString origin;
};
`, {
  // https://html.spec.whatwg.org/multipage/webappapis.html#dom-origin
  origin: (self) => (self.sandbox !== null && self.sandbox.opaque ? 'null' : serializeOrigin(originURL(self.document))),
});
