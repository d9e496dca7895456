// https://dom.spec.whatwg.org/#ranges

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { StringPrototypeSlice, WeakRef } from '../primordials.js';
import { domException } from './DOMException.js';
import { createElement } from './create.js';
import { compareTreeOrder, moveRange } from './live_ranges.js';
import { collapseRange, commonInclusiveAncestor, cutsThroughNode, deleteRangeContents, extractOrClone, isCharacterData } from './range_contents.js';
import { appendNode, childAt, ensureInsertable, indexOfNode, isInclusiveAncestor, isTextNode, nextInTree, nextSkippingChildren, nodeLength, preInsert, removeNode, replaceAll, rootOf } from './tree.js';
import { splitText } from './Text.js';
import { currentDocument } from '../html/realm.js';
import { upgradeParsed } from '../html/custom_elements.js';
import { parseFragment } from '../domparsing/fragment.js';
import { boundingRectOfRange, rectsOfRange } from '../css/cssom-view/geometry.js';

export class AbstractRangeImpl extends Impl {
  constructor(startNode, startOffset, endNode, endOffset) {
    super();
    this.startNode = startNode;
    this.startOffset = startOffset;
    this.endNode = endNode;
    this.endOffset = endOffset;
  }
}

export class RangeImpl extends AbstractRangeImpl {
  constructor(doc) {
    super(doc, 0, doc, 0);
    doc.ranges[doc.ranges.length] = new WeakRef(this);
  }
}

RangeImpl.prototype.whenSet = null;      // a function: the range of a selection in shadow trees has been set anew

export function makeRange(doc) {
  return new RangeImpl(doc);
}

function cloneRange(range) {
  const copy = new RangeImpl(range.startNode.doc);
  copy.startNode = range.startNode;
  copy.startOffset = range.startOffset;
  copy.endNode = range.endNode;
  copy.endOffset = range.endOffset;
  return copy;
}

// https://dom.spec.whatwg.org/#concept-range-bp-position: -1 before, 0 equal, 1 after
export function compareBoundary(nodeA, offsetA, nodeB, offsetB) {
  if (nodeA === nodeB) return offsetA === offsetB ? 0 : offsetA < offsetB ? -1 : 1;
  if (compareTreeOrder(nodeA, nodeB) > 0) {
    const position = compareBoundary(nodeB, offsetB, nodeA, offsetA);
    return position < 0 ? 1 : -1;
  }
  if (isInclusiveAncestor(nodeA, nodeB)) {
    let child = nodeB;
    while (child.parent !== nodeA) child = child.parent;
    if (indexOfNode(child) < offsetA) return 1;
  }
  return -1;
}

function checkOffset(node, offset) {
  if (node.nodeType === 10) throw domException('InvalidNodeTypeError', 'The node provided is of type DocumentType.');
  if (offset > nodeLength(node)) throw domException('IndexSizeError', "There is no child at offset " + offset + '.');
}

function moveTo(self, doc) {
  if (self.startNode.doc !== doc) moveRange(self, self.startNode.doc, doc);
}

// https://dom.spec.whatwg.org/#concept-range-bp-set
export function setRangeStart(self, node, offset) {
  checkOffset(node, offset);
  const apart = rootOf(self.startNode) !== rootOf(node);
  moveTo(self, node.doc);
  if (self.whenSet !== null) self.whenSet();
  if (apart || compareBoundary(node, offset, self.endNode, self.endOffset) > 0) {
    self.endNode = node;
    self.endOffset = offset;
  }
  self.startNode = node;
  self.startOffset = offset;
}

export function setRangeEnd(self, node, offset) {
  checkOffset(node, offset);
  const apart = rootOf(self.startNode) !== rootOf(node);
  moveTo(self, node.doc);
  if (self.whenSet !== null) self.whenSet();
  if (apart || compareBoundary(node, offset, self.startNode, self.startOffset) < 0) {
    self.startNode = node;
    self.startOffset = offset;
  }
  self.endNode = node;
  self.endOffset = offset;
}

function parentOrThrow(node) {
  if (node.parent === null) throw domException('InvalidNodeTypeError', 'The given node has no parent.');
  return node.parent;
}

