// https://drafts.csswg.org/css-display-3/#intro
// What the layout is made of: boxes, and what is known of an element while its children are laid out.

import { MathMax, MathMin } from '../../primordials.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { rootOf } from '../../dom/tree.js';
import { flattenedSlottables } from '../../dom/slots.js';
import { seenRect } from './moved_boxes.js';

export class FlatBox {
  constructor(el, facts, left, top, width, holder, fixed) {
    this.el = el;
    this.facts = facts;
    // The border box, of the document; of the viewport where fixed. Nothing is scrolled or transformed.
    this.left = left;
    this.top = top;
    this.width = width;
    this.height = 0;
    this.holder = holder;      // box that it moves with, and is clipped by; null: the viewport
    this.fixed = fixed;        // does it stay where it is when the page scrolls?
    this.z = NaN;              // of the stacking context that it makes
    // May something between it and the viewport be scrolled, transformed or stuck?
    this.moves = facts.moves || (holder !== null && (holder.moves || holder.facts.scrolls));
    this.seen = null;          // { x, y, width, height } with that, as it was looked at last
    this.parts = null;         // of an inline box that stands in several lines: x, y, width, height of each
    this.runs = null;          // text that stands in its lines
    this.reachX = 0;           // how far its lines and paddings reach, from its left and top
    this.reachY = 0;
    this.endless = false;      // is its size not known yet?
    // Its place among all boxes in tree order, and how many there are in it, with itself
    this.index = 0;
    this.count = 1;
    this.generation = 0;       // of the last layout that it is part of
    // What it was laid out by, and came to
    this.cascade = null;
    this.flow = null;          // the column it stands in; null: it stands elsewhere
    this.settled = false;      // did anything in it keep margins around it from being one?
    this.entryPos = 0;         // margins that waited in its column before it, and after
    this.entryNeg = 0;
    this.exitPos = 0;
    this.exitNeg = 0;
    this.exit = 0;             // where its column was after it
    this.clear = false;        // did no float stand in the way?
    this.ownMargin = 0;        // its top one
    this.clearing = false;     // was it moved below floats, is it part of a table, or nothing but margins?
    this.lastLine = NaN;       // baseline of the last line in it, from its top
    this.roomLeft = 0;         // of what it stands in
    this.roomWidth = 0;
    this.roomHeight = -1;
    this.holderMoves = false;
    this.out = false;          // is it absolutely positioned?
    this.pinX = false;         // does its place hang on the containing block?
    this.pinY = false;
    this.definite = -1;        // height that is known before its content is laid out
    this.isShape = false;      // is it part of an SVG?
    this.matrix = null;        // of its transform, once asked
    this.byRelative = 0;       // how far its insets moved it
    this.byRelativeX = 0;
    this.baseline = NaN;       // of its last line, from its top
    this.reach = 0;            // index of the outermost box that something in it is placed by; -1: it is placed by the viewport
    this.again = false;        // styles in it hang on more than style_marks.js tells of
    this.state = false;        // styles in it hang on what is hovered, focused and the like
    this.percents = false;     // were there percentages in it of a height that was not known?
  }

  get display() {
    return this.facts.display;
  }

  // In coordinates of the document, as it is seen
  get x() {
    const x = this.moves ? seenRect(this).x : this.left;
    return this.fixed ? x + this.el.doc.window.scrollX : x;
  }

  get y() {
    const y = this.moves ? seenRect(this).y : this.top;
    return this.fixed ? y + this.el.doc.window.scrollY : y;
  }

  get seenWidth() {
    return this.moves ? seenRect(this).width : this.width;
  }

  get seenHeight() {
    return this.moves ? seenRect(this).height : this.height;
  }

  move(dx, dy) {
    this.left += dx;
    this.top += dy;
    this.exit += dy;
    const { parts, runs } = this;
    if (parts !== null) {
      for (let i = 0; i < parts.length; i += 4) {
        parts[i] += dx;
        parts[i + 1] += dy;
      }
    }
    if (runs !== null) for (let i = 0; i < runs.length; i++) runs[i].move(dx, dy);
  }

  // Of an inline box: what one line shows of it
  addPart(x, y, width, height) {
    if (this.endless) {
      this.endless = false;
      this.left = x;
      this.top = y;
      this.width = width;
      this.height = height;
      return;
    }
    const parts = this.parts ?? (this.parts = [this.left, this.top, this.width, this.height]);
    const at = parts.length;
    parts[at] = x;
    parts[at + 1] = y;
    parts[at + 2] = width;
    parts[at + 3] = height;
    const right = MathMax(this.left + this.width, x + width);
    const bottom = MathMax(this.top + this.height, y + height);
    this.left = MathMin(this.left, x);
    this.top = MathMin(this.top, y);
    this.width = right - this.left;
    this.height = bottom - this.top;
  }

