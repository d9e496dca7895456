// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/
// Evaluation and remote objects: what CDP's Runtime domain does inside of an isolate. Answers are { result, exceptionDetails? }, { failure } for what the
// command refuses, or { pending } where the outcome is posted later.

import { ownDescriptor } from '../webidl/exposed.js';
import { notifyActivation } from '../html/user_activation.js';
import { hostPost, onHost } from '../host.js';
import {
  ObjectSetPrototypeOf, BigInt, NumberIsInteger, ObjectGetPrototypeOf, Promise, PromisePrototypeThen, PromiseResolve, ReflectApply, ReflectOwnKeys, RegExpPrototypeExec, SafeMap, SafeSet,
  StringPrototypeSlice, StringPrototypeSplit, SymbolPrototypeToString,
} from '../primordials.js';
import { setConsoleHook } from '../console/console.js';
import { callFramesOf, classOf, copyValue, describeObject, describePrimitive, exceptionDetailsOf, InspectorFailure, objectPreviewOf, subtypeOf } from './describe.js';
import { ANONYMOUS_URL, inWorld, mainContextOf, runningContext, worldOf } from './worlds.js';
import { deepSerialized } from './deep.js';
import { rememberResult, withCommandLine } from './command_line.js';
import { evaluateRepl } from './repl.js';
import { setExceptionHook } from '../html/report.js';
import { mainWindow } from '../html/realm.js';

const CONSOLE_KEPT = 1000;         // messages whose arguments stay reachable, as in Chromium
const CONSOLE_GROUP = 'console';

const objects = new SafeMap();     // number to { value, group, context }
let nextObject = 1;
let consoleBatches = [];           // numbers of the objects of each message, oldest first

// Ids have V8's three parts, isolate, context and number, since there are clients that read the context out of them (Patchright); the ids of
// objects that V8's own inspector names begin with another number.
const OBJECT_MARK = '0';

const NO_CONTEXT = 'Cannot find context with specified id';
const NO_OBJECT = 'Could not find object with given id';

function keepObject(value, group, context) {
  const number = nextObject++;
  objects.set(number, { __proto__: null, value, group, context });
  return OBJECT_MARK + '.' + context + '.' + number;
}

function entryOf(objectId) {
  const parts = StringPrototypeSplit(objectId, '.');
  const context = +parts[1];
  const number = +parts[2];
  if (parts.length !== 3 || parts[0] !== OBJECT_MARK || !NumberIsInteger(context) || !NumberIsInteger(number)) throw new InspectorFailure('Invalid remote object id');
  if (worldOf(context) === null) throw new InspectorFailure(NO_CONTEXT);
  const entry = objects.get(number);
  if (entry === undefined || entry.context !== context) throw new InspectorFailure(NO_OBJECT);
  return entry;
}

// The value behind an object id (for other files of the inspector).
export function remoteValue(objectId) {
  return entryOf(objectId).value;
}

export function remoteObject(value, context, group, preview) {
  const primitive = describePrimitive(value);
  if (primitive !== null) {
    if (primitive.type === 'symbol') primitive.objectId = keepObject(value, group, context);
    return primitive;
  }
  const subtype = typeof value === 'function' ? undefined : subtypeOf(value);
  const out = { __proto__: null, type: typeof value, className: classOf(value), description: describeObject(value, subtype), objectId: keepObject(value, group, context) };
  if (subtype !== undefined) out.subtype = subtype;
  if (preview && out.type === 'object') out.preview = objectPreviewOf(value, 'object', subtype, out.description);
  return out;
}

function packValue(value, world, payload) {
  if (payload.deep) {
    const result = remoteObject(value, world.id, payload.group, payload.preview);
    const { serialized, taken } = deepSerialized(value, payload.deep);
    result.deepSerializedValue = serialized;
    return { __proto__: null, result, taken };
  }
  if (payload.byValue) {
    const primitive = describePrimitive(value);
    if (primitive !== null && primitive.type !== 'symbol') return { __proto__: null, result: primitive };
    return { __proto__: null, result: { __proto__: null, type: typeof value, value: copyValue(value) } };
  }
  return { __proto__: null, result: remoteObject(value, world.id, payload.group, payload.preview) };
}

