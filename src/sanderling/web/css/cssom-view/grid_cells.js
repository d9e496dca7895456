// https://drafts.csswg.org/css-grid-2/
// The items of a grid whose columns are given stand in them, one after the other, as they are placed automatically. Where items name their lines or areas,
// or tracks have sizes that hang on their content alone, each item keeps a row of its own.

import { MathFloor, MathMax, NumberParseFloat, NumberParseInt, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeStartsWith } from '../../primordials.js';
import { cascadeOf } from '../cssom/cascade.js';
import { computedCss } from '../cssom/computed.js';
import { cssComponents } from '../syntax/components.js';
import { innerEdges } from './box_sizes.js';
import { hasOwnText } from './hollow.js';
import { layoutFactsOf } from './layout_facts.js';
import { CellRow } from './table_rows.js';

const MAX_TRACKS = 1000;

class GridTrack {
  constructor(px, share) {
    this.px = px;              // its size, or the least one
    this.share = share;        // of what is left over; 0: none
  }
}

function cutAtComma(list) {
  for (let i = 0; i < list.length; i++) {
    if (list[i].type !== 'comma') continue;
    const rest = [];
    for (let j = i + 1; j < list.length; j++) rest[rest.length] = list[j];
    return { __proto__: null, first: list[0], rest };
  }
  return null;
}

// A track of one component; null: it hangs on content, or is none.
function gridTrack(node, width) {
  if (node.type === 'dimension' && node.value === 'px') return new GridTrack(node.number, 0);
  if (node.type === 'dimension' && node.value === 'fr') return new GridTrack(0, node.number);
  if (node.type === 'percentage') return new GridTrack(node.number / 100 * width, 0);
  if (node.type === 'number' && node.number === 0) return new GridTrack(0, 0);
  if (node.type !== 'function' || node.value !== 'minmax') return null;
  const parts = cutAtComma(node.args);
  if (parts === null || parts.rest.length !== 1) return null;
  const most = gridTrack(parts.rest[0], width);
  if (most === null) return null;
  if (most.share === 0) return most;
  const least = gridTrack(parts.first, width);
  return new GridTrack(least === null ? 0 : least.px, most.share);
}

// https://drafts.csswg.org/css-grid-2/#track-sizing; null: not of sizes that are known without content
function gridTracks(list, width, gap) {
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (node.type === '[') continue;       // names of lines
    if (node.type !== 'function' || node.value !== 'repeat') {
      const track = gridTrack(node, width);
      if (track === null) return null;
      out[out.length] = track;
      continue;
    }
    const parts = cutAtComma(node.args);
    const inner = parts === null ? null : gridTracks(parts.rest, width, gap);
    if (inner === null || inner.length === 0) return null;
    let count = parts.first.number;
    if (parts.first.type === 'ident') {
      let size = 0;
      for (let j = 0; j < inner.length; j++) size += inner[j].px + gap;
      count = size > 0 ? MathMax(1, MathFloor((width + gap) / size)) : 0;
    }
    if (!(count >= 1) || count * inner.length > MAX_TRACKS) return null;
    for (let j = 0; j < count; j++) for (let k = 0; k < inner.length; k++) out[out.length] = inner[k];
  }
  return out;
}

// [lefts, widths] of the columns, in px of the document; null: there is no room for them.
function gridColumns(box) {
  const cascade = cascadeOf(box.el);
  const text = computedCss(cascade, 'grid-template-columns');
  if (text === 'none' || computedCss(cascade, 'grid-template-areas') !== 'none' || StringPrototypeStartsWith(computedCss(cascade, 'grid-auto-flow'), 'column')) return null;
  const edges = innerEdges(box.el, true);
  const width = box.width - edges.left - edges.right;
  const given = computedCss(cascade, 'column-gap');
  const gap = StringPrototypeEndsWith(given, 'px') ? NumberParseFloat(given) : 0;
  const list = cssComponents(text);
  const tracks = list === null ? null : gridTracks(list, width, gap);
  if (tracks === null || tracks.length < 2) return null;
  let left = width - gap * (tracks.length - 1);
  let shares = 0;
  for (let i = 0; i < tracks.length; i++) {
    shares += tracks[i].share;
    if (tracks[i].share === 0) left -= tracks[i].px;
  }
  const unit = shares > 0 ? left / shares : 0;
  if (shares > 0 && unit < 1) return null;
  const lefts = [];
  const widths = [];
  let at = box.left + edges.left;
  for (let i = 0; i < tracks.length; i++) {
    lefts[i] = at;
    widths[i] = tracks[i].share === 0 ? tracks[i].px : MathMax(tracks[i].px, tracks[i].share * unit);
    at += widths[i] + gap;
  }
  return [lefts, widths];
}

// How many columns an item takes; 0: it says where it stands.
function gridSpan(el, count) {
  const cascade = cascadeOf(el);
  const start = computedCss(cascade, 'grid-column-start');
  const end = computedCss(cascade, 'grid-column-end');
  const row = computedCss(cascade, 'grid-row-start');
  if (row !== 'auto' && !StringPrototypeStartsWith(row, 'span')) return 0;
  if (start === '1' && end === '-1') return count;
  const span = start === 'auto' ? end : start;
  if (span === 'auto') return 1;
  if (!StringPrototypeStartsWith(span, 'span ') || (start !== 'auto' && end !== 'auto')) return 0;
  const number = NumberParseInt(StringPrototypeSlice(span, 5), 10);
  return number >= 1 && number <= count ? number : 0;
}

// The cells that the children of a grid's box stand in, from `top` on; null: each has a row of its own.
export function gridCellsOf(box, children, top) {
  const columns = hasOwnText(box.el) ? null : gridColumns(box);
  if (columns === null) return null;
  const { 0: columnLefts, 1: columnWidths } = columns;
  const count = columnLefts.length;
  const cells = new CellRow([], [], top);
  let column = 0;
  for (let i = 0; i < children.length; i++) {
    const facts = layoutFactsOf(children[i]);
    cells.lefts[i] = columnLefts[0];
    cells.widths[i] = 0;
    cells.starts[i] = false;
    if (facts.display === 'none') continue;
    if (facts.display === 'contents' || facts.position === 'absolute' || facts.position === 'fixed') return null;
    const span = gridSpan(children[i], count);
    if (span === 0) return null;
    if (column + span > count) {
      column = 0;
      cells.starts[i] = true;
    }
    const last = column + span - 1;
    cells.lefts[i] = columnLefts[column];
    cells.widths[i] = columnLefts[last] + columnWidths[last] - columnLefts[column];
    column += span;
  }
  return cells;
}
