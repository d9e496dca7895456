// https://w3c.github.io/editing/docs/execCommand/
// What typing and deleting do to an editing host. Where the document leaves it open, or browsers do otherwise, as Chromium does.

import { SafeWeakMap, StringPrototypeSlice, StringPrototypeStartsWith } from '../primordials.js';
import { REPLACED } from '../css/cssom-view/box_sizes.js';
import { computedValueOf, displayOf } from '../css/cssom/computed.js';
import { removeAttr } from '../dom/attributes.js';
import { replaceData } from '../dom/CharacterData.js';
import { cloneNode } from '../dom/clone.js';
import { createElement, createText } from '../dom/create.js';
import { HTML_NS } from '../dom/namespaces.js';
import { dropRange } from '../dom/live_ranges.js';
import { deleteRangeContents, extractOrClone } from '../dom/range_contents.js';
import { RangeImpl, setRangeEnd, setRangeStart } from '../dom/Range.js';
import { splitText } from '../dom/Text.js';
import { childAt, childCount, indexOfNode, isConnected, isInclusiveAncestor, preInsert, removeNode } from '../dom/tree.js';
import { isEditable } from '../html/forms/states.js';
import { selectBetween, selectionOf } from '../html/Selection.js';
import { indexOfPlace, isInlineLevel, movedBy, modifySelection, nextOffset, placeAt, stopsOf } from '../html/selection_modify.js';
import { formatAt, formatNamed, formatsOf, formatTyped } from './formats.js';

// https://html.spec.whatwg.org/multipage/interaction.html#editing-host
export function editingHost(el) {
  if (el.doc.designMode === true) return el.doc.bodyElement();
  let host = null;
  for (let node = el; node !== null && node.nodeType === 1 && isEditable(node); node = node.parent) host = node;
  return host;
}

export function putCursor(node, offset) {
  selectBetween(node.doc, node, offset, node, offset);
}

// The place of text, where there is some beside this one
function canonicalPlace(host, node, offset) {
  if (node.nodeType === 3) return { __proto__: null, node, offset };
  // Lines that were just begun hold nothing else.
  const only = offset === 0 && node !== host ? node.first : null;
  if (only !== null && only.next === null && only.localName === 'br' && only.namespace === HTML_NS && node === blockOf(node, host)) return { __proto__: null, node, offset };
  const stops = stopsOf(host);
  return stops.length === 0 ? { __proto__: null, node, offset } : placeAt(stops, indexOfPlace(stops, node, offset), host, true);
}

// The selection, inside of the host; the end of it where it is elsewhere.
export function editedRange(host) {
  const { range } = selectionOf(host.doc);
  if (range !== null && isInclusiveAncestor(host, range.startNode) && isInclusiveAncestor(host, range.endNode)) return range;
  putCursor(host, childCount(host));
  return selectionOf(host.doc).range;
}

const isCollapsed = (range) => range.startNode === range.endNode && range.startOffset === range.endOffset;

function makeSpan(start, end) {
  return { __proto__: null, startNode: start.node, startOffset: start.offset, endNode: end.node, endOffset: end.offset };
}

// What is deleted with the characters from `from` to `to`
function spanBetween(stops, from, to, host) {
  const first = stops[from];
  const last = stops[to - 1];
  const next = stops[to];
  let start;
  if (first.node.nodeType === 3) start = { __proto__: null, node: first.node, offset: first.offset };
  else if (first.c === '\n' && first.node.localName !== 'br') start = placeAt(stops, from, host, true);
  else start = { __proto__: null, node: first.node.parent, offset: indexOfNode(first.node) };
  let end;
  // A space that is rendered may stand for several.
  if (last.node.nodeType === 3) end = { __proto__: null, node: last.node, offset: last.c === ' ' && next !== undefined && next.node === last.node ? next.offset : nextOffset(last) };
  else if (last.c === '\n' && last.node.localName !== 'br' && next !== undefined) {
    const inText = next.node.nodeType === 3 && next.offset > 0;
    end = inText ? { __proto__: null, node: next.node, offset: next.offset } : { __proto__: null, node: next.node.parent, offset: indexOfNode(next.node) };
  } else end = { __proto__: null, node: last.node.parent, offset: indexOfNode(last.node) + 1 };
  return makeSpan(start, end);
}

