// https://html.spec.whatwg.org/multipage/interaction.html#inert-subtrees, and focus across shadow trees
function build(markup) {
  const host = document.createElement('div');
  host.innerHTML = markup;
  document.body.prepend(host);
  return host;
}

test(() => {
  const host = build('<p><button>one</button></p><svg inert></svg>');
  const button = host.querySelector('button');
  const { x, y } = button.getBoundingClientRect();
  assert_equals(document.elementFromPoint(x + 1, y + 1), button);
  button.focus();
  assert_equals(document.activeElement, button);
  button.blur();
  host.firstChild.inert = true;
  assert_true(host.firstChild.hasAttribute('inert'));
  button.focus();
  assert_equals(document.activeElement, document.body);
  assert_not_equals(document.elementFromPoint(x + 1, y + 1), button);
  host.remove();
}, 'inert subtrees get no focus and no pointer');

test(() => {
  const host = build('<button>out</button><div inert><dialog><button>in</button><p inert><button>no</button></p></dialog></div>');
  const [outside, inside, inner] = host.querySelectorAll('button');
  host.querySelector('dialog').showModal();
  assert_equals(document.activeElement, inside);
  for (const other of [outside, inner]) {
    other.focus();
    assert_equals(document.activeElement, inside);
  }
  host.querySelector('dialog').close();
  outside.focus();
  assert_equals(document.activeElement, outside);
  host.remove();
}, 'a modal dialog makes the others inert, and escapes what its ancestors are');

test(() => {
  const host = build('');
  const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
  host.tabIndex = 0;
  host.focus();
  assert_equals(document.activeElement, document.body, 'nobody to delegate to');
  root.innerHTML = '<input><slot tabindex=0></slot>';
  host.focus();
  assert_equals(document.activeElement, host);
  assert_equals(root.activeElement, root.firstChild);
  assert_true(host.matches(':focus'));
  root.lastChild.focus();
  assert_equals(root.activeElement, root.firstChild, 'slots are not focusable');
  host.blur();
  assert_equals(root.activeElement, null);
  assert_false(host.matches(':focus'));
  host.remove();
}, 'hosts that delegate their focus');

test(() => {
  const host = build('<button>one</button><fieldset><input></fieldset><div popover><button>in</button></div><dialog><button>in</button></dialog>');
  const [button, , inner] = host.querySelectorAll('button');
  const focused = [];
  button.onblur = () => focused.push('blur');
  button.focus();
  button.disabled = true;
  assert_equals(document.activeElement, document.body, 'disabled');
  host.querySelector('input').focus();
  host.querySelector('fieldset').disabled = true;
  assert_equals(document.activeElement, document.body, 'in a disabled fieldset');
  button.disabled = false;
  button.focus();
  host.inert = true;
  assert_equals(document.activeElement, document.body, 'inert');
  host.inert = false;
  const popover = host.querySelector('[popover]');
  popover.showPopover();
  popover.firstChild.focus();
  popover.hidePopover();
  assert_equals(document.activeElement, document.body, 'in a popover that is hidden');
  host.querySelector('dialog').show();
  assert_equals(document.activeElement, inner.ownerDocument.querySelector('dialog button'));
  host.querySelector('dialog').close();
  assert_equals(document.activeElement, document.body, 'in a dialog that was closed');
  assert_array_equals(focused, [], 'no event tells of it');
  host.remove();
}, 'what cannot have the focus any more loses it');

test(() => {
  const host = build('<div style="visibility: hidden"><dialog>text</dialog></div>');
  const dialog = host.querySelector('dialog');
  dialog.showModal();
  assert_equals(getComputedStyle(dialog).visibility, 'visible');
  dialog.close();
  host.remove();
}, 'modal dialogs are visible');
