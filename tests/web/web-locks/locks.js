// Locks within one isolate, and with web workers.

let serial = 0;
const fresh = () => 'lock ' + serial++;
const never = new Promise(() => {});
const reasonOf = (promise) => promise.then(() => assert_unreached('fulfilled'), (reason) => reason);

function deferred() {
  const out = {};
  out.promise = new Promise((resolve, reject) => Object.assign(out, { resolve, reject }));
  return out;
}

promise_test(async () => {
  const name = fresh();
  const value = await navigator.locks.request(name, (lock) => {
    assert_true(lock instanceof Lock);
    assert_equals(lock.name, name);
    assert_equals(lock.mode, 'exclusive');
    return 7;
  });
  assert_equals(value, 7);
  const error = new RangeError('thrown');
  assert_equals(await reasonOf(navigator.locks.request(name, () => { throw error; })), error);
  const { held, pending } = await navigator.locks.query();
  assert_equals(held.length + pending.length, 0);
}, 'what the callback gives, or throws');

promise_test(async () => {
  const name = fresh();
  const order = [];
  const first = deferred();
  const granted = deferred();
  const all = [navigator.locks.request(name, { mode: 'shared' }, () => { order.push('s1'); granted.resolve(); return first.promise; })];
  all.push(navigator.locks.request(name, { mode: 'shared' }, () => { order.push('s2'); }));
  all.push(navigator.locks.request(name, () => { order.push('x'); }));
  all.push(navigator.locks.request(name, { mode: 'shared' }, () => { order.push('s3'); }));
  await all[1];
  const { held, pending } = await navigator.locks.query();
  assert_array_equals(held.map((one) => one.mode), ['shared']);
  assert_array_equals(pending.map((one) => one.mode), ['exclusive', 'shared']);
  assert_equals(held[0].clientId, pending[0].clientId);
  assert_equals(held[0].name, name);
  assert_equals(await navigator.locks.request(name, { ifAvailable: true, mode: 'shared' }, (lock) => lock), null);
  first.resolve();
  await Promise.all(all);
  assert_array_equals(order, ['s1', 's2', 'x', 's3']);
}, 'shared and exclusive, in the order of the requests');

promise_test(async () => {
  const name = fresh();
  const held = navigator.locks.request(name, () => never);
  const waits = navigator.locks.request(name, () => 'in the end');
  const stolen = await navigator.locks.request(name, { steal: true }, (lock) => lock.mode);
  assert_equals(stolen, 'exclusive');
  await promise_rejects_dom(null, 'AbortError', held);
  assert_equals(await waits, 'in the end');
}, 'steal');

promise_test(async () => {
  const name = fresh();
  const end = deferred();
  const held = navigator.locks.request(name, () => end.promise);
  const controller = new AbortController();
  const waits = navigator.locks.request(name, { signal: controller.signal }, () => assert_unreached('aborted'));
  controller.abort('reason');
  assert_equals(await reasonOf(waits), 'reason');
  assert_equals((await navigator.locks.query()).pending.length, 0);
  end.resolve('done');
  assert_equals(await held, 'done');
}, 'an aborted request waits no more');

promise_test(async () => {
  for (const options of [{ steal: true, ifAvailable: true }, { steal: true, mode: 'shared' }, { steal: true, signal: new AbortController().signal }]) {
    await promise_rejects_dom(null, 'NotSupportedError', navigator.locks.request('x', options, () => 0));
  }
  await promise_rejects_dom(null, 'NotSupportedError', navigator.locks.request('-x', () => 0));
  await promise_rejects_js(null, TypeError, navigator.locks.request('x'));
  await promise_rejects_js(null, TypeError, navigator.locks.request('x', {}));
  await promise_rejects_js(null, TypeError, navigator.locks.request('x', { mode: 'other' }, () => 0));
}, 'what is refused');

promise_test(async () => {
  const name = fresh();
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const granted = deferred();
  window.holdLock = () => granted.resolve();
  const script = frame.contentDocument.createElement('script');
  script.textContent = `navigator.locks.request(${JSON.stringify(name)}, () => { parent.holdLock(); return new Promise(() => {}); })`;
  frame.contentDocument.body.append(script);
  await granted.promise;
  const waits = navigator.locks.request(name, () => 'free');
  frame.remove();
  assert_equals(await waits, 'free');
}, 'a removed frame releases its locks');

promise_test(async () => {
  const name = fresh();
  const source = `navigator.locks.request(${JSON.stringify(name)}, () => { postMessage('held'); return new Promise(() => {}); })`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  await new Promise((resolve) => {
    worker.onmessage = resolve;
  });
  assert_equals(await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock), null);
  const waits = navigator.locks.request(name, () => 'free');
  worker.terminate();
  assert_equals(await waits, 'free');
}, 'a web worker that ends releases its locks');