// What is selected, from text to text
export function selectedSpan(host) {
  const range = editedRange(host);
  if (isCollapsed(range)) {
    const place = canonicalPlace(host, range.startNode, range.startOffset);
    return makeSpan(place, place);
  }
  if (range.startNode.nodeType === 3 && range.endNode.nodeType === 3) return range;
  const stops = stopsOf(host);
  const from = indexOfPlace(stops, range.startNode, range.startOffset);
  const to = indexOfPlace(stops, range.endNode, range.endOffset);
  return from < to ? spanBetween(stops, from, to, host) : range;
}

const GRANULARITIES = { __proto__: null, character: 'character', word: 'word', line: 'lineboundary', row: 'line', all: 'documentboundary' };

// What Backspace and its like delete; empty where nothing stands there.
export function deletedSpan(host, forward, unit) {
  const range = editedRange(host);
  if (!isCollapsed(range)) return selectedSpan(host);
  const stops = stopsOf(host);
  const at = indexOfPlace(stops, range.startNode, range.startOffset);
  let to = movedBy(stops, at, forward, unit === 'all' ? 'lineboundary' : GRANULARITIES[unit]);
  // At the edge of a line, to delete the line is to join it with the next.
  if (to === at && unit !== 'character') to = movedBy(stops, at, forward, 'character');
  const place = canonicalPlace(host, range.startNode, range.startOffset);
  if (to === at) return makeSpan(place, place);
  const span = to < at ? spanBetween(stops, to, at, host) : spanBetween(stops, at, to, host);
  const one = blockOf(span.startNode, host);
  const other = blockOf(span.endNode, host);
  return one !== other && (isCell(one, host) || isCell(other, host)) ? makeSpan(place, place) : span;
}

// -- blocks ------------------------------------------------------------------------------------------------------------

export const isBlock = (node) => node.nodeType === 1 && displayOf(node) !== 'none' && !isInlineLevel(node) && node.localName !== 'br';

export function blockOf(from, host) {
  let node = from;
  while (node !== host && !isBlock(node)) node = node.parent;
  return node;
}

function isCell(block, host) {
  for (let node = block; node !== host; node = node.parent) if (displayOf(node) === 'table-cell') return true;
  return false;
}

const isBreak = (node) => node.nodeType === 1 && node.localName === 'br';

// Whether a line ends with (or begins at) this node: nothing rendered follows it in its block.
function atLineEdge(from, forward, host) {
  let node = from;
  for (;;) {
    let sibling = forward ? node.next : node.prev;
    while (sibling !== null) {
      if (sibling.nodeType === 3) {
        if (sibling.data !== '') return false;
      } else if (sibling.nodeType === 1 && displayOf(sibling) !== 'none') {
        if (isBreak(sibling) || isBlock(sibling)) return true;
        if (stopsOf(sibling).length > 0 || sibling.first === null || !isEditable(sibling)) return false;
      }
      sibling = forward ? sibling.next : sibling.prev;
    }
    node = node.parent;
    if (node === null || node === host || isBlock(node)) return true;
  }
}

// The line break that keeps an empty line open
function isPlaceholder(node, host) {
  return isBreak(node) && (node.next === null || !isBreak(node.next)) && atLineEdge(node, true, host);
}

function isBlank(block) {
  return stopsOf(block).length === 0;
}

// An element that lost its content goes, and what held nothing else.
function removeEmptied(from, host) {
  let node = from;
  while (node !== host && node.nodeType === 1 && node.first === null && node.parent !== null) {
    const { parent } = node;
    removeNode(node);
    node = parent;
  }
}

// Text that became empty goes, and inline elements around it; the place where it stood.
function dropEmptyText(text, host) {
  let node = text;
  let offset = indexOfNode(node);
  let { parent } = node;
  removeNode(node);
  while (parent !== host && parent.first === null && parent.nodeType === 1 && isInlineLevel(parent)) {
    node = parent;
    offset = indexOfNode(node);
    parent = node.parent;
    removeNode(node);
  }
  return { __proto__: null, node: parent, offset };
}

// Move what follows, up to the end of its line, to the end of a block.
function moveLineInto(block, first) {
  let node = first;
  while (node !== null && !isBlock(node)) {
    const { next } = node;
    const ends = isBreak(node);
    if (ends) removeNode(node);
    else preInsert(node, block, null);
    if (ends) return;
    node = next;
  }
}

