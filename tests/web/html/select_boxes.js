// https://html.spec.whatwg.org/multipage/form-elements.html#the-select-element
'use strict';

function setUp(t, attributes) {
  const select = document.createElement('select');
  select.innerHTML = '<option>one</option><optgroup label=more><option>two</option></optgroup>';
  for (const [name, value] of Object.entries(attributes)) select.setAttribute(name, value);
  document.body.append(select);
  t.add_cleanup(() => select.remove());
  return select;
}

test((t) => {
  const select = setUp(t, {});
  const { height } = select.getBoundingClientRect();
  assert_true(height > 0);
  for (const el of select.querySelectorAll('option, optgroup')) {
    assert_equals(el.getClientRects().length, 0);
    assert_false(el.checkVisibility());
    assert_equals(el.offsetParent, null);
  }
  for (let i = 0; i < 50; i++) select.add(new Option('another ' + i));
  assert_equals(select.getBoundingClientRect().height, height, 'it is no higher for having more of them');
  assert_equals(select.options[0].innerText, 'one');
}, 'the options of a menu have no boxes');

test((t) => {
  for (const attributes of [{ multiple: '' }, { size: '4' }]) {
    const select = setUp(t, attributes);
    for (const el of select.options) {
      assert_true(el.getBoundingClientRect().height > 0);
      assert_true(el.checkVisibility());
    }
    assert_equals(select.innerText, 'one\ntwo');
  }
  const select = setUp(t, {});
  assert_equals(select.options[0].getClientRects().length, 0);
  select.size = 3;
  assert_equals(select.options[0].getClientRects().length, 1);
  select.removeAttribute('size');
  assert_equals(select.options[0].getClientRects().length, 0);
}, 'those of a list do');
