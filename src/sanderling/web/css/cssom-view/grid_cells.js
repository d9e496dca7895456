// https://drafts.csswg.org/css-grid-2/
// Grids: tracks, items that say where they stand by lines and areas or are placed one after the other, and rows as high as what is in them.
// Items of several columns do not widen tracks, and nothing is packed densely.

import { MathFloor, MathMax, MathMin, NumberParseInt, SafeSet, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith } from '../../primordials.js';
import { cssComponents, serializeCssComponent } from '../syntax/components.js';
import { contentWidths } from './content_sizes.js';
import { gapOf, isEndAlign } from './flex_items.js';
import { lengthOfBase, NOTHING_INSIDE, zeroIfAuto } from './layout_facts.js';

const MAX_TRACKS = 1000;

class GridTrack {
  constructor(px, share) {
    this.px = px;              // its size, or the least one
    this.share = share;        // of what is left over; 0: none
    this.fits = false;         // is it as large as its content?
    this.stretches = false;    // and larger, where there is room?
    this.limit = Infinity;
    this.size = 0;
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

function fittingTrack(stretches, limit) {
  const out = new GridTrack(0, 0);
  out.fits = true;
  out.stretches = stretches;
  out.limit = limit;
  return out;
}

// A track of one component; null: it is none.
function gridTrack(node, width) {
  if (node.type === 'dimension' && node.value === 'px') return new GridTrack(node.number, 0);
  if (node.type === 'dimension' && node.value === 'fr') return new GridTrack(0, node.number);
  if (node.type === 'percentage') return new GridTrack(node.number / 100 * width, 0);
  if (node.type === 'number' && node.number === 0) return new GridTrack(0, 0);
  if (node.type === 'ident' || (node.type === 'function' && node.value === 'fit-content')) return fittingTrack(node.value === 'auto', node.type === 'function' ? node.args[0].number : Infinity);
  if (node.type === 'function' && node.value !== 'minmax') {
    const px = lengthOfBase(serializeCssComponent(node), width);
    return px === px ? new GridTrack(px, 0) : null;
  }
  if (node.type !== 'function') return null;
  const parts = cutAtComma(node.args);
  if (parts === null || parts.rest.length !== 1) return null;
  const most = gridTrack(parts.rest[0], width);
  const least = gridTrack(parts.first, width);
  if (most === null || least === null) return null;
  if (most.share > 0) {
    const out = new GridTrack(least.px, most.share);
    out.fits = least.fits;
    return out;
  }
  if (!most.fits && !least.fits) return new GridTrack(MathMax(least.px, most.px), 0);
  const out = fittingTrack(most.stretches, most.fits ? most.limit : most.px);
  out.px = least.px;
  return out;
}

function copyOfTrack(track) {
  const out = new GridTrack(track.px, track.share);
  out.fits = track.fits;
  out.stretches = track.stretches;
  out.limit = track.limit;
  return out;
}

// https://drafts.csswg.org/css-grid-2/#track-sizing; null: it is no list of tracks. `names`: numbers of lines by name, to be filled
function gridTracks(list, width, gap, names) {
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    if (node.type === '[') {
      for (let j = 0; j < node.args.length; j++) names[node.args[j].value] ??= out.length + 1;
      continue;
    }
    if (node.type !== 'function' || node.value !== 'repeat') {
      const track = gridTrack(node, width);
      if (track === null) return null;
      out[out.length] = track;
      continue;
    }
    const parts = cutAtComma(node.args);
    const inner = parts === null ? null : gridTracks(parts.rest, width, gap, { __proto__: null });
    if (inner === null || inner.length === 0) return null;
    let count = parts.first.number;
    if (parts.first.type === 'ident') {
      let size = 0;
      for (let j = 0; j < inner.length; j++) size += inner[j].px + gap;
      count = size > 0 ? MathMax(1, MathFloor((MathMax(0, width) + gap + 0.01) / size)) : 1;
    }
    if (!(count >= 1) || count * inner.length > MAX_TRACKS) return null;
    for (let j = 0; j < count; j++) for (let k = 0; k < inner.length; k++) out[out.length] = copyOfTrack(inner[k]);
  }
  return out;
}

function tracksOf(facts, name, width, gap, names) {
  const text = facts.given(name) ? facts.value(name) : 'none';
  const list = text === 'none' ? null : cssComponents(text);
  return list === null ? [] : gridTracks(list, width, gap, names) ?? [];
}

// Names of areas to [first column, end, first row, end], lines from 1 on
function areasOf(facts) {
  const out = { __proto__: null, any: false };
  if (!facts.given('grid-template-areas')) return out;
  const list = cssComponents(facts.value('grid-template-areas'));
  if (list === null) return out;
  for (let row = 0; row < list.length; row++) {
    if (list[row].type !== 'string') continue;
    const words = StringPrototypeSplit(list[row].value, ' ');
    let column = 0;
    for (let i = 0; i < words.length; i++) {
      if (words[i] === '') continue;
      column++;
      out.any = true;
      if (words[i][0] === '.') continue;
      const key = 'area ' + words[i];
      const area = out[key];
      if (area === undefined) out[key] = [column, column + 1, row + 1, row + 2];
      else {
        area[1] = MathMax(area[1], column + 1);
        area[3] = row + 2;
      }
    }
    out.columns = MathMax(out.columns ?? 0, column);
    out.rows = row + 1;
  }
  return out;
}

// [line, span] of one side's value: line 0 where it has none
function gridLineOf(text, count, names, area, which) {
  if (text === 'auto') return [0, 0];
  if (StringPrototypeStartsWith(text, 'span ')) {
    const span = NumberParseInt(StringPrototypeSlice(text, 5), 10);
    return [0, span >= 1 ? MathMin(span, MAX_TRACKS) : 1];
  }
  const number = NumberParseInt(text, 10);
  if (number !== 0 && number === number) return [number > 0 ? MathMin(number, MAX_TRACKS) : MathMax(1, count + 2 + number), 0];
  const its = area['area ' + text];
  if (its !== undefined) return [its[which], 0];
  return [names[text] ?? names[text + (which % 2 === 0 ? '-start' : '-end')] ?? 0, 0];
}

// { at, span } along one axis, lines from 1 on; `at` 0: it is placed automatically
function gridPlaceOf(item, axis, count, names, areas) {
  const { facts } = item;
  const which = axis === 'column' ? 0 : 2;
  const out = { __proto__: null, at: 0, span: 1 };
  if (facts === null || (!facts.given(`grid-${axis}-start`) && !facts.given(`grid-${axis}-end`))) return out;
  const start = gridLineOf(facts.value(`grid-${axis}-start`), count, names, areas, which);
  const end = gridLineOf(facts.value(`grid-${axis}-end`), count, names, areas, which + 1);
  if (start[0] > 0 && end[0] > 0) {
    out.at = MathMin(start[0], end[0]);
    out.span = MathMax(1, MathMax(start[0], end[0]) - out.at);
  } else if (start[0] > 0) {
    out.at = start[0];
    out.span = MathMax(1, end[1]);
  } else if (end[0] > 0) {
    out.span = MathMax(1, start[1]);
    out.at = MathMax(1, end[0] - out.span);
  } else out.span = MathMax(1, start[1], end[1]);
  return out;
}

// https://drafts.csswg.org/css-grid-2/#auto-placement-algo, sparse
function placeInGrid(items, columns, rows, names, rowNames, areas, downwards) {
  const taken = new SafeSet();
  const key = (row, column) => row * MAX_TRACKS + column;
  const isFree = (row, column, down, across) => {
    for (let i = 0; i < down; i++) for (let j = 0; j < across; j++) if (taken.has(key(row + i, column + j))) return false;
    return true;
  };
  const take = (item, row, column) => {
    item.row = row;
    item.column = column;
    for (let i = 0; i < item.rowSpan; i++) for (let j = 0; j < item.columnSpan; j++) taken.add(key(row + i, column + j));
  };
  let width = MathMax(1, columns);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const across = gridPlaceOf(item, 'column', columns, names, areas);
    const down = gridPlaceOf(item, 'row', rows, rowNames, areas);
    item.columnAt = across.at;
    item.columnSpan = across.span;
    item.rowAt = down.at;
    item.rowSpan = down.span;
    width = MathMax(width, across.at > 0 ? across.at + across.span - 1 : downwards ? 1 : across.span);
    if (across.at > 0 && down.at > 0) take(item, down.at, across.at);
  }
  const high = MathMax(1, rows);
  let row = 1;
  let column = 1;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item.columnAt > 0 && item.rowAt > 0) continue;
    if (item.columnAt > 0) {
      let at = item.columnAt < column ? row + 1 : row;
      while (!isFree(at, item.columnAt, item.rowSpan, item.columnSpan)) at++;
      take(item, at, item.columnAt);
      row = at;
      column = item.columnAt;
      continue;
    }
    if (item.rowAt > 0) {
      let at = 1;
      while (!isFree(item.rowAt, at, item.rowSpan, item.columnSpan)) at++;
      take(item, item.rowAt, at);
      width = MathMax(width, at + item.columnSpan - 1);
      continue;
    }
    for (;;) {
      if (downwards ? row + item.rowSpan - 1 > high && row > 1 : column + item.columnSpan - 1 > width && column > 1) {
        if (downwards) {
          row = 1;
          column++;
        } else {
          column = 1;
          row++;
        }
      }
      if (isFree(row, column, item.rowSpan, item.columnSpan)) break;
      if (downwards) row++;
      else column++;
    }
    take(item, row, column);
    if (downwards) width = MathMax(width, column + item.columnSpan - 1);
  }
  return width;
}

