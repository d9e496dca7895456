// https://html.spec.whatwg.org/multipage/parsing.html#parsing-html-fragments
// OPTIMIZATION: a reader for markup that is so plain that the whole algorithm could do nothing else with it: elements without special parsing
// rules, every one closed in order, quoted attributes, the five common character references. It gives up (and nothing has happened)
// at the first thing that it does not know; then the host parses.

import { SafeMap, SafeSet, StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice } from '../primordials.js';
import { hooks } from '../webidl/runtime.js';
import { AttrImpl, ElementImpl } from '../dom/node.js';
import { attrInterface } from '../dom/Attr.js';
import { createText } from '../dom/create.js';
import { setInitialAttrs } from '../dom/attributes.js';
import { definitionOf, interfaceFor } from '../dom/definitions.js';
import { appendParsed } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';

// Elements that "any other start tag" or the simplest block rules serve: opening one closes nothing but an open `p`.
const PLAIN_BLOCKS = new SafeSet([
  'address', 'article', 'aside', 'blockquote', 'div', 'dl', 'fieldset', 'figcaption', 'figure', 'footer', 'header', 'main', 'nav', 'ol', 'section', 'ul', 'p',
]);
const PLAIN_HEADINGS = new SafeSet(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
// Formatting elements are reconstructed after misnesting; nested in order and closed in order they are plain, but not in themselves.
const PLAIN_FORMATTING = new SafeSet(['a', 'b', 'code', 'em', 'i', 'small', 'strong', 'u', 's']);
const PLAIN_INLINE = new SafeSet(['span', 'label', 'abbr', 'cite', 'sub', 'sup', 'time', 'var', 'kbd', 'samp', 'mark', 'bdi', 'data', 'q', 'del', 'ins', 'dfn', 'output']);
const PLAIN_VOID = new SafeSet(['br', 'img', 'input', 'wbr', 'hr']);
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

function hasOpenTag(stack, name) {
  for (let i = 0; i < stack.length; i++) if (stack[i] === name) return true;
  return false;
}

// May `name` open here without closing or reconstructing anything?
function mayOpen(name, stack) {
  const top = stack.length === 0 ? '' : stack[stack.length - 1];
  if (PLAIN_BLOCKS.has(name)) {
    // A block closes an open p; inside a formatting element it is legal, and plain as long as that is closed after it.
    return !hasOpenTag(stack, 'p');
  }
  if (PLAIN_HEADINGS.has(name)) return !hasOpenTag(stack, 'p') && !PLAIN_HEADINGS.has(top);
  if (name === 'li') return top === 'ul' || top === 'ol';
  if (PLAIN_FORMATTING.has(name)) return !hasOpenTag(stack, name);
  return PLAIN_INLINE.has(name);
}

export function readPlainMarkup(context, markup, fragment) {
  const { length } = markup;
  if (length > LONGEST_PLAIN || hooks.ceActive || !PLAIN_CONTEXTS.has(context.localName)) return false;
  if (StringPrototypeIndexOf(markup, '<') < 0) {
    if (StringPrototypeIndexOf(markup, '\0') >= 0 || StringPrototypeIndexOf(markup, '\r') >= 0) return false;
    const text = resolveReferences(markup);
    if (text === null) return false;
    if (text !== '') appendParsed(createText(fragment.doc, text), fragment);
    return true;
  }
  if (StringPrototypeIndexOf(markup, '\0') >= 0 || StringPrototypeIndexOf(markup, '\r') >= 0) return false;
  const { doc } = fragment;
  // Nothing is attached to `fragment` until all is read: a flat list of what to build.
  const plan = [];                 // text: string; open: { name, attrs }; close: null
  const stack = [];
  let at = 0;
  while (at < length) {
    const open = StringPrototypeIndexOf(markup, '<', at);
    if (open !== at) {
      const text = resolveReferences(StringPrototypeSlice(markup, at, open < 0 ? length : open));
      if (text === null) return false;
      plan[plan.length] = text;
      if (open < 0) break;
      at = open;
    }
    at++;
    let code = at < length ? StringPrototypeCharCodeAt(markup, at) : 0;
    if (code === 47) {
      // an end tag: of what is open, and nothing else
      const end = StringPrototypeIndexOf(markup, '>', at);
      if (end < 0 || stack.length === 0 || StringPrototypeSlice(markup, at + 1, end) !== stack[stack.length - 1]) return false;
      stack.length--;
      plan[plan.length] = null;
      at = end + 1;
      continue;
    }
    const start = at;
    while (at < length && isPlainNameCode(code)) code = StringPrototypeCharCodeAt(markup, ++at);
    const name = StringPrototypeSlice(markup, start, at);
    const isVoid = PLAIN_VOID.has(name);
    if (isVoid ? (name === 'hr' && hasOpenTag(stack, 'p')) || name === 'input' : !mayOpen(name, stack)) return false;
    const attrs = [];
    for (;;) {
      while (at < length && (code === 32 || code === 10 || code === 9)) code = StringPrototypeCharCodeAt(markup, ++at);
      if (at >= length) return false;
      if (code === 62) break;
      const nameStart = at;
      while (at < length && isPlainNameCode(code)) code = StringPrototypeCharCodeAt(markup, ++at);
      if (at === nameStart || at >= length) return false;
      const key = StringPrototypeSlice(markup, nameStart, at);
      for (let i = 0; i < attrs.length; i += 2) if (attrs[i] === key) return false;
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
        if (code !== 62 && code !== 32 && code !== 10 && code !== 9) return false;
      } else if (code !== 62 && code !== 32 && code !== 10 && code !== 9) return false;
      attrs[attrs.length] = key;
      attrs[attrs.length] = value;
    }
    at++;
    plan[plan.length] = { __proto__: null, name, attrs, isVoid };
    if (!isVoid) stack[stack.length] = name;
  }
  if (stack.length > 0) return false;
  let parent = fragment;
  for (let i = 0; i < plan.length; i++) {
    const item = plan[i];
    if (item === null) parent = parent.parent;
    else if (typeof item === 'string') appendParsed(createText(doc, item), parent);
    else {
      const def = definitionOf(item.name, HTML_NS);
      const el = new ElementImpl(interfaceFor(def, item.name, HTML_NS), doc, item.name, HTML_NS, null, def);
      if (def !== null && def.created !== null) def.created(el);
      const given = item.attrs;
      if (given.length > 0) {
        const list = [];
        for (let j = 0; j < given.length; j += 2) list[list.length] = new AttrImpl(attrInterface, doc, given[j], null, null, given[j + 1]);
        setInitialAttrs(el, list);
      }
      appendParsed(el, parent);
      if (!item.isVoid) parent = el;
    }
  }
  return true;
}
