// https://drafts.csswg.org/css-tables-3/
// Tables: columns as wide as what is in their cells, and rows of cells beside each other.

import { MathMax, MathMin, NumberParseFloat, NumberParseInt, StringPrototypeEndsWith } from '../../primordials.js';
import { getAttr } from '../../dom/attributes.js';
import { contentWidths, spacingOf } from './content_sizes.js';
import { showsText } from './flat_layout.js';
import { flatChildren, LayoutItem } from './flat_boxes.js';
import { CELL_INSIDE, GROUP_INSIDE, layoutFactsOf, ROW_INSIDE, zeroIfAuto } from './layout_facts.js';

const MAX_SPAN = 1000;         // https://html.spec.whatwg.org/multipage/tables.html#attr-tdth-colspan
const MAX_ROW_SPAN = 65534;

class TableColumn {
  constructor() {
    this.most = 0;
    this.least = 0;
    this.px = -1;              // given
    this.percent = -1;
    this.size = 0;
  }
}

class TableColumns {
  constructor(spacing) {
    this.columns = [];
    this.spacing = spacing;
    this.occupied = [];        // rows that cells from above still take, by column
    this.spanning = [];        // cells of several rows: [item's box, rows left]
    this.any = false;
  }
}

function spanOf(el, name, most) {
  const span = NumberParseInt(getAttr(el, name) ?? '1', 10);
  return span >= 1 ? MathMin(span, most) : 1;
}

// Calls back with each row of a table
function eachRow(el, callback) {
  const children = flatChildren(el);
  for (let i = 0; i < children.length; i++) {
    if (children[i].nodeType !== 1) continue;
    const { inside, display } = layoutFactsOf(children[i]);
    if (display === 'none') continue;
    if (inside === ROW_INSIDE) callback(children[i]);
    else if (inside === GROUP_INSIDE) {
      const rows = flatChildren(children[i]);
      for (let j = 0; j < rows.length; j++) if (rows[j].nodeType === 1 && layoutFactsOf(rows[j]).inside === ROW_INSIDE) callback(rows[j]);
    }
  }
}

function cellsOf(row) {
  const out = [];
  const children = flatChildren(row);
  for (let i = 0; i < children.length; i++) {
    if (children[i].nodeType !== 1) continue;
    const facts = layoutFactsOf(children[i]);
    if (facts.display !== 'none' && !facts.isOut) out[out.length] = children[i];
  }
  return out;
}

function lookAtRow(layout, table, row, occupied, wide) {
  const cells = cellsOf(row);
  let column = 0;
  for (let i = 0; i < cells.length; i++) {
    while (occupied[column] > 0) {
      occupied[column]--;
      column++;
    }
    const el = cells[i];
    const facts = layoutFactsOf(el);
    const span = spanOf(el, 'colspan', MAX_SPAN);
    const down = spanOf(el, 'rowspan', MAX_ROW_SPAN);
    while (table.columns.length < column + span) table.columns[table.columns.length] = new TableColumn();
    const { edges } = facts;
    const widths = contentWidths(layout, el, facts);
    const given = facts.size('width', -1, edges);
    const percent = StringPrototypeEndsWith(facts.keyword('width'), '%') ? NumberParseFloat(facts.keyword('width')) : -1;
    if (span === 1) {
      const at = table.columns[column];
      at.least = MathMax(at.least, widths.least);
      at.most = MathMax(at.most, given === given ? MathMax(given, widths.least) : widths.most);
      if (given === given) at.px = MathMax(at.px, given);
      if (percent >= 0) at.percent = MathMax(at.percent, percent);
    } else wide[wide.length] = [column, span, MathMax(widths.most, given === given ? given : 0), widths.least];
    for (let j = 0; j < span; j++) occupied[column + j] = down - 1;
    column += span;
  }
  for (; column < occupied.length; column++) if (occupied[column] > 0) occupied[column]--;
}