// https://w3c.github.io/editing/docs/execCommand/#delete-the-selection, step 28 and following: the blocks at both ends become one
function joinBlocks(start, end, host) {
  if (isCell(start, host) || isCell(end, host)) return;
  if (isBreak(start.last ?? start) && start !== end && isPlaceholder(start.last, host)) removeNode(start.last);
  if (isInclusiveAncestor(start, end)) {
    for (let node = end.first; node !== null;) {
      const { next } = node;
      if (!isPlaceholder(node, host)) preInsert(node, end.parent, end);
      node = next;
    }
    const { parent } = end;
    removeNode(end);
    removeEmptied(parent, start);
    return;
  }
  if (isInclusiveAncestor(end, start)) {
    let top = start;
    while (top.parent !== end) top = top.parent;
    moveLineInto(start, top.next);
    return;
  }
  const { parent } = end;
  moveLineInto(start, end.first);
  removeEmptied(end, host);
  if (end.parent === null) removeEmptied(parent, host);
}

// -- white space -------------------------------------------------------------------------------------------------------

const isPlainSpace = (c) => c === ' ' || c === '\u00a0';

// Spaces that would collapse become no-break spaces, and those that need not be become spaces.
function rebalance(node, at, host) {
  if (node.parent === null || StringPrototypeStartsWith(computedValueOf(node.parent, 'white-space-collapse'), 'preserve')) return;
  const { data } = node;
  let from = at;
  let to = at;
  while (from > 0 && isPlainSpace(data[from - 1])) from--;
  while (to < data.length && isPlainSpace(data[to])) to++;
  if (from === to) return;
  const opens = from === 0 && atLineEdge(node, false, host);
  const ends = to === data.length && atLineEdge(node, true, host);
  let text = '';
  let collapses = opens;
  for (let i = from; i < to; i++) {
    if (collapses || (i + 1 === to && ends)) {
      text += '\u00a0';
      collapses = false;
    } else {
      text += ' ';
      collapses = true;
    }
  }
  if (text !== StringPrototypeSlice(data, from, to)) replaceData(node, from, to - from, text);
}

// -- editing -----------------------------------------------------------------------------------------------------------

export function deleteSpan(host, { startNode, startOffset, endNode, endOffset }) {
  if (startNode === endNode && startOffset === endOffset) return false;
  const start = blockOf(startNode, host);
  const end = blockOf(endNode, host);
  const formats = startNode.nodeType === 3 && startOffset === 0 && startNode.parent !== start ? formatsOf(startNode) : null;
  const cut = new RangeImpl(host.doc);
  setRangeStart(cut, startNode, startOffset);
  setRangeEnd(cut, endNode, endOffset);
  deleteRangeContents(cut);
  dropRange(cut, host.doc);
  let place = { __proto__: null, node: startNode, offset: startOffset };
  if (endNode !== startNode && endNode.nodeType === 3 && endNode.data === '' && isConnected(endNode)) dropEmptyText(endNode, end);
  if (start !== end && end.parent !== null) joinBlocks(start, end, host);
  if (startNode.nodeType === 3 && startNode.data === '') place = dropEmptyText(startNode, host);
  const block = blockOf(place.node, host);
  if (isBlank(block) && block.nodeType === 1) {
    preInsert(createElement(host.doc, 'br'), place.node, childAt(place.node, place.offset));
    putCursor(place.node, place.offset);
    keepFormats(host, formats);
    return true;
  }
  const before = place.node.nodeType === 1 && place.offset > 0 ? childAt(place.node, place.offset - 1) : null;
  if (before !== null && before.nodeType === 3) rebalance(before, before.data.length, host);
  const at = canonicalPlace(host, place.node, place.offset);
  if (at.node.nodeType === 3) rebalance(at.node, at.offset, host);
  putCursor(at.node, at.offset);
  keepFormats(host, formats);
  return true;
}

function cursorOf(host) {
  const range = editedRange(host);
  if (!isCollapsed(range)) deleteSpan(host, selectedSpan(host));
  const { startNode, startOffset } = editedRange(host);
  return canonicalPlace(host, startNode, startOffset);
}

// https://w3c.github.io/editing/docs/execCommand/#state-override: formats for what is typed next, where the cursor stands
let typingStyle = null;            // { node, offset, formats: [[name, value]] }

export function pendingFormats(host) {
  const { startNode, startOffset, endNode, endOffset } = editedRange(host);
  if (typingStyle === null || startNode !== endNode || startOffset !== endOffset || typingStyle.node !== startNode || typingStyle.offset !== startOffset) return null;
  return typingStyle.formats;
}

