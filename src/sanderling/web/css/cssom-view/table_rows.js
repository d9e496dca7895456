// https://drafts.csswg.org/css-tables-3/
// The cells of a table's row stand beside each other, each with a column of rows for what is in it. Each row shares its width out alone: cells that give
// no width get equal parts, so that those of one column stand under each other where their rows have the same cells.

import { MathMax, NumberParseInt } from '../../primordials.js';
import { getAttr } from '../../dom/attributes.js';
import { displayOf } from '../cssom/computed.js';
import { explicitSize } from './box_sizes.js';
import { hasOwnText } from './hollow.js';
import { layoutFactsOf } from './layout_facts.js';
import { isStyled } from './placement.js';

const LEAST_WIDTH = 20;        // px, of a cell beside others that give their widths
const MAX_SPAN = 1000;         // https://html.spec.whatwg.org/multipage/tables.html#attr-tdth-colspan

const ROWLESS_DISPLAYS = { __proto__: null, table: true, 'inline-table': true, 'table-row-group': true, 'table-header-group': true, 'table-footer-group': true, 'table-row': true };

// Is an element nothing but what is in it? Then it has no row of its own.
export function isRowless(el, display, children) {
  return ROWLESS_DISPLAYS[display] === true && children.length > 0 && !hasOwnText(el);
}

// Places beside each other, for the children of a table's row or a grid
export class CellRow {
  constructor(lefts, widths, top) {
    this.lefts = lefts;        // px of the document, by child
    this.widths = widths;
    this.starts = [];          // begins a child the next row of a grid? By child
    this.top = top;            // where those of one row begin
    this.bottom = top;         // where the highest of them ends
  }

  // Before the child of this index
  next(column, index) {
    this.end(column);
    if (this.starts[index] === true) this.top = this.bottom;
    column.y = this.top;
  }

  end(column) {
    this.bottom = column.y = MathMax(this.bottom, column.y);
  }
}

function spanOf(el) {
  const span = NumberParseInt(getAttr(el, 'colspan') ?? '1', 10);
  return span >= 1 && span <= MAX_SPAN ? span : 1;
}

// Of the box of a `table-row`; null: what is in it is no row of cells, or has no room as such.
export function cellRowOf(box, children, top) {
  const given = [];            // widths, -1: none; by child
  const spans = [];            // 0: it is not shown
  let givenWidth = 0;
  let total = 0;
  let free = 0;                // columns of those that give no width
  for (let i = 0; i < children.length; i++) {
    const child = children[i];
    const facts = isStyled(child) ? layoutFactsOf(child) : null;
    const display = facts === null ? displayOf(child) : facts.display;
    given[i] = -1;
    spans[i] = 0;
    if (display === 'none') continue;
    if (display !== 'table-cell') return null;
    spans[i] = spanOf(child);
    given[i] = facts === null ? explicitSize(child, 'width', box.width) : facts.width.within(box.width);
    total += spans[i];
    if (given[i] >= 0) givenWidth += given[i];
    else free += spans[i];
  }
  if (total === 0 || box.width < total) return null;
  const kept = givenWidth > 0 && givenWidth + free * LEAST_WIDTH <= box.width;
  const unit = kept ? (free > 0 ? (box.width - givenWidth) / free : 0) : box.width / total;
  const stretched = kept && free === 0 ? box.width / givenWidth : 1;
  const lefts = [];
  const widths = [];
  let { left } = box;
  for (let i = 0; i < children.length; i++) {
    lefts[i] = left;
    widths[i] = kept && given[i] >= 0 ? given[i] * stretched : spans[i] * unit;
    left += widths[i];
  }
  return new CellRow(lefts, widths, top);
}
