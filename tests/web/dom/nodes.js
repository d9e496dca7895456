// https://dom.spec.whatwg.org/#nodes
'use strict';

test(() => {
  const div = document.createElement('DIV');
  assert_equals(div.localName, 'div');
  assert_equals(div.tagName, 'DIV');
  assert_equals(div.namespaceURI, 'http://www.w3.org/1999/xhtml');
  assert_class_string(div, 'HTMLDivElement');
  assert_equals(document.createElementNS('http://www.w3.org/2000/svg', 'svg').tagName, 'svg');
  assert_class_string(document.createElement('nothing'), 'HTMLUnknownElement');
  assert_class_string(document.createElement('a-b'), 'HTMLElement');
}, 'createElement() lower-cases names and finds interfaces');

test(() => {
  for (const name of ['', '1', '>', 'a b', '\0']) assert_throws_dom('InvalidCharacterError', () => document.createElement(name), JSON.stringify(name));
  assert_throws_dom('NamespaceError', () => document.createElementNS(null, 'a:b'));
  assert_throws_dom('NamespaceError', () => document.createElementNS('urn:x', 'xmlns:b'));
  assert_throws_dom('NamespaceError', () => document.createElementNS('urn:x', 'xml:b'));
}, 'names that no element may have');

test(() => {
  const parent = document.createElement('div');
  const a = parent.appendChild(document.createElement('a'));
  const b = parent.insertBefore(document.createElement('b'), a);
  assert_array_equals(parent.childNodes, [b, a]);
  assert_equals(a.previousSibling, b);
  assert_equals(parent.replaceChild(document.createTextNode('t'), b), b);
  assert_equals(b.parentNode, null);
  assert_equals(parent.firstChild.data, 't');
  assert_equals(parent.removeChild(a), a);
  assert_equals(parent.lastChild, parent.firstChild);
}, 'insertion, replacement and removal keep the links');

test(() => {
  const parent = document.createElement('div');
  const child = parent.appendChild(document.createElement('p'));
  assert_throws_dom('HierarchyRequestError', () => child.appendChild(parent));
  assert_throws_dom('HierarchyRequestError', () => child.appendChild(child));
  assert_throws_dom('HierarchyRequestError', () => document.appendChild(document.createElement('html')));
  assert_throws_dom('HierarchyRequestError', () => document.appendChild(document.createTextNode('x')));
  assert_throws_dom('HierarchyRequestError', () => parent.appendChild(document));
  assert_throws_dom('NotFoundError', () => parent.removeChild(document.body));
  assert_throws_dom('NotFoundError', () => parent.insertBefore(document.createElement('i'), document.body));
  assert_throws_js(TypeError, () => parent.appendChild(null));
  assert_throws_js(TypeError, () => parent.insertBefore(child));
}, 'what cannot be inserted');

test(() => {
  const parent = document.createElement('div');
  parent.append('a', document.createElement('b'), 'c');
  parent.prepend('0');
  assert_equals(parent.textContent, '0ac');
  parent.querySelector('b').replaceWith('x', 'y');
  assert_equals(parent.childNodes.length, 5);
  parent.firstChild.after('1');
  parent.firstChild.before('-1');
  assert_equals(parent.textContent, '-101axyc');
  parent.normalize();
  assert_equals(parent.childNodes.length, 1);
  parent.replaceChildren(document.createElement('i'), 'z');
  assert_equals(parent.innerHTML, '<i></i>z');
  parent.firstChild.remove();
  assert_equals(parent.innerHTML, 'z');
}, 'methods of ParentNode and ChildNode');

test(() => {
  const fragment = document.createDocumentFragment();
  const a = fragment.appendChild(document.createElement('a'));
  const b = fragment.appendChild(document.createElement('b'));
  const parent = document.createElement('div');
  assert_equals(parent.appendChild(fragment), fragment);
  assert_array_equals(parent.childNodes, [a, b]);
  assert_equals(fragment.firstChild, null);
}, 'a fragment gives its children away');

test(() => {
  const source = document.createElement('div');
  source.innerHTML = '<p id="x" class="y">a<!--b--><b>c</b></p>';
  const shallow = source.firstChild.cloneNode();
  assert_equals(shallow.outerHTML, '<p id="x" class="y"></p>');
  const deep = source.cloneNode(true);
  assert_true(deep.isEqualNode(source));
  assert_false(deep.isSameNode(source));
  deep.querySelector('b').firstChild.data = 'd';
  assert_false(deep.isEqualNode(source));
  assert_equals(source.textContent, 'ac');
}, 'clones are equal and apart');

