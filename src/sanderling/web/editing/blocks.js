// https://w3c.github.io/editing/docs/execCommand/#block-formatting-command-definitions
// Commands that format lines: what block holds them, lists, alignment, indentation. Where browsers put a list inside of a paragraph, it takes the paragraph's place here.

import { computedValueOf } from '../css/cssom/computed.js';
import { inlineStyleOf } from '../css/cssom/inline_style.js';
import { setAttr } from '../dom/attributes.js';
import { cloneNode } from '../dom/clone.js';
import { createElement } from '../dom/create.js';
import { HTML_NS } from '../dom/namespaces.js';
import { childAt, indexOfNode, isInclusiveAncestor, preInsert, removeNode } from '../dom/tree.js';
import { isEditable } from '../html/forms/states.js';
import { selectBetween } from '../html/Selection.js';
import { blockOf, editedRange, isBlock } from './host.js';
import { leavesBetween, renameElement } from './formats.js';

const isList = (node) => node !== null && node.nodeType === 1 && node.namespace === HTML_NS && (node.localName === 'ul' || node.localName === 'ol');
const isItem = (node) => node.nodeType === 1 && node.namespace === HTML_NS && node.localName === 'li' && isList(node.parent);
const isLineBreak = (node) => node !== null && node.nodeType === 1 && node.localName === 'br';

// -- lines -----------------------------------------------------------------------------------------------------------------

// A line of the selection: a block that holds nothing else, or nodes that follow each other in one.
class Line {
  constructor(block, first, last) {
    this.block = block;        // null where it is but a part of the host, or of a block with other blocks
    this.first = first;        // null in a host that is empty
    this.last = last;
  }
}

// The line around a node that is no block itself
function lineAround(node, host) {
  const block = blockOf(node, host);
  if (node === block) return new Line(block === host ? null : block, block.first, block.last);
  let top = node;
  while (top.parent !== block) top = top.parent;
  let first = top;
  let last = top;
  while (first.prev !== null && !isBlock(first.prev) && !isLineBreak(first.prev)) first = first.prev;
  while (!isLineBreak(last) && last.next !== null && !isBlock(last.next)) last = last.next;
  const whole = block !== host && first === block.first && last === block.last;
  return new Line(whole ? block : null, first, last);
}

function selectedLines(host) {
  const range = editedRange(host);
  const lines = [];
  const add = (node) => {
    const line = lineAround(node, host);
    const before = lines.length === 0 ? null : lines[lines.length - 1];
    if (before === null || before.first !== line.first || before.block !== line.block) lines[lines.length] = line;
  };
  const { startNode, startOffset, endNode, endOffset } = range;
  if (startNode === endNode && startOffset === endOffset) {
    const at = startNode.nodeType === 1 ? childAt(startNode, startOffset) ?? childAt(startNode, startOffset - 1) ?? startNode : startNode;
    add(at !== startNode && isBlock(at) ? startNode : at);
    return lines;
  }
  const leaves = leavesBetween(host, range);
  for (let i = 0; i < leaves.length; i++) add(leaves[i]);
  if (lines.length === 0) add(startNode);
  return lines;
}

// Run `change` with the selection as it was: nodes are moved, and their text stays what it is.
function keepingSelection(host, change) {
  const { startNode, startOffset, endNode, endOffset } = editedRange(host);
  const start = startNode.nodeType === 1 ? childAt(startNode, startOffset) : null;
  const end = endNode.nodeType === 1 ? childAt(endNode, endOffset) : null;
  change();
  const place = (node, offset, child) => {
    if (node.nodeType === 3 && isInclusiveAncestor(host, node)) return [node, offset];
    if (child !== null && child.parent !== null && isInclusiveAncestor(host, child)) return [child.parent, indexOfNode(child)];
    if (isInclusiveAncestor(host, node)) return [node, 0];
    return null;
  };
  const from = place(startNode, startOffset, start);
  const to = place(endNode, endOffset, end);
  if (from !== null && to !== null) selectBetween(host.doc, from[0], from[1], to[0], to[1]);
}

