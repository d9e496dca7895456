// https://dom.spec.whatwg.org/#interface-range
// What is in a range, taken out or copied. Where the standard calls itself for each level, and asks each node for its ancestors, this walks along the two
// boundaries once: a page may nest as deep as it likes.

import { StringPrototypeSlice } from '../primordials.js';
import { replaceData } from './CharacterData.js';
import { domException } from './DOMException.js';
import { cloneNode } from './clone.js';
import { createFragment } from './create.js';
import { appendNode, childAt, indexOfNode, nextInTree, nextSkippingChildren, removeNode, rootOf } from './tree.js';

export function isCharacterData(node) {
  return node.nodeType === 3 || node.nodeType === 4 || node.nodeType === 7 || node.nodeType === 8;
}

function depthInTree(node) {
  let depth = 0;
  for (let at = node.parent; at !== null; at = at.parent) depth++;
  return depth;
}

// The nearest inclusive ancestor of both; they are in one tree.
export function commonInclusiveAncestor(nodeA, nodeB) {
  let a = nodeA;
  let b = nodeB;
  let ahead = depthInTree(a) - depthInTree(b);
  for (; ahead > 0; ahead--) a = a.parent;
  for (; ahead < 0; ahead++) b = b.parent;
  while (a !== b) {
    a = a.parent;
    b = b.parent;
  }
  return a;
}

// `node` and its ancestors below `common`, the uppermost first: the nodes partially contained on that side.
function pathBelow(common, node) {
  const path = [];
  for (let at = node; at !== common; at = at.parent) path[path.length] = at;
  for (let i = 0, j = path.length - 1; i < j; i++, j--) {
    const swapped = path[i];
    path[i] = path[j];
    path[j] = swapped;
  }
  return path;
}

// Is a node partially contained that is no text?
export function cutsThroughNode({ startNode, endNode }) {
  const common = commonInclusiveAncestor(startNode, endNode);
  const ends = [startNode, endNode];
  for (let i = 0; i < 2; i++) {
    for (let at = ends[i]; at !== common; at = at.parent) if (at.nodeType !== 3 && at.nodeType !== 4) return true;
  }
  return false;
}

export function collapseRange(range, node, offset) {
  range.startNode = range.endNode = node;
  range.startOffset = range.endOffset = offset;
}

// https://dom.spec.whatwg.org/#dom-range-deletecontents
export function deleteRangeContents(self) {
  const { startNode, startOffset, endNode, endOffset } = self;
  // 1.
  if (startNode === endNode && startOffset === endOffset) return;
  // 3.
  if (startNode === endNode && isCharacterData(startNode)) {
    replaceData(startNode, startOffset, endOffset - startOffset, '');
    return;
  }
  // 4. Nodes contained whose parent is not, in tree order
  const common = commonInclusiveAncestor(startNode, endNode);
  const root = rootOf(common);
  const startPath = pathBelow(common, startNode);
  const endPath = pathBelow(common, endNode);
  const toRemove = [];
  const stop = isCharacterData(endNode) ? endNode : childAt(endNode, endOffset) ?? nextSkippingChildren(endNode, root);
  let node = isCharacterData(startNode) ? nextSkippingChildren(startNode, root) : childAt(startNode, startOffset) ?? nextSkippingChildren(startNode, root);
  let level = 0;
  while (node !== null && node !== stop) {
    if (node === endPath[level]) {
      level++;
      node = nextInTree(node, root);
    } else {
      toRemove[toRemove.length] = node;
      node = nextSkippingChildren(node, root);
    }
  }
  // 5-6.
  const newNode = common;
  const newOffset = startPath.length === 0 ? startOffset : indexOfNode(startPath[0]) + 1;
  // 7-9.
  if (isCharacterData(startNode)) replaceData(startNode, startOffset, startNode.data.length - startOffset, '');
  for (let i = 0; i < toRemove.length; i++) removeNode(toRemove[i]);
  if (isCharacterData(endNode)) replaceData(endNode, 0, endOffset, '');
  // 10.
  collapseRange(self, newNode, newOffset);
}

// Children from `from` up to `until`, which is not one of them, go to `target`; or their copies do.
function putRun(from, until, target, extract) {
  for (let child = from; child !== until;) {
    const { next } = child;
    appendNode(extract ? child : cloneNode(child, child.doc, true), target);
    child = next;
  }
}

function putData(node, from, to, target, extract) {
  const copy = cloneNode(node, node.doc, false);
  copy.data = StringPrototypeSlice(node.data, from, to);
  appendNode(copy, target);
  if (extract) replaceData(node, from, to - from, '');
}

function putShallow(node, target) {
  const copy = cloneNode(node, node.doc, false);
  appendNode(copy, target);
  return copy;
}

// https://dom.spec.whatwg.org/#concept-range-extract and #concept-range-clone
export function extractOrClone(self, extract) {
  const { startNode, startOffset, endNode, endOffset } = self;
  // 1-2.
  const fragment = createFragment(startNode.doc);
  if (startNode === endNode && startOffset === endOffset) return fragment;
  // 4.
  if (startNode === endNode && isCharacterData(startNode)) {
    putData(startNode, startOffset, endOffset, fragment, extract);
    return fragment;
  }
  // 5-11. The partially contained children begin the two paths.
  const common = commonInclusiveAncestor(startNode, endNode);
  const startPath = pathBelow(common, startNode);
  const endPath = pathBelow(common, endNode);
  const from = startPath.length > 0 ? startPath[0].next : childAt(common, startOffset);
  const until = endPath.length > 0 ? endPath[0] : childAt(common, endOffset);
  // 12.
  for (let child = from; child !== until; child = child.next) {
    if (child.nodeType === 10) throw domException('HierarchyRequestError', 'A doctype cannot be in a fragment.');
  }
  // 13-14. of extracting
  const newOffset = startPath.length === 0 ? startOffset : extract ? indexOfNode(startPath[0]) + 1 : 0;
  // 15-16. On the side of the start what is deepest comes first.
  const targets = [fragment];
  for (let i = 0; i < startPath.length; i++) {
    if (isCharacterData(startPath[i])) putData(startNode, startOffset, startNode.data.length, targets[i], extract);
    else targets[i + 1] = putShallow(startPath[i], targets[i]);
  }
  if (startPath.length > 0 && !isCharacterData(startNode)) putRun(childAt(startNode, startOffset), null, targets[startPath.length], extract);
  for (let i = startPath.length - 1; i > 0; i--) putRun(startPath[i].next, null, targets[i], extract);
  // 17.
  putRun(from, until, fragment, extract);
  // 18-19. On the side of the end it comes last.
  let target = fragment;
  for (let i = 0; i < endPath.length; i++) {
    const node = endPath[i];
    if (isCharacterData(node)) {
      putData(node, 0, endOffset, target, extract);
      break;
    }
    target = putShallow(node, target);
    putRun(node.first, i + 1 < endPath.length ? endPath[i + 1] : childAt(node, endOffset), target, extract);
  }
  // 20.
  if (extract) collapseRange(self, common, newOffset);
  return fragment;
}
