// https://html.spec.whatwg.org/multipage/interaction.html#focus-update-steps
'use strict';

const element = (markup) => {
  document.body.insertAdjacentHTML('beforeend', markup);
  return document.body.lastElementChild;
};

promise_test(async () => {
  const [a, b] = [element('<button>a</button>'), element('<button>b</button>')];
  a.focus();
  const seen = [];
  for (const [one, type] of [[a, 'blur'], [a, 'focusout'], [b, 'focus'], [b, 'focusin']]) one.addEventListener(type, () => seen.push([type, document.activeElement]));
  b.focus();
  assert_array_equals(seen.map((one) => one[0]), ['blur', 'focusout', 'focus', 'focusin']);
  assert_array_equals(seen.map((one) => one[1]), [document.body, document.body, b, b]);
}, 'nothing has the focus while who had it is told');

promise_test(async () => {
  const [a, b, c] = [element('<button>a</button>'), element('<button>b</button>'), element('<button>c</button>')];
  a.focus();
  a.addEventListener('blur', () => c.focus(), { once: true });
  let focused = false;
  b.addEventListener('focus', () => { focused = true; });
  b.focus();
  assert_equals(document.activeElement, c);
  assert_false(focused);
  c.addEventListener('blur', () => b.remove(), { once: true });
  b.focus();
  assert_equals(document.activeElement, document.body);
}, 'a listener of blur may move the focus, or take away what was to have it');

promise_test(async () => {
  const frame = element('<iframe srcdoc="<input>"></iframe>');
  await new Promise((resolve) => { frame.onload = resolve; });
  const inner = frame.contentDocument;
  const outer = element('<button>a</button>');
  const field = inner.querySelector('input');
  field.focus();
  assert_equals(document.activeElement, frame);
  const seen = [];
  field.addEventListener('blur', () => seen.push('blur'));
  outer.focus();
  assert_array_equals(seen, ['blur']);
  assert_equals(inner.activeElement, inner.body);
  assert_equals(document.activeElement, outer);
}, 'what has the focus in a frame loses it to what is outside');

promise_test(async () => {
  const [button, field] = [element('<button>a</button>'), element('<input>')];
  button.focus({ focusVisible: true });
  assert_true(button.matches(':focus-visible'));
  button.focus({ focusVisible: false });
  assert_false(button.matches(':focus-visible'));
  field.focus({ focusVisible: false });
  assert_false(field.matches(':focus-visible'));
}, 'focusVisible says whether the focus is shown');

promise_test(async () => {
  const changes = [
    ['<button>a</button>', (el) => { el.hidden = true; }], ['<div tabindex=0>a</div>', (el) => el.removeAttribute('tabindex')],
    ['<div contenteditable>a</div>', (el) => { el.contentEditable = 'false'; }], ['<button>a</button>', (el) => { el.style.display = 'none'; }],
  ];
  for (const [markup, change] of changes) {
    const el = element(markup);
    el.focus();
    assert_equals(document.activeElement, el);
    const blurred = new Promise((resolve) => { el.onblur = resolve; });
    change(el);
    await blurred;
    assert_equals(document.activeElement, document.body);
  }
  const kept = element('<input class=a>');
  kept.focus();
  kept.className = 'b';
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  assert_equals(document.activeElement, kept);
}, 'what cannot have the focus any more is blurred at the next rendering');

promise_test(async () => {
  const frame = element('<iframe srcdoc="<iframe srcdoc=&quot;<input>&quot;></iframe>"></iframe>');
  await new Promise((resolve) => { frame.onload = resolve; });
  const middle = frame.contentDocument;
  const inner = middle.querySelector('iframe').contentDocument;
  const outer = element('<button>a</button>');
  const field = inner.querySelector('input');
  field.focus();
  assert_equals(document.activeElement, frame);
  const seen = [];
  field.addEventListener('blur', () => seen.push('blur'));
  outer.focus();
  assert_array_equals(seen, ['blur']);
  assert_equals(inner.activeElement, inner.body);
  assert_equals(document.activeElement, outer);
}, 'so does what has it in a frame of that frame');

promise_test(async () => {
  const frame = element('<iframe srcdoc="<input><input>"></iframe>');
  await new Promise((resolve) => { frame.onload = resolve; });
  const [first, second] = frame.contentDocument.querySelectorAll('input');
  first.focus();
  first.addEventListener('blur', () => frame.remove(), { once: true });
  let focused = false;
  second.addEventListener('focus', () => { focused = true; });
  second.focus();
  assert_false(focused);
  assert_false(frame.isConnected);
  assert_equals(document.activeElement, document.body);
}, 'a listener of blur may take away the frame');
