// https://html.spec.whatwg.org/multipage/custom-elements.html
// Custom elements: the registry, upgrades and the reaction queues. While nothing is defined, none of this runs (hooks.ceActive).

import { runMicrotasks } from '../host.js';
import { checkCustomControl, customControlMoved } from './forms/custom_controls.js';
import { isFormAssociatedCustom } from './forms/owner.js';
import { defineInterface, interfaceOf } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { stamp, unwrap, wrap } from '../webidl/wrapper.js';
import { hooks, setHooks } from '../webidl/runtime.js';
import {
  ArrayIsArray, ObjectCreate, ObjectDefineProperty, ObjectSetPrototypeOf, Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, Proxy, ReflectApply, ReflectConstruct, SafeMap, SafeSet, SafeWeakMap, SymbolIterator, TypeError,
} from '../primordials.js';
import { domException } from '../dom/DOMException.js';
import { moving } from '../dom/mutation.js';
import { CONNECTED, DocumentFragmentImpl, ElementImpl } from '../dom/node.js';
import { createElement } from '../dom/create.js';
import { definitionOf, interfaceFor, isCustomName } from '../dom/definitions.js';
import { nextInTree } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';
import { currentDocument, currentWindow, enterWindow, isScriptRunning, leaveWindow } from './realm.js';
import { reportException } from './report.js';

export class CustomState {
  constructor(name) {
    this.name = name;              // of the definition it waits for
    this.state = 'undefined';      // undefined precustomized custom failed
    this.definition = null;
    this.queue = null;             // reactions
    this.queued = false;           // in an element queue
    this.isValue = null;
    this.internals = null;         // ElementInternals impl
    this.states = null;            // CustomStateSet
  }
}

class CustomDefinition {
  constructor(registry, name, localName, constructor) {
    this.registry = registry;
    this.name = name;
    this.localName = localName;
    this.constructor_ = constructor;
    this.observed = new SafeMap();
    this.callbacks = { __proto__: null };
    this.formAssociated = false;
    this.disableInternals = false;
    this.disableShadow = false;
    this.stack = [];               // construction stack: impls, or null for "already constructed"
  }
}

export class CustomElementRegistryImpl extends Impl {
  constructor(window, scoped) {
    super();
    this.window = window;            // whose it is, or whose code made it
    this.scoped = scoped;
    this.documents = null;           // of a scoped one: where it is used
    this.byName = new SafeMap();
    this.byConstructor = new SafeMap();
    this.promises = new SafeMap();   // name to { promise, resolve }
    this.running = false;            // definition is running
  }
}

// https://html.spec.whatwg.org/multipage/custom-elements.html#dom-window-customelements
export function customRegistry(window) {
  return window.customElements ?? (window.customElements = new CustomElementRegistryImpl(window, false));
}

// https://dom.spec.whatwg.org/#element-custom-element-registry, of an element, shadow root or document. They follow their document's window, unless
// another registry, or none at all, was said: then it stands in them.
ElementImpl.prototype.registry = DocumentFragmentImpl.prototype.registry = undefined;

export function registryOf(node) {
  if (node.registry !== undefined) return node.registry;
  const doc = node.nodeType === 9 ? node : node.doc;
  if (node !== doc && doc.registry !== undefined) return doc.registry;
  return doc.window === null ? null : customRegistry(doc.window);
}

// The same without making one: null where nothing can be defined.
function knownRegistry(node) {
  if (node.registry !== undefined) return node.registry;
  const doc = node.nodeType === 9 ? node : node.doc;
  if (doc.registry !== undefined) return doc.registry;
  return doc.window === null ? null : doc.window.customElements;
}

// https://dom.spec.whatwg.org/#look-up-a-custom-element-registry
function lookUpRegistry(node) {
  return node.nodeType === 1 || node.nodeType === 9 || (node.nodeType === 11 && node.isShadow) ? registryOf(node) : null;
}

// What differs from the document's own is kept in the node.
function setRegistry(node, registry) {
  const doc = node.nodeType === 9 ? node : node.doc;
  const follows = registry !== null && !registry.scoped && doc.registry === undefined && doc.window === registry.window;
  if (follows) {
    if (node.registry !== undefined) node.registry = undefined;
    return;
  }
  node.registry = registry;
  if (registry !== null && registry.scoped) (registry.documents ?? (registry.documents = new SafeSet())).add(doc);
}

