// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#type-ExecutionContextDescription
// Execution contexts. The main world is the page's own global. An isolated world is a function wrapper: its parameters are built-ins captured before page
// code, and it has a global object of its own. What a page replaces by name does not reach it; prototypes are shared (docs/reference/cdp.md).

import { evalScript, hostPost, onHost } from '../host.js';
import {
  JSONStringify, NativeObjectGetOwnPropertyDescriptor, ObjectCreate, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, ObjectSetPrototypeOf, ReflectApply, ReflectOwnKeys, RegExpPrototypeExec, SafeMap, StringPrototypeEndsWith, StringPrototypeIncludes,
  StringPrototypeSlice, StringPrototypeTrim, SyntaxError, TypeError,
} from '../primordials.js';
import { lazyNamesIn } from '../webidl/exposed.js';
import { stamp, unwrap } from '../webidl/wrapper.js';
import { reportException } from '../html/report.js';
import { onFrameDocument } from '../html/frame_tree.js';
import { setRequestTracing } from '../fetch/initiator.js';
import { engineEval } from '../html/csp.js';
import { isStrictScript, topLevelDeclarations } from '../html/declarations.js';
import { evaluateExpressionIn, evaluateTextIn } from '../html/frame_scripts.js';
import { currentWindow, mainWindow, windowOfFrame, withWindow } from '../html/realm.js';
import { watchRuntime } from './remote.js';

// The engine wants an address for every script; those of clients have none, and stacks do not show this one (describe.js).
export const ANONYMOUS_URL = 'sanderling:evaluate';

const WRAPPERS_KEPT = 64;          // compiled function wrappers a world remembers
const WORLDS_LIMIT = 100;          // of one document: what clients ask for without end is refused

// Names that cannot be parameters, or whose value changes: they are looked up where they are used.
const NO_PARAMETER = { __proto__: null, eval: true, arguments: true, undefined: true, NaN: true, Infinity: true, event: true };
const ONLY_COMMENTS = /^(?:\s|\/\/[^\n\r\u2028\u2029]*(?![^\n\r\u2028\u2029])|\/\*(?:[^*]|\*(?!\/))*\*\/)*$/;
const OWN_GLOBALS = ['window', 'self', 'globalThis', 'frames', 'top', 'parent'];

let captured = null;               // keys and descriptors of the global object before page code ran
const worlds = new SafeMap();      // id to World
const mainWorlds = new SafeMap();  // number of a frame to the id of its main world
let runningWorld = 0;              // id of the isolated world whose code runs now; 0: a main one
let nextWorld = 1;                 // ids are unique in the process: the worker gives each isolate a range
// What every new document gets: { worlds: [name], bindings: [{ name, world }], scripts: [{ source, world }] }
let standing = { __proto__: null, worlds: [], bindings: [], scripts: [] };

class World {
  constructor(id, name, isMain, window) {
    this.id = id;
    this.name = name;
    this.isMain = isMain;
    this.window = window;
    this.doc = window.document;
    this.ownGlobal = isMain ? window.globalObject : null;      // an isolated world's is made on first use: clients have a world in every frame, and use few
    this.names = '';
    this.values = null;
    this.wrappers = new SafeMap();
    this.declared = null;          // of an isolated world: names that its scripts declared, to functions that give their values
  }

  get global() {
    if (this.ownGlobal === null) this.makeGlobal();
    return this.ownGlobal;
  }

  makeGlobal() {
    const { window } = this;
    const { keys, descriptors, parameters } = capturedForWorlds();
    // Without a prototype first: such an object is a table from the beginning, and takes hundreds of members in a tenth of the time.
    const members = { __proto__: null };
    const names = [];
    const values = [];
    for (let i = 0; i < keys.length; i++) {
      const descriptor = descriptors[i];
      ObjectDefineProperty(members, keys[i], descriptor);
      if (!parameters[i]) continue;
      names[names.length] = keys[i];
      values[values.length] = descriptor.value;
    }
    const global = ObjectSetPrototypeOf(members, ObjectGetPrototypeOf(globalThis));
    const { wrapper } = window;
    stamp(global, window);             // so that members of Window work on it
    window.wrapper = wrapper;
    for (let i = 0; i < OWN_GLOBALS.length; i++) {
      const key = OWN_GLOBALS[i];
      if (window.parent !== null && (key === 'top' || key === 'parent')) continue;
      const known = ObjectGetOwnPropertyDescriptor(global, key);
      if (known === undefined || known.configurable) {
        ObjectDefineProperty(global, key, { __proto__: null, value: global, writable: true, enumerable: false, configurable: true });
      }
      names[names.length] = key;
      values[values.length] = global;
    }
    this.ownGlobal = global;
    ObjectDefineProperty(global, 'eval', { __proto__: null, value: (source) => this.indirectEval(source), writable: true, configurable: true });
    names[names.length] = 'document';
    values[values.length] = global.document;
    this.names = names[0];
    for (let i = 1; i < names.length; i++) this.names += ',' + names[i];
    this.values = values;
  }

