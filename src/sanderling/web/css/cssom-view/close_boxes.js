// https://drafts.csswg.org/css2/#Computing_heights_and_margins
// Boxes are closed: how high they are, and where what is in them stands after all (flat_layout.js has the strategy).

import { MathMax } from '../../primordials.js';
import { hasAttr } from '../../dom/attributes.js';
import { LayoutFrame } from './flat_boxes.js';
import { finishFlex } from './flex_items.js';
import { finishGrid } from './grid_cells.js';
import { addAtom, closeInline, endLine, openLine } from './inline_flow.js';
import { CELL_INSIDE, FLEX_INSIDE, GRID_INSIDE, GROUP_INSIDE, lengthOfBase, NOTHING_INSIDE, ROW_INSIDE, TABLE_INSIDE, zeroIfAuto } from './layout_facts.js';
import { placeLate } from './placement.js';
import { finishRow, endTable } from './table_rows.js';
import { addGenerated, openOut } from './open_boxes.js';

const MOST_AGAIN = 50_000;    // boxes laid out twice in one layout: containers in each other would double them at each level
const MAX_RELAYS = 3;          // absolutely positioned boxes in each other whose heights hang on what is around them

// false: what is in it is to be laid out again
export function closeFrame(layout, frame) {
  const { own, item, facts } = frame;
  if (frame.block === frame && own !== null && frame.items === null && frame.el !== null && facts.inside !== NOTHING_INSIDE && !own.isShape) addGenerated(layout, frame, 'after');
  if (frame.block === frame) {
    if (own !== null && frame.items === null && keepsLine(layout, frame)) openLine(layout, frame).content = true;
    endLine(layout, frame);
  }
  if (item !== null) return closeItem(layout, frame, item);
  if (own === null) return true;
  if (own.isShape) return true;
  if (own.endless || (facts.inline && !facts.atom && !own.out && facts.float === 'none' && facts.inside !== CELL_INSIDE)) {
    addGenerated(layout, frame, 'after');
    closeInline(layout, frame);
    if (frame.el.localName === 'br') endLine(layout, frame.block);
    moveRelative(layout, frame);
    return true;
  }
  if (frame.items !== null && !placeItems(layout, frame)) return false;
  if (facts.inside === TABLE_INSIDE && frame.table !== null) endTable(frame);
  if (own.flow !== null) closeBlock(layout, frame);
  else {
    own.height = ownHeight(layout, frame);
    finishBox(layout, frame);
    if (own.out) closeOut(layout, frame);
    else if (facts.float !== 'none') closeFloat(layout, frame);
    else closeAtom(layout, frame);
  }
  return true;
}

// Is there a line in it, though there is nothing in that? By a marker beside it, or for the cursor.
function keepsLine(layout, frame) {
  const { el, facts, own, column } = frame;
  if (frame.line !== null || own.runs !== null) return false;
  const empty = facts.column ? column.y === frame.top && column.waiting.length === 0 : layout.order.length === own.index + 1 && (!own.settled || column.y === frame.top);
  if (!empty) return false;
  if (facts.display === 'list-item') return facts.value('list-style-position') === 'outside' && facts.value('list-style-type') !== 'none';
  return el.attrs.length > 0 && hasAttr(el, 'contenteditable');
}

// The height that its content gives a box with a column of its own
function naturalHeight(layout, frame) {
  const { edges, column, facts } = frame;
  if (frame.items !== null) return frame.contentHeight + edges.down;
  if (facts.inside === NOTHING_INSIDE) return edges.down;
  let bottom = column.y + column.margin;
  if (column.waiting.length > 0) column.settle(layout);
  if (facts.column || frame.item !== null) bottom = MathMax(bottom, column.lowest);
  return MathMax(0, bottom - frame.top) + edges.down;
}

function ownHeight(layout, frame) {
  const { explicit, edges, own } = frame;
  const natural = naturalHeight(layout, frame);
  own.reachY = MathMax(own.reachY, natural - edges.bb);
  frame.natural = natural;
  own.baseline = frame.facts.inside === NOTHING_INSIDE || frame.facts.scrolls ? NaN : frame.items !== null ? frame.itemBaseline : frame.column.baseline - own.top;
  const height = explicit === explicit ? explicit : limitedHeight(layout, frame, natural);
  return MathMax(height, layout.leastHeight(own));
}

