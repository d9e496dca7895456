// https://webassembly.github.io/spec/js-api/#webassembly-namespace
// What the engine's WebAssembly cannot do by itself here is replaced before page code runs.

import { standInFor } from '../emulation/masked.js';
import { rehearsing } from '../host.js';
import { ObjectDefineProperty, ReflectApply, ReflectDeleteProperty } from '../primordials.js';
import { beginEngineWork, endEngineWork } from '../timers.js';

export function startWasm() {
  if (rehearsing) return;
  const { WebAssembly } = globalThis;
  // https://webassembly.github.io/spec/web-api/#streaming-modules: the engine aborts the process when it is asked to compile a stream. Pages look whether there are
  // these functions, and compile the whole body where there are none.
  ReflectDeleteProperty(WebAssembly, 'compileStreaming');
  ReflectDeleteProperty(WebAssembly, 'instantiateStreaming');
  // The engine compiles on threads of its own, and settles its promise only while the isolate is entered.
  const { compile, instantiate } = WebAssembly;
  const methods = {
    compile(bytes) {
      return settling(() => ReflectApply(compile, WebAssembly, arguments));
    },
    instantiate(bytes) {
      return settling(() => ReflectApply(instantiate, WebAssembly, arguments));
    },
  };
  const descriptor = { __proto__: null, writable: true, enumerable: true, configurable: true };
  ObjectDefineProperty(WebAssembly, 'compile', { __proto__: null, ...descriptor, value: standInFor(compile, methods.compile) });
  ObjectDefineProperty(WebAssembly, 'instantiate', { __proto__: null, ...descriptor, value: standInFor(instantiate, methods.instantiate) });
}

async function settling(steps) {
  beginEngineWork();
  try {
    return await steps();
  } finally {
    endEngineWork();
  }
}
