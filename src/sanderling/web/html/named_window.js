// https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object
// The named properties object stands between Window.prototype and EventTarget.prototype: what nothing else has found is looked up among frames, ids and names.

import { ObjectCreate, ObjectDefineProperty, ObjectSetPrototypeOf, Proxy, ReflectDefineProperty, ReflectGet, ReflectHas, SafeSet, StringPrototypeCharCodeAt, SymbolToStringTag } from '../primordials.js';
import { unwrap, wrap } from '../webidl/wrapper.js';
import { SharedId, elementById, getAttr } from '../dom/attributes.js';
import { collection, keptOrMade } from '../dom/collections.js';
import { nextInTree } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';
import { mainWindow } from './realm.js';
import { documentFrames } from './Window.js';

const NAMED = new SafeSet(['embed', 'form', 'img', 'object']);

const SEVERAL = { __proto__: null };         // elements of one name

// Names of elements, for one state of the document: the element, or that there are several.
let nameTable = { __proto__: null };
let nameDoc = null;
let nameVersion = -1;

function elementByName(doc, name) {
  // Most documents have none, and whoever looks for a global that is not there comes here.
  if (!doc.hasWindowNames) return null;
  if (nameDoc !== doc || nameVersion !== doc.treeVersion) {
    nameTable = { __proto__: null };
    for (let node = doc.first; node !== null; node = nextInTree(node, doc)) {
      if (node.nodeType !== 1 || node.attrs.length === 0 || !hasWindowName(node)) continue;
      const given = getAttr(node, 'name');
      if (given !== null && given !== '') nameTable[given] = nameTable[given] === undefined ? node : SEVERAL;
    }
    nameDoc = doc;
    nameVersion = doc.treeVersion;
  }
  return nameTable[name] ?? null;
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object
export function findNamed(key, window) {
  if (window === null || typeof key !== 'string' || key === '') return undefined;
  if (window.children.length > 0) {
    const frames = documentFrames(window);
    for (let i = 0; i < frames.length; i++) if (frames[i].name === key) return frames[i].globalObject;
    const code = StringPrototypeCharCodeAt(key, 0);
    if (code >= 48 && code <= 57 && '' + (+key) === key) return frames[+key]?.globalObject;
  }
  const doc = window.document;
  if (doc === null) return undefined;
  const ids = doc.ids.get(key);
  const byId = ids instanceof SharedId && ids.elements.size === 1 ? elementById(doc, key) : ids;
  const byName = elementByName(doc, key);
  if (byId === undefined && byName === null) return undefined;
  if (byName !== SEVERAL && !(byId instanceof SharedId) && (byId === undefined || byName === null || byId === byName)) return wrap(byId ?? byName);
  // 5. Several of them.
  return wrap(keptOrMade(doc, 'named on the window ' + key, () => collection(doc, (el) => el.elementId === key || (hasWindowName(el) && getAttr(el, 'name') === key))));
}

// OPTIMIZATION: then nothing needs to know who has it as a name.
function isId(key, window) {
  return typeof key === 'string' && window !== null && window.document !== null && window.document.ids.get(key) !== undefined;
}

function hasWindowName(el) {
  return NAMED.has(el.localName) && el.namespace === HTML_NS;
}

export function installNamedProperties(windowPrototype, eventTargetPrototype) {
  const properties = ObjectCreate(eventTargetPrototype);
  ObjectDefineProperty(properties, SymbolToStringTag, { __proto__: null, value: 'WindowProperties', configurable: true });
  const named = new Proxy(properties, {
    __proto__: null,
    get(target, key, receiver) {
      if (typeof key !== 'string' || ReflectHas(target, key)) return ReflectGet(target, key, receiver);
      // All windows of an isolate share the prototype; the receiver says whose names are meant.
      const window = unwrap(receiver);
      return findNamed(key, window !== undefined && window.isWindow === true ? window : mainWindow());
    },
    // DEVIATION: what `in` says is that of the main window.
    has: (target, key) => ReflectHas(target, key) || isId(key, mainWindow()) || findNamed(key, mainWindow()) !== undefined,
    getOwnPropertyDescriptor(target, key) {
      const value = typeof key === 'string' && !ReflectHas(target, key) ? findNamed(key, mainWindow()) : undefined;
      return value === undefined ? undefined : { __proto__: null, value, writable: true, enumerable: false, configurable: true };
    },
    set(target, key, value, receiver) {
      return ReflectDefineProperty(receiver, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    },
    defineProperty: () => false,
    deleteProperty: () => false,
    preventExtensions: () => false,
  });
  ObjectSetPrototypeOf(windowPrototype, named);
}
