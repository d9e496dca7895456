// https://w3c.github.io/selection-api/#selection-interface

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { domException } from '../dom/DOMException.js';
import { isAcrossAncestor } from '../dom/live_ranges.js';
import { indexOfNode, isInclusiveAncestor, nodeLength, rootOf, shadowIncludingRoot } from '../dom/tree.js';
import { deleteRangeContents } from '../dom/range_contents.js';
import { isInert } from './inert.js';
import { compareBoundary, RangeImpl, rangeText, setRangeEnd, setRangeStart, StaticRangeImpl } from '../dom/Range.js';
import { fireEvent } from '../dom/dispatch.js';
import { modifySelection } from './selection_modify.js';
import { queueTask } from './tasks.js';
import { selectedFieldText } from './forms/text_control.js';
import { editingHost } from '../editing/host.js';
import { blurElement, documentHasFocus, focusElement } from './focus.js';
import { isEditable } from './forms/states.js';
import { isInert } from './inert.js';
import { isRendered } from '../css/cssom/rendered.js';

class SelectionImpl extends Impl {
  constructor(doc) {
    super();
    this.doc = doc;
    this.current = null;           // the range, which code may have moved out of the document since
    this.composed = null;          // a live range of its own where the selection is in shadow trees: it may begin and end in different ones
    this.backwards = false;
    this.queued = false;
  }

  get range() {
    if (this.current !== null && (shadowIncludingRoot(this.current.startNode) !== this.doc || (this.composed !== null && this.composed.ordinary === null))) this.current = null;
    return this.current;
  }

  set range(range) {
    if (this.composed !== null && this.current !== null) this.current.whenSet = null;
    this.current = range;
    this.composed = null;
  }

  compose(startNode, startOffset, endNode, endOffset) {
    const composed = new RangeImpl(this.doc);
    composed.startNode = startNode;
    composed.startOffset = startOffset;
    composed.endNode = endNode;
    composed.endOffset = endOffset;
    composed.composed = true;
    composed.ordinary = this.current;        // null once that has gone with its shadow tree
    this.composed = composed;
    this.current.whenSet = () => {
      this.current.whenSet = null;
      this.composed = null;
    };
  }

  changed() {
    if (this.queued) return;
    this.queued = true;
    queueTask(this.doc, () => {
      this.queued = false;
      fireEvent(this.doc, 'selectionchange');
    });
  }
}

export function selectionOf(doc) {
  return doc.selection ?? (doc.selection = new SelectionImpl(doc));
}

// What a user selects, or where the cursor goes.
export function selectBetween(doc, anchor, anchorAt, focus, focusAt) {
  setTo(selectionOf(doc), anchor, anchorAt, focus, focusAt);
}

function setTo(self, anchor, anchorOffset, focus, focusOffset) {
  const range = new RangeImpl(self.doc);
  const backwards = compareAcross(focus, focusOffset, anchor, anchorOffset) < 0;
  if (backwards) {
    setRangeStart(range, focus, focusOffset);
    setRangeEnd(range, anchor, anchorOffset);
  } else {
    setRangeStart(range, anchor, anchorOffset);
    setRangeEnd(range, focus, focusOffset);
  }
  self.range = range;
  self.backwards = backwards;
  if (isInShadowTree(anchor) || isInShadowTree(focus)) {
    if (backwards) self.compose(focus, focusOffset, anchor, anchorOffset);
    else self.compose(anchor, anchorOffset, focus, focusOffset);
  }
  self.changed();
}

// What code selects in an editing host gives that the focus, unless nothing changes: the standard does not say so, browsers do it.
function selectByCode(self, anchor, anchorAt, focus, focusAt) {
  const old = self.range;
  const { backwards } = self;
  setTo(self, anchor, anchorAt, focus, focusAt);
  const { range } = self;
  if (old !== null && backwards === self.backwards && old.startNode === range.startNode && old.startOffset === range.startOffset
    && old.endNode === range.endNode && old.endOffset === range.endOffset) return;
  focusSelected(self);
}

function focusSelected(self) {
  const { doc } = self;
  const { startNode } = self.range;
  let at = startNode.nodeType === 1 ? startNode : startNode.parent;
  if (at === null || at.nodeType !== 1 || !isEditable(at) || isInert(at) || !isRendered(at) || !documentHasFocus(doc)) return;
  for (at = editingHost(at); at !== null && at.nodeType === 1; at = at.parent) if (focusElement(at, 'selection')) return;
  if (doc.focusedElement !== null) blurElement(doc.focusedElement);
}