  // Compile `text`, an expression, to a function wrapper and its arguments: it gives the value in this world. Throws SyntaxError when it is none.
  wrapper(text, url) {
    const known = this.wrappers.get(text);
    if (known !== undefined) return known;
    const made = this.wrap(text, '(function(', '){return (' + text + '\n)})', url);
    if (this.wrappers.size >= WRAPPERS_KEPT) this.wrappers.clear();
    this.wrappers.set(text, made);
    return made;
  }

  // Interfaces that are not made yet are parameters where the text names them, and so is what earlier scripts of the world declared.
  wrap(text, before, after, url) {
    if (this.ownGlobal === null) this.makeGlobal();
    const late = lazyNamesIn(text);
    let { names } = this;
    for (let i = 0; i < late.names.length; i++) names += ',' + late.names[i];
    const reads = [];
    if (this.declared !== null) {
      this.declared.forEach((get, name) => {
        if (!StringPrototypeIncludes(text, name)) return;
        names += ',' + name;
        reads[reads.length] = get;
      });
    }
    return { __proto__: null, fn: evalScript(before + names + after, url, 1, 1), late: late.values, reads };
  }

  // What a script declares at its top level is there for those after it: as values, and what is no `let`, `const` or class on the global object too.
  declare(name, get, set, onGlobal) {
    if (this.names === name || StringPrototypeIncludes(',' + this.names + ',', ',' + name + ',')) return;      // it stays what it was, a built-in
    this.declared ??= new SafeMap();
    this.declared.set(name, get);
    this.wrappers.clear();
    if (onGlobal) ObjectDefineProperty(this.global, name, { __proto__: null, get, set, enumerable: true, configurable: true });
  }

  // Text in front of a script, in its first line, that declares what it declares; a `var` statement does not change the completion value.
  declarationsOf(source) {
    const { variables, functions, lexical } = topLevelDeclarations(source);
    let text = '';
    const add = (names, onGlobal) => {
      for (let i = 0; i < names.length; i++) text += '$declare("' + names[i] + '",()=>' + names[i] + ',($v)=>{' + names[i] + '=$v},' + onGlobal + '),';
    };
    add(variables, true);
    add(functions, true);
    add(lexical, false);
    return text === '' ? '' : (isStrictScript(source) ? '"use strict";' : '') + 'var $declared=[' + text + '];';
  }

  // Call a wrapper. `first` and `last`: further arguments, or nothing.
  callWrapper(made, first, last) {
    const values = [];
    if (first !== undefined) values[0] = first;
    for (let i = 0; i < this.values.length; i++) values[values.length] = this.values[i];
    for (let i = 0; i < made.late.length; i++) values[values.length] = made.late[i];
    for (let i = 0; i < made.reads.length; i++) {
      let value;
      try {
        value = made.reads[i]();
      } catch {
        value = undefined;         // its script has not come to its declaration
      }
      values[values.length] = value;
    }
    if (made.declare !== undefined) values[values.length] = made.declare;
    if (last !== undefined) values[values.length] = last;
    return ReflectApply(made.fn, this.global, values);
  }

  // The value of a script in this world. Throws what the script throws.
  evaluate(source, url) {
    if (this.isMain) return this.window.parent === null ? evalScript(source, url, 1, 1) : evaluateTextIn(this.window, source, url);
    let text = StringPrototypeTrim(source);
    while (StringPrototypeEndsWith(text, ';')) text = StringPrototypeTrim(StringPrototypeSlice(text, 0, -1));
    // A client's script is often only a comment that names it: the world need not be made for that.
    if (text === '' || (text[0] === '/' && RegExpPrototypeExec(ONLY_COMMENTS, text) !== null)) return undefined;
    let made = null;
    try {
      made = this.wrapper(text, url);
    } catch (error) {
      if (!isSyntaxError(error)) throw error;
    }
    if (made !== null) return this.callWrapper(made);
    // Statements: a direct eval inside of the wrapper gives their completion value.
    made = this.wrap(text, '(function(eval,', ',$declare){return eval(arguments[arguments.length-1])})', url);
    made.declare = (name, get, set, onGlobal) => this.declare(name, get, set, onGlobal);
    // It is the engine's own, whatever the page or a policy put in its place.
    return this.callWrapper(made, engineEval, this.declarationsOf(source) + source);
  }