// https://dom.spec.whatwg.org/#dom-element-attachshadow, steps 1-2, and "flatten element creation options"
export function checkedRegistry(registry, doc) {
  if (registry !== null && !registry.scoped && registry !== registryOf(doc)) {
    throw domException('NotSupportedError', "Only the document's own registry, or one that scripts made, may be used.");
  }
  return registry;
}

export function scopeShadow(root, registry) {
  setRegistry(root, registry);
}

// Elements that were parsed for `context` (element or shadow root) have its registry.
export function scopeParsed(root, context) {
  const { registry } = context;
  if (registry !== undefined) {
    for (let node = root.first; node !== null; node = nextInTree(node, root)) if (node.nodeType === 1) setRegistry(node, registry);
  }
  // What comes into a document is upgraded there.
  if ((context.flags & CONNECTED) === 0 && !(context.localName === 'template' && context.namespace === HTML_NS)) upgradeParsed(root);
}

// https://html.spec.whatwg.org/multipage/parsing.html#create-an-element-for-the-token, steps 5-9, of a fragment: constructors run as reactions
export function upgradeParsed(root) {
  if (!hooks.ceActive) return;
  for (let node = root.first; node !== null; node = nextInTree(node, root)) if (node.nodeType === 1) tryUpgrade(node);
}

function definitionFor(registry, localName, namespace, is) {
  if (registry === null || namespace !== HTML_NS) return null;
  const own = registry.byName.get(localName);
  if (own !== undefined && own.localName === localName) return own;
  if (is === null) return null;
  const built = registry.byName.get(is);
  return built !== undefined && built.localName === localName ? built : null;
}

ObjectDefineProperty(ElementImpl.prototype, 'customDefinition', {
  get() {
    return this.custom === null ? null : this.custom.definition;
  },
});

// -- reactions ---------------------------------------------------------------------------------------------------------

const queueStack = [];             // element queues of [CEReactions] under way
let backup = null;                 // backup element queue

function enqueueElement(el) {
  if (queueStack.length > 0) {
    const queue = queueStack[queueStack.length - 1];
    queue[queue.length] = el;
    return;
  }
  if (backup === null) {
    backup = [];
    PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
      const queue = backup;
      backup = null;
      invokeReactions(queue);
    });
  }
  backup[backup.length] = el;
}

function enqueueReaction(el, reaction) {
  const { custom } = el;
  if (custom.queue === null) custom.queue = [];
  custom.queue[custom.queue.length] = reaction;
  enqueueElement(el);
}

export function enqueueCallback(el, name, args) {
  const { definition } = el.custom;
  if (definition === null) return;
  const callback = definition.callbacks[name];
  if (callback === undefined) return;
  if (name === 'attributeChangedCallback' && !definition.observed.has(args[0])) return;
  enqueueReaction(el, { __proto__: null, callback, args, window: definition.registry.window });
}

function invokeReactions(queue) {
  for (let i = 0; i < queue.length; i++) {
    const el = queue[i];
    const { custom } = el;
    while (custom.queue !== null && custom.queue.length > 0) {
      const list = custom.queue;
      const reaction = list[0];
      for (let j = 1; j < list.length; j++) list[j - 1] = list[j];
      list.length--;
      try {
        if (reaction.upgrade !== undefined) upgradeElement(el, reaction.upgrade);
        else ReflectApply(reaction.callback, wrap(el), reaction.args);
      } catch (error) {
        reportException(error, reaction.window);
      }
    }
  }
}

export function pushReactions() {
  queueStack[queueStack.length] = [];
}

export function popReactions() {
  const queue = queueStack[queueStack.length - 1];
  queueStack.length--;
  if (queue.length > 0) invokeReactions(queue);
}

// -- what the tree tells -----------------------------------------------------------------------------------------------

export function customConnected(el) {
  // https://dom.spec.whatwg.org/#concept-node-insert: an element without a registry gets that of where it comes.
  if (el.registry === null && el.parent !== null) setRegistry(el, lookUpRegistry(el.parent));
  if (el.custom === null || el.custom.state === 'undefined') {
    tryUpgrade(el);
    return;
  }
  if (isFormAssociatedCustom(el)) customControlMoved(el, true);
  enqueueCallback(el, hearsMove(el) ? 'connectedMoveCallback' : 'connectedCallback', []);
}

