// https://drafts.csswg.org/cssom-view/
// What the flat layout is made of: boxes, columns of rows, and what is known of an element while its children are laid out.

import { MathMin } from '../../primordials.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { rootOf } from '../../dom/tree.js';
import { flattenedSlottables } from '../../dom/slots.js';
import { isLaidOutAsItem } from './hollow.js';

export const ROW_HEIGHT = 20;         // px of an element's own row
export const CHARACTER_WIDTH = 8;     // px, of text in ranges

export class FlatBox {
  constructor(el, left, top, width, display, fixed) {
    this.el = el;
    this.left = left;          // of the document; of the viewport where fixed
    this.top = top;
    this.width = width;
    this.height = ROW_HEIGHT;
    this.display = display;
    this.fixed = fixed;        // does it stay where it is when the page scrolls?
    this.flow = null;          // the column it has a row of; null: it is placed
    this.hollow = false;       // is there nothing in it that has a size?
    this.explicitWidth = false;
    this.explicitHeight = -1;
    this.z = NaN;              // of the stacking context that it makes
    this.obstructs = null;     // of a placed one: the column whose rows make room for it
    this.squeezed = false;     // were it and the rows around it made lower, to fit?
    // Its place among all boxes in tree order, and how many there are in it, with itself
    this.index = 0;
    this.count = 1;
    this.generation = 0;       // of the last layout that it is part of
    // What it was laid out by, and came to
    this.cascade = null;
    this.entry = 0;            // where its column was before it, and after
    this.exit = 0;
    this.clear = false;        // did nothing that is placed stand in the way?
    this.aroundLeft = 0;
    this.aroundWidth = 0;
    this.aroundFixed = false;
    this.item = false;         // of a flex container or grid
    this.filled = false;
    this.reach = 0;            // index of the outermost box that something in it is placed by; -1: it is placed by the viewport
    this.again = false;        // styles in it hang on more than style_marks.js tells of
    this.state = false;        // styles in it hang on what is hovered, focused and the like
  }

  // In coordinates of the document
  get x() {
    return this.fixed ? this.left + this.el.doc.window.scrollX : this.left;
  }

  get y() {
    return this.fixed ? this.top + this.el.doc.window.scrollY : this.top;
  }

  // May it stand as it is, moved up or down only, in this column and in the box `around`?
  fits(column, around, window, sameState) {
    if (this.flow === null || this.hollow || this.squeezed || this.again || (this.state && !sameState) || this.reach < this.index) return false;
    if (!this.clear || column.lowest > column.y) return false;
    if (around === null) return this.aroundLeft === 0 && this.aroundWidth === window.width && !this.aroundFixed && !this.item;
    return this.aroundLeft === around.left && this.aroundWidth === around.width && this.aroundFixed === around.fixed && this.item === isLaidOutAsItem(around);
  }

  noteAround(column, around, window) {
    this.entry = column.y;
    this.clear = column.lowest <= column.y;
    this.aroundLeft = around === null ? 0 : around.left;
    this.aroundWidth = around === null ? window.width : around.width;
    this.aroundFixed = around !== null && around.fixed;
    this.item = isLaidOutAsItem(around);
  }
}

// A column of rows: that of the document, and one in each placed box.
export class FlatColumn {
  constructor(y) {
    this.y = y;
    this.obstacles = [];       // placed boxes that later rows stand below
    this.lowest = -Infinity;   // where the last of them ends
  }

  obstruct(box) {
    this.obstacles[this.obstacles.length] = box;
    if (box.top + box.height > this.lowest) this.lowest = box.top + box.height;
  }

  // Move down to where there is room for a row.
  makeRoom() {
    if (this.lowest <= this.y) return;
    for (let i = 0; i < this.obstacles.length; i++) {
      const box = this.obstacles[i];
      if (this.y + ROW_HEIGHT <= box.top || this.y >= box.top + box.height) continue;
      this.y = box.top + box.height;
      i = -1;
    }
  }
}

// An element whose children are being laid out
export class LayoutFrame {
  constructor(el, parent, children, index) {
    this.el = el;
    this.box = parent === null ? null : parent.box;      // that its children stand in
    this.own = null;           // its own, if it has one
    this.children = children;
    this.at = 0;
    this.column = parent === null ? null : parent.column;
    this.containing = parent === null ? null : parent.containing;
    this.containingColumn = parent === null ? null : parent.containingColumn;
    this.cells = null;         // of a table's row (table_rows.js)
    this.index = index;        // of its box
    this.filled = false;       // was something found in it that has a size?
    this.looksNew = false;     // is nothing known of what is in it?
    this.shadowed = false;     // does it stand in a shadow tree?
    this.reach = index;
    this.again = false;
    this.state = false;
  }

  // What was found in it holds for what is around it, too.
  tell(around) {
    around.reach = MathMin(around.reach, this.reach);
    if (this.again) around.again = true;
    if (this.state) around.state = true;
  }
}

// Children in the flat tree that are elements.
export function flatChildren(el) {
  const out = [];
  if (el.shadow !== null) {
    for (let node = el.shadow.first; node !== null; node = node.next) if (node.nodeType === 1) out[out.length] = node;
    return out;
  }
  if (el.localName === 'slot' && el.namespace === HTML_NS && rootOf(el).isShadow === true) {
    const nodes = flattenedSlottables(el);
    for (let i = 0; i < nodes.length; i++) if (nodes[i].nodeType === 1) out[out.length] = nodes[i];
    return out;
  }
  for (let node = el.first; node !== null; node = node.next) if (node.nodeType === 1) out[out.length] = node;
  return out;
}
