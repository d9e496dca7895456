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
