// https://drafts.csswg.org/cssom-view/
// A flat layout stands in for the real one: each rendered element has a row of its own, below it the rows of what is in it. So boxes, hit tests
// and visibility agree, and every element can be pointed at. Boxes whose style says where they are stand there (placement.js), and rows that come
// after them in the tree make room for them. An element with nothing in it that could be seen has no height, as in a browser: clients wait for it to
// be filled (hollow.js).

import { MathMax, NumberParseFloat, NumberParseInt, SafeMap, StringPrototypeEndsWith, StringPrototypeStartsWith } from '../../primordials.js';
import { getAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { rootOf } from '../../dom/tree.js';
import { flattenedSlottables } from '../../dom/slots.js';
import { correctedSize } from '../../html/image_loading.js';
import { cascadeOf, flatParent } from '../cssom/cascade.js';
import { computedCss, computedValueOf, displayOf, pxOf, visibilityOf } from '../cssom/computed.js';
import { isLeftOut } from '../cssom/rendered.js';
import { inlineDeclarations } from '../cssom/inline_style.js';
import { hasAnySheet } from '../cssom/sheets.js';
import { fillsRow, hasOwnText } from './hollow.js';
import { layoutFactsOf } from './layout_facts.js';
import { isFixedContainer, isStyled, placementOf, shrunkWidth, StackingContext } from './placement.js';

export const ROW_HEIGHT = 20;         // px of an element's own row
export const CHARACTER_WIDTH = 8;     // px, of text in ranges

export const REPLACED = { __proto__: null, img: true, video: true, canvas: true, iframe: true, embed: true, object: true, input: true, textarea: true, select: true, button: true, audio: true, meter: true, progress: true };

class FlatBox {
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
  }

  // In coordinates of the document
  get x() {
    return this.fixed ? this.left + this.el.doc.window.scrollX : this.left;
  }

  get y() {
    return this.fixed ? this.top + this.el.doc.window.scrollY : this.top;
  }
}

// A column of rows: that of the document, and one in each placed box.
class FlatColumn {
  constructor(y) {
    this.y = y;
    this.obstacles = [];       // placed boxes that later rows stand below
  }

  // Move down to where there is room for a row.
  makeRoom() {
    for (let i = 0; i < this.obstacles.length; i++) {
      const box = this.obstacles[i];
      if (this.y + ROW_HEIGHT <= box.top || this.y >= box.top + box.height) continue;
      this.y = box.top + box.height;
      i = -1;
    }
  }
}

// An element whose children are being laid out
class LayoutFrame {
  constructor(el, parent, children, start) {
    this.el = el;
    this.box = parent === null ? null : parent.box;      // that its children stand in
    this.own = null;           // its own, if it has one
    this.children = children;
    this.at = 0;
    this.column = parent === null ? null : parent.column;
    this.containing = parent === null ? null : parent.containing;
    this.containingColumn = parent === null ? null : parent.containingColumn;
    this.context = parent === null ? null : parent.context;
    this.start = start;
    this.obstructs = null;     // of a placed box: the column whose rows make room for it
    this.filled = false;       // was something found in it that has a size?
  }
}

// A size that the style gives, as that of the border box; -1: none
export function explicitSize(el, name, available) {
  let size = pxOf(el, name);
  if (size < 0) {
    if (available < 0 || (!hasAnySheet(el.doc) && inlineDeclarations(el) === null)) return -1;
    const value = computedCss(cascadeOf(el), name);
    if (!StringPrototypeEndsWith(value, '%')) return -1;
    size = NumberParseFloat(value) / 100 * available;
  }
  if (el.localName !== 'iframe' && !hasAnySheet(el.doc) && inlineDeclarations(el) === null) return size;
  const cascade = cascadeOf(el);
  if (computedCss(cascade, 'box-sizing') === 'border-box') return size;
  const first = name === 'width' ? 'left' : 'top';
  const second = name === 'width' ? 'right' : 'bottom';
  const add = (property) => {
    const number = NumberParseFloat(computedCss(cascade, property));
    return number > 0 ? number : 0;
  };
  return size + add('padding-' + first) + add('padding-' + second) + add('border-' + first + '-width') + add('border-' + second + '-width');
}

