// https://html.spec.whatwg.org/multipage/popover.html

import { getAttr } from '../dom/attributes.js';
import { isConnected } from '../dom/tree.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { lowerAscii } from '../css/selectors/names.js';
import { enterPopovers, isPopoverShowing, leavePopovers, showingPopovers } from './top_layer.js';
import { queueTask } from './tasks.js';

// The state of the popover attribute: null, 'auto', 'manual' or 'hint'.
export function popoverState(el) {
  const value = getAttr(el, 'popover');
  if (value === null) return null;
  const lower = lowerAscii(value);
  if (lower === '' || lower === 'auto') return 'auto';
  return lower === 'hint' ? 'hint' : 'manual';
}

// https://html.spec.whatwg.org/multipage/popover.html#check-popover-validity
function check(el, showing) {
  if (popoverState(el) === null) throw domException('NotSupportedError', 'The element has no popover attribute.');
  if (isPopoverShowing(el) !== showing) return false;
  if (!isConnected(el)) throw domException('InvalidStateError', 'The element is not connected.');
  return true;
}

function toggleEvent(el, type, from, to, cancelable) {
  return fireEvent(el, type, { __proto__: null, cancelable, interface: 'ToggleEvent', init: { __proto__: null, oldState: from, newState: to } });
}

export function showPopover(el) {
  if (!check(el, false)) throw domException('InvalidStateError', 'The popover is already showing.');
  if (!toggleEvent(el, 'beforetoggle', 'closed', 'open', true)) return;
  if (!check(el, false)) return;
  // An auto popover closes the others that are no ancestors of it.
  if (popoverState(el) === 'auto') {
    const open = showingPopovers(el.doc);
    for (let i = open.length - 1; i >= 0; i--) if (popoverState(open[i]) === 'auto' && !popoverContains(open[i], el)) hidePopover(open[i]);
  }
  enterPopovers(el);
  queueTask(el.doc, () => toggleEvent(el, 'toggle', 'closed', 'open', false));
}

function popoverContains(ancestor, node) {
  for (let at = node; at !== null; at = at.parent) if (at === ancestor) return true;
  return false;
}

export function hidePopover(el) {
  if (!check(el, true)) return;
  toggleEvent(el, 'beforetoggle', 'open', 'closed', false);
  if (!isPopoverShowing(el)) return;
  leavePopovers(el);
  queueTask(el.doc, () => toggleEvent(el, 'toggle', 'open', 'closed', false));
}

export function togglePopover(el, force) {
  const showing = isPopoverShowing(el);
  if (showing && force !== true) hidePopover(el);
  else if (!showing && force !== false) showPopover(el);
  return isPopoverShowing(el);
}
