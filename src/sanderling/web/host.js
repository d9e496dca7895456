// https://html.spec.whatwg.org/multipage/webappapis.html#event-loops: the only door between web/ and the worker.
// What the engine offers is captured here while the snapshot is built; page code never sees `Deno.core`, and the engine's own
// globals do nothing for it without the token that `boot` gets.

import {
  ArrayIsArray, DateNow, Error, JSONParse, JSONStringify, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectHasOwn, ObjectSetPrototypeOf, ReflectDeleteProperty, RegExpPrototypeExec, SafeMap, StringPrototypeIndexOf, StringPrototypeLastIndexOf, StringPrototypeRepeat, StringPrototypeSlice, TypeError, Uint8Array, WeakSet,
} from './primordials.js';
import { jsonText } from './json.js';

const engine = globalThis.Deno.core;
// A value that goes along from where a promise's reaction is made to where it runs; undefined where nobody set one.
export const asyncContext = engine.getAsyncContext;
export const setAsyncContext = engine.setAsyncContext;
const {
  op_eval_context: evalContext, op_compile_function: compileContext, op_run_microtasks: runEngineMicrotasks,
  op_encode: encodeUtf8, op_decode: decodeUtf8, op_serialize: engineSerialize, op_deserialize: engineDeserialize,
  op_get_promise_details: promiseDetails, op_get_proxy_details: engineProxyDetails, op_timer_now: timerNow,
} = engine.ops;

// The sources are evaluated twice while the snapshot is built (js/snapshot.py); what the first of them does is a rehearsal (rehearsal.js).
export const rehearsing = rehearsal;

let callHost = null;      // (token, arguments) => value, of the engine
let token = '';           // the capability behind it
let outbox = '';          // posts that leave with the end of the entry, as the items of a JSON list: page code that watches arrays of ours sees none of it
let outboxCount = 0;
let timerSource = null;   // () => milliseconds to the next timer, or null
let entryWatch = null;    // told of the end of each entry, where a client wants it
let entryEnd = null;      // () => whether the DOM changed during the entry
let checkpointEnd = null;
const handlers = new SafeMap();
const starters = [];
const booters = [];
let enteredBy = '';        // the kind of the entry that runs
let findLate = null;       // (kind): has the handler come that is not there yet (families.js)

// Kinds of posts that the worker should have while the script runs on.
const URGENT = new SafeMap();
const urgentKinds = ['wake', 'net.fetch', 'net.cancel', 'net.resume', 'resource.fetch', 'resource.cancel', 'module.fetch', 'module.ahead', 'module.inline', 'ws.open', 'ws.send', 'worker.start', 'worker.message', 'sharedworker.connect', 'worker.reply',
  'worker.runs', 'worker.terminate'];
for (let i = 0; i < urgentKinds.length; i++) URGENT.set(urgentKinds[i], true);
const OUTBOX_LIMIT = 1000; // posts: a page that logs without end must not fill its heap with them

export function hostPost(kind, payload, bytes) {
  outbox += (outbox === '' ? '' : ',') + jsonText([kind, payload ?? null]);
  if (bytes !== undefined || URGENT.has(kind) || ++outboxCount >= OUTBOX_LIMIT) flush(bytes);
}

// JSON for the worker. A lone surrogate is written as an escape, which is no JSON to a strict reader: it becomes U+FFFD.
function wellFormed(text) {
  let at = StringPrototypeIndexOf(text, '\\ud');
  if (at < 0) return text;
  let out = '';
  let from = 0;
  for (; at >= 0; at = StringPrototypeIndexOf(text, '\\ud', at + 2)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    const digit = text[at + 3];
    if (slashes % 2 === 1 || (digit !== '8' && digit !== '9' && !(digit >= 'a' && digit <= 'f'))) continue;
    out += StringPrototypeSlice(text, from, at) + '\\ufffd';
    from = at + 6;
  }
  return out + StringPrototypeSlice(text, from);
}

// What the worker says. Members that it leaves out are not looked for on `Object.prototype`.
function fromWire(text) {
  const value = JSONParse(text);
  return value !== null && typeof value === 'object' && !ArrayIsArray(value) ? ObjectSetPrototypeOf(value, null) : value;
}

function takeOutbox() {
  const text = wellFormed(outbox);
  outbox = '';
  outboxCount = 0;
  return text;
}

// The bytes belong to the last post of the batch.
function flush(bytes) {
  if (token === '') return;     // while the snapshot is built
  const text = '[' + takeOutbox() + ']';
  callHost(token, bytes === undefined ? ['post', text] : ['post', text, bytes]);
}

// Ask and wait. The answer is JSON, or a pair of JSON and bytes.
export function hostCall(kind, payload, bytes) {
  if (outbox !== '') flush();
  const text = wellFormed(jsonText(payload ?? null));
  const answer = callHost(token, bytes === undefined ? ['call', kind, text] : ['call', kind, text, bytes]);
  if (typeof answer === 'string') {
    if (answer[0] === '!') throw new Error(StringPrototypeSlice(answer, 1));
    return fromWire(answer);
  }
  return { __proto__: null, json: fromWire(answer[0]), bytes: answer[1] };
}

