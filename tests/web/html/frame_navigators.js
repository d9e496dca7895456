// https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object
'use strict';

promise_test(async (t) => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const own = frame.contentWindow.navigator;
  assert_equals(own, frame.contentWindow.clientInformation);
  assert_false(own === navigator);
  assert_equals(own.userAgent, navigator.userAgent);
  assert_false(own.locks === navigator.locks);
  assert_false(own.permissions === navigator.permissions);
  const { storageBuckets, locks } = own;
  await storageBuckets.open('framed');
  await storageBuckets.delete('framed');
  frame.remove();
  await promise_rejects_js(t, TypeError, storageBuckets.open('framed'));
  await promise_rejects_dom(t, 'InvalidStateError', locks.query());
  assert_false(own.sendBeacon('/x'));
}, 'a frame has a navigator of its own, which knows when its document is gone');

promise_test(async () => {
  const half = 'x'.repeat(40000);
  const frame = document.createElement('iframe');
  document.body.append(frame);
  assert_true(navigator.sendBeacon('/beacon', half));
  assert_false(navigator.sendBeacon('/beacon', half));
  assert_true(frame.contentWindow.navigator.sendBeacon('/beacon', half));
  frame.remove();
}, 'each document has its own quota of keepalive bytes');

promise_test(async () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { navigator } = frame.contentWindow;
  assert_false(navigator.sendBeacon('/beacon', new Blob(['x'.repeat(70000)])));
  assert_true(navigator.sendBeacon('/beacon', new Blob(['x'.repeat(40000)])));
  assert_false(navigator.sendBeacon('/beacon', new Blob(['x'.repeat(40000)])));
  frame.remove();
}, 'blobs count for the quota of keepalive bytes, too');