function hearsMove(el) {
  return moving.node !== null && el.custom.definition.callbacks.connectedMoveCallback !== undefined;
}

export function customDisconnected(el) {
  if (el.custom.state !== 'custom') return;
  if (!hearsMove(el)) enqueueCallback(el, 'disconnectedCallback', []);
  if (isFormAssociatedCustom(el)) customControlMoved(el, false);
}

export function customAdopted(el, oldDoc, doc) {
  if (el.custom.state === 'custom') enqueueCallback(el, 'adoptedCallback', [wrap(oldDoc), wrap(doc)]);
}

export function customAttributeChanged(el, localName, oldValue, value, namespace) {
  if (el.custom.state !== 'custom') return;
  enqueueCallback(el, 'attributeChangedCallback', [localName, oldValue, value, namespace]);
  if (localName === 'disabled' && namespace === null && isFormAssociatedCustom(el)) checkCustomControl(el);
}

// https://html.spec.whatwg.org/multipage/custom-elements.html#concept-try-upgrade
function tryUpgrade(el) {
  if (el.namespace !== HTML_NS) return;
  const definition = definitionFor(knownRegistry(el), el.localName, el.namespace, el.custom === null ? null : el.custom.isValue);
  if (definition === null || el.doc.window === null) return;
  if (el.custom === null) el.custom = new CustomState(definition.name);
  if (el.custom.queue !== null && el.custom.queue.length > 0) return;
  enqueueReaction(el, { __proto__: null, upgrade: definition, window: definition.registry.window });
}

// https://html.spec.whatwg.org/multipage/custom-elements.html#concept-upgrade-an-element
function upgradeElement(el, definition) {
  const { custom } = el;
  if (custom.state !== 'undefined') return;
  custom.definition = definition;
  custom.state = 'failed';
  // 4-5.
  const { attrs } = el;
  for (let i = 0; i < attrs.length; i++) enqueueCallback(el, 'attributeChangedCallback', [attrs[i].localName, null, attrs[i].value, attrs[i].namespace]);
  if ((el.flags & CONNECTED) !== 0) enqueueCallback(el, 'connectedCallback', []);
  // 6-9.
  const { stack } = definition;
  stack[stack.length] = el;
  try {
    if (definition.disableShadow && el.shadow !== null) throw domException('NotSupportedError', 'The element already has a ShadowRoot, and its definition disables shadow.');
    custom.state = 'precustomized';
    const result = constructAs(definition);
    if (result !== el.wrapper) throw new TypeError('The custom element constructor did not produce the element being upgraded.');
  } catch (error) {
    custom.definition = null;
    custom.queue = null;
    custom.state = 'failed';
    throw error;
  } finally {
    stack.length--;
    el.doc.version++;          // :defined may match it from now on, and collections of controls have it, or have it no longer
    el.doc.treeVersion++;
  }
  custom.state = 'custom';
  if (definition.formAssociated) {
    customControlMoved(el, (el.flags & CONNECTED) !== 0);
  }
}

// The active custom element constructor map: which registry a constructor is being run for.
const activeConstructors = new SafeMap();
// The window's registry that a constructor was defined in last: all windows share their interface objects, so HTMLElement cannot say whose it is.
const definedIn = new SafeWeakMap();

function constructAs(definition) {
  const { constructor_ } = definition;
  const before = activeConstructors.get(constructor_);
  activeConstructors.set(constructor_, definition.registry);
  const previous = enterWindow(currentWindow());
  try {
    return ReflectConstruct(constructor_, []);
  } finally {
    leaveWindow(previous);
    if (!isScriptRunning()) runMicrotasks();
    if (before === undefined) activeConstructors.delete(constructor_);
    else activeConstructors.set(constructor_, before);
  }
}

function registryFor(constructor) {
  const active = activeConstructors.get(constructor);
  if (active !== undefined) return active;
  const own = currentWindow().customElements;
  return own !== null && own.byConstructor.has(constructor) ? own : definedIn.get(constructor);
}

