// https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute

import { RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeToUpperCase, StringPrototypeTrim } from '../primordials.js';
import { hasAttr } from '../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { createElement, createFragment, createText } from '../dom/create.js';
import { appendNode, descendantTextContent, insertNode, isTextNode, removeNode, replaceAll } from '../dom/tree.js';
import { domException } from '../dom/DOMException.js';
import { replaceData } from '../dom/CharacterData.js';
import { computedValueOf, displayOf, visibilityOf } from '../css/cssom/computed.js';
import { hidesItself, isRendered } from '../css/cssom/rendered.js';

// Elements whose insides are no text of the page.
const NO_TEXT = { __proto__: null, script: true, style: true, template: true, noscript: true, iframe: true, object: true, video: true, audio: true, canvas: true, img: true, input: true, textarea: true, noembed: true, noframes: true };

// Those of them that stand in a line as a box.
const REPLACED_BOXES = { __proto__: null, iframe: true, object: true, video: true, audio: true, canvas: true, img: true, input: true, textarea: true };
const INLINE_BOXES = { __proto__: null, 'inline-block': true, 'inline-flex': true, 'inline-grid': true, 'inline-table': true };

const BLOCKS = { __proto__: null, block: true, flex: true, grid: true, 'list-item': true, table: true, 'flow-root': true, 'table-caption': true };

// Collects text with collapsed white space and required line breaks.
class TextCollector {
  constructor() {
    this.out = '';               // looked into at the end only: that makes one string of all its parts
    this.atLineStart = false;    // it ends with a line break or a tab
    this.breaks = 0;             // required line breaks that wait for text
    this.space = false;          // a collapsed space waits for text on its line
    this.any = false;
    this.afterBox = false;       // the last thing on the line is a box
    this.atEdge = false;         // at the beginning of a box of its own lines
  }

  requireBreaks(count) {
    this.space = false;
    this.afterBox = false;
    if (count > this.breaks) this.breaks = count;
  }

  flushBreaks() {
    if (this.breaks > 0 && this.any) {
      for (let i = 0; i < this.breaks; i++) this.out += '\n';
      this.atLineStart = true;
    }
    this.breaks = 0;
  }

  raw(text) {
    if (text === '') return;
    this.flushBreaks();
    if (this.space) this.out += ' ';
    this.space = false;
    this.out += text;
    const last = text[text.length - 1];
    this.atLineStart = last === '\n' || last === '\t';
    this.any = true;
    this.afterBox = false;
    this.atEdge = false;
  }

  // A box in the line: it shows no text, but white space beside it stays.
  box() {
    if (this.space) {
      this.space = false;
      this.raw(' ');
    }
    this.afterBox = true;
  }

  // White space at the edge of a box that lays out its own lines goes.
  edge() {
    this.space = false;
    this.atEdge = true;
  }

  // A line break or tab: white space before it goes
  breakLine(text) {
    this.flushBreaks();
    this.space = false;
    this.out += text;
    this.atLineStart = true;
    this.any = true;
    this.afterBox = false;
  }

  collapsed(text, keepLines) {
    let start = 0;  // of what is not white space, up to here
    for (let i = 0; i < text.length; i++) {
      const c = StringPrototypeCharCodeAt(text, i);
      const white = c === 32 || c === 9 || c === 10 || c === 13 || c === 12;
      if (!white) continue;
      if (start < i) this.raw(StringPrototypeSlice(text, start, i));
      start = i + 1;
      if (keepLines && c === 10) this.breakLine('\n');
      else if ((this.any || this.afterBox) && !this.atEdge && this.breaks === 0 && (this.afterBox || !this.atLineStart)) this.space = true;
    }
    this.raw(StringPrototypeSlice(text, start));
  }
}

export function transformText(text, transform) {
  switch (transform) {
    case 'uppercase': return StringPrototypeToUpperCase(text);
    case 'lowercase': return StringPrototypeToLowerCase(text);
    case 'capitalize': {
      let out = '';
      let inside = false;
      for (let i = 0; i < text.length; i++) {
        const letter = RegExpPrototypeExec(/[\p{L}\p{N}]/u, text[i]) !== null;
        out += letter && !inside ? StringPrototypeToUpperCase(text[i]) : text[i];
        inside = letter || (inside && text[i] === "'");
      }
      return out;
    }
    default: return text;
  }
}

function isLastOf(el, display) {
  for (let node = el.next; node !== null; node = node.next) if (node.nodeType === 1 && displayOf(node) === display) return false;
  return true;
}

// Is this the last row of its table: no row after it, nor in a later row group?
function isLastRow(el) {
  if (!isLastOf(el, 'table-row')) return false;
  const { parent } = el;
  if (parent === null || parent.nodeType !== 1) return true;
  const display = displayOf(parent);
  if (display !== 'table-row-group' && display !== 'table-header-group' && display !== 'table-footer-group') return true;
  for (let node = parent.next; node !== null; node = node.next) {
    if (node.nodeType !== 1) continue;
    const its = displayOf(node);
    if (its === 'table-row-group' || its === 'table-header-group' || its === 'table-footer-group' || its === 'table-row') return false;
  }
  return true;
}

function collectText(node, collector, parent) {
  if (visibilityOf(parent) !== 'visible') return;
  const collapse = computedValueOf(parent, 'white-space-collapse');
  const text = transformText(node.data, computedValueOf(parent, 'text-transform'));
  if (collapse === 'preserve' || collapse === 'break-spaces') collector.raw(text);
  else collector.collapsed(text, collapse === 'preserve-breaks');
}