// The last one given of a name holds.
export function addPendingFormat(host, name, value) {
  const formats = pendingFormats(host) ?? [];
  const kept = [];
  for (let i = 0; i < formats.length; i++) if (formats[i][0] !== name) kept[kept.length] = formats[i];
  kept[kept.length] = [name, value];
  const { startNode, startOffset } = editedRange(host);
  typingStyle = { __proto__: null, node: startNode, offset: startOffset, formats: kept };
}

// What is typed in place of formatted text is formatted like it.
function keepFormats(host, formats) {
  if (formats === null) return;
  const { startNode } = editedRange(host);
  for (let i = 0; i < formats.length; i++) if (formatAt(startNode, formatNamed(formats[i][0])) !== formats[i][1]) addPendingFormat(host, formats[i][0], formats[i][1]);
}

// Text on its own between what stands around the cursor, which gets these formats
function insertFormatted(host, { node, offset }, text, formats) {
  const made = createText(host.doc, text);
  if (node.nodeType === 3) preInsert(made, node.parent, offset === 0 ? node : offset === node.data.length ? node.next : splitText(node, offset));
  else {
    const before = childAt(node, offset);
    preInsert(made, node, before);
    if (before !== null && isPlaceholder(before, host)) removeNode(before);
  }
  formatTyped(host, made, formats);
  if (node.nodeType === 3) rebalance(node, node.data.length, host);
  rebalance(made, 0, host);
  rebalance(made, text.length, host);
  putCursor(made, text.length);
}

export function insertTextIntoHost(host, text) {
  let { node, offset } = cursorOf(host);
  const formats = pendingFormats(host);
  typingStyle = null;
  if (formats !== null) {
    insertFormatted(host, { node, offset }, text, formats);
    return;
  }
  if (node.nodeType === 3) replaceData(node, offset, 0, text);
  else {
    const before = childAt(node, offset);
    const made = createText(host.doc, text);
    preInsert(made, node, before);
    if (before !== null && isPlaceholder(before, host)) removeNode(before);
    node = made;
    offset = 0;
  }
  rebalance(node, offset, host);
  rebalance(node, offset + text.length, host);
  putCursor(node, offset + text.length);
}

// Put nodes where the cursor is, which goes behind them.
export function insertNodesIntoHost(host, fragment) {
  const { last } = fragment;
  if (last === null) return;
  const { node, offset } = cursorOf(host);
  let parent = node;
  let before;
  if (node.nodeType === 3) {
    parent = node.parent;
    before = offset === 0 ? node : offset === node.data.length ? node.next : splitText(node, offset);
  } else before = childAt(node, offset);
  const blocks = isBlock(last);
  if (blocks && parent !== host && parent === blockOf(parent, host) && isBlank(parent)) {
    const emptied = parent;
    parent = emptied.parent;
    before = emptied.next;
    removeNode(emptied);
  }
  preInsert(fragment, parent, before);
  if (before !== null && before.parent !== null && isPlaceholder(before, host)) removeNode(before);
  let deepest = last;
  while (deepest.last !== null && isEditable(deepest)) deepest = deepest.last;
  if (deepest.nodeType === 3) putCursor(deepest, deepest.data.length);
  else putCursor(deepest.parent, indexOfNode(deepest) + 1);
}

export function insertLineBreak(host) {
  const { node, offset } = cursorOf(host);
  const br = createElement(host.doc, 'br');
  if (node.nodeType !== 3) {
    preInsert(br, node, childAt(node, offset));
    if (isPlaceholder(br, host)) preInsert(createElement(host.doc, 'br'), node, br.next);
    putCursor(node, offset + 1);
    return;
  }
  const after = offset === 0 ? node : offset === node.data.length ? node.next : splitText(node, offset);
  preInsert(br, node.parent, after);
  if (after !== null && after.nodeType === 3) {
    putCursor(after, 0);
    return;
  }
  if (atLineEdge(br, true, host)) preInsert(createElement(host.doc, 'br'), br.parent, br.next);
  putCursor(br.parent, indexOfNode(br) + 1);
}

// https://w3c.github.io/editing/docs/execCommand/#default-single-line-container-name
const paragraphNames = new SafeWeakMap();

export function paragraphName(doc) {
  return paragraphNames.get(doc) ?? 'div';
}

export function setParagraphName(doc, name) {
  paragraphNames.set(doc, name);
}

const HEADINGS = { __proto__: null, h1: true, h2: true, h3: true, h4: true, h5: true, h6: true };

