// https://html.spec.whatwg.org/multipage/workers.html#run-a-worker
// An isolate becomes a web worker: the global object of the snapshot, which is a window's, gets the members and interfaces of a worker.

import { evalScript, hostPost, importModule, onHost, utf8Decode } from '../host.js';
import { maskWrapped } from '../emulation/masked.js';
import { startWasm } from '../html/wasm.js';
import {
  ObjectDefineProperty, ObjectSetPrototypeOf, PromisePrototypeThen, ReflectDeleteProperty, ReflectGetOwnPropertyDescriptor, ReflectOwnKeys, StringPrototypeIncludes, StringPrototypeStartsWith, SymbolToStringTag,
} from '../primordials.js';
import { dropMember } from '../webidl/interface.js';
import { installExposed, removeExposed } from '../webidl/exposed.js';
import { setHooks } from '../webidl/runtime.js';
import { stamp } from '../webidl/wrapper.js';
import { createDocument } from '../dom/create.js';
import { emulateInWorker } from '../emulation/apply.js';
import { startClock, timeOrigin } from '../html/clock.js';
import { bypassPolicies, setPolicies } from '../html/csp.js';
import { globalMembers } from '../html/global_members.js';
import { mainWindow, setMainWindow, withWindow } from '../html/realm.js';
import { describeThrown, reportException, startRejections } from '../html/report.js';
import { hideSecureMembers } from '../html/secure_context.js';
import { fetchModuleGraph } from '../html/scripting.js';
import { queueTask } from '../html/tasks.js';
import { newTiming } from '../html/timing.js';
import { parseURL } from '../url/parser.js';
import { decodeFromRemote, startRemotePorts } from '../webmessaging/remote_ports.js';
import { DedicatedWorkerGlobalScopeImpl, dedicatedWorkerGlobalScopeInterface, workerGlobalScopeInterface } from './WorkerGlobalScope.js';
import { SharedWorkerGlobalScopeImpl, letDocumentsIn, sharedWorkerGlobalScopeInterface } from './SharedWorkerGlobalScope.js';
import { queueMessage } from './Worker.js';

let earlyMessages = [];       // that came before the script has run, decoded; null from then on

// Members with [Exposed=Window].
const WINDOW_ONLY = [['Performance', 'timing'], ['Performance', 'navigation'], ['XMLHttpRequest', 'responseXML'], ['StorageManager', 'persist']];

function makeWorkerGlobal(kind, { prototype }) {
  removeExposed(globalThis);
  const windowKeys = ReflectOwnKeys(globalMembers());
  for (let i = 0; i < windowKeys.length; i++) ReflectDeleteProperty(globalThis, windowKeys[i]);
  // What the engine defines by itself hides the members that workers inherit.
  const inherited = ReflectOwnKeys(workerGlobalScopeInterface.prototype);
  for (let i = 0; i < inherited.length; i++) ReflectDeleteProperty(globalThis, inherited[i]);
  for (let i = 0; i < WINDOW_ONLY.length; i++) dropMember(WINDOW_ONLY[i][0], WINDOW_ONLY[i][1]);
  ObjectSetPrototypeOf(globalThis, prototype);
  installExposed(globalThis, 'Worker', kind);
  // https://webidl.spec.whatwg.org/#Global: the members of the global's interface are properties of the object itself
  const keys = ReflectOwnKeys(prototype);
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] === 'constructor' || keys[i] === SymbolToStringTag) continue;
    ObjectDefineProperty(globalThis, keys[i], ReflectGetOwnPropertyDescriptor(prototype, keys[i]));
    ReflectDeleteProperty(prototype, keys[i]);
  }
}

