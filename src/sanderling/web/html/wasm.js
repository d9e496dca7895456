// https://webassembly.github.io/spec/js-api/#webassembly-namespace
// What the engine's WebAssembly cannot do by itself here is replaced before page code runs.

import { standInFor } from '../emulation/masked.js';
import { rehearsing } from '../host.js';
import { isBodyUnusable, readBody } from '../fetch/body_data.js';
import { getHeader } from '../fetch/headers_list.js';
import { responseInterface } from '../fetch/Response.js';
import {
  ObjectDefineProperty, ObjectSetPrototypeOf, Promise, ReflectApply, ReflectConstruct, ReflectDefineProperty, StringPrototypeToLowerCase, StringPrototypeTrimEnd, TypeError,
} from '../primordials.js';
import { beginEngineWork, endEngineWork } from '../timers.js';
import { isBufferSource } from '../webidl/conversions.js';
import { isImplOf, unwrap } from '../webidl/wrapper.js';
import { allowsWasm } from './csp.js';
import { mainWindow } from './realm.js';

export function startWasm() {
  if (rehearsing) return;
  const { WebAssembly } = globalThis;
  // The engine compiles on threads of its own, and settles its promise only while the isolate is entered.
  const { CompileError, Module, compile, compileStreaming, instantiate, instantiateStreaming } = WebAssembly;
  engineWasm = { __proto__: null, WebAssembly, Module };
  refused = (what) => new CompileError(what + ': Wasm code generation disallowed by embedder');
  const methods = {
    compile(bytes) {
      return settling(() => {
        checkWasm('WebAssembly.compile()', bytes);
        return ReflectApply(compile, WebAssembly, arguments);
      });
    },
    instantiate(bytes) {
      return settling(() => {
        checkWasm('WebAssembly.instantiate()', bytes);
        return ReflectApply(instantiate, WebAssembly, arguments);
      });
    },
    // https://webassembly.github.io/spec/web-api/#streaming-modules: the engine aborts the process when it is asked to compile a stream, so the whole body is.
    async compileStreaming(source) {
      const bytes = await bytesOfWasm(source, 'compile');
      return settling(() => {
        checkWasm('WebAssembly.compileStreaming()', bytes);
        return ReflectApply(compile, WebAssembly, [bytes]);
      });
    },
    async instantiateStreaming(source) {
      const { 1: imports } = arguments;
      const bytes = await bytesOfWasm(source, 'instantiate');
      return settling(() => {
        checkWasm('WebAssembly.instantiateStreaming()', bytes);
        return ReflectApply(instantiate, WebAssembly, [bytes, imports]);
      });
    },
  };
  const descriptor = { __proto__: null, writable: true, enumerable: true, configurable: true };
  ObjectDefineProperty(WebAssembly, 'compile', { __proto__: null, ...descriptor, value: standInFor(compile, methods.compile) });
  ObjectDefineProperty(WebAssembly, 'instantiate', { __proto__: null, ...descriptor, value: standInFor(instantiate, methods.instantiate) });
  ObjectDefineProperty(WebAssembly, 'compileStreaming', { __proto__: null, ...descriptor, value: standInFor(compileStreaming, methods.compileStreaming) });
  ObjectDefineProperty(WebAssembly, 'instantiateStreaming', { __proto__: null, ...descriptor, value: standInFor(instantiateStreaming, methods.instantiateStreaming) });
}

// https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response
async function bytesOfWasm(source, what) {
  const response = unwrap(await source);
  const failure = (text) => new TypeError("Failed to execute '" + what + "' on 'WebAssembly': " + text);
  if (response === undefined || !isImplOf(responseInterface, response)) throw failure('An argument must be provided, which must be a Response or Promise<Response> object');
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.status < 200 || response.status > 299) throw failure('HTTP status code is not ok');
  const type = getHeader(response.headers.list, 'content-type');
  if (type === null || StringPrototypeToLowerCase(StringPrototypeTrimEnd(type)) !== 'application/wasm') throw failure("Incorrect response MIME type. Expected 'application/wasm'.");
  if (isBodyUnusable(response.body)) throw failure('Cannot compile WebAssembly.Module from an already read Response');
  return new Promise((done, failed) => readBody(response.body, done, failed));
}

let engineWasm = null;           // what the engine has, whatever a page does to its own before it has a policy
let refused = null;              // (what): the error of what a policy forbids
let guarded = false;

// https://www.w3.org/TR/CSP3/#can-compile-wasm-bytes
function checkWasm(what, bytes) {
  const { document } = mainWindow();
  if (document !== null && isBufferSource(bytes) && !allowsWasm(document)) throw refused(what);
}

// The main window's document has a policy: its code is asked about, too, where it compiles at once.
export function guardWasm() {
  if (guarded || engineWasm === null) return;
  guarded = true;
  const { WebAssembly, Module } = engineWasm;
  const replaced = function (bytes) {
    if (new.target !== undefined) checkWasm('WebAssembly.Module()', bytes);
    return new.target === undefined ? Module(bytes) : ReflectConstruct(Module, arguments, new.target === replaced ? Module : new.target);
  };
  ObjectSetPrototypeOf(standInFor(Module, replaced), Module);      // for its static methods
  ObjectDefineProperty(replaced, 'prototype', { __proto__: null, value: Module.prototype, writable: false });
  // A page may have frozen them.
  ReflectDefineProperty(Module.prototype, 'constructor', { __proto__: null, value: replaced, writable: true, configurable: true });
  ReflectDefineProperty(WebAssembly, 'Module', { __proto__: null, value: replaced, writable: true, configurable: true });
}

async function settling(steps) {
  beginEngineWork();
  try {
    return await steps();
  } finally {
    endEngineWork();
  }
}