// Put a line into `into`, which takes its place unless it stands already.
function moveLine(line, into, host) {
  const { block, first, last } = line;
  if (block !== null && !isCellOrItem(block)) {
    if (into.parent === null) preInsert(into, block.parent, block);
    while (block.first !== null) preInsert(block.first, into, null);
    removeNode(block);
    return;
  }
  if (first === null) {
    if (into.parent === null) preInsert(into, block ?? host, null);
    preInsert(createElement(host.doc, 'br'), into, null);
    return;
  }
  if (into.parent === null) preInsert(into, first.parent, first);
  for (let node = first; node !== null;) {
    const next = node === last ? null : node.next;
    // The break that ended the line is no longer needed, unless nothing else keeps it open.
    if (isLineBreak(node) && node !== first) removeNode(node);
    else preInsert(node, into, null);
    node = next;
  }
}

function isCellOrItem(block) {
  const { localName } = block;
  return isItem(block) || localName === 'td' || localName === 'th' || localName === 'dd' || localName === 'dt';
}

// -- formatBlock -----------------------------------------------------------------------------------------------------------

const BLOCK_NAMES = {
  __proto__: null, address: true, article: true, aside: true, blockquote: true, dd: true, div: true, dl: true, dt: true, footer: true, h1: true, h2: true, h3: true, h4: true, h5: true, h6: true,
  header: true, hgroup: true, main: true, nav: true, p: true, pre: true, section: true,
};

export function formatBlocks(host, name) {
  if (BLOCK_NAMES[name] !== true) return false;
  keepingSelection(host, () => {
    const lines = selectedLines(host);
    for (let i = 0; i < lines.length; i++) moveLine(lines[i], createElement(host.doc, name), host);
  });
  return true;
}

export function blockFormat(host) {
  for (let node = blockOf(editedRange(host).startNode, host); node !== host; node = blockOf(node.parent, host)) {
    if (BLOCK_NAMES[node.localName] === true && node.localName !== 'div') return node.localName;
  }
  return '';
}

// -- lists -----------------------------------------------------------------------------------------------------------------

function itemOf(node, host) {
  for (let at = node; at !== null && at !== host; at = at.parent) if (isItem(at)) return at;
  return null;
}

const beginOf = (line) => line.block ?? line.first;

// The list in which all of the selection stands: its name, or ''
export function listFormat(host) {
  const lines = selectedLines(host);
  let name = '';
  for (let i = 0; i < lines.length; i++) {
    const start = beginOf(lines[i]);
    const item = start === null ? null : itemOf(start, host);
    if (item === null || (name !== '' && item.parent.localName !== name)) return '';
    name = item.parent.localName;
  }
  return name;
}

// What stands in `parent` before (or behind) `child` goes into a copy of `parent` of its own.
function splitOff(child, forward) {
  const { parent } = child;
  if ((forward ? child.next : child.prev) === null) return;
  const copy = cloneNode(parent, parent.doc, false);
  preInsert(copy, parent.parent, forward ? parent.next : parent);
  if (forward) while (child.next !== null) preInsert(child.next, copy, null);
  else while (parent.first !== child) preInsert(parent.first, copy, null);
}

// Take a child out of its parent, which is split around it.
function liftOut(child) {
  splitOff(child, false);
  splitOff(child, true);
  const { parent } = child;
  preInsert(child, parent.parent, parent);
  removeNode(parent);
}

// An item becomes a line of what its list stood in.
function unlist(item) {
  liftOut(item);
  if (isList(item.parent)) return;
  if (isItem(item.parent)) {
    liftOut(item);
    return;
  }
  const inline = item.first !== null && !isBlock(item.last);
  if (inline && item.next !== null && !isLineBreak(item.last)) preInsert(createElement(item.doc, 'br'), item, null);
  if (inline && item.prev !== null && !isBlock(item.prev) && !isLineBreak(item.prev)) preInsert(createElement(item.doc, 'br'), item.parent, item);
  while (item.first !== null) preInsert(item.first, item.parent, item);
  removeNode(item);
}

