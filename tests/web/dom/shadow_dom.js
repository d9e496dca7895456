// https://dom.spec.whatwg.org/#interface-shadowroot
'use strict';

function host(t, html) {
  const el = document.createElement('div');
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  const root = el.attachShadow({ mode: 'open' });
  root.innerHTML = html;
  return { el, root };
}

test((t) => {
  const { el, root } = host(t, '<p id="in"></p>');
  assert_equals(el.shadowRoot, root);
  assert_equals(root.host, el);
  assert_equals(root.mode, 'open');
  assert_equals(document.getElementById('in'), null);
  assert_equals(root.getElementById('in'), root.firstChild);
  assert_equals(el.querySelector('p'), null);
  assert_equals(root.firstChild.getRootNode(), root);
  assert_equals(root.firstChild.getRootNode({ composed: true }), document);
  assert_true(root.firstChild.isConnected);
  assert_throws_dom('NotSupportedError', () => el.attachShadow({ mode: 'open' }));
  assert_throws_dom('NotSupportedError', () => document.createElement('input').attachShadow({ mode: 'open' }));
  assert_throws_js(TypeError, () => document.createElement('div').attachShadow({}));
  const closed = document.createElement('div');
  closed.attachShadow({ mode: 'closed' });
  assert_equals(closed.shadowRoot, null);
}, 'attaching');

test((t) => {
  const { el, root } = host(t, '<slot name="a"></slot><slot><i>fallback</i></slot>');
  const [named, plain] = root.querySelectorAll('slot');
  assert_array_equals(plain.assignedNodes(), []);
  assert_array_equals(plain.assignedNodes({ flatten: true }), [plain.firstChild]);
  el.innerHTML = '<b slot="a"></b>text<u></u>';
  const [b, text, u] = el.childNodes;
  assert_array_equals(named.assignedNodes(), [b]);
  assert_array_equals(plain.assignedNodes(), [text, u]);
  assert_array_equals(plain.assignedElements(), [u]);
  assert_equals(b.assignedSlot, named);
  b.slot = '';
  assert_equals(b.assignedSlot, plain);
  assert_array_equals(named.assignedNodes(), []);
}, 'slots');

promise_test(async (t) => {
  const { el, root } = host(t, '<slot></slot>');
  let changes = 0;
  root.firstChild.addEventListener('slotchange', () => changes++);
  el.append(document.createElement('p'));
  el.append(document.createElement('p'));
  assert_equals(changes, 0);
  await null;
  assert_equals(changes, 1);
}, 'slotchange is signalled once');

test((t) => {
  const { el, root } = host(t, '<p><slot></slot></p>');
  const child = el.appendChild(document.createElement('b'));
  const slot = root.querySelector('slot');
  let path;
  const targets = [];
  el.addEventListener('x', (e) => {
    path = e.composedPath();
    targets.push(e.target);
  });
  root.addEventListener('x', (e) => targets.push(e.target));
  child.dispatchEvent(new Event('x', { bubbles: true, composed: true }));
  assert_array_equals(path.slice(0, 5), [child, slot, root.firstChild, root, el]);
  assert_array_equals(targets, [child, child]);
  targets.length = 0;
  root.firstChild.dispatchEvent(new Event('x', { bubbles: true, composed: true }));
  assert_array_equals(targets, [root.firstChild, el]);
  targets.length = 0;
  root.firstChild.dispatchEvent(new Event('x', { bubbles: true }));
  assert_array_equals(targets, [root.firstChild]);
}, 'events are retargeted at the boundary');

test((t) => {
  const holder = document.createElement('div');
  document.body.append(holder);
  t.add_cleanup(() => holder.remove());
  holder.setHTMLUnsafe('<div><template shadowrootmode="open"><i>shade</i></template>light</div>');
  const el = holder.firstChild;
  assert_equals(el.shadowRoot.innerHTML, '<i>shade</i>');
  assert_equals(el.innerHTML, 'light');
  holder.innerHTML = '<div><template shadowrootmode="open"></template></div>';
  assert_equals(holder.firstChild.shadowRoot, null);
  assert_equals(holder.firstChild.firstChild.localName, 'template');
}, 'declarative shadow roots');

test(() => {
  const holder = document.createElement('div');
  const el = holder.appendChild(document.createElement('div'));
  el.attachShadow({ mode: 'open', serializable: true }).innerHTML = '<i></i>';
  el.append('light');
  assert_equals(holder.innerHTML, '<div>light</div>');
  assert_equals(holder.getHTML(), '<div>light</div>');
  assert_equals(holder.getHTML({ serializableShadowRoots: true }), '<div><template shadowrootmode="open" shadowrootserializable=""><i></i></template>light</div>');
  const other = holder.appendChild(document.createElement('p'));
  const closed = other.attachShadow({ mode: 'closed' });
  assert_true(holder.getHTML({ shadowRoots: [closed] }).endsWith('<p><template shadowrootmode="closed"></template></p>'));
}, 'serialization of shadow roots');

test((t) => {
  const holder = document.body.appendChild(document.createElement('div'));
  t.add_cleanup(() => holder.remove());
  holder.innerHTML = 'a<div></div>b';
  const host = holder.querySelector('div');
  const root = host.attachShadow({ mode: 'closed' });
  root.innerHTML = 'in the shadow';
  const selection = getSelection();
  const told = (...roots) => {
    const [{ startContainer, startOffset, endContainer, endOffset }] = selection.getComposedRanges({ shadowRoots: roots });
    return [startContainer, startOffset, endContainer, endOffset];
  };
  selection.setBaseAndExtent(holder, 2, root.firstChild, 3);
  assert_equals(selection.direction, 'backward');
  assert_true(selection.isCollapsed);
  assert_array_equals(told(root), [root.firstChild, 3, holder, 2]);
  assert_array_equals(told(), [holder, 1, holder, 2]);
  root.innerHTML = '';
  assert_array_equals(told(root), [root, 0, holder, 2]);
  selection.setBaseAndExtent(root, 0, root, 0);
  assert_equals(selection.rangeCount, 1);
  host.remove();
  holder.append(host);
  assert_equals(selection.rangeCount, 0);
  assert_array_equals(told(root), [holder, 1, holder, 1]);
  selection.removeAllRanges();
  assert_array_equals(selection.getComposedRanges(), []);
}, 'a selection that begins in a shadow tree and ends outside of it');

test((t) => {
  const holder = document.body.appendChild(document.createElement('div'));
  t.add_cleanup(() => holder.remove());
  const root = holder.attachShadow({ mode: 'open' });
  root.innerHTML = '<form id=f></form><input form=f>';
  const [form, input] = root.children;
  assert_equals(input.form, form);
  holder.remove();
  assert_equals(input.form, null, 'it is not connected');
}, 'the form attribute in a shadow tree');
