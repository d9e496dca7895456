// https://dom.spec.whatwg.org/#mixin-parentnode
// ParentNode, ChildNode, NonDocumentTypeChildNode and Slottable.

import { TREE_FLAGS } from './node.js';
import { restoreFocus } from '../html/focus.js';
import { defineInterface } from '../webidl/interface.js';
import { createFragment, createText } from './create.js';
import { childrenOf, NodeListImpl } from './collections.js';
import {
  ensureInsertable, firstElement, isInclusiveAncestor, lastElement, nextElement, preInsert, previousElement, removeNode, replaceAll, replaceNode,
} from './tree.js';
import { domException } from './DOMException.js';
import { moving } from './mutation.js';
import { querySelectorEvery, querySelectorFirst } from '../css/selectors/query.js';

// https://dom.spec.whatwg.org/#converting-nodes-into-a-node
export function nodesIntoNode(nodes, doc) {
  if (nodes.length === 1) return typeof nodes[0] === 'string' ? createText(doc, nodes[0]) : nodes[0];
  const fragment = createFragment(doc);
  for (let i = 0; i < nodes.length; i++) preInsert(typeof nodes[i] === 'string' ? createText(doc, nodes[i]) : nodes[i], fragment, null);
  return fragment;
}

function isAmong(nodes, node) {
  for (let i = 0; i < nodes.length; i++) if (nodes[i] === node) return true;
  return false;
}

defineInterface(`
interface mixin ParentNode {
  [SameObject] readonly attribute HTMLCollection children;
  readonly attribute Element? firstElementChild;
  readonly attribute Element? lastElementChild;
  readonly attribute unsigned long childElementCount;
  [CEReactions, Unscopable] undefined prepend((Node or DOMString)... nodes);
  [CEReactions, Unscopable] undefined append((Node or DOMString)... nodes);
  [CEReactions, Unscopable] undefined replaceChildren((Node or DOMString)... nodes);
  [CEReactions] undefined moveBefore(Node node, Node? child);
  Element? querySelector(DOMString selectors);
  [NewObject] NodeList querySelectorAll(DOMString selectors);
};
`, {
  children: childrenOf,
  firstElementChild: firstElement,
  lastElementChild: lastElement,
  childElementCount(self) {
    let count = 0;
    for (let node = self.first; node !== null; node = node.next) if (node.nodeType === 1) count++;
    return count;
  },
  prepend(self, nodes) {
    const node = nodesIntoNode(nodes, self.doc);
    preInsert(node, self, self.first);
  },
  append(self, nodes) {
    preInsert(nodesIntoNode(nodes, self.doc), self, null);
  },
  replaceChildren(self, nodes) {
    const node = nodesIntoNode(nodes, self.doc);
    ensureInsertable(node, self, null);
    if (node.parent !== null) removeNode(node);
    replaceAll(node, self);
  },
  // https://dom.spec.whatwg.org/#dom-parentnode-movebefore: state that survives a move is not lost here by removal and insertion
  moveBefore(self, node, child) {
    if (node.doc !== self.doc || (node.flags & TREE_FLAGS) !== (self.flags & TREE_FLAGS) || (node.nodeType !== 1 && node.nodeType !== 3 && node.nodeType !== 4 && node.nodeType !== 8 && node.nodeType !== 7)) {
      throw domException('HierarchyRequestError', 'The node cannot be moved here.');
    }
    if (isInclusiveAncestor(node, self)) throw domException('HierarchyRequestError', 'The node contains the new parent.');
    const focused = node.doc.focusedElement;
    moving.node = node;
    try {
      preInsert(node, self, child);
    } finally {
      moving.node = null;
    }
    restoreFocus(node.doc, focused);
  },
  querySelector: querySelectorFirst,
  querySelectorAll: (self, selectors) => new NodeListImpl(querySelectorEvery(self, selectors)),
});

defineInterface(`
interface mixin ChildNode {
  [CEReactions, Unscopable] undefined before((Node or DOMString)... nodes);
  [CEReactions, Unscopable] undefined after((Node or DOMString)... nodes);
  [CEReactions, Unscopable] undefined replaceWith((Node or DOMString)... nodes);
  [CEReactions, Unscopable] undefined remove();
};
`, {
  before(self, nodes) {
    const { parent } = self;
    if (parent === null) return;
    // 3. viable previous sibling
    let viable = self.prev;
    while (viable !== null && isAmong(nodes, viable)) viable = viable.prev;
    const node = nodesIntoNode(nodes, self.doc);
    preInsert(node, parent, viable === null ? parent.first : viable.next);
  },
  after(self, nodes) {
    const { parent } = self;
    if (parent === null) return;
    let viable = self.next;
    while (viable !== null && isAmong(nodes, viable)) viable = viable.next;
    preInsert(nodesIntoNode(nodes, self.doc), parent, viable);
  },
  replaceWith(self, nodes) {
    const { parent } = self;
    if (parent === null) return;
    let viable = self.next;
    while (viable !== null && isAmong(nodes, viable)) viable = viable.next;
    const node = nodesIntoNode(nodes, self.doc);
    if (self.parent === parent) replaceNode(self, node, parent);
    else preInsert(node, parent, viable);
  },
  remove(self) {
    if (self.parent !== null) removeNode(self);
  },
});

defineInterface(`
interface mixin NonDocumentTypeChildNode {
  readonly attribute Element? previousElementSibling;
  readonly attribute Element? nextElementSibling;
};
`, {
  previousElementSibling: previousElement,
  nextElementSibling: nextElement,
});

defineInterface(`
interface mixin Slottable {
  readonly attribute Element? assignedSlot;
};
`, {
  assignedSlot(self) {
    const slot = self.assignedSlot;
    return slot !== null && self.parent !== null && self.parent.shadow !== null && self.parent.shadow.mode === 'open' ? slot : null;
  },
});

