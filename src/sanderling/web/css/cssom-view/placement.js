// https://drafts.csswg.org/css-position-3/#abspos-layout
// Where absolutely positioned and fixed boxes stand, and what lies above what.

import { MathMax } from '../../primordials.js';
import { innerEdges } from './box_sizes.js';
import { layOutAgain } from './close_boxes.js';
import { fitWidth } from './content_sizes.js';
import { lengthOfBase, NOTHING_INSIDE, TABLE_INSIDE, zeroIfAuto } from './layout_facts.js';

// The padding box of a containing block; its height is below 0 when it is not known yet.
function containingBlock(layout, by, toViewport) {
  if (by === null || toViewport) return { __proto__: null, x: 0, y: 0, width: layout.window.width, height: layout.window.height };
  const edges = innerEdges(by.el, false);
  const height = by.definite >= 0 ? by.definite : by.height > 0 ? by.height : -1;
  return {
    __proto__: null, x: by.left + edges.left, y: by.top + edges.top, width: MathMax(0, by.width - edges.left - edges.right), height: height < 0 ? -1 : MathMax(0, height - edges.top - edges.bottom),
  };
}

// https://drafts.csswg.org/css-position-3/#abspos-auto-size: { x, y, width, height, edges } of an out-of-flow box, height NaN: by its content. `at`: its static position.
// `late`: hangs its place on a height that is not known yet? `givenHeight`: that height, once it is.
export function placementOf(layout, frame, facts, by, toViewport, at, givenHeight) {
  const { el } = frame;
  const block = containingBlock(layout, by, toViewport);
  const edges = facts.edgesWithin(block.width);
  const inset = (name, base) => (facts.given(name) ? lengthOfBase(facts.value(name), base) : NaN);
  const left = inset('left', block.width);
  const right = inset('right', block.width);
  const top = inset('top', block.height);
  const bottom = inset('bottom', block.height);
  const stretches = facts.inside !== NOTHING_INSIDE && facts.inside !== TABLE_INSIDE && el.localName !== 'button' && !(facts.ratio > 0 && facts.keyword('height') !== '');
  const margins = zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr);
  const room = MathMax(0, block.width - zeroIfAuto(left) - zeroIfAuto(right) - margins);
  let width = facts.size('width', block.width, edges);
  const openWidth = width !== width;
  if (openWidth) {
    if (left === left && right === right && stretches && facts.keyword('width') === '') width = room;
    else width = stretches && facts.keyword('width') === '' ? fitWidth(layout, el, facts, room) : layout.autoWidth(el, facts, edges, room, block.height, false);
  }
  width = facts.limit(width, 'width', block.width, edges);
  let x = at.x + zeroIfAuto(edges.ml);
  if (left === left) {
    x = block.x + left + zeroIfAuto(edges.ml);
    const free = block.width - left - right - width - margins;
    if (free > 0 && edges.ml !== edges.ml) x += edges.mr !== edges.mr ? free / 2 : free;
  } else if (right === right) x = block.x + block.width - right - zeroIfAuto(edges.mr) - width;
  else if (at.flex !== null) x = staticInFlex(at.flex, true, width + margins) + zeroIfAuto(edges.ml);
  let height = givenHeight;
  const both = facts.given('top') && facts.given('bottom') && facts.value('top') !== 'auto' && facts.value('bottom') !== 'auto';
  if (height !== height) {
    if (facts.inside === NOTHING_INSIDE) ({ height } = layout.replaced(el, facts, edges, block.width, block.height));
    else height = facts.size('height', block.height, edges);
    if (height !== height && both && stretches && top === top && bottom === bottom && facts.keyword('height') === '') height = MathMax(0, block.height - top - bottom - zeroIfAuto(edges.mt) - zeroIfAuto(edges.mb));
    if (height !== height && facts.ratio > 0 && facts.keyword('height') === '') height = (width - (facts.borderBox ? 0 : edges.across)) / facts.ratio + (facts.borderBox ? 0 : edges.down);
  }
  if (height === height) height = facts.limit(height, 'height', block.height, edges);
  let y = at.y + zeroIfAuto(edges.mt);
  let endY = NaN;
  let centerY = NaN;
  let pinY = true;
  if (top === top) {
    y = block.y + top + zeroIfAuto(edges.mt);
    if (both && height === height && bottom === bottom) {
      const free = block.height - top - bottom - height - zeroIfAuto(edges.mt) - zeroIfAuto(edges.mb);
      if (free > 0 && edges.mt !== edges.mt) y += edges.mb !== edges.mb ? free / 2 : free;
    } else if (both && edges.mt !== edges.mt && edges.mb !== edges.mb) centerY = block.y + top + (block.height - top - bottom) / 2;
  } else if (bottom === bottom && block.height >= 0) endY = block.y + block.height - bottom;
  else {
    pinY = false;
    if (at.flex !== null && at.flex.height >= 0 && isCentred(at.flex, false)) centerY = at.flex.top + at.flex.height / 2;
  }
  const hangs = block.height < 0 && ((facts.given('bottom') && facts.value('bottom') !== 'auto') || (facts.given('top') && facts.value('top') !== 'auto' && top !== top) || facts.isPercentage('height') || (at.flex !== null && !pinY));
  return { __proto__: null, x, y, width, height, edges, endY, centerY, pinX: left === left || right === right, pinY: pinY || hangs, late: hangs, both, stretches };
}

