// https://w3c.github.io/selection-api/#dom-selection-modify
'use strict';

const selection = getSelection();

function setUp(t, markup) {
  const el = document.createElement('div');
  el.innerHTML = markup;
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  return el;
}

const focus = () => selection.focusNode.nodeName + (selection.focusNode.data === undefined ? '' : ' ' + selection.focusNode.data.trim()) + ' ' + selection.focusOffset;

test((t) => {
  const el = setUp(t, '<p>one  two <b>three</b>. Four</p><p>five</p>');
  const [text] = el.firstChild.childNodes;
  selection.collapse(text, 0);
  const steps = (direction, granularity) => {
    selection.modify('move', direction, granularity);
    return focus();
  };
  assert_equals(steps('forward', 'character'), '#text one  two 1');
  assert_equals(steps('forward', 'word'), '#text one  two 3');
  assert_equals(steps('forward', 'character'), '#text one  two 4');
  assert_equals(steps('forward', 'character'), '#text one  two 6');
  assert_equals(steps('backward', 'word'), '#text one  two 5');
  assert_equals(steps('forward', 'lineboundary'), '#text . Four 6');
  assert_equals(steps('backward', 'sentence'), '#text . Four 2');
  assert_equals(steps('forward', 'line'), '#text five 4');
  assert_equals(steps('backward', 'documentboundary').startsWith('#text'), true);
  assert_equals(steps('right', 'character') === steps('nowhere', 'character'), true);
}, 'moving by every unit');

test((t) => {
  const el = setUp(t, '<p contenteditable>ab<br>cd</p><p>ef</p>');
  const [first, , second] = el.firstChild.childNodes;
  selection.collapse(first, 1);
  selection.modify('extend', 'forward', 'character');
  selection.modify('extend', 'forward', 'character');
  assert_equals(selection.anchorNode, first);
  assert_equals(selection.anchorOffset, 1);
  assert_equals(selection.focusNode, second);
  assert_equals(selection.focusOffset, 0);
  selection.modify('extend', 'forward', 'documentboundary');
  assert_equals(focus(), '#text cd 2');
  selection.modify('extend', 'backward', 'documentboundary');
  assert_equals(selection.direction, 'backward');
  selection.modify('move', 'forward', 'character');
  assert_equals(focus(), '#text ab 1');
  assert_true(selection.isCollapsed);
  selection.modify('nothing', 'forward', 'character');
  selection.removeAllRanges();
  selection.modify('move', 'forward', 'character');
  assert_equals(selection.rangeCount, 0);
}, 'extending, and the edges of what is edited');

test((t) => {
  for (const [markup, wanted] of [['', 'DIV 0'], ['<p> <b></b> abc</p>', '#text abc 1'], ['<span></span><span><br></span>', 'SPAN 0'], ['<i></i><img>', 'DIV 1']]) {
    const host = setUp(t, '<div contenteditable>' + markup + '</div>').firstChild;
    selection.removeAllRanges();
    host.focus();
    assert_equals(focus(), wanted, markup);
    selection.collapse(host, host.childNodes.length);
    host.blur();
    host.focus();
    assert_equals(focus(), 'DIV ' + host.childNodes.length, markup);
  }
}, 'the cursor goes into what is edited when that gets the focus');

promise_test(async (t) => {
  const input = setUp(t, '<input value=abc>').firstChild;
  const heard = new Promise((resolve) => document.addEventListener('selectionchange', (event) => event.target === input && resolve(event)));
  input.setSelectionRange(1, 2);
  assert_equals((await heard).target, input);
}, 'a text control tells that its cursor moved');