function sizeTracks(tracks, room, gap) {
  let left = room - gap * (tracks.length - 1);
  let shares = 0;
  let stretched = 0;
  for (let i = 0; i < tracks.length; i++) {
    const track = tracks[i];
    track.size = track.fits ? MathMax(track.px, MathMin(track.limit, track.content ?? 0)) : track.px;
    if (track.share > 0) shares += track.share;
    else left -= track.size;
    if (track.stretches) stretched++;
  }
  // What is larger than its part keeps its size, and the others share the rest: https://drafts.csswg.org/css-grid-2/#algo-find-fr-size
  let changed = true;
  const kept = [];
  while (changed && shares > 0) {
    changed = false;
    const unit = MathMax(0, left) / MathMax(1, shares);
    for (let i = 0; i < tracks.length; i++) {
      const track = tracks[i];
      if (track.share === 0 || kept[i] === true) continue;
      const least = track.fits || track.px > 0 ? MathMax(track.px, track.fits ? track.least ?? 0 : 0) : track.least ?? 0;
      if (least <= track.share * unit + 0.001) {
        track.size = track.share * unit;
        continue;
      }
      kept[i] = true;
      track.size = least;
      left -= least;
      shares -= track.share;
      changed = true;
    }
  }
  let used = gap * (tracks.length - 1);
  for (let i = 0; i < tracks.length; i++) used += tracks[i].size;
  // Where there is too little room, tracks by content become narrower.
  if (used > room) {
    let give = 0;
    for (let i = 0; i < tracks.length; i++) if (tracks[i].fits && tracks[i].share === 0) give += MathMax(0, tracks[i].size - (tracks[i].least ?? 0));
    const part = give > 0 ? MathMin(1, (used - room) / give) : 0;
    for (let i = 0; i < tracks.length; i++) if (tracks[i].fits && tracks[i].share === 0) tracks[i].size -= MathMax(0, tracks[i].size - (tracks[i].least ?? 0)) * part;
  } else if (stretched > 0 && room < Infinity) {
    for (let i = 0; i < tracks.length; i++) if (tracks[i].stretches) tracks[i].size += (room - used) / stretched;
  }
}

