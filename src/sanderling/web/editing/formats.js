// https://w3c.github.io/editing/docs/execCommand/#inline-formatting-command-definitions
// Commands that format text: what an element says of a format, what holds for text, and giving the selected text a value. Elements are made as Chromium makes them.

import { NumberParseInt, SafeMap, StringPrototypeIncludes, StringPrototypeTrim } from '../primordials.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { parseCssDeclaration } from '../css/cssom/declarations.js';
import { inlineDeclarations, inlineStyleOf } from '../css/cssom/inline_style.js';
import { findByQualifiedName, getAttr, hasAttr, removeAttr, setAttr, setAttrNode } from '../dom/attributes.js';
import { createElement } from '../dom/create.js';
import { cloneNode } from '../dom/clone.js';
import { HTML_NS } from '../dom/namespaces.js';
import { splitText } from '../dom/Text.js';
import { childAt, childList, indexOfNode, isInclusiveAncestor, nextInTree, nextSkippingChildren, preInsert, removeNode } from '../dom/tree.js';
import { isEditable } from '../html/forms/states.js';
import { selectBetween } from '../html/Selection.js';
import { editedRange, isBlock, selectedSpan } from './host.js';

// `css`: the property, `on`: the value that a toggle sets (`off` the other), `tag`: the element that gives it, `tags`: those that do, `attr`: of <font>
const FORMATS = {
  __proto__: null,
  bold: { css: 'font-weight', on: 'bold', off: 'normal', tag: 'b', tags: { __proto__: null, b: true, strong: true } },
  italic: { css: 'font-style', on: 'italic', off: 'normal', tag: 'i', tags: { __proto__: null, i: true, em: true } },
  underline: { css: 'text-decoration-line', on: 'underline', off: null, tag: 'u', tags: { __proto__: null, u: true } },
  strikethrough: { css: 'text-decoration-line', on: 'line-through', off: null, tag: 'strike', tags: { __proto__: null, s: true, strike: true } },
  subscript: { css: 'vertical-align', on: 'sub', off: null, tag: 'sub', tags: { __proto__: null, sub: true } },
  superscript: { css: 'vertical-align', on: 'super', off: null, tag: 'sup', tags: { __proto__: null, sup: true } },
  forecolor: { css: 'color', attr: 'color', tags: { __proto__: null } },
  hilitecolor: { css: 'background-color', tags: { __proto__: null } },
  fontname: { css: 'font-family', attr: 'face', tags: { __proto__: null } },
  fontsize: { css: 'font-size', attr: 'size', tags: { __proto__: null } },
  link: { css: '', tag: 'a', tags: { __proto__: null, a: true } },
};

// https://html.spec.whatwg.org/multipage/rendering.html#rules-for-parsing-a-legacy-font-size: px, with a medium of 16
const FONT_SIZES_PX = [10, 13, 16, 18, 24, 32, 48];

const isHtmlNode = (node) => node.nodeType === 1 && node.namespace === HTML_NS;

// https://w3c.github.io/editing/docs/execCommand/#effective-command-value
export function formatAt(node, format) {
  let el = node.nodeType === 1 ? node : node.parent;
  if (el === null || el.nodeType !== 1) return null;
  const { css } = format;
  if (css === 'font-weight') return +computedValueOf(el, css) >= 600 ? 'bold' : 'normal';
  if (css === 'font-style') return computedValueOf(el, css) === 'normal' ? 'normal' : 'italic';
  if (css !== '' && css !== 'text-decoration-line' && css !== 'vertical-align' && css !== 'background-color') return computedValueOf(el, css);
  for (; el !== null && el.nodeType === 1; el = el.parent) {
    if (css === '') {
      if (isHtmlNode(el) && el.localName === 'a' && hasAttr(el, 'href')) return getAttr(el, 'href');
      continue;
    }
    const value = computedValueOf(el, css);
    if (css === 'background-color') {
      if (value !== 'rgba(0, 0, 0, 0)') return value;
    } else if (css === 'vertical-align') {
      if (isBlock(el)) return null;
      if (value === format.on) return value;
    } else if (StringPrototypeIncludes(value, format.on)) return format.on;
  }
  return css === 'background-color' ? 'rgba(0, 0, 0, 0)' : null;
}

// https://w3c.github.io/editing/docs/execCommand/#specified-command-value: does the element itself say anything of it?
function saysFormat(el, format) {
  if (!isHtmlNode(el)) return false;
  if (format.tags[el.localName] === true) return format.css !== '' || hasAttr(el, 'href');
  if (format.attr !== undefined && el.localName === 'font' && hasAttr(el, format.attr)) return true;
  if (format.css === '') return false;
  const block = inlineDeclarations(el);
  if (block === null) return false;
  const value = block.map.get(format.css);
  if (value === undefined) return false;
  return format.off !== null || StringPrototypeIncludes(value.value, format.on);
}

