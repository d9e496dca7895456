// https://w3c.github.io/editing/docs/execCommand/
'use strict';

const selection = getSelection();

function setUp(t, markup) {
  const el = document.createElement('div');
  el.contentEditable = 'true';
  el.innerHTML = markup;
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  el.focus();
  return el;
}

test((t) => {
  const el = setUp(t, '<p>abcd</p><p>ef</p>');
  const seen = [];
  for (const type of ['beforeinput', 'input']) el.addEventListener(type, (e) => seen.push([e.type, e.inputType, e.data]));
  selection.setBaseAndExtent(el.firstChild.firstChild, 1, el.firstChild.firstChild, 3);
  assert_true(document.execCommand('insertText', false, 'xy\nz'));
  assert_equals(el.innerHTML, '<p>axy</p><p>zd</p><p>ef</p>');
  assert_array_equals(seen.map(String), ['input,insertText,xy\nz']);
  assert_true(document.execCommand('delete'));
  assert_true(document.execCommand('DELETE'));
  assert_equals(el.innerHTML, '<p>axyd</p><p>ef</p>');
  assert_true(document.execCommand('insertHTML', false, '<i>q</i>'));
  assert_equals(el.innerHTML, '<p>axy<i>q</i>d</p><p>ef</p>');
  assert_true(document.execCommand('insertParagraph'));
  assert_equals(el.innerHTML, '<p>axy<i>q</i></p><p>d</p><p>ef</p>');
  assert_true(document.execCommand('forwardDelete'));
  assert_equals(el.innerHTML, '<p>axy<i>q</i></p><p><br></p><p>ef</p>');
  assert_true(document.execCommand('selectAll'));
  assert_true(document.execCommand('insertText', false, 'all'));
  assert_equals(el.innerHTML, '<p>all</p>');
}, 'in an editing host');

test((t) => {
  const field = document.createElement('textarea');
  document.body.append(field);
  t.add_cleanup(() => field.remove());
  field.value = 'abc';
  field.focus();
  field.setSelectionRange(1, 2);
  const seen = [];
  for (const type of ['beforeinput', 'input']) field.addEventListener(type, (e) => seen.push(e.type + ' ' + e.inputType));
  assert_true(document.execCommand('insertText', false, 'xy'));
  assert_true(document.execCommand('delete'));
  assert_true(document.execCommand('insertLineBreak'));
  assert_equals(field.value, 'ax\nc');
  assert_true(document.execCommand('forwardDelete'));
  assert_equals(field.value, 'ax\n');
  assert_array_equals(seen, ['input insertText', 'input deleteContentBackward', 'input insertLineBreak', 'input deleteContentForward']);
  field.readOnly = true;
  selection.removeAllRanges();
  assert_false(document.execCommand('insertText', false, 'no'));
}, 'in a field');

test((t) => {
  const el = setUp(t, 'abc');
  assert_false(document.execCommand('bold'));
  assert_false(document.queryCommandSupported('bold'));
  assert_true(document.queryCommandSupported('insertHTML'));
  assert_true(document.queryCommandEnabled('insertText'));
  selection.selectAllChildren(el);
  assert_false(document.execCommand('copy'), 'nobody clicked');
  selection.removeAllRanges();
  assert_false(document.queryCommandEnabled('insertText'));
  assert_false(document.execCommand('insertText', false, 'x'));
}, 'what is not supported, or not enabled');
