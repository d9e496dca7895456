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