// Columns for the rows of `rows`, in `width` px if it is given, else as wide as needed, up to `room`. The width of all with what is between them
function shareColumns(table, width, room) {
  const { columns, spacing } = table;
  const between = spacing * (columns.length + 1);
  let most = 0;
  let least = 0;
  let percent = 0;
  for (let i = 0; i < columns.length; i++) {
    if (columns[i].least > columns[i].most) columns[i].most = columns[i].least;
    most += columns[i].most;
    least += columns[i].least;
    if (columns[i].percent > 0) percent += columns[i].percent;
  }
  let inner = width === width ? width - between : MathMin(room - between, percent > 0 ? room - between : most);
  inner = MathMax(inner, least);
  if (inner >= most) {
    let free = inner;
    let open = 0;
    let openMost = 0;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      column.size = column.percent > 0 ? MathMax(column.least, column.percent / 100 * inner) : column.most;
      free -= column.size;
      if (column.percent <= 0 && column.px < 0) {
        open++;
        openMost += column.most;
      }
    }
    // What is over goes to columns without a width, by what is in them; where there are none, to all.
    const all = open === 0;
    let sum = 0;
    for (let i = 0; i < columns.length; i++) sum += columns[i].size;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      if (all) column.size += sum > 0 ? free * column.size / sum : free / columns.length;
      else if (column.percent <= 0 && column.px < 0) column.size += openMost > 0 ? free * column.most / openMost : free / open;
    }
  } else {
    const part = most > least ? (inner - least) / (most - least) : 0;
    for (let i = 0; i < columns.length; i++) columns[i].size = columns[i].least + (columns[i].most - columns[i].least) * part;
  }
  return inner + between;
}

function widen(table, wide) {
  for (let i = 0; i < wide.length; i++) {
    const { 0: from, 1: span, 2: most, 3: least } = wide[i];
    let haveMost = table.spacing * (span - 1);
    let haveLeast = haveMost;
    for (let j = from; j < from + span; j++) {
      haveMost += table.columns[j].most;
      haveLeast += table.columns[j].least;
    }
    for (let j = from; j < from + span; j++) {
      table.columns[j].most += MathMax(0, most - haveMost) / span;
      table.columns[j].least += MathMax(0, least - haveLeast) / span;
    }
  }
}

// The columns of a table, with what its cells need; null: there are no cells
function columnsOf(layout, el, facts) {
  const table = new TableColumns(zeroIfAuto(spacingOf(facts)));
  const occupied = [];
  const wide = [];
  eachRow(el, (row) => {
    table.any = true;
    lookAtRow(layout, table, row, occupied, wide);
  });
  if (!table.any) {
    const cells = cellsOf(el);
    let all = cells.length > 0;
    for (let i = 0; i < cells.length && all; i++) all = layoutFactsOf(cells[i]).inside === CELL_INSIDE;
    if (!all) return null;
    // A row that nobody wrote is around them.
    lookAtRow(layout, table, el, occupied, wide);
  }
  widen(table, wide);
  return table;
}

// { most, least } of a table's content box; null: it has no cells
export function tableWidths(layout, el, facts) {
  const table = columnsOf(layout, el, facts);
  if (table === null) return null;
  const { columns } = table;
  const out = { __proto__: null, most: table.spacing * (columns.length + 1), least: table.spacing * (columns.length + 1) };
  for (let i = 0; i < columns.length; i++) {
    out.most += MathMax(columns[i].most, columns[i].least);
    out.least += columns[i].least;
    if (columns[i].percent > 0) out.most = MathMax(out.most, MathMin(columns[i].most * 100 / columns[i].percent, 100000));
  }
  return out;
}

// Of a table's frame: the columns of its rows; it becomes as wide as they need.
export function prepareTable(layout, frame) {
  const { el, facts, own, edges } = frame;
  const table = columnsOf(layout, el, facts);
  if (table === null) return;
  frame.table = table;
  const needed = shareColumns(table, frame.width, frame.width) + edges.across;
  if (needed > own.width) {
    own.width = needed;
    frame.width = own.width - edges.across;
  }
  if (!table.any) itemsOfRow(frame, table);
}

export function spaceBeforeRow(frame, within) {
  if (within.table !== null && within.table.any) within.column.y += within.table.spacing;
}

