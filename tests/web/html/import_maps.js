// https://html.spec.whatwg.org/multipage/webappapis.html#import-maps
'use strict';

function addMap(text) {
  const script = document.createElement('script');
  script.type = 'importmap';
  script.textContent = text;
  document.head.append(script);
}

promise_test(async () => {
  addMap('{"imports": {"one": "data:text/javascript,export default 1"}}');
  assert_equals((await import('one')).default, 1);
  addMap('{"imports": {"one": "data:text/javascript,export default 2", "two": "data:text/javascript,export default 3"}}');
  assert_equals((await import('one')).default, 1);
  assert_equals((await import('two')).default, 3);
}, 'a map counts for what the same script imports next, and not for what is resolved');

test(() => {
  const seen = [];
  const tell = (event) => {
    event.preventDefault();
    seen.push(event.error.name);
  };
  window.addEventListener('error', tell);
  addMap('{');
  addMap('[]');
  addMap('{"imports": 1}');
  window.removeEventListener('error', tell);
  assert_array_equals(seen, ['SyntaxError', 'TypeError', 'TypeError']);
}, 'what is wrong with a map is reported');

promise_test(async () => {
  const file = location.origin + '/harness.js?integrity';
  addMap(JSON.stringify({ imports: { checked: file }, integrity: { [file]: 'sha384-wrong' } }));
  const failed = await import('checked').then(() => null, (error) => error);
  assert_true(failed instanceof TypeError);
}, 'integrity that a map gives is checked');

promise_test(async () => {
  const script = document.createElement('script');
  script.type = 'module';
  script.integrity = 'sha384-wrong';
  script.src = '/harness.js?attribute';
  const type = await new Promise((resolve) => {
    script.onload = () => resolve('load');
    script.onerror = () => resolve('error');
    document.head.append(script);
  });
  assert_equals(type, 'error');
}, 'integrity of a module script is checked');
