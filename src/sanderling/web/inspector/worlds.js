// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#type-ExecutionContextDescription
// Execution contexts. The main world is the page's own global. An isolated world is a function wrapper: its parameters are built-ins captured before page
// code, and it has a global object of its own. What a page replaces by name does not reach it; prototypes are shared (docs/reference/cdp.md).

import { evalScript, hostPost, onHost } from '../host.js';
import {
  ObjectCreate, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, ReflectApply, ReflectOwnKeys, RegExpPrototypeExec, SafeMap, StringPrototypeEndsWith,
  StringPrototypeSlice, StringPrototypeTrim, SyntaxError, TypeError,
} from '../primordials.js';
import { stamp } from '../webidl/wrapper.js';
import { reportException } from '../html/report.js';
import { mainWindow, withWindow } from '../html/realm.js';

const WRAPPERS_KEPT = 64;          // compiled function wrappers a world remembers
const WORLDS_LIMIT = 100;          // of one document

// Names that cannot be parameters, or whose value changes: they are looked up where they are used.
const NO_PARAMETER = { __proto__: null, eval: true, arguments: true, undefined: true, NaN: true, Infinity: true, event: true };
const OWN_GLOBALS = ['window', 'self', 'globalThis', 'frames', 'top', 'parent'];

let captured = null;               // keys and descriptors of the global object before page code ran
const worlds = new SafeMap();      // id to World
let runningWorld = 0;                   // id of the context whose code runs now; 0: the main one
let mainContext = 0;

class World {
  constructor(id, name, isMain) {
    this.id = id;
    this.name = name;
    this.isMain = isMain;
    this.global = globalThis;
    this.names = '';
    this.values = null;
    this.wrappers = new SafeMap();
    if (!isMain) this.makeGlobal();
  }

  makeGlobal() {
    const window = mainWindow();
    const global = ObjectCreate(ObjectGetPrototypeOf(globalThis));
    const names = [];
    const values = [];
    for (let i = 0; i < captured.keys.length; i++) {
      const key = captured.keys[i];
      const descriptor = captured.descriptors[i];
      ObjectDefineProperty(global, key, descriptor);
      const { value } = descriptor;
      if (typeof key !== 'string' || NO_PARAMETER[key] || RegExpPrototypeExec(/^[A-Za-z_$][\w$]*$/, key) === null) continue;
      if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) continue;
      if (key === 'globalThis' || key === 'window' || key === 'self') continue;
      names[names.length] = key;
      values[values.length] = value;
    }
    for (let i = 0; i < OWN_GLOBALS.length; i++) {
      const key = OWN_GLOBALS[i];
      const known = ObjectGetOwnPropertyDescriptor(global, key);
      if (known === undefined || known.configurable) {
        ObjectDefineProperty(global, key, { __proto__: null, value: global, writable: true, enumerable: false, configurable: true });
      }
      names[names.length] = key;
      values[values.length] = global;
    }
    const { wrapper } = window;
    stamp(global, window);             // so that members of Window work on it
    window.wrapper = wrapper;
    this.global = global;
    names[names.length] = 'document';
    values[values.length] = global.document;
    this.names = names[0];
    for (let i = 1; i < names.length; i++) this.names += ',' + names[i];
    this.values = values;
  }

  // Compile `text`, an expression, to a function that gives its value in this world. Throws SyntaxError when it is none.
  wrapper(text, url) {
    const known = this.wrappers.get(text);
    if (known !== undefined) return known;
    const made = evalScript('(function(' + this.names + '){return (' + text + '\n)})', url, 1, 1);
    if (this.wrappers.size >= WRAPPERS_KEPT) this.wrappers.clear();
    this.wrappers.set(text, made);
    return made;
  }

  // The value of a script in this world. Throws what the script throws.
  evaluate(source, url) {
    if (this.isMain) return evalScript(source, url, 1, 1);
    let text = StringPrototypeTrim(source);
    while (StringPrototypeEndsWith(text, ';')) text = StringPrototypeTrim(StringPrototypeSlice(text, 0, -1));
    if (text === '') return undefined;
    let fn = null;
    try {
      fn = this.wrapper(text, url);
    } catch (error) {
      if (!isSyntaxError(error)) throw error;
    }
    if (fn !== null) return ReflectApply(fn, this.global, this.values);
    // Statements: a direct eval inside of the wrapper gives their completion value.
    fn = evalScript('(function(' + this.names + '){return eval(arguments[arguments.length-1])})', url, 1, 1);
    const values = [];
    for (let i = 0; i < this.values.length; i++) values[i] = this.values[i];
    values[values.length] = source;
    return ReflectApply(fn, this.global, values);
  }

  // A function from its declaration.
  compile(declaration, url) {
    if (this.isMain) return evalScript('(' + declaration + '\n)', url, 1, 1);
    return ReflectApply(this.wrapper(declaration, url), this.global, this.values);
  }
}

