// https://tc39.es/ecma262/#sec-function.prototype.tostring

const NATIVE = /^function [\w$ [\].]*\(\) \{ \[native code\] \}$/;

test(() => {
  const functions = [fetch, setTimeout, document.querySelectorAll, Node.prototype.appendChild, HTMLDivElement, Event, NodeFilter, console.log, URLSearchParams.prototype.forEach,
    Function.prototype.toString, ArrayBuffer, ArrayBuffer.prototype.resize, WebAssembly.compile, Image, crypto.subtle.digest, Headers.prototype.entries, location.toString];
  for (const fn of functions) assert_true(NATIVE.test(String(fn)), String(fn));
  const getter = Object.getOwnPropertyDescriptor(Node.prototype, 'firstChild').get;
  assert_equals(getter + '', 'function get firstChild() { [native code] }');
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'onclick');
  assert_equals(String(set), 'function set onclick() { [native code] }');
  assert_equals(String(get), 'function get onclick() { [native code] }');
  assert_equals(Function.prototype.toString.call(document.getElementsByClassName), 'function getElementsByClassName() { [native code] }');
  assert_throws_js(TypeError, () => Function.prototype.toString.call({}));
}, 'functions of the platform show no source');

test(() => {
  assert_equals(String(function f(a) { return a; }), 'function f(a) { return a; }');
  assert_equals(String(class A { b() {} }), 'class A { b() {} }');
  assert_equals(String(() => lib.x), '() => lib.x');
}, 'functions of the page do');

test(() => {
  // As old selector engines look for what a browser has
  const native = /^[^{]+\{\s*\[native code/;
  for (const name of ['querySelectorAll', 'getElementsByClassName', 'compareDocumentPosition', 'contains']) assert_true(native.test(document[name]), name);
  assert_true(native.test(document.documentElement.matches));
}, 'libraries find the methods that a browser has');
