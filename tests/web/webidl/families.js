// https://webidl.spec.whatwg.org/
// What is loaded at its first use is loaded after page code has run. Nothing here may be used before.
'use strict';

test((t) => {
  const div = document.createElement('div');
  div.innerHTML = '<p>one</p><p>two</p>';
  document.body.append(div);
  t.add_cleanup(() => div.remove());
  const iterator = Array.prototype[Symbol.iterator];
  const seen = [];
  const names = Object.getOwnPropertyNames(window);
  try {
    Array.prototype[Symbol.iterator] = () => { throw new Error('called'); };
    for (let i = 0; i < names.length; i++) window[names[i]];
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('@counter-style x { suffix: "-" } @font-face { font-family: x }');
    seen.push(sheet.cssRules[0].suffix);
    seen.push(new DOMMatrix().translate(1, 2).toString(), DOMPoint.fromPoint({ x: 3 }).x);
    const animation = div.animate({ __proto__: null, opacity: [0, 1] }, { duration: 100, easing: 'steps(2)' });
    seen.push('' + animation.playState);
  } catch (error) {
    seen.push(error.message);
  } finally {
    Array.prototype[Symbol.iterator] = iterator;
  }
  assert_array_equals(seen, ['"-"', 'matrix(1, 0, 0, 1, 1, 2)', 3, 'called'], 'the values of a keyframe are iterated, and nothing else');

  const range = new Range();
  range.setStart(div.firstChild.firstChild, 1);
  range.setEnd(div.lastChild.firstChild, 1);
  const animation = div.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 100, easing: 'steps(2)' });
  animation.pause();
  animation.currentTime = 60;
  try {
    Array.prototype[Symbol.iterator] = () => { throw new Error('called'); };
    seen.push(getComputedStyle(div).opacity);
    const fragment = range.extractContents();
    seen.push(fragment.textContent);
    range.deleteContents();
    seen.push(new StaticRange({ startContainer: div, startOffset: 0, endContainer: div, endOffset: 1 }).endOffset);
  } catch (error) {
    seen.push(error.message);
  } finally {
    Array.prototype[Symbol.iterator] = iterator;
  }
  assert_array_equals(seen.slice(4), ['0.5', 'net', 1]);
}, 'families, after the iterator of arrays was replaced');

test((t) => {
  const div = document.createElement('div');
  div.innerHTML = '<p id=a>one</p>';
  document.body.append(div);
  t.add_cleanup(() => div.remove());
  const { deref } = WeakRef.prototype;
  const seen = [];
  try {
    WeakRef.prototype.deref = function () {
      seen.push(this);
      return deref.call(this);
    };
    const animation = div.animate([{ opacity: 0 }], 100);
    seen.push(div.getAnimations()[0] === animation);
    div.ariaLabelledByElements = [div.firstChild];
    seen.push(div.ariaLabelledByElements[0] === div.firstChild);
    const range = new Range();
    range.setStart(div.firstChild.firstChild, 2);
    div.firstChild.firstChild.deleteData(0, 1);
    seen.push(range.startOffset);
    new ResizeObserver(() => {}).observe(div);
    matchMedia('(width: 1px)').matches;
    matchMedia('(width: 2px)').matches;
  } finally {
    WeakRef.prototype.deref = deref;
  }
  assert_array_equals(seen, [true, true, 1]);
}, 'what is held weakly is shown to nobody');