export function endTable(frame) {
  if (frame.items === null && frame.table.any) frame.column.y += frame.table.spacing;
}

// Text alone is no row of cells: it stands in lines.
export function prepareRow(layout, frame) {
  for (let i = 0; i < frame.children.length; i++) if (frame.children[i].nodeType !== 1 && showsText(frame.children[i].data, frame.facts.text)) return;
  let { table } = frame;
  if (table === null || !table.any) {
    table = frame.table = new TableColumns(0);
    const wide = [];
    lookAtRow(layout, table, frame.el, [], wide);
    widen(table, wide);
    shareColumns(table, frame.width, frame.width);
  }
  itemsOfRow(frame, table);
}

function itemsOfRow(frame, table) {
  const { el, children } = frame;
  const { columns, spacing, occupied } = table;
  const out = [];
  const items = [];
  let column = 0;
  let at = frame.left + spacing;
  for (let i = 0; i < children.length; i++) {
    const node = children[i];
    if (node.nodeType !== 1) continue;
    const facts = layoutFactsOf(node);
    if (facts.display === 'none' || facts.isOut) {
      out[out.length] = node;
      continue;
    }
    while (occupied[column] > 0) {
      occupied[column]--;
      at += columns[column].size + spacing;
      column++;
    }
    const item = new LayoutItem(node, facts);
    item.edges = withoutMargins(facts.edgesWithin(frame.width));
    const span = spanOf(node, 'colspan', MAX_SPAN);
    item.left = at;
    for (let j = 0; j < span && column < columns.length; j++, column++) {
      item.width += columns[column].size + (j > 0 ? spacing : 0);
      occupied[column] = spanOf(node, 'rowspan', MAX_ROW_SPAN) - 1;
    }
    item.span = spanOf(node, 'rowspan', MAX_ROW_SPAN);
    at += item.width + spacing;
    items[items.length] = out[out.length] = item;
  }
  for (; column < occupied.length; column++) if (occupied[column] > 0) occupied[column]--;
  frame.items = items;
  frame.children = out;
  frame.isTop = el;
}

// Cells have none: https://drafts.csswg.org/css2/#box-model
function withoutMargins(edges) {
  if (edges.mt === 0 && edges.mr === 0 && edges.mb === 0 && edges.ml === 0) return edges;
  const out = { __proto__: null, ...edges, across: edges.across, down: edges.down };
  out.mt = out.mr = out.mb = out.ml = 0;
  return out;
}

// The cells of a row become as high as the highest of them.
export function finishRow(layout, frame) {
  const { items, table, explicit, edges } = frame;
  let height = explicit === explicit ? MathMax(0, explicit - edges.down) : 0;
  for (let i = 0; i < items.length; i++) if (items[i].span === 1) height = MathMax(height, items[i].size);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    item.top = frame.top;
    if (item.span > 1) {
      table.spanning[table.spanning.length] = [item.box, item.span];
      continue;
    }
    stretchCell(layout, item.box, height);
    item.size = height;
  }
  let kept = 0;
  const { spanning } = table;
  for (let i = 0; i < spanning.length; i++) {
    spanning[i][1]--;
    if (spanning[i][1] > 0) spanning[kept++] = spanning[i];
    else if (frame.top + height > spanning[i][0].top + spanning[i][0].height) stretchCell(layout, spanning[i][0], frame.top + height - spanning[i][0].top);
  }
  spanning.length = kept;
  if (explicit === explicit && explicit < height) frame.explicit = NaN;
  return height;
}

// https://drafts.csswg.org/css2/#height-layout
function stretchCell(layout, box, height) {
  const free = height - box.height;
  if (free <= 0) return;
  box.height = height;
  const align = box.facts.value('vertical-align');
  const dy = align === 'middle' ? free / 2 : align === 'bottom' ? free : 0;
  if (dy === 0) return;
  layout.shift(box.index + 1, box.index + box.count, 0, dy);
  if (box.runs !== null) for (let i = 0; i < box.runs.length; i++) box.runs[i].move(0, dy);
}
