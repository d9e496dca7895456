// https://webassembly.github.io/spec/js-api/

const TINY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11]);

promise_test(async () => {
  const { module, instance } = await WebAssembly.instantiate(TINY);
  assert_equals(instance.exports.f(), 42);
  assert_equals((await WebAssembly.instantiate(module, {})).exports.f(), 42);
  assert_true(await WebAssembly.compile(TINY.buffer) instanceof WebAssembly.Module);
  assert_array_equals([WebAssembly.compile.length, WebAssembly.instantiate.length], [1, 1]);
  assert_equals(Object.getPrototypeOf(WebAssembly.compile), Function.prototype);
}, 'modules are there though nothing else happens');

promise_test(async () => {
  const failed = (promise) => promise.then(() => null, (error) => error.constructor);
  assert_equals(await failed(WebAssembly.compile(TINY.subarray(0, 20))), WebAssembly.CompileError);
  assert_equals(await failed(WebAssembly.instantiate(1)), TypeError);
}, 'what is wrong rejects');

test(() => {
  assert_equals(new WebAssembly.Instance(new WebAssembly.Module(TINY)).exports.f(), 42);
}, 'a module of bytes');

const respond = (type, init) => new Response(TINY, { headers: type === null ? {} : { 'content-type': type }, ...init });

promise_test(async () => {
  assert_equals(String(WebAssembly.compileStreaming), 'function compileStreaming() { [native code] }');
  assert_equals(WebAssembly.instantiateStreaming.length, 1);
  const { module, instance } = await WebAssembly.instantiateStreaming(Promise.resolve(respond('application/wasm')), {});
  assert_true(module instanceof WebAssembly.Module);
  assert_equals(instance.exports.f(), 42);
  const compiled = await WebAssembly.compileStreaming(respond('Application/WASM '));
  assert_equals(new WebAssembly.Instance(compiled).exports.f(), 42);
}, 'responses');

promise_test(async () => {
  const failed = (promise) => promise.then(() => null, (error) => error.constructor);
  const used = respond('application/wasm');
  await used.text();
  for (const source of [undefined, TINY, respond(null), respond('text/html'), respond('application/wasm;x=y'), respond('application/wasm', { status: 404 }), used]) {
    assert_equals(await failed(WebAssembly.compileStreaming(source)), TypeError);
  }
  assert_equals(await failed(WebAssembly.instantiateStreaming(Promise.reject(new RangeError('x')))), RangeError);
  const bad = new Response('x', { headers: { 'content-type': 'application/wasm' } });
  assert_equals(await failed(WebAssembly.instantiateStreaming(bad)), WebAssembly.CompileError);
}, 'responses that are none of WebAssembly');