export function toggleList(host, name) {
  const off = listFormat(host) === name;
  keepingSelection(host, () => {
    const lines = selectedLines(host);
    let list = null;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i];
      const item = beginOf(line) === null ? null : itemOf(beginOf(line), host);
      if (item !== null) {
        if (off) {
          if (item.parent !== null) unlist(item);
          continue;
        }
        if (item.parent.localName !== name) {
          splitOff(item, false);
          splitOff(item, true);
          list = joinLists(renameElement(item.parent, name, true));
        }
        continue;
      }
      const made = createElement(host.doc, 'li');
      moveLine(line, made, host);
      if (list !== null && (made.prev === list || (made.prev !== null && made.prev.nodeType === 3 && made.prev.prev === list))) preInsert(made, list, null);
      else {
        list = createElement(host.doc, name);
        preInsert(list, made.parent, made);
        preInsert(made, list, null);
        list = joinLists(list);
      }
    }
    if (list !== null) joinLists(list);
  });
  return true;
}

// A list goes on in one that stands beside it.
function joinLists(list) {
  const { prev, next } = list;
  let into = list;
  if (isList(prev) && prev.localName === list.localName && isEditable(prev)) {
    while (list.first !== null) preInsert(list.first, prev, null);
    removeNode(list);
    into = prev;
  }
  if (isList(next) && next.localName === into.localName && isEditable(next)) {
    while (next.first !== null) preInsert(next.first, into, null);
    removeNode(next);
  }
  return into;
}

// -- alignment and indentation ---------------------------------------------------------------------------------------------

export function alignLines(host, value) {
  keepingSelection(host, () => {
    const lines = selectedLines(host);
    for (let i = 0; i < lines.length; i++) {
      let { block } = lines[i];
      if (block === null) {
        block = createElement(host.doc, 'div');
        moveLine(lines[i], block, host);
      }
      const style = inlineStyleOf(block);
      style.changing();
      const declarations = style.parse('text-align', value, false);
      for (let k = 0; k < declarations.length; k++) style.block().set(declarations[k]);
      style.changed();
    }
  });
  return true;
}

export function alignmentOf(host) {
  const value = computedValueOf(blockOf(editedRange(host).startNode, host), 'text-align');
  return value === 'start' || value === '-webkit-auto' ? 'left' : value === 'end' ? 'right' : value;
}

const INDENTED = 'margin: 0 0 0 40px; border: none; padding: 0px;';

export function indentLines(host) {
  keepingSelection(host, () => {
    const lines = selectedLines(host);
    let quote = null;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i];
      const item = beginOf(line) === null ? null : itemOf(beginOf(line), host);
      if (item !== null) {
        const inner = cloneNode(item.parent, host.doc, false);
        preInsert(inner, item.parent, item);
        preInsert(item, inner, null);
        joinLists(inner);
        quote = null;
        continue;
      }
      if (quote === null || beginOf(line) === null || beginOf(line).prev !== quote) {
        quote = createElement(host.doc, 'blockquote');
        setAttr(quote, 'style', INDENTED);
        if (beginOf(line) !== null) preInsert(quote, beginOf(line).parent, beginOf(line));
      }
      if (line.block !== null) preInsert(line.block, quote, null);
      else moveLine(line, quote, host);
    }
  });
  return true;
}

export function outdentLines(host) {
  keepingSelection(host, () => {
    const lines = selectedLines(host);
    for (let i = 0; i < lines.length; i++) {
      const start = beginOf(lines[i]);
      if (start === null) continue;
      let outer = start;
      while (outer.parent !== host && !isItem(outer) && !(outer.parent.localName === 'blockquote' && outer.parent.namespace === HTML_NS)) outer = outer.parent;
      if (isItem(outer)) unlist(outer);
      else if (outer.parent !== host) liftQuoted(outer, lines[i]);
    }
  });
  return true;
}

function liftQuoted(outer, line) {
  if (outer !== line.first) {
    liftOut(outer);
    return;
  }
  // A line that stands in the quotation without a block of its own
  const block = createElement(outer.doc, 'div');
  moveLine(line, block, outer.parent);
  liftOut(block);
}