test(() => {
  const root = document.createElement('div');
  root.innerHTML = '<p><i></i></p><b></b>';
  const [p, b] = root.children;
  const i = p.firstChild;
  assert_equals(p.compareDocumentPosition(b), Node.DOCUMENT_POSITION_FOLLOWING);
  assert_equals(b.compareDocumentPosition(i), Node.DOCUMENT_POSITION_PRECEDING);
  assert_equals(p.compareDocumentPosition(i), Node.DOCUMENT_POSITION_CONTAINED_BY | Node.DOCUMENT_POSITION_FOLLOWING);
  assert_equals(i.compareDocumentPosition(root), Node.DOCUMENT_POSITION_CONTAINS | Node.DOCUMENT_POSITION_PRECEDING);
  assert_equals(i.compareDocumentPosition(i), 0);
  assert_equals(i.compareDocumentPosition(document) & Node.DOCUMENT_POSITION_DISCONNECTED, Node.DOCUMENT_POSITION_DISCONNECTED);
  assert_true(root.contains(i));
  assert_true(i.contains(i));
  assert_false(i.contains(null));
  assert_equals(i.getRootNode(), root);
}, 'positions of nodes in a tree');

test(() => {
  const el = document.createElement('div');
  el.setAttribute('DATA-x', '1');
  assert_equals(el.getAttribute('data-X'), '1');
  assert_array_equals(el.getAttributeNames(), ['data-x']);
  el.setAttributeNS('urn:x', 'p:Q', '2');
  assert_equals(el.getAttributeNS('urn:x', 'Q'), '2');
  assert_equals(el.attributes[1].prefix, 'p');
  assert_true(el.toggleAttribute('hidden'));
  assert_false(el.toggleAttribute('hidden'));
  assert_equals(el.getAttribute('missing'), null);
  const attr = el.getAttributeNode('data-x');
  assert_throws_dom('InUseAttributeError', () => document.createElement('p').setAttributeNode(attr));
  assert_throws_dom('InvalidCharacterError', () => el.setAttribute('', 'x'));
  el.removeAttributeNode(attr);
  assert_equals(attr.ownerElement, null);
}, 'attributes');

test(() => {
  const text = document.createTextNode('abcdef');
  const parent = document.createElement('p');
  parent.append(text);
  text.replaceData(1, 2, 'XYZ');
  assert_equals(text.data, 'aXYZdef');
  const rest = text.splitText(4);
  assert_equals(text.data, 'aXYZ');
  assert_equals(rest.data, 'def');
  assert_equals(text.nextSibling, rest);
  assert_equals(rest.wholeText, 'aXYZdef');
  assert_equals(text.substringData(1, 99), 'XYZ');
  assert_throws_dom('IndexSizeError', () => text.substringData(5, 1));
  text.data = null;
  assert_equals(text.data, '');
}, 'character data');

test(() => {
  const other = document.implementation.createHTMLDocument('other');
  const node = other.body.appendChild(other.createElement('p'));
  node.append(other.createTextNode('x'));
  document.body.append(node);
  assert_equals(node.ownerDocument, document);
  assert_equals(node.firstChild.ownerDocument, document);
  assert_true(node.isConnected);
  node.remove();
  assert_false(node.isConnected);
  assert_equals(document.importNode(other.body, true).ownerDocument, document);
  assert_throws_dom('NotSupportedError', () => document.adoptNode(other));
}, 'nodes move between documents');

test(() => {
  const el = document.createElement('p');
  const list = el.classList;
  list.add('a', 'b', 'a');
  assert_equals(el.className, 'a b');
  assert_true(list.contains('b'));
  assert_false(list.toggle('a'));
  assert_true(list.toggle('c', true));
  assert_true(list.replace('b', 'd'));
  assert_equals(list.value, 'd c');
  assert_throws_dom('SyntaxError', () => list.add(''));
  assert_throws_dom('InvalidCharacterError', () => list.add('a b'));
  el.className = '  x   y x ';
  assert_array_equals(list, ['x', 'y']);
}, 'token lists');

test(() => {
  const error = new DOMException('text', 'AbortError');
  assert_equals(error.stack.split('\n')[0], 'AbortError: text');
  assert_true(Object.hasOwn(error, 'stack'));
  let thrown = null;
  try {
    document.createElement('1');
  } catch (e) {
    thrown = e;
  }
  assert_true(thrown.stack.startsWith('InvalidCharacterError: '));
}, 'DOMExceptions have stacks');

test(() => {
  assert_throws_dom('NotSupportedError', () => document.createEvent('TouchEvent'));
}, 'touch events are made where there is touch only');

test(() => {
  const host = document.createElement('div');
  document.body.append(host);
  host.attachShadow({ mode: 'open' }).innerHTML = '<iframe name=inner></iframe>';
  assert_equals(window.length, 0);
  assert_equals(window.inner, undefined);
  assert_equals(window[0], undefined);
  assert_equals(host.shadowRoot.firstChild.contentWindow.parent, window);
  host.remove();
}, 'frames in shadow trees are not among those of the window');

