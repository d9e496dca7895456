// https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate
// Navigations that a document starts. Fragments and javascript: URLs are done here; everything else is the worker's, which loads
// the new document into a new isolate.

import { StringPrototypeSlice } from '../primordials.js';
import { jsonText } from '../json.js';
import { hostPost } from '../host.js';
import { serializeOrigin, serializeURL } from '../url/parser.js';
import { allowsInline } from './csp.js';
import { referrerOf } from './referrer.js';
import { hasTransientActivation } from './user_activation.js';
import { queueTask } from './tasks.js';
import { fireEvent } from '../dom/dispatch.js';
import { originURL } from './frame_tree.js';
import { historyHandlingOf, mayLeaveFrame, navigateFrame } from './frames.js';
import { isCompletelyLoaded, isInitialBlank } from './loading.js';
import { navigateRemote } from './remote_window.js';
import { runScriptOfURL } from './scripting.js';
import { entryChanged, fireNavigate } from '../navigation-api/navigating.js';
import { percentDecodeToString } from '../url/percent.js';
import { encodeSerialized } from '../webmessaging/wire.js';
import { sessionHistoryPush, sessionHistoryReplaceURL } from './History.js';
import { mayNavigate } from './sandbox.js';
import { scrollToFragment } from './document_state.js';

// Options: { replace, reload, source, method, body, contentType, userInvolved, throws: what a sandbox forbids is an error }, and for the navigation API
// { entries, element, state: of the new entry, pushes: even where the URL is the same }.
export function navigateWindow(window, url, options) {
  if (options.source !== undefined && !mayNavigate(options.source, window, url, options.throws === true)) return;
  if (window.isRemote === true) {
    navigateRemote(window, url, options);
    return;
  }
  // A frame's document in another isolate: what it stands at is known to the worker.
  if (window.remote !== null && url.fragment !== null && options.reload !== true && options.body === undefined) {
    navigateRemote(window.remote, url, options);
    return;
  }
  const doc = window.document;
  const target = serializeURL(url);
  const current = serializeURL(doc.url);
  // https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate, step 3; as in Chromium for the navigation API, too
  if ((options.throws === true || options.byMethod === true) && options.pushes !== true && !isCompletelyLoaded(doc) && !hasTransientActivation()) options.replace = true;
  if (options.reload !== true && options.body === undefined && staysInDocument(window, url)) {
    navigateToFragment(window, url, target, current, options);
    return;
  }
  if (window.navigationApi !== null && url.scheme !== 'javascript' && !mayLeave(window, url, options)) return;
  if (window.parent !== null) {
    if (options.state !== undefined && options.state !== null) {
      const { json, bytes } = encodeSerialized(options.state);
      hostPost('navigation.next', { frame: window.frameId, state: jsonText(json) }, bytes);
    }
    // Step 23.2: what is there is asked at once, as in Chromium.
    const asked = window.remote === null && url.scheme !== 'javascript';
    if (asked && !mayLeaveFrame(window)) return;
    queueTask(window.frameElement.doc, () => {
      if (!window.closed) navigateFrame(window, url, asked ? { ...options, __proto__: null, asked } : options);
    });
    return;
  }
  if (url.scheme === 'javascript') {
    const source = options.source?.document ?? doc;
    queueTask(doc, () => navigateToScript(window, target, source));
    return;
  }
  const payload = { ...navigationPayload(options.source ?? window, target, options), frame: window.frameId, replace: replacesEntry(target, current, options) };
  if (options.state === undefined || options.state === null) hostPost('navigate', payload, options.body);
  else {
    const { json, bytes } = encodeSerialized(options.state);
    hostPost('navigate', { ...payload, state: jsonText(json) }, bytes);
  }
}

// Navigate, step 13: to the same address. That a document is not loaded yet matters to those alone who have set `replace` then.
function replacesEntry(target, current, options) {
  if (options.pushes === true) return false;
  return options.replace === true || (target === current && (options.method ?? 'GET') === 'GET');
}

// Navigate, step 21: what code of the document that is to be left says. It is not asked about what another origin does.
function mayLeave(window, url, options) {
  const { source } = options;
  const doc = window.document;
  if (source !== undefined && source !== window && serializeOrigin(originURL(source.document)) !== serializeOrigin(originURL(doc))) return true;
  const target = serializeURL(url);
  const replace = window.parent === null ? replacesEntry(target, serializeURL(doc.url), options) : historyHandlingOf(window, url, options) !== 'push';
  return fireNavigate(window, {
    ...options, __proto__: null, type: options.reload === true ? 'reload' : replace ? 'replace' : 'push', url, sameDocument: false, classic: null,
  });
}

// Fragment navigation (navigate, step 14): equal without fragments, and the new one has a fragment.
export function staysInDocument(window, url) {
  return url.fragment !== null && withoutFragment(serializeURL(url)) === withoutFragment(serializeURL(window.document.url));
}

// What the worker needs to load a document on behalf of `source`.
export function navigationPayload(source, url, options) {
  return {
    __proto__: null, url, replace: options.replace === true, reload: options.reload === true, method: options.method ?? 'GET', contentType: options.contentType ?? '',
    referrer: options.referrer ?? referrerOf(source.document), referrerPolicy: options.referrerPolicy ?? source.document.referrerPolicy, origin: serializeOrigin(originURL(source.document)),
    hasBody: options.body !== undefined, activated: hasTransientActivation(),
  };
}

function withoutFragment(text) {
  for (let i = 0; i < text.length; i++) if (text[i] === '#') return StringPrototypeSlice(text, 0, i);
  return text;
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid
function navigateToFragment(window, url, target, current, options) {
  const doc = window.document;
  const replace = options.replace === true || isInitialBlank(doc) || (target === current && options.pushes !== true);
  const type = replace ? 'replace' : 'push';
  // 2-3.
  if (window.navigationApi !== null && !fireNavigate(window, { ...options, __proto__: null, type, url, sameDocument: true, classic: null })) return;
  doc.url = url;
  if (replace) sessionHistoryReplaceURL(window, null);
  else sessionHistoryPush(window, null);
  hostPost('navigated.within', { frame: window.frameId, url: target, kind: 'fragment' });
  if (window.navigationApi !== null) entryChanged(window, type, true);
  // https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-document-for-history-step-application, step 6.4.3
  fireEvent(window, 'popstate', { __proto__: null, interface: 'PopStateEvent' });
  scrollToFragment(doc);
  if (target !== current) {
    queueTask(doc, () => {
      fireEvent(window, 'hashchange', {
        __proto__: null, interface: 'HashChangeEvent', init: { __proto__: null, oldURL: current, newURL: target },
      });
    });
  }
}

// https://html.spec.whatwg.org/multipage/browsing-the-web.html#the-javascript:-url-special-case
function navigateToScript(window, target, source) {
  if (!allowsInline(source, null, 'navigation', target)) return;
  const text = percentDecodeToString(StringPrototypeSlice(target, 'javascript:'.length));
  const result = runScriptOfURL(window, text);
  if (typeof result === 'string') {
    hostPost('navigate', { frame: window.frameId, url: window.document.urlText(), replace: true, html: result, method: 'GET', hasBody: false });
  }
}