  // What `globalThis.eval` is here: the engine's own would see the main frame's global object.
  indirectEval(source) {
    return typeof source === 'string' ? this.evaluate(source, ANONYMOUS_URL) : source;
  }

  // A function from its declaration.
  compile(declaration, url) {
    if (this.isMain) return evaluateExpressionIn(this.window, declaration, url);
    return this.callWrapper(this.wrapper(declaration, url));
  }
}

function isSyntaxError(error) {
  return error !== null && typeof error === 'object' && ObjectGetPrototypeOf(error) === SyntaxError.prototype;
}

export function worldOf(id) {
  return worlds.get(id) ?? null;
}

// The id of the world whose code runs.
export function runningContext() {
  return runningWorld === 0 ? mainContextOf(currentWindow()) : runningWorld;
}

// The id of a window's main world; 0 when nobody inspects it.
export function mainContextOf(window) {
  return mainWorlds.get(window.frameId) ?? 0;
}

// Run `callback` as code of `world`.
export function inWorld(world, callback) {
  const previous = runningWorld;
  runningWorld = world.isMain ? 0 : world.id;
  try {
    return withWindow(world.window, callback);
  } finally {
    runningWorld = previous;
  }
}

function addWorld(name, isMain, window) {
  const world = new World(nextWorld++, name, isMain, window);
  worlds.set(world.id, world);
  if (isMain) mainWorlds.set(window.frameId, world.id);
  const { bindings } = standing;
  for (let i = 0; i < bindings.length; i++) {
    if (bindings[i].world === null || bindings[i].world === name) addBinding(world, bindings[i].name);
  }
  return world;
}

function findWorld(window, name) {
  let found = null;
  worlds.forEach((world) => {
    if (world.window === window && !world.isMain && world.name === name) found = world;
  });
  return found;
}

function announce(window, list) {
  const contexts = [];
  for (let i = 0; i < list.length; i++) contexts[i] = { __proto__: null, id: list[i].id, name: list[i].name, isDefault: list[i].isMain };
  hostPost('inspector.contexts', { __proto__: null, frame: window.frameId, contexts });
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

// An init script: what it throws is reported as page code's.
function runScript(world, source) {
  inWorld(world, () => {
    try {
      world.evaluate(source, ANONYMOUS_URL);
    } catch (error) {
      reportException(error, world.window);
    }
  });
}

// The worlds of a document that no page code has seen yet, then the init scripts in them.
function openWorlds(window) {
  const made = [addWorld('', true, window)];
  for (let i = 0; i < standing.worlds.length; i++) made[made.length] = addWorld(standing.worlds[i], false, window);
  announce(window, made);
  const { scripts } = standing;
  for (let i = 0; i < scripts.length; i++) {
    const name = scripts[i].world;
    for (let k = 0; k < made.length; k++) {
      if (name === '' ? made[k].isMain : !made[k].isMain && made[k].name === name) runScript(made[k], scripts[i].source);
    }
  }
}

function forgetWorlds(window) {
  const gone = [];
  worlds.forEach((world, id) => {
    if (world.window === window) gone[gone.length] = id;
  });
  for (let i = 0; i < gone.length; i++) worlds.delete(gone[i]);
  mainWorlds.delete(window.frameId);
  if (gone.length > 0) hostPost('inspector.contextsGone', { __proto__: null, frame: window.frameId, contexts: gone });
}

// A child frame got another document, or is gone: removed, or in another isolate.
function frameDocumentChanged(window) {
  if (captured === null) return;
  forgetWorlds(window);
  if (!window.closed && window.remote === null) openWorlds(window);
}
onFrameDocument(frameDocumentChanged);

// The initial document of a child frame that is about to load something else has worlds once code reaches it, as in Chromium; else nobody needs any.
export function openInitialWorlds(window) {
  if (captured !== null && window.parent !== null && !window.closed && window.remote === null && !mainWorlds.has(window.frameId)) openWorlds(window);
}

// `JSON` of isolated worlds. In Chromium a document has no named properties there; here they are its own, and the window of a named frame among them cannot
// be written. Clients write the nodes that they give to their bindings.
function makeWorldJSON(native) {
  const made = ObjectCreate(ObjectGetPrototypeOf(native));
  const keys = ReflectOwnKeys(native);
  for (let i = 0; i < keys.length; i++) ObjectDefineProperty(made, keys[i], ObjectGetOwnPropertyDescriptor(native, keys[i]));
  const stringify = { stringify: (value, replacer, space) => stringifyInWorld(value, replacer, space) }.stringify;
  ObjectDefineProperty(made, 'stringify', { __proto__: null, value: stringify, writable: true, enumerable: false, configurable: true });
  return made;
}

function stringifyInWorld(value, replacer, space) {
  try {
    return JSONStringify(value, replacer, space);
  } catch (error) {
    if (typeof replacer === 'object' && replacer !== null) throw error;
    return JSONStringify(value, function withoutNames(key, item) {
      const impl = unwrap(item);
      if (impl !== undefined && impl.nodeType === 9) return { location: item.location };
      return typeof replacer === 'function' ? ReflectApply(replacer, this, [key, item]) : item;
    }, space);
  }
}

// Page code has not run yet: what it could replace is remembered. Most documents have worlds that nothing is run in, so the rest is done for the first that needs it.
function capture() {
  const keys = ReflectOwnKeys(globalThis);
  const descriptors = [];
  for (let i = 0; i < keys.length; i++) descriptors[i] = NativeObjectGetOwnPropertyDescriptor(globalThis, keys[i]);
  captured = { __proto__: null, keys, descriptors, parameters: null, json: makeWorldJSON(globalThis.JSON) };
}

// What was captured, as isolated worlds have it: everything can be redefined, and what is a function or object is a parameter.
function capturedForWorlds() {
  if (captured.parameters !== null) return captured;
  const { keys, descriptors } = captured;
  const parameters = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const descriptor = ObjectSetPrototypeOf(descriptors[i], null);
    descriptor.configurable = true;
    if (key === 'JSON') descriptor.value = captured.json;
    const { value } = descriptor;
    parameters[i] = typeof key === 'string' && !NO_PARAMETER[key] && RegExpPrototypeExec(/^[A-Za-z_$][\w$]*$/, key) !== null
      && (typeof value === 'function' || (typeof value === 'object' && value !== null));
  }
  captured.parameters = parameters;
  return captured;
}

