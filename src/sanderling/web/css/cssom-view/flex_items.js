// https://drafts.csswg.org/css-flexbox-1/#layout-algorithm
// Flex containers: items beside each other or below each other, as large as they grow and shrink.

import { MathMax, MathMin } from '../../primordials.js';
import { columnFlex, contentWidths, fitWidth } from './content_sizes.js';
import { isNatural, lengthOfBase, zeroIfAuto } from './layout_facts.js';

export function gapOf(facts, name, base) {
  return zeroIfAuto(lengthOfBase(facts.value(name), base));
}

function alignOf(facts, container) {
  const own = facts === null || !facts.given('align-self') ? 'auto' : facts.value('align-self');
  return own === 'auto' ? container.value('align-items') : own;
}

const isStretch = (align) => align === 'normal' || align === 'stretch';
export const isEndAlign = (align) => align === 'flex-end' || align === 'end' || align === 'self-end' || align === 'right' || align === 'last baseline';
const isCentre = (align) => align === 'center' || align === 'safe center' || align === 'unsafe center';

const flexNumber = (item, name, otherwise) => (item.facts === null || !item.facts.given(name) ? otherwise : +item.facts.value(name));

function sortByOrder(items) {
  const out = [];
  let sorted = true;
  for (let i = 0; i < items.length; i++) {
    out[i] = items[i];
    items[i].order = flexNumber(items[i], 'order', 0);
    if (items[i].order !== 0) sorted = false;
  }
  if (sorted) return out;
  for (let i = 1; i < out.length; i++) {
    const item = out[i];
    let at = i;
    for (; at > 0 && out[at - 1].order > item.order; at--) out[at] = out[at - 1];
    out[at] = item;
  }
  return out;
}

// Widths and places of the items, as far as they are known before they are laid out
export function prepareFlex(layout, frame) {
  const { facts, items, width } = frame;
  const vertical = columnFlex(facts);
  frame.vertical = vertical;
  frame.sorted = sortByOrder(items);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    item.align = alignOf(item.facts, facts);
  }
  if (vertical) prepareColumn(layout, frame);
  else prepareFlexRow(layout, frame, width);
}

function prepareColumn(layout, frame) {
  const { items, width, left, facts } = frame;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const { edges } = item;
    const room = MathMax(0, width - zeroIfAuto(edges.ml) - zeroIfAuto(edges.mr));
    const stretched = isStretch(item.align) && edges.ml === edges.ml && edges.mr === edges.mr;
    let size = item.facts === null ? NaN : item.facts.size('width', width, edges);
    if (size !== size) {
      if (item.facts === null) size = stretched ? room : MathMin(room, item.most);
      else size = stretched && !isNatural(item.facts) ? room : layout.autoWidth(item.node, item.facts, edges, room, frame.height, false);
    }
    if (item.facts !== null) size = item.facts.limit(size, 'width', width, edges);
    item.width = size;
    const free = width - size - zeroIfAuto(edges.ml) - zeroIfAuto(edges.mr);
    let at = left + zeroIfAuto(edges.ml);
    if (edges.ml !== edges.ml) at = left + (edges.mr !== edges.mr ? MathMax(0, free) / 2 : MathMax(0, free));
    else if (edges.mr === edges.mr && isCentre(item.align)) at += free / 2;
    else if (edges.mr === edges.mr && (isEndAlign(item.align))) at += free;
    else if (facts.text.rtl && !isStretch(item.align)) at += free;
    item.left = at;
    const { pass } = frame;
    if (pass === 0) item.height = -1;
  }
}

