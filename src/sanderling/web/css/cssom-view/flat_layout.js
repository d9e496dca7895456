// https://drafts.csswg.org/css-display-3/
// The layout: boxes of elements, in block and inline formatting contexts, flex containers, grids and tables. It has no fonts: every character is half as wide
// as its font is high. There are no columns, no vertical writing and no pages.
//
// Strategy. One walk over the flat tree with a stack of frames, since pages nest deeper than the engine's stack. Widths are known when a box is opened, heights
// when it is closed; what stands in a line, a flex container, a grid or a table's row is laid out first and moved to its place then. Boxes keep coordinates of
// the document without scrolling and transforms, which come in when somebody looks (moved_boxes.js).
// After a change only what it may concern is laid out: elements that lost LAID_OUT (css/cssom/style_marks.js). Boxes of all others are taken over
// with what is in them, moved, where they stand in the same room as before (FlatBox.fits). What comes of it is what a layout of everything
// would give: tests/web/css/cases/relayout.js compares them after changes at random.

import { MathMax, SafeMap, StringPrototypeCharCodeAt } from '../../primordials.js';
import { LAID_OUT, LOOKS_NEW } from '../../dom/node.js';
import { SVG_NS } from '../../dom/namespaces.js';
import { isComparable } from '../cssom/cascade.js';
import { isLeftOut } from '../cssom/rendered.js';
import { replacedSize } from './box_sizes.js';
import { FlowColumn } from './block_flow.js';
import { contentWidths, fitWidth } from './content_sizes.js';
import { FlatBox, flatChildren, LayoutFrame, NO_CHILDREN } from './flat_boxes.js';
import { prepareFlex } from './flex_items.js';
import { prepareGrid } from './grid_cells.js';
import { addTextTo, endLine, isCollapsible } from './inline_flow.js';
import { CELL_INSIDE, FLEX_INSIDE, GRID_INSIDE, layoutFactsOf, lengthOfBase, NOTHING_INSIDE, ROW_INSIDE, TABLE_INSIDE, zeroIfAuto } from './layout_facts.js';
import { paintOrderOf } from './placement.js';
import { extentOf } from './scroll_areas.js';
import { isRenderedShape } from './svg_boxes.js';
import { prepareRow, prepareTable } from './table_rows.js';
import { addGenerated, gatherItems, openBlock, openInlineBox, openAtom, openFloat, openOut, openItem, openShape } from './open_boxes.js';
import { closeFrame } from './close_boxes.js';

