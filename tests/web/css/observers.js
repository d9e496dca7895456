// https://w3c.github.io/IntersectionObserver/
'use strict';

// Garbage enough for a collection to come.
async function collect() {
  for (let i = 0; i < 30; i++) {
    let garbage = [];
    for (let j = 0; j < 40000; j++) garbage.push({ j, text: 'x' + j });
    garbage = null;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function observed(make, target) {
  const seen = [];
  // Nothing but its target holds the observer.
  (() => make((entries) => { for (const entry of entries) seen.push(entry); }).observe(target))();
  return seen;
}

promise_test(async () => {
  const target = document.body.appendChild(document.createElement('div'));
  target.style.cssText = 'position:absolute;top:4000px;left:0;width:10px;height:10px';
  const crossings = observed((callback) => new IntersectionObserver(callback), target);
  const sizes = observed((callback) => new ResizeObserver(callback), target);
  await collect();
  assert_array_equals(crossings.map((entry) => entry.isIntersecting), [false]);
  assert_array_equals(sizes.map((entry) => entry.contentRect.width), [10]);
  target.style.width = '20px';
  scrollTo(0, 4000);
  await collect();
  assert_array_equals(crossings.map((entry) => entry.isIntersecting), [false, true]);
  assert_array_equals(sizes.map((entry) => entry.contentRect.width), [10, 20]);
  target.remove();
  scrollTo(0, 0);
}, 'observers live as long as their targets');

promise_test(async () => {
  const list = document.body.appendChild(document.createElement('div'));
  list.style.cssText = 'position:absolute;top:0;left:0;width:100px;height:100px;overflow:auto';
  for (let i = 0; i < 10; i++) list.appendChild(document.createElement('div')).style.cssText = 'height:50px';
  const tell = (options) => new Promise((resolve) => {
    const seen = [...list.children].map(() => false);
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) seen[[...list.children].indexOf(entry.target)] = entry.isIntersecting && entry.intersectionRect.height > 0;
      observer.disconnect();
      resolve(seen.flatMap((shown, i) => (shown ? [i] : [])));
    }, options);
    for (const row of list.children) observer.observe(row);
  });
  assert_array_equals(await tell({}), [0, 1], 'the viewport sees what the list shows');
  assert_array_equals(await tell({ root: list }), [0, 1], 'as does the list');
  assert_array_equals(await tell({ root: list, rootMargin: '50px' }), [0, 1, 2], 'and somewhat more');
  assert_array_equals(await tell({ scrollMargin: '100px' }), [0, 1, 2, 3], 'lists on the way may have margins');
  list.scrollTop = 125;
  assert_equals(list.scrollTop, 125);
  assert_array_equals(await tell({ root: list }), [2, 3, 4], 'once it was scrolled');
  list.remove();
}, 'what scrolls clips targets');