  // May it stand as it is, moved only, in what `parent` has for it?
  fits(parent, sameState) {
    if (this.again || (this.state && !sameState) || this.reach < this.index || this.roomWidth !== parent.width || this.roomHeight !== parent.height) return false;
    return true;
  }
}

// Of the children of a flex container, a grid or a table's row: what its container gives it
export class LayoutItem {
  constructor(node, facts) {
    this.node = node;          // element; null: some text
    this.nodes = null;         // that text
    this.facts = facts;
    this.nodeType = 0;
    this.edges = null;
    this.left = 0;             // of the border box
    this.width = 0;
    this.height = -1;          // below 0: by its content
    this.base = 0;             // main size
    this.least = 0;
    this.most = Infinity;
    this.frozen = false;
    this.line = 0;
    this.align = '';
    this.span = 1;             // rows
    // Once it was laid out
    this.box = null;
    this.start = 0;            // its boxes
    this.end = 0;
    this.top = 0;              // of the border box
    this.size = 0;             // height of it
    this.runs = null;          // of some text
  }

  get outerHeight() {
    const { edges } = this;
    return this.size + (edges.mt > 0 || edges.mt < 0 ? edges.mt : 0) + (edges.mb > 0 || edges.mb < 0 ? edges.mb : 0);
  }
}

// An element whose children are being laid out
export class LayoutFrame {
  constructor(el, parent, facts, index) {
    this.el = el;
    this.parent = parent;
    this.facts = facts;
    this.own = null;           // its box, if it has one
    this.box = parent === null ? null : parent.box;      // that its children stand in
    this.children = null;
    this.at = 0;
    this.index = index;        // of its box
    this.edges = null;
    // The content box: height below 0 when it is not known yet
    this.left = 0;
    this.top = 0;
    this.width = 0;
    this.height = -1;
    this.column = parent === null ? null : parent.column;
    this.block = parent === null ? null : parent.block;  // frame whose lines its text stands in
    this.line = null;          // of such a frame
    this.inlines = null;       // inline frames that are open in it
    this.runs = null;          // of some text alone: its lines
    this.item = null;
    this.items = null;         // what its children are, laid out by it
    this.pass = 0;
    this.baseline = NaN;       // of the column, before it
    this.itemBaseline = NaN;   // of the first of its items, from its top
    this.explicit = NaN;       // height of the border box, where it is given
    this.natural = 0;          // by its content
    this.contentHeight = 0;    // of its items
    this.vertical = false;     // of a flex container
    this.indented = false;     // was its first line begun?
    this.place = null;         // of what is out of the flow
    this.sorted = null;        // items in the order they stand in
    this.lines = null;         // of items
    this.grid = null;          // tracks of its rows
    this.table = null;         // columns of the table around
    this.partX = NaN;          // where an inline box began in the line
    this.containing = parent === null ? null : parent.containing;    // box that absolutely positioned ones are placed by
    this.late = null;          // those whose place hangs on its height
    this.after = null;         // generated content that is to follow
    this.looksNew = false;     // is nothing known of what is in it?
    this.shadowed = false;     // does it stand in a shadow tree?
    this.reach = index;
    this.again = false;
    this.state = false;
    this.percents = false;
  }

  // What was found in it holds for what is around it, too.
  tell(around) {
    around.reach = MathMin(around.reach, this.reach);
    if (this.again) around.again = true;
    if (this.state) around.state = true;
    if (this.percents && this.height < 0) around.percents = true;
  }
}

export const NO_CHILDREN = [];

// Children in the flat tree that are elements or text
export function flatChildren(el) {
  const out = [];
  if (el.shadow === null && el.localName === 'slot' && el.namespace === HTML_NS && rootOf(el).isShadow === true) {
    const nodes = flattenedSlottables(el);
    for (let i = 0; i < nodes.length; i++) if (nodes[i].nodeType === 1 || nodes[i].nodeType === 3) out[out.length] = nodes[i];
    return out;
  }
  for (let node = (el.shadow ?? el).first; node !== null; node = node.next) if (node.nodeType === 1 || node.nodeType === 3 || node.nodeType === 4) out[out.length] = node;
  return out;
}
