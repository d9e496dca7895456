// https://html.spec.whatwg.org/multipage/popover.html#popover-light-dismiss
// Presses of a person outside of open popovers and dialogs close them; events that scripts make do not.

import { HTML_NS } from '../dom/namespaces.js';
import { hasAttr } from '../dom/attributes.js';
import { boxOf } from '../css/cssom-view/geometry.js';
import { flatParent } from '../css/cssom/cascade.js';
import { closedByOf, openDialogsOf, requestCloseDialog } from './elements/HTMLDialogElement.js';
import { hidePopoversUntil, topmostClickedPopover } from './popover_stack.js';
import { isModalDialog, showingPopovers } from './top_layer.js';

class PressTargets {
  constructor() {
    this.doc = null;
    this.popover = null;           // popover pointerdown target
    this.dialog = null;            // dialog pointerdown target
  }
}

let pressed = new PressTargets();

// https://html.spec.whatwg.org/multipage/interactive-elements.html#nearest-clicked-dialog; the place is in the viewport
function nearestClickedDialog(target, x, y) {
  if (isOpenDialog(target) && isModalDialog(target)) {
    const box = boxOf(target);
    const { window } = target.doc;
    const left = box === null ? 0 : box.x - window.scrollX;
    const top = box === null ? 0 : box.y - window.scrollY;
    if (box === null || x < left || y < top || x > left + box.width || y > top + box.height) return null;
  }
  for (let at = target; at !== null && at !== undefined; at = flatParent(at)) if (isOpenDialog(at)) return at;
  return null;
}

function isOpenDialog(el) {
  return el.nodeType === 1 && el.localName === 'dialog' && el.namespace === HTML_NS && hasAttr(el, 'open');
}

// https://html.spec.whatwg.org/multipage/popover.html#run-light-dismiss-activities, at pointerdown
export function lightDismissPressed(target, x, y) {
  pressed = new PressTargets();
  pressed.doc = target.doc;
  if (showingPopovers(target.doc).length > 0) pressed.popover = topmostClickedPopover(target);
  if (openDialogsOf(target.doc).length > 0) pressed.dialog = nearestClickedDialog(target, x, y);
}

// ... and at pointerup
export function lightDismissReleased(target, x, y) {
  const { doc } = target;
  const before = pressed;
  pressed = new PressTargets();
  if (before.doc !== doc) return;
  if (showingPopovers(doc).length > 0) {
    const ancestor = topmostClickedPopover(target);
    if (ancestor === before.popover) hidePopoversUntil(ancestor ?? doc, false, true);
  }
  // https://html.spec.whatwg.org/multipage/interactive-elements.html#light-dismiss-open-dialogs
  const dialogs = openDialogsOf(doc);
  if (dialogs.length === 0) return;
  const ancestor = nearestClickedDialog(target, x, y);
  const topmost = dialogs[dialogs.length - 1];
  if (ancestor !== before.dialog || ancestor === topmost || closedByOf(topmost) !== 'any') return;
  requestCloseDialog(topmost, null, null);
}