function isCentred(flex, across) {
  const { facts } = flex;
  return (across !== (flex.vertical === true) ? facts.value('justify-content') : facts.value('align-items')) === 'center';
}

function staticInFlex(flex, across, size) {
  return flex.left + (isCentred(flex, across) ? (flex.width - size) / 2 : 0);
}

// What is around an out-of-flow box is as high as it will be.
export function placeLate(layout, by, late) {
  const { facts } = late.box;
  const block = containingBlock(layout, by, false);
  const { edges, both, stretches } = late.frame.place;
  const top = facts.given('top') ? lengthOfBase(facts.value('top'), block.height) : NaN;
  const bottom = facts.given('bottom') ? lengthOfBase(facts.value('bottom'), block.height) : NaN;
  let height = facts.size('height', block.height, edges);
  if (height !== height && both && stretches && facts.keyword('height') === '') height = MathMax(0, block.height - top - bottom - zeroIfAuto(edges.mt) - zeroIfAuto(edges.mb));
  if (height === height) {
    height = facts.limit(height, 'height', block.height, edges);
    if (height !== late.box.height) {
      if (late.box.count > 1) layOutAgain(layout, late, height);
      late.box.height = height;
    }
  }
  const { box } = late;
  let { y } = late.at;
  y += zeroIfAuto(edges.mt);
  if (top === top) {
    y = block.y + top + zeroIfAuto(edges.mt);
    const free = block.height - top - bottom - box.height - zeroIfAuto(edges.mt) - zeroIfAuto(edges.mb);
    if (free > 0 && edges.mt !== edges.mt) y += edges.mb !== edges.mb ? free / 2 : free;
  } else if (bottom === bottom) y = block.y + block.height - bottom - zeroIfAuto(edges.mb) - box.height;
  else if (late.at.flex !== null && isCentred(late.at.flex, false)) y = by.top + (by.height - box.height) / 2;
  if (y !== box.top) layout.shift(box.index, box.index + box.count, 0, y - box.top);
}

// -- stacking ----------------------------------------------------------------------------------------------------------

// https://drafts.csswg.org/css2/#stacking-context
class StackingContext {
  constructor(z) {
    this.z = z;
    this.boxes = [];           // of this context itself, in tree order
    this.contexts = [];        // those in it, by z-index, then in tree order
  }

  open(z) {
    const inner = new StackingContext(z);
    const { contexts } = this;
    let at = contexts.length;
    while (at > 0 && contexts[at - 1].z > z) {
      contexts[at] = contexts[at - 1];
      at--;
    }
    contexts[at] = inner;
    return inner;
  }

  // All boxes, from the lowest to the topmost. Iterative: contexts can nest deeper than the stack.
  paintOrder() {
    const out = [];
    const stack = [this];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      stack.length--;
      if (!(top instanceof StackingContext)) {
        for (let i = 0; i < top.length; i++) out[out.length] = top[i];
        continue;
      }
      let below = 0;
      while (below < top.contexts.length && top.contexts[below].z < 0) below++;
      for (let i = top.contexts.length - 1; i >= below; i--) stack[stack.length] = top.contexts[i];
      // A context's own box lies below its negative ones.
      const rest = [];
      for (let i = 1; i < top.boxes.length; i++) rest[i - 1] = top.boxes[i];
      stack[stack.length] = rest;
      for (let i = below - 1; i >= 0; i--) stack[stack.length] = top.contexts[i];
      if (top.boxes.length > 0) stack[stack.length] = [top.boxes[0]];
    }
    return out;
  }
}

// Boxes in tree order, to boxes from the lowest to the topmost
export function paintOrderOf(order) {
  const root = new StackingContext(0);
  const contexts = [root];
  const ends = [order.length];
  for (let i = 0; i < order.length; i++) {
    const box = order[i];
    while (ends[ends.length - 1] <= i) {
      ends.length--;
      contexts.length--;
    }
    let context = contexts[contexts.length - 1];
    if (box.z === box.z) {
      context = context.open(box.z);
      contexts[contexts.length] = context;
      ends[ends.length] = i + box.count;
    }
    context.boxes[context.boxes.length] = box;
  }
  return root.paintOrder();
}