function packError(error, world, payload, inPromise) {
  const remote = remoteObject(error, world.id, payload.group, false);
  return { __proto__: null, result: remote, exceptionDetails: exceptionDetailsOf(error, world.id, remote, inPromise) };
}

// Pack, with page code that getters run inside.
function safely(world, payload, pack) {
  try {
    return pack();
  } catch (error) {
    if (error instanceof InspectorFailure) return { __proto__: null, failure: error.failure };
    return packError(error, world, payload, false);
  }
}

function perform(world, payload, callback) {
  if (payload.gesture) notifyActivation();
  return inWorld(world, () => safely(world, payload, () => {
    const value = callback();
    if (!payload.awaits || value === null || (typeof value !== 'object' && typeof value !== 'function')) return packValue(value, world, payload);
    // The page's own `then` may be called here: an endless one is caught by the deadline of the entry.
    PromisePrototypeThen(
      PromiseResolve(Promise, value),
      (settled) => finishPending(payload, safely(world, payload, () => packValue(settled, world, payload))),
      (error) => finishPending(payload, packError(error, world, payload, true)),
    );
    return { __proto__: null, pending: true };
  }));
}

function finishPending(payload, outcome) {
  hostPost('evaluated', { __proto__: null, id: payload.id, ...outcome });
}

// Refusals become answers.
export function answering(handler) {
  return (payload) => {
    try {
      return handler(payload);
    } catch (error) {
      if (error instanceof InspectorFailure) return { __proto__: null, failure: error.failure };
      throw error;
    }
  };
}

function neededWorld(id) {
  const world = worldOf(id);
  if (world === null) throw new InspectorFailure(NO_CONTEXT);
  return world;
}

const evaluateRemotely = answering((payload) => {
  const world = neededWorld(payload.context);
  const evaluate = () => (payload.repl ? evaluateRepl(world, payload) : world.evaluate(payload.expression, ANONYMOUS_URL));
  return perform(world, payload, () => {
    const value = payload.commandLine ? withCommandLine(world, evaluate) : evaluate();
    if (payload.group === CONSOLE_GROUP) rememberResult(value);
    return value;
  });
});
onHost('inspector.evaluate', evaluateRemotely);
// The same, bound by the document's policy for eval (csp.js).
onHost('inspector.evaluateBound', evaluateRemotely);

function argumentOf(argument, context) {
  ObjectSetPrototypeOf(argument, null);   // what a page put on Object.prototype is none of its members
  if (argument.objectId !== undefined) {
    const entry = entryOf(argument.objectId);
    if (entry.context !== context) throw new InspectorFailure('Argument should belong to the same JavaScript world as target object');
    return entry.value;
  }
  if (argument.unserializableValue !== undefined) {
    const text = argument.unserializableValue;
    switch (text) {
      case 'NaN': return NaN;
      case 'Infinity': return Infinity;
      case '-Infinity': return -Infinity;
      case '-0': return -0;
      case 'undefined': return undefined;
      default: return BigInt(StringPrototypeSlice(text, 0, -1));
    }
  }
  return argument.value;
}

// { object | context, declaration, args, byValue, awaits, group, preview, id }
onHost('inspector.call', answering((payload) => {
  let self;
  let context = payload.context;
  if (payload.object !== undefined) {
    const entry = entryOf(payload.object);
    self = entry.value;
    context = entry.context;
    if (payload.group === null) payload.group = entry.group;
  }
  const world = neededWorld(context);
  if (payload.object === undefined) self = world.global;
  const args = [];
  for (let i = 0; i < payload.args.length; i++) args[i] = argumentOf(payload.args[i], context);
  return perform(world, payload, () => {
    const fn = world.compile(payload.declaration, ANONYMOUS_URL);
    if (typeof fn !== 'function') throw new InspectorFailure('Given expression does not evaluate to a function');
    return ReflectApply(fn, self, args);
  });
}));

