// https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate
// Navigations that a document starts. Fragments and javascript: URLs are done here; everything else is the worker's, which loads
// the new document into a new isolate.

import { StringPrototypeSlice } from '../primordials.js';
import { hostPost } from '../host.js';
import { serializeOrigin, serializeURL } from '../url/parser.js';
import { allowsInline } from './csp.js';
import { referrerOf } from './referrer.js';
import { hasTransientActivation } from './user_activation.js';
import { queueTask } from './tasks.js';
import { fireEvent } from '../dom/dispatch.js';
import { originURL } from './frame_tree.js';
import { navigateFrame } from './frames.js';
import { navigateRemote } from './remote_window.js';
import { runClassicScript } from './scripting.js';
import { percentDecodeToString } from '../url/percent.js';
import { sessionHistoryPush, sessionHistoryReplaceURL } from './History.js';
import { mayNavigate } from './sandbox.js';
import { scrollToFragment } from './document_state.js';

// Options: { replace, reload, source, method, body, contentType, userInvolved, throws: what a sandbox forbids is an error }.
export function navigateWindow(window, url, options) {
  if (options.source !== undefined && !mayNavigate(options.source, window, url, options.throws === true)) return;
  if (window.isRemote === true) {
    navigateRemote(window, url, options);
    return;
  }
  const doc = window.document;
  const target = serializeURL(url);
  const current = serializeURL(doc.url);
  if (options.reload !== true && options.body === undefined && staysInDocument(window, url)) {
    navigateToFragment(window, url, target, current, options.replace === true);
    return;
  }
  if (window.parent !== null) {
    queueTask(window.frameElement.doc, () => {
      if (!window.closed) navigateFrame(window, url, options);
    });
    return;
  }
  if (url.scheme === 'javascript') {
    queueTask(doc, () => navigateToScript(window, target));
    return;
  }
  // A document that is not yet loaded replaces its entry (navigate, step 13).
  const replace = options.replace === true || (doc.readyState !== 'complete' && options.userInvolved !== true) || (target === current && (options.method ?? 'GET') === 'GET');
  hostPost('navigate', { ...navigationPayload(options.source ?? window, target, options), frame: window.frameId, replace }, options.body);
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
function navigateToFragment(window, url, target, current, replace) {
  const doc = window.document;
  doc.url = url;
  if (replace || target === current) sessionHistoryReplaceURL(window, null);
  else sessionHistoryPush(window, null);
  hostPost('navigated.within', { frame: window.frameId, url: target, kind: 'fragment' });
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
function navigateToScript(window, target) {
  if (!allowsInline(window.document, null, 'navigation', target)) return;
  const source = percentDecodeToString(StringPrototypeSlice(target, 'javascript:'.length));
  const result = runClassicScript(window, source, window.document.urlText(), 1, 1);
  if (typeof result === 'string') {
    hostPost('navigate', { frame: window.frameId, url: window.document.urlText(), replace: true, html: result, method: 'GET', hasBody: false });
  }
}
