// https://dom.spec.whatwg.org/#interface-document
// The DOM part; what HTML adds is in html/document_members.js.

import { touchIsShown } from '../emulation/touch.js';
import { defineInterface } from '../webidl/interface.js';
import { interfaceOf } from '../webidl/interface.js';
import { StringPrototypeIncludes, WeakRef } from '../primordials.js';
import { documentHooks, DocumentImpl } from './node.js';
import { domException } from './DOMException.js';
import {
  createAttr, createByName, createCDATASection, createComment, createDocument, createFragment, createProcessingInstruction, createText,
} from './create.js';
import { elementById, isValidAttributeName, isValidElementName, invalidName, validateAndExtract } from './attributes.js';
import { elementsByClassName, elementsByTagName, elementsByTagNameNS } from './collections.js';
import { adoptNode } from './tree.js';
import { cloneNode } from './clone.js';
import { hooks } from '../webidl/runtime.js';
import { stampEvent } from './Event.js';
import { implementationOf } from './DOMImplementation.js';
import { makeRange } from './Range.js';
import { makeNodeIterator, makeTreeWalker } from './traversal.js';
import { HTML_NS } from './namespaces.js';
import { checkedRegistry, createCustomElement } from '../html/custom_elements.js';
import { lowerAscii } from '../css/selectors/names.js';
import { parseURL, serializeURL } from '../url/parser.js';

documentHooks.serializeURL = serializeURL;

// https://dom.spec.whatwg.org/#dom-document-createevent
const EVENT_ALIASES = {
  __proto__: null,
  beforeunloadevent: 'BeforeUnloadEvent', compositionevent: 'CompositionEvent', customevent: 'CustomEvent', devicemotionevent: 'DeviceMotionEvent',
  deviceorientationevent: 'DeviceOrientationEvent', dragevent: 'DragEvent', event: 'Event', events: 'Event', focusevent: 'FocusEvent',
  hashchangeevent: 'HashChangeEvent', htmlevents: 'Event', keyboardevent: 'KeyboardEvent', messageevent: 'MessageEvent', mouseevent: 'MouseEvent',
  mouseevents: 'MouseEvent', storageevent: 'StorageEvent', svgevents: 'Event', textevent: 'TextEvent', touchevent: 'TouchEvent', uievent: 'UIEvent',
  uievents: 'UIEvent',
};

function createEvent(self, name) {
  const alias = EVENT_ALIASES[lowerAscii(name)];
  // Pages tell a touch screen by this, too.
  const iface = alias === undefined || (alias === 'TouchEvent' && !touchIsShown()) ? null : interfaceOf(alias);
  if (iface === null || iface.eventClass === undefined) throw domException('NotSupportedError', "The provided event type ('" + name + "') is invalid.");
  const event = new iface.eventClass('', false, false, false);
  event.init = { __proto__: null, ...iface.eventDefaults };
  event.initialized = false;
  return stampEvent(event);
}

