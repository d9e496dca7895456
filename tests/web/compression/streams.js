// https://compression.spec.whatwg.org/
'use strict';

async function through(data, stream) {
  return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(stream)).arrayBuffer());
}

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return null;
}

for (const format of ['gzip', 'deflate', 'deflate-raw']) {
  promise_test(async () => {
    const data = new Uint8Array(3000000);
    for (let i = 0; i < data.length; i += 1000) data[i] = i / 1000;
    const packed = await through(data, new CompressionStream(format));
    assert_true(packed.length < 100000, 'it is small: ' + packed.length);
    const back = await through(packed, new DecompressionStream(format));
    assert_equals(back.length, data.length);
    assert_true(back.every((byte, index) => byte === data[index]), 'the same bytes');
    assert_true(await failure(through(packed.slice(0, -1), new DecompressionStream(format))) instanceof TypeError, 'cut off');
    assert_true(await failure(through(new Blob([packed, 'x']), new DecompressionStream(format))) instanceof TypeError, 'more behind the end');
    assert_true(await failure(through('not packed at all', new DecompressionStream(format))) instanceof TypeError, 'something else');
  }, format);
}

promise_test(async () => {
  // RFC 1951, 3.2.4, by hand: one stored block with "hi"
  const stored = new Uint8Array([1, 2, 0, 253, 255, 104, 105]);
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  for (const byte of stored) writer.write(new Uint8Array([byte]));
  writer.close();
  assert_equals(await new Response(stream.readable).text(), 'hi');
}, 'byte by byte');

promise_test(async () => {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const written = failure(writer.write('text'));
  const read = failure(stream.readable.getReader().read());
  assert_true(await written instanceof TypeError);
  assert_true(await read instanceof TypeError);
  assert_throws_js(TypeError, () => new CompressionStream('br'));
}, 'chunks and formats that are none');

promise_test(async () => {
  // The limit counts streams that are under way, not those that were.
  for (let i = 0; i < 1100; i++) {
    const stream = new CompressionStream('deflate');
    const writer = stream.writable.getWriter();
    stream.readable.getReader().read();
    await writer.write(new Uint8Array(1));
    await writer.abort();
  }
  assert_true((await through('x', new CompressionStream('gzip'))).length > 0);
}, 'streams that were given up leave nothing behind');
