// Tasks by priority beside the platform's own, signals, and what continuations inherit.

const reasonOf = (promise) => promise.then(() => assert_unreached('fulfilled'), (reason) => reason);

// Every callback pushes its name; the promise is fulfilled once `count` have.
function recorder(count) {
  const order = [];
  let done;
  const all = new Promise((resolve) => { done = resolve; });
  return { order, all, push: (name) => () => { if (order.push(name) === count) done(); } };
}

promise_test(async () => {
  const { order, all, push } = recorder(3);
  setTimeout(push('timer'), 0);
  setTimeout(() => {
    scheduler.postTask(push('blocking'), { priority: 'user-blocking' });
  }, 0);
  const channel = new MessageChannel();
  channel.port1.onmessage = push('message');
  channel.port2.postMessage(null);
  await all;
  channel.port1.close();
  assert_array_equals(order, ['message', 'timer', 'blocking'], 'a task that is posted later');
}, 'the first use of the scheduler, in a timer');

promise_test(async () => {
  const { order, all, push } = recorder(5);
  const channel = new MessageChannel();
  channel.port1.onmessage = push('message');
  channel.port2.postMessage(null);
  setTimeout(push('timer'), 0);
  scheduler.postTask(push('background'), { priority: 'background' });
  scheduler.postTask(push('visible'));
  scheduler.postTask(push('blocking'), { priority: 'user-blocking' });
  await all;
  channel.port1.close();
  assert_array_equals(order, ['blocking', 'message', 'timer', 'visible', 'background']);
}, 'beside messages and timers');

promise_test(async () => {
  const { order, all, push } = recorder(3);
  scheduler.postTask(push('background'), { priority: 'background' });
  setTimeout(() => {
    push('timer')();
    setTimeout(push('second timer'), 0);
  }, 0);
  await all;
  assert_equals(order.indexOf('timer') < order.indexOf('background'), true);
}, 'the background waits for timers that are due');

promise_test(async () => {
  let rounds = 0;
  let ended = false;
  const again = () => {
    rounds++;
    if (!ended) scheduler.postTask(again, { priority: 'user-blocking' });
  };
  again();
  await new Promise((resolve) => setTimeout(resolve, 0));
  ended = true;
  assert_true(rounds > 1);
}, 'tasks that never end leave timers their turn');

promise_test(async () => {
  const order = [];
  const task = scheduler.postTask(() => {
    order.push('task');
    Promise.resolve().then(() => 0).then(() => order.push('its reaction'));
    return 7;
  });
  const value = await task.then((result) => {
    order.push('result');
    return result;
  });
  assert_equals(value, 7);
  assert_array_equals(order, ['task', 'its reaction', 'result']);
  const error = new RangeError('thrown');
  assert_equals(await reasonOf(scheduler.postTask(() => { throw error; })), error);
}, 'results and exceptions');

promise_test(async () => {
  const controller = new TaskController({ priority: 'background' });
  const { signal } = controller;
  assert_true(signal instanceof AbortSignal);
  const run = [];
  const delayed = scheduler.postTask(() => run.push('delayed'), { signal, delay: 5 });
  const queued = scheduler.postTask(() => run.push('queued'), { signal });
  const other = scheduler.postTask(() => run.push('other'), { priority: 'background' });
  controller.abort('enough');
  assert_equals(await reasonOf(delayed), 'enough');
  assert_equals(await reasonOf(queued), 'enough');
  assert_equals(await reasonOf(scheduler.postTask(() => run.push('late'), { signal })), 'enough');
  await other;
  await scheduler.postTask(() => run.push('after'), { delay: 10 });
  assert_array_equals(run, ['other', 'after']);
}, 'aborting queued and delayed tasks');

promise_test(async () => {
  const controller = new TaskController();
  const follower = TaskSignal.any([], { priority: controller.signal });
  const seen = [];
  follower.onprioritychange = (event) => {
    assert_true(event instanceof TaskPriorityChangeEvent);
    seen.push(event.previousPriority + ' ' + follower.priority);
    assert_throws_dom('NotAllowedError', () => controller.setPriority('user-visible'));
  };
  const order = [];
  const tasks = [
    scheduler.postTask(() => order.push('moved 1'), { signal: follower }),
    scheduler.postTask(() => order.push('visible')),
    scheduler.postTask(() => order.push('moved 2'), { signal: controller.signal }),
    scheduler.postTask(() => order.push('background'), { priority: 'background' }),
  ];
  controller.setPriority('background');
  await Promise.all(tasks);
  assert_array_equals(seen, ['user-visible background']);
  assert_array_equals(order, ['visible', 'moved 1', 'moved 2', 'background']);
}, 'a signal whose priority changes, and one that follows it');

promise_test(async () => {
  const order = [];
  await scheduler.postTask(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    const visible = scheduler.postTask(() => order.push('visible'));
    await scheduler.yield();
    order.push('continuation');
    await visible;
  }, { priority: 'background' });
  assert_array_equals(order, ['visible', 'continuation'], 'the state goes along with promises');
  const visible = scheduler.postTask(() => order.push('visible'));
  await scheduler.yield();
  order.push('continuation');
  await visible;
  assert_array_equals(order.slice(2), ['continuation', 'visible'], 'outside of any task');
}, 'what continuations inherit');

promise_test(async () => {
  const source = `
    const order = [];
    Promise.all([
      scheduler.postTask(() => order.push('background'), { priority: 'background' }),
      scheduler.postTask(() => order.push('blocking'), { priority: 'user-blocking' }),
    ]).then(() => postMessage(order));`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const order = await new Promise((resolve) => { worker.onmessage = (event) => resolve(event.data); });
  worker.terminate();
  assert_array_equals(order, ['blocking', 'background']);
}, 'in a web worker');

promise_test(async () => {
  const frame = document.body.appendChild(document.createElement('iframe'));
  const { scheduler: other } = frame.contentWindow;
  let ran = false;
  other.postTask(() => { ran = true; });
  frame.remove();
  assert_equals((await reasonOf(other.postTask(() => 0))).name, 'NotSupportedError');
  assert_equals((await reasonOf(other.yield())).name, 'NotSupportedError');
  await scheduler.postTask(() => 0, { priority: 'background' });
  assert_false(ran);
}, 'the scheduler of a window that is gone');

promise_test(async () => {
  const order = [];
  const chain = (n) => scheduler.postTask(() => {
    order.push(n);
    return n < 2500 ? Promise.all([chain(n + 1), n % 500 === 0 ? scheduler.postTask(() => order.push('behind ' + n)) : null]) : null;
  });
  await chain(1);
  assert_equals(order.filter((one) => typeof one === 'number').length, 2500);
  assert_array_equals(order.slice(order.indexOf('behind 1500') - 2, order.indexOf('behind 1500') + 2), [1500, 1501, 'behind 1500', 1502]);
}, 'a task that always puts another one behind it keeps the order of all');