function isSyntaxError(error) {
  return error !== null && typeof error === 'object' && ObjectGetPrototypeOf(error) === SyntaxError.prototype;
}

export function worldOf(id) {
  return worlds.get(id) ?? null;
}

export function runningContext() {
  return runningWorld === 0 ? mainContext : runningWorld;
}

// Run `callback` as code of `world`.
export function inWorld(world, callback) {
  const previous = runningWorld;
  runningWorld = world.id;
  try {
    return withWindow(mainWindow(), callback);
  } finally {
    runningWorld = previous;
  }
}

function addWorld(id, name, isMain) {
  if (worlds.size >= WORLDS_LIMIT) throw new TypeError('a document has at most ' + WORLDS_LIMIT + ' execution contexts');
  const world = new World(id, name, isMain);
  worlds.set(id, world);
  return world;
}

// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-addBinding
function addBinding(world, name) {
  const { id } = world;
  const binding = (...args) => {
    if (args.length !== 1 || typeof args[0] !== 'string') throw new TypeError('Invalid arguments: should be exactly one string.');
    hostPost('inspector.binding', { __proto__: null, name, payload: args[0], context: id });
  };
  ObjectDefineProperty(binding, 'name', { __proto__: null, value: name, configurable: true });
  ObjectDefineProperty(world.global, name, { __proto__: null, value: binding, writable: true, enumerable: true, configurable: true });
}

// A new document, before any page code: { main, worlds: [{ id, name }], bindings: [{ name, world }] }
onHost('inspector.start', (payload) => {
  const keys = ReflectOwnKeys(globalThis);
  const descriptors = [];
  for (let i = 0; i < keys.length; i++) {
    const descriptor = ObjectGetOwnPropertyDescriptor(globalThis, keys[i]);
    descriptors[i] = { __proto__: null, configurable: true, enumerable: descriptor.enumerable };
    if (descriptor.get === undefined && descriptor.set === undefined) {
      descriptors[i].value = descriptor.value;
      descriptors[i].writable = descriptor.writable;
    } else {
      descriptors[i].get = descriptor.get;
      descriptors[i].set = descriptor.set;
    }
  }
  captured = { __proto__: null, keys, descriptors };
  mainContext = payload.main;
  addWorld(payload.main, '', true);
  for (let i = 0; i < payload.worlds.length; i++) addWorld(payload.worlds[i].id, payload.worlds[i].name, false);
  for (let i = 0; i < payload.bindings.length; i++) {
    const { name, world: wanted } = payload.bindings[i];
    worlds.forEach((world) => {
      if (wanted === null || world.name === wanted) addBinding(world, name);
    });
  }
  return null;
});

onHost('inspector.world', (payload) => {
  addWorld(payload.id, payload.name, false);
  for (let i = 0; i < payload.bindings.length; i++) {
    const { name, world } = payload.bindings[i];
    if (world === null || world === payload.name) addBinding(worlds.get(payload.id), name);
  }
  return null;
});

// { name, context } or { name, world }; world null: all
onHost('inspector.bind', (payload) => {
  worlds.forEach((world) => {
    if (payload.context !== undefined ? payload.context === world.id : payload.world === null || payload.world === world.name) addBinding(world, payload.name);
  });
  return null;
});

// An init script: what it throws is reported as page code's. { context, source }
onHost('inspector.script', (payload) => {
  const world = worlds.get(payload.context);
  if (world === undefined) return null;
  inWorld(world, () => {
    try {
      world.evaluate(payload.source, '');
    } catch (error) {
      reportException(error, mainWindow());
    }
  });
  return null;
});
