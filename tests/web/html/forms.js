// https://html.spec.whatwg.org/multipage/forms.html
'use strict';

function form(html) {
  const el = document.createElement('form');
  el.innerHTML = html;
  return el;
}

function entries(el, submitter) {
  return Array.from(new FormData(el, submitter), ([name, value]) => name + '=' + (typeof value === 'string' ? value : value.name)).join('&');
}

test(() => {
  const el = form(`<input name=a value=1><input name=b type=checkbox checked><input name=c type=checkbox><input name=d type=radio value=x><input name=d type=radio value=y checked>
    <select name=e><option>1<option selected>2</select><select name=f multiple><option selected>1<option selected>2</select><textarea name=g>
t</textarea><input name=h disabled value=1><fieldset disabled><input name=i></fieldset><button name=j value=1>k</button><input value=unnamed><input type=file name=l>`);
  assert_equals(entries(el), 'a=1&b=on&d=y&e=2&f=1&f=2&g=t&l=');
  assert_equals(entries(el, el.querySelector('button')), 'a=1&b=on&d=y&e=2&f=1&f=2&g=t&j=1&l=');
}, 'the entry list');

test(() => {
  const el = form('<input name=a value=1><input type=checkbox name=b><select name=c><option>1<option>2</select><textarea name=d>x</textarea><output name=e>o</output>');
  el.elements.a.value = '2';
  el.elements.b.checked = true;
  el.elements.c.selectedIndex = 1;
  el.elements.d.value = 'y';
  el.elements.e.value = 'p';
  assert_equals(el.elements.a.getAttribute('value'), '1');
  el.reset();
  assert_array_equals([el.a.value, el.b.checked, el.c.value, el.d.value, el.e.value], ['1', false, '1', 'x', 'o']);
}, 'values and reset()');

test(() => {
  const el = form('<input name=r type=radio value=1><input name=r type=radio value=2 checked>');
  const group = el.elements.r;
  assert_class_string(group, 'RadioNodeList');
  assert_equals(group.value, '2');
  group.value = '1';
  assert_array_equals([group[0].checked, group[1].checked], [true, false]);
  group[1].click();
  assert_array_equals([group[0].checked, group[1].checked], [false, true]);
}, 'radio groups');

test(() => {
  const el = form('<input id=n type=number min=2 max=10 step=2><input id=e type=email><input id=p pattern="[a-z]+"><input id=r required>');
  const [n, e, p, r] = el.children;
  const cases = [[n, '3', 'stepMismatch'], [n, '1', 'rangeUnderflow'], [n, '12', 'rangeOverflow'], [n, '4', null], [e, 'x', 'typeMismatch'], [e, 'a@b.c', null], [p, 'A', 'patternMismatch'], [p, 'a', null], [r, '', 'valueMissing'], [r, 'x', null]];
  for (const [field, value, flag] of cases) {
    field.value = value;
    assert_equals(field.validity.valid, flag === null, field.id + ' ' + value);
    if (flag !== null) assert_true(field.validity[flag], field.id + ' ' + value);
  }
  n.value = 'abc';
  assert_equals(n.value, '');
  r.setCustomValidity('no');
  assert_true(r.validity.customError);
  assert_equals(r.validationMessage, 'no');
  let invalid = 0;
  r.addEventListener('invalid', () => invalid++);
  assert_false(el.checkValidity());
  assert_equals(invalid, 1);
}, 'validation');

test((t) => {
  const el = form('<input name=a required><button name=b value=1></button>');
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  const log = [];
  el.addEventListener('submit', (event) => {
    log.push(event.submitter === null ? 'none' : event.submitter.name);
    event.preventDefault();
  });
  el.requestSubmit();
  assert_array_equals(log, []);
  el.elements.a.value = 'x';
  el.requestSubmit();
  el.elements.b.click();
  assert_array_equals(log, ['none', 'b']);
  assert_throws_js(TypeError, () => el.requestSubmit(el));
}, 'submission asks listeners');

test((t) => {
  const root = document.createElement('div');
  root.innerHTML = '<label for=x>a</label><input id=x><label><input id=y type=checkbox></label>';
  document.body.append(root);
  t.add_cleanup(() => root.remove());
  const [first, x, second] = root.children;
  assert_equals(first.control, x);
  assert_array_equals(x.labels, [first]);
  assert_equals(second.control, second.firstChild);
  second.click();
  assert_true(second.firstChild.checked);
}, 'labels');

