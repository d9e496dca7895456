// https://dom.spec.whatwg.org/#events
'use strict';

function tree() {
  const outer = document.createElement('div');
  const inner = outer.appendChild(document.createElement('p'));
  return { outer, inner };
}

test(() => {
  const { outer, inner } = tree();
  const log = [];
  for (const [node, name] of [[outer, 'outer'], [inner, 'inner']]) {
    node.addEventListener('x', (e) => log.push(name + ' bubble ' + e.eventPhase));
    node.addEventListener('x', (e) => log.push(name + ' capture ' + e.eventPhase), true);
  }
  inner.dispatchEvent(new Event('x', { bubbles: true }));
  assert_array_equals(log, ['outer capture 1', 'inner capture 2', 'inner bubble 2', 'outer bubble 3']);
  log.length = 0;
  inner.dispatchEvent(new Event('x'));
  assert_array_equals(log, ['outer capture 1', 'inner capture 2', 'inner bubble 2']);
}, 'phases');

test(() => {
  const { outer, inner } = tree();
  const log = [];
  inner.addEventListener('x', (e) => {
    log.push(1);
    e.stopPropagation();
  });
  inner.addEventListener('x', () => log.push(2));
  outer.addEventListener('x', () => log.push(3));
  inner.dispatchEvent(new Event('x', { bubbles: true }));
  assert_array_equals(log, [1, 2]);
  log.length = 0;
  outer.addEventListener('x', (e) => e.stopImmediatePropagation(), true);
  inner.dispatchEvent(new Event('x', { bubbles: true }));
  assert_array_equals(log, []);
}, 'propagation is stopped');

test(() => {
  const target = new EventTarget();
  let calls = 0;
  const listener = () => calls++;
  target.addEventListener('x', listener, { once: true });
  target.addEventListener('x', listener);
  target.dispatchEvent(new Event('x'));
  target.dispatchEvent(new Event('x'));
  assert_equals(calls, 1);
  const controller = new AbortController();
  target.addEventListener('x', listener, { signal: controller.signal });
  target.dispatchEvent(new Event('x'));
  controller.abort();
  target.dispatchEvent(new Event('x'));
  assert_equals(calls, 2);
}, 'once, signal, and the same listener twice');

test(() => {
  const target = new EventTarget();
  const event = new Event('x', { cancelable: true });
  target.addEventListener('x', (e) => e.preventDefault(), { passive: true });
  assert_true(target.dispatchEvent(event));
  assert_false(event.defaultPrevented);
  target.addEventListener('x', (e) => e.preventDefault());
  assert_false(target.dispatchEvent(event));
  assert_true(event.defaultPrevented);
  assert_true(target.dispatchEvent(new Event('x')));
}, 'cancelling');

test(() => {
  const target = new EventTarget();
  const log = [];
  const second = () => log.push('second');
  target.addEventListener('x', () => {
    log.push('first');
    target.removeEventListener('x', second);
    target.addEventListener('x', () => log.push('added'));
  });
  target.addEventListener('x', second);
  target.dispatchEvent(new Event('x'));
  assert_array_equals(log, ['first']);
}, 'listeners removed while dispatching are not called, and added ones wait');

test(() => {
  const object = {
    handleEvent(e) {
      this.seen = e.type;
    },
  };
  const target = new EventTarget();
  target.addEventListener('x', object);
  target.dispatchEvent(new Event('x'));
  assert_equals(object.seen, 'x');
  let self;
  target.addEventListener('y', function () {
    self = this;
  });
  target.dispatchEvent(new Event('y'));
  assert_equals(self, target);
}, 'objects as listeners, and this');

test(() => {
  const { outer, inner } = tree();
  let path;
  inner.addEventListener('x', (e) => {
    path = e.composedPath();
    assert_equals(e.target, inner);
    assert_equals(e.currentTarget, inner);
  });
  const event = new Event('x');
  inner.dispatchEvent(event);
  assert_array_equals(path, [inner, outer]);
  assert_equals(event.currentTarget, null);
  assert_equals(event.eventPhase, 0);
  assert_array_equals(event.composedPath(), []);
  assert_false(event.isTrusted);
}, 'path and targets');

test(() => {
  const target = new EventTarget();
  target.addEventListener('x', (e) => {
    assert_throws_dom('InvalidStateError', () => target.dispatchEvent(e));
  });
  target.dispatchEvent(new Event('x'));
  assert_throws_dom('InvalidStateError', () => target.dispatchEvent(document.createEvent('Event')));
  assert_throws_js(TypeError, () => target.dispatchEvent({ type: 'x' }));
  assert_throws_js(TypeError, () => new Event());
}, 'events that cannot be dispatched');

test(() => {
  const event = new CustomEvent('c', { detail: 7, bubbles: true });
  assert_equals(event.detail, 7);
  assert_true(event.bubbles);
  const old = document.createEvent('CustomEvent');
  old.initCustomEvent('d', false, true, 'x');
  assert_equals(old.detail, 'x');
  assert_true(old.cancelable);
  assert_throws_dom('NotSupportedError', () => document.createEvent('Bogus'));
  assert_class_string(document.createEvent('MouseEvents'), 'MouseEvent');
}, 'CustomEvent and createEvent()');

