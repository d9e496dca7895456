// https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model
const SVG = 'http://www.w3.org/2000/svg';

test(() => {
  const run = (attributes) => {
    window.ran = false;
    const script = document.createElementNS(SVG, 'script');
    for (const name of Object.keys(attributes)) script.setAttribute(name, attributes[name]);
    script.textContent = 'window.ran = true';
    document.body.append(script);
    script.remove();
    return window.ran;
  };
  assert_true(run({}));
  assert_true(run({ type: ' TEXT/JavaScript\t' }));
  assert_true(run({ language: 'no such language' }), 'SVG knows no language attribute');
  assert_false(run({ type: 'text/plain' }));
}, 'scripts of SVG run when they are inserted');

promise_test(async () => {
  const script = document.createElementNS(SVG, 'script');
  script.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', 'data:text/javascript,window.ran=5');
  document.body.append(script);
  await new Promise((resolve) => {
    script.onload = resolve;
  });
  assert_equals(window.ran, 5);
}, 'and are fetched from where xlink:href says');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.srcdoc = '<svg><script>parent.order = 1</' + 'script></svg><script>parent.order += 1</' + 'script>';
  document.body.append(frame);
  await new Promise((resolve) => {
    frame.onload = resolve;
  });
  assert_equals(window.order, 2);
  frame.remove();
}, 'the parser runs them, too');

test(() => {
  const input = document.createElement('input');
  assert_throws_dom('NotAllowedError', () => input.showPicker());
  input.disabled = true;
  assert_throws_dom('InvalidStateError', () => input.showPicker());
  const select = document.createElement('select');
  assert_throws_dom('NotAllowedError', () => select.showPicker());
}, 'pickers ask for a user activation');

test(() => {
  const script = document.createElement('script');
  const div = script.appendChild(document.createElement('div'));
  document.body.append(script);
  script.append('window.ranOnRemoval = true');
  script.type = 'text/plain';
  assert_true(window.ranOnRemoval);
  const other = document.createElement('script');
  other.type = 'x';
  other.append('window.ranOnRemoval = 2', document.createElement('p'));
  document.body.append(other);
  other.type = '';
  other.lastChild.remove();
  assert_true(window.ranOnRemoval, 'a child that goes is no reason to run');
  div.remove();
  script.remove();
  other.remove();
}, 'scripts run when text comes into them, not when something goes');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.srcdoc = '<script async src="data:text/javascript,1"></' + 'script>';
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  const script = frame.contentDocument.querySelector('script');
  document.implementation.createHTMLDocument('').body.append(script);
  await loaded;
  frame.remove();
}, 'a script that moved to another document does not hold the first one up');

promise_test(async () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  frame.contentWindow.setTimeout('var timed = 1', 0);
  await new Promise((resolve) => frame.contentWindow.setTimeout(resolve, 1));
  assert_equals(frame.contentWindow.timed, 1);
  assert_equals(window.timed, undefined);
  frame.remove();
}, 'the text of a timer of a frame is evaluated in that');

promise_test(async () => {
  window.inOrder = [];
  const scripts = ['', 'module', ''].map((type, i) => {
    const script = document.createElement('script');
    script.async = false;
    script.type = type;
    script.src = `data:text/javascript,window.inOrder.push(${i})`;
    return script;
  });
  document.body.append(...scripts);
  await new Promise((resolve) => {
    scripts[2].onload = resolve;
  });
  assert_array_equals(window.inOrder, [0, 1, 2]);
  for (const script of scripts) script.remove();
}, 'modules among scripts that run in order keep their place');

promise_test(async () => {
  const script = document.createElement('script');
  script.type = 'invalid';
  script.src = 'data:text/javascript,window.srcs = 1';
  document.body.append(script);
  script.type = '';
  script.src = 'data:text/javascript,window.srcs = 2';
  await new Promise((resolve) => {
    script.onload = resolve;
  });
  assert_equals(window.srcs, 2);
  script.remove();
}, 'a script that did not run is prepared again when its src changes');

promise_test(async () => {
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  frame.srcdoc = "<script>const s = document.createElement('script'); s.type = 'module'; s.text = 'parent.ranBeforeLoad = true'; document.head.append(s)</" + 'script>';
  document.body.append(frame);
  await loaded;
  assert_true(window.ranBeforeLoad);
  frame.remove();
}, 'the load event waits for modules that are being evaluated');

promise_test((t) => promise_rejects_js(t, TypeError, import('data:application/x-json-like,1', { with: { type: 'json' } })), 'JSON of another type is a TypeError');
