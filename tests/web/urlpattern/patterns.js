// https://urlpattern.spec.whatwg.org/
'use strict';

test(() => {
  const pattern = new URLPattern('https://{:sub.}?shop.example/products/:id(\\d+)/*#top');
  assert_equals(pattern.hostname, '{:sub.}?shop.example');
  assert_equals(pattern.port, '');
  assert_equals(pattern.pathname, '/products/:id(\\d+)/*');
  assert_equals(pattern.hash, 'top');
  assert_true(pattern.hasRegExpGroups);
  const found = pattern.exec('https://eu.shop.example/products/12/a/b#top');
  assert_equals(JSON.stringify(found.hostname), '{"input":"eu.shop.example","groups":{"sub":"eu"}}');
  assert_equals(JSON.stringify(found.pathname), '{"input":"/products/12/a/b","groups":{"0":"a/b","id":"12"}}');
  assert_equals(Object.getPrototypeOf(found.pathname.groups), Object.prototype);
  assert_array_equals(found.inputs, ['https://eu.shop.example/products/12/a/b#top']);
  assert_true('sub' in pattern.exec('https://shop.example/products/1/#top').hostname.groups);
  assert_false(pattern.test('https://shop.example/products/x/#top'));
  assert_equals(pattern.exec('https://shop.example:8443/products/1/#top'), null);
}, 'a string with groups, and what it matches');

test(() => {
  const pattern = new URLPattern('../w/:page\\?q=:query', 'https://a.example/x/y/z');
  assert_equals(pattern.pathname, '/x/w/:page');
  assert_equals(pattern.search, 'q=:query');
  assert_equals(pattern.exec('../w/about?q=1', 'https://a.example/x/y/z').search.groups.query, '1');
  assert_throws_js(TypeError, () => new URLPattern('/relative'));
  assert_throws_js(TypeError, () => new URLPattern({ pathname: '/' }, 'https://a.example/'));
  assert_throws_js(TypeError, () => new URLPattern({ pathname: '/' }).test({ pathname: '/' }, 'https://a.example/'));
}, 'base URLs');

test(() => {
  const init = { pathname: '/Foo/:x', baseURL: 'https://a.example' };
  assert_true(new URLPattern(init, { ignoreCase: true }).test('https://a.example/fOO/1'));
  assert_false(new URLPattern(init).test('https://a.example/fOO/1'));
  assert_true(new URLPattern('https://a.example/Foo', { ignoreCase: true }).test('https://a.example/foo'));
  assert_true(new URLPattern('/Foo', 'https://a.example', { ignoreCase: true }).test('https://a.example/foo'));
}, 'ignoreCase, in each form of the constructor');

test(() => {
  for (const wrong of ['(', '(?:a)', '/:a/:a', '{', '/(\\d', ':', '/{a{b}}', '/(())', '([b-a])']) {
    assert_throws_js(TypeError, () => new URLPattern({ pathname: wrong }));
  }
  for (const wrong of ['a b', 'a/b', 'a\\\\b', 'a\nb', '[g]']) assert_throws_js(TypeError, () => new URLPattern({ hostname: wrong }));
  assert_throws_js(TypeError, () => new URLPattern({ port: '80x' }));
  assert_throws_js(TypeError, () => new URLPattern({ baseURL: 'nothing' }));
  assert_false(new URLPattern({ port: '80' }).test({ port: 'x' }));
}, 'patterns that are none');

test(() => {
  const exec = RegExp.prototype.exec;
  RegExp.prototype.exec = () => null;
  try {
    assert_equals(new URLPattern({ pathname: '/:__proto__' }).exec('https://a.example/b').pathname.groups.__proto__, 'b');
  } finally {
    RegExp.prototype.exec = exec;
  }
}, 'a replaced exec is not asked, and no name of a group is special');

promise_test(async () => {
  const source = 'postMessage(new URLPattern({ pathname: "/:a+" }).exec("https://x.example/1/2").pathname.groups.a)';
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const { data } = await new Promise((resolve) => { worker.onmessage = resolve; });
  worker.terminate();
  assert_equals(data, '1/2');
}, 'in workers');