export function onHost(kind, handler) {
  handlers.set(kind, handler);
}

// The kind of the entry that runs, or ran last.
export function entryKind() {
  return enteredBy;
}

export function setLateHandlers(find) {
  findLate = find;
}

// Has the engine of this isolate started? Its own scripts run before the host is there.
export function isStarted() {
  return token !== '';
}

// A text that is not in the snapshot, by name. Nothing else crosses with it: it may be asked for at any point.
export function lateText(name) {
  if (token === '' || token === 'rehearsal') throw new Error(name + ' is not in the snapshot, but used while that is built');
  const answer = callHost(token, ['call', 'web.text', JSONStringify(name)]);
  return decodeUtf8(answer[1]);
}

// What is done once the engine's own scripts have run.
export function onBoot(booter) {
  booters[booters.length] = booter;
}

// What the engine's own script asks of built-in objects when an isolate starts, for bindings of objects, which nobody makes here, is answered in short until it has run.
// It marks every built-in object in a set of its own (told that all are marked, it leaves them alone), takes the frames of a stack for the prototype that they have (to
// find their places the engine compiles that script again), and cuts text into segments. Together that was 13 % of the time that an isolate takes.
function untilBoot(object, key, value) {
  const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
  ObjectDefineProperty(object, key, { __proto__: null, value, writable: true, configurable: true });
  onBoot(() => ObjectDefineProperty(object, key, descriptor));
}
if (!rehearsing) {
  untilBoot(WeakSet.prototype, 'has', () => true);
  untilBoot(globalThis, 'Error', function Error() { return { __proto__: null, stack: '' }; });
  untilBoot(globalThis.Intl, 'Segmenter', undefined);
}

export function onStart(starter) {
  starters[starters.length] = starter;
}

export function setNextTimerSource(source) {
  timerSource = source;
}

export function watchEntries(callback) {
  entryWatch = callback;
}

export function setEntryEnd(callback) {
  entryEnd = callback;
}

// The dispatcher: one call is one entry. Gives JSON { r: result | e: error, t: next timer, m: mutated, o: outbox }, or a pair with bytes.
function enter(kind, text, bytes) {
  enteredBy = kind;
  let result = null;
  let error = null;
  try {
    let handler = handlers.get(kind);
    if (handler === undefined && findLate !== null) {
      findLate(kind);
      handler = handlers.get(kind);
    }
    if (handler === undefined) throw new TypeError('no entry of this name: ' + kind);
    result = handler(text === '' ? null : fromWire(text), bytes);
  } catch (thrown) {
    error = describeEntryError(thrown);
  }
  runMicrotasks();
  if (entryWatch !== null) entryWatch();
  const mutated = entryEnd !== null && entryEnd();
  let data;
  if (result !== null && typeof result === 'object' && ObjectHasOwn(result, 'bytes') && result.bytes !== undefined) {
    data = result.bytes;
    result = result.json ?? null;
  }
  const head = jsonText({ __proto__: null, r: result ?? null, e: error, t: timerSource === null ? null : timerSource(), m: mutated });
  const answer = wellFormed(StringPrototypeSlice(head, 0, -1)) + ',"o":[' + takeOutbox() + ']}';
  return data === undefined ? answer : [answer, data];
}

function describeEntryError(thrown) {
  try {
    return { __proto__: null, name: '' + thrown.name, message: '' + thrown.message, stack: '' + thrown.stack };
  } catch {
    return { __proto__: null, name: '', message: 'a value that cannot be described', stack: '' };
  }
}

const rehearsedAnswers = { __proto__: null };

// What `hostCall` of this kind gets while rehearsing.
export function rehearseAnswers(kind, answer) {
  rehearsedAnswers[kind] = answer;
}

// Run an entry as the worker would, with nobody at the other end.
export function rehearse(kind, payload, bytes) {
  token = 'rehearsal';
  callHost = (_, { 0: verb, 1: question }) => (verb === 'post' ? null : rehearsedAnswers[question] ?? 'null');
  const answer = enter(kind, JSONStringify(payload), bytes);
  const { r: result, e: failure } = JSONParse(typeof answer === 'string' ? answer : answer[0]);
  if (failure !== null) throw new Error('rehearsal of ' + kind + ': ' + failure.message + failure.stack);
  return result;
}

// Called once from the engine's side at start, before any page code; removes its own way in.
ObjectDefineProperty(globalThis, '__sanderling_boot', {
  __proto__: null, configurable: true,
  value(capability) {
    token = capability;
    // Not by `__host_op_sync__`, which asks of each argument whether it is an instance of what is called `Date` and `Set` by then: all that crosses are texts and bytes.
    callHost = engine.ops.op_pydeno_call_python_sync;
    ReflectDeleteProperty(globalThis, '__sanderling_boot');
    for (let i = 0; i < booters.length; i++) booters[i]();
    booters.length = 0;
    return enter;
  },
});

