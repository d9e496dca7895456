// https://webassembly.github.io/spec/js-api/#webassembly-namespace
// What the engine's WebAssembly cannot do by itself here is replaced before page code runs.

import { standInFor } from '../emulation/masked.js';
import { rehearsing } from '../host.js';
import { ObjectDefineProperty, ObjectSetPrototypeOf, ReflectApply, ReflectConstruct, ReflectDefineProperty, ReflectDeleteProperty } from '../primordials.js';
import { beginEngineWork, endEngineWork } from '../timers.js';
import { isBufferSource } from '../webidl/conversions.js';
import { allowsWasm } from './csp.js';
import { mainWindow } from './realm.js';

export function startWasm() {
  if (rehearsing) return;
  const { WebAssembly } = globalThis;
  // https://webassembly.github.io/spec/web-api/#streaming-modules: the engine aborts the process when it is asked to compile a stream. Pages look whether there are
  // these functions, and compile the whole body where there are none.
  ReflectDeleteProperty(WebAssembly, 'compileStreaming');
  ReflectDeleteProperty(WebAssembly, 'instantiateStreaming');
  // The engine compiles on threads of its own, and settles its promise only while the isolate is entered.
  const { CompileError, Module, compile, instantiate } = WebAssembly;
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
  };
  const descriptor = { __proto__: null, writable: true, enumerable: true, configurable: true };
  ObjectDefineProperty(WebAssembly, 'compile', { __proto__: null, ...descriptor, value: standInFor(compile, methods.compile) });
  ObjectDefineProperty(WebAssembly, 'instantiate', { __proto__: null, ...descriptor, value: standInFor(instantiate, methods.instantiate) });
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
