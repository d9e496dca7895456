// https://w3c.github.io/requestidlecallback/
'use strict';

const idle = (options) => new Promise((resolve) => requestIdleCallback(resolve, options));

promise_test(async () => {
  const deadline = await idle();
  assert_false(deadline.didTimeout);
  const before = deadline.timeRemaining();
  assert_true(before <= 50);
  const timer = setTimeout(() => {}, 5);
  assert_true(deadline.timeRemaining() <= 5, 'a timer ends the period');
  clearTimeout(timer);
  const frame = requestAnimationFrame(() => {});
  assert_true(deadline.timeRemaining() <= 1000 / 60, 'a frame does, too');
  cancelAnimationFrame(frame);
}, 'what is due next ends the idle period');

promise_test(async () => {
  // A chain of messages leaves no idle time; the timeout does not wait for it.
  const channel = new MessageChannel();
  let ended = false;
  channel.port1.onmessage = () => {
    if (!ended) channel.port2.postMessage(null);
  };
  channel.port2.postMessage(null);
  let calls = 0;
  const deadline = await new Promise((resolve) => requestIdleCallback((given) => {
    calls++;
    resolve(given);
  }, { timeout: 1 }));
  ended = true;
  channel.port1.close();
  assert_true(deadline.didTimeout);
  assert_equals(deadline.timeRemaining(), 0);
  await idle();
  assert_equals(calls, 1, 'called once');
}, 'a timeout');

promise_test(async () => {
  const order = [];
  const cancelled = requestIdleCallback(() => order.push('cancelled'), { timeout: 1 });
  cancelIdleCallback(cancelled);
  requestIdleCallback(() => {
    order.push('first');
    requestIdleCallback(() => order.push('of the next period'));
    const end = performance.now() + 55;
    while (performance.now() < end);
  });
  requestIdleCallback(() => order.push('second'));
  await idle();
  await idle();
  assert_array_equals(order, ['first', 'second', 'of the next period']);
}, 'what one period has no time for comes first in the next');

promise_test(async () => {
  const frame = document.body.appendChild(document.createElement('iframe'));
  const { contentWindow } = frame;
  let called = false;
  contentWindow.requestIdleCallback(() => { called = true; });
  frame.remove();
  contentWindow.requestIdleCallback(() => { called = true; }, { timeout: 1 });
  await new Promise((resolve) => setTimeout(resolve, 2));
  await idle();
  assert_false(called);
}, 'the window of a removed frame');

promise_test(async () => {
  for (let i = 0; i < 3; i++) {
    const time = await new Promise(requestAnimationFrame);
    assert_equals(document.timeline.currentTime, time);
  }
}, 'the timeline stands still while a frame is made');

test(() => {
  const { set } = Object.getOwnPropertyDescriptor(window, 'performance');
  assert_throws_js(TypeError, () => set.call({}, 1));
}, 'a replaceable attribute is replaced on its own interface only');
