// https://wicg.github.io/observable/
'use strict';

function counting(log, values) {
  return new Observable((subscriber) => {
    log.push('start');
    subscriber.addTeardown(() => log.push('end'));
    for (const value of values) subscriber.next(value);
    subscriber.complete();
  });
}

test(() => {
  const target = new EventTarget();
  const seen = [];
  const controller = new AbortController();
  target.when('x').filter((e) => e.detail % 2).map((e, i) => [e.detail, i]).subscribe((value) => seen.push(value), { signal: controller.signal });
  for (let i = 0; i < 5; i++) target.dispatchEvent(new CustomEvent('x', { detail: i }));
  controller.abort();
  target.dispatchEvent(new CustomEvent('x', { detail: 7 }));
  assert_array_equals(seen.map(String), ['1,0', '3,1']);
}, 'events of a target, filtered and mapped, until they are aborted');

test(() => {
  const log = [];
  counting(log, [1, 2, 3]).take(2).finally(() => log.push('finally')).subscribe({ next: (value) => log.push(value), complete: () => log.push('complete') });
  assert_array_equals(log, ['start', 1, 2, 'end', 'finally', 'complete']);
}, 'what has been taken ends the subscription');

test(() => {
  let subscriptions = 0;
  let producer = null;
  const source = new Observable((subscriber) => {
    subscriptions++;
    producer = subscriber;
  });
  const first = new AbortController();
  const second = new AbortController();
  const seen = [];
  source.subscribe((value) => seen.push('a' + value), { signal: first.signal });
  source.subscribe((value) => seen.push('b' + value), { signal: second.signal });
  producer.next(1);
  first.abort();
  producer.next(2);
  assert_true(producer.active);
  second.abort('enough');
  assert_equals(subscriptions, 1);
  assert_array_equals(seen, ['a1', 'b1', 'b2']);
  assert_false(producer.active);
  assert_equals(producer.signal.reason, 'enough');
}, 'subscribers share a subscription, which ends with the last of them');

promise_test(async () => {
  const log = [];
  const names = await Observable.from(['a', 'b']).flatMap(async function* (name) {
    yield name + 1;
    yield name + 2;
  }).toArray();
  assert_array_equals(names, ['a1', 'a2', 'b1', 'b2']);
  assert_equals(await Observable.from([3, 4]).reduce((sum, value) => sum + value, 1), 8);
  assert_equals(await Observable.from(Promise.resolve(5)).first(), 5);
  assert_equals(await counting(log, [1, 2, 3]).find((value) => value > 1), 2);
  assert_true(await counting(log, [1]).every((value) => value === 1));
  assert_equals(await new Observable((s) => s.error('bad')).catch((error) => [error + '!']).last(), 'bad!');
}, 'promises of observables');

promise_test(async (t) => {
  const throwing = counting([], [1]).map(() => {
    throw new TypeError('mine');
  });
  await promise_rejects_js(t, TypeError, throwing.toArray());
  await promise_rejects_js(t, RangeError, Observable.from([]).first());
  assert_throws_js(TypeError, () => Observable.from('text'));
  assert_throws_js(TypeError, () => Observable.from({}));
}, 'what fails');

promise_test(async () => {
  const nested = await Observable.from(new Array(50_000).fill(0)).flatMap((value, i) => [i]).last();
  assert_equals(nested, 49_999);
}, 'many inner observables that complete at once');

promise_test(async () => {
  const many = Array.from({ length: 20_000 }, (_, i) => i);
  const values = await Observable.from(many).flatMap(async (value) => value).toArray();
  assert_equals(values.length, many.length);
  assert_true(values.every((value, i) => value === i));
}, 'many values that wait for an inner observable come in their order');
