// https://dom.spec.whatwg.org/#mutation-observers
'use strict';

// The records of what `change` does to a div, as an observer with these options gets them.
async function recordsOf(options, html, change) {
  const root = document.createElement('div');
  root.innerHTML = html;
  let records = [];
  const observer = new MutationObserver((list) => {
    records = records.concat(list);
  });
  observer.observe(root, options);
  change(root);
  await null;
  observer.disconnect();
  return records;
}

promise_test(async () => {
  const records = await recordsOf({ childList: true }, '<a></a><b></b>', (root) => {
    root.insertBefore(document.createElement('i'), root.lastChild);
    root.firstChild.remove();
    root.lastChild.append('deeper');
  });
  assert_equals(records.length, 2);
  assert_equals(records[0].addedNodes[0].localName, 'i');
  assert_equals(records[0].previousSibling.localName, 'a');
  assert_equals(records[0].nextSibling.localName, 'b');
  assert_equals(records[1].removedNodes[0].localName, 'a');
  assert_equals(records[1].type, 'childList');
}, 'children');

promise_test(async () => {
  const records = await recordsOf({ attributes: true, attributeOldValue: true }, '', (root) => {
    root.id = 'a';
    root.id = 'b';
    root.removeAttribute('id');
  });
  assert_array_equals(records.map((r) => r.oldValue), [null, 'a', 'b']);
  assert_array_equals(records.map((r) => r.attributeName), ['id', 'id', 'id']);
}, 'attributes with old values');

promise_test(async () => {
  const records = await recordsOf({ attributeFilter: ['class'], subtree: true }, '<p></p>', (root) => {
    root.firstChild.id = 'a';
    root.firstChild.className = 'b';
  });
  assert_equals(records.length, 1);
  assert_equals(records[0].target.localName, 'p');
  assert_equals(records[0].oldValue, null);
}, 'a filter of attributes in a subtree');

promise_test(async () => {
  const records = await recordsOf({ characterData: true, characterDataOldValue: true, subtree: true }, 'abc', (root) => {
    root.firstChild.data = 'x';
    root.firstChild.appendData('y');
  });
  assert_array_equals(records.map((r) => r.oldValue), ['abc', 'x']);
}, 'character data');

promise_test(async () => {
  const records = await recordsOf({ childList: true, subtree: true }, '<p></p>', (root) => {
    const p = root.firstChild;
    p.remove();
    p.append('still observed until the microtask');
  });
  assert_equals(records.length, 2);
  assert_equals(records[1].target.localName, 'p');
}, 'removed subtrees are observed until the callback');

promise_test(async () => {
  const records = await recordsOf({ childList: true }, '<a></a><b></b>', (root) => {
    root.innerHTML = '<i></i><u></u>';
  });
  assert_equals(records.length, 1);
  assert_equals(records[0].addedNodes.length, 2);
  assert_equals(records[0].removedNodes.length, 2);
}, 'innerHTML makes one record');

promise_test(async () => {
  const order = [];
  const target = document.createElement('p');
  new MutationObserver(() => order.push('first')).observe(target, { attributes: true });
  new MutationObserver(() => order.push('second')).observe(target, { attributes: true });
  Promise.resolve().then(() => order.push('before'));
  target.id = 'x';
  Promise.resolve().then(() => order.push('after'));
  assert_array_equals(order, []);
  await null;
  assert_array_equals(order, ['before', 'first', 'second', 'after']);
}, 'callbacks run in a microtask, in order of creation');

test(() => {
  const observer = new MutationObserver(() => {});
  const target = document.createElement('p');
  assert_throws_js(TypeError, () => observer.observe(target, {}));
  assert_throws_js(TypeError, () => observer.observe(target, { attributes: false, attributeOldValue: true }));
  assert_throws_js(TypeError, () => observer.observe(target, { characterData: false, characterDataOldValue: true }));
  observer.observe(target, { attributeOldValue: true });
  target.id = 'a';
  assert_equals(observer.takeRecords().length, 1);
  assert_equals(observer.takeRecords().length, 0);
}, 'options and takeRecords()');