function prepareFlexRow(layout, frame, width) {
  const { facts, sorted, height } = frame;
  const gap = gapOf(facts, 'column-gap', width);
  for (let i = 0; i < sorted.length; i++) {
    const item = sorted[i];
    const { edges } = item;
    let basis = item.facts === null || !item.facts.given('flex-basis') ? 'auto' : item.facts.value('flex-basis');
    let base = NaN;
    if (item.facts !== null && basis !== 'auto' && basis !== 'content') {
      const px = lengthOfBase(basis, width);
      if (px === px) base = item.facts.value('box-sizing') === 'border-box' ? MathMax(px, edges.across) : px + edges.across;
      else basis = 'content';
    }
    if (base !== base && item.facts !== null && basis === 'auto') base = item.facts.size('width', width, edges);
    const explicit = base === base && basis === 'auto';
    if (base !== base) base = item.facts === null ? item.most : isNatural(item.facts) ? layout.autoWidth(item.node, item.facts, edges, width, height, false) : contentWidths(layout, item.node, item.facts).most;
    item.base = base;
    // https://drafts.csswg.org/css-flexbox-1/#min-size-auto
    let least = 0;
    if (item.facts === null) ({ least } = item);
    else {
      const given = item.facts.size('min-width', width, edges);
      if (given === given) least = given;
      else if (!item.facts.scrolls) {
        least = isNatural(item.facts) ? base : contentWidths(layout, item.node, item.facts).least;
        if (explicit) least = MathMin(least, base);
        const own = item.facts.size('width', width, edges);
        if (own === own) least = MathMin(least, own);
      }
      const most = item.facts.size('max-width', width, edges);
      item.most = most === most ? most : Infinity;
      least = MathMin(least, item.most);
    }
    item.least = MathMax(least, edges.across);
    if (item.facts === null) item.most = Infinity;
  }
  const lines = breakLines(sorted, width, gap, facts.value('flex-wrap') !== 'nowrap');
  frame.lines = lines;
  for (let i = 0; i < lines.length; i++) placeInRow(frame, lines[i], width, gap, i);
  if (height >= 0 && lines.length === 1 && facts.value('flex-wrap') === 'nowrap') {
    for (let i = 0; i < sorted.length; i++) {
      const item = sorted[i];
      if (isStretch(item.align) && hasAutoHeight(item) && item.edges.mt === item.edges.mt && item.edges.mb === item.edges.mb) item.height = limitHeight(item, MathMax(0, height - item.edges.mt - item.edges.mb), height);
    }
  }
}

function hasAutoHeight(item) {
  return item.facts === null || item.facts.keyword('height') === '' || item.facts.keyword('height') === 'auto';
}

function limitHeight(item, height, base) {
  return item.facts === null ? height : item.facts.limit(height, 'height', base, item.edges);
}

const outerBase = (item) => MathMax(item.least, MathMin(item.most, item.base)) + zeroIfAuto(item.edges.ml) + zeroIfAuto(item.edges.mr);

function breakLines(items, width, gap, wraps) {
  const lines = [[]];
  let used = 0;
  for (let i = 0; i < items.length; i++) {
    let line = lines[lines.length - 1];
    const outer = outerBase(items[i]);
    if (wraps && line.length > 0 && used + gap + outer > width + 0.01) {
      line = lines[lines.length] = [];
      used = 0;
    }
    used += outer + (line.length > 0 ? gap : 0);
    line[line.length] = items[i];
  }
  return lines;
}

// https://drafts.csswg.org/css-flexbox-1/#resolve-flexible-lengths: `size` of each item, by base, least and most
function resolveLengths(items, room) {
  let sum = 0;
  for (let i = 0; i < items.length; i++) sum += MathMax(items[i].least, MathMin(items[i].most, items[i].base));
  const growing = sum < room;
  const factorOf = (item) => (growing ? flexNumber(item, 'flex-grow', 0) : flexNumber(item, 'flex-shrink', 1) * item.base);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const clamped = MathMax(item.least, MathMin(item.most, item.base));
    item.frozen = factorOf(item) === 0 || (growing ? item.base > clamped : item.base < clamped);
    item.target = item.frozen ? clamped : item.base;
  }
  for (let turn = 0; turn <= items.length; turn++) {
    let free = room;
    let factors = 0;
    let plain = 0;
    let open = 0;
    for (let i = 0; i < items.length; i++) {
      free -= items[i].frozen ? items[i].target : items[i].base;
      if (items[i].frozen) continue;
      open++;
      factors += factorOf(items[i]);
      plain += growing ? flexNumber(items[i], 'flex-grow', 0) : flexNumber(items[i], 'flex-shrink', 1);
    }
    if (open === 0) return;
    if (plain < 1 && plain > 0) free *= plain;
    let violation = 0;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item.frozen) continue;
      item.wanted = item.base + (factors > 0 ? free * factorOf(item) / factors : 0);
      item.target = MathMax(item.least, MathMin(item.most, item.wanted));
      violation += item.target - item.wanted;
    }
    if (violation > -0.001 && violation < 0.001) return;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (!item.frozen && (violation > 0 ? item.target > item.wanted : item.target < item.wanted)) item.frozen = true;
    }
  }
}

