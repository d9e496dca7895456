// https://html.spec.whatwg.org/multipage/canvas.html#building-paths
'use strict';

function context() {
  return document.createElement('canvas').getContext('2d');
}

test(() => {
  const ctx = context();
  assert_false(ctx.isPointInPath(5, 5), 'an empty path');
  ctx.rect(0, 0, 10, 10);
  assert_true(ctx.isPointInPath(5, 5));
  assert_true(ctx.isPointInPath(10, 5), 'the edge counts');
  assert_false(ctx.isPointInPath(10.5, 5));
  assert_false(ctx.isPointInPath(NaN, 5));
  ctx.rect(2, 2, 6, 6);
  assert_true(ctx.isPointInPath(5, 5));
  assert_false(ctx.isPointInPath(5, 5, 'evenodd'));
  ctx.beginPath();
  assert_false(ctx.isPointInPath(5, 5));
  ctx.moveTo(0, 0);
  ctx.lineTo(10, 0);
  ctx.lineTo(10, 10);
  assert_true(ctx.isPointInPath(8, 4), 'open paths are closed');
  ctx.beginPath();
  ctx.arc(0, 0, 10, 0, Math.PI);
  assert_true(ctx.isPointInPath(0, 9.9));
  assert_false(ctx.isPointInPath(0, -1));
  ctx.beginPath();
  ctx.arc(0, 0, 10, 0, Math.PI, true);
  assert_true(ctx.isPointInPath(0, -9.9));
  ctx.beginPath();
  ctx.ellipse(0, 0, 20, 5, Math.PI / 2, 0, 7);
  assert_true(ctx.isPointInPath(0, 19));
  assert_false(ctx.isPointInPath(6, 0));
  ctx.beginPath();
  ctx.moveTo(0, 10);
  ctx.arcTo(0, 0, 10, 0, 10);
  ctx.lineTo(10, 10);
  assert_false(ctx.isPointInPath(2, 2));
  assert_true(ctx.isPointInPath(3, 3));
}, 'isPointInPath');

test(() => {
  const ctx = context();
  ctx.translate(100, 0);
  ctx.rect(0, 0, 10, 10);
  ctx.resetTransform();
  assert_true(ctx.isPointInPath(105, 5), 'the transformation that held when it was drawn');
  assert_false(ctx.isPointInPath(5, 5));
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.scale(2, 2);
  ctx.lineTo(10, 0);
  ctx.lineTo(10, 10);
  ctx.closePath();
  ctx.lineTo(0, 10);
  assert_true(ctx.isPointInPath(19, 18));
  assert_false(ctx.isPointInPath(2, 10));
  const path = new Path2D();
  path.rect(0, 0, 10, 10);
  assert_true(ctx.isPointInPath(path, 15, 15), 'a Path2D is transformed when it is asked about');
  assert_false(ctx.isPointInPath(path, 21, 5));
  ctx.scale(0, 1);
  ctx.rect(0, 0, 50, 50);
  assert_false(ctx.isPointInPath(path, 0, 0), 'no inverse');
}, 'transformations');

test(() => {
  const ctx = context();
  ctx.moveTo(10, 10);
  ctx.lineTo(30, 10);
  ctx.lineTo(30, 30);
  ctx.lineWidth = 4;
  const hits = (...points) => points.map(([x, y]) => +ctx.isPointInStroke(x, y)).join('');
  assert_equals(hits([20, 11.9], [20, 12.1], [8.1, 10], [31.9, 8.1], [30, 31.9]), '10010', 'butt ends and a miter');
  ctx.lineJoin = 'bevel';
  assert_equals(hits([31.9, 8.1], [30.5, 9]), '01');
  ctx.lineJoin = 'round';
  assert_equals(hits([31.9, 8.1], [31.3, 8.7]), '01');
  ctx.lineCap = 'square';
  assert_equals(hits([8.1, 10], [8.1, 11.9], [30, 31.9]), '111');
  ctx.lineCap = 'round';
  assert_equals(hits([8.1, 10], [8.1, 11.9]), '10');
  ctx.lineCap = 'butt';
  ctx.setLineDash([5, 5]);
  assert_equals(hits([12, 10], [17, 10], [22, 10]), '101');
  ctx.lineDashOffset = 5;
  assert_equals(hits([12, 10], [17, 10]), '01');
  ctx.setLineDash([]);
  ctx.scale(2, 2);
  assert_equals(hits([20, 13.9], [20, 14.1]), '10', 'the line is as wide as the transformation makes it');
}, 'isPointInStroke');

test(() => {
  const ctx = context();
  const path = new Path2D('M0 0H10V10H0Z');
  assert_true(ctx.isPointInPath(path, 5, 5));
  const copy = new Path2D(path);
  copy.addPath(path, { e: 20 });
  assert_true(ctx.isPointInPath(copy, 25, 5));
  assert_false(ctx.isPointInPath(path, 25, 5));
  assert_throws_js(TypeError, () => ctx.isPointInPath({}, 1, 1));
  assert_throws_js(TypeError, () => path.addPath(path, { a: 1, m11: 2 }));
  path.addPath(path, { e: NaN });
  assert_true(ctx.isPointInPath(new Path2D('M0 0a10 10 0 0 0 20 0'), 10, 9));
}, 'Path2D');