test((t) => {
  const root = document.createElement('div');
  document.body.append(root);
  t.add_cleanup(() => root.remove());
  root.innerHTML = '<p id="moved-a"><b id="moved-b">x</b></p><p id="moved-c"></p><form id="moved-f"><input name="q"></form>';
  const [a, c, form] = root.children;
  const range = document.createRange();
  range.selectNodeContents(a);
  const observer = new MutationObserver(() => {});
  observer.observe(root, { childList: true, subtree: true });
  const byId = (id) => document.getElementById(id)?.id ?? null;
  root.append(a);
  assert_equals(byId('moved-a'), 'moved-a');
  assert_equals(byId('moved-b'), 'moved-b');
  assert_true(a.firstChild.isConnected);
  assert_equals(range.startContainer, root);
  let records = observer.takeRecords();
  assert_equals(records.length, 2);
  assert_equals(records[0].removedNodes[0], a);
  assert_equals(records[0].nextSibling, c);
  assert_equals(records[1].addedNodes[0], a);
  assert_equals(records[1].previousSibling, form);
  a.firstChild.id = 'moved-d';
  assert_equals(byId('moved-b'), null);
  c.append(a);
  assert_equals(byId('moved-d'), 'moved-d');
  assert_equals(root.querySelector('#moved-d').id, 'moved-d');
  const other = document.createElement('div');
  other.append(c);
  assert_equals(byId('moved-d'), null);
  assert_equals(byId('moved-c'), null);
  assert_false(a.isConnected);
  other.prepend(a);
  assert_equals(byId('moved-a'), null);
  root.prepend(other);
  assert_equals(byId('moved-d'), 'moved-d');
  root.prepend(form);
  assert_equals(document.forms['moved-f'].q, form.firstChild);
  a.removeAttribute('id');
  root.append(other);
  assert_equals(byId('moved-a'), null);
  assert_equals(a.id, '');
  a.setAttributeNS('urn:x', 'id', 'moved-x');
  assert_equals(a.id, '');
  assert_equals(byId('moved-x'), null);
  const copy = form.cloneNode(true);
  assert_equals(copy.id, 'moved-f');
}, 'ids and records of nodes that move');

test(() => {
  const el = document.createElement('p');
  el.className = '  b  a b ';
  const list = el.classList;
  assert_true(list.toggle('c'));
  assert_equals(el.className, 'b a c');
  assert_false(list.toggle('b'));
  assert_equals(el.className, 'a c');
  list.add('c', 'd', 'd');
  assert_equals(el.className, 'a c d');
  list.remove('x', 'c', 'a');
  assert_equals(el.className, 'd');
  assert_array_equals([...list], ['d']);
  assert_throws_dom('InvalidCharacterError', () => list.add('e', 'f g'));
  assert_throws_dom('SyntaxError', () => list.remove(''));
  assert_equals(el.className, 'd');
  list.remove('d');
  assert_equals(el.getAttribute('class'), '');
  assert_equals(list.length, 0);
  el.removeAttribute('class');
  list.remove('d');
  assert_false(el.hasAttribute('class'));
  el.className = 'z';
  assert_true(list.contains('z'));
  assert_false(list.toggle('q', false));
  assert_true(list.toggle('z', true));
  assert_equals(el.className, 'z');
}, 'token lists change in place');

promise_test(async (t) => {
  const [from, to] = [document.createElement('div'), document.createElement('div')];
  document.body.append(from, to);
  t.add_cleanup(() => {
    from.remove();
    to.remove();
  });
  const frame = document.createElement('iframe');
  frame.srcdoc = 'text';
  await new Promise((resolve) => {
    frame.onload = resolve;
    from.append(frame);
  });
  frame.contentWindow.mark = 1;
  let loads = 0;
  frame.onload = () => loads++;
  const dialog = from.appendChild(document.createElement('dialog'));
  dialog.showModal();
  const told = [];
  customElements.define('x-moved', class extends HTMLElement {
    connectedCallback() {
      told.push('connected');
    }

    disconnectedCallback() {
      told.push('disconnected');
    }

    connectedMoveCallback() {
      told.push('moved');
    }
  });
  const custom = from.appendChild(document.createElement('x-moved'));
  for (const node of [frame, dialog, custom]) to.moveBefore(node, null);
  await new Promise((resolve) => setTimeout(resolve));
  assert_equals(frame.contentWindow.mark, 1);
  assert_equals(loads, 0);
  assert_true(dialog.matches(':modal'));
  assert_array_equals(told.splice(0), ['connected', 'moved']);
  custom.remove();
  frame.remove();
  dialog.remove();
  assert_array_equals(told, ['disconnected']);
  assert_equals(window.length, 0);
  assert_false(dialog.matches(':modal'));
}, 'moveBefore() keeps frames, dialogs and custom elements in their document');