// An element whose children are being collected.
class OpenElement {
  constructor(el, display, required, optionsOnly) {
    this.el = el;
    this.display = display;
    this.required = required;        // line breaks before and after it
    this.optionsOnly = optionsOnly;
    this.child = el.first;
  }

  close(collector) {
    if (this.display === 'table-cell' && !isLastOf(this.el, 'table-cell')) collector.breakLine('\t');
    if (this.display === 'table-row' && !isLastRow(this.el)) collector.breakLine('\n');
    if (this.required > 0) collector.requireBreaks(this.required);
    if (INLINE_BOXES[this.display] === true) {
      collector.edge();
      collector.atEdge = false;
      collector.afterBox = true;
    }
  }
}

function optionsOnly(el) {
  return el.namespace === HTML_NS && (el.localName === 'select' || el.localName === 'datalist' || el.localName === 'optgroup');
}

// What only others refer to is not rendered where it stands.
const SVG_UNRENDERED = {
  __proto__: null, clipPath: true, defs: true, desc: true, filter: true, linearGradient: true, marker: true, mask: true, metadata: true, pattern: true, radialGradient: true, stop: true, symbol: true, title: true,
};
const TABLE_PARTS = { __proto__: null, table: true, 'inline-table': true, 'table-row': true, 'table-row-group': true, 'table-header-group': true, 'table-footer-group': true };

// Text that is not rendered: of closed details, and white space between the parts of tables.
function isUnrenderedText(text, { el, display }) {
  if (el.localName === 'details' && el.namespace === HTML_NS && !hasAttr(el, 'open')) return true;
  return TABLE_PARTS[display] === true && StringPrototypeTrim(text.data) === '';
}

// The element as one to go into, or null when nothing in it counts.
function openElement(el, collector, parent) {
  if (hidesItself(el, parent)) return null;
  const html = el.namespace === HTML_NS;
  if (el.namespace === SVG_NS && SVG_UNRENDERED[el.localName]) return null;
  if (html && NO_TEXT[el.localName]) {
    if (REPLACED_BOXES[el.localName]) {
      if (BLOCKS[displayOf(el)] === true) collector.requireBreaks(1);
      else collector.box();
    } else if (el.localName === 'noscript' || displayOf(el) === 'none') return null;
    else return new OpenElement(el, displayOf(el), 0, false);
    return null;
  }
  if (html && el.localName === 'br') {
    collector.breakLine('\n');
    return null;
  }
  if (visibilityOf(el) !== 'visible') return new OpenElement(el, '', 0, optionsOnly(el));
  const display = displayOf(el);
  const required = html && el.localName === 'p' ? 2 : BLOCKS[display] === true ? 1 : 0;
  if (required > 0) collector.requireBreaks(required);
  if (INLINE_BOXES[display] === true) {
    collector.box();
    collector.edge();
  }
  return new OpenElement(el, display, required, optionsOnly(el));
}

// https://html.spec.whatwg.org/multipage/dom.html#rendered-text-collection-steps, with a stack of our own: pages nest deeper than the engine's
function collectRendered(root, collector) {
  const stack = [new OpenElement(root, '', 0, optionsOnly(root))];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const { child } = top;
    if (child === null) {
      stack.length--;
      top.close(collector);
      continue;
    }
    top.child = child.next;
    if (isTextNode(child)) {
      if (!top.optionsOnly && !isUnrenderedText(child, top)) collectText(child, collector, top.el);
    } else if (child.nodeType === 1 && (!top.optionsOnly || child.localName === 'option' || child.localName === 'optgroup')) {
      const open = openElement(child, collector, top.el);
      if (open !== null) stack[stack.length] = open;
    }
  }
}

// https://html.spec.whatwg.org/multipage/dom.html#get-the-text-steps
export function innerTextOf(el) {
  if (!isRendered(el)) return descendantTextContent(el);
  if (el.namespace === HTML_NS && REPLACED_BOXES[el.localName]) return '';
  const collector = new TextCollector();
  collectRendered(el, collector);
  return collector.out;
}

// https://html.spec.whatwg.org/multipage/dom.html#rendered-text-fragment
function renderedTextFragment(text, doc) {
  const fragment = createFragment(doc);
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? StringPrototypeCharCodeAt(text, i) : -1;
    if (c !== 10 && c !== 13 && c !== -1) continue;
    if (i > start) appendNode(createText(doc, StringPrototypeSlice(text, start, i)), fragment);
    if (c === -1) break;
    if (c === 13 && i + 1 < text.length && StringPrototypeCharCodeAt(text, i + 1) === 10) i++;
    appendNode(createElement(doc, 'br'), fragment);
    start = i + 1;
  }
  return fragment;
}

export function setInnerText(el, text) {
  replaceAll(renderedTextFragment(text, el.doc), el);
}

// https://html.spec.whatwg.org/multipage/dom.html#merge-with-the-next-text-node
function mergeWithNext(node) {
  const { next } = node;
  if (next === null || next.nodeType !== 3) return;
  replaceData(node, node.data.length, 0, next.data);
  removeNode(next);
}

// https://html.spec.whatwg.org/multipage/dom.html#dom-outertext
export function setOuterText(el, text) {
  const { parent } = el;
  if (parent === null) throw domException('NoModificationAllowedError', 'The element has no parent node.');
  const { next, prev } = el;
  const fragment = renderedTextFragment(text, el.doc);
  if (fragment.first === null) appendNode(createText(el.doc, ''), fragment);
  const before = el.next;
  removeNode(el);
  insertNode(fragment, parent, before);
  if (next !== null && next.prev !== null && next.prev.nodeType === 3) mergeWithNext(next.prev);
  if (prev !== null && prev.nodeType === 3) mergeWithNext(prev);
}
