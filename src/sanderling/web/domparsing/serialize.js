// https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments

import { SafeSet, StringPrototypeSlice } from '../primordials.js';
import { HTML_NS, MATHML_NS, SVG_NS, XLINK_NS, XMLNS_NS, XML_NS } from '../dom/namespaces.js';
import { templateContents } from '../html/elements/HTMLTemplateElement.js';

const VOID = new SafeSet([
  'area', 'base', 'basefont', 'bgsound', 'br', 'col', 'embed', 'frame', 'hr', 'img', 'input', 'keygen', 'link', 'meta', 'param', 'source', 'track', 'wbr',
]);
const RAW = new SafeSet(['style', 'script', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext']);

export function isVoidElement(name) {
  return VOID.has(name);
}

// https://html.spec.whatwg.org/multipage/parsing.html#escapingString
export function escapeText(text) {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const escape = c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : c === '\u00a0' ? '&nbsp;' : null;
    if (escape === null) continue;
    out += StringPrototypeSlice(text, from, i) + escape;
    from = i + 1;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

export function escapeAttribute(text) {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const escape = c === '&' ? '&amp;' : c === '"' ? '&quot;' : c === '\u00a0' ? '&nbsp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : null;
    if (escape === null) continue;
    out += StringPrototypeSlice(text, from, i) + escape;
    from = i + 1;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

function serializedAttributeName(attr) {
  if (attr.namespace === null) return attr.localName;
  if (attr.namespace === XML_NS) return 'xml:' + attr.localName;
  if (attr.namespace === XMLNS_NS) return attr.localName === 'xmlns' ? 'xmlns' : 'xmlns:' + attr.localName;
  if (attr.namespace === XLINK_NS) return 'xlink:' + attr.localName;
  return attr.name;
}

export function elementName(el) {
  return el.namespace === HTML_NS || el.namespace === SVG_NS || el.namespace === MATHML_NS || el.prefix === null ? el.localName : el.prefix + ':' + el.localName;
}

function startTag(el, name) {
  let out = '<' + name;
  if (el.custom !== null && el.custom.isValue !== null && !hasIs(el)) out += ' is="' + escapeAttribute(el.custom.isValue) + '"';
  for (let i = 0; i < el.attrs.length; i++) out += ' ' + serializedAttributeName(el.attrs[i]) + '="' + escapeAttribute(el.attrs[i].value) + '"';
  return out + '>';
}

function hasIs(el) {
  for (let i = 0; i < el.attrs.length; i++) if (el.attrs[i].localName === 'is' && el.attrs[i].namespace === null) return true;
  return false;
}

function childrenOwner(node) {
  return node.nodeType === 1 && node.localName === 'template' && node.namespace === HTML_NS ? templateContents(node) : node;
}

// What getHTML() adds: { serializableShadowRoots, shadowRoots: array of impls }, or null.
function shadowMarkup(el, options) {
  const { shadow } = el;
  if (shadow === null || options === null) return '';
  let wanted = options.serializableShadowRoots && shadow.serializable;
  for (let i = 0; i < options.shadowRoots.length && !wanted; i++) wanted = options.shadowRoots[i] === shadow;
  if (!wanted) return '';
  return '<template shadowrootmode="' + shadow.mode + '"' + (shadow.delegatesFocus ? ' shadowrootdelegatesfocus=""' : '')
    + (shadow.serializable ? ' shadowrootserializable=""' : '') + (shadow.clonable ? ' shadowrootclonable=""' : '') + '>'
    + serializeChildren(shadow, options) + '</template>';
}

// The inner markup of a node. Iterative: depth is the page's choice.
export function serializeChildren(node, options = null) {
  if (node.nodeType === 1 && node.namespace === HTML_NS && VOID.has(node.localName)) return '';
  let out = node.nodeType === 1 ? shadowMarkup(node, options) : '';
  const root = childrenOwner(node);
  const owners = [];               // elements that we are in, below `root`
  let at = root.first;
  while (at !== null || owners.length > 0) {
    if (at === null) {
      const el = owners[owners.length - 1];
      owners.length--;
      out += '</' + elementName(el) + '>';
      at = el.next;
      continue;
    }
    if (at.nodeType === 1) {
      const name = elementName(at);
      out += startTag(at, name);
      if (at.namespace === HTML_NS && VOID.has(at.localName)) {
        at = at.next;
        continue;
      }
      out += shadowMarkup(at, options);
      owners[owners.length] = at;
      at = childrenOwner(at).first;
      continue;
    }
    out += serializeLeaf(at);
    at = at.next;
  }
  return out;
}

function serializeLeaf(node) {
  switch (node.nodeType) {
    case 3: case 4: {
      const { parent } = node;
      if (parent !== null && parent.nodeType === 1 && parent.namespace === HTML_NS
          && (RAW.has(parent.localName) || (parent.localName === 'noscript' && node.doc.window !== null && node.doc.window.scriptingEnabled))) return node.data;
      return escapeText(node.data);
    }
    case 8: return '<!--' + node.data + '-->';
    case 7: return '<?' + node.target + ' ' + node.data + '>';
    case 10: return '<!DOCTYPE ' + node.name + '>';
    default: return '';
  }
}

// The node itself with what is in it.
export function serializeNode(node, options = null) {
  if (node.nodeType === 9 || node.nodeType === 11) return serializeChildren(node, options);
  if (node.nodeType !== 1) return serializeLeaf(node);
  const name = elementName(node);
  if (node.namespace === HTML_NS && VOID.has(node.localName)) return startTag(node, name);
  return startTag(node, name) + serializeChildren(node, options) + '</' + name + '>';
}