function limitedHeight(layout, frame, height) {
  const base = frame.parent === null ? -1 : frame.parent.block === null ? -1 : frame.item !== null ? frame.parent.height : frame.parent.block.height;
  return frame.facts.limit(height, 'height', base, frame.edges);
}

function closeBlock(layout, frame) {
  const { own, facts, edges } = frame;
  const column = own.flow;
  const mb = facts.inside === ROW_INSIDE || facts.inside === GROUP_INSIDE ? 0 : zeroIfAuto(edges.mb);
  if (frame.column !== column) {
    own.height = ownHeight(layout, frame);
    own.lastLine = own.baseline;
    if (own.baseline === own.baseline) column.baseline = own.top + own.baseline;
  } else {
    own.lastLine = column.baseline === frame.baseline ? NaN : column.baseline - own.top;
    const { explicit } = frame;
    const bottom = edges.pb + edges.bb;
    if (!own.settled && (explicit > 0 || bottom > 0 || limitedHeight(layout, frame, 0) > 0)) column.settle(layout);
    if (!own.settled) {
      // Its margins are one with those around it.
      column.addMargin(mb);
      own.height = 0;
      own.clearing = true;
      own.top = column.y + column.margin;
      own.exit = column.y;
      finishBox(layout, frame);
      return;
    }
    const natural = MathMax(0, (bottom > 0 ? column.y + column.margin : column.y) - own.top) + bottom;
    own.reachY = MathMax(own.reachY, natural - edges.bb);
    const height = MathMax(explicit === explicit ? explicit : limitedHeight(layout, frame, natural), layout.leastHeight(own));
    if (explicit === explicit || bottom > 0 || height !== natural) column.pos = column.neg = 0;
    own.height = height;
  }
  column.y = own.top + own.height;
  column.addMargin(mb);
  own.exit = column.y;
  own.exitPos = column.pos;
  own.exitNeg = column.neg;
  finishBox(layout, frame);
}

function closeAtom(layout, frame) {
  const { own, edges, parent } = frame;
  addAtom(parent.block, own, own.width + zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr), edges);
  moveRelative(layout, frame);
}

function closeFloat(layout, frame) {
  const { own, edges, parent, facts } = frame;
  const { block } = parent;
  const { column, line } = block;
  const right = facts.float === 'right' || facts.float === 'inline-end';
  const left = own.left - zeroIfAuto(edges.ml);
  const end = own.left + own.width + zeroIfAuto(edges.mr);
  const top = own.top - zeroIfAuto(edges.mt);
  column.addFloat(right ? 'right' : 'left', left, top, end, own.top + own.height + zeroIfAuto(edges.mb));
  // The line it came up in makes room.
  if (line !== null && top <= line.top && top + own.height > line.top) {
    if (right) line.right = MathMax(line.left, left);
    else if (left <= line.left) {
      const by = end - line.left;
      line.left += by;
      line.x += by;
      for (let i = 0; i < line.items.length; i++) {
        line.items[i].x += by;
        const { box } = line.items[i];
        if (box !== undefined && line.items[i].facts === null) layout.shift(box.index, box.index + box.count, by, 0);
      }
      const { inlines } = block;
      if (inlines !== null) for (let i = 0; i < inlines.length; i++) inlines[i].partX += by;
    }
  }
  moveRelative(layout, frame);
}

function closeOut(layout, frame) {
  const { own, place, edges } = frame;
  const dy = place.endY === place.endY ? place.endY - own.height - zeroIfAuto(edges.mb) - own.top : place.centerY === place.centerY ? place.centerY - own.height / 2 - own.top : 0;
  own.count = layout.order.length - own.index;
  if (dy !== 0) layout.shift(own.index, own.index + own.count, 0, dy);
}

function closeItem(layout, frame, item) {
  const { own } = frame;
  if (own === null) {
    const { column } = frame;
    item.size = MathMax(0, column.y + column.margin - frame.top);
    item.runs = frame.runs;
    item.end = layout.order.length;
    item.top = frame.top;
    item.at = frame.top;
    const container = frame.parent.own;
    for (let i = 0; i < frame.runs.length; i++) (container.runs ?? (container.runs = []))[container.runs.length] = frame.runs[i];
    return true;
  }
  if (frame.items !== null && !placeItems(layout, frame)) return false;
  if (frame.facts.inside === TABLE_INSIDE && frame.table !== null) endTable(frame);
  own.height = ownHeight(layout, frame);
  item.box = own;
  item.size = own.height;
  item.contentHeight = frame.natural;
  item.percents = frame.percents;
  item.end = layout.order.length;
  finishBox(layout, frame);
  moveRelative(layout, frame);
  return true;
}