// https://dom.spec.whatwg.org/#concept-range-insert
function insertIntoRange(self, node) {
  const { startNode } = self;
  if (startNode.nodeType === 7 || startNode.nodeType === 8 || (isTextNode(startNode) && startNode.parent === null) || startNode === node) {
    throw domException('HierarchyRequestError', 'The node cannot be inserted here.');
  }
  let reference = isTextNode(startNode) ? startNode : childAt(startNode, self.startOffset);
  const parent = reference === null ? startNode : reference.parent;
  ensureInsertable(node, parent, reference);
  if (isTextNode(startNode)) reference = splitText(startNode, self.startOffset);
  if (node === reference) reference = node.next;
  if (node.parent !== null) removeNode(node);
  let offset = reference === null ? nodeLength(parent) : indexOfNode(reference);
  offset += node.nodeType === 11 ? nodeLength(node) : 1;
  preInsert(node, parent, reference);
  if (self.startNode === self.endNode && self.startOffset === self.endOffset) {
    self.endNode = parent;
    self.endOffset = offset;
  }
}

// https://dom.spec.whatwg.org/#dom-range-stringifier
// `counts(text)`: whether what a text node holds is part of it.
export function rangeText(self, counts = always) {
  const { startNode, startOffset, endNode, endOffset } = self;
  const part = (node, from, to) => (isTextNode(node) && counts(node) ? StringPrototypeSlice(node.data, from, to) : '');
  if (startNode === endNode && isTextNode(startNode)) return part(startNode, startOffset, endOffset);
  let text = part(startNode, startOffset);
  const root = rootOf(startNode);
  const end = isCharacterData(endNode) ? endNode : childAt(endNode, endOffset) ?? nextSkippingChildren(endNode, root);
  let node = isCharacterData(startNode) ? nextInTree(startNode, root) : childAt(startNode, startOffset) ?? nextSkippingChildren(startNode, root);
  for (; node !== null && node !== end; node = nextInTree(node, root)) if (isTextNode(node) && counts(node)) text += node.data;
  return text + part(endNode, 0, endOffset);
}

function always() {
  return true;
}

// https://dom.spec.whatwg.org/#concept-range-select
function selectNode(self, node) {
  const parent = parentOrThrow(node);
  const index = indexOfNode(node);
  setRangeStart(self, parent, index);
  setRangeEnd(self, parent, index + 1);
}

function comparePoint(self, node, offset) {
  if (rootOf(node) !== rootOf(self.startNode)) throw domException('WrongDocumentError', 'The node is in another tree.');
  checkOffset(node, offset);
  if (compareBoundary(node, offset, self.startNode, self.startOffset) < 0) return -1;
  return compareBoundary(node, offset, self.endNode, self.endOffset) > 0 ? 1 : 0;
}

defineInterface(`
[Exposed=Window]
interface AbstractRange {
  readonly attribute Node startContainer;
  readonly attribute unsigned long startOffset;
  readonly attribute Node endContainer;
  readonly attribute unsigned long endOffset;
  readonly attribute boolean collapsed;
};
`, {
  startContainer: (self) => self.startNode,
  startOffset: (self) => self.startOffset,
  endContainer: (self) => self.endNode,
  endOffset: (self) => self.endOffset,
  collapsed: (self) => self.startNode === self.endNode && self.startOffset === self.endOffset,
});

export class StaticRangeImpl extends AbstractRangeImpl {}

export const staticRangeInterface = defineInterface(`
dictionary StaticRangeInit { required Node startContainer; required unsigned long startOffset; required Node endContainer; required unsigned long endOffset; };
[Exposed=Window]
interface StaticRange : AbstractRange {
  constructor(StaticRangeInit init);
};
`, {
  constructor(init) {
    const nodes = [init.startContainer, init.endContainer];
    for (let i = 0; i < 2; i++) {
      if (nodes[i].nodeType === 10 || nodes[i].nodeType === 2) throw domException('InvalidNodeTypeError', 'A range cannot begin or end in this node.');
    }
    return new StaticRangeImpl(init.startContainer, init.startOffset, init.endContainer, init.endOffset);
  },
}, StaticRangeImpl);