let generations = 0;

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
    this.widths = new SafeMap();                     // widths of elements by their content
    this.shapes = [];          // boxes in SVG, that are placed last
    this.relays = 0;
    this.tables = 0;           // that are being measured, in each other
    this.spent = 0;            // boxes that were laid out twice
    this.plain = true;         // is paint order tree order?
    this.painted = null;
    this.extent = null;
    const root = doc.documentElement();
    if (root !== null && doc.window !== null) this.build(root);
    if (previous !== null) this.forget(previous.order);
    this.old = this.widths = null;
  }

  // Boxes from the lowest to the topmost
  get paint() {
    return this.painted ?? (this.painted = this.plain ? this.order : paintOrderOf(this.order));
  }

  // What can be scrolled to
  get height() {
    return (this.extent ?? (this.extent = extentOf(this, null))).height;
  }

  get width() {
    return (this.extent ?? (this.extent = extentOf(this, null))).width;
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

  build(root) {
    // What holds for the children of nobody
    const outermost = new LayoutFrame(null, null, null, 0);
    outermost.children = [root];
    outermost.column = new FlowColumn(0);
    outermost.block = outermost;
    outermost.width = this.window.width;
    outermost.height = this.window.height;
    outermost.looksNew = this.old === null;
    this.run([outermost], 0);
  }

  // Until there are no more frames than this
  run(stack, depth) {
    while (stack.length > depth) {
      const frame = stack[stack.length - 1];
      if (frame.at < frame.children.length) {
        const child = frame.children[frame.at++];
        let inner = null;
        if (child.nodeType === 1) {
          if (frame.looksNew || !this.takeOver(child, frame)) inner = this.open(child, frame);
        } else if (child.nodeType === 0) inner = openItem(this, child, frame);
        else this.addText(child, frame);
        if (inner !== null) stack[stack.length] = inner;
        continue;
      }
      if (frame.el === null && frame.item === null) return;
      if (!closeFrame(this, frame)) continue;
      stack.length--;
      const around = stack.length === 0 ? null : stack[stack.length - 1];
      this.noteStyles(frame);
      if (around !== null) frame.tell(around);
      if (frame.own !== null) this.note(frame);
    }
  }

  // -- taking over -----------------------------------------------------------------------------------------------------

  // Take over the box of an element, and those in it, from the layout before.
  takeOver(el, parent) {
    if ((el.flags & (LAID_OUT | LOOKS_NEW)) !== LAID_OUT) return false;
    const box = this.boxes.get(el);
    if (box === undefined || box.flow === null || !box.settled || box.generation === this.generation || this.old === null || this.old[box.index] !== box) return false;
    const within = parent.block;
    if (!box.fits(within, this.sameState) || box.fixed !== this.isFixedIn(parent) || box.clearing || box.holderMoves !== this.doesMove(parent.box)) return false;
    endLine(this, within);
    const { column } = within;
    if (column.pos !== box.entryPos || column.neg !== box.entryNeg || !box.clear || column.lowest > column.y) return false;
    const mt = box.ownMargin;
    column.addMargin(mt);
    const dy = column.y + column.margin - (box.top - box.byRelative);
    const dx = within.left - box.roomLeft;
    column.settle(this);
    box.holder = parent.box;
    box.roomLeft = within.left;
    this.adopt(box, dx, dy);
    box.flow = column;
    column.y = box.exit;
    column.pos = box.exitPos;
    column.neg = box.exitNeg;
    if (box.lastLine === box.lastLine) column.baseline = box.top + box.lastLine;
    if (box.state) parent.state = true;
    if (box.percents) parent.percents = true;
    return true;
  }

  isFixedIn(parent) {
    return parent.box !== null && parent.box.fixed;
  }

  doesMove(box) {
    return box !== null && (box.moves || box.facts.scrolls);
  }

  // A box and those in it become part of this layout.
  adopt(box, dx, dy) {
    const { old, order, generation } = this;
    const end = box.index + box.count;
    const moved = dx !== 0 || dy !== 0;
    for (let i = box.index; i < end; i++) {
      const inner = old[i];
      inner.index = order.length;
      inner.generation = generation;
      inner.facts.cascade = inner.cascade;
      order[order.length] = inner;
      inner.seen = null;
      if (moved) {
        inner.move(dx, dy);
        inner.matrix = null;
      }
      inner.roomLeft += i > box.index && inner.flow !== null ? dx : 0;
      if (inner.reach >= 0) inner.reach += inner.index - i;
      if (inner.z === inner.z) this.plain = false;
      if (inner.isShape) this.shapes[this.shapes.length] = inner;
    }
  }

  // What its styles, and those of its pseudo-elements, hang on
  noteStyles(frame) {
    const { el } = frame;
    if (el === null) return;
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
    own.reach = this.fillsViewport(own) ? -1 : frame.reach;
    own.again = frame.again;
    own.state = frame.state;
    own.percents = frame.percents;
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
    el.flags = (el.flags | LAID_OUT) & ~LOOKS_NEW;
  }

  open(el, parent) {
    const facts = layoutFactsOf(el);
    const frame = new LayoutFrame(el, parent, facts, this.order.length);
    this.noteTree(frame, parent, el.cssom.cascade);
    if (facts.display === 'none' || (parent.el !== null && isLeftOut(el, parent.el)) || (el.namespace === SVG_NS && !isRenderedShape(el))) {
      this.noteStyles(frame);
      frame.tell(parent);
      return null;
    }
    if (facts.display === 'contents') {
      frame.left = parent.left;
      frame.top = parent.top;
      frame.width = parent.width;
      frame.height = parent.height;
      frame.table = parent.table;
      frame.children = flatChildren(el);
      return frame;
    }
    if (parent.facts !== null && parent.own !== null && el.namespace === SVG_NS && parent.el.namespace === SVG_NS) return openShape(this, frame, parent);
    if (facts.isOut) return openOut(this, frame, parent, null, NaN);
    if (facts.float !== 'none') return openFloat(this, frame, parent);
    if (facts.inside === CELL_INSIDE || facts.atom) return openAtom(this, frame, parent);
    return facts.inline ? openInlineBox(this, frame, parent) : openBlock(this, frame, parent);
  }

  // Its box, with what is known of it from the beginning
  begin(frame, holder, left, top, width, fixed) {
    const { el, facts } = frame;
    const box = new FlatBox(el, facts, left, top, width, holder, fixed);
    box.cascade = el.cssom.cascade;
    box.index = frame.index = this.order.length;
    box.generation = this.generation;
    box.holderMoves = this.doesMove(holder);
    this.boxes.set(el, box);
    this.order[this.order.length] = box;
    frame.box = frame.own = box;
    const { position } = facts;
    if (position !== 'static') {
      box.z = facts.z === facts.z ? facts.z : 0;
      this.plain = false;
    } else if (facts.holdsFixed || (frame.item !== null && facts.given('z-index') && +facts.value('z-index') === +facts.value('z-index'))) {
      box.z = position === 'static' && frame.item !== null && facts.given('z-index') ? zeroIfAuto(+facts.value('z-index')) : 0;
      this.plain = false;
    }
    if (position !== 'static' || facts.holdsFixed) frame.containing = box;
    return box;
  }

  // The content box, and what its children are
  fill(frame, edges, explicit) {
    const { el, own, facts } = frame;
    frame.edges = edges;
    frame.explicit = explicit;
    frame.left = own.left + edges.bl + edges.pl;
    frame.width = MathMax(0, own.width - edges.across);
    frame.top = own.top + edges.bt + edges.pt;
    frame.height = explicit === explicit ? MathMax(0, explicit - edges.down) : -1;
    own.definite = explicit === explicit ? explicit : -1;
    if (facts.column) frame.column = new FlowColumn(frame.top);
    frame.block = frame;
    frame.indented = false;
    if (facts.inside === NOTHING_INSIDE) {
      frame.children = el.localName === 'svg' || el.localName === 'select' ? childElementsOf(el) : NO_CHILDREN;
      return;
    }
    frame.children = flatChildren(el);
    if (facts.inside === FLEX_INSIDE || facts.inside === GRID_INSIDE) {
      gatherItems(this, frame);
      if (facts.inside === FLEX_INSIDE) prepareFlex(this, frame);
      else prepareGrid(this, frame);
      return;
    }
    if (facts.inside === TABLE_INSIDE) prepareTable(this, frame);
    else if (facts.inside === ROW_INSIDE) prepareRow(this, frame);
    if (frame.items === null) addGenerated(this, frame, 'before');
  }

  // Width of the border box where the style leaves it open: `fill`: is the room to be filled?
  autoWidth(el, facts, edges, room, height, fill) {
    const word = facts.keyword('width');
    if (word === 'max-content') return contentWidths(this, el, facts).most;
    if (word === 'min-content') return contentWidths(this, el, facts).least;
    if (word === 'fit-content' || word === '-webkit-fit-content' || word === '-moz-fit-content') return fitWidth(this, el, facts, room);
    if (facts.inside === NOTHING_INSIDE) return this.replaced(el, facts, edges, room, height).width;
    if (facts.ratio > 0) {
      const high = facts.size('height', height, edges);
      if (high === high) return (high - edges.down) * facts.ratio + edges.across;
    }
    return fill && facts.inside !== TABLE_INSIDE && el.localName !== 'button' ? room : fitWidth(this, el, facts, room);
  }

  // https://drafts.csswg.org/css2/#inline-replaced-width: { width, height } of the border box
  replaced(el, facts, edges, room, height) {
    const natural = replacedSize(el, facts, room - edges.across);
    const ratio = facts.ratio > 0 ? facts.ratio : natural.ratio;
    let width = facts.size('width', room, edges);
    let high = facts.size('height', height, edges);
    const openWidth = width !== width;
    const openHeight = high !== high;
    if (openWidth) width = !openHeight && ratio > 0 ? (high - edges.down) * ratio + edges.across : natural.width + edges.across;
    let limited = facts.limit(width, 'width', room, edges);
    if (openHeight) high = ratio > 0 && (!openWidth || limited !== width) ? (limited - edges.across) / ratio + edges.down : natural.height + edges.down;
    const limitedHeight = facts.limit(high, 'height', height, edges);
    if (openWidth && limitedHeight !== high && ratio > 0) limited = facts.limit((limitedHeight - edges.down) * ratio + edges.across, 'width', room, edges);
    return { __proto__: null, width: limited, height: limitedHeight };
  }

  addText(node, frame) {
    const { data } = node;
    const { block } = frame;
    const facts = frame.facts.text;
    if (block.line === null || block.line.space) {
      if (!showsText(data, facts)) return;
    }
    addTextTo(this, block, node, facts);
  }

  // Where the text in a block's lines is kept
  runsOf(block) {
    if (block.runs !== null) return block.runs;
    const { own } = block;
    return own.runs ?? (own.runs = []);
  }

  indentOf(block) {
    const { facts } = block;
    const px = lengthOfBase(facts.value('text-indent'), block.width);
    return px === px ? px : 0;
  }

  // Move boxes with what is in them. What is placed by something around them stays.
  shift(from, to, dx, dy) {
    const { order } = this;
    const end = to < order.length ? to : order.length;
    for (let i = from; i < end;) {
      const box = order[i];
      if (box.out && i > from && (box.holder === null || box.holder.index < from) && (box.pinX || box.pinY)) {
        if (!(box.pinX && box.pinY)) this.shift(i, i + box.count, box.pinX ? 0 : dx, box.pinY ? 0 : dy);
        i += box.count;
        continue;
      }
      box.move(dx, dy);
      box.roomLeft += box.flow !== null ? dx : 0;
      i++;
    }
  }

  // https://quirks.spec.whatwg.org/#the-html-element-fills-the-viewport-quirk and #the-body-element-fills-the-html-element-quirk
  leastHeight(box) {
    if (!this.fillsViewport(box)) return 0;
    const { edges } = box.facts;
    return MathMax(0, this.window.height - box.top - zeroIfAuto(edges.mb));
  }

  fillsViewport(box) {
    const { doc } = this;
    return doc.quirks && box.flow !== null && (box.el === doc.documentElement() || box.el === doc.bodyElement());
  }
}


export function childElementsOf(el) {
  const out = [];
  for (let node = (el.shadow ?? el).first; node !== null; node = node.next) if (node.nodeType === 1) out[out.length] = node;
  return out;
}

// Is there a character that is not collapsed away?
export function showsText(data, facts) {
  if (facts.preserve === 2) return data.length > 0;
  for (let i = 0; i < data.length; i++) {
    const c = StringPrototypeCharCodeAt(data, i);
    if (!isCollapsible(c) || (facts.preserve === 1 && c === 0x0a)) return true;
  }
  return false;
}