// Items of a container that is closed. false: they are to be laid out again.
function placeItems(layout, frame) {
  const { facts, items } = frame;
  const again = frame.pass === 0 && layout.spent < MOST_AGAIN;
  const down = frame.edges.down;
  const base = frame.parent.block === null ? -1 : frame.parent.block.height;
  const limit = (name) => {
    const px = facts.size(name, base, frame.edges);
    return px === px ? MathMax(0, px - down) : -1;
  };
  const least = limit('min-height');
  const most = limit('max-height');
  const total = facts.inside === FLEX_INSIDE ? finishFlex(frame, frame.height, least, most, again)
    : facts.inside === GRID_INSIDE ? finishGrid(frame, frame.height, least, again) : finishRow(layout, frame);
  if (total < 0) {
    layout.spent += layout.order.length - frame.index;
    frame.pass = 1;
    frame.at = 0;
    frame.percents = false;
    layout.order.length = frame.index + 1;
    frame.own.runs = null;
    while (layout.shapes.length > 0 && layout.shapes[layout.shapes.length - 1].index > frame.index) layout.shapes.length--;
    if (frame.late !== null) frame.late = null;
    return false;
  }
  frame.contentHeight = total;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item.box === null) {
      const dy = item.top - item.at;
      if (item.nodes === null || dy === 0) continue;
      for (let j = 0; j < item.runs.length; j++) item.runs[j].move(0, dy);
      layout.shift(item.start, item.end, 0, dy);
      continue;
    }
    const dy = item.top - (item.box.top - item.box.byRelative);
    if (dy !== 0) layout.shift(item.box.index, item.end, 0, dy);
    if (i === 0) frame.itemBaseline = item.box.baseline === item.box.baseline ? item.box.top + item.box.baseline - frame.own.top : item.box.top + item.box.height - frame.own.top;
  }
  return true;
}

// Its size is known.
function finishBox(layout, frame) {
  const { own, facts } = frame;
  own.count = layout.order.length - own.index;
  if (frame.late !== null) {
    for (let i = 0; i < frame.late.length; i++) placeLate(layout, own, frame.late[i]);
    own.count = layout.order.length - own.index;
  }
  if (own.flow !== null && facts.position === 'relative') moveRelative(layout, frame);
}

// An absolutely positioned box is laid out again, since now its height is known; where such boxes stand in each other, a few times.
export function layOutAgain(layout, late, height) {
  if (layout.relays >= MAX_RELAYS) return;
  const { box, parent } = late;
  const { order } = layout;
  const tail = [];
  const end = box.index + box.count;
  for (let i = end; i < order.length; i++) tail[i - end] = order[i];
  order.length = box.index;
  layout.relays++;
  const frame = new LayoutFrame(box.el, parent, box.facts, order.length);
  frame.looksNew = true;
  openOut(layout, frame, parent, late, height);
  layout.run([frame], 0);
  layout.relays--;
  late.box = frame.own;
  const by = order.length - end;
  for (let i = 0; i < tail.length; i++) {
    tail[i].index += by;
    order[order.length] = tail[i];
  }
}

// https://drafts.csswg.org/css-position-3/#relpos-insets
function moveRelative(layout, frame) {
  const { own, facts, parent } = frame;
  if (facts.position !== 'relative') return;
  const block = frame.item !== null ? parent : parent.block;
  const offset = (start, end, base) => {
    const px = lengthOfBase(facts.value(start), base);
    if (px === px) return px;
    const other = lengthOfBase(facts.value(end), base);
    return other === other ? -other : 0;
  };
  const dx = offset('left', 'right', block.width);
  const dy = offset('top', 'bottom', block.height);
  if (dx === 0 && dy === 0) return;
  own.count = layout.order.length - own.index;
  if (own.endless || (facts.inline && !facts.atom)) return;      // its lines come later
  layout.shift(own.index, own.index + own.count, dx, dy);
  own.exit -= dy;
  if (own.flow !== null) own.roomLeft -= dx;
  own.byRelative = dy;
  own.byRelativeX = dx;
}
