// https://storage.spec.whatwg.org/#dom-storagemanager-estimate
'use strict';

promise_test(async () => {
  const used = async () => (await navigator.storage.estimate()).usage;
  const before = await used();
  const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
  const database = await done(indexedDB.open('counted'));
  assert_true(await used() > before);
  database.close();
  await done(indexedDB.deleteDatabase('counted'));
  assert_equals(await used(), before);
}, 'a database without records is counted');