export const rangeInterface = defineInterface(`
[Exposed=Window]
interface Range : AbstractRange {
  constructor();
  readonly attribute Node commonAncestorContainer;
  undefined setStart(Node node, unsigned long offset);
  undefined setEnd(Node node, unsigned long offset);
  undefined setStartBefore(Node node);
  undefined setStartAfter(Node node);
  undefined setEndBefore(Node node);
  undefined setEndAfter(Node node);
  undefined collapse(optional boolean toStart = false);
  undefined selectNode(Node node);
  undefined selectNodeContents(Node node);
  const unsigned short START_TO_START = 0;
  const unsigned short START_TO_END = 1;
  const unsigned short END_TO_END = 2;
  const unsigned short END_TO_START = 3;
  short compareBoundaryPoints(unsigned short how, Range sourceRange);
  [CEReactions] undefined deleteContents();
  [CEReactions, NewObject] DocumentFragment extractContents();
  [CEReactions, NewObject] DocumentFragment cloneContents();
  [CEReactions] undefined insertNode(Node node);
  [CEReactions] undefined surroundContents(Node newParent);
  [NewObject] Range cloneRange();
  undefined detach();
  boolean isPointInRange(Node node, unsigned long offset);
  short comparePoint(Node node, unsigned long offset);
  boolean intersectsNode(Node node);
  [CEReactions, NewObject] DocumentFragment createContextualFragment(DOMString string);
  sequence<DOMRect> getClientRects();
  [NewObject] DOMRect getBoundingClientRect();
  stringifier;
};
`, {
  constructor: () => new RangeImpl(currentDocument()),
  commonAncestorContainer: (self) => commonInclusiveAncestor(self.startNode, self.endNode),
  setStart: setRangeStart,
  setEnd: setRangeEnd,
  setStartBefore: (self, node) => setRangeStart(self, parentOrThrow(node), indexOfNode(node)),
  setStartAfter: (self, node) => setRangeStart(self, parentOrThrow(node), indexOfNode(node) + 1),
  setEndBefore: (self, node) => setRangeEnd(self, parentOrThrow(node), indexOfNode(node)),
  setEndAfter: (self, node) => setRangeEnd(self, parentOrThrow(node), indexOfNode(node) + 1),
  collapse(self, toStart) {
    if (toStart) collapseRange(self, self.startNode, self.startOffset);
    else collapseRange(self, self.endNode, self.endOffset);
  },
  selectNode,
  selectNodeContents(self, node) {
    if (node.nodeType === 10) throw domException('InvalidNodeTypeError', 'The node provided is of type DocumentType.');
    const length = nodeLength(node);
    setRangeStart(self, node, 0);
    setRangeEnd(self, node, length);
  },
  compareBoundaryPoints(self, how, source) {
    if (how > 3) throw domException('NotSupportedError', 'The comparison method provided must be one of 0 to 3.');
    if (rootOf(self.startNode) !== rootOf(source.startNode)) throw domException('WrongDocumentError', 'The ranges are in different trees.');
    const mineEnd = how === 1 || how === 2;
    const otherEnd = how === 2 || how === 3;
    return compareBoundary(
      mineEnd ? self.endNode : self.startNode, mineEnd ? self.endOffset : self.startOffset,
      otherEnd ? source.endNode : source.startNode, otherEnd ? source.endOffset : source.startOffset,
    );
  },
  deleteContents: deleteRangeContents,
  extractContents: (self) => extractOrClone(self, true),
  cloneContents: (self) => extractOrClone(self, false),
  insertNode: insertIntoRange,
  surroundContents(self, newParent) {
    if (cutsThroughNode(self)) throw domException('InvalidStateError', 'The Range has partially selected a non-Text node.');
    if (newParent.nodeType === 9 || newParent.nodeType === 10 || newParent.nodeType === 11) throw domException('InvalidNodeTypeError', 'The node provided cannot surround anything.');
    const fragment = extractOrClone(self, true);
    if (newParent.first !== null) replaceAll(null, newParent);
    insertIntoRange(self, newParent);
    appendNode(fragment, newParent);
    selectNode(self, newParent);
  },
  cloneRange,
  detach() {},       // does nothing: https://dom.spec.whatwg.org/#dom-range-detach
  isPointInRange(self, node, offset) {
    if (rootOf(node) !== rootOf(self.startNode)) return false;
    return comparePoint(self, node, offset) === 0;
  },
  comparePoint,
  intersectsNode(self, node) {
    if (rootOf(node) !== rootOf(self.startNode)) return false;
    const { parent } = node;
    if (parent === null) return true;
    const offset = indexOfNode(node);
    return compareBoundary(parent, offset, self.endNode, self.endOffset) < 0 && compareBoundary(parent, offset + 1, self.startNode, self.startOffset) > 0;
  },
  // https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-range-createcontextualfragment
  createContextualFragment(self, text) {
    const node = self.startNode;
    let element = node.nodeType === 1 ? node : node.parent !== null && node.parent.nodeType === 1 ? node.parent : null;
    if (element === null || (element.doc.isHTML && element.localName === 'html')) element = createElement(node.doc, 'body');
    const fragment = parseFragment(element, text, true);
    upgradeParsed(fragment);
    return fragment;
  },
  getClientRects: rectsOfRange,
  getBoundingClientRect: boundingRectOfRange,
  toString: (self) => rangeText(self),
}, RangeImpl);
