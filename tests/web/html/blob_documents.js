// Documents of child frames that come from a blob: URL.

function framed(parts, type) {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    const url = URL.createObjectURL(new Blob(parts, { type }));
    frame.onload = () => resolve({ frame, url });
    frame.src = url;
    document.body.append(frame);
    URL.revokeObjectURL(url);       // what counts is what the URL named when it was parsed
  });
}

promise_test(async () => {
  const { frame, url } = await framed(['<!doctype html><title>t</title><p id=a>text</p><script>parent.ran = location.href</', 'script>'], 'text/html');
  const doc = frame.contentDocument;
  assert_equals(doc.URL, url);
  assert_equals(doc.title, 't');
  assert_equals(doc.getElementById('a').textContent, 'text');
  assert_equals(window.ran, url);
  assert_equals(frame.contentWindow.origin, origin);
  frame.remove();
}, 'markup in a blob becomes a document of the same origin');

promise_test(async () => {
  const { frame } = await framed(['<r><c/></r>'], 'application/xml');
  assert_equals(frame.contentDocument.contentType, 'application/xml');
  assert_equals(frame.contentDocument.documentElement.localName, 'r');
  frame.remove();
}, 'XML in a blob');

promise_test(async () => {
  const { frame } = await framed(['a < b'], 'text/plain');
  assert_equals(frame.contentDocument.body.textContent, 'a < b');
  frame.remove();
}, 'text in a blob');

promise_test(async () => {
  const loaded = await new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.onload = () => resolve(frame);
    frame.src = 'blob:' + origin + '/00000000-0000-4000-8000-000000000000';
    document.body.append(frame);
  });
  loaded.remove();
}, 'a blob: URL that names nothing fires load, as every frame that fails');
