// https://webassembly.github.io/spec/js-api/#webassembly-namespace
// What the engine's WebAssembly cannot do here is replaced before page code runs. Its asynchronous compilation goes on only while the isolate is entered, so that
// a page that waits for nothing else would wait for good: modules are compiled at once, and lazily, in the call. Compiling a stream aborts the process:
// those functions are taken off, and pages, which look whether they are there, compile the whole body.

import { rehearsing } from '../host.js';
import { ObjectDefineProperty, ReflectDeleteProperty } from '../primordials.js';

export function startWasm() {
  if (rehearsing) return;
  const { WebAssembly } = globalThis;
  ReflectDeleteProperty(WebAssembly, 'compileStreaming');
  ReflectDeleteProperty(WebAssembly, 'instantiateStreaming');
  const { Module, Instance } = WebAssembly;
  const methods = {
    // https://webassembly.github.io/spec/js-api/#dom-webassembly-compile
    async compile(bytes) {
      return new Module(bytes);
    },
    // https://webassembly.github.io/spec/js-api/#dom-webassembly-instantiate: of bytes, or of a module
    async instantiate(bytes, ...rest) {
      if (bytes instanceof Module) return new Instance(bytes, rest[0]);
      const module = new Module(bytes);
      return { module, instance: new Instance(module, rest[0]) };
    },
  };
  const descriptor = { __proto__: null, writable: true, enumerable: true, configurable: true };
  ObjectDefineProperty(WebAssembly, 'compile', { ...descriptor, __proto__: null, value: methods.compile });
  ObjectDefineProperty(WebAssembly, 'instantiate', { ...descriptor, __proto__: null, value: methods.instantiate });
}
