// https://drafts.csswg.org/cssom-view/
// A flat layout stands in for the real one: each rendered element has a row of its own, below it the rows of what is in it. So boxes, hit tests
// and visibility agree, and every element can be pointed at. Boxes whose style says where they are stand there (placement.js), and rows that come
// after them in the tree make room for them. An element with nothing in it that could be seen has no height, as in a browser: clients wait for it to
// be filled (hollow.js). Tables are what is in them, and the cells of their rows stand beside each other (table_rows.js), as do the items
// of a grid that has columns (grid_cells.js).
//
// Strategy. After a change only what it may concern is laid out: elements that lost LAID_OUT (css/cssom/style_marks.js). Boxes of all others are taken over
// with what is in them, moved up or down, where they stand in the same room as before (FlatBox.fits). What comes of it is what a layout of everything
// would give: tests/web/css/cases/relayout.js compares them after changes at random.

import { MathMax, SafeMap, StringPrototypeStartsWith } from '../../primordials.js';
import { LAID_OUT, LOOKS_NEW } from '../../dom/node.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { flatParent, isComparable } from '../cssom/cascade.js';
import { computedValueOf, displayOf, visibilityOf } from '../cssom/computed.js';
import { isLeftOut } from '../cssom/rendered.js';
import { explicitSize, frameSize, imageBoxSize, innerEdges, REPLACED } from './box_sizes.js';
import { FlatBox, FlatColumn, flatChildren, LayoutFrame, ROW_HEIGHT } from './flat_boxes.js';
import { gridCellsOf } from './grid_cells.js';
import { fillsRow, hasOwnText } from './hollow.js';
import { layoutFactsOf } from './layout_facts.js';
import { isFixedContainer, isStyled, paintOrderOf, placementOf, shrunkWidth } from './placement.js';
import { cellRowOf, isRowless } from './table_rows.js';

let generations = 0;

// The padding box of a containing block, for what is placed in it.
function containingBlock(box, window) {
  if (box === null) return { __proto__: null, x: 0, y: 0, width: window.width, height: window.height, fixed: false, explicitWidth: true };
  const edges = innerEdges(box.el, false);
  return {
    __proto__: null, x: box.left + edges.left, y: box.top + edges.top, width: MathMax(0, box.width - edges.left - edges.right),
    height: box.explicitHeight < 0 ? -1 : MathMax(0, box.explicitHeight - edges.top - edges.bottom), fixed: box.fixed,
    explicitWidth: box.explicitWidth,
  };
}

export class FlatLayout {
  // `previous`: a layout of the same document that is given up, or null
  constructor(doc, stamp, previous) {
    const usable = previous !== null && isComparable(previous.stamp, stamp);
    this.doc = doc;
    this.stamp = stamp;        // what it holds for
    this.window = doc.window;
    this.boxes = previous === null ? new SafeMap() : previous.boxes;   // by element, those of this generation
    this.order = [];           // boxes in tree order
    this.generation = ++generations;
    this.old = usable ? previous.order : null;       // boxes in tree order, to be taken over
    this.sameState = usable && previous.stamp.state === stamp.state;
    this.hollows = [];         // hollow boxes, inner ones first, each followed by the box around it or null
    this.texts = new SafeMap();// widths of the text in elements, where they were asked
    this.plain = true;         // is paint order tree order?
    this.painted = null;
    this.extent = null;
    const root = doc.documentElement();
    if (root !== null && doc.window !== null) this.build(root);
    this.collapse();
    if (previous !== null) this.forget(previous.order);
    this.old = this.hollows = this.texts = null;
  }

  // Boxes from the lowest to the topmost
  get paint() {
    return this.painted ?? (this.painted = this.plain ? this.order : paintOrderOf(this.order));
  }

  // What can be scrolled to
  get height() {
    return this.measured().height;
  }

  get width() {
    return this.measured().width;
  }

  boxOf(el) {
    return this.boxes.get(el) ?? null;
  }

  // Elements that have no box any more
  forget(order) {
    const { boxes, generation } = this;
    for (let i = 0; i < order.length; i++) {
      const box = order[i];
      if (box.generation !== generation && boxes.get(box.el) === box) boxes.delete(box.el);
    }
  }

