// https://html.spec.whatwg.org/multipage/popover.html

import { SafeMap, SafeWeakMap } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { isConnected, nextInTree } from '../dom/tree.js';
import { treeWatch } from '../dom/mutation.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { flatParent } from '../css/cssom/cascade.js';
import { lowerAscii } from '../css/selectors/names.js';
import { focusElement, isFocusableArea } from './focus.js';
import { enterPopovers, isModalDialog, isPopoverShowing, leavePopovers, showingPopovers } from './top_layer.js';
import { queueTask } from './tasks.js';

class PopoverState {
  constructor() {
    this.changing = false;           // "popover showing or hiding"
    this.mode = null;                // "opened in popover mode": 'auto', 'hint', or null
    this.previousFocus = null;
    this.source = null;              // "popover trigger"
    this.toggle = null;              // "popover toggle task tracker": { oldState, dropped }
  }
}

const popoverStates = new SafeWeakMap();

function stateOf(el) {
  let state = popoverStates.get(el);
  if (state === undefined) {
    state = new PopoverState();
    popoverStates.set(el, state);
  }
  return state;
}

// The state of the popover attribute: null, 'auto', 'manual' or 'hint'.
export function popoverState(el) {
  return stateOfText(getAttr(el, 'popover'));
}

function stateOfText(value) {
  if (value === null) return null;
  const lower = lowerAscii(value);
  if (lower === '' || lower === 'auto') return 'auto';
  return lower === 'hint' ? 'hint' : 'manual';
}

// https://html.spec.whatwg.org/multipage/popover.html#check-popover-validity
function check(el, showing, throws, doc, anyState = false) {
  // 1.
  if (!anyState && popoverState(el) === null) {
    if (throws) throw domException('NotSupportedError', 'The element has no valid popover attribute.');
    return false;
  }
  // 2.
  if (isPopoverShowing(el) !== showing) return false;
  // 3.
  let wrong = null;
  if (!isConnected(el)) wrong = 'The element is not connected.';
  else if (el.doc.window === null) wrong = 'The document is not fully active.';
  else if (doc !== null && el.doc !== doc) wrong = 'The element was moved to another document.';
  else if (isModalDialog(el)) wrong = 'The element is open as a modal dialog.';
  if (wrong === null) return true;
  if (throws) throw domException('InvalidStateError', wrong);
  return false;
}

function fireToggle(el, type, oldState, newState, cancelable, source) {
  return fireEvent(el, type, { __proto__: null, cancelable, interface: 'ToggleEvent', init: { __proto__: null, oldState, newState, source } });
}

// https://html.spec.whatwg.org/multipage/popover.html#queue-a-popover-toggle-event-task
function queuePopoverToggle(el, oldState, newState, source) {
  const state = stateOf(el);
  const before = state.toggle;
  const task = { __proto__: null, oldState: before === null ? oldState : before.oldState, dropped: false };
  if (before !== null) before.dropped = true;
  state.toggle = task;
  queueTask(el.doc, () => {
    if (task.dropped) return;
    state.toggle = null;
    fireToggle(el, 'toggle', task.oldState, newState, false, source);
  });
}

// Those of one mode that show, oldest first.
function shownIn(doc, mode) {
  const all = showingPopovers(doc);
  const out = [];
  for (let i = 0; i < all.length; i++) if (stateOf(all[i]).mode === mode) out[out.length] = all[i];
  return out;
}

function topmostOf(doc) {
  const hints = shownIn(doc, 'hint');
  if (hints.length > 0) return hints[hints.length - 1];
  const autos = shownIn(doc, 'auto');
  return autos.length > 0 ? autos[autos.length - 1] : null;
}

