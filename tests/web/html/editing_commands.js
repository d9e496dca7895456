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
  assert_false(document.execCommand('heading'));
  assert_false(document.queryCommandSupported('heading'));
  assert_true(document.queryCommandSupported('insertHTML'));
  assert_true(document.queryCommandEnabled('insertText'));
  selection.selectAllChildren(el);
  assert_false(document.execCommand('copy'), 'nobody clicked');
  selection.removeAllRanges();
  assert_false(document.queryCommandEnabled('insertText'));
  assert_false(document.execCommand('insertText', false, 'x'));
}, 'what is not supported, or not enabled');

// [ and ] in the text stand for the ends of the selection.
function select(el) {
  const ends = [];
  for (const mark of '[]') {
    const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.data.indexOf(mark);
      if (at < 0) continue;
      walker.currentNode.deleteData(at, 1);
      ends.push(walker.currentNode, at);
      break;
    }
  }
  selection.setBaseAndExtent(...ends);
}

function check(cases) {
  for (const [markup, expected, ...commands] of cases) {
    test((t) => {
      const el = setUp(t, markup);
      select(el);
      for (let i = 0; i < commands.length; i += 2) assert_true(document.execCommand(commands[i], false, commands[i + 1]), commands[i]);
      document.execCommand('styleWithCSS', false, false);
      document.execCommand('defaultParagraphSeparator', false, 'div');
      assert_equals(el.innerHTML, expected);
    }, `${markup}: ${commands.join(' ')}`);
  }
}

// What Chromium makes of them
check([
  ['<p>a[bc]d</p>', '<p>a<b>bc</b>d</p>', 'bold'],
  ['<p>a[bc]d</p>', '<p>a<strike>bc</strike>d</p>', 'strikeThrough'],
  ['<p>a[bc]d</p>', '<p>a<sup>bc</sup>d</p>', 'superscript'],
  ['<p>a<b>[bc]</b>d</p>', '<p>abcd</p>', 'bold'],
  ['<p>a<b>b[c]d</b>e</p>', '<p>a<b>b</b>c<b>d</b>e</p>', 'bold'],
  ['<p><b><i>a[b]c</i></b></p>', '<p><i><b>a</b>b<b>c</b></i></p>', 'bold'],
  ['<p>a[b<b>c</b>d]e</p>', '<p>a<b>bcd</b>e</p>', 'bold'],
  ['<p>a[b<i>c</i>d]e</p>', '<p>a<b>b<i>c</i>d</b>e</p>', 'bold'],
  ['<p><strong>a[b]c</strong></p>', '<p><strong>a</strong>b<strong>c</strong></p>', 'bold'],
  ['<p>a[b</p> <p>c]d</p>', '<p>a<i>b</i></p> <p><i>c</i>d</p>', 'italic'],
  ['<p><b>cd</b>[ab]</p>', '<p><b>cdab</b></p>', 'bold'],
  ['<h1>a[b]c</h1>', '<h1>a<span style="font-weight: normal;">b</span>c</h1>', 'bold'],
  ['<p>a[b]c</p>', '<p>a<font color="#ff0000">b</font>c</p>', 'foreColor', 'red'],
  ['<p><font color="#ff0000">a[b]c</font></p>', '<p><font color="#ff0000">a</font><font color="#0000ff">b</font><font color="#ff0000">c</font></p>', 'foreColor', 'blue'],
  ['<p>a[b]c</p>', '<p>a<span style="background-color: rgb(255, 255, 0);">b</span>c</p>', 'backColor', '#ffff00'],
  ['<p>a[b]c</p>', '<p>a<font face="Arial">b</font>c</p>', 'fontName', 'Arial'],
  ['<p>a[b]c</p>', '<p>a<font size="5">b</font>c</p>', 'fontSize', '5'],
  ['<p>a[b]c</p>', '<p>a<a href="http://x.y/">b</a>c</p>', 'createLink', 'http://x.y/'],
  ['<p>a<a href="http://x.y/">b[c]d</a></p>', '<p>a<a href="http://x.y/">b</a>c<a href="http://x.y/">d</a></p>', 'unlink', ''],
  ['<p>[a<b>b</b><i style="color:red">c</i><code>d</code>]</p>', '<p>abcd</p>', 'removeFormat'],
  ['<p>a[b]c</p>', '<p>a<span style="font-weight: bold;">b</span>c</p>', 'styleWithCSS', true, 'bold', ''],
  ['<p>a[b]c</p>', '<p>a<span style="text-decoration-line: underline;">b</span>c</p>', 'styleWithCSS', true, 'underline', ''],
  // typed next
  ['<p>a[]c</p>', '<p>a<b><i>x</i></b>c</p>', 'bold', '', 'italic', '', 'insertText', 'x'],
  ['<p>a[]c</p>', '<p>axc</p>', 'bold', '', 'bold', '', 'insertText', 'x'],
  ['<p><b>a[]c</b></p>', '<p><b>a</b>x<b>c</b></p>', 'bold', '', 'insertText', 'x'],
  // taken back
  ['<p>a[bc<i>d</i>]e</p>', '<p>abc<i>d</i>e</p>', 'bold', '', 'undo', ''],
  ['<p>a[bc<i>d</i>]e</p>', '<p>a<b>bc<i>d</i></b>e</p>', 'bold', '', 'undo', '', 'redo', ''],
  ['<p>a[b</p><p>c]</p>', '<p>ab</p><p>c</p>', 'insertOrderedList', '', 'undo', ''],
  // blocks
  ['<p id=x>a[]b</p>', '<h2>ab</h2>', 'formatBlock', '<h2>'],
  ['a[]b<br>c', '<h1>ab</h1>c', 'formatBlock', 'h1'],
  ['a[]b', '<ul><li>ab</li></ul>', 'insertUnorderedList'],
  ['<ul><li>a</li><li>b[]</li><li>c</li></ul>', '<ul><li>a</li></ul>b<br><ul><li>c</li></ul>', 'insertUnorderedList'],
  ['<ul><li>a[]b</li><li>c</li></ul>', '<ol><li>ab</li></ol><ul><li>c</li></ul>', 'insertOrderedList'],
  ['<ul><li>a</li></ul><p>b[]</p>', '<ul><li>a</li><li>b</li></ul>', 'insertUnorderedList'],
  ['<p>a[b</p><p>c]d</p>', '<p style="text-align: justify;">ab</p><p style="text-align: justify;">cd</p>', 'justifyFull'],
  ['a[]b', '<div style="text-align: right;">ab</div>', 'justifyRight'],
  ['<p>a[b</p><p>c]d</p>', '<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;"><p>ab</p><p>cd</p></blockquote>', 'indent'],
  ['<blockquote><p>a[]b</p></blockquote>', '<p>ab</p>', 'outdent'],
  ['<ul><li>a</li><li>b[]</li></ul>', '<ul><li>a</li><ul><li>b</li></ul></ul>', 'indent'],
  ['<ul><li>a</li><ul><li>b[]</li></ul></ul>', '<ul><li>a</li><li>b</li></ul>', 'outdent'],
  ['<p>a[]b</p>', '<p>a</p><hr><p>b</p>', 'insertHorizontalRule', ''],
  ['<p>a[b]c</p>', '<p>a<img src="data:,x">c</p>', 'insertImage', 'data:,x'],
  ['<h1>ab[]</h1>', '<h1>ab</h1><p><br></p>', 'defaultParagraphSeparator', 'p', 'insertParagraph', ''],
]);

