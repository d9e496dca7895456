// https://html.spec.whatwg.org/multipage/parsing.html#parsing-html-fragments
// OPTIMIZATION: a reader for markup that is so plain that the whole algorithm could do nothing else with it: elements without special parsing
// rules, every one closed in order, quoted attributes, the five common character references. It gives up (and nothing has happened)
// at the first thing that it does not know; then the host parses.

import { SafeMap, SafeSet, StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith } from '../primordials.js';
import { hooks } from '../webidl/runtime.js';
import { AttrImpl, ElementImpl } from '../dom/node.js';
import { attrInterface } from '../dom/Attr.js';
import { createText } from '../dom/create.js';
import { setInitialAttrs, withAttr } from '../dom/attributes.js';
import { definitionOf, interfaceFor } from '../dom/definitions.js';
import { linkParsed } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';

// What each plain element is; opening a block or a heading closes an open `p`, so it is plain only outside of one.
const BLOCK = 1;
const HEADING = 2;
const ITEM = 3;                    // li, in a list
const FORMAT = 4;                  // formatting elements are reconstructed after misnesting; nested in order they are plain, but not in themselves
const PHRASE = 5;
const VOID_PHRASE = 6;
const RULE = 7;                    // hr

class PlainElement {
  constructor(name, kind) {
    this.name = name;
    this.kind = kind;
    this.def = undefined;          // of the element, once asked
    this.iface = null;
  }
}