function unwrapElement(el) {
  while (el.first !== null) preInsert(el.first, el.parent, el);
  removeNode(el);
}

// https://w3c.github.io/editing/docs/execCommand/#set-the-tag-name
export function renameElement(el, localName, keepAttributes) {
  const made = createElement(el.doc, localName);
  if (keepAttributes) for (let i = 0; i < el.attrs.length; i++) setAttrNode(made, cloneNode(el.attrs[i], el.doc, false));
  preInsert(made, el.parent, el);
  while (el.first !== null) preInsert(el.first, made, null);
  removeNode(el);
  return made;
}

// https://w3c.github.io/editing/docs/execCommand/#clear-the-value
function clearFormat(el, format) {
  if (!saysFormat(el, format)) return;
  const block = format.css === '' ? null : inlineDeclarations(el);
  if (block !== null && block.map.has(format.css)) {
    const style = inlineStyleOf(el);
    style.changing();
    style.block().drop(format.css);
    style.changed();
    if (getAttr(el, 'style') === '' && !isBlock(el)) removeAttr(el, 'style');
  }
  if (format.attr !== undefined && el.localName === 'font') removeAttr(el, format.attr);
  if (format.css === '') removeAttr(el, 'href');
  const named = format.tags[el.localName] === true;
  if (el.attrs.length === 0 && (named || el.localName === 'font' || el.localName === 'span')) unwrapElement(el);
  else if (named) renameElement(el, 'span', true);
}

function makeWrapper(doc, format, value, byCss) {
  if (format.css === '') {
    const a = createElement(doc, 'a');
    setAttr(a, 'href', value);
    return a;
  }
  const named = format.tag !== undefined && value === format.on;
  if (named && (!byCss || format.css === 'vertical-align')) return createElement(doc, format.tag);
  if (!byCss && format.attr !== undefined) {
    const text = fontAttribute(format.attr, value);
    if (text !== null) {
      const font = createElement(doc, 'font');
      setAttr(font, format.attr, text);
      return font;
    }
  }
  const span = createElement(doc, 'span');
  setAttr(span, 'style', format.css + ': ' + value + ';');
  return span;
}

// What <font> says for a computed value; null where it cannot
function fontAttribute(attr, value) {
  if (attr === 'face') return value;
  if (attr === 'size') {
    for (let i = 0; i < FONT_SIZES_PX.length; i++) if (value === FONT_SIZES_PX[i] + 'px') return '' + (i + 1);
    return null;
  }
  let hex = '#';
  let part = -1;
  for (let i = 0; i <= value.length; i++) {
    const c = i < value.length ? value[i] : ')';
    if (c >= '0' && c <= '9') part = (part < 0 ? 0 : part * 10) + +c;
    else if (c === '.' || c === '/') return null;
    else if (part >= 0) {
      if (hex.length === 7) return null;
      hex += (part < 16 ? '0' : '') + hexOf(part);
      part = -1;
    }
  }
  return hex.length === 7 ? hex : null;
}

const HEX = '0123456789abcdef';
const hexOf = (n) => (n < 16 ? '' : HEX[n >> 4]) + HEX[n & 15];

function isAlike(el, made) {
  if (el === null || !isHtmlNode(el) || el.localName !== made.localName || el.attrs.length !== made.attrs.length) return false;
  for (let i = 0; i < made.attrs.length; i++) {
    const other = findByQualifiedName(el, made.attrs[i].localName);
    if (other === null || other.value !== made.attrs[i].value) return false;
  }
  return true;
}

const isWhiteText = (node) => node.nodeType === 3 && StringPrototypeTrim(node.data) === '';

// White space beside blocks, which nobody sees
function isBetweenBlocks(node) {
  return isWhiteText(node) && ((node.prev !== null && isBlock(node.prev)) || (node.next !== null && isBlock(node.next)));
}

// https://w3c.github.io/editing/docs/execCommand/#force-the-value; `name`: of the element that gives it, where that is known
function forceFormat(node, format, value, byCss, name = null) {
  if (node.parent === null || value === null || (node.nodeType !== 3 && node.nodeType !== 1) || !isEditable(node.nodeType === 1 ? node : node.parent)) return;
  if (node.nodeType === 1 && isBlock(node)) {
    const children = childList(node);
    for (let i = 0; i < children.length; i++) if (children[i].nodeType !== 1 || !saysFormat(children[i], format)) forceFormat(children[i], format, value, byCss, name);
    return;
  }
  if (node.nodeType === 3 && (node.data === '' || isBetweenBlocks(node))) return;
  if (formatAt(node, format) === value) return;
  const made = name === null ? makeWrapper(node.doc, format, value, byCss) : createElement(node.doc, name);
  // "wrap", with sibling criteria: it joins what stands beside it
  const { prev, next } = node;
  if (isAlike(prev, made)) {
    preInsert(node, prev, null);
    if (isAlike(next, made)) {
      while (next.first !== null) preInsert(next.first, prev, null);
      removeNode(next);
    }
  } else if (isAlike(next, made)) preInsert(node, next, next.first);
  else {
    preInsert(made, node.parent, node);
    preInsert(node, made, null);
  }
}