// https://html.spec.whatwg.org/multipage/rendering.html#embedded-content-rendering-rules: attributes map to sizes; else 300 by 150.
// A frame keeps its size, since its content has a viewport of its own there.
function frameSize(el, box) {
  const edges = innerEdges(el, false);
  if (!box.explicitWidth) {
    box.width = (frameAttributeSize(el, 'width') ?? 300) + edges.left + edges.right;
    box.explicitWidth = true;
  }
  if (box.explicitHeight < 0) box.explicitHeight = (frameAttributeSize(el, 'height') ?? 150) + edges.top + edges.bottom;
}

// An image that was loaded keeps its ratio where one side is given: https://drafts.csswg.org/css-images/#sizing
function imageBoxSize(el, box) {
  const { current } = el.state;
  if (current.width === 0 || current.height === 0) return;
  const width = correctedSize(current, 'width');
  const height = correctedSize(current, 'height');
  const wide = box.explicitWidth ? box.width : frameAttributeSize(el, 'width');
  const high = box.explicitHeight >= 0 ? box.explicitHeight : frameAttributeSize(el, 'height');
  box.width = wide ?? (high === null ? width : high * current.width / current.height);
  box.explicitWidth = true;
  box.explicitHeight = high ?? (wide === null ? height : wide * current.height / current.width);
}

function frameAttributeSize(el, name) {
  const text = getAttr(el, name);
  if (text === null || StringPrototypeEndsWith(text, '%')) return null;
  const number = NumberParseInt(text, 10);
  return number >= 0 ? number : null;
}

