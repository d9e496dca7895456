// https://dom.spec.whatwg.org/#ranges
'use strict';

function fixture(t, html) {
  const root = document.createElement('div');
  root.innerHTML = html;
  document.body.append(root);
  t.add_cleanup(() => root.remove());
  return root;
}

test((t) => {
  const root = fixture(t, '<p>abc</p><p>def</p>');
  const range = document.createRange();
  range.setStart(root.firstChild.firstChild, 1);
  range.setEnd(root.lastChild.firstChild, 2);
  assert_equals(range.toString(), 'bcde');
  assert_equals(range.commonAncestorContainer, root);
  assert_false(range.collapsed);
  range.collapse(true);
  assert_true(range.collapsed);
  assert_equals(range.endContainer, root.firstChild.firstChild);
}, 'boundaries');

test((t) => {
  const root = fixture(t, '<p>abc</p><i></i><p>def</p>');
  const range = new Range();
  range.setStart(root.firstChild.firstChild, 1);
  range.setEnd(root.lastChild.firstChild, 2);
  const copy = range.cloneContents();
  const holder = document.createElement('div');
  holder.append(copy);
  assert_equals(holder.innerHTML, '<p>bc</p><i></i><p>de</p>');
  const taken = range.extractContents();
  holder.replaceChildren(taken);
  assert_equals(holder.innerHTML, '<p>bc</p><i></i><p>de</p>');
  assert_equals(root.innerHTML, '<p>a</p><p>f</p>');
  assert_true(range.collapsed);
}, 'contents are cloned and extracted');

test((t) => {
  const root = fixture(t, 'abcdef');
  const text = root.firstChild;
  const range = new Range();
  range.setStart(text, 2);
  range.setEnd(text, 4);
  text.insertData(0, '__');
  assert_array_equals([range.startOffset, range.endOffset], [4, 6]);
  text.deleteData(0, 3);
  assert_array_equals([range.startOffset, range.endOffset], [1, 3]);
  const rest = text.splitText(1);
  assert_equals(range.endContainer, rest);
  assert_equals(range.endOffset, 2);
  rest.remove();
  assert_equals(range.endContainer, root);
  assert_equals(range.endOffset, 1);
}, 'live ranges follow changes');

test((t) => {
  const root = fixture(t, '<b>abc</b>');
  const range = new Range();
  range.selectNodeContents(root.firstChild.firstChild);
  range.setStart(root.firstChild.firstChild, 1);
  range.surroundContents(document.createElement('u'));
  assert_equals(root.innerHTML, '<b>a<u>bc</u></b>');
  range.insertNode(document.createElement('hr'));
  assert_equals(root.innerHTML, '<b>a<hr><u>bc</u></b>');
  range.setStart(root.querySelector('u').firstChild, 1);
  range.setEndAfter(root.firstChild);
  assert_throws_dom('InvalidStateError', () => range.surroundContents(document.createElement('i')));
}, 'insertion and surrounding');

test((t) => {
  const root = fixture(t, '<i>a</i><i>b</i>');
  const one = new Range();
  const two = new Range();
  one.selectNode(root.firstChild);
  two.selectNode(root.lastChild);
  assert_equals(one.compareBoundaryPoints(Range.START_TO_START, two), -1);
  assert_equals(one.compareBoundaryPoints(Range.START_TO_END, two), 0);
  assert_equals(two.compareBoundaryPoints(Range.END_TO_END, one), 1);
  assert_true(one.isPointInRange(root.firstChild.firstChild, 1));
  assert_equals(one.comparePoint(root.lastChild, 0), 1);
  assert_true(one.intersectsNode(root.firstChild));
  assert_false(one.intersectsNode(root.lastChild.firstChild));
  assert_throws_dom('NotSupportedError', () => one.compareBoundaryPoints(4, two));
  assert_throws_dom('IndexSizeError', () => one.setStart(root, 3));
  assert_throws_dom('InvalidNodeTypeError', () => one.setStart(document.doctype, 0));
}, 'comparison');

test((t) => {
  const root = fixture(t, '<i>a</i><i>b</i>');
  const fixed = new StaticRange({ startContainer: root, startOffset: 0, endContainer: root, endOffset: 1 });
  root.firstChild.remove();
  assert_equals(fixed.endOffset, 1);
  assert_throws_js(TypeError, () => new StaticRange());
  const fragment = new Range().createContextualFragment('<p>x</p>');
  assert_equals(fragment.firstChild.localName, 'p');
}, 'StaticRange and createContextualFragment()');

