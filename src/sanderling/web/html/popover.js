// https://html.spec.whatwg.org/multipage/popover.html
// What a popover is, how it is shown and hidden. Which others that closes: popover_stack.js.

import { SafeWeakMap } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { domException } from '../dom/DOMException.js';
import { HTML_NS } from '../dom/namespaces.js';
import { isConnected } from '../dom/tree.js';
import { lowerAscii } from '../css/selectors/names.js';
import { destroyCloseWatcher, establishCloseWatcher } from './close_watchers.js';
import { autofocusDelegate, containsFocus, endAutofocus, fixUpClosedFocus, focusElement } from './focus.js';
import { closePopoverList, hidePopoversUntil, lastOf, popoverList, topmostPopoverAncestor } from './popover_stack.js';
import { fireToggleEvent, queueToggleEvent } from './toggle_events.js';
import { enterPopovers, isModalDialog, isPopoverShowing, leavePopovers } from './top_layer.js';

class PopoverState {
  constructor() {
    this.changing = false;         // popover showing or hiding
    this.mode = null;              // opened in popover mode: 'auto', 'hint' or null
    this.previousFocus = null;
    this.closeWatcher = null;
    this.toggle = null;            // toggle task tracker: { oldState, cancelled }
  }
}

const popoverStates = new SafeWeakMap();

export function popoverStateOf(el) {
  let state = popoverStates.get(el);
  if (state === undefined) popoverStates.set(el, state = new PopoverState());
  return state;
}

function stateOfValue(value) {
  if (value === null) return null;
  const lower = lowerAscii(value);
  if (lower === '' || lower === 'auto') return 'auto';
  return lower === 'hint' ? 'hint' : 'manual';
}

// The state of the popover attribute: null, 'auto', 'manual' or 'hint'.
export function popoverState(el) {
  return el.namespace === HTML_NS ? stateOfValue(getAttr(el, 'popover')) : null;
}

// https://html.spec.whatwg.org/multipage/popover.html#check-popover-validity
export function checkPopover(el, showing, throws, expectedDoc, ignoresDom = false) {
  // 1.
  if (!ignoresDom && popoverState(el) === null) {
    if (throws) throw domException('NotSupportedError', 'The element has no popover attribute.');
    return false;
  }
  // 2.
  if (isPopoverShowing(el) !== showing) return false;
  // 3.
  let problem = '';
  if (ignoresDom) return true;
  if (!isConnected(el)) problem = 'The element is not connected.';
  else if (el.doc.window === null) problem = "The element's document is not fully active.";
  else if (expectedDoc !== null && el.doc !== expectedDoc) problem = 'The element has moved to another document.';
  else if (isModalDialog(el)) problem = 'The element is a modal dialog.';
  if (problem === '') return true;
  if (throws) throw domException('InvalidStateError', problem);
  return false;
}

