// https://w3c.github.io/DOM-Parsing/#the-xmlserializer-interface

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { SafeMap, StringPrototypeReplaceAll } from '../primordials.js';
import { HTML_NS, XMLNS_NS, XML_NS } from '../dom/namespaces.js';
import { isVoidElement } from './serialize.js';
import { templateContents } from '../html/elements/HTMLTemplateElement.js';

function escapeXML(text) {
  return StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;');
}

export function escapeXMLAttribute(text) {
  let out = StringPrototypeReplaceAll(escapeXML(text), '"', '&quot;');
  out = StringPrototypeReplaceAll(StringPrototypeReplaceAll(StringPrototypeReplaceAll(out, '\t', '&#9;'), '\n', '&#10;'), '\r', '&#13;');
  return out;
}

function copyScope(scope) {
  const out = new SafeMap();
  scope.forEach((uri, prefix) => {
    out.set(prefix, uri);
  });
  return out;
}

// Namespace declarations in scope: prefix to URI ('' is the default namespace).
function scopeOf(parent, el) {
  let scope = parent;
  for (let i = 0; i < el.attrs.length; i++) {
    const attr = el.attrs[i];
    if (attr.namespace !== XMLNS_NS) continue;
    if (scope === parent) scope = copyScope(parent);
    scope.set(attr.prefix === null ? '' : attr.localName, attr.value);
  }
  return scope;
}

function prefixOf(scope, uri, wanted) {
  if (wanted !== null && scope.get(wanted) === uri) return wanted;
  let found = null;
  scope.forEach((value, prefix) => {
    if (value === uri && prefix !== '' && found === null) found = prefix;
  });
  return found;
}

// https://w3c.github.io/DOM-Parsing/#xml-serializing-an-element-node
function openTag(el, inherited, state) {
  let scope = scopeOf(inherited, el);
  const uri = el.namespace ?? '';
  let extra = '';
  let name = el.localName;
  const declaresDefault = scope.get('') ?? '';
  if (el.prefix === null || (el.prefix !== null && uri === declaresDefault && scope.get(el.prefix) !== uri)) {
    if (uri !== declaresDefault) {
      if (scope === inherited) scope = copyScope(inherited);
      let own = false;
      for (let i = 0; i < el.attrs.length; i++) if (el.attrs[i].namespace === XMLNS_NS && el.attrs[i].prefix === null) own = true;
      scope.set('', uri);
      state.skipDefault = own;
      extra += ' xmlns="' + escapeXMLAttribute(uri) + '"';
    } else state.skipDefault = false;
  } else {
    state.skipDefault = false;
    const prefix = uri === XML_NS ? 'xml' : prefixOf(scope, uri, el.prefix);
    if (prefix !== null) name = prefix + ':' + el.localName;
    else {
      if (scope === inherited) scope = copyScope(inherited);
      scope.set(el.prefix, uri);
      name = el.prefix + ':' + el.localName;
      extra += ' xmlns:' + el.prefix + '="' + escapeXMLAttribute(uri) + '"';
    }
  }
  let out = '<' + name + extra;
  for (let i = 0; i < el.attrs.length; i++) {
    const attr = el.attrs[i];
    if (attr.namespace === XMLNS_NS && attr.prefix === null && state.skipDefault) continue;
    let attrName = attr.localName;
    if (attr.namespace === XMLNS_NS) attrName = attr.prefix === null ? 'xmlns' : 'xmlns:' + attr.localName;
    else if (attr.namespace === XML_NS) attrName = 'xml:' + attr.localName;
    else if (attr.namespace !== null) {
      let prefix = prefixOf(scope, attr.namespace, attr.prefix);
      if (prefix === null) {
        if (scope === inherited) scope = copyScope(inherited);
        prefix = attr.prefix !== null && !scope.has(attr.prefix) ? attr.prefix : 'ns' + state.next++;
        scope.set(prefix, attr.namespace);
        out += ' xmlns:' + prefix + '="' + escapeXMLAttribute(attr.namespace) + '"';
      }
      attrName = prefix + ':' + attr.localName;
    }
    out += ' ' + attrName + '="' + escapeXMLAttribute(attr.value) + '"';
  }
  state.scope = scope;
  state.name = name;
  return out;
}

function xmlLeaf(node) {
  switch (node.nodeType) {
    case 3: return escapeXML(node.data);
    case 4: return '<![CDATA[' + node.data + ']]>';
    case 7: return '<?' + node.target + ' ' + node.data + '?>';
    case 8: return '<!--' + node.data + '-->';
    case 10: {
      let out = '<!DOCTYPE ' + node.name;
      if (node.publicId !== '') out += ' PUBLIC "' + node.publicId + '"';
      else if (node.systemId !== '') out += ' SYSTEM';
      if (node.systemId !== '') out += ' "' + node.systemId + '"';
      return out + '>';
    }
    default: return '';
  }
}

// Without recursion: a tree may be deeper than the stack.
function serializeInto(top, outer, state) {
  const open = [];         // nodes whose children are being written, with the scopes they stand in and the names of their tags
  let scope = outer;
  let node = top;
  let out = '';
  for (;;) {
    const { nodeType } = node;
    let first = null;
    let name = '';
    let inner = scope;
    if (nodeType === 1) {
      out += openTag(node, scope, state);
      ({ name, scope: inner } = state);
      ({ first } = node.localName === 'template' && node.namespace === HTML_NS ? templateContents(node) : node);
      if (first !== null) out += '>';
      else if (node.namespace === HTML_NS && !isVoidElement(node.localName)) out += '></' + name + '>';
      else out += node.namespace === HTML_NS ? ' />' : '/>';
    } else if (nodeType === 9 || nodeType === 11) ({ first } = node);
    else out += xmlLeaf(node);
    if (first !== null) {
      open[open.length] = { __proto__: null, node, scope, name };
      scope = inner;
      node = first;
      continue;
    }
    while (open.length > 0 && node.next === null) {
      const parent = open[open.length - 1];
      open.length--;
      if (parent.name !== '') out += '</' + parent.name + '>';
      ({ node, scope } = parent);
    }
    if (open.length === 0) return out;
    node = node.next;
  }
}

function newState() {
  return { __proto__: null, next: 1, scope: null, name: '', skipDefault: false };
}

export function serializeXML(node) {
  return serializeInto(node, new SafeMap(), newState());
}

export function serializeXMLChildren(node) {
  let out = '';
  const scope = new SafeMap();
  if (node.nodeType === 1) scope.set('', node.namespace ?? '');
  for (let child = node.first; child !== null; child = child.next) out += serializeInto(child, scope, newState());
  return out;
}

class XMLSerializerImpl extends Impl {}

defineInterface(`
[Exposed=Window]
interface XMLSerializer {
  constructor();
  DOMString serializeToString(Node root);
};
`, {
  constructor: () => new XMLSerializerImpl(),
  serializeToString: (self, root) => serializeXML(root),
}, XMLSerializerImpl);
