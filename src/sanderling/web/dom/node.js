// https://dom.spec.whatwg.org/#concept-node
// Implementation objects of nodes: one class per kind, all fields set in the constructor, in one order, none added later. The speed of
// the DOM hangs on it.

import { EventTargetImpl } from './EventTarget.js';
import { ObjectSetPrototypeOf, SafeMap } from '../primordials.js';
import { HTML_NS } from './namespaces.js';

export const ELEMENT_NODE = 1;
export const ATTRIBUTE_NODE = 2;
export const TEXT_NODE = 3;
export const CDATA_SECTION_NODE = 4;
export const PROCESSING_INSTRUCTION_NODE = 7;
export const COMMENT_NODE = 8;
export const DOCUMENT_NODE = 9;
export const DOCUMENT_TYPE_NODE = 10;
export const DOCUMENT_FRAGMENT_NODE = 11;

// Bits of `flags`.
export const IN_DOCUMENT = 1;     // the root of its tree is a document
export const CONNECTED = 2;       // its shadow-including root is a document
export const TREE_FLAGS = IN_DOCUMENT | CONNECTED;
// Of elements, for the flat layout (css/cssom/style_marks.js):
export const LAID_OUT = 4;        // nothing changed in it since it was laid out
export const LOOKS_NEW = 8;       // all in it may look different

export class NodeImpl extends EventTargetImpl {
  constructor(iface, nodeType, doc) {
    super();
    this.iface = iface;
    this.nodeType = nodeType;
    this.doc = doc;               // node document; a document is its own
    this.parent = null;
    this.first = null;
    this.last = null;
    this.prev = null;
    this.next = null;
    this.flags = 0;
    this.childVersion = 0;        // counts changes of the child list
    this.childNodes = null;       // live NodeList, once asked
    this.observers = null;        // registered mutation observers
  }
}

const NO_ATTRS = [];              // shared by elements without attributes; never written to

// OPTIMIZATION: elements, text and attributes are made by the ten thousand while a page loads, by code that no compiler has seen yet: one constructor
// with all fields, instead of a chain of four; their prototypes are linked below.
export class ElementImpl {
  constructor(iface, doc, localName, namespace, prefix, def) {
    // Fields of Impl, EventTargetImpl and NodeImpl.
    this.wrapper = null;
    this.listeners = null;
    this.handlers = null;
    this.iface = iface;
    this.nodeType = 1;
    this.doc = doc;
    this.parent = null;
    this.first = null;
    this.last = null;
    this.prev = null;
    this.next = null;
    this.flags = 0;
    this.childVersion = 0;
    this.childNodes = null;
    this.observers = null;
    // Its own.
    this.localName = localName;
    this.namespace = namespace;
    this.elementId = null;        // value of its id attribute, or null (attributes.js)
    this.tagName = null;          // qualified name in upper case, once asked
    this.attrs = NO_ATTRS;
    this.def = def;               // element definition (definitions.js) or null
    this.state = null;            // what its kind of element holds
    this.shadow = null;           // ShadowRoot impl
    this.children = null;         // live HTMLCollection, once asked
    this.tokens = null;           // DOMTokenLists by attribute, once asked
    this.assignedSlot = null;     // slot element that it is assigned to
    this.custom = null;           // custom element state (custom_elements.js)
    this.cssom = null;            // inline style and computed style, once asked (css/cssom)
    if (prefix !== null) this.prefix = prefix;
  }
}
ObjectSetPrototypeOf(ElementImpl.prototype, NodeImpl.prototype);
ElementImpl.prototype.noAttrs = NO_ATTRS;
// What hardly any element ever has begins on the prototype: a field costs eight bytes in each of them.
ElementImpl.prototype.prefix = null;
ElementImpl.prototype.attributeMap = null;     // NamedNodeMap impl, once asked
ElementImpl.prototype.data = null;             // dataset impl, once asked
ElementImpl.prototype.manualSlot = null;       // slot of assign()
ElementImpl.prototype.scrollX = 0;
ElementImpl.prototype.scrollY = 0;

