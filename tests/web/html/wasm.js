// https://webassembly.github.io/spec/web-api/

const TINY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11]);

test(() => {
  assert_equals(new WebAssembly.Instance(new WebAssembly.Module(TINY)).exports.f(), 42);
}, 'a module of bytes');

test(() => {
  assert_false('instantiateStreaming' in WebAssembly);
  assert_false('compileStreaming' in WebAssembly);
}, 'what the engine cannot do is not there, and pages take the whole body');
