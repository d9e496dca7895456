// https://html.spec.whatwg.org/multipage/interactive-elements.html#the-dialog-element

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, removeAttr, setAttr } from '../../dom/attributes.js';
import { domException } from '../../dom/DOMException.js';
import { moving } from '../../dom/mutation.js';
import { fireEvent } from '../../dom/dispatch.js';
import { isConnected } from '../../dom/tree.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { destroyCloseWatcher, establishCloseWatcher, requestCloseOf } from '../close_watchers.js';
import { containsFocus, endAutofocus, fixUpClosedFocus, fixUpDisabledFocus, focusDelegate, focusDialogItself, focusElement } from '../focus.js';
import { hidePopoversUntil, popoverList, topmostPopoverAncestor } from '../popover_stack.js';
import { queueTask } from '../tasks.js';
import { fireToggleEvent, queueToggleEvent } from '../toggle_events.js';
import { enterModal, isModalDialog, isPopoverShowing, leaveModal } from '../top_layer.js';

class DialogState {
  constructor() {
    this.toggle = null;            // dialog toggle task tracker: { oldState, cancelled }
    this.returnValue = '';
    this.previousFocus = null;
    this.closeWatcher = null;
    this.requestValue = null;      // request close return value
    this.requestSource = null;     // request close source
    this.requested = false;        // enable close watcher for request close
  }
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-focusing-steps
function focusDialog(el) {
  // 1-3.
  const control = hasAttr(el, 'autofocus') ? el : focusDelegate(el);
  // 4-8: where there is nothing to focus in it, the dialog has the focus.
  if (control === null || !focusElement(control)) focusDialogItself(el);
  endAutofocus(el.doc);
  // What a modal dialog blocks from now on does not keep the focus.
  if (el.doc.focusedElement !== null) fixUpDisabledFocus(el.doc);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#open-dialogs-list, oldest first
export function openDialogsOf(doc) {
  return doc.openDialogs ?? NO_DIALOGS;
}

const NO_DIALOGS = [];

function withoutDialog(list, el) {
  const out = [];
  for (let i = 0; i < list.length; i++) if (list[i] !== el) out[out.length] = list[i];
  return out;
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-setup-steps
function setUpDialog(el) {
  const { doc, state } = el;
  if (doc.window === null || state.closeWatcher !== null) return;
  const open = withoutDialog(openDialogsOf(doc), el);
  open[open.length] = el;
  doc.openDialogs = open;
  // https://html.spec.whatwg.org/multipage/interactive-elements.html#set-the-dialog-close-watcher
  state.closeWatcher = establishCloseWatcher(
    doc.window,
    (canPreventClose) => fireEvent(el, 'cancel', { __proto__: null, cancelable: canPreventClose }),
    () => closeDialog(el, state.requestValue, state.requestSource),
    () => state.requested || closedByOf(el) !== 'none',
  );
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-cleanup-steps
function cleanUpDialog(el) {
  const { doc, state } = el;
  if (doc.openDialogs !== null) doc.openDialogs = withoutDialog(doc.openDialogs, el);
  const watcher = state.closeWatcher;
  state.closeWatcher = null;
  if (watcher !== null) destroyCloseWatcher(watcher);
}

// What `show` and `showModal` end with.
function openDialog(self) {
  setAttr(self, 'open', '');
  self.state.previousFocus = self.doc.focusedElement;
  // Steps 7-9 of `show`: the popovers that do not hold the dialog go.
  const { doc } = self;
  const ancestor = topmostPopoverAncestor(self, popoverList(doc, 'hint'), null, false) ?? topmostPopoverAncestor(self, popoverList(doc, 'auto'), null, false);
  hidePopoversUntil(ancestor ?? doc, false, true);
  focusDialog(self);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dom-dialog-show
function showDialog(self) {
  // 1-2.
  if (hasAttr(self, 'open')) {
    if (!isModalDialog(self)) return;
    throw domException('InvalidStateError', "Failed to execute 'show' on 'HTMLDialogElement': The dialog is already open as modal.");
  }
  // 3-4.
  if (!fireToggleEvent(self, 'beforetoggle', 'closed', 'open', null, true) || hasAttr(self, 'open')) return;
  // 5-.
  queueToggleEvent(self, self.state, 'closed', 'open', null);
  openDialog(self);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#show-a-modal-dialog
export function showModalDialog(self, source = null) {
  const wrong = (text) => domException('InvalidStateError', "Failed to execute 'showModal' on 'HTMLDialogElement': " + text);
  // 1-6.
  if (hasAttr(self, 'open')) {
    if (isModalDialog(self)) return;
    throw wrong('The dialog is already open as non-modal.');
  }
  if (self.doc.window === null) throw wrong('The document is not fully active.');
  if (!isConnected(self)) throw wrong('The element is not in a Document.');
  if (isPopoverShowing(self)) throw wrong('The dialog is already open as a popover.');
  // 7-10.
  if (!fireToggleEvent(self, 'beforetoggle', 'closed', 'open', source, true)) return;
  if (hasAttr(self, 'open') || !isConnected(self) || isPopoverShowing(self)) return;
  // 11-.
  queueToggleEvent(self, self.state, 'closed', 'open', source);
  enterModal(self);
  openDialog(self);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#close-the-dialog
export function closeDialog(self, result, source = null) {
  // 1-4.
  if (!hasAttr(self, 'open')) return;
  fireToggleEvent(self, 'beforetoggle', 'open', 'closed', source, false);
  if (!hasAttr(self, 'open')) return;
  queueToggleEvent(self, self.state, 'open', 'closed', source);
  // 5-10.
  removeAttr(self, 'open');
  const modal = isModalDialog(self);
  leaveModal(self);
  if (result !== null && result !== undefined) self.state.returnValue = result;
  self.state.requestValue = self.state.requestSource = null;
  // 11-12.
  const previous = self.state.previousFocus;
  self.state.previousFocus = null;
  if (previous !== null && (modal || containsFocus(self))) focusElement(previous);
  fixUpClosedFocus(self);
  // 13.
  queueTask(self.doc, () => fireEvent(self, 'close'));
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-request-close
export function requestCloseDialog(self, result, source = null) {
  // 1-2.
  const { state } = self;
  if (!hasAttr(self, 'open') || !isConnected(self) || self.doc.window === null || state.closeWatcher === null) return;
  // 3-8.
  state.requested = true;
  state.requestValue = result ?? null;
  state.requestSource = source;
  try {
    requestCloseOf(state.closeWatcher, false);
  } finally {
    state.requested = false;
  }
}

const CLOSED_BY = { __proto__: null, any: 'any', closerequest: 'closerequest', none: 'none' };

// https://html.spec.whatwg.org/multipage/interactive-elements.html#computed-closed-by-state
export function closedByOf(el) {
  return CLOSED_BY[lowerAscii(getAttr(el, 'closedby') ?? '')] ?? (isModalDialog(el) ? 'closerequest' : 'none');
}

defineElement({
  __proto__: null,
  names: ['dialog'],
  created(el) {
    el.state = new DialogState();
  },
  inserted(el) {
    if (moving.node === null && hasAttr(el, 'open')) setUpDialog(el);
  },
  removed(el) {
    if (moving.node !== null) return;
    if (hasAttr(el, 'open')) cleanUpDialog(el);
    leaveModal(el);
  },
  attributeChanged(el, name, old, value, namespace) {
    if (namespace !== null || name !== 'open' || (old === null) === (value === null)) return;
    if (value === null) cleanUpDialog(el);
    else if (isConnected(el)) setUpDialog(el);
  },
  iface: defineInterface(`
[Exposed=Window]
interface HTMLDialogElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean open;
  attribute DOMString returnValue;
  [CEReactions] attribute DOMString closedBy;
  [CEReactions] undefined show();
  [CEReactions] undefined showModal();
  [CEReactions] undefined close(optional DOMString returnValue);
  [CEReactions] undefined requestClose(optional DOMString returnValue);
};
`, {
    returnValue: { get: (self) => self.state.returnValue, set(self, value) { self.state.returnValue = value; } },
    closedBy: { get: closedByOf, set: (self, value) => setAttr(self, 'closedby', value) },
    show: showDialog,
    showModal: (self) => showModalDialog(self),
    close: (self, result) => closeDialog(self, result),
    requestClose: (self, result) => requestCloseDialog(self, result),
  }),
});
