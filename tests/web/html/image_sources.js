// https://html.spec.whatwg.org/multipage/images.html#parse-a-sizes-attribute
function chosen(sizes, more = {}) {
  const img = document.createElement('img');
  for (const name of Object.keys(more)) img.setAttribute(name, more[name]);
  img.setAttribute('sizes', sizes);
  img.setAttribute('srcset', 'small.png 50w, large.png 51w');
  document.body.append(img);
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(img.currentSrc.split('/').pop());
      img.remove();
    }, 0);
  });
}

promise_test(async () => {
  for (const sizes of ['1px', 'calc(1px)', 'min(1px, 100vw)', '-0', '/* */ 1px', 'not print 100vw, 1px', 'all 100vw, 1px', '\\(,1px', '1\\p\\x', '), 1px', '(min-width:0) calc(1px), 100vw']) {
    assert_equals(await chosen(sizes), 'small.png', sizes);
  }
  for (const sizes of ['', '100vw', '-1px', '1', '{{},1px', '[[],1px']) assert_equals(await chosen(sizes), 'large.png', sizes);
}, 'sizes are component values');

promise_test(async () => {
  assert_equals(await chosen('auto', { loading: 'lazy', width: '10' }), 'small.png');
  assert_equals(await chosen('auto', { loading: 'lazy', width: '500' }), 'large.png');
  assert_equals(await chosen('auto, 1px', { width: '500' }), 'small.png');
}, 'sizes=auto of lazy images is their width');

promise_test(async () => {
  for (const [srcset, expected] of [['a 1.0w', ''], ['a +1w', ''], ['a 1E0x', 'a'], ['a 1.x', ''], ['a +1x', ''], ['a 1w 1.0h', ''], ['a 1w 1h', 'a']]) {
    const img = document.createElement('img');
    img.srcset = srcset;
    await 0;
    assert_equals(img.currentSrc.split('/').pop(), expected, srcset);
  }
}, 'descriptors of srcset are valid numbers');

test(() => {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'width: 700px; height: 333px; border: 0';
  document.body.append(frame);
  assert_equals(frame.contentWindow.innerWidth, 700);
  assert_equals(frame.contentWindow.innerHeight, 333);
  frame.style.width = '50px';
  assert_equals(frame.contentWindow.innerWidth, 50);
  frame.remove();
}, 'the viewport of a frame is as wide as its element is now');

promise_test(async () => {
  const frame = document.createElement('iframe');
  frame.style.width = '700px';
  document.body.append(frame);
  const doc = frame.contentDocument;
  doc.body.innerHTML = '<picture><source media="(max-width: 500px)" srcset="data:,narrow"><img src="data:,wide"></picture>';
  await new Promise((resolve) => setTimeout(resolve));
  assert_equals(doc.querySelector('img').currentSrc, 'data:,wide');
  frame.remove();
}, 'sources are chosen by the viewport of the frame');
