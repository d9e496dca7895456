// https://drafts.csswg.org/css-inline-3/#line-layout
// Lines: text, inline boxes, and what stands in a line as a whole.

import { MathMax, StringPrototypeCharCodeAt } from '../../primordials.js';
import { computedValueOf } from '../cssom/computed.js';

const IDEOGRAPHS = 0x2e80;     // from here on lines may be broken at each character

// A stretch of a text node in one line
export class TextRun {
  constructor(node, from, to, x, width, facts) {
    this.node = node;
    this.from = from;
    this.to = to;
    this.x = x;
    this.y = 0;
    this.width = width;
    this.facts = facts;
  }

  get height() {
    return this.facts.ascent + this.facts.descent;
  }

  move(dx, dy) {
    this.x += dx;
    this.y += dy;
  }

  // Where the character at this offset begins
  xAt(offset) {
    return offset >= this.to ? this.x + this.width : this.x + runWidth(this.node.data, this.from, offset, this.facts, this.from > 0);
  }

  // The offset next to this place
  offsetAt(x) {
    const { node: { data }, to, facts } = this;
    let at = this.x;
    let spaced = this.from > 0;
    for (let i = this.from; i < to; i++) {
      const width = i + 1 === to ? this.x + this.width - at : runWidth(data, i, i + 1, facts, spaced);
      if (x < at + width / 2) return i;
      at += width;
      spaced = facts.preserve !== 2 && isCollapsible(StringPrototypeCharCodeAt(data, i));
    }
    return to;
  }
}

// Something that stands in a line as a whole; or, without a box of its own, where part of an inline box begins and ends
class LineItem {
  constructor(box, x, width, edges, facts) {
    this.box = box;
    this.x = x;
    this.width = width;        // of the margin box
    this.edges = edges;
    this.facts = facts;        // of text; null: it is a whole
    this.align = '';
  }
}

class TextLine {
  constructor(left, right, top) {
    this.left = left;
    this.right = right;
    this.top = top;
    this.x = left;
    this.items = [];
    this.space = true;         // would white space collapse here?
    this.hangs = 0;            // width of white space at the end
    this.content = false;
  }
}

export const isCollapsible = (c) => c === 0x20 || c === 0x0a || c === 0x09 || c === 0x0d || c === 0x0c;

// Without line breaks; `space`: does white space come before?
export function runWidth(data, from, to, facts, space) {
  let count = 0;
  let spaced = space;
  for (let i = from; i < to; i++) {
    const c = StringPrototypeCharCodeAt(data, i);
    if (facts.preserve !== 2 && isCollapsible(c)) {
      if (!spaced) count++;
      spaced = true;
      continue;
    }
    spaced = false;
    count += c >= IDEOGRAPHS ? 2 : c === 0x200b || c === 0xad ? 0 : c === 0x0a ? 0 : 1;
  }
  return count * facts.char;
}

// Widths of text in px: whole, and of its longest word
export function measureText(data, facts, out) {
  let count = 0;
  let word = 0;
  let longest = 0;
  let { space } = out;
  for (let i = 0; i < data.length; i++) {
    const c = StringPrototypeCharCodeAt(data, i);
    if (isCollapsible(c)) {
      if (c === 0x0a && facts.preserve > 0) {
        out.most = MathMax(out.most, out.run + count * facts.char);
        out.run = count = 0;
        space = facts.preserve === 1;
      } else if (facts.preserve === 2 || !space) {
        count++;
        space = true;
      }
      if (word > longest) longest = word;
      word = 0;
      continue;
    }
    space = false;
    count += c >= IDEOGRAPHS ? 2 : 1;
    word = c >= IDEOGRAPHS ? 2 : word + 1;
    if (c === 0x2d) {
      if (word > longest) longest = word;
      word = 0;
    }
  }
  out.space = space;
  out.run += count * facts.char;
  out.least = MathMax(out.least, (facts.wrap ? MathMax(longest, word) : count) * facts.char);
}

// Begin a line of a block container, if there is none.
export function openLine(layout, block) {
  if (block.line !== null) return block.line;
  const { column } = block;
  column.settle(layout);
  const room = column.lowest > column.y ? column.roomFor(column.y, block.left, block.left + block.width, 1) : null;
  if (room !== null) column.y = room.top;
  const line = room === null ? new TextLine(block.left, block.left + block.width, column.y) : new TextLine(room.left, room.right, column.y);
  if (!block.indented) {
    block.indented = true;
    const indent = block.el === null ? 0 : layout.indentOf(block);
    line.x += indent;
  }
  block.line = line;
  const { inlines } = block;
  if (inlines !== null) for (let i = MathMax(0, inlines.length - MOST_OPEN); i < inlines.length; i++) inlines[i].partX = line.x;
  return line;
}

