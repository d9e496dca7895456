'use strict';

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const ended = (tx) => new Promise((resolve, reject) => {
  tx.oncomplete = () => resolve('complete');
  tx.onabort = () => resolve('abort');
});
let names = 0;
async function open(upgrade, version = 1, name = 'db' + names++) {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = (event) => upgrade(request.result, request.transaction, event);
  return done(request);
}

promise_test(async () => {
  const db = await open((made) => made.createObjectStore('s'));
  const tx = db.transaction('s', 'readwrite');
  const value = { map: new Map([[1, new Set(['a'])]]), bytes: new Uint8Array([1, 2, 300]).subarray(1), when: new Date(5), lone: '\uD800', big: 12345678901234567890n, minus: -0 };
  value.self = value;
  tx.objectStore('s').put(value, ['k', -1.5, new Date(3), new Uint8Array([7])]);
  await ended(tx);
  const got = await done(db.transaction('s').objectStore('s').get(['k', -1.5, new Date(3), new Uint8Array([7])]));
  assert_equals(got.self, got);
  assert_equals(got.lone, '\uD800');
  assert_equals(got.big, value.big);
  assert_equals([...got.map.get(1)].join(), 'a');
  assert_equals([...got.bytes].join(), '2,44');
  assert_true(Object.is(got.minus, -0));
}, 'values are structured clones, keys of every type find them');

promise_test(async () => {
  const db = await open((made) => made.createObjectStore('s'));
  const keys = [-Infinity, -1, 0, 1e300, new Date(-1), new Date(1), '', 'a', 'aa', '\u007f', '\u0080', '\u4100', '\uffff', new Uint8Array([]), new Uint8Array([0]), new Uint8Array([200]), [], [1], [1, 'x'], ['a'], [[]]];
  const tx = db.transaction('s', 'readwrite');
  for (let i = keys.length - 1; i >= 0; i--) tx.objectStore('s').put(i, keys[i]);
  const order = await done(tx.objectStore('s').getAll());
  assert_equals(order.join(), keys.map((key, at) => at).join());
  for (let i = 1; i < keys.length; i++) assert_equals(indexedDB.cmp(keys[i - 1], keys[i]), -1);
  const back = await done(tx.objectStore('s').getAllKeys(IDBKeyRange.bound('a', '\uffff', true, true)));
  assert_equals(back.join(), 'aa,\u007f,\u0080,\u4100');
}, 'keys are ordered as the standard says, and come back as they were');

promise_test(async () => {
  const db = await open((made) => {
    const store = made.createObjectStore('s', { keyPath: 'id', autoIncrement: true });
    store.createIndex('tags', 'tags', { multiEntry: true });
    store.createIndex('name', 'name', { unique: true });
  });
  const tx = db.transaction('s', 'readwrite');
  const store = tx.objectStore('s');
  store.put({ name: 'a', tags: ['x', 'y', 'x'] });
  const failing = store.put({ name: 'a', tags: [] });
  let failure;
  failing.onerror = (event) => {
    failure = failing.error.name;
    event.preventDefault();
    event.stopPropagation();
  };
  const next = await done(store.put({ name: 'b', tags: ['y'] }));
  assert_equals(failure, 'ConstraintError');
  assert_equals(next, 2, 'what fails uses up no number');
  assert_equals((await done(store.index('tags').getAllKeys('y'))).join(), '1,2');
  assert_equals(await done(store.index('tags').count()), 3);
}, 'key generators and indexes, unique and of many entries');

promise_test(async () => {
  const db = await open((made) => made.createObjectStore('s', { autoIncrement: true }).createIndex('n', 'n'));
  let tx = db.transaction('s', 'readwrite');
  for (let n = 0; n < 3; n++) tx.objectStore('s').add({ n });
  await ended(tx);
  tx = db.transaction('s', 'readwrite');
  tx.objectStore('s').delete(1);
  tx.objectStore('s').put({ n: 7 }, 2);
  tx.objectStore('s').add({ n: 8 });
  await done(tx.objectStore('s').clear());
  await done(tx.objectStore('s').add({ n: 9 }));
  tx.abort();
  await ended(tx);
  tx = db.transaction('s', 'readwrite');
  assert_equals((await done(tx.objectStore('s').getAll())).map((one) => one.n).join(), '0,1,2');
  assert_equals((await done(tx.objectStore('s').index('n').getAllKeys())).join(), '1,2,3');
  assert_equals(await done(tx.objectStore('s').add({ n: 4 })), 4);
}, 'an abort leaves everything as it was');

promise_test(async () => {
  const name = 'db' + names++;
  (await open((made, tx) => {
    const store = made.createObjectStore('s');
    for (let i = 0; i < 1200; i++) store.put({ n: i % 10 }, i);
  }, 1, name)).close();
  const db = await open((made, tx) => {
    tx.objectStore('s').createIndex('n', 'n');
    tx.objectStore('s').name = 'renamed';
  }, 2, name);
  assert_equals(await done(db.transaction('renamed').objectStore('renamed').index('n').count(3)), 120);
  db.close();
  const request = indexedDB.open(name, 3);
  request.onupgradeneeded = () => {
    request.result.deleteObjectStore('renamed');
    request.transaction.abort();
  };
  await done(request).then(() => assert_unreached(), (error) => assert_equals(error.name, 'AbortError'));
  assert_equals((await indexedDB.databases()).find((one) => one.name === name).version, 2);
  const again = await open(() => {}, 2, name);
  assert_equals(await done(again.transaction('renamed').objectStore('renamed').count()), 1200);
}, 'an index of a full store; an upgrade that is aborted');

promise_test(async () => {
  const name = 'db' + names++;
  const log = [];
  const first = await open((made) => made.createObjectStore('s'), 1, name);
  first.onversionchange = (event) => log.push('versionchange ' + event.newVersion);
  const removal = indexedDB.deleteDatabase(name);
  removal.onblocked = () => {
    log.push('blocked');
    first.close();
  };
  await done(removal);
  assert_equals(log.join(), 'versionchange null,blocked');
  assert_equals((await indexedDB.databases()).some((one) => one.name === name), false);
}, 'deleting waits for connections to close');

promise_test(async () => {
  const db = await open((made) => made.createObjectStore('s'));
  const tx = db.transaction('s', 'readwrite');
  await done(tx.objectStore('s').put(1, 1));
  tx.objectStore('s').put(2, 2);
  await ended(tx);
  assert_throws_dom('InvalidStateError', () => tx.objectStore('s'));
}, 'a transaction lives as long as its requests');