onHost('worker.start', (payload) => {
  maskWrapped();
  startWasm();
  startClock(null);
  const shared = payload.kind === 'shared';
  if (shared) makeWorkerGlobal('SharedWorker', sharedWorkerGlobalScopeInterface);
  else makeWorkerGlobal('DedicatedWorker', dedicatedWorkerGlobalScopeInterface);
  const scope = shared ? new SharedWorkerGlobalScopeImpl(payload) : new DedicatedWorkerGlobalScopeImpl(payload);
  const doc = createDocument('xml', parseURL(payload.url), 'application/xml');
  doc.window = scope;
  doc.referrerPolicy = payload.referrerPolicy;
  doc.timing = newTiming(null);
  doc.timing.navigationStart = timeOrigin();
  doc.readyState = 'complete';
  scope.document = doc;
  scope.globalObject = globalThis;
  stamp(globalThis, scope);
  setHooks({ __proto__: null, globalImpl: scope });
  setMainWindow(scope);
  hideSecureMembers(scope);
  startRemotePorts(payload.page, payload.agent);
  startRejections();
  emulateInWorker(payload.timeZone, payload.locale);
  doc.upgradesInsecure = payload.upgrade;      // as its maker's
  bypassPolicies(payload.cspBypass);
  setPolicies(doc, payload.csp);
  return null;
});

// 24. ff: run the script, then let messages in.
onHost('worker.run', (payload, bytes) => {
  const scope = mainWindow();
  if (payload.type === 'classic') {
    const failure = runWorkerScript(scope, utf8Decode(bytes), payload.url);
    if (failure === null) openInbox(scope);
    else tellUnparsed(failure);
    return null;
  }
  fetchModuleGraph(null, payload.url, payload.credentials, (outcome) => {
    if (outcome.error !== undefined) {
      hostPost('worker.unfetched', { __proto__: null, message: outcome.error.message });
      return;
    }
    hostPost('worker.runs', null);
    // Messages wait for the evaluation of the graph as far as it is synchronous: what waits at its top level may wait for them. So what is imported is a module of
    // ours that imports the script behind another of ours, which calls this.
    ObjectDefineProperty(globalThis, payload.begun, {
      __proto__: null, configurable: true,
      value() {
        ReflectDeleteProperty(globalThis, payload.begun);
        queueTask(scope.document, () => openInbox(scope));
        hostPost('wake', null);
      },
    });
    PromisePrototypeThen(importModule(payload.root, payload.url), () => openInbox(scope), (error) => {
      if (neverRan(error)) {
        tellUnparsed(error);
        return;
      }
      reportException(error, scope);
      openInbox(scope);
    });
  });
  return null;
});

// A module of the graph could not be had or compiled: unlike what code throws, the engine's error names no place of code.
function neverRan(error) {
  const { name, message, stack } = describeThrown(error);
  return (name === 'SyntaxError' || StringPrototypeStartsWith(message, 'Failed to call module loader')) && !StringPrototypeIncludes(stack, '\n    at ');
}

// 23.1. A script that cannot be compiled is as good as one that cannot be fetched. Gives the error, or null where the script ran.
function runWorkerScript(scope, source, url) {
  let failure = null;
  try {
    withWindow(scope, () => evalScript(source, url, 1, 1, (error) => { failure = error; }));
  } catch (error) {
    reportException(error, scope, { __proto__: null, url, line: 1, column: 1 });
  }
  return failure;
}

function tellUnparsed(error) {
  const { name, message } = describeThrown(error);
  hostPost('worker.unfetched', { __proto__: null, message: name + ': ' + message });
}

function openInbox(scope) {
  if (scope.isShared === true) {
    if (!letDocumentsIn()) return;
  } else if (earlyMessages !== null) {
    const messages = earlyMessages;
    earlyMessages = null;
    for (let i = 0; i < messages.length; i++) queueMessage(scope.document, scope, messages[i]);
  } else return;
  hostPost('worker.ran', null);
}

onHost('worker.deliver', (payload, bytes) => {
  // Its ports are there from now on: what is sent through them comes right behind, and waits in them.
  const serialized = decodeFromRemote(payload.message, payload.ports, bytes);
  if (earlyMessages !== null) earlyMessages[earlyMessages.length] = serialized;
  else {
    const scope = mainWindow();
    queueMessage(scope.document, scope, serialized);
  }
  return null;
});

// After this entry the isolate ends.
onHost('worker.end', () => null);