export function addTextTo(layout, block, node, facts) {
  const { data } = node;
  const { length } = data;
  const { wrap, preserve, char } = facts;
  let { line } = block;
  let from = -1;               // of the run that is being gathered
  let startX = 0;
  let i = 0;
  const flush = (to) => {
    if (from < 0) return;
    const run = new TextRun(node, from, to, startX, line.x - startX, facts);
    line.items[line.items.length] = run;
    layout.runsOf(block)[layout.runsOf(block).length] = run;
    from = -1;
  };
  const begin = (at) => {
    if (from >= 0) return;
    from = at;
    startX = line.x;
  };
  while (i < length) {
    const c = StringPrototypeCharCodeAt(data, i);
    if (isCollapsible(c)) {
      if (c === 0x0a && preserve > 0) {
        line = openLine(layout, block);
        line.content = true;
        begin(i);
        flush(i + 1);
        endLine(layout, block);
        line = block.line;
      } else if (preserve === 2) {
        line = openLine(layout, block);
        begin(i);
        line.x += c === 0x09 ? char * 8 : char;
        line.content = true;
        line.space = false;
      } else if (line !== null && !line.space) {
        begin(i);
        line.x += char;
        line.space = true;
        line.hangs = char;
      }
      i++;
      continue;
    }
    line = openLine(layout, block);
    // A word that is cut need not be known beyond the line.
    const most = facts.breaks && wrap && block.width >= char ? MathMax(block.width, line.right - line.x) : Infinity;
    let end = i;
    let width = 0;
    for (; end < length && width <= most; end++) {
      const d = StringPrototypeCharCodeAt(data, end);
      if (isCollapsible(d)) break;
      if (d >= IDEOGRAPHS) {
        if (end > i && !(d >= 0x3000 && d <= 0x3002)) break;
        width += 2 * char;
        continue;
      }
      if (end > i && StringPrototypeCharCodeAt(data, end - 1) >= IDEOGRAPHS) break;
      if (d === 0x200b) {
        end++;
        break;
      }
      width += char;
      if (d === 0x2d && end > i) {
        end++;
        break;
      }
    }
    if (wrap && line.x + width > line.right + 0.01 && line.content) {
      flush(i);
      endLine(layout, block);
      line = openLine(layout, block);
    }
    begin(i);
    if (facts.breaks && wrap && width > line.right - line.x && line.right - line.x >= char) {
      // The word is cut.
      const count = MathMax(1, (line.right - line.x) / char | 0);
      line.x += count * char;
      line.content = true;
      i += count < end - i ? count : end - i;
      flush(i);
      endLine(layout, block);
      line = block.line;
      continue;
    }
    line.x += width;
    line.content = true;
    line.space = false;
    line.hangs = 0;
    i = end;
  }
  flush(length);
}

const MOST_OPEN = 200;         // inline boxes in each other that are told of each line: outer ones would cost all of them for each

// Parts of inline boxes that are open end with the line, and others begin with the next.
function closeParts(block, line) {
  const { inlines } = block;
  if (inlines === null) return;
  for (let i = MathMax(0, inlines.length - MOST_OPEN); i < inlines.length; i++) {
    const frame = inlines[i];
    if (frame.partX === frame.partX) {
      const width = line.x - line.hangs - frame.partX;
      line.items[line.items.length] = new LineItem(frame.own, frame.partX, width > 0 ? width : 0, frame.edges, frame.facts.text);
    }
    frame.partX = NaN;
  }
}

// Where an inline box begins
export function openInline(layout, frame) {
  const { block, edges } = frame;
  const before = (edges.ml === edges.ml ? edges.ml : 0) + edges.bl + edges.pl;
  if (before !== 0 || edges.pr + edges.br !== 0) openLine(layout, block);
  const { line } = block;
  (block.inlines ?? (block.inlines = []))[block.inlines.length] = frame;
  if (line === null) return;
  frame.partX = line.x + (edges.ml === edges.ml ? edges.ml : 0);
  line.x += before;
  if (before !== 0) line.hangs = 0;
  if (before > 0) line.content = true;
}

export function closeInline(layout, frame) {
  const { block, edges, own } = frame;
  const { line } = block;
  block.inlines.length--;
  if (line === null || frame.partX !== frame.partX) {
    if (!own.endless) return;
    // No line shows anything of it.
    own.endless = false;
    own.left = line === null ? block.left : line.x;
    own.top = block.column.y + block.column.margin;
    return;
  }
  line.x += edges.pr + edges.br;
  line.items[line.items.length] = new LineItem(own, frame.partX, line.x - frame.partX, edges, frame.facts.text);
  line.x += edges.mr === edges.mr ? edges.mr : 0;
}