// An empty item at Enter: the list ends before it, and goes on behind it.
function leaveList(item) {
  const list = item.parent;
  const made = createElement(item.doc, list.parent.localName === 'li' ? 'li' : paragraphName(item.doc));
  preInsert(createElement(item.doc, 'br'), made, null);
  const outer = made.localName === 'li' ? list.parent : list;
  preInsert(made, outer.parent, outer.next);
  if (item.next !== null) {
    const rest = cloneNode(list, list.doc, false);
    while (item.next !== null) preInsert(item.next, rest, null);
    preInsert(rest, made.localName === 'li' ? made : made.parent, made.localName === 'li' ? null : made.next);
  }
  removeNode(item);
  if (list.first === null) removeNode(list);
  putCursor(made, 0);
}

function fillBlank(block) {
  let node = block;
  while (node.first !== null && node.first.nodeType === 1) node = node.first;
  while (node.first !== null) removeNode(node.first);
  preInsert(createElement(block.doc, 'br'), node, null);
}

// https://w3c.github.io/editing/docs/execCommand/#the-insertparagraph-command
export function insertParagraph(host) {
  const { node, offset } = cursorOf(host);
  const block = blockOf(node, host);
  if (block !== host && (block.localName === 'pre' || isCell(block, host))) {
    insertLineBreak(host);
    return;
  }
  const inList = block.namespace === HTML_NS && block.localName === 'li' && block.parent !== host && block.parent !== null;
  if (inList && stopsOf(block).length <= 1 && isBlankLine(block)) {
    leaveList(block);
    return;
  }
  const tail = new RangeImpl(host.doc);
  setRangeStart(tail, node, offset);
  // In the host itself a line goes up to the next block, or through its break.
  let end = null;
  if (block === host) {
    let top = node;
    if (node === host) end = childAt(host, offset);
    else {
      while (top.parent !== host) top = top.parent;
      end = top.next;
    }
    while (end !== null && !isBlock(end) && !isBreak(end)) end = end.next;
    if (end !== null && isBreak(end)) end = end.next;
  }
  setRangeEnd(tail, block, end === null ? childCount(block) : indexOfNode(end));
  const rest = extractOrClone(tail, true);
  dropRange(tail, host.doc);
  const blank = isBlank(rest) || isBlankLine(rest);
  const fresh = block === host || (HEADINGS[block.localName] === true && blank);
  const made = fresh ? createElement(host.doc, paragraphName(host.doc)) : cloneNode(block, block.doc, false);
  if (!fresh) removeAttr(made, 'id');
  if (!(fresh && block !== host)) preInsert(rest, made, null);
  if (block === host) {
    const before = end === null ? host.last : end.prev;
    if (before === null || isBlock(before)) {
      const head = createElement(host.doc, paragraphName(host.doc));
      preInsert(head, host, end);
      fillBlank(head);
    }
    preInsert(made, host, end);
  } else preInsert(made, block.parent, block.next);
  if (block !== host) {
    if (isBlank(block)) fillBlank(block);
    else if (node.nodeType === 3 && node.data === '') dropEmptyText(node, host);
  }
  if (isBlank(made)) fillBlank(made);
  else dropEmptyStart(made);
  let first = made;
  while (first.first !== null && first.first.nodeType === 1 && !isBreak(first.first) && isEditable(first.first)) first = first.first;
  const at = first.first !== null && first.first.nodeType === 3 ? first.first : first;
  putCursor(at, 0);
}

// What was cut off at the end of an inline element leaves an empty copy of it.
function dropEmptyStart(block) {
  for (;;) {
    let node = block;
    while (node.first !== null && (node.first.nodeType === 3 || isInlineLevel(node.first)) && !isBreak(node.first)) node = node.first;
    if (node === block || (node.nodeType === 3 ? node.data !== '' : node.first !== null || !isEditable(node) || REPLACED[node.localName] === true)) return;
    removeNode(node);
  }
}

// Nothing but the break that keeps it open
function isBlankLine(block) {
  const stops = stopsOf(block);
  return stops.length === 0 || (stops.length === 1 && isBreak(stops[0].node));
}

// Move the cursor, or the end of the selection: unit `character`, `word`, `line` (its edge), `row` or `all`.
export function moveInHost(host, unit, forward, extend) {
  editedRange(host);
  modifySelection(host.doc, extend ? 'extend' : 'move', forward ? 'forward' : 'backward', GRANULARITIES[unit]);
}

export function selectAllOf(host) {
  selectBetween(host.doc, host, 0, host, childCount(host));
}
