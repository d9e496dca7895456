// https://dom.spec.whatwg.org/#old-style-collections
'use strict';

function fixture(html) {
  const root = document.createElement('div');
  root.innerHTML = html;
  document.body.append(root);
  return root;
}

test((t) => {
  const root = fixture('<p class="a"></p><p class="b a"></p>');
  t.add_cleanup(() => root.remove());
  const byTag = root.getElementsByTagName('P');
  const byClass = root.getElementsByClassName('a');
  assert_class_string(byTag, 'HTMLCollection');
  assert_equals(byTag.length, 2);
  const added = document.createElement('p');
  root.prepend(added);
  assert_equals(byTag.length, 3);
  assert_equals(byTag[0], added);
  assert_equals(byClass.length, 2);
  added.className = 'a';
  assert_equals(byClass[0], added);
  root.replaceChildren();
  assert_equals(byTag.length, 0);
  assert_equals(byTag.item(0), null);
  assert_equals(byTag[0], undefined);
}, 'HTMLCollections are live');

test((t) => {
  const root = fixture('<a id="x"></a><a name="y"></a><svg><a name="z"></a></svg>');
  t.add_cleanup(() => root.remove());
  const list = root.getElementsByTagName('*');
  assert_equals(list.x, root.children[0]);
  assert_equals(list.namedItem('y'), root.children[1]);
  assert_equals(list.namedItem('z'), null);
  assert_true('x' in list);
  assert_false('q' in list);
  assert_array_equals(Object.keys(list), ['0', '1', '2', '3']);
  assert_true(Object.getOwnPropertyNames(list).includes('y'));
}, 'named properties of HTMLCollection');

test((t) => {
  const root = fixture('a<b></b><!--c-->');
  t.add_cleanup(() => root.remove());
  const nodes = root.childNodes;
  assert_equals(nodes, root.childNodes);
  assert_class_string(nodes, 'NodeList');
  assert_equals(nodes.length, 3);
  const seen = [];
  nodes.forEach((node, i) => seen.push(i + node.nodeName));
  assert_array_equals(seen, ['0#text', '1B', '2#comment']);
  assert_array_equals([...nodes.keys()], [0, 1, 2]);
  assert_array_equals([...nodes.entries()].map((pair) => pair[1]), [...nodes]);
  root.append('d');
  assert_equals(nodes[3].data, 'd');
}, 'childNodes is one live NodeList');

test((t) => {
  const root = fixture('<i></i><i></i>');
  t.add_cleanup(() => root.remove());
  const found = root.querySelectorAll('i');
  root.append(document.createElement('i'));
  assert_equals(found.length, 2);
  assert_equals(root.querySelectorAll('i').length, 3);
}, 'querySelectorAll() gives a list that does not change');

test((t) => {
  const root = fixture('<p></p>');
  t.add_cleanup(() => root.remove());
  const children = root.children;
  assert_throws_js(TypeError, () => {
    children[0] = document.body;
  });
  assert_throws_js(TypeError, () => {
    delete children[0];
  });
  children.mine = 1;
  assert_equals(children.mine, 1);
}, 'indexes of a collection cannot be written');

test((t) => {
  const root = fixture('<p id="dup" class="1"></p><p id="dup" class="2"></p>');
  t.add_cleanup(() => root.remove());
  assert_equals(document.getElementById('dup').className, '1');
  root.firstChild.remove();
  assert_equals(document.getElementById('dup').className, '2');
  root.firstChild.id = 'other';
  assert_equals(document.getElementById('dup'), null);
  assert_equals(document.getElementById('other'), root.firstChild);
}, 'getElementById() follows changes');

test((t) => {
  const root = fixture('<p id="dup" class="1"></p><p id="dup" class="2"></p>');
  t.add_cleanup(() => root.remove());
  const first = () => document.getElementById('dup').className + document.querySelector('#dup').className;
  assert_equals(first(), '11');
  root.append(root.firstChild);
  assert_equals(first(), '22');
  root.prepend(root.lastChild);
  assert_equals(first(), '11');
  root.prepend(document.createElement('div'));
  root.firstChild.append(root.lastChild);
  assert_equals(first(), '22');
}, 'getElementById() gives the first of several elements, also after they moved');

test(() => {
  const el = document.createElement('p');
  el.setAttribute('b', '1');
  el.setAttribute('a', '2');
  const map = el.attributes;
  assert_class_string(map, 'NamedNodeMap');
  assert_equals(map.length, 2);
  assert_equals(map.b.value, '1');
  assert_equals(map[1].name, 'a');
  assert_equals(map.getNamedItem('A').value, '2');
  assert_throws_dom('NotFoundError', () => map.removeNamedItem('zzz'));
  map.removeNamedItem('b');
  assert_equals(el.hasAttribute('b'), false);
  assert_equals(map[0].name, 'a');
}, 'NamedNodeMap');

test((t) => {
  const root = fixture('<i></i>'.repeat(40));
  t.add_cleanup(() => root.remove());
  const list = root.querySelectorAll('i');
  list.more = 'x';
  const all = [...root.children];
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 40; i++) assert_equals(list[i], all[i]);
    assert_equals(list[40], undefined);
    assert_equals(list.length, 40);
    assert_equals(list.item(39), all[39]);
    assert_array_equals(Reflect.ownKeys(list), [...all.keys()].map(String).concat('more'));
    assert_array_equals([...list], all);
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(list, '3');
    assert_array_equals([value, writable, enumerable, configurable], [all[3], false, true, true]);
    assert_false(Reflect.set(list, '3', 1));
    assert_false(Reflect.set(list, '40', 1));
    assert_false(Reflect.deleteProperty(list, '3'));
    assert_true(Reflect.deleteProperty(list, '40'));
    assert_false(Reflect.defineProperty(list, '3', { value: 1 }));
    assert_true('39' in list);
    assert_false('40' in list);
    assert_throws_js(TypeError, () => Object.freeze(list));
    root.append(root.firstChild);
  }
  Object.defineProperty(list, 'length', { value: 7, configurable: true });
  assert_equals(list.length, 7);
  assert_equals(list.more, 'x');
}, 'a list that never changes stays as it is, however often it is read');

test((t) => {
  const root = fixture('<i></i>'.repeat(40));
  t.add_cleanup(() => root.remove());
  const list = root.querySelectorAll('i');
  const all = [...root.children];
  const keys = all.map((_, i) => String(i));
  let asked = 0;
  Object.defineProperty(Object.prototype, '5', { configurable: true, get: () => 'page', set() { asked++; } });
  const seen = { __proto__: null, bad: 0 };
  for (let i = 0; i < 40; i++) if (list[i] !== all[i]) seen.bad++;
  delete Object.prototype[5];
  assert_equals(seen.bad, 0);
  assert_array_equals(Reflect.ownKeys(list), keys);
  assert_true(asked < 2);
  const other = root.querySelectorAll('i');
  Object.defineProperty(Object.prototype, '5', { configurable: true, value: 'page' });
  try {
    for (let i = 0; i < 40; i++) if (other[i] !== all[i]) seen.bad++;
  } finally {
    delete Object.prototype[5];
  }
  assert_equals(seen.bad, 0);
}, 'an index on the prototype of all objects');