onHost('inspector.await', answering((payload) => {
  const entry = entryOf(payload.object);
  payload.awaits = true;
  payload.group ??= entry.group;
  return perform(neededWorld(entry.context), payload, () => entry.value);
}));

// https://tc39.es/ecma262/#integer-index
function isArrayIndex(key) {
  return typeof key === 'string' && RegExpPrototypeExec(/^(?:0|[1-9]\d*)$/, key) !== null;
}

// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-getProperties
onHost('inspector.properties', answering((payload) => {
  const { value, group, context } = entryOf(payload.object);
  const result = [];
  const seen = new SafeSet();
  return safely(neededWorld(context), { __proto__: null, group }, () => {
    for (let at = value, own = true; at !== null && at !== undefined; at = ObjectGetPrototypeOf(at), own = false) {
      const keys = ReflectOwnKeys(at);
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (seen.has(key) || (payload.namedOnly && isArrayIndex(key))) continue;
        seen.add(key);
        const descriptor = ownDescriptor(at, key);
        if (descriptor === undefined) continue;
        const accessor = descriptor.get !== undefined || descriptor.set !== undefined;
        if (payload.accessorsOnly && !accessor) continue;
        const out = {
          __proto__: null, name: typeof key === 'symbol' ? SymbolPrototypeToString(key) : key, configurable: descriptor.configurable, enumerable: descriptor.enumerable, isOwn: own,
        };
        if (typeof key === 'symbol') out.symbol = remoteObject(key, context, group, false);
        if (accessor) {
          if (descriptor.get !== undefined) out.get = remoteObject(descriptor.get, context, group, false);
          if (descriptor.set !== undefined) out.set = remoteObject(descriptor.set, context, group, false);
        } else {
          out.writable = descriptor.writable;
          out.value = remoteObject(descriptor.value, context, group, payload.preview);
        }
        result[result.length] = out;
      }
      if (payload.ownOnly) break;
    }
    return { __proto__: null, result };
  });
}));

onHost('inspector.release', answering((payload) => {
  entryOf(payload.object);
  objects.delete(+StringPrototypeSplit(payload.object, '.')[2]);
  return {};
}));

onHost('inspector.releaseGroup', (payload) => {
  objects.forEach((entry, number) => {
    if (entry.group === payload.group) objects.delete(number);
  });
  return {};
});

// -- console -----------------------------------------------------------------------------------------------------------

const CONSOLE_TYPES = { __proto__: null, group: 'startGroup', groupCollapsed: 'startGroupCollapsed', groupEnd: 'endGroup', warn: 'warning' };

// From now on console calls and what page code did not catch are reported, with their values.
export function watchRuntime() {
  setConsoleHook(reportConsole);
  setExceptionHook(reportUncaught);
}
// Of a web worker; a document's begins with `inspector.start`.
onHost('inspector.watch', () => {
  watchRuntime();
  return null;
});

function reportConsole(type, args, stack) {
  const context = runningContext();
  if (context === 0) return;
  const out = [];
  const before = nextObject;
  for (let i = 0; i < args.length; i++) out[i] = remoteObject(args[i], context, CONSOLE_GROUP, true);
  consoleBatches[consoleBatches.length] = [before, nextObject];
  if (consoleBatches.length > CONSOLE_KEPT) {
    for (let number = consoleBatches[0][0]; number < consoleBatches[0][1]; number++) objects.delete(number);
    for (let i = 1; i < consoleBatches.length; i++) consoleBatches[i - 1] = consoleBatches[i];
    consoleBatches.length--;
  }
  hostPost('inspector.console', { __proto__: null, type: CONSOLE_TYPES[type] ?? type, args: out, context, frames: callFramesOf(stack) });
}

function reportUncaught(error, window, inPromise) {
  const context = mainContextOf(window ?? mainWindow());
  if (context === 0) return;
  const details = exceptionDetailsOf(error, context, remoteObject(error, context, CONSOLE_GROUP, true), inPromise);
  hostPost('inspector.exception', { __proto__: null, details });
}
