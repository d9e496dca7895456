// https://dom.spec.whatwg.org/#shadow-tree-slots
// Slots and what is assigned to them. Assignments of a shadow tree are worked out again when something that decides them changes.

import { HTML_NS } from './namespaces.js';
import { getAttr } from './attributes.js';
import { nextInTree, rootOf } from './tree.js';
import { observing, queueMutationMicrotask } from './mutation.js';
import { shadowTrees } from './ShadowRoot.js';

function isSlot(node) {
  return node.nodeType === 1 && node.localName === 'slot' && node.namespace === HTML_NS;
}

function isSlottable(node) {
  return node.nodeType === 1 || node.nodeType === 3 || node.nodeType === 4;
}

// https://dom.spec.whatwg.org/#find-a-slot
function findSlot(node) {
  const host = node.parent;
  if (host === null || host.nodeType !== 1 || host.shadow === null) return null;
  const root = host.shadow;
  if (root.slotAssignment === 'manual') {
    const slot = node.manualSlot;
    return slot !== null && rootOf(slot) === root ? slot : null;
  }
  const name = node.nodeType === 1 ? getAttr(node, 'slot') ?? '' : '';
  for (let at = root.first; at !== null; at = nextInTree(at, root)) if (isSlot(at) && (getAttr(at, 'name') ?? '') === name) return at;
  return null;
}

export function assignedSlotOf(node) {
  return node.assignedSlot;
}

// https://dom.spec.whatwg.org/#assign-slotables-for-a-tree
export function assignSlotsFor(root) {
  const { host } = root;
  const lists = [];
  for (let at = root.first; at !== null; at = nextInTree(at, root)) if (isSlot(at)) lists[lists.length] = { __proto__: null, slot: at, nodes: [] };
  for (let child = host.first; child !== null; child = child.next) {
    if (!isSlottable(child)) continue;
    const slot = findSlot(child);
    child.assignedSlot = slot;
    if (slot === null) continue;
    for (let i = 0; i < lists.length; i++) if (lists[i].slot === slot) lists[i].nodes[lists[i].nodes.length] = child;
  }
  for (let i = 0; i < lists.length; i++) {
    const { slot, nodes } = lists[i];
    if (!sameNodes(slot.state.assigned, nodes)) {
      slot.state.assigned = nodes;
      signalSlotChange(slot);
    }
  }
}

function sameNodes(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

// https://dom.spec.whatwg.org/#signal-a-slot-change
export function signalSlotChange(slot) {
  const list = observing.slotsToSignal;
  for (let i = 0; i < list.length; i++) if (list[i] === slot) return;
  list[list.length] = slot;
  queueMutationMicrotask();
}

export function insertedIntoShadowHost(node, host) {
  if (isSlottable(node)) assignSlotsFor(host.shadow);
  slotInserted(node, host);
}

export function removedFromShadowHost(node, host) {
  if (isSlottable(node)) {
    node.assignedSlot = null;
    assignSlotsFor(host.shadow);
  }
  slotRemoved(node, host);
}

// A subtree with slots came into a shadow tree, or left one.
export function slotInserted(node, parent) {
  if (shadowTrees.count === 0) return;
  const root = rootOf(parent);
  if (root.nodeType === 11 && root.isShadow && (hasSlot(node) || isSlot(parent))) assignSlotsFor(root);
}

export function slotRemoved(node, parent) {
  if (shadowTrees.count === 0) return;
  const root = rootOf(parent);
  if (root.nodeType !== 11 || !root.isShadow || !hasSlot(node)) return;
  for (let at = node; at !== null; at = nextInTree(at, node)) {
    if (isSlot(at) && at.state.assigned.length > 0) {
      at.state.assigned = [];
      signalSlotChange(at);
    }
  }
  assignSlotsFor(root);
}

function hasSlot(node) {
  for (let at = node; at !== null; at = nextInTree(at, node)) if (isSlot(at)) return true;
  return false;
}

export function attributeChangedForSlots(el, name) {
  if (shadowTrees.count === 0) return;
  if (name === 'slot') {
    if (el.parent !== null && el.parent.nodeType === 1 && el.parent.shadow !== null) assignSlotsFor(el.parent.shadow);
  } else if (isSlot(el)) {
    const root = rootOf(el);
    if (root.nodeType === 11 && root.isShadow) assignSlotsFor(root);
  }
}

// https://dom.spec.whatwg.org/#find-flattened-slotables
export function flattenedSlottables(slot) {
  const out = [];
  const root = rootOf(slot);
  if (root.nodeType !== 11 || !root.isShadow) return out;
  let nodes = slot.state.assigned;
  if (nodes.length === 0) {
    nodes = [];
    for (let child = slot.first; child !== null; child = child.next) if (isSlottable(child)) nodes[nodes.length] = child;
  }
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    const itsRoot = isSlot(node) ? rootOf(node) : null;
    if (itsRoot !== null && itsRoot.nodeType === 11 && itsRoot.isShadow) {
      const inner = flattenedSlottables(node);
      for (let j = 0; j < inner.length; j++) out[out.length] = inner[j];
    } else out[out.length] = node;
  }
  return out;
}
