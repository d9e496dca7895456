// https://wicg.github.io/storage-buckets/
'use strict';

const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));

promise_test(async () => {
  const bucket = await navigator.storageBuckets.open('a');
  await (await bucket.caches.open('c')).put('/x', new Response('kept'));
  (await done(bucket.indexedDB.open('d'))).close();
  assert_false(await caches.has('c'));
  assert_array_equals(await indexedDB.databases(), []);
  assert_equals(await (await bucket.caches.match('/x')).text(), 'kept');
  assert_array_equals((await bucket.indexedDB.databases()).map((one) => one.name), ['d']);
  assert_true((await bucket.estimate()).usage > 0);
  assert_equals((await (await navigator.storageBuckets.open('a')).indexedDB.databases()).length, 1);
  await navigator.storageBuckets.delete('a');
}, 'what is in a bucket is apart from what the origin has');

promise_test(async (t) => {
  const bucket = await navigator.storageBuckets.open('b');
  const db = await done(bucket.indexedDB.open('d'));
  const closed = new Promise((resolve) => { db.onclose = resolve; });
  await navigator.storageBuckets.delete('b');
  await closed;
  await promise_rejects_dom(t, 'UnknownError', bucket.estimate());
  await promise_rejects_dom(t, 'UnknownError', bucket.caches.keys());
  await promise_rejects_dom(t, 'UnknownError', bucket.indexedDB.databases());
  await promise_rejects_dom(t, 'UnknownError', done(bucket.indexedDB.open('d')));
  const again = await navigator.storageBuckets.open('b');
  assert_array_equals(await again.indexedDB.databases(), []);
  await navigator.storageBuckets.delete('b');
}, 'a bucket that is deleted closes its databases and cannot be used');

promise_test(async (t) => {
  const bucket = await navigator.storageBuckets.open('c', { quota: 20000 });
  const cache = await bucket.caches.open('c');
  await promise_rejects_dom(t, 'QuotaExceededError', cache.put('/x', new Response('x'.repeat(30000))));
  assert_equals((await bucket.estimate()).quota, 20000);
  await navigator.storageBuckets.delete('c');
}, 'a bucket has a quota of its own');

promise_test(async (t) => {
  await promise_rejects_js(t, TypeError, navigator.storageBuckets.open('d', { expires: Date.now() - 1 }));
  const bucket = await navigator.storageBuckets.open('d', { expires: Date.now() + 60000 });
  await bucket.setExpires(Date.now() - 1);
  await promise_rejects_dom(t, 'UnknownError', bucket.persisted());
  assert_array_equals(await navigator.storageBuckets.keys(), []);
}, 'a bucket that has expired is gone');

promise_test(async (t) => {
  for (const name of ['', 'A', '-a', '_a', 'a b', 'a'.repeat(65)]) {
    await promise_rejects_js(t, TypeError, navigator.storageBuckets.open(name), name);
    await promise_rejects_js(t, TypeError, navigator.storageBuckets.delete(name), name);
  }
}, 'names of buckets');