function isInShadowTree(node) {
  return rootOf(node).isShadow === true;
}

// The position of boundary points in the composed tree, where a shadow tree comes before the children of its host: -1 before, 0 equal, 1 after.
function compareAcross(nodeA, offsetA, nodeB, offsetB) {
  if (rootOf(nodeA) === rootOf(nodeB)) return compareBoundary(nodeA, offsetA, nodeB, offsetB);
  const pathA = pathAcross(nodeA);
  const pathB = pathAcross(nodeB);
  let a = pathA.length - 1;
  let b = pathB.length - 1;
  while (a >= 0 && b >= 0 && pathA[a] === pathB[b]) {
    a--;
    b--;
  }
  if (a < 0) return indexAcross(pathB[b]) < offsetA ? 1 : -1;
  if (b < 0) return indexAcross(pathA[a]) < offsetB ? -1 : 1;
  return indexAcross(pathA[a]) < indexAcross(pathB[b]) ? -1 : 1;
}

function pathAcross(node) {
  const path = [];
  for (let at = node; at !== null; at = at.parent ?? (at.isShadow ? at.host : null)) path[path.length] = at;
  return path;
}

function indexAcross(node) {
  return node.isShadow === true ? -1 : indexOfNode(node);
}

const anchorNode = (self) => (self.range === null ? null : self.backwards ? self.range.endNode : self.range.startNode);
const anchorOffset = (self) => (self.range === null ? 0 : self.backwards ? self.range.endOffset : self.range.startOffset);
const focusNode = (self) => (self.range === null ? null : self.backwards ? self.range.startNode : self.range.endNode);
const focusOffset = (self) => (self.range === null ? 0 : self.backwards ? self.range.startOffset : self.range.endOffset);

function isInDocument(self, node) {
  return shadowIncludingRoot(node) === self.doc;
}

function refuseDoctype(node) {
  if (node.nodeType === 10) throw domException('InvalidNodeTypeError', 'A doctype cannot be selected in.');
}

function refuseLongOffset(node, offset) {
  if (offset > nodeLength(node)) throw domException('IndexSizeError', 'The offset ' + offset + ' is larger than the node\'s length.');
}

function collapseTo(self, node, offset) {
  if (node === null) {
    self.range = null;
    self.changed();
    return;
  }
  refuseDoctype(node);
  refuseLongOffset(node, offset);
  if (isInDocument(self, node)) selectByCode(self, node, offset, node, offset);
}

// https://w3c.github.io/selection-api/#dom-selection-getcomposedranges: a boundary in a shadow tree that was not named is told at its host.
function composedBoundary(node, offset, roots, after) {
  for (;;) {
    const root = rootOf(node);
    if (root.nodeType !== 11 || !root.isShadow) break;
    let known = false;
    for (let i = 0; i < roots.length; i++) known = known || isAcrossAncestor(root, roots[i]);
    if (known) break;
    const { host } = root;
    offset = after ? 1 : 0;
    for (let at = host.prev; at !== null; at = at.prev) offset++;
    node = host.parent;
  }
  return { __proto__: null, node, offset };
}

function composedRanges(self, options) {
  const range = self.composed !== null && shadowIncludingRoot(self.composed.startNode) === self.doc ? self.composed : self.range;
  if (range === null) return [];
  const roots = options.shadowRoots ?? [];
  const start = composedBoundary(range.startNode, range.startOffset, roots, false);
  const end = composedBoundary(range.endNode, range.endOffset, roots, true);
  return [new StaticRangeImpl(start.node, start.offset, end.node, end.offset)];
}

function needRange(self) {
  if (self.range === null) throw domException('InvalidStateError', 'There is no selection.');
}