// Where the first of `count` things begins and what stands between them, besides a gap
function justified(value, free, count, reversed) {
  const out = { __proto__: null, start: 0, between: 0 };
  let how = value;
  if (free < 0 && (how === 'space-between' || how === 'space-around' || how === 'space-evenly' || how === 'stretch')) how = 'flex-start';
  if (how === 'space-between') {
    if (count > 1) out.between = free / (count - 1);
  } else if (how === 'space-around') {
    out.between = free / count;
    out.start = out.between / 2;
  } else if (how === 'space-evenly') {
    out.between = free / (count + 1);
    out.start = out.between;
  } else if (isCentre(how)) out.start = free / 2;
  else if (how === 'flex-end' || how === (reversed ? 'start' : 'end') || how === (reversed ? 'left' : 'right')) out.start = free;
  return out;
}

function placeInRow(frame, line, width, gap, index) {
  const { facts, left } = frame;
  const reversed = (facts.value('flex-direction') === 'row-reverse') !== facts.text.rtl;
  let room = width - gap * (line.length - 1);
  for (let i = 0; i < line.length; i++) room -= zeroIfAuto(line[i].edges.ml) + zeroIfAuto(line[i].edges.mr);
  resolveLengths(line, room);
  let free = room;
  let autos = 0;
  for (let i = 0; i < line.length; i++) {
    const item = line[i];
    item.width = item.target;
    item.line = index;
    free -= item.width;
    if (item.edges.ml !== item.edges.ml) autos++;
    if (item.edges.mr !== item.edges.mr) autos++;
  }
  const auto = autos > 0 && free > 0 ? free / autos : 0;
  const { start, between } = justified(autos > 0 && free > 0 ? 'flex-start' : facts.value('justify-content'), free, line.length, reversed);
  let at = start;
  for (let i = 0; i < line.length; i++) {
    const item = line[i];
    const { edges } = item;
    const ml = edges.ml === edges.ml ? edges.ml : auto;
    const mr = edges.mr === edges.mr ? edges.mr : auto;
    item.left = reversed ? left + width - at - mr - item.width : left + at + ml;
    at += ml + item.width + mr + gap + between;
  }
}

// All items were laid out, each from the top of the content box on. Their places, and the height of the content. `height`: that of the content box, or below 0;
// `least`, `most`: its limits. Returns -1: some are to be laid out again.
export function finishFlex(frame, height, least, most, again) {
  return frame.vertical ? finishColumn(frame, height, least, most, again) : finishFlexRow(frame, height, least, again);
}

function finishFlexRow(frame, height, least, again) {
  const { facts, lines } = frame;
  const gap = gapOf(facts, 'row-gap', height);
  const sizes = [];
  let total = gap * (lines.length - 1);
  for (let i = 0; i < lines.length; i++) {
    sizes[i] = 0;
    for (let j = 0; j < lines[i].length; j++) sizes[i] = MathMax(sizes[i], lines[i][j].outerHeight);
    total += sizes[i];
  }
  const wraps = facts.value('flex-wrap');
  const inner = height >= 0 ? height : MathMax(total, least);
  let start = 0;
  let between = 0;
  if (wraps === 'nowrap') sizes[0] = height >= 0 ? height : inner;
  else {
    const how = facts.value('align-content');
    const free = inner - total;
    if (isStretch(how)) {
      if (free > 0) for (let i = 0; i < sizes.length; i++) sizes[i] += free / sizes.length;
    } else ({ start, between } = justified(how, free, lines.length, false));
  }
  let retry = false;
  let at = start;
  for (let i = 0; i < lines.length; i++) {
    for (let j = 0; j < lines[i].length; j++) {
      const item = lines[i][j];
      const { edges } = item;
      const mt = zeroIfAuto(edges.mt);
      let free = sizes[i] - item.outerHeight;
      const auto = edges.mt !== edges.mt || edges.mb !== edges.mb;
      if (isStretch(item.align) && !auto && hasAutoHeight(item) && item.height < 0) {
        const stretched = limitHeight(item, MathMax(0, sizes[i] - mt - zeroIfAuto(edges.mb)), height);
        if (stretched !== item.size && item.box !== null) {
          if (again && (item.percents || hasLayoutInside(item))) {
            item.height = stretched;
            retry = true;
          } else item.box.height = item.size = stretched;
        }
        free = 0;
      }
      let dy = at + mt;
      if (auto) dy = at + (edges.mt !== edges.mt ? MathMax(0, free) / (edges.mb !== edges.mb ? 2 : 1) : mt);
      else if (isCentre(item.align)) dy += free / 2;
      else if (isEndAlign(item.align) !== (wraps === 'wrap-reverse' && item.align === 'flex-start')) dy += free;
      item.top = frame.top + (wraps === 'wrap-reverse' ? inner - sizes[i] - at + (dy - at) : dy);
    }
    at += sizes[i] + gap + between;
  }
  return retry ? -1 : total;
}

