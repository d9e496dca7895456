// https://drafts.csswg.org/css-display-3/#box-generation
// Boxes are opened: where they begin and how wide they are (flat_layout.js has the strategy).

import { ArrayPrototypeIncludes, MathMax } from '../../primordials.js';
import { flatParent } from '../cssom/cascade.js';
import { isLeftOut } from '../cssom/rendered.js';
import { FlowColumn } from './block_flow.js';
import { flatChildren, LayoutFrame, LayoutItem, NO_CHILDREN } from './flat_boxes.js';
import { generatedInline } from './generated.js';
import { addTextTo, endLine, measureText, openInline, openLine, roomInLine } from './inline_flow.js';
import { GROUP_INSIDE, holdsFixedBoxes, layoutFactsOf, NO_EDGES, NOTHING_INSIDE, ROW_INSIDE, zeroIfAuto } from './layout_facts.js';
import { placementOf } from './placement.js';
import { spaceBeforeRow } from './table_rows.js';
import { childElementsOf, showsText } from './flat_layout.js';

export function addGenerated(layout, frame, name) {
  const text = generatedInline(frame.el, name);
  if (text === null) return;
  const { block } = frame;
  const { cascade } = text;
  const clear = pseudoValue(layout, cascade, 'clear');
  if (clear !== 'none' && block.column.floats !== null) {
    endLine(layout, block);
    block.column.settle(layout);
    block.column.y = MathMax(block.column.y, block.column.clearance(clear));
  }
  if (text.data === '') return;
  const inline = pseudoValue(layout, cascade, 'display') === 'inline' || pseudoValue(layout, cascade, 'display') === 'inline-block';
  if (!inline) endLine(layout, block);
  addTextTo(layout, block, { __proto__: null, data: text.data, parent: null }, text.facts);
  if (!inline) endLine(layout, block);
}

function pseudoValue(layout, cascade, name) {
  return cascade.map.has(name) ? cascade.map.get(name).declaration.value : name === 'display' ? 'inline' : 'none';
}

// The children of a flex container or a grid
export function gatherItems(layout, frame) {
  const items = [];
  const out = [];
  gatherItemsFrom(layout, frame, frame.children, items, out);
  frame.items = items;
  frame.children = out;
}

function gatherItemsFrom(layout, frame, children, items, out) {
  let text = null;
  const { facts } = frame;
  const before = generatedInline(frame.el, 'before');
  if (before !== null && before.data !== '' && items.length === 0) addTextItem(layout, frame, [{ __proto__: null, nodeType: 3, data: before.data, parent: null }], items, out);
  for (let i = 0; i < children.length; i++) {
    const node = children[i];
    if (node.nodeType !== 1) {
      if (showsText(node.data, facts.text)) (text ?? (text = []))[text.length] = node;
      continue;
    }
    const its = layoutFactsOf(node);
    if (its.display === 'none' || its.isOut || isLeftOut(node, frame.el)) {
      out[out.length] = node;
      continue;
    }
    if (text !== null) addTextItem(layout, frame, text, items, out);
    text = null;
    if (its.display === 'contents') {
      const inner = new LayoutFrame(node, frame, its, layout.order.length);
      layout.noteTree(inner, frame, node.cssom.cascade);
      gatherItemsFrom(layout, { __proto__: null, el: node, facts: its }, flatChildren(node), items, out);
      layout.noteStyles(inner);
      inner.tell(frame);
      continue;
    }
    const item = new LayoutItem(node, its);
    item.edges = its.edgesWithin(frame.width);
    items[items.length] = out[out.length] = item;
  }
  if (text !== null) addTextItem(layout, frame, text, items, out);
  const after = generatedInline(frame.el, 'after');
  if (after !== null && after.data !== '') addTextItem(layout, frame, [{ __proto__: null, nodeType: 3, data: after.data, parent: null }], items, out);
}

function addTextItem(layout, frame, nodes, items, out) {
  const item = new LayoutItem(null, null);
  item.nodes = nodes;
  item.edges = NO_EDGES;
  const measure = { __proto__: null, run: 0, most: 0, least: 0, space: true };
  for (let i = 0; i < nodes.length; i++) measureText(nodes[i].data, frame.facts.text, measure);
  item.most = MathMax(measure.most, measure.run);
  item.least = measure.least;
  items[items.length] = out[out.length] = item;
}

// Height of the border box, as the style gives it; NaN: by its content. `base`: what percentages are of
function explicitHeight(layout, frame, edges, width, base, parent) {
  const { el, facts } = frame;
  if (facts.inside === NOTHING_INSIDE) {
    if (facts.isPercentage('height') && base < 0) parent.percents = true;
    const natural = layout.replaced(el, facts, edges, roomAround(layout, parent, frame), base);
    return natural.height;
  }
  let height = facts.size('height', base, edges);
  if (height !== height) {
    if (base < 0 && facts.isPercentage('height')) parent.percents = true;
    if (facts.ratio > 0 && facts.keyword('height') === '') height = facts.borderBox ? width / facts.ratio : (width - edges.across) / facts.ratio + edges.down;
    else return NaN;
  }
  return facts.limit(height, 'height', base, edges);
}

