// https://html.spec.whatwg.org/multipage/popover.html#topmost-popover-ancestor
// The stacks of auto and hint popovers: which stand on which, and what closes with what.

import { SafeMap } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { HTML_NS } from '../dom/namespaces.js';
import { hooks } from '../webidl/runtime.js';
import { flatParent } from '../css/cssom/cascade.js';
import { formOwner, isSubmitButton } from './forms/owner.js';
import { isDisabled } from './forms/states.js';
import { hidePopover, popoverState, popoverStateOf } from './popover.js';
import { isPopoverShowing, showingPopovers } from './top_layer.js';

// https://html.spec.whatwg.org/multipage/popover.html#showing-auto-popover-list and the list of hints
export function popoverList(doc, mode) {
  const all = showingPopovers(doc);
  const out = [];
  for (let i = 0; i < all.length; i++) if (popoverStateOf(all[i]).mode === mode) out[out.length] = all[i];
  return out;
}

export function lastOf(list) {
  return list.length === 0 ? null : list[list.length - 1];
}

function isIn(list, el) {
  for (let i = 0; i < list.length; i++) if (list[i] === el) return true;
  return false;
}

// https://html.spec.whatwg.org/multipage/popover.html#close-entire-popover-list
export function closePopoverList(doc, mode, restoresFocus, firesEvents) {
  for (let last = lastOf(popoverList(doc, mode)); last !== null; last = lastOf(popoverList(doc, mode))) {
    hidePopover(last, restoresFocus, firesEvents, false, null);
    // One whose events keep it open would keep this loop, too.
    if (lastOf(popoverList(doc, mode)) === last) return;
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#hide-all-popovers-until: `endpoint` is a document, or a popover that stays
export function hidePopoversUntil(endpoint, restoresFocus, firesEvents) {
  const doc = endpoint.nodeType === 9 ? endpoint : endpoint.doc;
  // 1-2.
  if (endpoint === doc) {
    closePopoverList(doc, 'hint', restoresFocus, firesEvents);
    closePopoverList(doc, 'auto', restoresFocus, firesEvents);
    return;
  }
  // 3-4.
  if (isIn(popoverList(doc, 'hint'), endpoint)) {
    hideStackUntil(endpoint, 'hint', restoresFocus, firesEvents);
    return;
  }
  // 5-7.
  closePopoverList(doc, 'hint', restoresFocus, firesEvents);
  if (isIn(popoverList(doc, 'auto'), endpoint)) hideStackUntil(endpoint, 'auto', restoresFocus, firesEvents);
}

// https://html.spec.whatwg.org/multipage/popover.html#hide-popover-stack-until
function hideStackUntil(endpoint, mode, restoresFocus, firesEvents) {
  const { doc } = endpoint;
  let fires = firesEvents;
  for (;;) {
    let list = popoverList(doc, mode);
    // 2.1-2.
    let lastToHide = null;
    for (let i = 0; i < list.length - 1; i++) if (list[i] === endpoint) lastToHide = list[i + 1];
    // 2.3-4.
    if (lastToHide === null) return;
    while (isPopoverShowing(lastToHide)) {
      const last = lastOf(popoverList(doc, mode));
      if (last === null) return;
      hidePopover(last, restoresFocus, fires, false, null);
      if (lastOf(popoverList(doc, mode)) === last) return;
    }
    // 2.5-6.
    list = popoverList(doc, mode);
    if (!isIn(list, endpoint) || lastOf(list) === endpoint) return;
    fires = false;
  }
}

// https://html.spec.whatwg.org/multipage/popover.html#topmost-popover-ancestor; `el` is a popover to be shown (`isPopover`), or a dialog
export function topmostPopoverAncestor(el, list, invoker, isPopover) {
  // 1-4.
  const positions = new SafeMap();
  for (let i = 0; i < list.length; i++) positions.set(list[i], i);
  if (isPopover) positions.set(el, list.length);
  // 5.
  let topmost = null;
  const check = (given) => {
    let candidate = given;
    let ancestor = null;
    for (let nests = false; !nests;) {
      if (candidate === null || candidate === undefined) return;
      ancestor = nearestOpenPopover(candidate);
      if (ancestor === null || !positions.has(ancestor)) return;
      nests = !isPopover || positions.get(el) > positions.get(ancestor);
      if (!nests) candidate = flatParent(ancestor);
    }
    if (topmost === null || positions.get(topmost) < positions.get(ancestor)) topmost = ancestor;
  };
  // 6-8.
  check(flatParent(el));
  check(invoker);
  return topmost;
}

function isStacked(el) {
  const state = popoverState(el);
  return (state === 'auto' || state === 'hint') && isPopoverShowing(el);
}

// https://html.spec.whatwg.org/multipage/popover.html#nearest-inclusive-open-popover
export function nearestOpenPopover(node) {
  for (let at = node; at !== null && at !== undefined; at = flatParent(at)) if (at.nodeType === 1 && at.namespace === HTML_NS && isStacked(at)) return at;
  return null;
}

// https://html.spec.whatwg.org/multipage/popover.html#popover-target-element
export function popoverTargetOf(node) {
  // 1.
  if (node.namespace !== HTML_NS || (node.localName !== 'button' && node.localName !== 'input')) return null;
  // 2-3.
  if (isDisabled(node) || (formOwner(node) !== null && isSubmitButton(node))) return null;
  // 4-6.
  const target = hooks.reflect.getElement(node, 'popovertarget');
  return target === null || popoverState(target) === null ? null : target;
}

// As in Chromium, a press on a button that commands a popover leaves that to the command.
function commandedPopover(node) {
  if (node.localName !== 'button' || node.namespace !== HTML_NS || getAttr(node, 'commandfor') === null || isDisabled(node)) return null;
  const target = hooks.reflect.getElement(node, 'commandfor');
  return target === null || popoverState(target) === null ? null : target;
}

// https://html.spec.whatwg.org/multipage/popover.html#topmost-clicked-popover
export function topmostClickedPopover(node) {
  // 1.
  const clicked = nearestOpenPopover(node);
  // 2: the nearest inclusive target popover
  let invoked = null;
  for (let at = node; at !== null && at !== undefined && invoked === null; at = flatParent(at)) {
    const target = at.nodeType === 1 ? popoverTargetOf(at) ?? commandedPopover(at) : null;
    if (target !== null && isStacked(target)) invoked = target;
  }
  // 3-4.
  const position = (popover) => {
    if (popover === null) return 0;
    const hints = popoverList(popover.doc, 'hint');
    const autos = popoverList(popover.doc, 'auto');
    for (let i = 0; i < hints.length; i++) if (hints[i] === popover) return autos.length + i + 1;
    for (let i = 0; i < autos.length; i++) if (autos[i] === popover) return i + 1;
    return 0;
  };
  return position(clicked) >= position(invoked) ? clicked : invoked;
}
