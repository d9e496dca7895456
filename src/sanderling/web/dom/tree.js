// https://dom.spec.whatwg.org/#mutation-algorithms
// Inserting, removing, adopting, replacing; and the walks that everything else uses.

import { hideNonce } from '../html/nonce.js';
import { sheetsMoved } from '../css/cssom/CSSStyleSheet.js';
import { motion } from '../css/animations/motion.js';
import { motionInserted } from '../css/animations/watch.js';
import { fixUpFocus } from '../html/focus.js';
import { domException } from './DOMException.js';
import { CONNECTED, IN_DOCUMENT, TREE_FLAGS } from './node.js';
import { createText } from './create.js';
import { shadowTrees } from './ShadowRoot.js';
import { addId, removeId, SharedId } from './attributes.js';
import { moving, observing, queueTreeRecord } from './mutation.js';
import { iteratorsBeforeRemoving, rangesAfterAdopting, rangesAfterInserting, rangesBeforeRemoving } from './live_ranges.js';
import { assignSlotsFor, insertedIntoShadowHost, removedFromShadowHost, slotInserted, slotRemoved } from './slots.js';
import { hooks } from '../webidl/runtime.js';
import { customConnected, customDisconnected, customAdopted } from '../html/custom_elements.js';
import { popoverRemoved } from '../html/popover.js';
import { isFullscreen, isPopoverShowing } from '../html/top_layer.js';
import { fullscreenRemoved } from '../fullscreen/fullscreen.js';
import { markChildren, markNode } from '../css/cssom/style_marks.js';

// -- walks -------------------------------------------------------------------------------------------------------------

// The node after `node` in tree order, within the tree below `root`; null at the end.
export function nextInTree(node, root) {
  if (node.first !== null) return node.first;
  let at = node;
  while (at !== root) {
    if (at.next !== null) return at.next;
    at = at.parent;
  }
  return null;
}

// The node after `node` and everything in it.
export function nextSkippingChildren(node, root) {
  let at = node;
  while (at !== root && at !== null) {
    if (at.next !== null) return at.next;
    at = at.parent;
  }
  return null;
}

