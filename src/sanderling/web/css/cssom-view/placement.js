// https://drafts.csswg.org/css-position-3/#abspos-layout
// Where absolutely positioned and fixed boxes stand. A box leaves the column of the flat layout when its style says where it is and how large: then it
// stands exactly there. Whose height only a real layout could tell keeps its row, unless it has a `top`, or is narrow and has a side, and scrolls with the
// page: nothing that may be too high hides a viewport for good.

import { MathMax, MathMin, NumberParseFloat, RegExpPrototypeExec, StringPrototypeEndsWith, StringPrototypeTrim } from '../../primordials.js';
import { cascadeOf } from '../cssom/cascade.js';
import { computedCss, displayOf } from '../cssom/computed.js';
import { inlineDeclarations } from '../cssom/inline_style.js';
import { hasAnySheet } from '../cssom/sheets.js';
import { explicitSize, REPLACED } from './box_sizes.js';
import { CHARACTER_WIDTH, ROW_HEIGHT } from './flat_boxes.js';
import { edgesAlong, isHollow } from './hollow.js';
import { holdsFixedBoxes } from './layout_facts.js';

const CONTROL_WIDTH = 150;     // px, of a replaced element whose width nobody gave

// Does anything but the user agent's sheet speak of this element?
export function isStyled(el) {
  return hasAnySheet(el.doc) || inlineDeclarations(el) !== null;
}

// A length or percentage in px; NaN: `auto`, or a percentage of what is not known (`base` below 0).
function lengthOf(cascade, name, base) {
  const value = computedCss(cascade, name);
  if (StringPrototypeEndsWith(value, '%')) return base < 0 ? NaN : NumberParseFloat(value) / 100 * base;
  return StringPrototypeEndsWith(value, 'px') ? NumberParseFloat(value) : NaN;
}

// What text in an element needs, up to `most` px: a shrink-to-fit width without line breaks.
// `known`: such widths by element, of one layout.
export function shrunkWidth(el, most, known) {
  if (REPLACED[el.localName] === true && el.localName !== 'button') return MathMin(most, CONTROL_WIDTH);
  const width = textWidthIn(el, most, known) + edgesAlong(el, 'left', 'right');
  return MathMax(MathMin(most, width), MathMin(most, ROW_HEIGHT));
}

// Of the text in an element, without line breaks; at least `most` where there is that much.
function textWidthIn(el, most, known) {
  let width = 0;
  const before = [];           // widths before the elements around `node`, from `el` in
  for (let node = el.first; node !== null && width < most;) {
    if (node.nodeType === 1) {
      const inner = displayOf(node) === 'none' ? 0 : known.get(node);
      if (inner === undefined && node.first !== null) {
        before[before.length] = width;
        node = node.first;
        continue;
      }
      width += inner ?? 0;
    } else if (node.nodeType === 3 && node.parent.localName !== 'script' && node.parent.localName !== 'style') width += StringPrototypeTrim(node.data).length * CHARACTER_WIDTH;
    while (node !== null && node.next === null) {
      node = node.parent === el ? null : node.parent;
      if (node === null) break;
      known.set(node, width - before[before.length - 1]);
      before.length--;
    }
    if (node !== null) node = node.next;
  }
  if (width < most) known.set(el, width);
  return width;
}

export function isFixedContainer(el) {
  return isStyled(el) && holdsFixedBoxes(cascadeOf(el));
}

const PLACED_AXES = [
  { __proto__: null, size: 'width', start: 'left', end: 'right' },
  { __proto__: null, size: 'height', start: 'top', end: 'bottom' },
];

// One axis: { at, size } in px of the containing block; `at` NaN: no edge is given, `size` -1: not known. `beside`: may it be moved into a
// containing block that it would stand beside?
function placeAlong(el, cascade, axis, length, marginBase, beside, known) {
  const start = lengthOf(cascade, axis.start, length);
  const end = lengthOf(cascade, axis.end, length);
  let before = lengthOf(cascade, 'margin-' + axis.start, marginBase);
  const after = lengthOf(cascade, 'margin-' + axis.end, marginBase);
  const room = length - start - end;       // NaN unless both edges are given
  let size = explicitSize(el, axis.size, length);
  if (size < 0 && room === room && REPLACED[el.localName] !== true && computedCss(cascade, axis.size) === 'auto') {
    size = MathMax(0, room - (before === before ? before : 0) - (after === after ? after : 0));
  } else if (size >= 0 && room > size && before !== before && after !== after) {
    before = (room - size) / 2;            // equal auto margins
  }
  if (before !== before) before = 0;
  if (size < 0 && isHollow(el)) size = edgesAlong(el, axis.start, axis.end);
  else if (size < 0 && axis.size === 'width') size = shrunkWidth(el, MathMax(0, length - (start === start ? start : 0) - (end === end ? end : 0)), known);
  let at = NaN;
  if (start === start) at = start + before;
  else if (end === end && length >= 0 && size >= 0) at = length - end - (after === after ? after : 0) - size;
  if (beside && size >= 0 && size <= length / 2) {
    // Whose container has the width of its row only by default must not leave the page beside it: submenus, handles.
    if (start >= length && StringPrototypeEndsWith(computedCss(cascade, axis.start), '%')) at = length - size;
    else if (start !== start && end >= length && StringPrototypeEndsWith(computedCss(cascade, axis.end), '%')) at = 0;
  }
  return { __proto__: null, at, size };
}

const TRANSLATE = /^translate([XY]?)\(([-+.\de]+)(px|%)?(?:, ?([-+.\de]+)(px|%)?)?\)$/;

// https://drafts.csswg.org/css-transforms-1/#funcdef-transform-translate, alone: by it boxes are centred.
function shiftByTransform(cascade, width, height) {
  const found = RegExpPrototypeExec(TRANSLATE, computedCss(cascade, 'transform'));
  const by = (text, unit, size) => (text === undefined ? 0 : NumberParseFloat(text) * (unit === '%' ? size / 100 : 1));
  if (found === null) return { __proto__: null, x: 0, y: 0 };
  if (found[1] === 'Y') return { __proto__: null, x: 0, y: by(found[2], found[3], height) };
  return { __proto__: null, x: by(found[2], found[3], width), y: by(found[4], found[5], height) };
}

// Does it stand at a side that its style tells, leaving the better part of its container free? Then it takes no row there.
function standsAside(across, containing) {
  return across.at === across.at && across.size <= containing.width / 2;
}

// { x, y, width, height, fixed } of an out-of-flow box, y NaN: where the column is, height -1: as high as its content; null: it stays in the column.
// `containing`: { x, y, width, height, fixed, explicitWidth } of the containing block's padding box, height -1 when it is not known yet.
export function placementOf(el, position, containing, known) {
  if (position !== 'absolute' && position !== 'fixed') return null;
  const cascade = cascadeOf(el);
  const across = placeAlong(el, cascade, PLACED_AXES[0], containing.width, containing.width, !containing.explicitWidth, known);
  const down = placeAlong(el, cascade, PLACED_AXES[1], containing.height, containing.width, false, known);
  if (across.at !== across.at && down.at !== down.at) return null;
  if (down.size < 0 && (containing.fixed || (down.at !== down.at && !standsAside(across, containing)))) return null;
  const shift = shiftByTransform(cascade, across.size, MathMax(0, down.size));
  return {
    __proto__: null, x: containing.x + (across.at === across.at ? across.at : 0) + shift.x, y: containing.y + down.at + shift.y, width: across.size, height: down.size, fixed: containing.fixed,
  };
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
