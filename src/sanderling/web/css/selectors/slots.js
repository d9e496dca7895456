// https://dom.spec.whatwg.org/#find-a-slot: what ::slotted() and the flat tree ask.

import { assignedSlotOf } from '../../dom/slots.js';

// The slot that an element is assigned to, or null.
export function slotOf(el) {
  const parent = el.parent;
  if (parent === null || parent.nodeType !== 1 || parent.shadow === null) return null;
  return assignedSlotOf(el);
}