// Does its height matter to what is in it?
function hasLayoutInside(item) {
  return item.facts !== null && item.facts.inside !== 0 && item.box.count > 1;
}

function finishColumn(frame, height, least, most, again) {
  const { facts, sorted } = frame;
  const gap = gapOf(facts, 'row-gap', height);
  const gaps = gap * MathMax(0, sorted.length - 1);
  let margins = 0;
  for (let i = 0; i < sorted.length; i++) {
    const item = sorted[i];
    const { edges } = item;
    margins += zeroIfAuto(edges.mt) + zeroIfAuto(edges.mb);
    if (frame.pass > 0) continue;
    item.natural = item.size;
    const basis = item.facts === null || !item.facts.given('flex-basis') ? 'auto' : item.facts.value('flex-basis');
    const px = basis === 'auto' || basis === 'content' || item.facts === null ? NaN : lengthOfBase(basis, height);
    item.base = px === px ? (item.facts.value('box-sizing') === 'border-box' ? MathMax(px, edges.down) : px + edges.down) : item.size;
    item.least = edges.down;
    item.most = Infinity;
    if (item.facts === null) continue;
    const given = item.facts.size('min-height', height, edges);
    if (given === given) item.least = given;
    else if (!item.facts.scrolls) item.least = hasAutoHeight(item) ? item.natural : MathMin(item.natural, item.contentHeight);
    const limit = item.facts.size('max-height', height, edges);
    if (limit === limit) item.most = MathMax(item.least, limit);
  }
  let total = gaps + margins;
  for (let i = 0; i < sorted.length; i++) total += MathMax(sorted[i].least, MathMin(sorted[i].most, height < 0 && least < 0 ? sorted[i].natural : sorted[i].base));
  let inner = height;
  if (inner < 0) inner = MathMax(total, least);
  if (most >= 0 && inner > most) inner = most;
  resolveLengths(sorted, inner - gaps - margins);
  let used = gaps + margins;
  let autos = 0;
  let retry = false;
  for (let i = 0; i < sorted.length; i++) {
    const item = sorted[i];
    used += item.target;
    if (item.edges.mt !== item.edges.mt) autos++;
    if (item.edges.mb !== item.edges.mb) autos++;
    if (item.size === item.target || item.box === null || frame.pass > 0) continue;
    if (again && item.box.count > 1) {
      item.height = item.target;
      retry = true;
    } else item.box.height = item.size = item.target;
  }
  if (retry) return -1;
  const free = inner - used;
  const auto = autos > 0 && free > 0 ? free / autos : 0;
  const reversed = facts.value('flex-direction') === 'column-reverse';
  const { start, between } = justified(auto > 0 ? 'flex-start' : facts.value('justify-content'), free, sorted.length, false);
  let at = start;
  for (let i = 0; i < sorted.length; i++) {
    const item = sorted[i];
    const mt = item.edges.mt === item.edges.mt ? item.edges.mt : auto;
    const mb = item.edges.mb === item.edges.mb ? item.edges.mb : auto;
    item.top = frame.top + (reversed ? inner - at - mt - item.size : at + mt);
    at += mt + item.size + mb + gap + between;
  }
  return used;
}
