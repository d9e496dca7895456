// https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps
'use strict';

const ECHO = `onmessage = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => port.postMessage('got ' + data);
  postMessage('has it');
};`;

promise_test(async () => {
  const worker = new Worker(URL.createObjectURL(new Blob([ECHO])));
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  port1.postMessage('one');
  port1.postMessage('two');
  const heard = [];
  await new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      heard.push(data);
      if (heard.length === 2) resolve();
    };
  });
  assert_equals(heard.join(), 'got one,got two');
  worker.terminate();
}, 'what is sent at once through a port that goes to a new worker arrives');

promise_test(async () => {
  const worker = new Worker(URL.createObjectURL(new Blob([`onmessage = ({ ports: [port] }) => { port.onmessage = ({ data }) => postMessage(data); };`])));
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  port1.postMessage('last words');
  port1.close();
  assert_equals((await new Promise((resolve) => { worker.onmessage = resolve; })).data, 'last words');
  worker.terminate();
}, 'what was sent before the port was closed arrives, too');

promise_test(async () => {
  const worker = new Worker('data:,onmessage = (e) => postMessage(e.data, e.data.moved ? [e.data.moved] : [])');
  const echoed = (data, transfer) => new Promise((resolve) => {
    worker.onmessage = (e) => resolve(e.data);
    worker.postMessage(data, transfer);
  });
  const buffer = new ArrayBuffer(4, { maxByteLength: 64 });
  const view = new Uint8Array(buffer);
  view[3] = 7;
  const copied = await echoed({ view });
  assert_true(copied.view.buffer.resizable);
  assert_equals(copied.view.buffer.maxByteLength, 64);
  copied.view.buffer.resize(6);
  assert_array_equals(Array.from(copied.view), [0, 0, 0, 7, 0, 0]);
  const fixed = structuredClone(new Uint8Array(buffer, 2, 2));
  fixed.buffer.resize(6);
  assert_equals(fixed.length, 2);
  assert_equals(buffer.byteLength, 4);
  const { moved } = await echoed({ moved: buffer }, [buffer]);
  assert_equals(buffer.byteLength, 0);
  assert_equals(moved.maxByteLength, 64);
}, 'resizable buffers stay so on the way to a worker and back');
