// https://html.spec.whatwg.org/multipage/webappapis.html#unhandled-promise-rejections
const seen = [];
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  seen.push(event.reason);
});

function task(steps) {
  const details = document.createElement('details');
  details.ontoggle = steps;
  details.open = true;
}

const unhandled = (reason) => new Promise((resolve) => {
  addEventListener('unhandledrejection', function told(event) {
    if (event.reason !== reason) return;
    removeEventListener('unhandledrejection', told);
    resolve();
  });
});

promise_test(async () => {
  const late = Promise.reject('handled in a task');
  task(() => late.catch(() => {}));
  const told = unhandled('never handled');
  Promise.reject('never handled');
  await told;
  assert_array_equals(seen.splice(0), ['never handled']);
}, 'what a task handles that was queued before is no unhandled rejection');

promise_test(async () => {
  const handled = new Promise((resolve) => {
    addEventListener('rejectionhandled', resolve, { once: true });
  });
  const told = unhandled('late');
  const late = Promise.reject('late');
  await told;
  assert_array_equals(seen.splice(0), ['late']);
  late.catch(() => {});
  const event = await handled;
  assert_equals(event.promise, late);
}, 'rejectionhandled follows, also where the first event was prevented');