const plainElements = new SafeMap();
function declarePlain(kind, names) {
  for (let i = 0; i < names.length; i++) plainElements.set(names[i], new PlainElement(names[i], kind));
}
declarePlain(BLOCK, ['address', 'article', 'aside', 'blockquote', 'div', 'dl', 'fieldset', 'figcaption', 'figure', 'footer', 'header', 'main', 'nav', 'ol', 'section', 'ul', 'p']);
declarePlain(HEADING, ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
declarePlain(ITEM, ['li']);
declarePlain(FORMAT, ['a', 'b', 'code', 'em', 'i', 'small', 'strong', 'u', 's']);
declarePlain(PHRASE, ['span', 'label', 'abbr', 'cite', 'sub', 'sup', 'time', 'var', 'kbd', 'samp', 'mark', 'bdi', 'data', 'q', 'del', 'ins', 'dfn', 'output']);
declarePlain(VOID_PHRASE, ['br', 'img', 'wbr']);
declarePlain(RULE, ['hr']);
// Contexts in which the insertion mode is "in body".
const PLAIN_CONTEXTS = new SafeSet([
  'div', 'span', 'p', 'section', 'article', 'main', 'body', 'ul', 'ol', 'li', 'a', 'b', 'i', 'em', 'strong', 'nav', 'header', 'footer', 'aside', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
  'label', 'figure', 'figcaption', 'dl', 'dd', 'dt', 'blockquote', 'fieldset', 'details', 'summary', 'address', 'small', 'u', 's', 'td', 'th', 'caption',
]);
const PLAIN_REFERENCES = new SafeMap();
PLAIN_REFERENCES.set('amp', '&');
PLAIN_REFERENCES.set('lt', '<');
PLAIN_REFERENCES.set('gt', '>');
PLAIN_REFERENCES.set('quot', '"');
PLAIN_REFERENCES.set('nbsp', '\u00a0');
PLAIN_REFERENCES.set('#39', "'");

const LONGEST_PLAIN = 100000;            // characters; beyond it the host's parser is faster

function isPlainNameCode(code) {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45;
}

// Text with its references resolved, or null for one that is not known.
function resolveReferences(text) {
  let at = StringPrototypeIndexOf(text, '&');
  if (at < 0) return text;
  let out = '';
  let from = 0;
  while (at >= 0) {
    const end = StringPrototypeIndexOf(text, ';', at + 1);
    if (end < 0 || end - at > 6) return null;
    const value = PLAIN_REFERENCES.get(StringPrototypeSlice(text, at + 1, end));
    if (value === undefined) return null;
    out += StringPrototypeSlice(text, from, at) + value;
    from = end + 1;
    at = StringPrototypeIndexOf(text, '&', from);
  }
  return out + StringPrototypeSlice(text, from);
}

function isOpenTag(stack, depth, name) {
  for (let i = 0; i < depth; i++) if (stack[i].name === name) return true;
  return false;
}

// May `element` open here without closing or reconstructing anything?
function mayOpen(element, stack, depth) {
  switch (element.kind) {
    case BLOCK: case RULE: return !isOpenTag(stack, depth, 'p');
    case HEADING: return !isOpenTag(stack, depth, 'p') && (depth === 0 || stack[depth - 1].kind !== HEADING);
    case ITEM: return depth > 0 && (stack[depth - 1].name === 'ul' || stack[depth - 1].name === 'ol');
    case FORMAT: return !isOpenTag(stack, depth, element.name);
    default: return true;
  }
}

function makePlain(element, doc, attrs) {
  if (element.def === undefined) {
    element.def = definitionOf(element.name, HTML_NS);
    element.iface = interfaceFor(element.def, element.name, HTML_NS);
  }
  const { def } = element;
  const el = new ElementImpl(element.iface, doc, element.name, HTML_NS, null, def);
  if (def !== null && def.created !== null) def.created(el);
  if (attrs !== null) setInitialAttrs(el, attrs);
  return el;
}

// Build what has been read below `fragment`, which nobody has seen: giving up leaves it to be thrown away.
export function readPlainMarkup(context, markup, fragment) {
  const { length } = markup;
  if (length > LONGEST_PLAIN || hooks.ceActive || !PLAIN_CONTEXTS.has(context.localName)) return false;
  if (StringPrototypeIndexOf(markup, '\0') >= 0 || StringPrototypeIndexOf(markup, '\r') >= 0) return false;
  if (readInto(markup, length, fragment)) return true;
  fragment.first = null;
  fragment.last = null;
  return false;
}

function readInto(markup, length, fragment) {
  const { doc } = fragment;
  const stack = [];                // PlainElements that are open
  let depth = 0;
  let parent = fragment;
  let at = 0;
  while (at < length) {
    const open = StringPrototypeIndexOf(markup, '<', at);
    if (open !== at) {
      const text = resolveReferences(StringPrototypeSlice(markup, at, open < 0 ? length : open));
      if (text === null) return false;
      linkParsed(createText(doc, text), parent);
      if (open < 0) break;
      at = open;
    }
    at++;
    let code = at < length ? StringPrototypeCharCodeAt(markup, at) : 0;
    if (code === 47) {
      // an end tag: of what is open, and nothing else
      if (depth === 0) return false;
      const { name } = stack[depth - 1];
      if (!StringPrototypeStartsWith(markup, name, at + 1) || StringPrototypeCharCodeAt(markup, at + 1 + name.length) !== 62) return false;
      depth--;
      parent = parent.parent;
      at += name.length + 2;
      continue;
    }
    const start = at;
    while (at < length && isPlainNameCode(code)) code = StringPrototypeCharCodeAt(markup, ++at);
    const element = plainElements.get(StringPrototypeSlice(markup, start, at));
    if (element === undefined || !mayOpen(element, stack, depth)) return false;
    let attrs = null;
    for (;;) {
      while (at < length && (code === 32 || code === 10 || code === 9)) code = StringPrototypeCharCodeAt(markup, ++at);
      if (at >= length) return false;
      if (code === 62) break;
      const nameStart = at;
      while (at < length && isPlainNameCode(code)) code = StringPrototypeCharCodeAt(markup, ++at);
      if (at === nameStart || at >= length) return false;
      const key = StringPrototypeSlice(markup, nameStart, at);
      if (attrs === null) attrs = [];
      else for (let i = 0; i < attrs.length; i++) if (attrs[i].localName === key) return false;
      let value = '';
      if (code === 61) {
        const quote = StringPrototypeCharCodeAt(markup, at + 1);
        if (quote !== 34 && quote !== 39) return false;
        const close = StringPrototypeIndexOf(markup, quote === 34 ? '"' : "'", at + 2);
        if (close < 0) return false;
        value = resolveReferences(StringPrototypeSlice(markup, at + 2, close));
        if (value === null) return false;
        at = close + 1;
        code = at < length ? StringPrototypeCharCodeAt(markup, at) : 0;
      }
      if (code !== 62 && code !== 32 && code !== 10 && code !== 9) return false;
      attrs = withAttr(attrs, new AttrImpl(attrInterface, doc, key, null, null, value));
    }
    at++;
    const el = makePlain(element, doc, attrs);
    linkParsed(el, parent);
    if (element.kind !== VOID_PHRASE && element.kind !== RULE) {
      stack[depth++] = element;
      parent = el;
    }
  }
  return depth === 0;
}
