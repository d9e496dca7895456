// Web workers, as far as one document sees them. The scripts are data: and blob: URLs.

function workerOf(source, options, type = 'text/javascript') {
  return new Worker(URL.createObjectURL(new Blob([source], { type })), options);
}

function firstMessage(target) {
  return new Promise((resolve) => { target.onmessage = (e) => resolve(e.data); });
}

promise_test(async () => {
  const worker = workerOf(`
    const reader = new FileReaderSync();
    const blob = new Blob(['\\u00e9x'], { type: 'text/plain' });
    let failure;
    try { reader.readAsText('no blob') } catch (e) { failure = e.name }
    postMessage([reader.readAsText(blob), reader.readAsText(blob, 'windows-1252'), reader.readAsDataURL(blob), reader.readAsBinaryString(blob),
      new Uint8Array(reader.readAsArrayBuffer(blob)).length, failure, typeof FileReaderSync.prototype.readAsText]);`);
  assert_array_equals(await firstMessage(worker), ['\u00e9x', '\u00c3\u00a9x', 'data:text/plain;base64,w6l4', '\u00c3\u00a9x', 3, 'TypeError', 'function']);
  assert_equals(typeof FileReaderSync, 'undefined');
}, 'FileReaderSync reads at once, in workers only');

promise_test(async () => {
  const worker = workerOf(`
    const out = [];
    const mine = URL.createObjectURL(new Blob(['self.loaded = 3'], { type: 'text/plain' }));
    for (const url of ['data:text/plain,1', 'data:text/javascript,self.data=1', mine]) {
      try { importScripts(url); out.push('ran') } catch (e) { out.push(e.name) }
    }
    postMessage(out);`);
  assert_array_equals(await firstMessage(worker), ['NetworkError', 'ran', 'NetworkError']);
}, 'importScripts takes JavaScript only, also of data: and blob: URLs');

promise_test(async () => {
  const worker = workerOf('let x = ;');
  const event = await new Promise((resolve) => { worker.onerror = resolve; });
  assert_equals(event.constructor, Event);
  const failed = workerOf('import "./nothing.js"', { type: 'module' });
  assert_equals((await new Promise((resolve) => { failed.onerror = resolve; })).constructor, Event);
}, 'a script that cannot be compiled fires a plain error event');

promise_test(async () => {
  const worker = workerOf('postMessage([typeof performance.timing, typeof performance.navigation, performance.getEntriesByType("navigation").length, "responseXML" in new XMLHttpRequest()])');
  assert_array_equals(await firstMessage(worker), ['undefined', 'undefined', 0, false]);
}, 'members that only windows have');

promise_test(async () => {
  const worker = new SharedWorker('data:,onconnect = (e) => { e.ports[0].onmessage = (m) => e.ports[0].postMessage(m.data, m.ports) }');
  const { port1, port2 } = new MessageChannel();
  const back = new Promise((resolve) => { worker.port.onmessage = (e) => resolve(e.ports[0]); });
  worker.port.postMessage('x', [port2]);
  const heard = firstMessage(port1);
  (await back).postMessage('through the worker');
  assert_equals(await heard, 'through the worker');
}, 'a port that went to a worker and came back');

test(() => {
  const { port } = new SharedWorker('data:,');
  port.onmessage = () => {};
  port.onmessage = 1;
  assert_equals(port.onmessage, null);
  const handler = { handleEvent() {} };
  port.onmessage = handler;
  assert_equals(port.onmessage, handler);
}, 'onmessage of a port takes what any event handler takes');

promise_test(async () => {
  assert_equals(typeof SharedArrayBuffer, 'undefined');
  assert_equals(await firstMessage(workerOf('postMessage(typeof SharedArrayBuffer)')), 'undefined');
}, 'there is no constructor of shared memory without cross-origin isolation');

test(() => {
  const worker = new Worker('data:,');
  const shared = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer;
  assert_throws_dom('DataCloneError', () => worker.postMessage(shared));
  assert_throws_dom('DataCloneError', () => worker.postMessage({ view: new Uint8Array(shared) }));
  assert_throws_dom('DataCloneError', () => structuredClone(shared));
  worker.terminate();
}, 'shared memory is not shared without cross-origin isolation');
