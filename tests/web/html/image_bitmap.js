// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#images-2
'use strict';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAAEElEQVR42mNkYPhfz4AEAAc6AYGxLp5bAAAAAElFTkSuQmCC';
const sizeOf = ({ width, height }) => width + 'x' + height;

function canvasOf(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

promise_test(async () => {
  const file = new Blob([Uint8Array.from(atob(PNG), (c) => c.charCodeAt(0))], { type: 'image/png' });
  const sources = { '20x10': canvasOf(20, 10), '7x5': new ImageData(7, 5), '6x8': new OffscreenCanvas(6, 8), '4x3': file };
  for (const [size, source] of Object.entries(sources)) {
    const bitmap = await createImageBitmap(source);
    assert_true(bitmap instanceof ImageBitmap);
    assert_equals(sizeOf(bitmap), size);
    assert_equals(sizeOf(await createImageBitmap(bitmap)), size);
  }
}, 'of every kind of source');

promise_test(async () => {
  const source = canvasOf(20, 10);
  assert_equals(sizeOf(await createImageBitmap(source, 1, 2, -3, 40)), '3x40');
  assert_equals(sizeOf(await createImageBitmap(source, { resizeWidth: 7 })), '7x4');
  assert_equals(sizeOf(await createImageBitmap(source, { resizeHeight: 5 })), '10x5');
  assert_equals(sizeOf(await createImageBitmap(source, 0, 0, 2, 2, { resizeWidth: 9, resizeHeight: 1 })), '9x1');
}, 'cropped and resized');

promise_test(async (t) => {
  await promise_rejects_dom(t, 'InvalidStateError', createImageBitmap(canvasOf(0, 10)));
  await promise_rejects_dom(t, 'InvalidStateError', createImageBitmap(new Image()));
  await promise_rejects_dom(t, 'InvalidStateError', createImageBitmap(document.createElement('video')));
  await promise_rejects_dom(t, 'InvalidStateError', createImageBitmap(new Blob(['no image'])));
  await promise_rejects_dom(t, 'InvalidStateError', createImageBitmap(canvasOf(1, 1), { resizeWidth: 0 }));
  await promise_rejects_js(t, RangeError, createImageBitmap(canvasOf(1, 1), 0, 0, 0, 1));
  await promise_rejects_js(t, TypeError, createImageBitmap(document.body));
  await promise_rejects_js(t, TypeError, createImageBitmap(canvasOf(1, 1), 0, 0));
}, 'of what is none');

promise_test(async (t) => {
  const bitmap = await createImageBitmap(canvasOf(2, 3));
  const context = canvasOf(9, 9).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  assert_equals(sizeOf(structuredClone(bitmap)), '2x3');
  const moved = structuredClone(bitmap, { transfer: [bitmap] });
  assert_equals(sizeOf(moved) + ' ' + sizeOf(bitmap), '2x3 0x0');
  assert_throws_dom('InvalidStateError', () => context.drawImage(bitmap, 0, 0));
  assert_throws_dom('DataCloneError', () => structuredClone(bitmap));
  moved.close();
  assert_equals(sizeOf(moved), '0x0');
  await promise_rejects_dom(t, 'InvalidStateError', createImageBitmap(moved));
}, 'drawn, copied, transferred and closed');

promise_test(async (t) => {
  const source = 'onmessage = async ({ data }) => { const own = new OffscreenCanvas(5, 6); own.getContext("2d"); const bitmap = own.transferToImageBitmap();'
    + 'postMessage([data.width, (await createImageBitmap(data)).height, bitmap], [bitmap]); };';
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  t.add_cleanup(() => worker.terminate());
  const bitmap = await createImageBitmap(canvasOf(2, 3));
  const answer = new Promise((resolve) => worker.addEventListener('message', (event) => resolve(event.data)));
  worker.postMessage(bitmap, [bitmap]);
  const [width, height, sent] = await answer;
  assert_equals([width, height, sizeOf(sent), sizeOf(bitmap)].join(), '2,3,5x6,0x0');
}, 'in web workers');