function gridAlignOf(item, name, container, all) {
  const own = item.facts === null || !item.facts.given(name) ? 'auto' : item.facts.value(name);
  return own === 'auto' ? container.value(all) : own;
}

// Columns, and the widths of items in them
export function prepareGrid(layout, frame) {
  const { facts, items, width } = frame;
  const gap = gapOf(facts, 'column-gap', width);
  const names = { __proto__: null };
  const rowNames = { __proto__: null };
  const areas = areasOf(facts);
  const columns = tracksOf(facts, 'grid-template-columns', width, gap, names);
  const rows = tracksOf(facts, 'grid-template-rows', frame.height, gapOf(facts, 'row-gap', frame.height), rowNames);
  const downwards = facts.given('grid-auto-flow') && StringPrototypeStartsWith(facts.value('grid-auto-flow'), 'column');
  const implied = (name) => (facts.given(name) ? tracksOf(facts, name, width, gap, { __proto__: null }) : []);
  const extra = implied('grid-auto-columns');
  while (areas.any && columns.length < areas.columns) columns[columns.length] = extra.length > 0 ? copyOfTrack(extra[0]) : fittingTrack(true, Infinity);
  const count = placeInGrid(items, columns.length, MathMax(rows.length, areas.rows ?? 0), names, rowNames, areas, downwards);
  while (columns.length < count) columns[columns.length] = extra.length > 0 ? copyOfTrack(extra[0]) : fittingTrack(true, Infinity);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const last = MathMin(columns.length, item.column + item.columnSpan - 1);
    if (item.columnSpan !== 1 || last < item.column) continue;
    const track = columns[item.column - 1];
    if (!track.fits && track.share === 0) continue;
    const { edges } = item;
    const margins = zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr);
    const given = item.facts === null ? NaN : item.facts.size('width', -1, edges);
    const its = item.facts === null ? item : given === given ? { __proto__: null, most: given, least: given } : contentWidths(layout, item.node, item.facts);
    track.content = MathMax(track.content ?? 0, its.most + margins);
    track.least = MathMax(track.least ?? 0, (item.facts !== null && item.facts.scrolls ? 0 : item.facts !== null && item.facts.size('min-width', -1, edges) === 0 ? 0 : its.least) + margins);
  }
  sizeTracks(columns, width, gap);
  let used = gap * (columns.length - 1);
  for (let i = 0; i < columns.length; i++) used += columns[i].size;
  const how = facts.given('justify-content') ? facts.value('justify-content') : 'normal';
  let at = frame.left + (how === 'center' ? (width - used) / 2 : how === 'end' || how === 'flex-end' ? width - used : 0);
  const between = how === 'space-between' && columns.length > 1 ? MathMax(0, (width - used) / (columns.length - 1)) : 0;
  const lefts = [];
  for (let i = 0; i < columns.length; i++) {
    lefts[i] = at;
    at += columns[i].size + gap + between;
  }
  frame.grid = { __proto__: null, rows, extra: implied('grid-auto-rows') };
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const last = MathMin(columns.length, item.column + item.columnSpan - 1) - 1;
    const left = lefts[item.column - 1];
    placeAcross(layout, frame, item, left, lefts[last] + columns[last].size - left);
    if (frame.pass === 0) item.height = rowsHeight(frame, item);
    item.room = frame.pass === 0 ? rowsRoom(frame, item) : item.room;
  }
}

