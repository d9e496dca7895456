// https://w3c.github.io/selection-api/#dom-selection-modify
// Moving the cursor by characters, words, sentences and lines. The text that is rendered is laid out as one row of characters, with a line break at
// each <br> and at the edges of blocks; lines are those, since nothing is wrapped here.

import { RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeStartsWith } from '../primordials.js';
import { compareBoundary } from '../dom/Range.js';
import { childCount, indexOfNode, isInclusiveAncestor, nextInTree, rootOf } from '../dom/tree.js';
import { computedValueOf, displayOf } from '../css/cssom/computed.js';
import { isEditable } from './forms/states.js';
import { selectBetween, selectionOf } from './Selection.js';

// Stands for what has no characters of its own.
const ATOM = '\ufffc';

// One place where the cursor can stand: before this character.
class CaretStop {
  constructor(c, node, offset) {
    this.c = c;                // '\n' for what breaks a line
    this.node = node;          // text node, or the element that breaks the line
    this.offset = offset;      // of a break before a block: -1
  }
}

export function isInlineLevel(el) {
  const display = displayOf(el);
  return StringPrototypeStartsWith(display, 'inline') || display === 'contents' || display === 'ruby' || display === 'ruby-text';
}

// The characters in `root`, as they are rendered; where it is edited, what is deleted as one thing too
export function stopsOf(root) {
  const out = [];
  const edited = root.nodeType === 1 && isEditable(root);
  let space = null;            // a collapsible space that stands if something follows it in its line
  const breakLine = (node, hard, offset = hard ? 0 : -1) => {
    space = null;
    if (hard || (out.length > 0 && out[out.length - 1].c !== '\n')) out[out.length] = new CaretStop('\n', node, offset);
  };
  const addText = (node) => {
    const keeps = node.parent.nodeType === 1 && StringPrototypeStartsWith(computedValueOf(node.parent, 'white-space-collapse'), 'preserve');
    const { data } = node;
    for (let i = 0; i < data.length; i++) {
      const c = data[i];
      const white = c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f';
      if (white && !keeps) {
        if (space === null && out.length > 0 && out[out.length - 1].c !== '\n' && out[out.length - 1].c !== ' ') space = new CaretStop(' ', node, i);
        continue;
      }
      if (space !== null) out[out.length] = space;
      space = null;
      // The second half of a surrogate pair is no place to stand before.
      const code = StringPrototypeCharCodeAt(data, i);
      if (code >= 0xdc00 && code <= 0xdfff && i > 0) continue;
      out[out.length] = new CaretStop(c, node, i);
    }
  };
  // Iterative: pages can nest deeper than the stack.
  let node = root.first;
  while (node !== null) {
    let inside = null;
    if (node.nodeType === 3) addText(node);
    else if (node.nodeType === 1) {
      if (node.localName === 'br') breakLine(node, true);
      else if (displayOf(node) !== 'none') {
        if (!isInlineLevel(node)) breakLine(node, false);
        if (edited && isAtom(node)) {
          if (space !== null) out[out.length] = space;
          space = null;
          out[out.length] = new CaretStop(ATOM, node, 0);
        } else inside = node.first;
      }
    }
    if (inside !== null) {
      node = inside;
      continue;
    }
    for (;;) {
      if (node.nodeType === 1 && displayOf(node) !== 'none' && node.localName !== 'br' && !isInlineLevel(node)) breakLine(node, false, childCount(node));
      if (node.next !== null) {
        node = node.next;
        break;
      }
      node = node.parent;
      if (node === root) return out;
    }
  }
  return out;
}

const isTextStop = (stop) => stop !== undefined && stop.node.nodeType === 3;

