// https://dom.spec.whatwg.org/#concept-live-range
// What live ranges and node iterators do when the tree changes under them. Documents hold them weakly.

import { WeakRefPrototypeDeref } from '../primordials.js';
import { isInclusiveAncestor, indexOfNode, nextSkippingChildren } from './tree.js';

// Call `callback` with each one alive; forget the dead.
function forEachLive(list, callback) {
  let kept = 0;
  for (let i = 0; i < list.length; i++) {
    const ref = list[i];
    const item = WeakRefPrototypeDeref(ref);
    if (item === undefined) continue;
    list[kept++] = ref;
    callback(item);
  }
  list.length = kept;
}

// A range of ours is not asked again: the tree need not tell it of changes.
export function dropRange(range, doc) {
  const { ranges } = doc;
  for (let i = ranges.length - 1; i >= 0; i--) {
    if (WeakRefPrototypeDeref(ranges[i]) !== range) continue;
    for (let j = i + 1; j < ranges.length; j++) ranges[j - 1] = ranges[j];
    ranges.length--;
    return;
  }
}

// A range follows its nodes from document to document.
export function moveRange(range, from, to) {
  moveLive(from.ranges, to.ranges, (item) => item === range);
}

// https://dom.spec.whatwg.org/#concept-node-adopt: ranges and iterators of what has come to `doc` come along.
export function rangesAfterAdopting(from, to) {
  moveLive(from.ranges, to.ranges, (range) => range.startNode.doc === to);
  moveLive(from.iterators, to.iterators, (iterator) => iterator.root.doc === to);
}

function moveLive(from, to, moves) {
  let kept = 0;
  for (let i = 0; i < from.length; i++) {
    const ref = from[i];
    const item = WeakRefPrototypeDeref(ref);
    if (item === undefined) continue;
    if (moves(item)) to[to.length] = ref;
    else from[kept++] = ref;
  }
  from.length = kept;
}

// https://dom.spec.whatwg.org/#concept-node-insert, step 5
export function rangesAfterInserting(parent, child, count) {
  const index = indexOfNode(child);
  forEachLive(parent.doc.ranges, (range) => {
    if (range.startNode === parent && range.startOffset > index) range.startOffset += count;
    if (range.endNode === parent && range.endOffset > index) range.endOffset += count;
  });
}

// https://dom.spec.whatwg.org/#concept-shadow-including-inclusive-ancestor
export function isAcrossAncestor(ancestor, node) {
  for (let at = node; at !== null; at = at.parent ?? (at.isShadow ? at.host : null)) if (at === ancestor) return true;
  return false;
}

// https://dom.spec.whatwg.org/#live-range-pre-remove-steps
export function rangesBeforeRemoving(node, parent) {
  const index = indexOfNode(node);
  forEachLive(node.doc.ranges, (range) => {
    let covers = isInclusiveAncestor;
    if (range.composed === true) {
      // That of a selection in shadow trees (html/Selection.js). The range of such a selection stays in the tree that has been left with its host.
      covers = isAcrossAncestor;
      const { ordinary } = range;
      if (ordinary !== null && isAcrossAncestor(node, ordinary.startNode) && !isInclusiveAncestor(node, ordinary.startNode)) range.ordinary = null;
    }
    if (covers(node, range.startNode)) {
      range.startNode = parent;
      range.startOffset = index;
    }
    if (covers(node, range.endNode)) {
      range.endNode = parent;
      range.endOffset = index;
    }
    if (range.startNode === parent && range.startOffset > index) range.startOffset--;
    if (range.endNode === parent && range.endOffset > index) range.endOffset--;
  });
}

// https://dom.spec.whatwg.org/#concept-cd-replace, steps 8-11
export function rangesAfterReplacingData(node, offset, count, length) {
  forEachLive(node.doc.ranges, (range) => {
    if (range.startNode === node && range.startOffset > offset) {
      range.startOffset = range.startOffset <= offset + count ? offset : range.startOffset + length - count;
    }
    if (range.endNode === node && range.endOffset > offset) {
      range.endOffset = range.endOffset <= offset + count ? offset : range.endOffset + length - count;
    }
  });
}

// https://dom.spec.whatwg.org/#concept-text-split, step 7
export function rangesAfterSplitting(node, offset, newNode) {
  const { parent } = node;
  const index = indexOfNode(node);
  forEachLive(node.doc.ranges, (range) => {
    if (range.startNode === node && range.startOffset > offset) {
      range.startNode = newNode;
      range.startOffset -= offset;
    }
    if (range.endNode === node && range.endOffset > offset) {
      range.endNode = newNode;
      range.endOffset -= offset;
    }
    if (range.startNode === parent && range.startOffset === index + 1) range.startOffset++;
    if (range.endNode === parent && range.endOffset === index + 1) range.endOffset++;
  });
}

// https://dom.spec.whatwg.org/#dom-node-normalize, step 6.4
export function rangesAfterMerging(node, merged, length) {
  const index = indexOfNode(merged);
  forEachLive(node.doc.ranges, (range) => {
    if (range.startNode === merged) {
      range.startOffset += length;
      range.startNode = node;
    } else if (range.startNode === merged.parent && range.startOffset === index) {
      range.startNode = node;
      range.startOffset = length;
    }
    if (range.endNode === merged) {
      range.endOffset += length;
      range.endNode = node;
    } else if (range.endNode === merged.parent && range.endOffset === index) {
      range.endNode = node;
      range.endOffset = length;
    }
  });
}

// https://dom.spec.whatwg.org/#nodeiterator-pre-removing-steps
export function iteratorsBeforeRemoving(node) {
  forEachLive(node.doc.iterators, (iterator) => {
    if (!isInclusiveAncestor(node, iterator.reference) || isInclusiveAncestor(node, iterator.root)) return;
    if (iterator.before) {
      const next = nextSkippingChildren(node, iterator.root);
      if (next !== null) {
        iterator.reference = next;
        return;
      }
      iterator.before = false;
    }
    if (node.prev === null) iterator.reference = node.parent;
    else {
      let last = node.prev;
      while (last.last !== null) last = last.last;
      iterator.reference = last;
    }
  });
}

// In tree order: -1 before, 0 equal, 1 after. Both nodes are in one tree.
export function compareTreeOrder(a, b) {
  if (a === b) return 0;
  const pathA = [];
  const pathB = [];
  for (let at = a; at !== null; at = at.parent) pathA[pathA.length] = at;
  for (let at = b; at !== null; at = at.parent) pathB[pathB.length] = at;
  let i = pathA.length - 1;
  let j = pathB.length - 1;
  while (i >= 0 && j >= 0 && pathA[i] === pathB[j]) {
    i--;
    j--;
  }
  if (i < 0) return -1;
  if (j < 0) return 1;
  for (let at = pathA[i].next; at !== null; at = at.next) if (at === pathB[j]) return -1;
  return 1;
}

