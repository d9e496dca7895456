// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata
test(() => {
  const image = new ImageData(2, 3);
  assert_array_equals([image.width, image.height, image.data.length, image.colorSpace], [2, 3, 24, 'srgb']);
  assert_true(image.data instanceof Uint8ClampedArray);
  const data = new Uint8ClampedArray(24);
  const other = new ImageData(data, 2, undefined, { colorSpace: 'display-p3' });
  assert_equals(other.data, data);
  assert_array_equals([other.width, other.height, other.colorSpace], [2, 3, 'display-p3']);
  for (const args of [[0, 1], [1, 0], [data, 5], [data, 2, 4], [data, 0]]) assert_throws_dom('IndexSizeError', () => new ImageData(...args));
  for (const length of [0, 3]) assert_throws_dom('InvalidStateError', () => new ImageData(new Uint8ClampedArray(length), 1));
  assert_throws_js(TypeError, () => new ImageData(new Uint8Array(4), 1));
}, 'ImageData holds pixels');

promise_test(async () => {
  const image = new ImageData(1, 1);
  image.data[2] = 300;
  const copy = structuredClone(image);
  assert_true(copy instanceof ImageData);
  assert_not_equals(copy.data, image.data);
  assert_array_equals([...copy.data], [0, 0, 255, 0]);
  const worker = new Worker(URL.createObjectURL(new Blob(['onmessage = ({ data }) => { data.data[0] = 7; postMessage(data); };'])));
  const back = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(image);
  });
  worker.terminate();
  assert_true(back instanceof ImageData);
  assert_array_equals([...back.data], [7, 0, 255, 0]);
}, 'ImageData is cloned, and sent to workers');