// Where the cursor stands before the `at`th character: { node, offset }. Coming from behind it stands before a word, not after the space.
export function placeAt(stops, at, root, forward) {
  const before = stops[at - 1];
  const after = stops[at];
  if (isTextStop(before) && (before.c !== '\n' || !isTextStop(after)) && (forward || before.c !== ' ' || !isTextStop(after))) return { __proto__: null, node: before.node, offset: nextOffset(before) };
  if (isTextStop(after)) return { __proto__: null, node: after.node, offset: after.offset };
  const stop = before !== undefined && before.c === ATOM ? before : after ?? before;
  if (stop === undefined) return { __proto__: null, node: root, offset: 0 };
  return { __proto__: null, node: stop.node.parent, offset: stop === after ? indexOfNode(stop.node) : indexOfNode(stop.node) + 1 };
}

export function nextOffset(stop) {
  const code = StringPrototypeCharCodeAt(stop.c, 0);
  return stop.offset + (code >= 0xd800 && code <= 0xdbff && stop.offset + 1 < stop.node.data.length ? 2 : 1);
}

// Behind the line break that ends the last line nothing can stand.
function lastPlace(stops) {
  const last = stops[stops.length - 1];
  return last !== undefined && last.c === '\n' && last.node.nodeType === 1 ? stops.length - 1 : stops.length;
}

export function indexOfPlace(stops, node, offset) {
  const end = lastPlace(stops);
  for (let i = 0; i < end; i++) {
    const stop = stops[i];
    if (stop.node === node ? stop.offset >= offset : compareBoundary(stop.node, stop.offset, node, offset) >= 0) return i;
  }
  return end;
}

const isWordPart = (stop) => stop !== undefined && RegExpPrototypeExec(/[\p{L}\p{N}_]/u, stop.c) !== null;
const endsSentence = (stop) => stop !== undefined && (stop.c === '.' || stop.c === '!' || stop.c === '?' || stop.c === '\n');

function moveByWord(stops, from, forward) {
  let at = from;
  if (forward) {
    while (at < stops.length && !isWordPart(stops[at])) at++;
    while (at < stops.length && isWordPart(stops[at])) at++;
  } else {
    while (at > 0 && !isWordPart(stops[at - 1])) at--;
    while (at > 0 && isWordPart(stops[at - 1])) at--;
  }
  return at;
}

function moveBySentence(stops, from, forward, stays) {
  let at = from;
  const atStart = (i) => i === 0 || endsSentence(stops[i - 1]) || (stops[i - 1].c === ' ' && endsSentence(stops[i - 2]));
  if (!forward) {
    if (!stays && at > 0) at--;
    while (at > 0 && !atStart(at)) at--;
    return at;
  }
  if (stays) {
    while (at < stops.length && !endsSentence(stops[at])) at++;
    return at < stops.length && stops[at].c !== '\n' ? at + 1 : at;
  }
  at++;
  while (at < stops.length && !atStart(at)) at++;
  return at > stops.length ? stops.length : at;
}

function lineStart(stops, from) {
  let at = from;
  while (at > 0 && stops[at - 1].c !== '\n') at--;
  return at;
}

function lineEnd(stops, from) {
  let at = from;
  while (at < stops.length && stops[at].c !== '\n') at++;
  return at;
}

// To the same column of the next line
function moveByLine(stops, from, forward) {
  const start = lineStart(stops, from);
  const column = from - start;
  if (forward) {
    const end = lineEnd(stops, from);
    if (end === stops.length) return end;
    const below = lineEnd(stops, end + 1);
    return end + 1 + column > below ? below : end + 1 + column;
  }
  if (start === 0) return 0;
  const above = lineStart(stops, start - 1);
  return above + column > start - 1 ? start - 1 : above + column;
}

export function movedBy(stops, from, forward, granularity) {
  const end = lastPlace(stops);
  const at = anywhereMovedBy(stops, from, forward, granularity);
  return at > end ? end : at;
}

