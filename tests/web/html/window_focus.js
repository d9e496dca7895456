// https://html.spec.whatwg.org/multipage/interaction.html#focus-update-steps

function framed(markup) {
  const frame = document.body.appendChild(document.createElement('iframe'));
  frame.srcdoc = markup;
  return new Promise((done) => { frame.onload = () => done(frame); });
}

promise_test(async () => {
  const input = document.body.appendChild(document.createElement('input'));
  const frame = await framed('<input>');
  const inner = frame.contentWindow;
  const log = [];
  const watch = (target, name) => ['focus', 'blur'].forEach((type) => target.addEventListener(type, (e) => {
    if (e.target === e.currentTarget) log.push(name + ' ' + type);
  }));
  watch(window, 'window');
  watch(inner, 'inner');
  watch(input, 'input');
  input.focus();
  assert_array_equals(log.splice(0), ['input focus']);
  frame.focus();
  assert_array_equals(log.splice(0), ['input blur', 'window blur', 'inner focus']);
  frame.focus();
  inner.focus();
  assert_array_equals(log.splice(0), []);
  assert_equals(document.activeElement, frame);
  window.focus();
  assert_array_equals(log.splice(0), ['inner blur', 'window focus']);
  assert_equals(document.activeElement, document.body);
  inner.focus();
  assert_array_equals(log.splice(0), ['window blur', 'inner focus']);
  assert_equals(document.activeElement, frame);
  input.focus();
  assert_array_equals(log.splice(0), ['inner blur', 'window focus', 'input focus']);
  inner.document.querySelector('input').focus();
  assert_equals(document.activeElement, frame);
  assert_array_equals(log.splice(0).sort(), ['inner focus', 'input blur', 'window blur']);
  inner.document.querySelector('input').blur();
  assert_equals(document.activeElement, frame);
  assert_array_equals(log.splice(0), []);
}, 'the windows around what has the focus');