defineInterface(`
dictionary GetComposedRangesOptions { sequence<ShadowRoot> shadowRoots = []; };
[Exposed=Window]
interface Selection {
  readonly attribute Node? anchorNode;
  readonly attribute unsigned long anchorOffset;
  readonly attribute Node? focusNode;
  readonly attribute unsigned long focusOffset;
  readonly attribute boolean isCollapsed;
  readonly attribute unsigned long rangeCount;
  readonly attribute DOMString type;
  readonly attribute DOMString direction;
  Range getRangeAt(unsigned long index);
  undefined addRange(Range range);
  undefined removeRange(Range range);
  undefined removeAllRanges();
  undefined empty();
  undefined collapse(Node? node, optional unsigned long offset = 0);
  undefined setPosition(Node? node, optional unsigned long offset = 0);
  undefined collapseToStart();
  undefined collapseToEnd();
  undefined extend(Node node, optional unsigned long offset = 0);
  undefined setBaseAndExtent(Node anchorNode, unsigned long anchorOffset, Node focusNode, unsigned long focusOffset);
  undefined selectAllChildren(Node node);
  sequence<StaticRange> getComposedRanges(optional GetComposedRangesOptions options = {});
  [CEReactions] undefined deleteFromDocument();
  undefined modify(optional DOMString alter, optional DOMString direction, optional DOMString granularity);
  boolean containsNode(Node node, optional boolean allowPartialContainment = false);
  stringifier;
};
`, {
  anchorNode,
  anchorOffset,
  focusNode,
  focusOffset,
  isCollapsed: (self) => self.range === null || (self.range.startNode === self.range.endNode && self.range.startOffset === self.range.endOffset),
  rangeCount: (self) => (self.range === null ? 0 : 1),
  type: (self) => (self.range === null ? 'None' : self.range.startNode === self.range.endNode && self.range.startOffset === self.range.endOffset ? 'Caret' : 'Range'),
  direction: (self) => (self.range === null ? 'none' : self.backwards ? 'backward' : 'forward'),
  getRangeAt(self, index) {
    if (self.range === null || index !== 0) throw domException('IndexSizeError', index + ' is not a valid index.');
    return self.range;
  },
  addRange(self, range) {
    if (self.range !== null || !isInDocument(self, range.startNode)) return;
    self.range = range;
    self.backwards = false;
    if (isInShadowTree(range.startNode)) self.compose(range.startNode, range.startOffset, range.endNode, range.endOffset);
    self.changed();
    focusSelected(self);
  },
  removeRange(self, range) {
    if (self.range !== range) throw domException('NotFoundError', 'The range is not in the selection.');
    collapseTo(self, null, 0);
  },
  removeAllRanges: (self) => collapseTo(self, null, 0),
  empty: (self) => collapseTo(self, null, 0),
  collapse: collapseTo,
  setPosition: collapseTo,
  collapseToStart(self) {
    needRange(self);
    collapseTo(self, self.range.startNode, self.range.startOffset);
  },
  collapseToEnd(self) {
    needRange(self);
    collapseTo(self, self.range.endNode, self.range.endOffset);
  },
  extend(self, node, offset) {
    if (!isInDocument(self, node)) return;
    needRange(self);
    selectByCode(self, anchorNode(self), anchorOffset(self), node, offset);
  },
  setBaseAndExtent(self, anchor, anchorAt, focus, focusAt) {
    refuseLongOffset(anchor, anchorAt);
    refuseLongOffset(focus, focusAt);
    if (isInDocument(self, anchor) && isInDocument(self, focus)) selectByCode(self, anchor, anchorAt, focus, focusAt);
  },
  selectAllChildren(self, node) {
    refuseDoctype(node);
    if (!isInDocument(self, node)) return;
    let count = 0;
    for (let child = node.first; child !== null; child = child.next) count++;
    selectByCode(self, node, 0, node, count);
  },
  getComposedRanges: composedRanges,
  modify: (self, alter, direction, granularity) => modifySelection(self.doc, alter, direction, granularity),
  deleteFromDocument(self) {
    if (self.range !== null) deleteRangeContents(self.range);
  },
  containsNode(self, node, partial) {
    if (self.range === null || !isInDocument(self, node)) return false;
    const { range } = self;
    const startsIn = compareBoundary(node, 0, range.startNode, range.startOffset) >= 0;
    const endsIn = compareBoundary(node, nodeLength(node), range.endNode, range.endOffset) <= 0;
    if (startsIn && endsIn) return true;
    return partial && (startsIn || endsIn || isInclusiveAncestor(node, range.startNode));
  },
  // What is selected in the text field that has the focus counts, as in Chromium.
  toString(self) {
    const text = selectedFieldText(self.doc.focusedElement);
    // https://html.spec.whatwg.org/multipage/interaction.html#inert-subtrees: inert text is as if it could not be selected
    return text !== '' || self.range === null ? text : rangeText(self.range, (node) => node.parent === null || !isInert(node.parent));
  },
}, SelectionImpl);

defineInterface(`
partial interface Window {
  Selection? getSelection();
};
`, { getSelection: (self) => selectionOf(self.document) });