function roomAround(layout, parent, frame) {
  return frame.own !== null && frame.item !== null ? parent.width : parent.block.width;
}

export function openBlock(layout, frame, parent) {
  const { el, facts } = frame;
  const within = parent.block;
  endLine(layout, within);
  const { column } = within;
  const edges = facts.edgesWithin(within.width);
  const { pos, neg } = column;
  if (facts.clear !== 'none' && column.floats !== null) {
    column.settle(layout);
    column.y = MathMax(column.y, column.clearance(facts.clear));
  }
  if (facts.inside === ROW_INSIDE || facts.inside === GROUP_INSIDE) {
    column.settle(layout);
    if (facts.inside === ROW_INSIDE) spaceBeforeRow(frame, within);
  } else column.addMargin(zeroIfAuto(edges.mt));
  if (facts.column) column.settle(layout);
  let { left } = within;
  let room = within.width;
  if (facts.column && column.lowest > column.y) {
    const given = facts.size('width', within.width, edges);
    const space = column.roomFor(column.y, left, left + room, given === given ? given : 1);
    column.y = space.top;
    ({ left } = space);
    room = space.right - space.left;
  }
  const inside = MathMax(0, room - zeroIfAuto(edges.ml) - zeroIfAuto(edges.mr));
  const table = facts.inside === ROW_INSIDE || facts.inside === GROUP_INSIDE;
  let width = table ? NaN : facts.size('width', within.width, edges);
  const open = width !== width;
  if (open) width = table ? room : layout.autoWidth(el, facts, edges, inside, within.height, true);
  width = table ? width : facts.limit(width, 'width', within.width, edges);
  // https://drafts.csswg.org/css2/#blockwidth
  const free = room - width - zeroIfAuto(edges.ml) - zeroIfAuto(edges.mr);
  const align = within.facts === null ? '' : within.facts.text.align;
  if (edges.ml !== edges.ml) left += edges.mr !== edges.mr ? MathMax(0, free) / 2 : MathMax(0, free);
  else if (edges.mr === edges.mr && free > 0 && align === '-webkit-center') left += edges.ml + free / 2;
  else if (edges.mr === edges.mr && free > 0 && within.facts !== null && within.facts.text.rtl) left += free + edges.ml;
  else left += edges.ml;
  const own = layout.begin(frame, parent.box, left, column.y + column.margin, width, layout.isFixedIn(parent));
  own.flow = column;
  own.entryPos = pos;
  own.entryNeg = neg;
  own.ownMargin = zeroIfAuto(edges.mt);
  own.clearing = table || (facts.clear !== 'none' && column.floats !== null);
  own.clear = column.lowest <= column.y;
  own.roomWidth = within.width;
  own.roomHeight = within.height;
  own.roomLeft = within.left;
  if (facts.column || edges.pt + edges.bt > 0) {
    column.settle(layout);
    own.top = column.y;
    own.settled = true;
  } else {
    column.waiting[column.waiting.length] = own;
  }
  frame.table = within.table;
  layout.fill(frame, edges, explicitHeight(layout, frame, edges, width, within.height, within));
  frame.baseline = column.baseline;
  if (!facts.column) column.y += edges.pt + edges.bt;
  return frame;
}

export function openInlineBox(layout, frame, parent) {
  const { el, facts } = frame;
  const { block } = parent;
  const edges = facts.edgesWithin(block.width);
  const own = layout.begin(frame, parent.box, 0, 0, 0, layout.isFixedIn(parent));
  own.endless = true;
  frame.edges = edges;
  frame.left = block.left;
  frame.width = block.width;
  frame.height = block.height;
  frame.children = flatChildren(el);
  if (el.localName === 'br') {
    frame.children = NO_CHILDREN;
    const line = openLine(layout, block);
    line.content = true;
  }
  openInline(layout, frame);
  addGenerated(layout, frame, 'before');
  return frame;
}

// https://drafts.csswg.org/css2/#shrink-to-fit-float, unless the style says a width
function shrunkWidth(layout, el, facts, edges, margins, block) {
  let width = facts.size('width', block.width, edges);
  if (width !== width) width = layout.autoWidth(el, facts, edges, MathMax(0, block.width - margins), block.height, false);
  return facts.limit(width, 'width', block.width, edges);
}

// What stands in a line as a whole
export function openAtom(layout, frame, parent) {
  const { el, facts } = frame;
  const { block } = parent;
  const edges = facts.edgesWithin(block.width);
  const margins = zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr);
  const width = shrunkWidth(layout, el, facts, edges, margins, block);
  const x = roomInLine(layout, block, width + margins, facts.text);
  layout.begin(frame, parent.box, x + zeroIfAuto(edges.ml), block.line.top + zeroIfAuto(edges.mt), width, layout.isFixedIn(parent));
  layout.fill(frame, edges, explicitHeight(layout, frame, edges, width, block.height, block));
  if (!facts.column) frame.column = new FlowColumn(frame.top);
  return frame;
}

