// https://w3c.github.io/ServiceWorker/#cache-objects
'use strict';

const url = (name) => `${location.origin}/${name}`;
const named = (name) => caches.delete(name).then(() => caches.open(name));
const texts = (list) => Promise.all(list.map((response) => response.text()));

async function rejects(promise, name) {
  const error = await promise.then(() => null, (one) => one);
  assert_true(error !== null, 'nothing was thrown');
  assert_equals(error.name, name);
}

promise_test(async () => {
  assert_class_string(caches, 'CacheStorage');
  assert_equals(caches, window.caches);
  const lone = 'a\uD800';
  for (const name of ['one', '', 'two', lone]) assert_class_string(await caches.open(name), 'Cache');
  assert_array_equals(await caches.keys(), ['one', '', 'two', lone]);
  assert_true(await caches.has(''));
  assert_true(await caches.has(lone));
  assert_false(await caches.has('a\uFFFD'));
  assert_true(await caches.delete('one'));
  assert_false(await caches.delete('one'));
  for (const name of await caches.keys()) await caches.delete(name);
  assert_equals((await caches.keys()).length, 0);
}, 'caches by name');

promise_test(async () => {
  const cache = await named('c');
  const response = new Response('body', { status: 201, statusText: 'Fine', headers: { 'X-One': '1' } });
  assert_equals(await cache.put('/a?q=1#f', response), undefined);
  assert_true(response.bodyUsed);
  const found = await cache.match('/a?q=1');
  assert_equals(found.status, 201);
  assert_equals(found.statusText, 'Fine');
  assert_equals(found.headers.get('x-one'), '1');
  assert_equals(found.type, 'default');
  assert_equals(found.url, '');
  assert_equals(await found.text(), 'body');
  assert_equals(await (await caches.match('/a?q=1')).text(), 'body');
  assert_equals(await caches.match('/a?q=1', { cacheName: 'other' }), undefined);
  assert_equals(await cache.match('/a'), undefined);
  assert_equals(await (await cache.match('/a', { ignoreSearch: true })).text(), 'body');
  const [request] = await cache.keys();
  assert_class_string(request, 'Request');
  assert_equals(request.url, url('a?q=1#f'));
  assert_true(Object.isFrozen(await cache.keys()));
  assert_equals(await cache.match(new Request('/a?q=1', { method: 'POST' })), undefined);
  assert_equals(await (await cache.match(new Request('/a?q=1', { method: 'HEAD' }), { ignoreMethod: true })).text(), 'body');
  assert_true(await cache.delete('/a', { ignoreSearch: true }));
  assert_false(await cache.delete('/a', { ignoreSearch: true }));
}, 'what is put is matched by URL, query and method');

promise_test(async () => {
  const cache = await named('c');
  const put = (language, body) => cache.put(new Request('/v', { headers: { 'X-Language': language } }), new Response(body, { headers: { Vary: 'X-Language' } }));
  await put('de', 'eins');
  await put('en', 'one');
  await put('de', 'EINS');
  assert_array_equals(await texts(await cache.matchAll('/v', { ignoreVary: true })), ['one', 'EINS']);
  assert_equals(await (await cache.match(new Request('/v', { headers: { 'x-language': 'en' } }))).text(), 'one');
  assert_equals(await cache.match('/v'), undefined);
  assert_array_equals(await texts(await cache.matchAll()), ['one', 'EINS']);
}, 'Vary');

promise_test(async () => {
  const cache = await named('c');
  await rejects(cache.put('data:,x', new Response('')), 'TypeError');
  await rejects(cache.put(new Request('/', { method: 'POST' }), new Response('')), 'TypeError');
  await rejects(cache.put('/', new Response('', { status: 206 })), 'TypeError');
  await rejects(cache.put('/', new Response('', { headers: { Vary: 'a, *' } })), 'TypeError');
  await rejects(cache.put('/'), 'TypeError');
  const used = new Response('x');
  await used.text();
  await rejects(cache.put('/', used), 'TypeError');
  const broken = new Response(new ReadableStream({ start(controller) { controller.error(new RangeError('mine')); } }));
  await rejects(cache.put('/', broken), 'RangeError');
  await rejects(cache.match('http://[/'), 'TypeError');
  assert_equals((await cache.keys()).length, 0);
}, 'what cannot be put');

promise_test(async () => {
  const cache = await named('c');
  await cache.add('/harness.js');
  const found = await cache.match('/harness.js');
  assert_equals(found.type, 'basic');
  assert_equals(found.url, url('harness.js'));
  assert_true((await found.text()).includes('promise_test'));
  await cache.addAll(['/harness.js?1', new Request('/harness.js?2')]);
  assert_equals((await cache.keys()).length, 3);
  await rejects(cache.addAll(['/harness.js?3', '/nowhere.js']), 'TypeError');
  await rejects(cache.addAll(['/harness.js?4', '/harness.js?4#x']), 'InvalidStateError');
  await rejects(cache.add('about:blank'), 'TypeError');
  const controller = new AbortController();
  controller.abort();
  await rejects(cache.add(new Request('/harness.js?5', { signal: controller.signal })), 'AbortError');
  assert_equals((await cache.keys()).length, 3);
}, 'add and addAll fetch, all or nothing');

promise_test(async () => {
  const cache = await named('c');
  await cache.put('/a', new Response('kept'));
  await caches.delete('c');
  assert_false(await caches.has('c'));
  assert_equals(await (await cache.match('/a')).text(), 'kept');
  assert_equals(await caches.match('/a'), undefined);
  assert_equals(await (await caches.open('c')).match('/a'), undefined);
}, 'a deleted cache stays usable for who has it open');

promise_test(async () => {
  const cache = await named('c');
  const bytes = new Uint8Array(100_000).map((_, i) => i);
  await cache.put('/b', new Response(bytes));
  await cache.put('/empty', new Response(null, { status: 204 }));
  const before = await navigator.storage.estimate();
  assert_true(before.usage >= 100_000 && before.usageDetails.caches >= 100_000 && before.quota > before.usage);
  const again = new Uint8Array(await (await cache.match('/b')).arrayBuffer());
  again[0] = 7;
  assert_array_equals([...new Uint8Array(await (await cache.match('/b')).arrayBuffer())].slice(0, 3), [0, 1, 2]);
  assert_equals((await cache.match('/empty')).body, null);
  await caches.delete('c');
}, 'bytes, and how many they are');

promise_test(async () => {
  const cache = await named('c');
  await cache.put('/a', new Response('from the window'));
  const source = `(async () => { const cache = await caches.open('c'); const text = await (await cache.match('${url('a')}')).text();
    await cache.put('${url('w')}', new Response('from the worker')); postMessage(text); })()`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const { data } = await new Promise((resolve) => { worker.onmessage = resolve; });
  worker.terminate();
  assert_equals(data, 'from the window');
  assert_equals(await (await cache.match('/w')).text(), 'from the worker');
}, 'workers of the origin have the same caches');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts';
  frame.srcdoc = '<script>caches.keys().catch((error) => parent.postMessage(error.name, "*"))</' + 'script>';
  const told = new Promise((resolve) => { addEventListener('message', resolve, { once: true }); });
  document.body.append(frame);
  assert_equals((await told).data, 'SecurityError');
  frame.remove();
}, 'an opaque origin has none');