// A new main document, before any page code: what stands, `base`, the first id of this isolate's contexts, and `traces`, whether requests name their code.
onHost('inspector.start', (payload) => {
  capture();
  nextWorld = payload.base;
  setRequestTracing(payload.traces);
  watchRuntime();
  standing = payload;
  openWorlds(mainWindow());
  return null;
});

// What stands has changed: it holds for documents to come.
onHost('inspector.standing', (payload) => {
  standing = payload;
  return null;
});

// { frame, name }: the world of that name in a frame's document, made if there is none. Nameless ones are always new.
onHost('inspector.world', (payload) => {
  const window = windowOfFrame(payload.frame);
  if (window === null || captured === null) return { __proto__: null, failure: 'No frame for given id found' };
  let world = payload.name === '' ? null : findWorld(window, payload.name);
  if (world === null) {
    let count = 0;
    worlds.forEach((other) => {
      if (other.window === window) count++;
    });
    if (count >= WORLDS_LIMIT) return { __proto__: null, failure: 'A document has at most ' + WORLDS_LIMIT + ' execution contexts' };
    world = addWorld(payload.name, false, window);
    announce(window, [world]);
  }
  return { __proto__: null, id: world.id };
});

// { name, context } or { name, world }; world null: all
onHost('inspector.bind', (payload) => {
  worlds.forEach((world) => {
    if (payload.context !== undefined && payload.context !== null ? payload.context === world.id : payload.world === null || payload.world === world.name) addBinding(world, payload.name);
  });
  return null;
});

// { source, world }: an init script that runs now too, in every document that is there.
onHost('inspector.runNow', (payload) => {
  const list = [];
  worlds.forEach((world) => {
    if (payload.world === '' ? world.isMain : !world.isMain && world.name === payload.world) list[list.length] = world;
  });
  for (let i = 0; i < list.length; i++) runScript(list[i], payload.source);
  return null;
});

// A built-in has a stand-in (emulation/): isolated worlds, which hold what was there before page code, get it too.
export function replaceInWorlds(name, native, standIn) {
  if (captured === null) return;
  for (let i = 0; i < captured.keys.length; i++) if (captured.descriptors[i].value === native) captured.descriptors[i].value = standIn;
  worlds.forEach((world) => {
    if (world.isMain || world.ownGlobal === null) return;
    ObjectDefineProperty(world.global, name, { __proto__: null, value: standIn, writable: true, enumerable: false, configurable: true });
    for (let i = 0; i < world.values.length; i++) if (world.values[i] === native) world.values[i] = standIn;
  });
}