export function openFloat(layout, frame, parent) {
  const { el, facts } = frame;
  const { block } = parent;
  const { column } = block;
  const edges = facts.edgesWithin(block.width);
  const margins = zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr);
  const width = shrunkWidth(layout, el, facts, edges, margins, block);
  const { line } = block;
  let y = line === null ? column.y + column.margin : line.top;
  if (facts.clear !== 'none' && column.floats !== null) y = MathMax(y, column.clearance(facts.clear));
  if (column.floats !== null) y = MathMax(y, column.floats[column.floats.length - 1].top);
  const room = column.roomFor(y, block.left, block.left + block.width, width + margins);
  y = room.top;
  const right = facts.float === 'right' || facts.float === 'inline-end';
  const left = right ? room.right - zeroIfAuto(edges.mr) - width : room.left + zeroIfAuto(edges.ml);
  layout.begin(frame, parent.box, left, y + zeroIfAuto(edges.mt), width, layout.isFixedIn(parent));
  layout.fill(frame, edges, explicitHeight(layout, frame, edges, width, block.height, block));
  frame.reach = 0;           // a float stands in the way of what comes later: its block is laid out anew
  return frame;
}

export function openOut(layout, frame, parent, late, givenHeight) {
  const { el, facts } = frame;
  const { block } = parent;
  const holder = facts.position === 'fixed' ? fixedHolder(layout, el) : null;
  const toViewport = facts.position === 'fixed' && holder === null;
  const by = toViewport ? null : facts.position === 'fixed' ? holder : parent.containing;
  const at = late !== null ? late.at : staticPlace(layout, parent, block);
  const place = placementOf(layout, frame, facts, by, toViewport, at, givenHeight);
  const own = layout.begin(frame, by, place.x, place.y, place.width, toViewport || (by !== null && by.fixed));
  own.out = true;
  own.pinX = place.pinX;
  own.pinY = place.pinY;
  layout.fill(frame, place.edges, place.height);
  frame.reach = by === null ? -1 : by.index;
  frame.place = place;
  if (block.column.waiting.length > 0 && (!place.pinY || ArrayPrototypeIncludes(block.column.waiting, by))) (block.column.loose ?? (block.column.loose = []))[block.column.loose.length] = [own, block.column.y + block.column.margin];
  if (place.late && by !== null && late === null) {
    for (let at2 = parent; at2 !== null; at2 = at2.parent) {
      if (at2.own !== by) continue;
      (at2.late ?? (at2.late = []))[at2.late.length] = { __proto__: null, box: own, frame, parent, at };
      break;
    }
  }
  return frame;
}

// https://drafts.csswg.org/css-position-3/#staticpos-rect
function staticPlace(layout, parent, block) {
  const { line, column } = block;
  if (block.items !== null) return { __proto__: null, x: block.left, y: block.top, flex: block };
  return { __proto__: null, x: line === null ? block.left : line.x, y: line === null ? column.y + column.margin : line.top, flex: null };
}

// The box of a transformed element around a fixed one, or null
function fixedHolder(layout, el) {
  for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
    if (!holdsFixedBoxes(layoutFactsOf(at).cascade)) continue;
    const box = layout.boxes.get(at);
    if (box !== undefined && box.generation === layout.generation) return box;
  }
  return null;
}

// A child of a flex container, a grid or a row of cells
export function openItem(layout, item, parent) {
  const { node, edges } = item;
  item.start = layout.order.length;
  const frame = new LayoutFrame(node, parent, item.facts ?? parent.facts, layout.order.length);
  frame.item = item;
  if (node === null) {
    frame.left = item.left;
    frame.top = parent.top;
    frame.width = item.width;
    frame.column = new FlowColumn(parent.top);
    frame.block = frame;
    frame.runs = [];
    frame.children = item.nodes;
    frame.edges = edges;
    frame.indented = true;
    return frame;
  }
  const { facts } = item;
  layout.noteTree(frame, parent, node.cssom.cascade);
  layout.begin(frame, parent.box, item.left, parent.top + zeroIfAuto(edges.mt), item.width, layout.isFixedIn(parent));
  const explicit = item.height >= 0 ? item.height : explicitHeight(layout, frame, edges, item.width, item.room ?? parent.height, parent);
  layout.fill(frame, edges, explicit);
  if (!facts.column) frame.column = new FlowColumn(frame.top);
  return frame;
}

// What is in an <svg>: it is placed when all is laid out (svg_boxes.js).
export function openShape(layout, frame, parent) {
  const { el, facts } = frame;
  const own = layout.begin(frame, parent.box, parent.left, parent.top, 0, layout.isFixedIn(parent));
  own.isShape = true;
  layout.shapes[layout.shapes.length] = own;
  frame.children = childElementsOf(el);
  frame.left = parent.left;
  frame.top = parent.top;
  frame.width = parent.width;
  frame.edges = facts.edges;
  frame.explicit = NaN;
  if (el.localName === 'foreignObject') {
    frame.children = flatChildren(el);
    frame.column = new FlowColumn(parent.top);
    frame.block = frame;
  }
  return frame;
}
