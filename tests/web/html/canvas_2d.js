// https://html.spec.whatwg.org/multipage/canvas.html
'use strict';

function context(width = 20, height = 10) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext('2d');
}

const assert_near = (actual, expected, epsilon) => assert_true(Math.abs(actual - expected) <= epsilon, `${actual} is not near ${expected}`);

test(() => {
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d');
  assert_true(ctx instanceof CanvasRenderingContext2D);
  assert_equals(canvas.getContext('2d'), ctx);
  assert_equals(ctx.canvas, canvas);
  assert_equals(canvas.getContext('webgl'), null);
  assert_equals(canvas.getContext('unknown'), null);
}, 'one context of one kind');

test(() => {
  const ctx = context();
  assert_equals(ctx.fillStyle, '#000000');
  ctx.fillStyle = 'RED';
  assert_equals(ctx.fillStyle, '#ff0000');
  ctx.fillStyle = 'rgba(1, 2, 3, 0.5)';
  assert_equals(ctx.fillStyle, 'rgba(1, 2, 3, 0.5)');
  ctx.fillStyle = 'no color';
  assert_equals(ctx.fillStyle, 'rgba(1, 2, 3, 0.5)');
  const gradient = ctx.createLinearGradient(0, 0, 1, 1);
  gradient.addColorStop(0, '#123');
  assert_throws_dom('IndexSizeError', () => gradient.addColorStop(2, 'red'));
  assert_throws_dom('SyntaxError', () => gradient.addColorStop(1, 'no color'));
  ctx.strokeStyle = gradient;
  assert_equals(ctx.strokeStyle, gradient);
  ctx.lineWidth = -1;
  ctx.lineCap = 'pointed';
  ctx.globalAlpha = 2;
  ctx.globalCompositeOperation = 'none';
  assert_equals([ctx.lineWidth, ctx.lineCap, ctx.globalAlpha, ctx.globalCompositeOperation].join(), '1,butt,1,source-over');
  ctx.setLineDash([1, 2, 3]);
  assert_array_equals(ctx.getLineDash(), [1, 2, 3, 1, 2, 3]);
}, 'attributes take what they can');

test(() => {
  const ctx = context();
  ctx.font = 'italic bold 12px/2 "Open Sans", serif';
  assert_equals(ctx.font, 'italic bold 12px "Open Sans", serif');
  ctx.font = '1em';
  ctx.font = 'inherit';
  assert_equals(ctx.font, 'italic bold 12px "Open Sans", serif');
  ctx.font = '9pt monospace';
  assert_equals(ctx.font, '12px monospace');
  assert_near(ctx.measureText('12345').width, 36, 0.001);
  ctx.font = '100px Arial';
  assert_true(ctx.measureText('iii').width < ctx.measureText('www').width);
  assert_equals(ctx.measureText('').width, 0);
  const metrics = ctx.measureText('bird');
  assert_near(metrics.fontBoundingBoxAscent + metrics.fontBoundingBoxDescent, 111.7, 0.01);
  ctx.textAlign = 'center';
  assert_near(ctx.measureText('bird').actualBoundingBoxLeft, metrics.width / 2, 0.001);
}, 'fonts and the width of text');

test(() => {
  const ctx = context();
  ctx.save();
  ctx.fillStyle = 'blue';
  ctx.translate(10, 20);
  ctx.scale(2, 3);
  const { a, b, c, d, e, f } = ctx.getTransform();
  assert_array_equals([a, b, c, d, e, f], [2, 0, 0, 3, 10, 20]);
  ctx.setTransform({ a: 5 });
  assert_equals(ctx.getTransform().a, 5);
  ctx.restore();
  ctx.restore();
  assert_equals(ctx.fillStyle, '#000000');
  assert_true(ctx.getTransform().isIdentity);
  ctx.fillStyle = 'blue';
  ctx.canvas.width = 20;
  assert_equals(ctx.fillStyle, '#000000', 'setting the size resets the state');
}, 'state is saved, restored and reset');

test(() => {
  const ctx = context();
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.arc(5, 5, 5, 0, 7);
  ctx.roundRect(0, 0, 5, 5, [1, 2]);
  ctx.fill('evenodd');
  ctx.stroke(new Path2D('M0 0L1 1'));
  ctx.fillText('bird', 1, 2);
  ctx.drawImage(ctx.canvas, 0, 0);
  assert_throws_dom('IndexSizeError', () => ctx.arc(0, 0, -1, 0, 1));
  assert_throws_js(TypeError, () => ctx.drawImage({}, 0, 0));
  assert_throws_js(TypeError, () => ctx.drawImage(ctx.canvas, 0, 0, 1));
  const data = ctx.getImageData(0, 0, 2, 3);
  assert_equals([data.width, data.height, data.data.length].join(), '2,3,24');
  assert_equals(data.data.every((value) => value === 0), true);
  assert_throws_dom('IndexSizeError', () => ctx.getImageData(0, 0, 0, 1));
  assert_equals(ctx.createImageData(data).width, 2);
}, 'what is drawn is checked, and leaves no pixels');

promise_test(async () => {
  for (const [width, height] of [[1, 1], [20, 10], [300, 150]]) {
    const { canvas } = context(width, height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    assert_equals(blob.type, 'image/png');
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const view = new DataView(bytes.buffer);
    assert_equals(String.fromCharCode(...bytes.subarray(1, 4)), 'PNG');
    assert_equals(view.getUint32(16), width);
    assert_equals(view.getUint32(20), height);
    const length = view.getUint32(33);
    const data = new Blob([bytes.subarray(41, 41 + length)]);       // of IDAT
    const rows = new Uint8Array(await new Response(data.stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer());
    assert_equals(rows.length, (width * 4 + 1) * height);
    assert_true(rows.every((value) => value === 0));
    assert_equals(canvas.toDataURL(), 'data:image/png;base64,' + btoa(String.fromCharCode(...bytes)));
  }
  assert_equals(context(0, 5).canvas.toDataURL(), 'data:,');
  assert_equals(context(1000000, 1000000).canvas.toDataURL(), 'data:,', 'too large for a bitmap');
}, 'the image is a transparent PNG');