// https://w3c.github.io/editing/docs/execCommand/#push-down-values: also where an outer element says something else, as Chromium does
function pushDownFormat(node, format, value, host, byCss) {
  const list = [];
  let says = 0;
  for (let at = node.parent; at !== null && at !== host && isEditable(at) && formatAt(at, format) !== value; at = at.parent) {
    list[list.length] = at;
    if (saysFormat(at, format)) says = list.length;
  }
  list.length = says;
  let propagated = null;
  let name = null;             // <strong> stays <strong>
  while (list.length > 0) {
    const current = list[list.length - 1];
    list.length--;
    const children = childList(current);
    if (saysFormat(current, format)) {
      propagated = formatAt(current, format);
      name = format.tags[current.localName] === true && format.css !== '' ? current.localName : null;
      clearFormat(current, format);
    }
    const inner = list.length > 0 ? list[list.length - 1] : null;
    for (let i = 0; i < children.length; i++) {
      const child = children[i];
      if (child === node || child === inner || (child.nodeType === 1 && saysFormat(child, format) && formatAt(child, format) !== propagated)) continue;
      forceFormat(child, format, propagated, byCss, name);
    }
  }
}

// -- what is selected ----------------------------------------------------------------------------------------------------

const isLeaf = (node) => (node.nodeType === 3 ? node.data !== '' && !isBetweenBlocks(node) : isHtmlNode(node) && node.localName === 'img');

// Text and images from place to place, in an editing host
export function leavesBetween(host, { startNode, startOffset, endNode, endOffset }) {
  const leaves = [];
  let node = startNode.nodeType === 3 ? startNode : childAt(startNode, startOffset) ?? nextSkippingChildren(startNode, host);
  const stop = endNode.nodeType === 3 ? nextSkippingChildren(endNode, host) : childAt(endNode, endOffset) ?? nextSkippingChildren(endNode, host);
  for (; node !== null && node !== stop; node = nextInTree(node, host)) {
    if (!isLeaf(node) || !isEditable(node.nodeType === 1 ? node : node.parent)) continue;
    if ((node === startNode && startOffset === node.data.length) || (node === endNode && endOffset === 0)) continue;
    leaves[leaves.length] = node;
  }
  return leaves;
}

// The same, once the text at both ends is split
export function selectedLeaves(host) {
  let { startNode, startOffset, endNode, endOffset } = selectedSpan(host);
  if (startNode === endNode && startOffset === endOffset) return [];
  if (endNode.nodeType === 3 && endOffset > 0 && endOffset < endNode.data.length) splitText(endNode, endOffset);
  if (startNode.nodeType === 3 && startOffset > 0 && startOffset < startNode.data.length) {
    const rest = splitText(startNode, startOffset);
    if (endNode === startNode) {
      endNode = rest;
      endOffset -= startOffset;
    }
    startNode = rest;
    startOffset = 0;
  }
  return leavesBetween(host, { __proto__: null, startNode, startOffset, endNode, endOffset });
}

export function selectLeaves(leaves) {
  const first = leaves[0];
  const last = leaves[leaves.length - 1];
  const start = first.nodeType === 3 ? first : first.parent;
  const end = last.nodeType === 3 ? last : last.parent;
  selectBetween(first.doc, start, start === first ? 0 : indexOfNode(first), end, end === last ? last.data.length : indexOfNode(last) + 1);
}

function edgeLeaf(el, fromEnd) {
  let node = fromEnd ? el.last : el.first;
  while (node !== null) {
    if (isLeaf(node)) return node;
    const inside = fromEnd ? node.last : node.first;
    if (inside !== null) {
      node = inside;
      continue;
    }
    while (node !== el && (fromEnd ? node.prev : node.next) === null) node = node.parent;
    if (node === el) return null;
    node = fromEnd ? node.prev : node.next;
  }
  return null;
}

// https://w3c.github.io/editing/docs/execCommand/#effectively-contained: leaves follow each other, so that the outer ones tell
function isWithin(el, selected) {
  const first = edgeLeaf(el, false);
  return first !== null && selected.has(first) && selected.has(edgeLeaf(el, true));
}

