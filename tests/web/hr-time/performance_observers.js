// https://w3c.github.io/performance-timeline/#queue-the-performanceobserver-task
'use strict';

promise_test(async () => {
  const most = 100;
  const made = [];
  let others = 0;
  await new Promise((done) => {
    const next = () => {
      let told = false;
      const observer = new PerformanceObserver(() => {
        if (told) return;
        told = true;
        if (made.length === most || others > 0) done();
        else next();
      });
      made.push(observer);
      observer.observe({ type: 'mark' });
      performance.mark('again');
    };
    setTimeout(() => { others++; });
    next();
  });
  for (const observer of made) observer.disconnect();
  performance.clearMarks();
  assert_equals(others, 1, 'other tasks had their turn');
}, 'observers that observers make are told in another task');

test(() => {
  const told = new PerformanceObserver(() => {});
  told.observe({ type: 'mark' });
  performance.mark('a', { startTime: 5 });
  performance.mark('b', { startTime: 3 });
  assert_array_equals(told.takeRecords().map((entry) => entry.name), ['a', 'b']);
  assert_array_equals(told.takeRecords(), []);
  told.disconnect();
  performance.mark('c');
  assert_array_equals(told.takeRecords(), []);
  performance.clearMarks();
}, 'records are taken once, and none after disconnect()');
