// https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute

import { RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeToUpperCase } from '../primordials.js';
import { HTML_NS } from '../dom/namespaces.js';
import { createElement, createFragment, createText } from '../dom/create.js';
import { appendNode, descendantTextContent, insertNode, isTextNode, removeNode, replaceAll } from '../dom/tree.js';
import { domException } from '../dom/DOMException.js';
import { replaceData } from '../dom/CharacterData.js';
import { computedValueOf, displayOf, visibilityOf } from '../css/cssom/computed.js';
import { hidesItself, isRendered } from '../css/cssom/rendered.js';

// Elements whose insides are no text of the page.
const NO_TEXT = { __proto__: null, script: true, style: true, template: true, noscript: true, iframe: true, object: true, video: true, audio: true, canvas: true, img: true, input: true, textarea: true, noembed: true, noframes: true };

const BLOCKS = { __proto__: null, block: true, flex: true, grid: true, 'list-item': true, table: true, 'flow-root': true, 'table-caption': true };

// Collects text with collapsed white space and required line breaks.
class TextCollector {
  constructor() {
    this.out = '';
    this.breaks = 0;             // required line breaks that wait for text
    this.space = false;          // a collapsed space waits for text on its line
    this.any = false;
  }

  requireBreaks(count) {
    this.space = false;
    if (count > this.breaks) this.breaks = count;
  }

  flushBreaks() {
    if (this.breaks > 0 && this.any) {
      for (let i = 0; i < this.breaks; i++) this.out += '\n';
    }
    this.breaks = 0;
  }

  raw(text) {
    if (text === '') return;
    this.flushBreaks();
    if (this.space) this.out += ' ';
    this.space = false;
    this.out += text;
    this.any = true;
  }

  // A line break or tab: white space before it goes
  breakLine(text) {
    this.flushBreaks();
    this.space = false;
    this.out += text;
    this.any = true;
  }

  collapsed(text, keepLines) {
    let run = '';
    for (let i = 0; i < text.length; i++) {
      const c = StringPrototypeCharCodeAt(text, i);
      const white = c === 32 || c === 9 || c === 10 || c === 13 || c === 12;
      if (!white) {
        if (run === '' && this.space) {
          this.flushBreaks();
          this.out += ' ';
          this.space = false;
        }
        run += text[i];
        continue;
      }
      if (run !== '') {
        this.raw(run);
        run = '';
      }
      if (keepLines && c === 10) this.breakLine('\n');
      else if (this.any && this.breaks === 0 && !StringPrototypeEndsWith(this.out, '\n') && !StringPrototypeEndsWith(this.out, '\t')) this.space = true;
    }
    this.raw(run);
  }
}

function transformText(text, transform) {
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
  }
}

// The element as one to go into, or null when nothing in it counts.
function openElement(el, collector, parent) {
  if (hidesItself(el, parent)) return null;
  const html = el.namespace === HTML_NS;
  if (html && NO_TEXT[el.localName]) return null;
  if (html && el.localName === 'br') {
    collector.breakLine('\n');
    return null;
  }
  const display = displayOf(el);
  const required = html && el.localName === 'p' ? 2 : BLOCKS[display] === true ? 1 : 0;
  if (required > 0) collector.requireBreaks(required);
  return new OpenElement(el, display, required, html && (el.localName === 'select' || el.localName === 'datalist' || el.localName === 'optgroup'));
}

// https://html.spec.whatwg.org/multipage/dom.html#rendered-text-collection-steps, with a stack of our own: pages nest deeper than the engine's
function collectRendered(root, collector) {
  const stack = [new OpenElement(root, '', 0, false)];
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
      if (!top.optionsOnly) collectText(child, collector, top.el);
    } else if (child.nodeType === 1 && (!top.optionsOnly || child.localName === 'option' || child.localName === 'optgroup')) {
      const open = openElement(child, collector, top.el);
      if (open !== null) stack[stack.length] = open;
    }
  }
}

// https://html.spec.whatwg.org/multipage/dom.html#get-the-text-steps
export function innerTextOf(el) {
  if (!isRendered(el) || (el.namespace === HTML_NS && NO_TEXT[el.localName])) return descendantTextContent(el);
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
