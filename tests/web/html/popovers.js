// https://html.spec.whatwg.org/multipage/popover.html and close watchers: what a page can do without a person

const frames = () => new Promise((resolve) => { setTimeout(resolve, 0); });

function popover(state, parent = document.body) {
  const el = document.createElement('div');
  if (state !== null) el.setAttribute('popover', state);
  el.textContent = 'x';
  parent.append(el);
  return el;
}
const shown = (...list) => list.map((el) => (el.matches(':popover-open') ? 1 : 0)).join('');

test((t) => {
  const [a, b] = [popover('auto'), popover('auto')];
  t.add_cleanup(() => { a.remove(); b.remove(); });
  a.showPopover();
  a.showPopover();
  assert_equals(shown(a, b), '10');
  b.showPopover();
  assert_equals(shown(a, b), '01');
  assert_throws_dom('NotSupportedError', () => document.body.showPopover());
  assert_throws_dom('InvalidStateError', () => document.createElement('p').appendChild(popover('auto', document.createElement('b'))).showPopover());
}, 'an auto popover closes the others; what is shown stays shown');

test((t) => {
  const outer = popover('auto');
  const inner = popover('auto', outer);
  const hint = popover('hint', inner);
  const manual = popover('manual');
  t.add_cleanup(() => { outer.remove(); manual.remove(); });
  for (const el of [manual, outer, inner, hint]) el.showPopover();
  assert_equals(shown(manual, outer, inner, hint), '1111');
  inner.hidePopover();
  assert_equals(shown(manual, outer, inner, hint), '1100');
  outer.removeAttribute('popover');
  assert_equals(shown(manual, outer), '10');
}, 'nested popovers stay with their ancestors and go with them');

test((t) => {
  const a = popover('auto');
  t.add_cleanup(() => a.remove());
  a.showPopover();
  a.remove();
  assert_false(a.matches(':popover-open'));
  document.body.append(a);
  assert_false(a.matches(':popover-open'));
  assert_true(a.togglePopover());
  assert_true(a.togglePopover(true));
  assert_false(a.togglePopover({ force: false }));
}, 'a popover that is removed is hidden; togglePopover says how it is');

promise_test(async (t) => {
  const a = popover('auto');
  const button = document.body.appendChild(document.createElement('button'));
  t.add_cleanup(() => { a.remove(); button.remove(); });
  button.popoverTargetElement = a;
  const log = [];
  for (const type of ['beforetoggle', 'toggle']) a.addEventListener(type, (event) => log.push(`${type} ${event.oldState} ${event.newState} ${event.cancelable} ${event.source === button}`));
  button.click();
  assert_equals(log.join(), 'beforetoggle closed open true true');
  button.click();
  await frames();
  assert_equals(log.join(), 'beforetoggle closed open true true,beforetoggle open closed false true,toggle closed closed false true');
}, 'events tell who opened it, and two changes make one toggle event');

test((t) => {
  const a = popover('auto');
  const before = document.body.appendChild(document.createElement('button'));
  t.add_cleanup(() => { a.remove(); before.remove(); });
  before.focus();
  a.addEventListener('beforetoggle', (event) => event.preventDefault(), { once: true });
  a.showPopover();
  assert_equals(shown(a), '0');
  a.innerHTML = '<button id=first>1</button><button autofocus id=second>2</button>';
  a.showPopover();
  assert_equals(document.activeElement.id, 'second');
  a.hidePopover();
  assert_equals(document.activeElement, before);
}, 'beforetoggle can keep it closed; it takes the focus where it is told to, and gives it back');

promise_test(async (t) => {
  const dialog = document.body.appendChild(document.createElement('dialog'));
  const a = popover('auto');
  t.add_cleanup(() => { dialog.remove(); a.remove(); });
  a.showPopover();
  dialog.showModal();
  assert_equals(shown(a), '0');
  assert_equals(document.activeElement, dialog);
  const log = [];
  for (const type of ['cancel', 'close']) dialog.addEventListener(type, () => log.push(type + ' ' + dialog.returnValue));
  dialog.addEventListener('cancel', (event) => event.preventDefault(), { once: true });
  dialog.requestClose('first');
  assert_true(dialog.open);
  dialog.requestClose('second');
  assert_false(dialog.open);
  await frames();
  assert_equals(log.join(), 'cancel ,cancel ,close second');
}, 'a modal dialog closes popovers; a request to close can be refused');

test(() => {
  const log = [];
  const watcher = new CloseWatcher();
  watcher.oncancel = (event) => log.push('cancel ' + event.cancelable);
  watcher.onclose = () => log.push('close');
  watcher.requestClose();
  watcher.requestClose();
  watcher.close();
  assert_equals(log.join(), 'cancel false,close');
  const controller = new AbortController();
  const other = new CloseWatcher({ signal: controller.signal });
  other.onclose = () => log.push('never');
  controller.abort();
  other.close();
  assert_equals(log.join(), 'cancel false,close');
}, 'a close watcher closes once, and not at all when it was aborted');
