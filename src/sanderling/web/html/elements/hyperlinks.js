// https://html.spec.whatwg.org/multipage/links.html
// a and area: URL decomposition, and what happens when they are followed.

import { fireNavigate } from '../../navigation-api/navigating.js';
import { StringPrototypeStartsWith } from '../../primordials.js';
import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, setAttr } from '../../dom/attributes.js';
import { descendantTextContent, isConnected, nextInTree, stringReplaceAll } from '../../dom/tree.js';
import { tokenListOf } from '../../dom/DOMTokenList.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { splitTokens } from '../../dom/collections.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { hostPost } from '../../host.js';
import {
  cannotHaveCredentialsOrPort, parseURL, serializeHost, serializeOrigin, serializePath, serializeURL, setHash, setHost, setHostname, setPassword, setPathname, setPort,
  setProtocol, setSearch, setUsername,
} from '../../url/parser.js';
import { blobOfURL } from '../../FileAPI/blob_url.js';
import { documentBaseURL } from '../document_state.js';
import { navigateWindow, staysInDocument } from '../navigate.js';
import { referrerOf } from '../referrer.js';
import { sandboxAllows } from '../sandbox.js';
import { queueTask } from '../tasks.js';
import { findWindow, openRemoteWindow } from '../Window.js';

// https://html.spec.whatwg.org/multipage/links.html#concept-hyperlink-url-set: a record, or null
export function hyperlinkURL(el) {
  const href = getAttr(el, 'href');
  return href === null ? null : parseURL(href, documentBaseURL(el.doc), el.doc.encoding);
}

// A component of the URL that a setter changes: `change(record, value)`.
function linkPart(get, change) {
  return {
    __proto__: null,
    get(self) {
      const url = hyperlinkURL(self);
      return url === null ? '' : get(url);
    },
    set(self, value) {
      const url = hyperlinkURL(self);
      if (url === null) return;
      change(url, value);
      setAttr(self, 'href', serializeURL(url));
    },
  };
}

function hrefOf(el) {
  const href = getAttr(el, 'href');
  if (href === null) return '';
  const url = hyperlinkURL(el);
  return url === null ? href : serializeURL(url);
}

defineInterface(`
interface mixin HTMLHyperlinkElementUtils {
  [CEReactions] stringifier attribute USVString href;
  readonly attribute USVString origin;
  [CEReactions] attribute USVString protocol;
  [CEReactions] attribute USVString username;
  [CEReactions] attribute USVString password;
  [CEReactions] attribute USVString host;
  [CEReactions] attribute USVString hostname;
  [CEReactions] attribute USVString port;
  [CEReactions] attribute USVString pathname;
  [CEReactions] attribute USVString search;
  [CEReactions] attribute USVString hash;
};
`, {
  href: { get: hrefOf, set: (self, value) => setAttr(self, 'href', value) },
  origin(self) {
    const url = hyperlinkURL(self);
    return url === null ? '' : serializeOrigin(url);
  },
  protocol: {
    get(self) {
      const url = hyperlinkURL(self);
      return url === null ? ':' : url.scheme + ':';
    },
    set(self, value) {
      const url = hyperlinkURL(self);
      if (url === null) return;
      setProtocol(url, value);
      setAttr(self, 'href', serializeURL(url));
    },
  },
  username: linkPart((url) => url.username, (url, value) => {
    if (!cannotHaveCredentialsOrPort(url)) setUsername(url, value);
  }),
  password: linkPart((url) => url.password, (url, value) => {
    if (!cannotHaveCredentialsOrPort(url)) setPassword(url, value);
  }),
  host: linkPart((url) => (url.host === null ? '' : serializeHost(url.host) + (url.port === null ? '' : ':' + url.port)), setHost),
  hostname: linkPart((url) => (url.host === null ? '' : serializeHost(url.host)), setHostname),
  port: linkPart((url) => (url.port === null ? '' : '' + url.port), setPort),
  pathname: linkPart(serializePath, setPathname),
  search: linkPart((url) => (url.query === null || url.query === '' ? '' : '?' + url.query), setSearch),
  hash: linkPart((url) => (url.fragment === null || url.fragment === '' ? '' : '#' + url.fragment), setHash),
});