export class CharacterDataImpl {
  constructor(iface, nodeType, doc, data) {
    // Fields of Impl, EventTargetImpl and NodeImpl.
    this.wrapper = null;
    this.listeners = null;
    this.handlers = null;
    this.iface = iface;
    this.nodeType = nodeType;
    this.doc = doc;
    this.parent = null;
    this.first = null;
    this.last = null;
    this.prev = null;
    this.next = null;
    this.flags = 0;
    this.childVersion = 0;
    this.childNodes = null;
    this.observers = null;
    // Its own.
    this.data = data;
    this.assignedSlot = null;
  }
}
ObjectSetPrototypeOf(CharacterDataImpl.prototype, NodeImpl.prototype);
CharacterDataImpl.prototype.target = '';       // of a processing instruction
CharacterDataImpl.prototype.manualSlot = null;

// Attributes are nodes without a place in the tree, and there are many: what they never have stands on the prototype.
export class AttrImpl {
  constructor(iface, doc, localName, namespace, prefix, value) {
    this.wrapper = null;
    this.doc = doc;
    this.localName = localName;
    this.namespace = namespace;
    this.prefix = prefix;
    this.name = prefix === null ? localName : prefix + ':' + localName;
    this.value = value;
    this.element = null;
  }
}

const attrDefaults = AttrImpl.prototype;
ObjectSetPrototypeOf(attrDefaults, EventTargetImpl.prototype);
attrDefaults.nodeType = 2;
attrDefaults.listeners = null;
attrDefaults.handlers = null;
attrDefaults.parent = null;
attrDefaults.first = null;
attrDefaults.last = null;
attrDefaults.prev = null;
attrDefaults.next = null;
attrDefaults.flags = 0;
attrDefaults.childVersion = 0;
attrDefaults.childNodes = null;
attrDefaults.observers = null;

export class DocumentTypeImpl extends NodeImpl {
  constructor(iface, doc, name, publicId, systemId) {
    super(iface, 10, doc);
    this.name = name;
    this.publicId = publicId;
    this.systemId = systemId;
  }
}

export class DocumentFragmentImpl extends NodeImpl {
  constructor(iface, doc) {
    super(iface, 11, doc);
    this.children = null;
    this.host = null;             // of a template's contents, or of a shadow root
    // Of shadow roots:
    this.isShadow = false;
    this.mode = 'open';
    this.delegatesFocus = false;
    this.slotAssignment = 'named';
    this.clonable = false;
    this.serializable = false;
    this.declarative = false;
    this.availableToInternals = false;
    this.slots = null;            // slot elements in it, in tree order; null: to be found again
    this.styleSheetList = null;
    this.adoptedSheets = null;
  }
}