// https://html.spec.whatwg.org/multipage/dom.html#html-element-constructors
function htmlConstructor(iface, newTarget) {
  const registry = newTarget === iface.object ? undefined : registryFor(newTarget);
  const definition = registry === undefined ? undefined : registry.byConstructor.get(newTarget);
  if (definition === undefined) throw new TypeError('Illegal constructor');
  const expected = definition.localName === definition.name ? interfaceOf('HTMLElement') : interfaceFor(definitionOf(definition.localName, HTML_NS), definition.localName, HTML_NS);
  if (iface !== expected) throw new TypeError('Illegal constructor: the class does not extend the interface of its element');
  let { prototype } = newTarget;
  if (prototype === null || typeof prototype !== 'object') prototype = iface.prototype;
  const { stack } = definition;
  if (stack.length === 0) {
    // 8.
    const el = createElement(registry.scoped ? currentDocument() : registry.window.document, definition.localName);
    setRegistry(el, registry);
    el.iface = iface;
    el.custom = new CustomState(definition.name);
    el.custom.definition = definition;
    el.custom.state = 'custom';
    if (definition.localName !== definition.name) el.custom.isValue = definition.name;
    return stamp(ObjectCreate(prototype), el);
  }
  // 10-14.
  const el = stack[stack.length - 1];
  if (el === null) throw new TypeError('This instance is already constructed.');
  const wrapper = wrap(el);
  ObjectSetPrototypeOf(wrapper, prototype);
  stack[stack.length - 1] = null;
  return wrapper;
}

setHooks({ __proto__: null, htmlConstructor, ceEnter: pushReactions, ceLeave: popReactions });

// https://dom.spec.whatwg.org/#concept-element-is-value: of an element that has no definition yet
export function rememberIs(el, is) {
  el.custom = new CustomState(is);
  el.custom.isValue = is;
}

// https://dom.spec.whatwg.org/#concept-create-element; `sync`: constructors run now; `registry`: another than the document's
export function createCustomElement(doc, localName, namespace, prefix, is, sync, registry) {
  const definition = hooks.ceActive ? definitionFor(registry === undefined ? knownRegistry(doc) : registry, localName, namespace, is) : null;
  if (definition === null) {
    const el = createElement(doc, localName, namespace, prefix);
    if (registry !== undefined) setRegistry(el, registry);
    if (is !== null && namespace === HTML_NS) rememberIs(el, is);
    return el;
  }
  if (definition.localName !== definition.name) {
    // 5. a customized built-in element
    const el = createElement(doc, localName, namespace, prefix);
    el.custom = new CustomState(is);
    el.custom.isValue = is;
    if (!sync) enqueueReaction(el, { __proto__: null, upgrade: definition, window: definition.registry.window });
    else {
      try {
        upgradeElement(el, definition);
      } catch (error) {
        reportException(error, definition.registry.window);
      }
    }
    return el;
  }
  if (!sync) {
    const el = createElement(doc, localName, namespace, prefix);
    if (registry !== undefined) setRegistry(el, registry);
    el.custom = new CustomState(definition.name);
    enqueueReaction(el, { __proto__: null, upgrade: definition, window: definition.registry.window });
    return el;
  }
  // 6.1.
  try {
    const result = unwrap(constructAs(definition));
    if (result === undefined || result.nodeType !== 1 || result.namespace !== HTML_NS) throw new TypeError('The result must implement HTMLElement interface');
    if (result.attrs.length > 0) throw domException('NotSupportedError', 'The result must not have attributes');
    if (result.first !== null) throw domException('NotSupportedError', 'The result must not have children');
    if (result.parent !== null) throw domException('NotSupportedError', 'The result must not have a parent');
    if (result.doc !== doc) throw domException('NotSupportedError', 'The result must be in the same document');
    if (result.localName !== localName) throw domException('NotSupportedError', 'The result must have the same localName');
    if (prefix !== null) result.prefix = prefix;
    return result;
  } catch (error) {
    reportException(error, definition.registry.window);
    const el = createElement(doc, localName, namespace, prefix);
    if (registry !== undefined) setRegistry(el, registry);
    el.iface = interfaceOf('HTMLUnknownElement');
    el.custom = new CustomState(definition.name);
    el.custom.state = 'failed';
    return el;
  }
}

