// https://html.spec.whatwg.org/multipage/interactive-elements.html
// details, summary and dialog.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, removeAttr, setAttr } from '../../dom/attributes.js';
import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { isConnected, nextInTree, rootOf } from '../../dom/tree.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { focusElement, isFocusableArea } from '../focus.js';
import { htmlElementInterface } from '../HTMLElement.js';
import { queueTask } from '../tasks.js';
import { hidePopoversFor } from '../popover.js';
import { enterModal, isModalDialog, isPopoverShowing, leaveModal } from '../top_layer.js';

// -- details -----------------------------------------------------------------------------------------------------------

// Also of dialogs: a toggle event that waits; a second change before it is fired makes one event of both.
class ToggleState {
  constructor() {
    this.pending = null;           // { oldState, cancelled }
    this.returnValue = '';
    this.previousFocus = null;
  }
}

function toggleCreated(el) {
  el.state = new ToggleState();
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#queue-a-details-toggle-event-task
function queueToggle(el, from, to) {
  const { state } = el;
  let oldState = from;
  if (state.pending !== null) {
    oldState = state.pending.oldState;
    state.pending.cancelled = true;
  }
  const mine = { __proto__: null, oldState, cancelled: false };
  state.pending = mine;
  queueTask(el.doc, () => {
    if (mine.cancelled) return;
    state.pending = null;
    fireEvent(el, 'toggle', { __proto__: null, interface: 'ToggleEvent', init: { __proto__: null, oldState, newState: to } });
  });
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#details-name-group: one open at a time
function forEachOpenOfGroup(el, visit) {
  const name = getAttr(el, 'name');
  if (name === null || name === '') return;
  const root = rootOf(el);
  const open = [];
  for (let node = root; node !== null; node = nextInTree(node, root)) {
    if (node !== el && node.nodeType === 1 && node.localName === 'details' && node.namespace === HTML_NS && getAttr(node, 'name') === name && hasAttr(node, 'open')) {
      open[open.length] = node;
    }
  }
  for (let i = 0; i < open.length; i++) visit(open[i]);
}

defineElement({
  __proto__: null,
  names: ['details'],
  created: toggleCreated,
  attributeChanged(el, name, oldValue, value, namespace) {
    if (namespace !== null) return;
    if (name === 'open') {
      if (oldValue === null && value !== null) {
        queueToggle(el, 'closed', 'open');
        forEachOpenOfGroup(el, (other) => removeAttr(other, 'open'));
      } else if (oldValue !== null && value === null) queueToggle(el, 'open', 'closed');
    } else if (name === 'name') closeIfTaken(el);
  },
  linked: closeIfTaken,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLDetailsElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute boolean open;
};
`, {}),
});

// https://html.spec.whatwg.org/multipage/interactive-elements.html#ensure-details-exclusivity-by-closing-the-given-element-if-needed
function closeIfTaken(el) {
  if (!hasAttr(el, 'open')) return;
  let taken = false;
  forEachOpenOfGroup(el, () => {
    taken = true;
  });
  if (taken) removeAttr(el, 'open');
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#summary-for-its-parent-details
function detailsOfSummary(el) {
  const { parent } = el;
  if (parent === null || parent.nodeType !== 1 || parent.localName !== 'details' || parent.namespace !== HTML_NS) return null;
  for (let node = parent.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === 'summary' && node.namespace === HTML_NS) return node === el ? parent : null;
  }
  return null;
}

defineElement({
  __proto__: null,
  names: ['summary'],
  iface: htmlElementInterface,
  activationBehavior(el) {
    const details = detailsOfSummary(el);
    if (details === null) return;
    if (hasAttr(details, 'open')) removeAttr(details, 'open');
    else setAttr(details, 'open', '');
  },
});

// -- dialog ------------------------------------------------------------------------------------------------------------

function beforeToggle(el, from, to, cancelable) {
  return fireEvent(el, 'beforetoggle', { __proto__: null, cancelable, interface: 'ToggleEvent', init: { __proto__: null, oldState: from, newState: to } });
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-focusing-steps
function focusDialog(el) {
  let target = null;
  if (hasAttr(el, 'autofocus')) target = el;
  else {
    for (let node = el.first; node !== null; node = nextInTree(node, el)) {
      if (node.nodeType !== 1 || !isFocusableArea(node, false)) continue;
      if (target === null) target = node;
      if (hasAttr(node, 'autofocus')) {
        target = node;
        break;
      }
    }
  }
  focusElement(target ?? el);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dom-dialog-show
function showDialog(self) {
  // 1-2.
  if (hasAttr(self, 'open')) {
    if (!isModalDialog(self)) return;
    throw domException('InvalidStateError', "Failed to execute 'show' on 'HTMLDialogElement': The dialog is already open as modal.");
  }
  // 3-4.
  if (!beforeToggle(self, 'closed', 'open', true) || hasAttr(self, 'open')) return;
  hidePopoversFor(self);
  openDialog(self);
}

function openDialog(self) {
  queueToggle(self, 'closed', 'open');
  setAttr(self, 'open', '');
  self.state.previousFocus = self.doc.focusedElement;
  focusDialog(self);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#show-a-modal-dialog
export function showModalDialog(self) {
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
  if (!beforeToggle(self, 'closed', 'open', true)) return;
  if (hasAttr(self, 'open') || !isConnected(self) || isPopoverShowing(self)) return;
  hidePopoversFor(self);
  enterModal(self);
  openDialog(self);
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#close-the-dialog
export function closeDialog(self, result) {
  // 1-4.
  if (!hasAttr(self, 'open')) return;
  beforeToggle(self, 'open', 'closed', false);
  if (!hasAttr(self, 'open')) return;
  queueToggle(self, 'open', 'closed');
  // 5-12.
  removeAttr(self, 'open');
  const modal = isModalDialog(self);
  if (modal) leaveModal(self);
  if (result !== null && result !== undefined) self.state.returnValue = result;
  const previous = self.state.previousFocus;
  self.state.previousFocus = null;
  if (previous !== null && (modal || containsFocus(self))) focusElement(previous);
  // 13.
  queueTask(self.doc, () => fireEvent(self, 'close'));
}

function containsFocus(self) {
  for (let node = self.doc.focusedElement; node !== null; node = node.parent) if (node === self) return true;
  return false;
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-request-close: what Escape does, too
export function requestCloseDialog(self, result) {
  if (!hasAttr(self, 'open')) return;
  if (fireEvent(self, 'cancel', { __proto__: null, cancelable: true })) closeDialog(self, result);
}

const CLOSED_BY = { __proto__: null, any: 'any', closerequest: 'closerequest', none: 'none' };

defineElement({
  __proto__: null,
  names: ['dialog'],
  created: toggleCreated,
  removed(el) {
    leaveModal(el);
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
    closedBy: {
      get: (self) => CLOSED_BY[lowerAscii(getAttr(self, 'closedby') ?? '')] ?? (isModalDialog(self) ? 'closerequest' : 'none'),
      set: (self, value) => setAttr(self, 'closedby', value),
    },
    show: showDialog,
    showModal: showModalDialog,
    close: closeDialog,
    requestClose: requestCloseDialog,
  }),
});