onHost('start', (payload) => {
  for (let i = 0; i < starters.length; i++) starters[i](payload);
  return null;
});

export function runMicrotasks() {
  runEngineMicrotasks();
  if (checkpointEnd !== null) checkpointEnd();
}

// What runs once at the end of the next microtask checkpoint (HTML, "perform a microtask checkpoint", step 6).
export function setCheckpointEnd(callback) {
  checkpointEnd = callback;
}

// https://tc39.es/ecma426/#sec-linking-inline: what a script calls itself in stacks, by a comment `//# sourceURL=NAME`; '' where it does not. The engine knows one
// name of a script, from which `import()` resolves: a script that imports keeps its address.
const SOURCE_NAME = 'sanderling:source/';  // the engine wants an address: before a name that is none, and left out where people see it

function ownNameOf(source) {
  const at = StringPrototypeLastIndexOf(source, '# sourceURL=');
  if (at < 2 || source[at - 1] !== '/' || source[at - 2] !== '/') return '';
  const found = RegExpPrototypeExec(/^[^\s'"]+(?=\s|$)/, StringPrototypeSlice(source, at + 12));
  if (found === null || RegExpPrototypeExec(/\bimport\s*\(/, source) !== null) return '';
  return RegExpPrototypeExec(/^[a-z][a-z0-9+.-]*:/i, found[0]) === null ? SOURCE_NAME + found[0] : found[0];
}

// A stack, a line of one, or a name in it, as people see it.
export function withoutOwnNames(stack) {
  let out = stack;
  for (let at = StringPrototypeIndexOf(out, SOURCE_NAME); at >= 0; at = StringPrototypeIndexOf(out, SOURCE_NAME, at)) {
    out = StringPrototypeSlice(out, 0, at) + StringPrototypeSlice(out, at + SOURCE_NAME.length);
  }
  return out;
}

// Run a classic script under its own URL; line and column (1-based) say where its text begins in that resource.
// Throws what the script throws; where it cannot be compiled, `uncompiled(error)` is called instead if there is one.
export function evalScript(source, url, line, column, uncompiled) {
  let text = source;
  if (line > 1) text = StringPrototypeRepeat('\n', line - 1) + StringPrototypeRepeat(' ', column > 1 ? column - 1 : 0) + source;
  const outcome = evalContext(text, ownNameOf(source) || url);
  const failure = outcome[1];
  if (failure !== null) {
    if (uncompiled === undefined || !failure[2]) throw failure[0];
    uncompiled(failure[0]);
  }
  return outcome[0];
}

// https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler, step 3.9
export function compileHandler(body, url, line, params) {
  const text = line > 1 ? StringPrototypeRepeat('\n', line - 1) + body : body;
  const outcome = compileContext(text, url, undefined, params);
  const failure = outcome[1];
  if (failure !== null) throw failure[0];
  return outcome[0];
}

// `import()` with the referrer that relative specifiers of the page have. The promise is an ordinary one.
export function importModule(url, referrer) {
  return evalScript('import(' + JSONStringify(url) + ')', referrer, 1, 1);
}

export function utf8Encode(text) {
  return encodeUtf8(text);
}

// Lossy, and without a byte order mark.
export function utf8Decode(bytes) {
  return decodeUtf8(bytes);
}

// `options`: { hostObjects, transferredArrayBuffers, forStorage }.
export function structuredSerialize(value, options, onError) {
  return engineSerialize(value, options === undefined ? undefined : options.hostObjects,
    options === undefined ? undefined : options.transferredArrayBuffers, false, onError);
}

export function structuredDeserialize(bytes, options) {
  return engineDeserialize(bytes, options === undefined ? undefined : options.hostObjects,
    options === undefined ? undefined : options.transferredArrayBuffers, undefined, false);
}

// [state, result] with state 0 pending, 1 fulfilled, 2 rejected.
export function promiseState(promise) {
  return promiseDetails(promise);
}

// [target, handler], or null for what is no proxy.
export function proxyDetails(value) {
  return engineProxyDetails(value) ?? null;
}

export function setUnhandledRejectionHandlers(unhandled, handled) {
  if (rehearsing) return; // the engine would keep them, and all that they reach
  engine.setUnhandledPromiseRejectionHandler(unhandled);
  engine.setHandledPromiseRejectionHandler(handled);
}

export function nowMs() {
  return timerNow();
}

export function wallMs() {
  return DateNow();
}

export function randomBytes(length) {
  return hostCall('random', { length }).bytes;
}

export const EMPTY_BYTES = new Uint8Array(0);

// For development (js/run.py --bare): a script without a window.
onHost('script.bare', (payload) => {
  const value = evalScript(payload.source, payload.url, 1, 1);
  return typeof value === 'object' || typeof value === 'function' ? '' + value : value;
});