test(() => {
  const ctx = context();
  ctx.roundRect(0, 0, 100, 100, 20);
  assert_equals([[1, 1], [20, 1], [6, 6], [99, 99]].map(([x, y]) => +ctx.isPointInPath(x, y)).join(''), '0110');
  ctx.beginPath();
  ctx.roundRect(0, 0, 100, 100, [0, 50, { x: 10, y: 90 }]);
  assert_equals([[1, 1], [99, 1], [99, 50], [1, 99], [97, 97]].map(([x, y]) => +ctx.isPointInPath(x, y)).join(''), '10100');
  ctx.beginPath();
  ctx.roundRect(100, 100, -100, -100, [50, 0, 0, 0]);
  assert_equals([[99, 99], [1, 1]].map(([x, y]) => +ctx.isPointInPath(x, y)).join(''), '01', 'negative sizes turn the corners');
  for (const radii of [-1, [], [1, 2, 3, 4, 5], [{ x: -1 }], [1, -1]]) assert_throws_js(RangeError, () => ctx.roundRect(0, 0, 1, 1, radii));
  ctx.roundRect(NaN, 0, 1, 1, -1);
  ctx.roundRect(0, 0, 1, 1, [NaN, -1]);
}, 'roundRect');

test(() => {
  const ctx = context();
  assert_throws_dom('IndexSizeError', () => ctx.arc(0, 0, -1, 0, 1));
  assert_throws_dom('IndexSizeError', () => ctx.ellipse(0, 0, 1, -1, 0, 0, 1));
  assert_throws_dom('IndexSizeError', () => ctx.arcTo(0, 0, 1, 1, -1));
  ctx.arc(NaN, 0, -1, 0, 1);
  ctx.ellipse(0, 0, 1, -1, Infinity, 0, 1);
  ctx.arcTo(0, NaN, 1, 1, -1);
}, 'numbers that are not finite come before negative radii');

test(() => {
  const read = [];
  const options = new Proxy({}, { get: (target, name) => void read.push(name) });
  document.createElement('canvas').getContext('2d', options);
  assert_array_equals(read, ['alpha', 'colorSpace', 'desynchronized', 'willReadFrequently']);
  assert_throws_js(TypeError, () => document.createElement('canvas').getContext('2d', { colorSpace: 'sepia' }));
}, 'options are read once');

promise_test(async (t) => {
  const canvas = new OffscreenCanvas(30, 20);
  const ctx = canvas.getContext('2d');
  assert_true(ctx instanceof OffscreenCanvasRenderingContext2D);
  assert_equals(ctx.canvas, canvas);
  assert_equals(canvas.getContext('webgl'), null);
  assert_throws_js(TypeError, () => canvas.getContext('3d'));
  ctx.fillStyle = 'red';
  assert_equals(ctx.fillStyle, '#ff0000');
  ctx.rect(0, 0, 5, 5);
  assert_true(ctx.isPointInPath(1, 1));
  canvas.width = 40;
  assert_equals(ctx.fillStyle, '#000000', 'a new size resets the context');
  assert_false(ctx.isPointInPath(1, 1));
  assert_equals(ctx.getImageData(0, 0, 2, 2).data.length, 16);
  context().drawImage(canvas, 0, 0);
  const blob = await canvas.convertToBlob();
  assert_equals(blob.type, 'image/png');
  const view = new DataView(await blob.arrayBuffer());
  assert_array_equals([view.getUint32(16), view.getUint32(20)], [40, 20]);
  assert_throws_dom('InvalidStateError', () => structuredClone(canvas, { transfer: [canvas] }), 'it has a context');
  await promise_rejects_dom(t, 'IndexSizeError', new OffscreenCanvas(0, 1).convertToBlob());
}, 'OffscreenCanvas');

test(() => {
  const element = document.createElement('canvas');
  element.width = 7;
  const canvas = element.transferControlToOffscreen();
  assert_array_equals([canvas.width, canvas.height], [7, 150]);
  assert_throws_dom('InvalidStateError', () => element.transferControlToOffscreen());
  assert_throws_dom('InvalidStateError', () => element.getContext('2d'));
  assert_throws_dom('InvalidStateError', () => (element.width = 1));
  assert_throws_dom('DataCloneError', () => structuredClone(canvas));
  const moved = structuredClone({ canvas }, { transfer: [canvas] }).canvas;
  assert_array_equals([moved.width, canvas.width], [7, 0]);
  assert_throws_dom('InvalidStateError', () => canvas.getContext('2d'));
  assert_throws_dom('DataCloneError', () => structuredClone(canvas, { transfer: [canvas] }));
  const drawn = document.createElement('canvas');
  drawn.getContext('2d');
  assert_throws_dom('InvalidStateError', () => drawn.transferControlToOffscreen());
}, 'transferControlToOffscreen');

promise_test(async () => {
  const source = `onmessage = async ({ data }) => {
    const ctx = data.getContext('2d');
    ctx.font = '10px monospace';
    ctx.arc(0, 0, 5, 0, 7);
    const blob = await data.convertToBlob();
    postMessage([ctx instanceof OffscreenCanvasRenderingContext2D, data.width, ctx.measureText('four').width, ctx.isPointInPath(1, 1), new Path2D('M0 0h1v1z') instanceof Path2D, blob.size > 0, typeof CanvasRenderingContext2D]);
  };`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const canvas = new OffscreenCanvas(9, 9);
  worker.postMessage(canvas, [canvas]);
  const { data } = await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = (event) => reject(event.message);
  });
  worker.terminate();
  assert_equals(data.join(), 'true,9,24,true,true,true,undefined');
  assert_equals(canvas.width, 0);
}, 'an OffscreenCanvas in a worker');