// https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-target
export function elementTarget(el, given) {
  let target = given ?? null;
  if (target === null && hasAttr(el, 'target')) target = getAttr(el, 'target');
  // As in Chromium, an empty one says nothing, too.
  if ((target === null || target === '') && el.doc.baseCount > 0) {
    for (let node = el.doc.first; node !== null; node = nextInTree(node, el.doc)) {
      if (node.nodeType === 1 && node.localName === 'base' && node.namespace === HTML_NS && hasAttr(node, 'target')) {
        target = getAttr(node, 'target');
        break;
      }
    }
  }
  if (target === null) return '';
  // A newline together with "<" is a sign of dangling markup.
  let newline = false;
  let less = false;
  for (let i = 0; i < target.length; i++) {
    if (target[i] === '\n' || target[i] === '\t') newline = true;
    else if (target[i] === '<') less = true;
  }
  return newline && less ? '_blank' : target;
}

// https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable: a window, or null for a new one
export function targetWindow(from, target) {
  const lower = lowerAscii(target);
  if (lower === '' || lower === '_self') return from;
  if (lower === '_parent') return from.parentWindow();
  if (lower === '_top') return from.topWindow();
  return findWindow(from, target);
}

// Whether an element's rel keeps the new window from knowing its opener.
export function linkNoOpener(el, target) {
  const tokens = splitTokens(lowerAscii(getAttr(el, 'rel') ?? ''));
  let opener = false;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === 'noopener' || tokens[i] === 'noreferrer') return true;
    if (tokens[i] === 'opener') opener = true;
  }
  return !opener && lowerAscii(target) === '_blank';
}

function noReferrer(el) {
  const tokens = splitTokens(lowerAscii(getAttr(el, 'rel') ?? ''));
  for (let i = 0; i < tokens.length; i++) if (tokens[i] === 'noreferrer') return true;
  return false;
}

// Navigate to where `target` says, or have a new window opened.
export function navigateTarget(el, url, target, options) {
  const from = el.doc.window;
  const window = targetWindow(from, target);
  if (window !== null) {
    navigateWindow(window, url, options);
    return;
  }
  openRemoteWindow(from, url, target, linkNoOpener(el, target), options);
}

// Whether the user asks for a window apart: a new tab by the control key (on macOS the command key) or the middle button, a new window by the
// shift key. HTML leaves it to the user agent (`userInvolvement` "browser UI"); these are Chromium's gestures.
function asksForWindow(el, event) {
  if (event === undefined || event.isMouse !== true) return false;
  const { ctrlKey, metaKey, shiftKey, button } = event.init;
  const mac = StringPrototypeStartsWith(el.doc.window.navigator.ownPlatform, 'Mac');
  return button === 1 || shiftKey === true || (mac ? metaKey : ctrlKey) === true;
}

// The alt key alone saves what a link leads to, as in Chromium.
function asksForDownload(el, event) {
  if (event === undefined || event.isMouse !== true || !event.isTrusted || event.init.altKey !== true || event.init.button !== 0) return false;
  return !asksForWindow(el, event);
}