// https://html.spec.whatwg.org/multipage/popover.html#show-popover
export function showPopover(el, throws, invoker) {
  // 1.
  if (!checkPopover(el, false, throws, null)) return;
  // 2-8.
  const { doc } = el;
  const state = popoverStateOf(el);
  const nested = state.changing;
  state.changing = true;
  try {
    // 9-10.
    if (!fireToggleEvent(el, 'beforetoggle', 'closed', 'open', invoker, true)) return;
    if (!checkPopover(el, false, throws, doc)) return;
    // 11-15.
    let restoresFocus = false;
    const type = popoverState(el);
    let mode = null;
    if (type === 'auto' || type === 'hint') {
      const hintAncestor = topmostPopoverAncestor(el, popoverList(doc, 'hint'), invoker, true);
      const autoAncestor = topmostPopoverAncestor(el, popoverList(doc, 'auto'), invoker, true);
      // 16.
      if (type === 'auto') {
        closePopoverList(doc, 'hint', restoresFocus, !nested);
        hidePopoversUntil(autoAncestor ?? doc, restoresFocus, !nested);
        mode = 'auto';
      } else if (hintAncestor !== null) {
        hidePopoversUntil(hintAncestor, restoresFocus, !nested);
        mode = 'hint';
      } else {
        closePopoverList(doc, 'hint', restoresFocus, !nested);
        if (autoAncestor !== null) {
          hidePopoversUntil(autoAncestor, restoresFocus, !nested);
          mode = 'auto';
        } else mode = 'hint';
      }
      // 17.
      if (popoverState(el) !== type) {
        if (throws) throw domException('InvalidStateError', 'The popover attribute has changed.');
        return;
      }
      if (!checkPopover(el, false, throws, doc)) return;
      // The first of a stack gives the focus back when it goes.
      restoresFocus = lastOf(popoverList(doc, 'hint')) === null && lastOf(popoverList(doc, 'auto')) === null;
      state.mode = mode;
      state.closeWatcher = establishCloseWatcher(doc.window, () => true, () => hidePopover(el, true, true, false, null), () => true);
    }
    // 18-21.
    state.previousFocus = null;
    const focused = doc.focusedElement;
    enterPopovers(el);
    // 22-23.
    focusPopover(el);
    if (restoresFocus && popoverState(el) !== null) state.previousFocus = focused;
    // 24.
    queueToggleEvent(el, state, 'closed', 'open', invoker);
  } finally {
    if (!nested) state.changing = false;
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#popover-focusing-steps
function focusPopover(el) {
  const control = hasAttr(el, 'autofocus') ? el : autofocusDelegate(el);
  if (control === null) return;
  focusElement(control);
  endAutofocus(el.doc);
}

// https://html.spec.whatwg.org/multipage/popover.html#hide-popover-algorithm
// `ignoresDom`: it may be a popover no more, or be disconnected, and goes all the same.
export function hidePopover(el, restoresFocus, firesEvents, throws, source, ignoresDom = false) {
  // 1.
  if (!checkPopover(el, true, throws, null, ignoresDom)) return;
  // 2-6.
  const { doc } = el;
  const state = popoverStateOf(el);
  const nested = state.changing;
  state.changing = true;
  let fires = firesEvents && !nested;
  try {
    // 8-9.
    const wasLast = lastOf(popoverList(doc, 'auto')) === el;
    if (state.mode !== null) {
      hidePopoversUntil(el, restoresFocus, fires);
      if (!checkPopover(el, true, throws, null, ignoresDom)) return;
    }
    // 10-11.
    if (fires) {
      fireToggleEvent(el, 'beforetoggle', 'open', 'closed', source, false);
      if (wasLast && lastOf(popoverList(doc, 'auto')) !== el) hidePopoversUntil(el, restoresFocus, false);
      if (!checkPopover(el, true, throws, null, ignoresDom)) return;
    }
    // 12-14.
    leavePopovers(el);
    state.mode = null;
    // 15.
    if (fires) queueToggleEvent(el, state, 'open', 'closed', source);
    // 16-17.
    const previous = state.previousFocus;
    state.previousFocus = null;
    if (previous !== null && restoresFocus && containsFocus(el)) focusElement(previous);
    fixUpClosedFocus(el);
  } finally {
    // 7.
    if (!nested) state.changing = false;
    if (!isPopoverShowing(el) && state.closeWatcher !== null) {
      const watcher = state.closeWatcher;
      state.closeWatcher = null;
      destroyCloseWatcher(watcher);
    }
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#dom-togglepopover
export function togglePopover(el, force, invoker) {
  const showing = isPopoverShowing(el);
  if (showing && force !== true) hidePopover(el, true, true, true, null);
  else if (!showing && force !== false) showPopover(el, true, invoker);
  else checkPopover(el, showing, true, null);
  return isPopoverShowing(el);
}

// https://html.spec.whatwg.org/multipage/popover.html#the-popover-attribute, attribute change steps
export function popoverAttributeChanged(el, old, value) {
  if (el.namespace === HTML_NS && isPopoverShowing(el) && stateOfValue(old) !== stateOfValue(value)) hidePopover(el, true, true, false, null, true);
}

// https://html.spec.whatwg.org/multipage/infrastructure.html#html-elements-in-the-dom, removing steps
export function popoverRemoved(el) {
  hidePopover(el, false, false, false, null, true);
}