// Where Chromium puts the list inside of the paragraph, and the heading around the list
check([
  ['<p>a[b</p><p>c]d</p>', '<ol><li>ab</li><li>cd</li></ol>', 'insertOrderedList'],
  ['<ul><li>a[]b</li></ul>', '<ul><li><h3>ab</h3></li></ul>', 'formatBlock', 'h3'],
]);

test((t) => {
  const el = setUp(t, '<p>a[b<b>c]d</b></p><h2 style="text-align:center"><font color=red size=5 face=Arial><u>e</u></font></h2><ol><li>f</li></ol>');
  select(el);
  assert_false(document.queryCommandState('bold'));
  assert_true(document.queryCommandIndeterm('bold'));
  selection.collapse(el.querySelector('b').firstChild, 2);
  assert_true(document.queryCommandState('bold'));
  assert_equals(document.queryCommandValue('bold'), 'true');
  document.execCommand('bold');
  assert_false(document.queryCommandState('bold'), 'what is typed next');
  assert_equals(document.queryCommandValue('formatBlock'), 'p');
  selection.selectAllChildren(el.querySelector('u'));
  assert_true(document.queryCommandState('underline'));
  assert_true(document.queryCommandState('justifyCenter'));
  assert_equals(document.queryCommandValue('justifyLeft'), 'center');
  assert_equals(document.queryCommandValue('foreColor'), 'rgb(255, 0, 0)');
  assert_equals(document.queryCommandValue('fontSize'), '5');
  assert_equals(document.queryCommandValue('fontName'), 'Arial');
  selection.collapse(el.querySelector('li').firstChild, 0);
  assert_true(document.queryCommandState('insertOrderedList'));
  assert_false(document.queryCommandState('insertUnorderedList'));
  el.contentEditable = 'plaintext-only';
  assert_false(document.queryCommandEnabled('bold'));
  assert_true(document.queryCommandEnabled('insertText'));
}, 'states and values of what is selected');

test((t) => {
  const el = setUp(t, '<p>a[]b</p>');
  const seen = [];
  el.addEventListener('input', (e) => seen.push([e.inputType, e.data]));
  select(el);
  document.execCommand('bold');
  assert_array_equals(seen, [], 'nothing was changed');
  selection.selectAllChildren(el);
  for (const [name, value] of [['italic'], ['createLink', 'x:y'], ['foreColor', 'red'], ['insertOrderedList']]) document.execCommand(name, false, value);
  assert_array_equals(seen.map(String), ['formatItalic,', 'insertLink,x:y', ',', 'insertOrderedList,']);
  assert_false(document.execCommand('foreColor', false, 'no colour'));
  assert_false(document.execCommand('formatBlock', false, 'span'));
}, 'events of what formats');

test((t) => {
  const el = setUp(t, '<p>a[]b</p>');
  select(el);
  const log = [];
  customElements.define('in-a-command', class extends HTMLElement {
    connectedCallback() { log.push('connected'); }

    disconnectedCallback() { log.push('disconnected'); }
  });
  document.execCommand('insertHTML', false, '<in-a-command>x</in-a-command>');
  assert_array_equals(log, ['connected']);
  document.execCommand('undo');
  assert_array_equals(log, ['connected', 'disconnected']);
}, 'custom elements react before a command returns');

test((t) => {
  const el = setUp(t, '<p>a[]b</p>');
  select(el);
  const observer = new MutationObserver(() => {});
  t.add_cleanup(() => observer.disconnect());
  observer.observe(el, { childList: true, subtree: true });
  const iterate = Array.prototype[Symbol.iterator];
  let asked = 0;
  Array.prototype[Symbol.iterator] = function () {
    asked++;
    return Reflect.apply(iterate, this, []);
  };
  try {
    document.execCommand('insertText', false, 'x');
  } finally {
    Array.prototype[Symbol.iterator] = iterate;
  }
  assert_equals(asked, 0);
}, 'a page that observes does not see how the history is kept');
