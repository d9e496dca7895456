// https://fetch.spec.whatwg.org/#scheme-fetch
// Parts of blobs, for fetch() and XMLHttpRequest.
'use strict';

const url = URL.createObjectURL(new Blob(['0123456789'], { type: 'text/plain' }));
const ask = (range) => fetch(url, { headers: { Range: range } });

for (const [range, told, text] of [
  ['bytes=2-4', 'bytes 2-4/10', '234'], ['bytes=7-', 'bytes 7-9/10', '789'], ['bytes=-3', 'bytes 7-9/10', '789'], ['bytes=-30', 'bytes 0-9/10', '0123456789'],
  ['bytes=5-99', 'bytes 5-9/10', '56789'], ['bytes \t=\t0 - 0', 'bytes 0-0/10', '0'],
]) {
  promise_test(async () => {
    const response = await ask(range);
    assert_equals(response.status, 206);
    assert_equals(response.statusText, 'Partial Content');
    assert_equals(response.headers.get('Content-Range'), told);
    assert_equals(response.headers.get('Content-Length'), '' + text.length);
    assert_equals(response.headers.get('Content-Type'), 'text/plain');
    assert_equals(await response.text(), text);
  }, 'fetch() of ' + range);
}

for (const range of ['bytes=10-', 'bytes=4-2', 'bytes=-', 'bytes=', 'bytes=1', 'byte=1-2', 'bytes=1-2,4-5', 'bytes=a-2', 'bytes=-0', '']) {
  promise_test((t) => promise_rejects_js(t, TypeError, ask(range)), 'fetch() fails with ' + JSON.stringify(range));
}

promise_test(async (t) => {
  const { constructor } = Uint8Array.prototype;
  let asked = 0;
  Object.defineProperty(Uint8Array.prototype, 'constructor', { configurable: true, get: () => { asked++; return constructor; } });
  t.add_cleanup(() => Object.defineProperty(Uint8Array.prototype, 'constructor', { configurable: true, writable: true, value: constructor }));
  const buffer = await (await ask('bytes=2-4')).arrayBuffer();
  assert_equals(asked, 0);
  assert_equals(buffer.byteLength, 3);
}, 'What a page did to the constructors does not matter');

promise_test(async () => {
  const xhr = new XMLHttpRequest();
  xhr.open('GET', url);
  xhr.setRequestHeader('Range', 'bytes=3-4');
  await new Promise((resolve) => {
    xhr.onload = resolve;
    xhr.send();
  });
  assert_equals(xhr.status, 206);
  assert_equals(xhr.getResponseHeader('Content-Range'), 'bytes 3-4/10');
  assert_equals(xhr.responseText, '34');
}, 'XMLHttpRequest');