// https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2
export function followHyperlink(el, event) {
  const { doc } = el;
  // 1. cannot navigate
  if (doc.window === null || (el.localName !== 'a' && !isConnected(el))) return;
  // 2-5.
  const url = hyperlinkURL(el);
  const target = elementTarget(el);
  if (url === null) return;
  const referrerPolicy = noReferrer(el) ? 'no-referrer' : lowerAscii(getAttr(el, 'referrerpolicy') ?? '');
  const download = getAttr(el, 'download');
  // https://html.spec.whatwg.org/multipage/links.html#downloading-hyperlinks
  if (download !== null || (url.scheme !== 'javascript' && asksForDownload(el, event))) {
    if (!sandboxAllows(doc.window, 'downloads')) return;
    // 6. of downloading
    if (doc.window.navigationApi !== null && !fireNavigate(doc.window, {
      __proto__: null, type: 'push', url, sameDocument: false, classic: null, userInvolved: true, element: el, download: download ?? '',
    })) return;
    const address = serializeURL(url);
    const payload = { frame: doc.window.frameId, url: address, filename: download ?? '', referrer: referrerOf(doc), referrerPolicy: referrerPolicy || doc.referrerPolicy };
    // Pages revoke the URL as soon as the link was followed: the blob goes along.
    const blob = url.scheme === 'blob' ? blobOfURL(address) : null;
    if (blob === null) hostPost('download', payload);
    else hostPost('download', { ...payload, __proto__: null, blobType: blob.type }, blob.bytes);
    return;
  }
  const apart = url.scheme !== 'javascript' && asksForWindow(el, event);
  const options = { __proto__: null, source: doc.window, userInvolved: true, element: el };
  if (referrerPolicy !== '') options.referrerPolicy = referrerPolicy;
  // As in Chromium, what stays in the document is done here and now.
  if (!apart && targetWindow(doc.window, target) === doc.window && staysInDocument(doc.window, url)) {
    navigateTarget(el, url, target, options);
    return;
  }
  // 11. The navigation is a task, so that the click's own listeners end first.
  queueTask(doc, () => {
    if (apart) openRemoteWindow(doc.window, url, '', true, options, true);
    else navigateTarget(el, url, target, options);
  });
}

// https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-a-element:activation-behaviour
function linkActivation(el, event) {
  if (hasAttr(el, 'href')) {
    sendPings(el);
    followHyperlink(el, event);
  }
}

// https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing
function sendPings(el) {
  const ping = getAttr(el, 'ping');
  if (ping === null || el.doc.window === null) return;
  const to = hyperlinkURL(el);
  if (to === null) return;
  const list = splitTokens(ping);
  for (let i = 0; i < list.length; i++) {
    const record = parseURL(list[i], documentBaseURL(el.doc), el.doc.encoding);
    if (record === null || (record.scheme !== 'http' && record.scheme !== 'https')) continue;
    hostPost('ping', { frame: el.doc.window.frameId, url: serializeURL(record), from: el.doc.urlText(), to: serializeURL(to) });
  }
}

const ANCHOR_RELATIONS = ['noreferrer', 'noopener', 'opener'];
const linkRelations = (self) => tokenListOf(self, 'rel', ANCHOR_RELATIONS);

defineElement({
  __proto__: null,
  names: ['a'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLAnchorElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString target;
  [CEReactions, Reflect] attribute DOMString download;
  [CEReactions, Reflect] attribute USVString ping;
  [CEReactions, Reflect] attribute DOMString rel;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList relList;
  [CEReactions, Reflect] attribute DOMString hreflang;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions] attribute DOMString text;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
  [CEReactions, Reflect] attribute DOMString coords;
  [CEReactions, Reflect] attribute DOMString charset;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute DOMString rev;
  [CEReactions, Reflect] attribute DOMString shape;
};
HTMLAnchorElement includes HTMLHyperlinkElementUtils;
`, { relList: linkRelations, text: { get: descendantTextContent, set: (self, value) => stringReplaceAll(value, self) } }),
  activationBehavior: linkActivation,
  auxiliaryActivation: true,
  activates: (el) => hasAttr(el, 'href'),
});

defineElement({
  __proto__: null,
  names: ['area'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLAreaElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString alt;
  [CEReactions, Reflect] attribute DOMString coords;
  [CEReactions, Reflect] attribute DOMString shape;
  [CEReactions, Reflect] attribute DOMString target;
  [CEReactions, Reflect] attribute DOMString download;
  [CEReactions, Reflect] attribute USVString ping;
  [CEReactions, Reflect] attribute DOMString rel;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList relList;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
  [CEReactions, Reflect] attribute boolean noHref;
};
HTMLAreaElement includes HTMLHyperlinkElementUtils;
`, { relList: linkRelations }),
  activationBehavior: linkActivation,
  auxiliaryActivation: true,
  activates: (el) => hasAttr(el, 'href'),
});