export class DocumentImpl extends NodeImpl {
  constructor(iface, url) {
    super(iface, 9, null);
    this.doc = this;
    this.flags = IN_DOCUMENT | CONNECTED;
    this.version = 0;             // counts every change of the tree and of attributes; caches compare it
    this.marked = 0;              // how many of them the marks of css/cssom/style_marks.js tell of
    this.quiet = 0;               // and how many changed nothing that styles and boxes hang on
    this.radios = null;           // of a tree of its nodes, by name (html/forms/states.js)
    this.treeVersion = 0;         // counts changes of the tree, and of what names elements and sorts controls: class, id, name, form, the type of an input
    this.hasWindowNames = false;  // had an element ever a name by which the window has it? (html/named_window.js)
    this.ids = new SafeMap();     // id to the elements in the document tree that have it
    this.children = null;
    this.url = url;               // URL record
    this.creationURL = url;       // the same, before scripts changed it
    this.srcdoc = false;
    this.isHTML = true;
    this.contentType = 'text/html';
    this.encoding = 'UTF-8';
    this.mode = 'no-quirks';      // quirks limited-quirks no-quirks
    this.quirks = false;
    this.window = null;           // WindowImpl of its browsing context
    this.readyState = 'complete';
    this.currentScript = null;
    this.focusedElement = null;
    this.autofocus = null;        // what the parser brought that wants the focus, in order; false: somebody has had it
    this.registeredCss = null;    // custom properties that CSS.registerProperty() made known, by name
    this.preferredSheets = '';    // the title of the style sheets that are on, besides those without title
    this.templateHost = null;     // of the document that contents of templates belong to: whose they are
    this.focusVisible = false;    // does :focus-visible match it?
    this.focusByPointer = false;  // was the focus last moved by a pointer?
    this.targetElement = null;
    this.topLayer = null;         // modal dialogs and popovers (html/top_layer.js), or null: none yet
    this.openDialogs = null;
    this.hoveredElement = null;
    this.pressedElement = null;
    this.forcedStates = null;     // pseudo-classes that clients force (html/interaction_state.js), or null
    this.referrer = '';
    this.referrerPolicy = '';
    this.lastModified = 0;
    this.pragmaLanguage = null;
    this.designMode = false;
    this.parser = null;           // the builder that runs, or null
    this.loader = null;
    this.ahead = null;            // what was asked for ahead of the parser (html/look_ahead.js), until somebody wants it
    this.moduleMap = null;     // of a child frame's document: see html/frame_modules.js
    this.timing = null;
    this.contentLoaded = false;
    this.pageShowing = false;
    this.unloading = false;       // its unload counter is not zero
    this.ignoreDestructiveWrites = 0;
    this.written = null;          // text of a document that document.open() began
    this.writtenBefore = false;
    this.input = null;            // InputStream: what the parser reads, once a script has written into it
    this.throwOnDynamicMarkup = 0;
    this.parserReacts = 0;        // callbacks of custom elements run while the parser stands still for them
    this.fallbackBase = null;     // URL record of who created an about: document
    this.csp = null;             // ContentPolicy list (html/csp.js), or null: none
    this.upgradesInsecure = false; // upgrade-insecure-requests is in one of its policies
    this.hidesNonces = false;    // a policy came by HTTP (html/nonce.js)
    this.opaqueOrigin = false;    // sandboxed: its origin is the same as no other
    this.baseCount = 0;           // base elements in the tree
    this.baseCache = null;
    this.baseFor = null;
    this.baseVersion = -1;
    this.customControls = null;   // form-associated custom elements in it, once there is one
    this.ranges = [];             // WeakRefs of live ranges
    this.iterators = [];          // WeakRefs of node iterators
    this.implementation = null;
    this.inertDocument = null;    // of template contents
    this.collections = null;      // images, forms, ... once asked
    this.selection = null;
    this.sheets = null;           // CSSOM state (css/cssom/sheets.js)
    this.styleSheetList = null;
    this.adoptedSheets = null;
    this.fonts = null;
    this.timeline = null;
    this.scrollingElement = null;
    this.hidden = false;
    this.registry = undefined;    // custom element registry, where it is not its window's (html/custom_elements.js)
  }

  urlText() {
    return documentHooks.serializeURL(this.url);
  }

  documentElement() {
    for (let node = this.first; node !== null; node = node.next) if (node.nodeType === 1) return node;
    return null;
  }

  // https://html.spec.whatwg.org/multipage/dom.html#the-body-element-2
  bodyElement() {
    const root = this.documentElement();
    if (root === null || root.localName !== 'html' || root.namespace !== HTML_NS) return null;
    for (let node = root.first; node !== null; node = node.next) {
      if (node.nodeType === 1 && node.namespace === HTML_NS && (node.localName === 'body' || node.localName === 'frameset')) return node;
    }
    return null;
  }
}

// Filled by files that come later.
export const documentHooks = { __proto__: null, serializeURL: null };