export const documentInterface = defineInterface(`
dictionary ElementCreationOptions { CustomElementRegistry? customElementRegistry; DOMString is; };
dictionary ImportNodeOptions { CustomElementRegistry? customElementRegistry; boolean selfOnly = false; };
[Exposed=Window]
interface Document : Node {
  constructor();
  [SameObject] readonly attribute DOMImplementation implementation;
  readonly attribute USVString URL;
  readonly attribute USVString documentURI;
  readonly attribute DOMString compatMode;
  readonly attribute DOMString characterSet;
  readonly attribute DOMString charset;
  readonly attribute DOMString inputEncoding;
  readonly attribute DOMString contentType;
  readonly attribute DocumentType? doctype;
  readonly attribute Element? documentElement;
  HTMLCollection getElementsByTagName(DOMString qualifiedName);
  HTMLCollection getElementsByTagNameNS(DOMString? namespace, DOMString localName);
  HTMLCollection getElementsByClassName(DOMString classNames);
  Element? getElementById(DOMString elementId);
  [CEReactions, NewObject] Element createElement(DOMString localName, optional (DOMString or ElementCreationOptions) options);
  [CEReactions, NewObject] Element createElementNS(DOMString? namespace, DOMString qualifiedName, optional (DOMString or ElementCreationOptions) options);
  [NewObject] DocumentFragment createDocumentFragment();
  [NewObject] Text createTextNode(DOMString data);
  [NewObject] CDATASection createCDATASection(DOMString data);
  [NewObject] Comment createComment(DOMString data);
  [NewObject] ProcessingInstruction createProcessingInstruction(DOMString target, DOMString data);
  [CEReactions, NewObject] Node importNode(Node node, optional (boolean or ImportNodeOptions) options = false);
  [CEReactions] Node adoptNode(Node node);
  [NewObject] Attr createAttribute(DOMString localName);
  [NewObject] Attr createAttributeNS(DOMString? namespace, DOMString qualifiedName);
  [NewObject] Event createEvent(DOMString interface);
  [NewObject] Range createRange();
  [NewObject] NodeIterator createNodeIterator(Node root, optional unsigned long whatToShow = 0xFFFFFFFF, optional NodeFilter? filter = null);
  [NewObject] TreeWalker createTreeWalker(Node root, optional unsigned long whatToShow = 0xFFFFFFFF, optional NodeFilter? filter = null);
};
Document includes ParentNode;
Document includes DocumentOrShadowRoot;
`, {
  constructor() {
    const doc = createDocument('document', parseURL('about:blank'), 'application/xml');
    return doc;
  },
  implementation: implementationOf,
  URL: (self) => self.urlText(),
  documentURI: (self) => self.urlText(),
  compatMode: (self) => (self.quirks ? 'BackCompat' : 'CSS1Compat'),
  characterSet: (self) => self.encoding,
  charset: (self) => self.encoding,
  inputEncoding: (self) => self.encoding,
  contentType: (self) => self.contentType,
  doctype(self) {
    for (let node = self.first; node !== null; node = node.next) if (node.nodeType === 10) return node;
    return null;
  },
  documentElement: (self) => self.documentElement(),
  getElementsByTagName: elementsByTagName,
  getElementsByTagNameNS: elementsByTagNameNS,
  getElementsByClassName: elementsByClassName,
  getElementById: elementById,
  // https://dom.spec.whatwg.org/#dom-document-createelement
  createElement(self, name, options) {
    if (self.isHTML && !hooks.ceActive && (options === undefined || typeof options === 'string' || (options.is === undefined && options.customElementRegistry === undefined))) {
      const el = createByName(self, name);
      if (el !== null) return el;
    }
    if (!isValidElementName(name)) throw invalidName(name);
    const localName = self.isHTML ? lowerAscii(name) : name;
    const namespace = self.isHTML || self.contentType === 'application/xhtml+xml' ? HTML_NS : null;
    return createCustomElement(self, localName, namespace, null, isOption(options), true, registryOption(options, self));
  },
  createElementNS(self, namespace, qualifiedName, options) {
    const extracted = validateAndExtract(namespace, qualifiedName, 'element');
    return createCustomElement(self, extracted.localName, extracted.namespace, extracted.prefix, isOption(options), true, registryOption(options, self));
  },
  createDocumentFragment: createFragment,
  createTextNode: createText,
  createCDATASection(self, data) {
    if (self.isHTML) throw domException('NotSupportedError', 'This operation is not supported for HTML documents.');
    if (StringPrototypeIncludes(data, ']]>')) throw domException('InvalidCharacterError', "String cannot contain ']]>' since that is the end delimiter of a CData section.");
    return createCDATASection(self, data);
  },
  createComment,
  createProcessingInstruction(self, target, data) {
    if (!isValidElementName(target) || StringPrototypeIncludes(data, '?>')) throw invalidName(target);
    return createProcessingInstruction(self, target, data);
  },
  importNode(self, node, options) {
    if (node.nodeType === 9 || (node.nodeType === 11 && node.isShadow)) throw domException('NotSupportedError', 'The node provided cannot be imported.');
    if (typeof options === 'boolean') return cloneNode(node, self, options);
    const registry = options.customElementRegistry;
    return cloneNode(node, self, !options.selfOnly, registry === undefined ? undefined : checkedRegistry(registry, self));
  },
  adoptNode(self, node) {
    if (node.nodeType === 9) throw domException('NotSupportedError', 'A document cannot be adopted.');
    if (node.nodeType === 11 && node.isShadow) throw domException('HierarchyRequestError', 'A shadow root cannot be adopted.');
    if (node.nodeType === 11 && node.host !== null) return node;
    adoptNode(node, self);
    return node;
  },
  createAttribute(self, name) {
    if (!isValidAttributeName(name)) throw invalidName(name);
    return createAttr(self, self.isHTML ? lowerAscii(name) : name, null, null, '');
  },
  createAttributeNS(self, namespace, qualifiedName) {
    const extracted = validateAndExtract(namespace, qualifiedName, 'attribute');
    return createAttr(self, extracted.localName, extracted.namespace, extracted.prefix, '');
  },
  createEvent,
  createRange: (self) => makeRange(self),
  createNodeIterator(self, root, whatToShow, filter) {
    const iterator = makeNodeIterator(root, whatToShow, filter);
    root.doc.iterators[root.doc.iterators.length] = new WeakRef(iterator);
    return iterator;
  },
  createTreeWalker: (self, root, whatToShow, filter) => makeTreeWalker(root, whatToShow, filter),
}, DocumentImpl);

function isOption(options) {
  return options === undefined || typeof options === 'string' ? null : options.is ?? null;
}

// https://dom.spec.whatwg.org/#flatten-element-creation-options: the custom element registry, where one is said
function registryOption(options, doc) {
  if (options === undefined || typeof options === 'string' || options.customElementRegistry === undefined) return undefined;
  if (options.is !== undefined) throw domException('NotSupportedError', 'A customized built-in element cannot have a registry of its own.');
  return checkedRegistry(options.customElementRegistry, doc);
}

// https://dom.spec.whatwg.org/#interface-xmldocument
export const xmlDocumentInterface = defineInterface(`
[Exposed=Window]
interface XMLDocument : Document {};
`, {});