// In the rows it stands in, where they are lengths: their height
function rowsRoom(frame, item) {
  const { rows } = frame.grid;
  let out = 0;
  for (let i = item.row - 1; i < item.row - 1 + item.rowSpan; i++) {
    if (rows[i] === undefined || rows[i].fits || rows[i].share > 0) return frame.height >= 0 && rows.length === 0 && frame.items.length === 1 ? frame.height : -1;
    out += rows[i].px;
  }
  return out;
}

function rowsHeight(frame, item) {
  const room = rowsRoom(frame, item);
  const { edges, facts } = item;
  if (room < 0 || facts === null || facts.keyword('height') !== '' || edges.mt !== edges.mt || edges.mb !== edges.mb || facts.ratio > 0) return -1;
  const align = gridAlignOf(item, 'align-self', frame.facts, 'align-items');
  return align === 'normal' || align === 'stretch' ? facts.limit(MathMax(0, room - edges.mt - edges.mb), 'height', room, edges) : -1;
}

function placeAcross(layout, frame, item, left, width) {
  const { edges, facts } = item;
  const margins = zeroIfAuto(edges.ml) + zeroIfAuto(edges.mr);
  const room = MathMax(0, width - margins);
  const align = gridAlignOf(item, 'justify-self', frame.facts, 'justify-items');
  const stretched = (align === 'normal' || align === 'stretch' || align === 'legacy') && edges.ml === edges.ml && edges.mr === edges.mr;
  let size = facts === null ? (stretched ? room : MathMin(room, item.most)) : facts.size('width', width, edges);
  if (size !== size) size = layout.autoWidth(item.node, facts, edges, room, -1, stretched);
  if (facts !== null) size = facts.limit(size, 'width', width, edges);
  const free = width - size - margins;
  item.width = size;
  item.left = left + zeroIfAuto(edges.ml);
  if (edges.ml !== edges.ml) item.left += edges.mr !== edges.mr ? MathMax(0, free) / 2 : MathMax(0, free);
  else if (align === 'center') item.left += free / 2;
  else if (isEndAlign(align)) item.left += free;
}