// https://dom.spec.whatwg.org/#clone-a-single-node; `fallback`: the registry where the source has none
export function cloneCustomState(copy, source, fallback) {
  if (source.registry !== undefined) setRegistry(copy, source.registry ?? fallback ?? null);
  else if (fallback !== undefined && fallback !== null && source.doc.window === null) setRegistry(copy, fallback);
  const isValue = source.custom === null ? null : source.custom.isValue;
  const definition = hooks.ceActive ? definitionFor(knownRegistry(copy), copy.localName, copy.namespace, isValue) : null;
  // The source may be of a document that upgrades nothing, and the copy of one that does.
  if (source.custom === null && definition === null && (fallback === undefined || !isCustomName(copy.localName))) return;
  copy.custom = new CustomState(source.custom === null ? copy.localName : source.custom.name);
  copy.custom.isValue = isValue;
  if (definition !== null) enqueueReaction(copy, { __proto__: null, upgrade: definition, window: definition.registry.window });
}

export function disabledFeature(el, name) {
  return el.custom !== null && el.custom.definition !== null && el.custom.definition[name] === true;
}

// -- the registry ------------------------------------------------------------------------------------------------------

function sequenceOfStrings(value) {
  const out = [];
  if (value === undefined || value === null) return out;
  if (ArrayIsArray(value)) {
    for (let i = 0; i < value.length; i++) out[i] = '' + value[i];
    return out;
  }
  const iterator = ReflectApply(value[SymbolIterator], value, []);
  for (let step = iterator.next(); !step.done; step = iterator.next()) out[out.length] = '' + step.value;
  return out;
}

const LIFECYCLE = ['connectedCallback', 'disconnectedCallback', 'adoptedCallback', 'connectedMoveCallback', 'attributeChangedCallback'];
const FORM_CALLBACKS = ['formAssociatedCallback', 'formResetCallback', 'formDisabledCallback', 'formStateRestoreCallback'];

// https://tc39.es/ecma262/#sec-isconstructor, without running anything of it
function isConstructor(value) {
  try {
    ReflectConstruct(new Proxy(value, { __proto__: null, construct: () => ({}) }), []);
    return true;
  } catch {
    return false;
  }
}

// https://html.spec.whatwg.org/multipage/custom-elements.html#dom-customelementregistry-define
function defineCustom(self, name, constructor, options) {
  // 1-2.
  if (!isConstructor(constructor)) throw new TypeError('The second argument is not a constructor');
  if (!isCustomName(name)) throw domException('SyntaxError', "'" + name + "' is not a valid custom element name");
  if (self.byName.has(name)) throw domException('NotSupportedError', "the name '" + name + "' has already been used with this registry");
  if (self.byConstructor.has(constructor)) throw domException('NotSupportedError', 'this constructor has already been used with this registry');
  // 5-7.
  let localName = name;
  if (options.extends !== undefined) {
    if (self.scoped) throw domException('NotSupportedError', 'a scoped registry does not extend built-in elements');
    if (isCustomName(options.extends)) throw domException('NotSupportedError', "'" + options.extends + "' is a valid custom element name");
    if (interfaceFor(definitionOf(options.extends, HTML_NS), options.extends, HTML_NS).name === 'HTMLUnknownElement') {
      throw domException('NotSupportedError', "'" + options.extends + "' is not an element that can be extended");
    }
    localName = options.extends;
  }
  if (self.running) throw domException('NotSupportedError', 'a definition is already running');
  const definition = new CustomDefinition(self, name, localName, constructor);
  self.running = true;
  try {
    const { prototype } = constructor;
    if (prototype === null || typeof prototype !== 'object') throw new TypeError("The constructor's prototype is not an object");
    for (let i = 0; i < LIFECYCLE.length; i++) takeCallback(definition, prototype, LIFECYCLE[i]);
    if (definition.callbacks.attributeChangedCallback !== undefined) {
      const observed = sequenceOfStrings(constructor.observedAttributes);
      for (let i = 0; i < observed.length; i++) definition.observed.set(observed[i], true);
    }
    const disabled = sequenceOfStrings(constructor.disabledFeatures);
    for (let i = 0; i < disabled.length; i++) {
      if (disabled[i] === 'internals') definition.disableInternals = true;
      if (disabled[i] === 'shadow') definition.disableShadow = true;
    }
    definition.formAssociated = !!constructor.formAssociated;
    if (definition.formAssociated) for (let i = 0; i < FORM_CALLBACKS.length; i++) takeCallback(definition, prototype, FORM_CALLBACKS[i]);
  } finally {
    self.running = false;
  }
  self.byName.set(name, definition);
  self.byConstructor.set(constructor, definition);
  hooks.ceActive = true;
  if (!self.scoped) definedIn.set(constructor, self);
  // 16-18. upgrade what is there
  pushReactions();
  if (!self.scoped) upgradeWithin(self.window.document, definition);
  else if (self.documents !== null) self.documents.forEach((doc) => upgradeWithin(doc, definition));
  popReactions();
  // 19.
  const waiting = self.promises.get(name);
  if (waiting !== undefined) {
    self.promises.delete(name);
    waiting.resolve(constructor);
  }
}

