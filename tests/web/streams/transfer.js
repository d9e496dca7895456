// https://streams.spec.whatwg.org/#transferrable-streams
'use strict';

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

// Back comes a stream of what went in, in upper case; an error goes back as it came.
const SHOUT = `onmessage = ({ data, ports }) => {
  const { readable, writable } = data;
  readable.pipeThrough(new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()) })).pipeTo(writable).catch(() => undefined);
  ports[0].postMessage('seen ' + ports.length);
};`;

promise_test(async () => {
  const worker = new Worker(URL.createObjectURL(new Blob([SHOUT])));
  const there = new TransformStream();
  const back = new TransformStream();
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ readable: there.readable, writable: back.writable }, [there.readable, port2, back.writable]);
  assert_true(there.readable.locked && back.writable.locked, 'the old ends are locked');
  const seen = new Promise((resolve) => {
    port1.onmessage = (event) => resolve(event.data);
  });
  const writer = there.writable.getWriter();
  const sent = (async () => {
    for (const word of ['one ', 'two ', 'three']) await writer.write(word);
    await writer.close();
  })();
  assert_equals(await textOf(back.readable), 'ONE TWO THREE');
  await sent;
  assert_equals(await seen, 'seen 1', 'ports of streams are not seen');
  worker.terminate();
}, 'through a worker and back');

promise_test(async () => {
  let wanted = 0;
  const source = new ReadableStream({ type: 'bytes', pull(controller) {
    const { view } = controller.byobRequest ?? { view: null };
    wanted = view === null ? 0 : view.byteLength;
    if (view === null) controller.enqueue(new Uint8Array([7, 8, 9]));
    else {
      view[0] = 5;
      controller.byobRequest.respond(1);
    }
  } });
  const [first, second] = source.tee();
  const { value } = await first.getReader({ mode: 'byob' }).read(new Uint8Array(20));
  assert_equals(wanted, 20, 'the buffer of the branch goes to the source');
  assert_equals(value[0], 5);
  assert_equals((await second.getReader().read()).value[0], 5);
}, 'tee() reads into the buffer of a branch');

promise_test(async (t) => {
  const worker = new Worker(URL.createObjectURL(new Blob([SHOUT])));
  const [there, back] = [new TransformStream(), new TransformStream()];
  const { port2 } = new MessageChannel();
  worker.postMessage({ readable: there.readable, writable: back.writable }, [there.readable, port2, back.writable]);
  there.writable.abort(new RangeError('enough'));
  await promise_rejects_js(t, RangeError, back.readable.getReader().read());
  worker.terminate();
}, 'an error goes through a worker that has only begun');