// Rows: as high as what is in them; places of items. The height of all
export function finishGrid(frame, height, least, again) {
  const { facts, items, grid } = frame;
  const gap = gapOf(facts, 'row-gap', height);
  const rows = [];
  let count = grid.rows.length;
  for (let i = 0; i < items.length; i++) count = MathMax(count, items[i].row + items[i].rowSpan - 1);
  for (let i = 0; i < count; i++) rows[i] = grid.rows[i] ?? (grid.extra.length > 0 ? copyOfTrack(grid.extra[i % grid.extra.length]) : fittingTrack(true, Infinity));
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const track = rows[item.row - 1];
    if (item.rowSpan !== 1 || (!track.fits && track.share === 0)) continue;
    if (frame.pass === 0) item.natural = item.outerHeight;
    track.content = MathMax(track.content ?? 0, item.natural ?? 0);
    track.least = track.content;
  }
  for (let i = 0; i < items.length; i++) widenRows(rows, items[i], gap);
  const inner = height >= 0 ? height : -1;
  for (let i = 0; i < count; i++) if (rows[i].share > 0 && inner < 0) rows[i].fits = true;
  let total = gap * MathMax(0, count - 1);
  if (inner < 0) {
    for (let i = 0; i < count; i++) {
      rows[i].size = rows[i].fits ? MathMax(rows[i].px, MathMin(rows[i].limit, rows[i].content ?? 0)) : rows[i].px;
      total += rows[i].size;
    }
    if (least > total) sizeTracks(rows, least, gap);
  } else sizeTracks(rows, inner, gap);
  total = gap * MathMax(0, count - 1);
  for (let i = 0; i < count; i++) total += rows[i].size;
  const tops = [];
  const room = MathMax(inner, least);
  const how = facts.given('align-content') ? facts.value('align-content') : 'normal';
  let at = frame.top + (how === 'center' && room > total ? (room - total) / 2 : isEndAlign(how) && room > total ? room - total : 0);
  const between = how === 'space-between' && count > 1 && room > total ? (room - total) / (count - 1) : 0;
  for (let i = 0; i < count; i++) {
    tops[i] = at;
    at += rows[i].size + gap + between;
  }
  let retry = false;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const { edges } = item;
    const last = item.row + item.rowSpan - 2;
    const space = tops[last] + rows[last].size - tops[item.row - 1];
    const margins = zeroIfAuto(edges.mt) + zeroIfAuto(edges.mb);
    const align = gridAlignOf(item, 'align-self', facts, 'align-items');
    const auto = item.facts === null || (item.facts.keyword('height') === '' && !(item.facts.ratio > 0));
    if ((align === 'normal' || align === 'stretch') && auto && edges.mt === edges.mt && edges.mb === edges.mb && item.box !== null && item.facts.inside !== NOTHING_INSIDE) {
      const size = item.facts.limit(MathMax(0, space - margins), 'height', space, edges);
      if (size !== item.size) {
        if (again && item.box.count > 1 && (item.percents || item.facts.inside !== 0)) {
          item.height = size;
          item.room = space;
          retry = true;
        } else item.box.height = item.size = size;
      }
    } else if (again && item.percents && item.facts !== null && item.room !== space && item.facts.isPercentage('height')) {
      item.room = space;
      retry = true;
    }
    const free = space - item.size - margins;
    item.top = tops[item.row - 1] + zeroIfAuto(edges.mt);
    if (edges.mt !== edges.mt) item.top += edges.mb !== edges.mb ? MathMax(0, free) / 2 : MathMax(0, free);
    else if (align === 'center') item.top += free / 2;
    else if (isEndAlign(align)) item.top += free;
  }
  return retry ? -1 : total;
}

// An item of several rows: what it lacks goes to the last of them that is as high as its content.
function widenRows(rows, item, gap) {
  if (item.rowSpan < 2) return;
  let sum = gap * (item.rowSpan - 1);
  let open = -1;
  for (let i = item.row - 1; i < item.row - 1 + item.rowSpan; i++) {
    sum += rows[i].fits ? MathMax(rows[i].px, rows[i].content ?? 0) : rows[i].px;
    if (rows[i].fits || rows[i].share > 0) open = i;
  }
  if (open >= 0 && item.outerHeight > sum) rows[open].content = rows[open].least = (rows[open].content ?? 0) + item.outerHeight - sum;
}
