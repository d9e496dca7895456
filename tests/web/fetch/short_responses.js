// https://fetch.spec.whatwg.org/#fetch-method
// Responses that are there whole when their head is looked at: what page code does between head and end counts all the same.
'use strict';

promise_test(async (t) => {
  const controller = new AbortController();
  const response = await fetch('data:,abc', { signal: controller.signal });
  controller.abort();
  await promise_rejects_dom(t, 'AbortError', response.text());
}, 'a fetch is aborted between its head and its body');

promise_test(async () => {
  const response = await fetch('data:text/plain,a%20b');
  const reader = response.body.getReader();
  const { value } = await reader.read();
  assert_equals(new TextDecoder().decode(value), 'a b');
  assert_true((await reader.read()).done);
  assert_equals(await (await fetch('data:,')).text(), '');
}, 'its body can be read as a stream, also where it is empty');

function send(behave) {
  return new Promise((resolve) => {
    const seen = [];
    const request = new XMLHttpRequest();
    request.open('GET', 'data:text/plain,abc');
    for (const type of ['readystatechange', 'load', 'abort', 'loadend']) {
      request.addEventListener(type, () => {
        seen.push(type === 'readystatechange' ? request.readyState : type);
        behave(request);
        if (type === 'loadend') resolve(seen);
      });
    }
    request.send();
  });
}

promise_test(async () => {
  let text = '';
  const seen = await send((request) => { text = request.responseText; });
  assert_array_equals(seen, [2, 3, 4, 'load', 'loadend']);
  assert_equals(text, 'abc');
}, 'XMLHttpRequest goes through all its states');

promise_test(async () => {
  const seen = await send((request) => { if (request.readyState === 2) request.abort(); });
  assert_false(seen.includes(3));
  assert_false(seen.includes('load'));
  assert_true(seen.includes('abort'));
}, 'XMLHttpRequest is aborted when its head has come');

promise_test(async () => {
  const { port1, port2 } = new MessageChannel();
  let turns = 0;
  let over = false;
  port1.onmessage = () => {
    turns++;
    if (!over) port2.postMessage(null);
  };
  port2.postMessage(null);
  await new Promise((resolve) => { setTimeout(resolve, 0); });
  await (await fetch('data:,x')).text();
  over = true;
  assert_true(turns > 0);
  port1.close();
}, 'messages without end let timers and responses through');
