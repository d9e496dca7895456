// https://html.spec.whatwg.org/multipage/dom.html#the-document-object
// What HTML adds to Document.

import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { openWindow } from './Window.js';
import { createElement } from '../dom/create.js';
import { getAttr, hasAttr, setAttr } from '../dom/attributes.js';
import { appendNode, childTextContent, insertNode, nextInTree, replaceNode, stringReplaceAll } from '../dom/tree.js';
import { collection, LiveNodeListImpl } from '../dom/collections.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { DateNow, SafeMap, StringPrototypeEndsWith } from '../primordials.js';
import { commandEnabled, commandIndeterm, commandState, commandValue, executeCommand, supportsCommand } from '../editing/commands.js';
import { lowerAscii } from '../css/selectors/names.js';
import { cookieString, setCookieString } from './Navigator.js';
import { emulated } from '../emulation/emulated.js';
import { localMoment } from '../emulation/date.js';
import { closeDocument, openDocument, writeDocument } from './document_write.js';
import { documentHasFocus } from './focus.js';
import { canBeFullscreen } from '../fullscreen/fullscreen.js';
import { serializeHost, serializeURL } from '../url/parser.js';
import { parseHost } from '../url/host.js';
import { hostCall } from '../host.js';
import { originURL } from './frame_tree.js';
import { currentWindow } from './realm.js';
import { cookieURL } from './document_state.js';
import { selectionOf } from './Selection.js';

// Strip and collapse ASCII whitespace: https://infra.spec.whatwg.org/#strip-and-collapse-ascii-whitespace
export function collapseWhitespace(text) {
  let out = '';
  let gap = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f') gap = out !== '';
    else {
      if (gap) out += ' ';
      gap = false;
      out += c;
    }
  }
  return out;
}

// https://html.spec.whatwg.org/multipage/browsers.html#is-a-registrable-domain-suffix-of-or-is-equal-to
function isSuffixOf(text, original) {
  // 1-3.
  const host = text === '' ? null : parseHost(text);
  if (host === null || host === undefined) return false;
  // 4. An address has no parts.
  return host === original || (StringPrototypeEndsWith(original, '.' + host) && !hostCall('url.is_public_suffix', { __proto__: null, domain: host }));
}

function titleElement(doc) {
  const root = doc.documentElement();
  if (root !== null && root.namespace === SVG_NS && root.localName === 'svg') {
    for (let node = root.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === 'title' && node.namespace === SVG_NS) return node;
    return null;
  }
  for (let node = doc.first; node !== null; node = nextInTree(node, doc)) {
    if (node.nodeType === 1 && node.localName === 'title' && node.namespace === HTML_NS) return node;
  }
  return null;
}

export function documentTitle(doc) {
  const el = titleElement(doc);
  return el === null ? '' : collapseWhitespace(childTextContent(el));
}

function setTitle(doc, value) {
  const root = doc.documentElement();
  if (root === null || (root.namespace !== HTML_NS && !(root.namespace === SVG_NS && root.localName === 'svg'))) return;
  let el = titleElement(doc);
  if (el === null) {
    if (root.namespace === SVG_NS) {
      el = createElement(doc, 'title', SVG_NS);
      insertNode(el, root, root.first);
    } else {
      const head = headElement(doc);
      if (head === null) return;
      el = createElement(doc, 'title');
      appendNode(el, head);
    }
  }
  stringReplaceAll(value, el);
}

export function headElement(doc) {
  const root = doc.documentElement();
  if (root === null || root.localName !== 'html') return null;
  for (let node = root.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === 'head' && node.namespace === HTML_NS) return node;
  return null;
}

function setBody(doc, value) {
  if (value === null || value.namespace !== HTML_NS || (value.localName !== 'body' && value.localName !== 'frameset')) {
    throw domException('HierarchyRequestError', "The new body element must be a 'BODY' or 'FRAMESET' element.");
  }
  const current = doc.bodyElement();
  if (current === value) return;
  const root = doc.documentElement();
  if (current !== null) replaceNode(current, value, root);
  else if (root === null) throw domException('HierarchyRequestError', 'No document element exists.');
  else appendNode(value, root);
}

function isHTMLElement(el, name) {
  return el.localName === name && el.namespace === HTML_NS;
}

// Collections that live as long as their document.
function keptCollection(name, test) {
  return (self) => {
    const map = self.collections ?? (self.collections = new SafeMap());
    let list = map.get(name);
    if (list === undefined) {
      list = collection(self, test);
      map.set(name, list);
    }
    return list;
  };
}