test(() => {
  const select = document.createElement('select');
  select.add(new Option('one', '1'));
  select.add(new Option('two', '2', true, true));
  assert_equals(select.value, '2');
  select.options.length = 1;
  assert_equals(select.value, '1');
  select[1] = new Option('three');
  assert_equals(select.length, 2);
  assert_equals(select.options[1].value, 'three');
  select.value = 'none';
  assert_equals(select.selectedIndex, -1);
  select.remove(0);
  assert_equals(select.options[0].text, 'three');
}, 'select and options');

test(() => {
  const input = document.createElement('input');
  input.value = 'abcdef';
  input.setSelectionRange(1, 3, 'forward');
  assert_array_equals([input.selectionStart, input.selectionEnd, input.selectionDirection], [1, 3, 'forward']);
  input.setRangeText('XYZ');
  assert_equals(input.value, 'aXYZdef');
  input.type = 'date';
  assert_equals(input.selectionStart, null);
  assert_throws_dom('InvalidStateError', () => input.setSelectionRange(0, 1));
  input.value = '2024-02-30';
  assert_equals(input.value, '');
  input.value = '2024-02-29';
  assert_equals(input.valueAsNumber, Date.UTC(2024, 1, 29));
  input.stepUp();
  assert_equals(input.value, '2024-03-01');
}, 'selection and dates of inputs');

test(() => {
  const cases = [
    ['input', ' ON\t', 'on'], ['input', 'off', 'off'], ['input', 'foo', ''], ['input', ' \n', ''], ['textarea', ' HOME\ntel', 'home tel'], ['textarea', 'home name', ''],
    ['select', '  section-FOO  bday', 'section-foo bday'], ['textarea', 'section-a shipping work tel webauthn', 'section-a shipping work tel webauthn'],
    ['select', 'foo section-bar billing work tel webauthn', ''], ['input', 'billing on', ''], ['input', 'webauthn', 'webauthn'],
  ];
  for (const [name, value, expected] of cases) {
    const el = document.createElement(name);
    el.autocomplete = value;
    assert_equals(el.getAttribute('autocomplete'), value);
    assert_equals(el.autocomplete, expected, value);
  }
  const hidden = document.createElement('input');
  hidden.type = 'hidden';
  hidden.autocomplete = 'on';
  assert_equals(hidden.autocomplete, '');
}, 'the autofill value that pages see');

test(() => {
  for (const name of ['input', 'textarea']) {
    const el = document.createElement(name);
    el.value = 'foobar';
    assert_equals(el.selectionEnd, 6);
    assert_equals(el.cloneNode(true).selectionEnd, 0, name);
  }
}, 'a clone begins with its cursor at the start');

test(() => {
  document.body.insertAdjacentHTML('beforeend', '<form id=f><input type=radio name=g id=r1><input type=radio name=g id=r2 required></form>');
  assert_true(r1.validity.valueMissing, 'one that is required makes all of its group so');
  r1.checked = true;
  assert_false(r2.validity.valueMissing);
  f.remove();
}, 'a required radio button makes its group required');

test(() => {
  const input = document.createElement('input');
  input.setCustomValidity('a\r\nb\rc');
  assert_equals(input.validationMessage, 'a\nb\nc');
}, 'newlines of custom validity messages are normalized');

test(() => {
  const option = new Option('text');
  option.setAttribute('label', '');
  assert_equals(option.label, '');
  const script = document.createElementNS('http://www.w3.org/1998/Math/MathML', 'script');
  script.textContent = 'more';
  option.append(' ', script, document.createElement('script'));
  assert_equals(option.text, 'text more');
}, 'labels and texts of options');

test(() => {
  document.body.insertAdjacentHTML('beforeend', '<label id=l for=c>label</label><input id=c><label id=m><input type=hidden id=h><button id=b></button></label>');
  l.focus();
  assert_equals(document.activeElement, c);
  let clicks = 0;
  b.onclick = () => clicks++;
  h.click();
  assert_equals(clicks, 1, 'a hidden input has no activation behavior');
  l.remove();
  c.remove();
  m.remove();
}, 'labels pass the focus on, and what hidden inputs get');

test(() => {
  const select = document.createElement('select');
  select.innerHTML = '<option>A</option><option selected>C</option>';
  const option = document.createElement('option');
  option.textContent = 'B';
  option.selected = true;
  select.prepend(option);
  assert_equals(select.value, 'B');
}, 'an option that comes in selected is the selected one');

test(() => {
  const input = document.createElement('input');
  input.type = 'radio';
  input.required = true;
  assert_true(input.validity.valid, 'it is in no group');
  input.name = 'x';
  assert_false(input.validity.valid);
  input.type = 'color';
  input.readOnly = true;
  assert_false(input.willValidate);
}, 'radio buttons without a name, and read-only inputs of any type');