// Children in the flat tree that are elements.
function flatChildren(el) {
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

const EDGES = ['top', 'right', 'bottom', 'left'];

// Border widths, with padding where asked.
export function innerEdges(el, padding) {
  const out = { __proto__: null, top: 0, right: 0, bottom: 0, left: 0 };
  for (let i = 0; i < 4; i++) {
    const side = EDGES[i];
    const border = pxOf(el, 'border-' + side + '-width');
    if (border > 0) out[side] += border;
    if (!padding) continue;
    const space = pxOf(el, 'padding-' + side);
    if (space > 0) out[side] += space;
  }
  return out;
}

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
  constructor(doc) {
    this.boxes = new SafeMap();
    this.order = [];           // boxes in tree order
    this.paint = this.order;   // boxes from the lowest to the topmost
    this.height = 0;           // what can be scrolled to
    this.width = 0;
    this.window = doc.window;
    this.contexts = new StackingContext(0);
    this.hollows = [];         // hollow boxes, inner ones first, each followed by the box around it or null
    this.plain = true;         // is paint order tree order?
    const root = doc.documentElement();
    if (root === null || doc.window === null) return;
    this.build(root);
    this.collapse();
    if (!this.plain) this.paint = this.contexts.paintOrder();
    this.measure();
  }

  // Iterative: pages can nest deeper than the stack.
  build(root) {
    const stack = [];
    const column = new FlatColumn(0);
    // What holds for the children of nobody.
    const outermost = new LayoutFrame(null, null, [root], 0);
    outermost.column = outermost.containingColumn = column;
    outermost.context = this.contexts;
    outermost.filled = true;
    stack[0] = outermost;
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      if (frame.at < frame.children.length) {
        const inner = this.open(frame.children[frame.at++], frame, column);
        if (inner !== null) stack[stack.length] = inner;
        continue;
      }
      stack.length--;
      if (frame.el === null) return;
      const around = stack[stack.length - 1];
      if (!frame.filled) frame.filled = fillsRow(frame.el, frame.own, around.box);
      // What is placed takes no room in what is around it.
      if (frame.filled && (frame.own === null || frame.own.flow !== null)) around.filled = true;
      if (frame.own !== null) this.close(frame, around.box);
    }
  }

  open(el, parent, rootColumn) {
    const facts = isStyled(el) ? layoutFactsOf(el) : null;
    const display = facts === null ? displayOf(el) : facts.display;
    if (display === 'none' || (parent.el !== null && isLeftOut(el, parent.el))) return null;
    const frame = new LayoutFrame(el, parent, flatChildren(el), this.order.length);
    // Its text has a row, so that it can be pointed at; scripts are told of no box (geometry.js).
    if (display === 'contents' && !(el.namespace === HTML_NS && hasOwnText(el) && el.localName !== 'slot')) return frame;
    const position = display !== 'contents' && facts !== null ? facts.position : 'static';
    const z = position === 'static' ? NaN : facts.z;
    const holder = position === 'fixed' ? this.fixedHolder(el) : null;
    const toViewport = position === 'fixed' && holder === null;
    const containing = position === 'absolute' || position === 'fixed' ? containingBlock(toViewport ? null : holder ?? parent.containing, this.window) : null;
    if (toViewport) containing.fixed = true;
    const place = containing === null ? null : placementOf(el, position, containing);
    const box = place === null ? this.row(el, parent, display, facts) : this.placed(el, parent, display, place, frame);
    if (place !== null) frame.obstructs = z < 0 ? null : toViewport ? rootColumn : parent.containingColumn;
    if (place !== null || z === z) {
      frame.context = parent.context.open(z === z ? z : 0);
      this.plain = false;
    }
    if (position !== 'static' || (facts !== null && facts.holdsFixed)) {
      frame.containing = box;
      frame.containingColumn = frame.column;
    }
    frame.box = frame.own = box;
    this.boxes.set(el, box);
    this.order[this.order.length] = box;
    frame.context.boxes[frame.context.boxes.length] = box;
    return frame;
  }

  // The box of a transformed element around a fixed one, or null
  fixedHolder(el) {
    for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
      if (isFixedContainer(at) && this.boxes.has(at)) return this.boxes.get(at);
    }
    return null;
  }

  // A row in the column.
  row(el, parent, display, facts) {
    const { column } = parent;
    const around = parent.box;
    const available = around === null ? this.window.width : around.width;
    column.makeRoom();
    const box = new FlatBox(el, around === null ? 0 : around.left, column.y, available, display, around !== null && around.fixed);
    box.flow = column;
    if ((display !== 'inline' && display !== 'contents') || REPLACED[el.localName]) {
      const explicit = facts === null ? explicitSize(el, 'width', available) : facts.width.within(available);
      if (explicit >= 0) {
        // Tables and cells are never too narrow for their content, whatever there is room for.
        box.width = StringPrototypeStartsWith(display, 'table') ? MathMax(explicit, shrunkWidth(el, available > ROW_HEIGHT ? available : this.window.width)) : explicit;
        box.explicitWidth = true;
      }
      box.explicitHeight = facts === null ? explicitSize(el, 'height', -1) : facts.height.within(-1);
      if (el.localName === 'iframe') frameSize(el, box);
      else if (el.localName === 'img' && el.namespace === HTML_NS) imageBoxSize(el, box);
    }
    if (el.localName !== 'html' && el.localName !== 'body') column.y += ROW_HEIGHT;
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
        this.squeeze(own, frame.start, column);
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
    const { obstructs } = frame;
    if (obstructs !== null && visibilityOf(own.el) === 'visible' && computedValueOf(own.el, 'pointer-events') !== 'none') obstructs.obstacles[obstructs.obstacles.length] = own;
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
  squeeze(own, start, column) {
    const { order } = this;
    const given = [];          // [top, bottom] of outermost boxes of given heights
    let givenHeight = 0;
    let end = own.top;
    for (let i = start + 1; i < order.length; i++) {
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
    for (let i = start + 1; i < order.length; i++) {
      const box = order[i];
      if (box.flow !== column) continue;
      const top = moved(box.top);
      box.height = moved(box.top + box.height) - top;
      box.top = top;
    }
  }

  // How far the page can be scrolled: what is placed counts, unless it is fixed or what is around it clips it.
  measure() {
    const { order } = this;
    const { width } = this.window;
    for (let i = 0; i < order.length; i++) {
      const box = order[i];
      if (box.fixed) continue;
      if (box.top + box.height > this.height) this.height = box.top + box.height;
      if (box.left + box.width > width && box.left + box.width > this.width && !isClipped(box.el)) this.width = box.left + box.width;
    }
  }
}

// Does what is around an element clip it at the right?
function isClipped(el) {
  for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
    if (isStyled(at) && computedValueOf(at, 'overflow-x') !== 'visible') return true;
  }
  return false;
}