// https://html.spec.whatwg.org/multipage/popover.html#show-popover
export function showPopover(el, source = null, throws = true) {
  // 1-5.
  if (!check(el, false, throws, null)) return;
  const { doc } = el;
  const state = stateOf(el);
  const nested = state.changing;
  state.changing = true;
  try {
    // 9-10.
    if (!fireToggle(el, 'beforetoggle', 'closed', 'open', true, source)) return;
    if (!check(el, false, throws, doc)) return;
    // 11-14.
    let restoresFocus = false;
    let mode = null;
    const type = popoverState(el);
    if (type !== 'manual') {
      if (type === 'auto') {
        closeList(doc, 'hint', false, !nested);
        hideAllUntil(doc, topmostAncestor(el, shownIn(doc, 'auto'), source), false, !nested);
        mode = 'auto';
      } else {
        const hintAncestor = topmostAncestor(el, shownIn(doc, 'hint'), source);
        if (hintAncestor !== null) {
          hideAllUntil(doc, hintAncestor, false, !nested);
          mode = 'hint';
        } else {
          closeList(doc, 'hint', false, !nested);
          const autoAncestor = topmostAncestor(el, shownIn(doc, 'auto'), source);
          if (autoAncestor !== null) hideAllUntil(doc, autoAncestor, false, !nested);
          mode = autoAncestor === null ? 'hint' : 'auto';
        }
      }
      if (popoverState(el) !== type) {
        if (throws) throw domException('InvalidStateError', 'The popover attribute was changed by an event listener.');
        return;
      }
      if (!check(el, false, throws, doc)) return;
      restoresFocus = topmostOf(doc) === null;
    }
    // 15-19.
    state.mode = mode;
    state.source = source;
    state.previousFocus = null;
    const focused = doc.focusedElement;
    enterPopovers(el);
    focusPopover(el);
    if (restoresFocus && popoverState(el) !== null) state.previousFocus = focused;
    // 20.
    queuePopoverToggle(el, 'closed', 'open', source);
  } finally {
    state.changing = nested;
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#hide-popover-algorithm
// `anyState`: also where the popover attribute is no more, since its removal is what hides.
export function hidePopover(el, focusPrevious = true, fires = true, throws = true, anyState = false) {
  // 1-3.
  if (!check(el, true, throws, null, anyState)) return;
  const { doc } = el;
  const state = stateOf(el);
  const nested = state.changing;
  state.changing = true;
  try {
    const firesNow = fires && !nested;
    // 6.
    if (state.mode !== null) {
      hideAllUntil(doc, el, focusPrevious, firesNow);
      if (!check(el, true, throws, null, anyState)) return;
    }
    // 7-8.
    const { source } = state;
    const last = state.mode === null ? null : lastOf(shownIn(doc, state.mode));
    if (firesNow) {
      fireToggle(el, 'beforetoggle', 'open', 'closed', false, source);
      if (last === el && lastOf(shownIn(doc, state.mode)) !== el) hideAllUntil(doc, el, focusPrevious, false);
      if (!check(el, true, throws, null, anyState)) return;
    }
    // 9-10.
    leavePopovers(el);
    state.mode = null;
    state.source = null;
    if (firesNow) queuePopoverToggle(el, 'open', 'closed', source);
    // 11.
    const previous = state.previousFocus;
    state.previousFocus = null;
    if (previous !== null && focusPrevious && doc.focusedElement !== null && isWithin(doc.focusedElement, el)) focusElement(previous);
  } finally {
    state.changing = nested;
  }
}

function lastOf(list) {
  return list.length === 0 ? null : list[list.length - 1];
}

// A shadow-including inclusive descendant.
function isWithin(node, ancestor) {
  for (let at = node; at !== null && at !== undefined; at = at.parent ?? at.host ?? null) if (at === ancestor) return true;
  return false;
}

// "Close entire popover list"
function closeList(doc, mode, focusPrevious, fires) {
  for (let list = shownIn(doc, mode); list.length > 0; list = shownIn(doc, mode)) {
    const top = list[list.length - 1];
    hidePopover(top, focusPrevious, fires, false);
    if (isPopoverShowing(top) && stateOf(top).mode === mode) {
      // Its hiding is under way further up.
      return;
    }
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#hide-all-popovers-until; `endpoint`: an element, or null for the document
export function hideAllUntil(doc, endpoint, focusPrevious, fires) {
  if (endpoint === null) {
    closeList(doc, 'hint', focusPrevious, fires);
    closeList(doc, 'auto', focusPrevious, fires);
    return;
  }
  if (!isPopoverShowing(endpoint)) return;
  if (stateOf(endpoint).mode === 'hint') {
    hideStackUntil(doc, endpoint, 'hint', focusPrevious, fires);
    return;
  }
  closeList(doc, 'hint', focusPrevious, fires);
  if (stateOf(endpoint).mode === 'auto') hideStackUntil(doc, endpoint, 'auto', focusPrevious, fires);
}

// https://html.spec.whatwg.org/multipage/popover.html#hide-popover-stack-until
function hideStackUntil(doc, endpoint, mode, focusPrevious, fires) {
  let firesNow = fires;
  for (;;) {
    let list = shownIn(doc, mode);
    let at = 0;
    while (at < list.length && list[at] !== endpoint) at++;
    if (at + 1 >= list.length) return;
    const lastToHide = list[at + 1];
    while (isPopoverShowing(lastToHide)) {
      list = shownIn(doc, mode);
      if (list.length === 0) break;
      const top = list[list.length - 1];
      hidePopover(top, focusPrevious, firesNow, false);
      if (isPopoverShowing(top) && lastOf(shownIn(doc, mode)) === top) return;
    }
    const rest = shownIn(doc, mode);
    let holds = false;
    for (let i = 0; i < rest.length; i++) holds = holds || rest[i] === endpoint;
    if (!holds || lastOf(rest) === endpoint) return;
    firesNow = false;
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#topmost-popover-ancestor
function topmostAncestor(el, list, source) {
  const positions = new SafeMap();
  for (let i = 0; i < list.length; i++) positions.set(list[i], i);
  let best = null;
  const consider = (candidate) => {
    for (let at = candidate; at !== null && at !== undefined; at = flatParent(at)) {
      if (!positions.has(at) || at === el) continue;
      if (best === null || positions.get(best) < positions.get(at)) best = at;
      return;
    }
  };
  consider(flatParent(el));
  consider(source);
  return best;
}

// Before a modal dialog shows: what it does not stand in goes.
export function hidePopoversFor(el) {
  const hint = topmostAncestor(el, shownIn(el.doc, 'hint'), null);
  hideAllUntil(el.doc, hint ?? topmostAncestor(el, shownIn(el.doc, 'auto'), null), false, true);
}

// https://html.spec.whatwg.org/multipage/popover.html#popover-focusing-steps
function focusPopover(el) {
  if (hasAttr(el, 'autofocus') && isFocusableArea(el, false)) {
    focusElement(el);
    return;
  }
  const dialog = el.localName === 'dialog' && el.namespace === HTML_NS;
  let first = null;
  for (let node = el.first; node !== null; node = nextInTree(node, el)) {
    if (node.nodeType !== 1 || !isFocusableArea(node, false)) continue;
    if (hasAttr(node, 'autofocus')) {
      focusElement(node);
      return;
    }
    if (first === null) first = node;
  }
  // A dialog gets its own focusing steps: any focusable area will do.
  if (dialog) focusElement(first ?? el);
}

export function togglePopover(el, force, source) {
  const showing = isPopoverShowing(el);
  if (showing && force !== true) hidePopover(el);
  else if (!showing && force !== false) showPopover(el, source ?? null);
  else check(el, showing, true, null);
  return isPopoverShowing(el);
}

// https://html.spec.whatwg.org/multipage/popover.html#light-dismiss-open-popovers
export function lightDismiss(doc, target, pressed) {
  const layer = doc.topLayer ?? null;
  if (layer === null || topmostOf(doc) === null) return;
  const clicked = topmostClicked(doc, target);
  if (pressed) {
    layer.pressedPopover = clicked;
    return;
  }
  const same = layer.pressedPopover === clicked;
  layer.pressedPopover = null;
  if (same) hideAllUntil(doc, clicked, false, true);
}

// https://html.spec.whatwg.org/multipage/popover.html#topmost-clicked-popover
function topmostClicked(doc, target) {
  let open = null;
  let aimed = null;
  for (let at = target; at !== null && at !== undefined; at = flatParent(at)) {
    if (at.nodeType !== 1) continue;
    if (open === null && isPopoverShowing(at) && stateOf(at).mode !== null) open = at;
    if (aimed === null) {
      const goal = popoverTargets.of(at);
      if (goal !== null && isPopoverShowing(goal) && stateOf(goal).mode !== null) aimed = goal;
    }
  }
  if (open === null || aimed === null) return open ?? aimed;
  return stackPosition(doc, open) > stackPosition(doc, aimed) ? open : aimed;
}

function stackPosition(doc, el) {
  const autos = shownIn(doc, 'auto');
  const hints = shownIn(doc, 'hint');
  for (let i = 0; i < hints.length; i++) if (hints[i] === el) return autos.length + i + 1;
  for (let i = 0; i < autos.length; i++) if (autos[i] === el) return i + 1;
  return 0;
}

// Set by forms: the popover that a button or input has as its target, or null.
export const popoverTargets = { __proto__: null, of: () => null };

// Escape, as a close request: whether something was closed.
export function closeTopmostPopover(doc) {
  const top = topmostOf(doc);
  if (top === null) return false;
  hidePopover(top, true, true, false);
  return true;
}

// https://html.spec.whatwg.org/multipage/popover.html: the HTML element removing steps, and the popover attribute's change steps
export function popoverRemoved(el) {
  if (isPopoverShowing(el)) hideRemoved(el);
}

// Out of the tree its validity is no matter any more, and nothing is fired.
function hideRemoved(el) {
  const state = stateOf(el);
  if (state.mode !== null) hideAllUntil(el.doc, el, false, false);
  leavePopovers(el);
  state.mode = null;
  state.source = null;
  state.previousFocus = null;
}

export function popoverAttributeChanged(el, oldValue) {
  if (isPopoverShowing(el) && popoverState(el) !== stateOfText(oldValue)) hidePopover(el, true, true, false, true);
}