// https://w3c.github.io/editing/docs/execCommand/#set-the-selection's-value, for these leaves
export function setFormat(host, leaves, format, value, byCss) {
  const selected = new SafeMap();
  for (let i = 0; i < leaves.length; i++) selected.set(leaves[i], true);
  for (let i = 0; i < leaves.length; i++) {
    for (let at = leaves[i].parent; at !== null && at !== host && isInclusiveAncestor(host, at) && isWithin(at, selected);) {
      const { parent } = at;
      clearFormat(at, format);
      at = parent;
    }
  }
  let done = null;
  for (let i = 0; i < leaves.length; i++) {
    let node = leaves[i];
    if (done !== null && isInclusiveAncestor(done, node)) continue;
    while (node.parent !== host && !isBlock(node.parent) && isWithin(node.parent, selected)) node = node.parent;
    pushDownFormat(node, format, value, host, byCss);
    forceFormat(node, format, value, byCss);
    done = node;
  }
}

const REMOVED = {
  __proto__: null, abbr: true, acronym: true, b: true, bdi: true, bdo: true, big: true, blink: true, cite: true, code: true, dfn: true, em: true, font: true, i: true, ins: true, kbd: true,
  mark: true, nobr: true, q: true, s: true, samp: true, small: true, span: true, strike: true, strong: true, sub: true, sup: true, tt: true, u: true, var: true,
};
const REMOVED_FORMATS = ['subscript', 'bold', 'fontname', 'fontsize', 'forecolor', 'hilitecolor', 'italic', 'strikethrough', 'superscript', 'underline'];

// https://w3c.github.io/editing/docs/execCommand/#the-removeformat-command
export function removeFormats(host, leaves) {
  const selected = new SafeMap();
  for (let i = 0; i < leaves.length; i++) selected.set(leaves[i], true);
  for (let i = 0; i < leaves.length; i++) {
    for (let at = leaves[i].parent; at !== null && at !== host && isWithin(at, selected);) {
      const { parent } = at;
      if (isHtmlNode(at) && REMOVED[at.localName] === true) unwrapElement(at);
      at = parent;
    }
  }
  for (let i = 0; i < REMOVED_FORMATS.length; i++) setFormat(host, leaves, FORMATS[REMOVED_FORMATS[i]], null, false);
}

// -- values --------------------------------------------------------------------------------------------------------------

// What `value` of a command is, computed; null where it is none
export function formatValue(format, value, doc) {
  if (format.css === '') return value === '' ? null : value;
  if (format.on !== undefined) return value;
  if (format.css === 'font-size') {
    let n = NumberParseInt(value, 10);
    if (n !== n) return null;
    const sign = value[0];
    if (sign === '+' || sign === '-') n += 3;
    return FONT_SIZES_PX[n < 1 ? 0 : n > 7 ? 6 : n - 1] + 'px';
  }
  if (parseCssDeclaration(format.css, value, false) === null) return null;
  // Computed for an element that stands nowhere.
  const probe = createElement(doc, 'span');
  setAttr(probe, 'style', format.css + ': ' + value);
  return computedValueOf(probe, format.css);
}

export function legacyFontSize(px) {
  const size = +NumberParseInt(px, 10);
  for (let i = FONT_SIZES_PX.length - 1; i > 0; i--) if (size >= (FONT_SIZES_PX[i] + FONT_SIZES_PX[i - 1]) / 2) return '' + (i + 1);
  return '1';
}

// 'all', 'some' or 'none' of what is selected has the value.
export function formatOfSelection(host, format, value) {
  const range = editedRange(host);
  const leaves = leavesBetween(host, range);
  if (leaves.length === 0) return formatAt(range.startNode, format) === value ? 'all' : 'none';
  let count = 0;
  for (let i = 0; i < leaves.length; i++) if (formatAt(leaves[i], format) === value) count++;
  return count === leaves.length ? 'all' : count > 0 ? 'some' : 'none';
}

// What was just typed gets formats that were asked for while nothing was selected; the first of them goes outside.
export function formatTyped(host, text, formats) {
  for (let i = formats.length - 1; i >= 0; i--) setFormat(host, [text], FORMATS[formats[i][0]], formats[i][1], false);
}

export function formatNamed(name) {
  return FORMATS[name];
}

const TYPED_FORMATS = ['bold', 'italic', 'underline', 'strikethrough', 'forecolor', 'hilitecolor', 'fontname', 'fontsize'];

// What elements around this text give it: [[name, value]]
export function formatsOf(text) {
  const out = [];
  for (let i = 0; i < TYPED_FORMATS.length; i++) {
    const format = FORMATS[TYPED_FORMATS[i]];
    for (let el = text.parent; el !== null && el.nodeType === 1 && !isBlock(el); el = el.parent) {
      if (!saysFormat(el, format)) continue;
      out[out.length] = [TYPED_FORMATS[i], formatAt(text, format)];
      break;
    }
  }
  return out;
}
