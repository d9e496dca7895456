// https://dom.spec.whatwg.org/#concept-event-listener-invoke
'use strict';

// A file of its own: in this document nobody ever listens by the standard names.
promise_test(async (t) => {
  const style = document.createElement('style');
  style.textContent = '@keyframes grow { to { width: 50px } } .grows { animation: grow 0.2s } .fades { transition: opacity 0.2s; opacity: 0.5 }';
  const el = document.createElement('p');
  document.body.append(style, el);
  t.add_cleanup(() => {
    style.remove();
    el.remove();
  });
  const log = [];
  for (const type of ['webkitAnimationStart', 'webkitAnimationEnd']) el.addEventListener(type, (event) => log.push(event.type + ' ' + event.animationName));
  const ended = new Promise((resolve) => document.addEventListener('webkitAnimationEnd', resolve, { once: true }));
  el.className = 'grows';
  await ended;
  assert_array_equals(log, ['webkitAnimationStart grow', 'webkitAnimationEnd grow']);
  el.className = 'fades';
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  el.getBoundingClientRect();
  const moved = new Promise((resolve) => {
    el.onwebkittransitionend = (event) => resolve(event.type + ' ' + event.propertyName);
  });
  el.style.opacity = '1';
  assert_equals(await moved, 'webkitTransitionEnd opacity');
}, 'listeners by the older names alone');