export function rootOf(node) {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

export function isConnected(node) {
  return (node.flags & CONNECTED) !== 0;
}

// https://dom.spec.whatwg.org/#concept-shadow-including-root
export function shadowIncludingRoot(node) {
  let root = rootOf(node);
  while (root.nodeType === 11 && root.isShadow) root = rootOf(root.host);
  return root;
}

export function isInclusiveAncestor(ancestor, node) {
  for (let at = node; at !== null; at = at.parent) if (at === ancestor) return true;
  return false;
}

// https://dom.spec.whatwg.org/#concept-tree-host-including-inclusive-ancestor
export function isHostIncludingInclusiveAncestor(ancestor, node) {
  for (let at = node; at !== null; at = at.parent === null && at.nodeType === 11 ? at.host : at.parent) if (at === ancestor) return true;
  return false;
}

export function indexOfNode(node) {
  let index = 0;
  for (let at = node.prev; at !== null; at = at.prev) index++;
  return index;
}

export function childCount(node) {
  let count = 0;
  for (let at = node.first; at !== null; at = at.next) count++;
  return count;
}

export function childAt(node, index) {
  let at = node.first;
  for (let i = 0; i < index && at !== null; i++) at = at.next;
  return at;
}

// https://dom.spec.whatwg.org/#concept-node-length
export function nodeLength(node) {
  switch (node.nodeType) {
    case 10: case 2: return 0;
    case 3: case 4: case 7: case 8: return node.data.length;
    default: return childCount(node);
  }
}

export function nextElement(node) {
  let at = node.next;
  while (at !== null && at.nodeType !== 1) at = at.next;
  return at;
}

export function previousElement(node) {
  let at = node.prev;
  while (at !== null && at.nodeType !== 1) at = at.prev;
  return at;
}

export function firstElement(node) {
  let at = node.first;
  while (at !== null && at.nodeType !== 1) at = at.next;
  return at;
}

export function lastElement(node) {
  let at = node.last;
  while (at !== null && at.nodeType !== 1) at = at.prev;
  return at;
}

export function isTextNode(node) {
  return node.nodeType === 3 || node.nodeType === 4;
}

// https://dom.spec.whatwg.org/#concept-child-text-content
export function childTextContent(node) {
  let text = '';
  for (let child = node.first; child !== null; child = child.next) if (isTextNode(child)) text += child.data;
  return text;
}

// https://dom.spec.whatwg.org/#concept-descendant-text-content
export function descendantTextContent(node) {
  const { first } = node;
  if (first !== null && first.next === null && isTextNode(first)) return first.data;
  let text = '';
  for (let at = first; at !== null; at = nextInTree(at, node)) if (isTextNode(at)) text += at.data;
  return text;
}

// -- validity ----------------------------------------------------------------------------------------------------------

function hierarchyError(message) {
  return domException('HierarchyRequestError', message);
}

function hasElementChildExcept(doc, except) {
  for (let node = doc.first; node !== null; node = node.next) if (node.nodeType === 1 && node !== except) return true;
  return false;
}

function hasDoctypeExcept(doc, except) {
  for (let node = doc.first; node !== null; node = node.next) if (node.nodeType === 10 && node !== except) return true;
  return false;
}

function doctypeFollows(child) {
  for (let node = child.next; node !== null; node = node.next) if (node.nodeType === 10) return true;
  return false;
}

function elementPrecedes(child) {
  for (let node = child.prev; node !== null; node = node.prev) if (node.nodeType === 1) return true;
  return false;
}

// https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity, and the variant of "replace": `replacing` is the child to go.
export function ensureInsertable(node, parent, child, replacing) {
  const kind = parent.nodeType;
  // 1.
  if (kind !== 1 && kind !== 11 && kind !== 9) throw hierarchyError('This node type does not support this method.');
  // 2.
  if (node.first !== null || node.nodeType === 11 || parent === node) {
    if (isHostIncludingInclusiveAncestor(node, parent)) throw hierarchyError('The new child element contains the parent.');
  }
  // 3.
  if (child !== null && child.parent !== parent) {
    throw domException('NotFoundError', 'The node before which the new node is to be inserted is not a child of this node.');
  }
  // 4-5.
  const type = node.nodeType;
  if (type === 9 || type === 2) throw hierarchyError('Nodes of this type may not be inserted inside nodes of this type.');
  if (kind !== 9) {
    if (type === 10) throw hierarchyError('A doctype may only be inserted into a document.');
    return;
  }
  if (type === 3 || type === 4) throw hierarchyError('Text may not be inserted into a document.');
  // 6.
  const gone = replacing === true ? child : null;
  const ahead = replacing === true ? null : child;
  if (type === 11) {
    let elements = 0;
    for (let at = node.first; at !== null; at = at.next) {
      if (at.nodeType === 1) elements++;
      else if (isTextNode(at)) throw hierarchyError('Text may not be inserted into a document.');
    }
    if (elements > 1) throw hierarchyError('Only one element on document allowed.');
    if (elements === 1) checkElement(parent, child, gone, ahead);
  } else if (type === 1) {
    checkElement(parent, child, gone, ahead);
  } else if (type === 10) {
    if (hasDoctypeExcept(parent, gone) || (child !== null && elementPrecedes(child)) || (child === null && hasElementChildExcept(parent, null))) {
      throw hierarchyError('A doctype may not be inserted here.');
    }
  }
}

function checkElement(parent, child, gone, ahead) {
  if (hasElementChildExcept(parent, gone)) throw hierarchyError('Only one element on document allowed.');
  if ((ahead !== null && ahead.nodeType === 10) || (child !== null && doctypeFollows(child))) throw hierarchyError('An element may not precede a doctype.');
}

// -- insertion ---------------------------------------------------------------------------------------------------------

function link(node, parent, before) {
  node.parent = parent;
  if (before === null) {
    const { last } = parent;
    node.prev = last;
    if (last === null) parent.first = node;
    else last.next = node;
    parent.last = node;
  } else {
    const { prev } = before;
    node.prev = prev;
    node.next = before;
    before.prev = node;
    if (prev === null) parent.first = node;
    else prev.next = node;
  }
}

function unlink(node, parent) {
  const { prev, next } = node;
  if (prev === null) parent.first = next;
  else prev.next = next;
  if (next === null) parent.last = prev;
  else next.prev = prev;
  node.parent = null;
  node.prev = null;
  node.next = null;
}

// Nodes whose post-connection steps are still to run; scripts may insert more meanwhile.
let connectedNow = null;

// `node` and what is below it became connected, or moved into another kind of tree.
function connect(node, flags) {
  const { doc } = node;
  const hides = doc.hidesNonces && (flags & CONNECTED) !== 0;
  for (let at = node; at !== null; at = nextInTree(at, node)) {
    at.flags = flags;
    if (at.nodeType !== 1) continue;
    if (at.elementId !== null && (flags & IN_DOCUMENT) !== 0) addId(doc, at.elementId, at);
    const { def } = at;
    if (def !== null) {
      if (def.inserted !== null && (flags & CONNECTED) !== 0) def.inserted(at);
      if (def.postConnected !== null && (flags & CONNECTED) !== 0) (connectedNow ?? (connectedNow = []))[connectedNow.length] = at;
    }
    if (hooks.ceActive && (flags & CONNECTED) !== 0) customConnected(at);
    if (hides) hideNonce(at);
    if (at.shadow !== null) connect(at.shadow, flags & CONNECTED);
  }
}

function disconnect(node, oldParent) {
  const { doc } = node;
  for (let at = node; at !== null; at = nextInTree(at, node)) {
    const { flags } = at;
    at.flags = 0;
    if (at.nodeType !== 1) continue;
    if (at.elementId !== null && (flags & IN_DOCUMENT) !== 0) removeId(doc, at.elementId, at);
    if ((flags & CONNECTED) !== 0) {
      const { def } = at;
      if (def !== null && def.removed !== null) def.removed(at, at === node ? oldParent : null);
      if (doc.topLayer !== null && moving.node === null) {
        if (isPopoverShowing(at)) popoverRemoved(at);
        if (isFullscreen(at)) fullscreenRemoved(at);
      }
      if (at.custom !== null) customDisconnected(at);
    }
    if (at.shadow !== null) disconnect(at.shadow, null);
  }
}

// Post-connection steps, outside of every tree operation.
function runPostConnected() {
  const list = connectedNow;
  connectedNow = null;
  for (let i = 0; i < list.length; i++) {
    const el = list[i];
    if ((el.flags & CONNECTED) !== 0) el.def.postConnected(el);
  }
}

// https://dom.spec.whatwg.org/#concept-node-insert; `before` is a child of `parent`, or null.
export function insertNode(node, parent, before, suppress, quietly) {
  const { doc } = parent;
  let nodes = null;
  if (node.nodeType === 11) {
    // 1-4. A fragment gives its children away.
    if (node.first === null) return;
    nodes = [];
    for (let at = node.first; at !== null; at = at.next) nodes[nodes.length] = at;
    detachAll(node);
    if (observing.count > 0) queueTreeRecord(node, [], nodes, null, null);
  }
  const previous = before === null ? parent.last : before.prev;
  if (doc.ranges.length > 0 && before !== null) rangesAfterInserting(parent, before, nodes === null ? 1 : nodes.length);
  if (nodes === null) {
    if (node.doc !== doc) adoptNode(node, doc);
    attach(node, parent, before, quietly);
  } else {
    for (let i = 0; i < nodes.length; i++) {
      if (nodes[i].doc !== doc) adoptNode(nodes[i], doc);
      attach(nodes[i], parent, before, false);
    }
  }
  doc.version++;
  doc.treeVersion++;
  parent.childVersion++;
  if (nodes === null) markNode(node);
  else for (let i = 0; i < nodes.length; i++) markNode(nodes[i]);
  markChildren(parent, previous, before, nodes !== null || node.nodeType === 1);
  if (suppress !== true && observing.count > 0) queueTreeRecord(parent, nodes ?? [node], [], previous, before);
  if (parent.nodeType === 1 && parent.def !== null && parent.def.childrenChanged !== null) parent.def.childrenChanged(parent);
  if (connectedNow !== null) runPostConnected();
}

function attach(node, parent, before, quietly) {
  link(node, parent, before);
  if (parent.nodeType === 1 && parent.shadow !== null) insertedIntoShadowHost(node, parent);
  else if (node.nodeType === 1 || node.first !== null) slotInserted(node, parent);
  if (node.nodeType === 1 && node.def !== null && node.def.linked !== null) node.def.linked(node);
  if (parent.flags !== 0 && quietly !== true) {
    connect(node, parent.flags & TREE_FLAGS);
    if (motion.watched) motionInserted(node);
  }
}

// Take every child out of a fragment, without records.
function detachAll(fragment) {
  if (fragment.doc.ranges.length > 0) for (let at = fragment.first; at !== null; at = at.next) rangesBeforeRemoving(at, fragment);
  const connected = fragment.flags !== 0;
  for (let at = fragment.first; at !== null;) {
    const { next } = at;
    at.parent = null;
    at.prev = null;
    at.next = null;
    if (connected) disconnect(at, fragment);
    at = next;
  }
  fragment.first = null;
  fragment.last = null;
  fragment.childVersion++;
  fragment.doc.version++;
  fragment.doc.treeVersion++;
  fragment.doc.marked++;      // insertNode marks what was in it
}

// https://dom.spec.whatwg.org/#concept-node-remove
export function removeNode(node, suppress, quietly) {
  const { parent, doc } = node;
  if (doc.ranges.length > 0) rangesBeforeRemoving(node, parent);
  if (doc.iterators.length > 0) iteratorsBeforeRemoving(node);
  const { prev, next } = node;
  if (suppress !== true && observing.count > 0) queueTreeRecord(parent, [], [node], prev, next);
  unlink(node, parent);
  doc.version++;
  doc.treeVersion++;
  parent.childVersion++;
  markNode(node);
  markChildren(parent, prev, next, node.nodeType === 1);
  if (parent.nodeType === 1 && parent.shadow !== null) removedFromShadowHost(node, parent);
  else if (node.nodeType === 1) slotRemoved(node, parent);
  if (node.nodeType === 1 && node.def !== null && node.def.unlinked !== null) node.def.unlinked(node, parent);
  if (node.flags !== 0 && quietly !== true) {
    disconnect(node, parent);
    if (doc.focusedElement !== null) fixUpFocus(doc);
  }
  if (parent.nodeType === 1 && parent.def !== null && parent.def.childrenChanged !== null) parent.def.childrenChanged(parent, true);
}

// https://dom.spec.whatwg.org/#concept-node-adopt
export function adoptNode(node, doc) {
  const oldDoc = node.doc;
  if (node.parent !== null) removeNode(node);
  if (oldDoc === doc) return;
  // What was found in this tree is kept by document and version, and the tree may change before it comes back.
  oldDoc.version++;
  oldDoc.treeVersion++;
  for (let at = node; at !== null; at = nextInTree(at, node)) {
    at.doc = doc;
    if (at.nodeType === 1) {
      const { attrs } = at;
      for (let i = 0; i < attrs.length; i++) attrs[i].doc = doc;
      if (at.shadow !== null) {
        adoptNode(at.shadow, doc);
        if (at.shadow.adoptedSheets !== null) sheetsMoved(at.shadow);
      }
      if (at.def !== null && at.def.adopted !== null) at.def.adopted(at, oldDoc);
      if (at.custom !== null) customAdopted(at, oldDoc, doc);
    }
  }
  if (oldDoc.ranges.length > 0 || oldDoc.iterators.length > 0) rangesAfterAdopting(oldDoc, doc);
}

// https://dom.spec.whatwg.org/#concept-node-pre-insert
export function preInsert(node, parent, child) {
  ensureInsertable(node, parent, child);
  const before = child === node ? node.next : child;
  let quietly = false;
  if (node.parent !== null && node.doc === parent.doc) {
    quietly = movesQuietly(node, parent);
    removeNode(node, false, quietly);
  }
  insertNode(node, parent, before, false, quietly);
  return node;
}

// OPTIMIZATION: nothing in `node` would notice that it is removed from its tree and inserted into it again.
function movesQuietly(node, parent) {
  const { doc, flags } = node;
  if (flags === 0 || (flags & TREE_FLAGS) !== (parent.flags & TREE_FLAGS) || hooks.ceActive || motion.watched || shadowTrees.count > 0 || doc.focusedElement !== null || doc.topLayer !== null) return false;
  for (let at = node; at !== null; at = nextInTree(at, node)) {
    if (at.nodeType !== 1) continue;
    if (at.def !== null && (at.def.inserted !== null || at.def.removed !== null || at.def.postConnected !== null)) return false;
    // Which of several elements with one id is the first hangs on where they stand.
    if (at.elementId !== null && doc.ids.get(at.elementId) instanceof SharedId) return false;
  }
  return true;
}

export function appendNode(node, parent) {
  return preInsert(node, parent, null);
}

// https://dom.spec.whatwg.org/#concept-node-pre-remove
export function preRemove(child, parent) {
  if (child.parent !== parent) throw domException('NotFoundError', 'The node to be removed is not a child of this node.');
  removeNode(child);
  return child;
}

// https://dom.spec.whatwg.org/#concept-node-replace
export function replaceNode(child, node, parent) {
  ensureInsertable(node, parent, child, true);
  // 7-8.
  let reference = child.next;
  if (reference === node) reference = node.next;
  const previous = child.prev;
  // 9-
  let removed = [];
  if (node.parent !== null && node.doc === parent.doc && node !== child) removeNode(node);
  if (child.parent !== null) {
    removed = [child];
    removeNode(child, true);
  }
  const added = node.nodeType === 11 ? childList(node) : [node];
  insertNode(node, parent, reference, true);
  if (observing.count > 0) queueTreeRecord(parent, added, removed, previous, reference);
  return child;
}

export function childList(node) {
  const out = [];
  for (let at = node.first; at !== null; at = at.next) out[out.length] = at;
  return out;
}

// https://dom.spec.whatwg.org/#concept-node-replace-all
export function replaceAll(node, parent) {
  const removed = childList(parent);
  const added = node === null ? [] : node.nodeType === 11 ? childList(node) : [node];
  for (let i = 0; i < removed.length; i++) removeNode(removed[i], true);
  if (node !== null) insertNode(node, parent, null, true);
  if (observing.count > 0 && (added.length > 0 || removed.length > 0)) queueTreeRecord(parent, added, removed, null, null);
}

// https://dom.spec.whatwg.org/#string-replace-all
export function stringReplaceAll(text, parent) {
  replaceAll(text === '' ? null : createText(parent.doc, text), parent);
}

// Append to a tree that nobody has seen: no version, no record, no connection.
export function linkParsed(node, parent) {
  link(node, parent, null);
  if (node.nodeType === 1 && node.def !== null && node.def.linked !== null) node.def.linked(node);
}

// The parser's own appending: no record of interest, no adoption (builder.js).
export function appendParsed(node, parent) {
  link(node, parent, null);
  parent.childVersion++;
  parent.doc.version++;
  parent.doc.treeVersion++;
  if (parent.nodeType === 1 && parent.shadow !== null) assignSlotsFor(parent.shadow);
  if (node.nodeType === 1 && node.def !== null && node.def.linked !== null) node.def.linked(node);
  if (parent.flags !== 0) {
    // OPTIMIZATION: text has nothing to do but be connected
    if (node.nodeType === 3) node.flags = parent.flags & TREE_FLAGS;
    else connect(node, parent.flags & TREE_FLAGS);
    // Scripts know that the parser inserted them, and wait for it.
    if (connectedNow !== null) runPostConnected();
  }
  if (observing.count > 0) queueTreeRecord(parent, [node], [], node.prev, null);
}
