// https://webassembly.github.io/spec/web-api/#streaming-modules

import { rehearsing } from '../host.js';
import { ReflectDeleteProperty } from '../primordials.js';

// The engine aborts the process when it is asked to compile a stream. Pages look whether there are these functions, and compile the whole body where there are none.
export function dropWasmStreaming() {
  if (rehearsing) return;
  const { WebAssembly } = globalThis;
  ReflectDeleteProperty(WebAssembly, 'compileStreaming');
  ReflectDeleteProperty(WebAssembly, 'instantiateStreaming');
}
