// Channels of one isolate, and of web workers.

let serial = 0;

function pair() {
  const name = 'pair ' + serial++;
  return [new BroadcastChannel(name), new BroadcastChannel(name), name];
}

function nextMessage(channel, type = 'message') {
  return new Promise((resolve) => channel.addEventListener(type, resolve, { once: true }));
}

promise_test(async () => {
  const [a, b] = pair();
  a.onmessage = () => assert_unreached('its own message');
  const came = nextMessage(b);
  a.postMessage({ when: new Date(5), bytes: new Uint8Array([1, 2]) });
  const event = await came;
  assert_true(event instanceof MessageEvent);
  assert_equals(event.data.when.getTime(), 5);
  assert_array_equals(event.data.bytes, [1, 2]);
  assert_equals(event.origin, origin);
  assert_equals(event.source, null);
  assert_equals(event.ports.length, 0);
  a.close();
  b.close();
}, 'a message reaches the others, with its origin');

promise_test(async () => {
  const [a, b, name] = pair();
  const c = new BroadcastChannel(name);
  const both = Promise.all([nextMessage(b), nextMessage(c)]);
  a.postMessage(new Uint8Array([1]).buffer);
  const [one, two] = await both;
  new Uint8Array(one.data)[0] = 9;
  assert_equals(new Uint8Array(two.data)[0], 1);
}, 'each destination has a copy of its own');

promise_test(async () => {
  const [a, b, name] = pair();
  const order = [];
  const c = new BroadcastChannel(name);
  b.onmessage = (event) => order.push('b' + event.data);
  const last = new Promise((resolve) => {
    c.onmessage = (event) => {
      order.push('c' + event.data);
      if (event.data === 2) resolve();
    };
  });
  a.postMessage(1);
  a.postMessage(2);
  await last;
  assert_array_equals(order, ['b1', 'c1', 'b2', 'c2']);
}, 'in the order of posting, the eldest channel first');

promise_test(async () => {
  const [a, b, name] = pair();
  b.onmessage = () => assert_unreached('closed');
  const c = new BroadcastChannel(name);
  const came = nextMessage(c);
  a.postMessage('x');
  b.close();          // after posting, before the task
  await came;
  b.close();
  assert_throws_dom('InvalidStateError', () => b.postMessage('y'));
  assert_equals(b.name, name);
}, 'a closed channel hears nothing and says nothing');

test(() => {
  const [a] = pair();
  const { port1 } = new MessageChannel();
  assert_throws_dom('DataCloneError', () => a.postMessage(port1));
  assert_throws_dom('DataCloneError', () => a.postMessage(() => 0));
  assert_throws_js(TypeError, () => a.postMessage());
  assert_throws_js(TypeError, () => BroadcastChannel('x'));
  assert_throws_js(TypeError, () => new BroadcastChannel());
  assert_equals(new BroadcastChannel(null).name, 'null');
}, 'what cannot be cloned, and arguments');

promise_test(async () => {
  const odd = new BroadcastChannel('\uD800');
  const other = new BroadcastChannel('\uFFFD');
  other.onmessage = () => assert_unreached('another name');
  const twin = new BroadcastChannel('\uD800');
  const came = nextMessage(twin);
  odd.postMessage('for twins');
  assert_equals((await came).data, 'for twins');
}, 'names are compared by code units');

promise_test(async () => {
  const name = 'frames';
  const frame = document.createElement('iframe');
  frame.srcdoc = "<script>new BroadcastChannel('frames').onmessage = (e) => parent.heard.push(e.data)<" + '/script>';
  window.heard = [];
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  await loaded;
  const a = new BroadcastChannel(name);
  const b = new BroadcastChannel(name);
  a.postMessage(1);
  await nextMessage(b);
  frame.remove();
  a.postMessage(2);
  await nextMessage(b);
  assert_array_equals(window.heard, [1]);
}, 'a frame that was removed hears nothing any more');

promise_test(async () => {
  const source = `
    const channel = new BroadcastChannel('worker');
    channel.onmessage = (e) => channel.postMessage([e.data, e.origin, typeof MessageEvent]);
    postMessage('ready')`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  await nextMessage(worker);
  const channel = new BroadcastChannel('worker');
  const came = nextMessage(channel);
  channel.postMessage(new Map([['k', 12n], ['\uD800', { '\uDC00': 'a\uD801' }]]));
  const [data, from] = (await came).data;
  assert_equals(data.get('k'), 12n);
  assert_equals(data.get('\uD800')['\uDC00'], 'a\uD801');
  assert_equals(from, origin);
  worker.terminate();
}, 'to a web worker and back');