const LINKS = (el) => el.namespace === HTML_NS && (el.localName === 'a' || el.localName === 'area') && hasAttr(el, 'href');

// https://html.spec.whatwg.org/multipage/dom.html#dom-document-lastmodified
function lastModified(self) {
  return localMoment(self.lastModified || DateNow());      // where nobody said, it is now
}

// Legacy presentational attributes of body.
function bodyAttribute(name) {
  return {
    __proto__: null,
    get(self) {
      const body = self.bodyElement();
      return body === null ? '' : getAttr(body, name) ?? '';
    },
    set(self, value) {
      const body = self.bodyElement();
      if (body !== null) setAttr(body, name, value);
    },
  };
}

// https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie: cookie-averse documents have none, opaque origins may not ask
function hasCookies(self) {
  const { scheme } = cookieURL(self);
  if (self.window === null || (scheme !== 'http' && scheme !== 'https')) return false;
  if (self.opaqueOrigin) throw domException('SecurityError', 'The document is sandboxed and has an opaque origin.');
  return !emulated.cookiesDisabled;
}

defineInterface(`
partial interface Document {
  [PutForwards=href, LegacyUnforgeable] readonly attribute Location? location;
  attribute USVString domain;
  readonly attribute USVString referrer;
  attribute USVString cookie;
  readonly attribute DOMString lastModified;
  readonly attribute DOMString readyState;
  [CEReactions] attribute DOMString title;
  [CEReactions] attribute DOMString dir;
  [CEReactions] attribute HTMLElement? body;
  readonly attribute HTMLElement? head;
  [SameObject] readonly attribute HTMLCollection images;
  [SameObject] readonly attribute HTMLCollection embeds;
  [SameObject] readonly attribute HTMLCollection plugins;
  [SameObject] readonly attribute HTMLCollection links;
  [SameObject] readonly attribute HTMLCollection forms;
  [SameObject] readonly attribute HTMLCollection scripts;
  [SameObject] readonly attribute HTMLCollection anchors;
  [SameObject] readonly attribute HTMLCollection applets;
  NodeList getElementsByName(DOMString elementName);
  readonly attribute Element? currentScript;
  [CEReactions] any open(optional DOMString unused1, optional DOMString unused2, optional DOMString features);
  [CEReactions] undefined close();
  [CEReactions] undefined write(DOMString... text);
  [CEReactions] undefined writeln(DOMString... text);
  readonly attribute any defaultView;
  boolean hasFocus();
  [CEReactions] attribute DOMString designMode;
  [CEReactions] boolean execCommand(DOMString commandId, optional boolean showUI = false, optional DOMString value = "");
  boolean queryCommandEnabled(DOMString commandId);
  boolean queryCommandIndeterm(DOMString commandId);
  boolean queryCommandState(DOMString commandId);
  boolean queryCommandSupported(DOMString commandId);
  DOMString queryCommandValue(DOMString commandId);
  readonly attribute boolean hidden;
  readonly attribute DOMString visibilityState;
  attribute EventHandler onreadystatechange;
  attribute EventHandler onvisibilitychange;
  attribute [LegacyNullToEmptyString] DOMString fgColor;
  attribute [LegacyNullToEmptyString] DOMString linkColor;
  attribute [LegacyNullToEmptyString] DOMString vlinkColor;
  attribute [LegacyNullToEmptyString] DOMString alinkColor;
  attribute [LegacyNullToEmptyString] DOMString bgColor;
  undefined clear();
  undefined captureEvents();
  undefined releaseEvents();
  readonly attribute HTMLCollection all;
  readonly attribute Element? scrollingElement;
  Selection? getSelection();
  [LegacyLenientSetter] readonly attribute boolean fullscreenEnabled;
  readonly attribute boolean pictureInPictureEnabled;
};
Document includes GlobalEventHandlers;
`, {
  location: (self) => (self.window === null ? null : self.window.location),
  domain: {
    get: (self) => {
      // What code creates has the origin of that code's document.
      const { host } = originURL(self.window === null && self.url.scheme === 'about' ? currentWindow().document : self);
      return host === null || self.opaqueOrigin ? '' : serializeHost(host);
    },
    // https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain
    set(self, value) {
      const fail = (why) => {
        throw domException('SecurityError', "Failed to set the 'domain' property on 'Document': " + why);
      };
      // 1-2.
      if (self.window === null) fail('A browsing context is required to set a domain.');
      if (self.window.sandbox !== null) fail('Assignment is forbidden for sandboxed iframes.');
      // 3-4.
      const { host } = originURL(self);
      if (host === null || host === '' || self.opaqueOrigin) fail("'" + value + "' is not a suffix of ''.");
      // 5.
      if (!isSuffixOf(value, host)) fail("'" + value + "' is not a suffix of '" + serializeHost(host) + "'.");
      // 6. Every agent cluster is origin-keyed, as in Chromium where no server objects: nothing changes.
    },
  },
  referrer: (self) => self.referrer,
  cookie: {
    get: (self) => (hasCookies(self) ? cookieString(serializeURL(cookieURL(self)), self.window.frameId) : ''),
    set(self, value) {
      if (hasCookies(self)) setCookieString(serializeURL(cookieURL(self)), value, self.window.frameId);
    },
  },
  lastModified,
  readyState: (self) => self.readyState,
  title: { get: documentTitle, set: setTitle },
  dir: {
    get(self) {
      const root = self.documentElement();
      const value = root === null ? '' : lowerAscii(getAttr(root, 'dir') ?? '');
      return value === 'ltr' || value === 'rtl' || value === 'auto' ? value : '';
    },
    set(self, value) {
      const root = self.documentElement();
      if (root !== null) setAttr(root, 'dir', value);
    },
  },
  body: { get: (self) => self.bodyElement(), set: setBody },
  head: headElement,
  images: keptCollection('images', (el) => isHTMLElement(el, 'img')),
  embeds: keptCollection('embeds', (el) => isHTMLElement(el, 'embed')),
  plugins: keptCollection('embeds', (el) => isHTMLElement(el, 'embed')),
  links: keptCollection('links', LINKS),
  forms: keptCollection('forms', (el) => isHTMLElement(el, 'form')),
  scripts: keptCollection('scripts', (el) => isHTMLElement(el, 'script')),
  anchors: keptCollection('anchors', (el) => isHTMLElement(el, 'a') && hasAttr(el, 'name')),
  applets: keptCollection('applets', () => false),
  getElementsByName(self, name) {
    return new LiveNodeListImpl(self, () => {
      const out = [];
      for (let node = self.first; node !== null; node = nextInTree(node, self)) {
        if (node.nodeType === 1 && node.namespace === HTML_NS && getAttr(node, 'name') === name) out[out.length] = node;
      }
      return out;
    });
  },
  currentScript: (self) => self.currentScript,
  open(self, url, name, features) {
    if (features !== undefined) {
      // https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-open-window
      if (self.window === null) throw domException('InvalidAccessError', 'The document has no window.');
      const opened = openWindow(self.window, url, name, features);
      return opened === null ? null : opened.globalObject;
    }
    return wrap(openDocument(self));
  },
  close: closeDocument,
  write(self, parts) {
    let text = '';
    for (let i = 0; i < parts.length; i++) text += parts[i];
    writeDocument(self, text);
  },
  writeln(self, parts) {
    let text = '';
    for (let i = 0; i < parts.length; i++) text += parts[i];
    writeDocument(self, text + '\n');
  },
  defaultView: (self) => (self.window === null ? null : self.window.globalObject),
  hasFocus: documentHasFocus,
  designMode: {
    get: (self) => (self.designMode ? 'on' : 'off'),
    set(self, value) {
      const lower = lowerAscii(value);
      if (lower === 'on') self.designMode = true;
      else if (lower === 'off') self.designMode = false;
    },
  },
  // https://w3c.github.io/editing/docs/execCommand/
  execCommand: (self, name, showUI, value) => executeCommand(self, name, value),
  queryCommandEnabled: (self, name) => commandEnabled(self, name),
  queryCommandIndeterm: (self, name) => commandIndeterm(self, name),
  queryCommandState: (self, name) => commandState(self, name),
  queryCommandSupported: (self, name) => supportsCommand(name),
  queryCommandValue: (self, name) => commandValue(self, name),
  hidden: (self) => self.hidden,
  visibilityState: (self) => (self.hidden ? 'hidden' : 'visible'),
  fgColor: bodyAttribute('text'),
  linkColor: bodyAttribute('link'),
  vlinkColor: bodyAttribute('vlink'),
  alinkColor: bodyAttribute('alink'),
  bgColor: bodyAttribute('bgcolor'),
  clear() {},          // does nothing: https://html.spec.whatwg.org/multipage/obsolete.html#dom-document-clear
  captureEvents() {},
  releaseEvents() {},
  all: keptCollection('all', () => true),
  scrollingElement: (self) => (self.quirks ? self.bodyElement() : self.documentElement()),
  getSelection: (self) => (self.window === null ? null : selectionOf(self)),
  fullscreenEnabled: canBeFullscreen,
  pictureInPictureEnabled: () => false,
});

