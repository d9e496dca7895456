// https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes
'use strict';

test(() => {
  const button = document.createElement('button');
  const seen = [];
  button.onclick = () => seen.push('first');
  button.addEventListener('click', () => seen.push('listener'));
  button.onclick = null;
  button.onclick = () => seen.push('second');
  button.click();
  assert_array_equals(seen, ['listener', 'second']);
}, 'a handler that was set to null takes its place anew');

test(() => {
  const div = document.createElement('div');
  div.setAttribute('onclick', 'a');
  assert_equals(String(div.onclick), 'function onclick(event) {\na\n}');
  const { body } = document;
  body.setAttribute('onerror', 'b');
  assert_equals(String(window.onerror), 'function onerror(event, source, lineno, colno, error) {\nb\n}');
  body.removeAttribute('onerror');
  assert_equals(window.onerror, null);
}, 'source text');

test(() => {
  const div = document.createElement('div');
  let seen = 0;
  div.onwebkitanimationend = () => { seen++; };
  div.dispatchEvent(new Event('webkitAnimationEnd'));
  div.dispatchEvent(new Event('webkitanimationend'));
  assert_equals(seen, 1);
}, 'types of events in mixed case');

test(() => {
  document.body.onpageswap = () => {};
  assert_equals(typeof window.onpageswap, 'function');
  document.body.onpageswap = null;
}, 'handlers of the window on its body');

promise_test(async () => {
  const script = document.createElement('script');
  script.textContent = '\n)';
  const event = await new Promise((resolve) => {
    window.addEventListener('error', (told) => {
      told.preventDefault();
      resolve(told);
    }, { once: true });
    document.body.append(script);
  });
  assert_equals(event.filename, location.href);
  assert_equals(event.error.name, 'SyntaxError');
}, 'what cannot be compiled is told with its script');

test(() => {
  assert_equals(self.origin, location.origin);
  assert_equals(Document.parseHTMLUnsafe('<p>').URL, 'about:blank');
}, 'origin of a window, address of a parsed document');

test(() => {
  assert_equals(navigator.registerProtocolHandler('web+test', location.href + '?%s'), undefined);
  assert_throws_dom('SecurityError', () => navigator.registerProtocolHandler('http', '/%s'));
  assert_throws_dom('SyntaxError', () => navigator.registerProtocolHandler('mailto', '/'));
  assert_throws_dom('SecurityError', () => navigator.unregisterProtocolHandler('mailto', 'http://example.com/%s'));
}, 'protocol handlers are checked');

promise_test(async () => {
  const target = new XMLHttpRequest();
  let seen = null;
  target.onload = (event) => {
    seen = window.event === event;
  };
  target.dispatchEvent(new Event('load'));
  assert_true(seen, 'window.event in handlers of what is no node');
  const frame = document.createElement('iframe');
  frame.srcdoc = `<base href="/inner/"><script>
    const request = new XMLHttpRequest();
    request.onload = () => { window.resolved = new Request('x').url; };
    request.dispatchEvent(new Event('load'));
  </` + 'script>';
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.body.append(frame);
  });
  assert_equals(frame.contentWindow.resolved, new URL('/inner/x', location.href).href);
  frame.remove();
}, 'handlers of objects belong to the window of their code');

test(() => {
  // https://fullscreen.spec.whatwg.org/#api
  for (const target of [document, document.body]) assert_equals(target.onfullscreenchange, null);
  assert_false('onfullscreenchange' in window);
  document.fullscreenEnabled = 'nothing happens';
  const { set } = Object.getOwnPropertyDescriptor(Document.prototype, 'fullscreenEnabled');
  assert_throws_js(TypeError, () => set.call({}, 1));
  assert_true(Document.prototype[Symbol.unscopables].fullscreen);
}, 'elements and documents have the handlers of full screen, windows do not');