  // Iterative: pages can nest deeper than the stack.
  build(root) {
    const stack = [];
    const column = new FlatColumn(0);
    // What holds for the children of nobody.
    const outermost = new LayoutFrame(null, null, [root], 0);
    outermost.column = outermost.containingColumn = column;
    outermost.filled = true;
    outermost.looksNew = this.old === null;
    stack[0] = outermost;
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      if (frame.at < frame.children.length) {
        const child = frame.children[frame.at++];
        if (frame.cells !== null) frame.cells.next(frame.column, frame.at - 1);
        else if (!frame.looksNew && this.takeOver(child, frame)) continue;
        const inner = this.open(child, frame, column);
        if (inner !== null) stack[stack.length] = inner;
        continue;
      }
      stack.length--;
      if (frame.el === null) return;
      if (frame.cells !== null) frame.cells.end(frame.column);
      const around = stack[stack.length - 1];
      if (!frame.filled) frame.filled = fillsRow(frame.el, frame.own, around.box);
      // What is placed takes no room in what is around it.
      if (frame.filled && (frame.own === null || frame.own.flow !== null)) around.filled = true;
      if (frame.own !== null) this.close(frame, around.box);
      this.noteStyles(frame);
      frame.tell(around);
      if (frame.own !== null) this.note(frame);
    }
  }

  // Take over the box of an element, and those in it, from the layout before.
  takeOver(el, parent) {
    if ((el.flags & (LAID_OUT | LOOKS_NEW)) !== LAID_OUT) return false;
    const box = this.boxes.get(el);
    const { column } = parent;
    if (box === undefined || !box.fits(column, parent.box, this.window, this.sameState)) return false;
    const { old, order, generation } = this;
    const { flow } = box;
    const by = column.y - box.entry;
    const end = box.index + box.count;
    for (let i = box.index; i < end; i++) {
      const inner = old[i];
      inner.index = order.length;
      inner.generation = generation;
      order[order.length] = inner;
      if (inner.flow === flow) inner.flow = column;
      if (by !== 0) {
        inner.top += by;
        inner.entry += by;
        inner.exit += by;
      }
      if (inner.reach >= 0) inner.reach += inner.index - i;
      if (inner.z === inner.z) this.plain = false;
      if (inner.obstructs === flow) {
        inner.obstructs = column;
        column.obstruct(inner);
      }
    }
    column.y = box.exit;
    if (box.filled) parent.filled = true;
    if (box.state) parent.state = true;
    return true;
  }

  // What its styles, and those of its pseudo-elements, hang on
  noteStyles(frame) {
    const { el } = frame;
    if (frame.shadowed || el.shadow !== null) frame.again = true;
    const { cssom } = el;
    if (cssom === null) return;
    const { cascade, pseudos } = cssom;
    if (cascade !== null) {
      if (cascade.again || cascade.moved || cssom.motions !== null) frame.again = true;
      if (cascade.state) frame.state = true;
    }
    if (pseudos !== null) {
      pseudos.forEach((of) => {
        if (of.again || of.moved) frame.again = true;
        if (of.state) frame.state = true;
      });
    }
  }

  // For layouts to come
  note(frame) {
    const { own } = frame;
    own.count = this.order.length - own.index;
    own.exit = frame.column === own.flow ? own.flow.y : 0;
    own.filled = frame.filled;
    own.reach = this.leastHeight(own) > 0 ? -1 : frame.reach;
    own.again = frame.again;
    own.state = frame.state;
  }

  open(el, parent, rootColumn) {
    const facts = isStyled(el) ? layoutFactsOf(el) : null;
    const display = facts === null ? displayOf(el) : facts.display;
    const cascade = facts === null ? null : el.cssom.cascade;
    const frame = new LayoutFrame(el, parent, null, this.order.length);
    this.noteTree(frame, parent, cascade);
    el.flags = (el.flags | LAID_OUT) & ~LOOKS_NEW;
    if (display === 'none' || (parent.el !== null && isLeftOut(el, parent.el))) {
      this.noteStyles(frame);
      frame.tell(parent);
      return null;
    }
    frame.children = flatChildren(el);
    // Its text has a row, so that it can be pointed at; scripts are told of no box (geometry.js).
    if (display === 'contents' && !(el.namespace === HTML_NS && hasOwnText(el) && el.localName !== 'slot')) return frame;
    const position = display !== 'contents' && facts !== null ? facts.position : 'static';
    const z = position === 'static' ? NaN : facts.z;
    const holder = position === 'fixed' ? this.fixedHolder(el) : null;
    const toViewport = position === 'fixed' && holder === null;
    const by = toViewport ? null : holder ?? parent.containing;
    const containing = position === 'absolute' || position === 'fixed' ? containingBlock(by, this.window) : null;
    if (toViewport) containing.fixed = true;
    const place = containing === null ? null : placementOf(el, position, containing, this.texts);
    const box = place === null ? this.row(el, parent, display, facts, frame) : this.placed(el, parent, display, place, frame);
    if (containing !== null) frame.reach = by === null ? -1 : by.index;
    if (place !== null) box.obstructs = z < 0 ? null : toViewport ? rootColumn : parent.containingColumn;
    if (place !== null || z === z) {
      box.z = z === z ? z : 0;
      this.plain = false;
    }
    if (position !== 'static' || (facts !== null && facts.holdsFixed)) {
      frame.containing = box;
      frame.containingColumn = frame.column;
    }
    frame.box = frame.own = box;
    box.cascade = cascade;
    box.index = frame.index;
    box.generation = this.generation;
    this.boxes.set(el, box);
    this.order[this.order.length] = box;
    return frame;
  }

  // Is what was known of what is in an element still true? Its parent in the flat tree is that of `parent`.
  noteTree(frame, parent, cascade) {
    const { el } = frame;
    const around = el.parent;
    const moved = parent.el !== null && around !== parent.el;      // by its shadow tree or slot
    if (moved ? around.nodeType === 11 : parent.shadowed) frame.shadowed = true;
    if (moved) frame.again = true;
    const known = this.boxes.get(el);
    frame.looksNew = parent.looksNew || (el.flags & LOOKS_NEW) !== 0 || known === undefined || known.cascade !== cascade || el.localName === 'details';
  }

  // The box of a transformed element around a fixed one, or null
  fixedHolder(el) {
    for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
      if (!isFixedContainer(at)) continue;
      const box = this.boxes.get(at);
      if (box !== undefined && box.generation === this.generation) return box;
    }
    return null;
  }

  // A row in the column.
  row(el, parent, display, facts, frame) {
    const { column } = parent;
    const around = parent.box;
    const { cells } = parent;
    const available = cells !== null ? cells.widths[parent.at - 1] : around === null ? this.window.width : around.width;
    const box = new FlatBox(el, cells !== null ? cells.lefts[parent.at - 1] : around === null ? 0 : around.left, 0, available, display, around !== null && around.fixed);
    box.noteAround(column, around, this.window);
    column.makeRoom();
    box.top = column.y;
    box.flow = column;
    if ((display !== 'inline' && display !== 'contents') || REPLACED[el.localName]) {
      const explicit = facts === null ? explicitSize(el, 'width', available) : facts.width.within(available);
      if (explicit >= 0 && cells !== null && display === 'table-cell') {
        box.explicitWidth = true;        // its row has shared it out
      } else if (explicit >= 0) {
        // Tables and cells are never too narrow for their content, whatever there is room for.
        box.width = StringPrototypeStartsWith(display, 'table') ? MathMax(explicit, shrunkWidth(el, available > ROW_HEIGHT ? available : this.window.width, this.texts)) : explicit;
        box.explicitWidth = true;
      }
      box.explicitHeight = facts === null ? explicitSize(el, 'height', -1) : facts.height.within(-1);
      if (el.localName === 'iframe') frameSize(el, box);
      else if (el.localName === 'img' && el.namespace === HTML_NS) imageBoxSize(el, box);
    }
    if (el.localName === 'html' || el.localName === 'body') return box;
    if (!isRowless(el, display, frame.children)) column.y += ROW_HEIGHT;
    if (display === 'table-row') frame.cells = cellRowOf(box, frame.children, column.y);
    else if (facts !== null && (display === 'grid' || display === 'inline-grid')) {
      frame.cells = gridCellsOf(box, frame.children, box.top);
      if (frame.cells !== null) column.y = box.top;
    }
    return box;
  }

  // A box that stands where its style says, with a column of its own for what is in it.
  placed(el, parent, display, place, frame) {
    if (place.y !== place.y) parent.column.makeRoom();
    const box = new FlatBox(el, place.x, place.y === place.y ? place.y : parent.column.y, place.width, display, place.fixed);
    box.explicitWidth = true;
    box.explicitHeight = place.height;
    frame.column = new FlatColumn(box.top);
    // Its own row would push what is in it below its end.
    if (place.height < 0 || hasOwnText(el)) frame.column.y += ROW_HEIGHT;
    return box;
  }

  close(frame, around) {
    const { own, column } = frame;
    if (own.el.localName === 'br') own.width = 0;
    const least = this.leastHeight(own);
    if (!frame.filled && own.flow !== null && least === 0) {
      own.hollow = true;
      own.height = 0;
      if (own.display === 'inline') own.width = 0;
      column.y = own.top;
      this.hollows[this.hollows.length] = own;
      this.hollows[this.hollows.length] = around;
      return;
    }
    if (own.explicitHeight >= 0) {
      own.height = own.explicitHeight;
      if (own.flow !== null) {
        if (own.top + own.height > column.y) column.y = own.top + own.height;
      } else if (column.y > own.top + own.height) {
        this.squeeze(own, column);
      }
    } else {
      own.height = column.y - own.top;
      if (own.height === 0 && least === 0) {
        own.height = ROW_HEIGHT;
        column.y += ROW_HEIGHT;
      } else if (own.height < least) {
        own.height = least;
      }
    }
    if (own.obstructs === null) return;
    if (visibilityOf(own.el) === 'visible' && computedValueOf(own.el, 'pointer-events') !== 'none') own.obstructs.obstruct(own);
    else own.obstructs = null;
  }

  // https://quirks.spec.whatwg.org/#the-html-element-fills-the-viewport-quirk and #the-body-element-fills-the-html-element-quirk
  leastHeight(box) {
    const { doc } = box.el;
    if (!doc.quirks || box.flow === null || (box.el !== doc.documentElement() && box.el !== doc.bodyElement())) return 0;
    return MathMax(0, this.window.height - box.top);
  }

  // Hollow boxes in hollow boxes stand where those do, not in rows that are not there.
  collapse() {
    const { hollows } = this;
    for (let i = hollows.length - 2; i >= 0; i -= 2) if (hollows[i + 1] !== null && hollows[i + 1].hollow) hollows[i].top = hollows[i + 1].top;
  }

  // The rows in a placed box are made lower until they fit, so that all can be pointed at; heights that were given stay.
  squeeze(own, column) {
    const { order } = this;
    const given = [];          // [top, bottom] of outermost boxes of given heights
    let givenHeight = 0;
    let end = own.top;
    for (let i = own.index + 1; i < order.length; i++) {
      const box = order[i];
      if (box.flow !== column || box.explicitHeight < 0 || box.top < end) continue;
      end = box.top + box.height;
      given[given.length] = [box.top, end];
      givenHeight += box.height;
    }
    const factor = (own.height - givenHeight) / (column.y - own.top - givenHeight);
    if (!(factor > 0)) return; // They reach beyond it, as they would.
    const moved = (y) => {
      let kept = 0;
      for (let i = 0; i < given.length && given[i][0] < y; i++) kept += (given[i][1] < y ? given[i][1] : y) - given[i][0];
      return own.top + kept + (y - own.top - kept) * factor;
    };
    for (let i = own.index + 1; i < order.length; i++) {
      const box = order[i];
      if (box.flow !== column) continue;
      box.squeezed = true;
      const top = moved(box.top);
      box.height = moved(box.top + box.height) - top;
      box.top = top;
    }
  }

  // How far the page can be scrolled: what is placed counts, unless it is fixed or what is around it clips it.
  measured() {
    if (this.extent !== null) return this.extent;
    const out = { __proto__: null, width: 0, height: 0 };
    this.extent = out;
    const { order } = this;
    const { width } = this.window;
    for (let i = 0; i < order.length; i++) {
      const box = order[i];
      if (box.fixed) continue;
      if (box.top + box.height > out.height) out.height = box.top + box.height;
      if (box.left + box.width > width && box.left + box.width > out.width && !isClipped(box.el)) out.width = box.left + box.width;
    }
    return out;
  }
}

// Does what is around an element clip it at the right?
function isClipped(el) {
  for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
    if (isStyled(at) && computedValueOf(at, 'overflow-x') !== 'visible') return true;
  }
  return false;
}