test(() => {
  const box = document.createElement('input');
  box.type = 'checkbox';
  const log = [];
  box.addEventListener('click', (e) => {
    log.push(box.checked);
    e.preventDefault();
  });
  box.click();
  assert_array_equals(log, [true]);
  assert_false(box.checked);
}, 'a cancelled click gives a checkbox its state back');

test(() => {
  const button = document.createElement('button');
  const log = [];
  button.setAttribute('onclick', 'log.push(event.type); return false');
  window.log = log;
  const event = new MouseEvent('click', { cancelable: true });
  button.dispatchEvent(event);
  delete window.log;
  assert_array_equals(log, ['click']);
  assert_true(event.defaultPrevented);
  button.onclick = null;
  button.dispatchEvent(new MouseEvent('click'));
  assert_array_equals(log, ['click']);
}, 'event handler attributes');

promise_test(async () => {
  const began = performance.now();
  await new Promise((resolve) => { const look = () => (performance.now() - began > 20 ? resolve() : setTimeout(look)); look(); });
  const frame = document.body.appendChild(document.createElement('iframe')).contentWindow;
  const before = frame.performance.now();
  const events = [new frame.Event('x'), new frame.CustomEvent('x'), frame.eval("new Event('x')"), frame.eval("document.createEvent('Event')")];
  const after = frame.performance.now() + 1;         // now() is coarse
  const mine = new Event('x');
  const get = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp').get;
  for (const event of events) {
    assert_true(get.call(event) >= before - 1 && get.call(event) <= after, `${event.timeStamp} is not from ${before} to ${after}`);
    frame.seen = event;
    assert_equals(frame.eval('seen.timeStamp'), event.timeStamp);
  }
  frame.seen = mine;
  assert_equals(frame.eval('seen.timeStamp'), mine.timeStamp);
  assert_true(mine.timeStamp > after + 10);
  frame.frameElement.remove();
}, 'the time of an event is that of the window whose event it is');

test(() => {
  assert_array_equals([new MouseEvent('click'), new MouseEvent('mousemove'), new MouseEvent('x', { button: 2, which: 7 }), new MouseEvent('x', { button: -1 }), new WheelEvent('wheel')].map((event) => event.which), [1, 1, 3, 0, 1]);
  assert_array_equals([new KeyboardEvent('keydown', { keyCode: 13 }).which, new FocusEvent('x').which], [13, 0]);
  const seen = [];
  const button = document.createElement('button');
  button.onclick = (event) => seen.push(event.which);
  button.click();
  assert_array_equals(seen, [1]);
}, 'which counts buttons from 1, and is the code of a key');

test(() => {
  const { outer, inner } = tree();
  document.body.append(outer);
  const paths = [];
  const listen = (e) => {
    paths.push(e.composedPath());
    e.composedPath().length = 0;
  };
  for (const target of [inner, window]) target.addEventListener('way', listen, target === window);
  const event = new Event('way', { bubbles: true });
  inner.dispatchEvent(event);
  for (const target of [inner, window]) target.removeEventListener('way', listen, target === window);
  outer.remove();
  assert_array_equals(event.composedPath(), []);
  assert_equals(event.target, inner);
  assert_equals(event.currentTarget, null);
  assert_equals(paths.length, 2);
  for (const path of paths) assert_array_equals(path, [inner, outer, document.body, document.documentElement, document, window]);
}, 'the path without shadow trees');

test(() => {
  const { outer, inner } = tree();
  const log = [];
  outer.addEventListener('x', (e) => {
    log.push(e.eventPhase);
    e.stopPropagation();
    inner.remove();
  }, true);
  inner.addEventListener('x', () => log.push('inner'));
  outer.addEventListener('x', () => log.push('again'), true);
  const event = new Event('x', { bubbles: true });
  inner.dispatchEvent(event);
  assert_array_equals(log, [1, 'again']);
  assert_equals(event.eventPhase, 0);
  assert_false(event.cancelBubble);
}, 'stopped while capturing');

test(() => {
  const template = document.createElement('template');
  template.innerHTML = '<p></p>';
  document.body.append(template);
  const inner = template.content.firstChild;
  const log = [];
  for (const target of [inner, template.content, template, document]) target.addEventListener('x', (e) => log.push(target.nodeName, e.composedPath().length));
  inner.dispatchEvent(new Event('x', { bubbles: true, composed: true }));
  template.remove();
  assert_array_equals(log, ['P', 2, '#document-fragment', 2]);
}, 'the path ends at the contents of a template');

test(() => {
  const event = new MouseEvent('click', { clientX: 3.75, clientY: -2.5 });
  assert_array_equals([event.layerX, event.layerY], [3, -2]);
}, 'layerX and layerY are whole numbers');