test(() => {
  const form = document.createElement('form');
  form.innerHTML = '<input value=abc>';
  const [input] = form.elements;
  input.value = 'abcde';
  form.reset();
  assert_equals(input.selectionStart, 3);
}, 'resetting leaves the cursor within the value');

promise_test(async () => {
  const form = document.createElement('form');
  form.action = 'about:blank#sent';
  const frames = ['one', 'two'].map((name) => Object.assign(document.createElement('iframe'), { name }));
  document.body.append(form, ...frames);
  for (const { name } of frames) {
    form.target = name;
    form.submit();
  }
  const sent = () => frames.every((frame) => frame.contentWindow.location.href.includes('#sent'));
  while (!sent()) await new Promise((resolve) => setTimeout(resolve));
  for (const one of [form, ...frames]) one.remove();
}, 'a form is sent to several targets in one task');

test(() => {
  for (const name of ['button', 'select', 'output', 'fieldset', 'textarea', 'input']) {
    const control = document.createElement(name);
    control.setCustomValidity('');
    assert_equals(control.validationMessage, '', name);
  }
}, 'valid controls have no message');

test(() => {
  const form = document.createElement('form');
  form.innerHTML = '<input type=radio name=a><input type=radio name=a checked>';
  form.elements[0].checked = true;
  const { elements } = form.cloneNode(true);
  assert_true(elements[0].checked);
  assert_false(elements[1].checked);
}, 'clones of radio buttons are checked as these are');

test(() => {
  document.body.innerHTML = '<form id=named><input name=one><input name=two><img name=pic></form><input name=out form=named>';
  const form = document.getElementById('named');
  const { elements } = form;
  const names = (list) => Array.from(list, (el) => el.name).join();
  assert_equals(names(elements), 'one,two,out');
  assert_equals(form.one, elements.one);
  const { two } = form;
  two.name = 'one';
  assert_equals(form.one.length, 2);
  assert_equals(form.two, two, 'its past name');
  two.type = 'image';
  assert_equals(names(elements), 'one,out');
  assert_equals(form.one, elements[0]);
  two.type = 'text';
  assert_equals(names(elements), 'one,one,out');
  document.querySelector('[form]').setAttribute('form', 'nobody');
  assert_equals(names(elements), 'one,one');
  assert_equals(form.pic.localName, 'img');
  form.append(document.createElement('button'));
  assert_equals(elements.length, 3);
}, 'what a form calls its controls follows their names, types and owners');

test(() => {
  document.body.innerHTML = '<form><input type=radio name=g><input type=radio name=g></form><input type=radio name=g><input name=g type=checkbox>';
  const [first, second, outside, box] = document.querySelectorAll('input');
  for (const el of [first, second, outside, box]) el.checked = true;
  const state = () => [first, second, outside, box].map((el) => +el.checked).join('');
  assert_equals(state(), '0111');
  first.checked = true;
  assert_equals(state(), '1011');
  first.form.append(outside);
  assert_equals(state(), '0011', 'a checked one that comes into a group');
  outside.name = 'h';
  first.checked = true;
  assert_equals(state(), '1011');
  box.type = 'radio';
  first.form.append(box);
  assert_equals(state(), '0011');
}, 'groups of radio buttons follow trees, names, types and owners');

test(() => {
  const el = form('<input type=radio name=r checked>');
  assert_equals(el.elements.length, 1);
  el.elements[0].checked = true;
  const inputs = el.getElementsByTagName('input');
  assert_equals(inputs.length, 1);
  const other = document.implementation.createHTMLDocument();
  other.adoptNode(el);
  el.insertAdjacentHTML('beforeend', '<input type=radio name=r checked>');
  document.adoptNode(el);
  assert_equals(inputs.length, 2);
  assert_equals(el.elements.length, 2);
  assert_equals(el.elements.r.length, 2);
  inputs[0].checked = true;
  assert_false(inputs[1].checked);
}, 'what is known of a form that changed while it was in another document is forgotten');

test(() => {
  let seen = 0;
  const el = form('<x-forms-failing></x-forms-failing>');
  document.body.append(el);
  class Failing extends HTMLElement {
    static formAssociated = true;
    constructor() {
      super();
      seen = el.elements.length;
      throw new RangeError('no');
    }
  }
  addEventListener('error', (event) => event.preventDefault(), { once: true });
  customElements.define('x-forms-failing', Failing);
  assert_equals(seen, 1);
  assert_equals(el.elements.length, 0);
  el.remove();
}, 'what was a control only while it was being made is none');
