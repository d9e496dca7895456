// https://html.spec.whatwg.org/multipage/popover.html
'use strict';

function popover(mode, parent = document.body) {
  const el = document.createElement('div');
  el.popover = mode;
  parent.append(el);
  return el;
}

const shows = (el) => el.matches(':popover-open');

test(() => {
  const outer = popover('auto');
  const inner = popover('auto', outer);
  const other = popover('auto');
  const manual = popover('manual');
  outer.showPopover();
  inner.showPopover();
  manual.showPopover();
  assert_array_equals([shows(outer), shows(inner), shows(manual)], [true, true, true]);
  other.showPopover();
  assert_array_equals([shows(outer), shows(inner), shows(other), shows(manual)], [false, false, true, true]);
  manual.remove();
  other.remove();
  assert_array_equals([shows(other), shows(manual)], [false, false]);
}, 'an auto popover closes those it does not stand in');

test(() => {
  const outer = popover('auto');
  const button = document.createElement('button');
  const target = popover('auto');
  outer.append(button);
  button.popoverTargetElement = target;
  outer.showPopover();
  button.click();
  assert_array_equals([shows(outer), shows(target)], [true, true]);
  button.click();
  assert_array_equals([shows(outer), shows(target)], [true, false]);
  outer.hidePopover();
}, 'who is shown by a button of a popover is nested in it');

promise_test(async () => {
  const el = popover('auto');
  const seen = [];
  const tell = (event) => seen.push(event.type + ' ' + event.oldState + ' ' + event.newState);
  el.addEventListener('beforetoggle', tell);
  el.addEventListener('toggle', tell);
  el.showPopover();
  el.hidePopover();
  await new Promise((resolve) => { el.addEventListener('toggle', resolve); });
  assert_array_equals(seen, ['beforetoggle closed open', 'beforetoggle open closed', 'toggle closed closed']);
}, 'toggle events that were not yet fired are one');

test(() => {
  const el = popover('auto');
  el.addEventListener('beforetoggle', (event) => event.preventDefault(), { once: true });
  el.showPopover();
  assert_false(shows(el));
  const other = popover('auto');
  other.showPopover();
  other.addEventListener('beforetoggle', () => { el.popover = 'manual'; }, { once: true });
  assert_throws_dom('InvalidStateError', () => el.showPopover());
  assert_array_equals([shows(el), shows(other)], [false, false]);
  el.popover = 'auto';
  el.addEventListener('beforetoggle', () => el.remove(), { once: true });
  assert_throws_dom('InvalidStateError', () => el.showPopover());
  el.removeAttribute('popover');
  assert_throws_dom('NotSupportedError', () => el.showPopover());
}, 'what listeners of beforetoggle change counts');

test(() => {
  const el = popover('auto');
  el.showPopover();
  el.showPopover();
  assert_true(shows(el));
  el.removeAttribute('popover');
  assert_false(shows(el));
  el.popover = 'auto';
  el.showPopover();
  el.setAttribute('popover', 'manual');
  assert_false(shows(el));
}, 'another state of the attribute hides');

test(() => {
  const before = document.createElement('button');
  const el = popover('auto');
  el.innerHTML = '<input><input autofocus id=wanted>';
  document.body.append(before);
  before.focus();
  el.showPopover();
  assert_equals(document.activeElement.id, 'wanted');
  el.hidePopover();
  assert_equals(document.activeElement, before);
}, 'the focus goes in and comes back');

test(() => {
  const el = popover('auto');
  el.showPopover();
  const dialog = document.createElement('dialog');
  document.body.append(dialog);
  dialog.showModal();
  assert_false(shows(el));
  dialog.popover = 'auto';
  assert_throws_dom('InvalidStateError', () => dialog.showPopover());
  dialog.close();
  dialog.showPopover();
  assert_equals(getComputedStyle(dialog).display, 'block');
  dialog.remove();
}, 'dialogs and popovers');
