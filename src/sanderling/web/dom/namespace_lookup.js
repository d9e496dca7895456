// https://dom.spec.whatwg.org/#locate-a-namespace

import { XMLNS_NS, XML_NS } from './namespaces.js';

export function locateNamespace(node, prefix) {
  switch (node.nodeType) {
    case 1:
      if (prefix === 'xml') return XML_NS;
      if (prefix === 'xmlns') return XMLNS_NS;
      for (let el = node; el !== null && el.nodeType === 1; el = el.parent) {
        if (el.namespace !== null && el.prefix === prefix) return el.namespace;
        for (let i = 0; i < el.attrs.length; i++) {
          const attr = el.attrs[i];
          if (attr.namespace !== XMLNS_NS) continue;
          if ((prefix !== null && attr.prefix === 'xmlns' && attr.localName === prefix)
              || (prefix === null && attr.prefix === null && attr.localName === 'xmlns')) return attr.value === '' ? null : attr.value;
        }
      }
      return null;
    case 9: return node.documentElement() === null ? null : locateNamespace(node.documentElement(), prefix);
    case 10: case 11: return null;
    case 2: return node.element === null ? null : locateNamespace(node.element, prefix);
    default: return node.parent === null || node.parent.nodeType !== 1 ? null : locateNamespace(node.parent, prefix);
  }
}

// https://dom.spec.whatwg.org/#locate-a-namespace-prefix
function prefixFor(element, namespace) {
  for (let el = element; el !== null && el.nodeType === 1; el = el.parent) {
    if (el.namespace === namespace && el.prefix !== null) return el.prefix;
    for (let i = 0; i < el.attrs.length; i++) if (el.attrs[i].prefix === 'xmlns' && el.attrs[i].value === namespace) return el.attrs[i].localName;
  }
  return null;
}

export function locatePrefix(node, namespace) {
  if (namespace === null || namespace === '') return null;
  switch (node.nodeType) {
    case 1: return prefixFor(node, namespace);
    case 9: return node.documentElement() === null ? null : prefixFor(node.documentElement(), namespace);
    case 10: case 11: return null;
    case 2: return node.element === null ? null : prefixFor(node.element, namespace);
    default: return node.parent === null || node.parent.nodeType !== 1 ? null : prefixFor(node.parent, namespace);
  }
}