function takeCallback(definition, prototype, name) {
  const callback = prototype[name];
  if (callback === undefined) return;
  if (typeof callback !== 'function') throw new TypeError("'" + name + "' is not a function");
  definition.callbacks[name] = callback;
}

function upgradeWithin(root, definition) {
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    if (node.nodeType !== 1) continue;
    if (node.localName === definition.localName && node.namespace === HTML_NS && knownRegistry(node) === definition.registry
        && (definition.localName === definition.name || (node.custom !== null && node.custom.isValue === definition.name))) tryUpgrade(node);
    if (node.shadow !== null) upgradeWithin(node.shadow, definition);
  }
}

function upgradeAll(root) {
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    if (node.nodeType !== 1) continue;
    if (node.custom === null || node.custom.state === 'undefined') tryUpgrade(node);
    if (node.shadow !== null) upgradeAll(node.shadow);
  }
}

export const customElementRegistryInterface = defineInterface(`
callback CustomElementConstructor = any ();
dictionary ElementDefinitionOptions { DOMString extends; };
[Exposed=Window]
interface CustomElementRegistry {
  constructor();
  [CEReactions] undefined define(DOMString name, CustomElementConstructor constructor, optional ElementDefinitionOptions options = {});
  any get(DOMString name);
  DOMString? getName(CustomElementConstructor constructor);
  Promise<any> whenDefined(DOMString name);
  [CEReactions] undefined upgrade(Node root);
  [CEReactions] undefined initialize(Node root);
};
partial interface Element {
  readonly attribute CustomElementRegistry? customElementRegistry;
};
partial interface mixin DocumentOrShadowRoot {
  readonly attribute CustomElementRegistry? customElementRegistry;
};
`, {
  constructor: () => new CustomElementRegistryImpl(currentWindow(), true),
  customElementRegistry: registryOf,
  define: defineCustom,
  get: (self, name) => self.byName.get(name)?.constructor_,
  getName: (self, constructor) => self.byConstructor.get(constructor)?.name ?? null,
  whenDefined(self, name) {
    if (!isCustomName(name)) return PromiseReject(Promise, domException('SyntaxError', "'" + name + "' is not a valid custom element name"));
    const known = self.byName.get(name);
    if (known !== undefined) return PromiseResolve(Promise, known.constructor_);
    let waiting = self.promises.get(name);
    if (waiting === undefined) {
      waiting = { __proto__: null, promise: null, resolve: null };
      waiting.promise = new Promise((resolve) => {
        waiting.resolve = resolve;
      });
      self.promises.set(name, waiting);
    }
    return waiting.promise;
  },
  upgrade(self, root) {
    if (!hooks.ceActive) return;
    pushReactions();
    upgradeAll(root);
    popReactions();
  },
  // https://html.spec.whatwg.org/multipage/custom-elements.html#dom-customelementregistry-initialize
  initialize(self, root) {
    if (!self.scoped && self !== registryOf(root.nodeType === 9 ? root : root.doc)) throw domException('NotSupportedError', 'The registry is that of another document.');
    if ((root.nodeType === 9 || (root.nodeType === 11 && root.isShadow)) && registryOf(root) === null) setRegistry(root, self);
    pushReactions();
    for (let node = root; node !== null; node = nextInTree(node, root)) {
      if (node.nodeType !== 1) continue;
      if (registryOf(node) === null) setRegistry(node, self);
      if (hooks.ceActive && registryOf(node) === self && (node.custom === null || node.custom.state === 'undefined')) tryUpgrade(node);
    }
    popReactions();
  },
}, CustomElementRegistryImpl);

defineInterface(`
partial interface Window {
  readonly attribute CustomElementRegistry customElements;
};
`, { customElements: customRegistry });

// For :defined: https://html.spec.whatwg.org/multipage/semantics-other.html#selector-defined
export function isCustomDefined(el) {
  if (el.namespace !== HTML_NS) return true;
  if (el.custom !== null) return el.custom.state === 'custom';
  return !isCustomName(el.localName);
}
