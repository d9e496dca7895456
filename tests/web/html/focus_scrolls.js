// https://html.spec.whatwg.org/multipage/interaction.html#dom-focus
const box = document.createElement('div');
box.style.cssText = 'width: 200px; height: 100px; overflow: auto';
box.innerHTML = '<div style="height: 500px; width: 1000px"></div><button style="display: block; height: 20px; width: 50px; margin-left: 600px">b</button><div style="height: 500px"></div>';
document.body.append(box);
const button = box.querySelector('button');

test(() => {
  button.focus({ preventScroll: true });
  assert_equals(document.activeElement, button);
  assert_array_equals([box.scrollLeft, box.scrollTop], [0, 0]);
  button.blur();
}, 'focus() that prevents scrolling');

test(() => {
  button.focus();
  assert_array_equals([box.scrollLeft, box.scrollTop], [525, 460]);
  button.blur();
  box.scrollTo(520, 440);
  button.focus();
  assert_array_equals([box.scrollLeft, box.scrollTop], [520, 440], 'what is seen stays where it is');
}, 'focus() scrolls to the middle what is not seen');

test(() => {
  box.scrollTo(0, 0);
  button.scrollIntoViewIfNeeded();
  assert_array_equals([box.scrollLeft, box.scrollTop], [525, 460]);
  box.scrollTo(520, 440);
  button.scrollIntoViewIfNeeded();
  assert_array_equals([box.scrollLeft, box.scrollTop], [520, 440]);
}, 'scrollIntoViewIfNeeded() does it only then');
