// https://dom.spec.whatwg.org/#traversal

import { defineInterface, defineTypes } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from './DOMException.js';
import { callListener } from './EventTarget.js';
import { nextInTree } from './tree.js';

const ACCEPT = 1;
const REJECT = 2;
const SKIP = 3;

class TraverserImpl extends Impl {
  constructor(root, whatToShow, filter) {
    super();
    this.root = root;
    this.whatToShow = whatToShow;
    this.filter = filter;
    this.active = false;
  }

  // https://dom.spec.whatwg.org/#concept-node-filter
  test(node) {
    if (this.active) throw domException('InvalidStateError', 'Recursive node filters are not allowed.');
    if (((1 << (node.nodeType - 1)) & this.whatToShow) === 0) return SKIP;
    if (this.filter === null) return ACCEPT;
    this.active = true;
    try {
      const result = callListener(this.filter, 'acceptNode', undefined, [wrap(node)]);
      return (+result) & 0xffff;
    } finally {
      this.active = false;
    }
  }
}

class NodeIteratorImpl extends TraverserImpl {
  constructor(root, whatToShow, filter) {
    super(root, whatToShow, filter);
    this.reference = root;
    this.before = true;
  }

  // https://dom.spec.whatwg.org/#concept-nodeiterator-traverse
  traverse(forward) {
    let node = this.reference;
    let { before } = this;
    for (;;) {
      if (forward) {
        if (before) before = false;
        else {
          node = nextInTree(node, this.root);
          if (node === null) return null;
        }
      } else if (!before) before = true;
      else {
        node = precedingInTree(node, this.root);
        if (node === null) return null;
      }
      if (this.test(node) === ACCEPT) break;
    }
    this.reference = node;
    this.before = before;
    return node;
  }
}

function precedingInTree(node, root) {
  if (node === root) return null;
  if (node.prev === null) return node.parent;
  let at = node.prev;
  while (at.last !== null) at = at.last;
  return at;
}

defineTypes(`
callback interface NodeFilter { unsigned short acceptNode(Node node); };
`);

export const nodeIteratorInterface = defineInterface(`
[Exposed=Window]
interface NodeIterator {
  [SameObject] readonly attribute Node root;
  readonly attribute Node referenceNode;
  readonly attribute boolean pointerBeforeReferenceNode;
  readonly attribute unsigned long whatToShow;
  readonly attribute any filter;
  Node? nextNode();
  Node? previousNode();
  undefined detach();
};
`, {
  root: (self) => self.root,
  referenceNode: (self) => self.reference,
  pointerBeforeReferenceNode: (self) => self.before,
  whatToShow: (self) => self.whatToShow,
  filter: (self) => self.filter,
  nextNode: (self) => self.traverse(true),
  previousNode: (self) => self.traverse(false),
  detach() {},       // does nothing: https://dom.spec.whatwg.org/#dom-nodeiterator-detach
}, NodeIteratorImpl);

class TreeWalkerImpl extends TraverserImpl {
  constructor(root, whatToShow, filter) {
    super(root, whatToShow, filter);
    this.current = root;
  }

  // https://dom.spec.whatwg.org/#concept-traverse-children
  children(first) {
    let node = first ? this.current.first : this.current.last;
    while (node !== null) {
      const result = this.test(node);
      if (result === ACCEPT) return (this.current = node);
      if (result === SKIP) {
        const child = first ? node.first : node.last;
        if (child !== null) {
          node = child;
          continue;
        }
      }
      for (;;) {
        const sibling = first ? node.next : node.prev;
        if (sibling !== null) {
          node = sibling;
          break;
        }
        const { parent } = node;
        if (parent === null || parent === this.root || parent === this.current) return null;
        node = parent;
      }
    }
    return null;
  }

  // https://dom.spec.whatwg.org/#concept-traverse-siblings
  siblings(next) {
    let node = this.current;
    if (node === this.root) return null;
    for (;;) {
      let sibling = next ? node.next : node.prev;
      while (sibling !== null) {
        node = sibling;
        const result = this.test(node);
        if (result === ACCEPT) return (this.current = node);
        sibling = next ? node.first : node.last;
        if (result === REJECT || sibling === null) sibling = next ? node.next : node.prev;
      }
      node = node.parent;
      if (node === null || node === this.root) return null;
      if (this.test(node) === ACCEPT) return null;
    }
  }

  parentNode() {
    let node = this.current;
    while (node !== null && node !== this.root) {
      node = node.parent;
      if (node !== null && this.test(node) === ACCEPT) return (this.current = node);
    }
    return null;
  }

  previousNode() {
    let node = this.current;
    while (node !== this.root) {
      let sibling = node.prev;
      while (sibling !== null) {
        node = sibling;
        let result = this.test(node);
        while (result !== REJECT && node.last !== null) {
          node = node.last;
          result = this.test(node);
        }
        if (result === ACCEPT) return (this.current = node);
        sibling = node.prev;
      }
      if (node === this.root || node.parent === null) return null;
      node = node.parent;
      if (this.test(node) === ACCEPT) return (this.current = node);
    }
    return null;
  }

  nextNode() {
    let node = this.current;
    let result = ACCEPT;
    for (;;) {
      while (result !== REJECT && node.first !== null) {
        node = node.first;
        result = this.test(node);
        if (result === ACCEPT) return (this.current = node);
      }
      let sibling = null;
      for (let at = node; at !== null; at = at.parent) {
        if (at === this.root) return null;
        sibling = at.next;
        if (sibling !== null) break;
      }
      if (sibling === null) return null;
      node = sibling;
      result = this.test(node);
      if (result === ACCEPT) return (this.current = node);
    }
  }
}

export const treeWalkerInterface = defineInterface(`
[Exposed=Window]
interface TreeWalker {
  [SameObject] readonly attribute Node root;
  readonly attribute unsigned long whatToShow;
  readonly attribute any filter;
  attribute Node currentNode;
  Node? parentNode();
  Node? firstChild();
  Node? lastChild();
  Node? previousSibling();
  Node? nextSibling();
  Node? previousNode();
  Node? nextNode();
};
`, {
  root: (self) => self.root,
  whatToShow: (self) => self.whatToShow,
  filter: (self) => self.filter,
  currentNode: {
    get: (self) => self.current,
    set(self, value) {
      self.current = value;
    },
  },
  parentNode: (self) => self.parentNode(),
  firstChild: (self) => self.children(true),
  lastChild: (self) => self.children(false),
  previousSibling: (self) => self.siblings(false),
  nextSibling: (self) => self.siblings(true),
  previousNode: (self) => self.previousNode(),
  nextNode: (self) => self.nextNode(),
}, TreeWalkerImpl);

export function makeNodeIterator(root, whatToShow, filter) {
  return new NodeIteratorImpl(root, whatToShow, filter);
}

export function makeTreeWalker(root, whatToShow, filter) {
  return new TreeWalkerImpl(root, whatToShow, filter);
}
