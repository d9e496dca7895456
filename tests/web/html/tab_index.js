// https://html.spec.whatwg.org/multipage/interaction.html#dom-tabindex

test(() => {
  document.body.innerHTML = '<a></a><button disabled></button><input type=hidden><embed><div contenteditable></div><details><summary></summary><summary></summary></details><summary></summary>';
  const values = Array.from(document.querySelectorAll('body *'), (el) => [el.localName, el.tabIndex]);
  assert_equals(JSON.stringify(values), JSON.stringify([
    ['a', 0], ['button', 0], ['input', 0], ['embed', -1], ['div', -1], ['details', -1], ['summary', 0], ['summary', -1], ['summary', -1],
  ]));
}, 'what an element without tabindex says does not hang on whether it can be focused');

test(() => {
  document.body.innerHTML = '<details open><summary id=first>x</summary><summary id=second>y</summary></details>';
  for (const id of ['second', 'first']) document.getElementById(id).focus();
  assert_equals(document.activeElement.id, 'first');
  document.activeElement.blur();
  document.getElementById('second').focus();
  assert_equals(document.activeElement, document.body);
}, 'only the first summary is that of its details');
