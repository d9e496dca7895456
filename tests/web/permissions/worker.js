// https://w3c.github.io/permissions/
'use strict';

promise_test(async () => {
  const source = `
    onmessage = async () => {
      const status = await navigator.permissions.query({ name: 'notifications' });
      const rejected = await navigator.permissions.query({ name: 'no such permission' }).then(() => 'fulfilled', (error) => error.name);
      status.onchange = () => postMessage(['changed', status.state]);
      postMessage([status instanceof PermissionStatus, navigator.permissions instanceof Permissions, status.name, status.state, rejected, 'persist' in navigator.storage]);
    };`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const answer = () => new Promise((resolve) => { worker.onmessage = (event) => resolve(event.data); });
  const told = answer();
  worker.postMessage(null);
  assert_array_equals(await told, [true, true, 'notifications', 'prompt', 'TypeError', false]);
  const changed = answer();
  // Nobody can be asked: the answer is no, and everybody hears of it.
  assert_equals(await Notification.requestPermission(), 'denied');
  assert_array_equals(await changed, ['changed', 'denied']);
  worker.terminate();
}, 'in a web worker');