// Make room in the line for a whole of this width: its x.
export function roomInLine(layout, block, width, facts) {
  let line = openLine(layout, block);
  if (facts.wrap && line.content && line.x + width > line.right + 0.01) {
    endLine(layout, block);
    line = openLine(layout, block);
  }
  return line.x;
}

export function addAtom(block, box, width, edges) {
  const { line } = block;
  const item = new LineItem(box, line.x, width, edges, null);
  item.align = box.facts.given('vertical-align') ? computedValueOf(box.el, 'vertical-align') : 'baseline';
  line.items[line.items.length] = item;
  line.x += width;
  line.content = true;
  line.space = false;
  line.hangs = 0;
}

// How high a whole stands above the baseline: with its margins
function ascentOfAtom(item, size, strut) {
  const { box } = item;
  const mt = item.edges.mt === item.edges.mt ? item.edges.mt : 0;
  if (item.align === 'middle') return size / 2 + strut.size * 0.225;
  if (item.align === 'text-top') return strut.ascent;
  if (item.align === 'text-bottom') return size - strut.descent;
  const own = box.baseline === box.baseline ? mt + box.baseline : size;
  if (item.align === 'sub') return own - strut.size * 0.2;
  if (item.align === 'super') return own + strut.size * 0.33;
  return own;
}

// Everything in the line gets its height.
export function endLine(layout, block) {
  const { line } = block;
  if (line === null) return;
  closeParts(block, line);
  block.line = null;
  const strut = block.facts.text;
  const { items } = line;
  // White space at the end hangs.
  if (line.hangs > 0) {
    for (let i = items.length - 1; i >= 0; i--) {
      if (items[i].box !== undefined) continue;
      if (items[i].x + items[i].width > line.x - line.hangs) items[i].width -= line.hangs;
      break;
    }
  }
  const { column } = block;
  if (!line.content && items.length === 0) return;
  // A line with nothing in it is not there: https://drafts.csswg.org/css-inline-3/#invisible-line-boxes
  if (!line.content) {
    for (let i = 0; i < items.length; i++) if (items[i].box !== undefined) items[i].box.addPart(items[i].x, column.y, items[i].width, 0);
    return;
  }
  let { above } = strut;
  let below = strut.line - above;
  let tallest = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const facts = item.facts;
    if (facts !== null) {
      if (facts === strut) continue;
      if (facts.above > above) ({ above } = facts);
      if (facts.line - facts.above > below) below = facts.line - facts.above;
      continue;
    }
    const { edges } = item;
    const size = item.box.height + (edges.mt === edges.mt ? edges.mt : 0) + (edges.mb === edges.mb ? edges.mb : 0);
    if (item.align === 'top' || item.align === 'bottom') {
      tallest = MathMax(tallest, size);
      continue;
    }
    const high = ascentOfAtom(item, size, strut);
    if (high > above) above = high;
    if (size - high > below) below = size - high;
  }
  if (tallest > above + below) below = tallest - above;
  const height = above + below;
  const baseline = line.top + above;
  const free = line.right - (line.x - line.hangs);
  const { align } = strut;
  let dx = 0;
  if (free > 0) {
    if (align === 'center' || align === '-webkit-center') dx = free / 2;
    else if (align === 'right' || align === '-webkit-right' || align === (strut.rtl ? 'start' : 'end')) dx = free;
  }
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const { facts } = item;
    if (item.box === undefined) {
      item.x += dx;
      item.y = baseline - facts.ascent;
    } else if (facts !== null) {
      const { edges } = item;
      item.box.addPart(item.x + dx, baseline - facts.ascent - edges.pt - edges.bt, item.width, facts.ascent + facts.descent + edges.down);
    } else {
      const { box, edges } = item;
      const mt = edges.mt === edges.mt ? edges.mt : 0;
      const size = box.height + mt + (edges.mb === edges.mb ? edges.mb : 0);
      let top = baseline - ascentOfAtom(item, size, strut);
      if (item.align === 'top') ({ top } = line);
      else if (item.align === 'bottom') top = line.top + height - size;
      const dy = top + mt - (box.top - box.byRelative);
      if (dx !== 0 || dy !== 0) layout.shift(box.index, box.index + box.count, dx, dy);
    }
  }
  column.y = line.top + height;
  column.baseline = baseline;
  const own = block.own;
  if (own !== null) {
    const end = line.x - line.hangs + dx - own.left;
    if (end > own.reachX) own.reachX = end;
  }
}
