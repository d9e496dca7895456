// https://html.spec.whatwg.org/multipage/rendering.html#being-rendered
// The document as the dump layer reads it: what is not rendered is left out, and what controls hold stands in their attributes.

import { HTML_NS } from '../dom/namespaces.js';
import { displayOf } from '../css/cssom/computed.js';
import { elementName, escapeAttribute, escapeText, isVoidElement } from '../domparsing/serialize.js';
import { flattenedSlottables } from '../dom/slots.js';
import { contentDocumentOf } from './frames.js';

function isDropped(el) {
  if (el.namespace !== HTML_NS) return false;
  switch (el.localName) {
    case 'script': case 'style': case 'template': case 'noscript': return true;
    case 'head': case 'title': case 'meta': case 'base': case 'link': return false;
    case 'option': case 'optgroup': case 'datalist': return false;
    default: return displayOf(el) === 'none';     // closed details stay: their content is one click away
  }
}

// Attributes of a control as it is now; others as they stand.
function startTagOf(el, name) {
  let out = '<' + name;
  const { state } = el;
  const control = el.namespace === HTML_NS && state !== null;
  const input = control && el.localName === 'input';
  const option = control && el.localName === 'option';
  for (let i = 0; i < el.attrs.length; i++) {
    const attr = el.attrs[i];
    if (input && (attr.localName === 'checked' || (attr.localName === 'value' && isTyped(state.type)))) continue;
    if (option && attr.localName === 'selected') continue;
    out += ' ' + attr.name + '="' + escapeAttribute(attr.value) + '"';
  }
  if (input) {
    if (isTyped(state.type) && state.type !== 'password') out += ' value="' + escapeAttribute(state.value) + '"';
    if (state.checked && (state.type === 'checkbox' || state.type === 'radio')) out += ' checked=""';
  }
  if (option && state.selected) out += ' selected=""';
  return out + '>';
}

function isTyped(type) {
  return type !== 'checkbox' && type !== 'radio' && type !== 'submit' && type !== 'button' && type !== 'reset' && type !== 'image' && type !== 'hidden' && type !== 'file';
}

class MarkedLevel {
  constructor(el, name, nodes) {
    this.el = el;
    this.name = name;
    this.nodes = nodes;            // children to write
    this.at = 0;
  }
}

// Children in the flat tree.
function markedChildren(el) {
  if (el.nodeType === 1 && el.shadow !== null) return listOf(el.shadow);
  if (el.nodeType === 1 && el.localName === 'slot' && el.namespace === HTML_NS) {
    const assigned = flattenedSlottables(el);
    return assigned.length > 0 ? assigned : listOf(el);
  }
  return listOf(el);
}

function listOf(node) {
  const out = [];
  for (let child = node.first; child !== null; child = child.next) out[out.length] = child;
  return out;
}

export function markedMarkup(doc) {
  let out = '';
  const stack = [new MarkedLevel(null, '', listOf(doc))];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.at >= top.nodes.length) {
      stack.length--;
      if (top.name !== '') out += '</' + top.name + '>';
      continue;
    }
    const node = top.nodes[top.at++];
    if (node.nodeType === 3 || node.nodeType === 4) {
      const raw = top.el !== null && top.el.namespace === HTML_NS && (top.el.localName === 'xmp' || top.el.localName === 'plaintext');
      out += raw ? node.data : escapeText(node.data);
      continue;
    }
    if (node.nodeType === 10) {
      out += '<!DOCTYPE ' + node.name + '>';
      continue;
    }
    if (node.nodeType !== 1 || isDropped(node)) continue;
    const name = elementName(node);
    if (node.namespace === HTML_NS && isVoidElement(node.localName)) {
      out += startTagOf(node, name);
      continue;
    }
    if (node.namespace === HTML_NS && node.localName === 'textarea') {
      out += startTagOf(node, name) + '\n' + escapeText(node.state === null ? '' : node.state.value) + '</textarea>';
      continue;
    }
    if (node.namespace === HTML_NS && node.localName === 'iframe') {
      // What the frame shows stands in its place.
      const child = contentDocumentOf(node);
      const body = child === null ? null : child.bodyElement();
      if (body !== null && body.first !== null) {
        out += '<div>';
        stack[stack.length] = new MarkedLevel(body, 'div', listOf(body));
        continue;
      }
    }
    out += startTagOf(node, name);
    stack[stack.length] = new MarkedLevel(node, name, markedChildren(node));
  }
  return out;
}