test((t) => {
  const root = fixture(t, 'a<b>c</b><!--d-->');
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
  const seen = [];
  while (walker.nextNode()) seen.push(walker.currentNode.data);
  assert_array_equals(seen, ['a', 'c', 'd']);
  assert_equals(walker.previousNode().data, 'c');
  const rejecting = document.createTreeWalker(root, NodeFilter.SHOW_ALL, (node) => (node.localName === 'b' ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  assert_equals(rejecting.nextNode().data, 'a');
  assert_equals(rejecting.nextNode().data, 'd');
  const iterator = document.createNodeIterator(root, NodeFilter.SHOW_ELEMENT, { acceptNode: () => NodeFilter.FILTER_ACCEPT });
  assert_equals(iterator.nextNode(), root);
  const b = iterator.nextNode();
  assert_equals(b.localName, 'b');
  b.remove();
  assert_equals(iterator.referenceNode, root.firstChild);
  assert_equals(iterator.nextNode(), null);
}, 'TreeWalker and NodeIterator');

test(() => {
  const host = document.createElement('div');
  document.body.append('a', host);
  const root = host.attachShadow({ mode: 'open' });
  root.textContent = 'hello';
  const selection = getSelection();
  selection.setBaseAndExtent(root.firstChild, 1, root.firstChild, 3);
  const [inside] = selection.getComposedRanges({ shadowRoots: [root] });
  assert_equals(inside.startContainer, root.firstChild);
  assert_equals(inside.endOffset, 3);
  const [outside] = selection.getComposedRanges();
  assert_equals(outside.startContainer, document.body);
  assert_equals(outside.endOffset - outside.startOffset, 1);
  selection.deleteFromDocument();
  assert_equals(root.textContent, 'hlo');
  host.remove();
  assert_equals(selection.rangeCount, 0);
  const [left] = selection.getComposedRanges();
  assert_equals(left.startContainer, document.body);
  assert_true(left.collapsed);
  assert_throws_dom('InvalidNodeTypeError', () => selection.collapse(document.doctype));
}, 'selections in shadow trees');

test(() => {
  const host = document.createElement('div');
  host.innerHTML = '<p>ab<b>c</b></p><i>d</i><u><s>e<q>f</q></s>gh</u>';
  const range = new Range();
  const [p, i, u] = host.children;
  range.setStart(p.firstChild, 1);
  range.setEnd(u.firstChild.lastChild.firstChild, 1);
  const shape = (node) => [...node.childNodes].map((child) => child.outerHTML ?? child.data).join('');
  assert_equals(shape(range.cloneContents()), '<p>b<b>c</b></p><i>d</i><u><s>e<q>f</q></s></u>');
  assert_equals(shape(range.extractContents()), '<p>b<b>c</b></p><i>d</i><u><s>e<q>f</q></s></u>');
  assert_equals(host.innerHTML, '<p>a</p><u><s><q></q></s>gh</u>');
  assert_array_equals([range.startContainer, range.startOffset, range.collapsed], [host, 1, true]);
  range.setStart(p, 0);
  range.setEnd(u, 1);
  assert_equals(shape(range.cloneContents()), '<p>a</p><u><s><q></q></s></u>');
  range.deleteContents();
  assert_equals(host.innerHTML, '<p></p><u>gh</u>');
}, 'contents across levels');

test(() => {
  const DEPTH = 3000;
  const top = document.createElement('div');
  let left = top;
  let right = top;
  for (let i = 0; i < DEPTH; i++) {
    left = left.insertBefore(document.createElement('p'), left.firstChild);
    left.append('l');
    right = right.appendChild(document.createElement('s'));
    right.prepend('r');
  }
  const range = new Range();
  range.setStart(left.firstChild, 0);
  range.setEnd(right.firstChild, 1);
  assert_equals(range.commonAncestorContainer, top);
  assert_equals(range.cloneContents().textContent.length, 2 * DEPTH);
  assert_throws_dom('InvalidStateError', () => range.surroundContents(document.createElement('p')));
  const copy = range.cloneRange();
  assert_equals(range.extractContents().textContent.length, 2 * DEPTH);
  assert_equals(top.textContent, '');
  assert_array_equals([copy.startContainer, copy.endContainer, copy.endOffset], [left.firstChild, right.firstChild, 0]);
}, 'contents at any depth');

test(() => {
  const other = document.implementation.createHTMLDocument('');
  const box = document.createElement('div');
  box.innerHTML = '<a></a><b></b><i></i>';
  const range = new Range();
  range.setStart(box, 1);
  range.setEnd(box, 3);
  const iterator = document.createNodeIterator(box);
  for (let i = 0; i < 3; i++) iterator.nextNode();
  for (let i = 0; i < 3; i++) {
    other.adoptNode(box);
    document.adoptNode(box);
  }
  other.body.append(box);
  box.prepend(document.createElement('u'));
  assert_array_equals([range.startOffset, range.endOffset], [2, 4]);
  box.children[2].remove();
  assert_array_equals([range.startOffset, range.endOffset], [2, 3]);
  assert_equals(iterator.referenceNode.localName, 'a');
}, 'ranges and iterators of adopted nodes');
