// https://w3c.github.io/selection-api/#selection-interface
'use strict';

// The standard is silent: in browsers a selection that code makes in an editing host gives that the focus.

const selection = getSelection();

function setUp(t) {
  const el = document.createElement('div');
  el.innerHTML = '<p contenteditable>one</p><p contenteditable>two<b contenteditable=false>fix<i contenteditable>in</i></b></p><p>text</p><input>';
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  const [first, second, plain, input] = el.children;
  const events = [];
  for (const type of ['focusin', 'focusout']) el.addEventListener(type, (event) => events.push(type + ' ' + event.target.textContent));
  return { first, second, plain, input, fixed: second.querySelector('b'), inner: second.querySelector('i'), events };
}

test((t) => {
  const { first, second, events } = setUp(t);
  first.focus();
  selection.collapse(second.firstChild, 1);
  assert_equals(document.activeElement, second);
  assert_equals(selection.anchorNode, second.firstChild, 'the caret stays where it was put');
  assert_equals(selection.anchorOffset, 1);
  assert_array_equals(events, ['focusin one', 'focusout one', 'focusin twofixin']);
}, 'a caret in another editing host');

test((t) => {
  const { second, input } = setUp(t);
  const range = document.createRange();
  range.selectNodeContents(second);
  const ways = {
    addRange() {
      selection.removeAllRanges();
      selection.addRange(range);
    },
    setBaseAndExtent: () => selection.setBaseAndExtent(second, 0, second, 1),
    selectAllChildren: () => selection.selectAllChildren(second),
    setPosition: () => selection.setPosition(second, 1),
  };
  for (const [name, way] of Object.entries(ways)) {
    selection.removeAllRanges();
    input.focus();
    way();
    assert_equals(document.activeElement, second, name);
  }
}, 'every way to select');

test((t) => {
  const { first, second, plain, fixed, inner } = setUp(t);
  first.focus();
  selection.collapse(plain.firstChild, 0);
  assert_equals(document.activeElement, first, 'what is not editable');
  selection.collapse(fixed.firstChild, 0);
  assert_equals(document.activeElement, first, 'what is not editable in a host');
  selection.collapse(inner.firstChild, 0);
  assert_equals(document.activeElement, inner, 'a host in a host');
  first.focus();
  second.hidden = true;
  selection.collapse(second, 0);
  assert_equals(document.activeElement, first, 'a hidden host');
  second.hidden = false;
  second.inert = true;
  selection.collapse(second, 1);
  assert_equals(document.activeElement, first, 'an inert host');
}, 'where the focus stays');

test((t) => {
  const { second } = setUp(t);
  selection.collapse(second, 0);
  second.blur();
  selection.collapse(second, 0);
  assert_equals(document.activeElement, document.body);
}, 'a selection that is there already');

test((t) => {
  const { second, plain } = setUp(t);
  selection.collapse(plain.firstChild, 2);
  selection.extend(second.firstChild, 1);
  assert_equals(document.activeElement, second, 'it starts in a host');
  assert_equals(selection.anchorNode, plain.firstChild);
  assert_equals(selection.focusNode, second.firstChild);
}, 'a selection that goes beyond the host');