function anywhereMovedBy(stops, from, forward, granularity) {
  switch (granularity) {
    case 'character': return forward ? (from < stops.length ? from + 1 : from) : from > 0 ? from - 1 : 0;
    case 'word': return moveByWord(stops, from, forward);
    case 'sentence': return moveBySentence(stops, from, forward, false);
    case 'sentenceboundary': return moveBySentence(stops, from, forward, true);
    case 'line': case 'paragraph': return moveByLine(stops, from, forward);
    case 'lineboundary': case 'paragraphboundary': return forward ? lineEnd(stops, from) : lineStart(stops, from);
    case 'documentboundary': return forward ? stops.length : 0;
    default: return -1;
  }
}

// What the cursor stays in: the editing host around it, else its tree
function boundsOf(node) {
  let host = null;
  for (let at = node; at !== null; at = at.parent) if (at.nodeType === 1 && isEditable(at)) host = at;
  if (host !== null) return host;
  const root = rootOf(node);
  return root.nodeType === 9 ? root.bodyElement() ?? root : root;
}

const ATOMS = { __proto__: null, br: true, img: true, input: true, button: true, select: true, textarea: true, video: true, audio: true, canvas: true, iframe: true, hr: true, object: true, embed: true };

function isAtom(el) {
  return ATOMS[el.localName] === true || !isEditable(el);
}

// An editing host got the focus: the cursor goes to its first place, unless it is in it already.
export function putCaretInto(host) {
  const { range } = selectionOf(host.doc);
  if (range !== null && isInclusiveAncestor(host, range.startNode) && isInclusiveAncestor(host, range.endNode)) return;
  for (let node = host.first; node !== null; node = nextInTree(node, host)) {
    if (node.nodeType === 3) {
      const keeps = node.parent.nodeType === 1 && StringPrototypeStartsWith(computedValueOf(node.parent, 'white-space-collapse'), 'preserve');
      const found = keeps ? (node.data === '' ? null : { __proto__: null, index: 0 }) : RegExpPrototypeExec(/[^ \t\n\r\f]/, node.data);
      if (found !== null) {
        selectBetween(host.doc, node, found.index, node, found.index);
        return;
      }
    } else if (node.nodeType === 1 && displayOf(node) !== 'none' && isAtom(node)) {
      const index = indexOfNode(node);
      selectBetween(host.doc, node.parent, index, node.parent, index);
      return;
    }
  }
  selectBetween(host.doc, host, 0, host, 0);
}

export function modifySelection(doc, alter, direction, granularity) {
  const { range, backwards } = selectionOf(doc);
  const extends_ = alter === 'extend';
  if (range === null || (!extends_ && alter !== 'move')) return;
  const focus = backwards ? range.startNode : range.endNode;
  const focusAt = backwards ? range.startOffset : range.endOffset;
  const el = focus.nodeType === 1 ? focus : focus.parent;
  const rightToLeft = el !== null && el.nodeType === 1 && computedValueOf(el, 'direction') === 'rtl';
  let forward;
  if (direction === 'forward') forward = true;
  else if (direction === 'backward') forward = false;
  else if (direction === 'right') forward = !rightToLeft;
  else if (direction === 'left') forward = rightToLeft;
  else return;
  const collapsed = range.startNode === range.endNode && range.startOffset === range.endOffset;
  if (!extends_ && !collapsed && granularity === 'character') {
    if (forward) selectBetween(doc, range.endNode, range.endOffset, range.endNode, range.endOffset);
    else selectBetween(doc, range.startNode, range.startOffset, range.startNode, range.startOffset);
    return;
  }
  const root = boundsOf(focus);
  const stops = stopsOf(root);
  const at = movedBy(stops, indexOfPlace(stops, focus, focusAt), forward, granularity);
  if (at < 0) return;
  const place = placeAt(stops, at, root, forward);
  if (!extends_) selectBetween(doc, place.node, place.offset, place.node, place.offset);
  else if (backwards) selectBetween(doc, range.endNode, range.endOffset, place.node, place.offset);
  else selectBetween(doc, range.startNode, range.startOffset, place.node, place.offset);
}
