// https://dom.spec.whatwg.org/#concept-node-equals

import { findByNamespace } from './attributes.js';

function equalsAlone(a, b) {
  if (a.nodeType !== b.nodeType) return false;
  switch (a.nodeType) {
    case 1:
      if (a.namespace !== b.namespace || a.prefix !== b.prefix || a.localName !== b.localName || a.attrs.length !== b.attrs.length) return false;
      for (let i = 0; i < a.attrs.length; i++) {
        const other = findByNamespace(b, a.attrs[i].namespace, a.attrs[i].localName);
        if (other === null || other.value !== a.attrs[i].value) return false;
      }
      return true;
    case 2: return a.namespace === b.namespace && a.localName === b.localName && a.value === b.value;
    case 10: return a.name === b.name && a.publicId === b.publicId && a.systemId === b.systemId;
    case 9: case 11: return true;
    default: return a.data === b.data && a.target === b.target;
  }
}

export function isEqualNode(a, b) {
  let x = a;
  let y = b;
  for (;;) {
    if (!equalsAlone(x, y)) return false;
    if (x.first !== null || y.first !== null) {
      if (x.first === null || y.first === null) return false;
      x = x.first;
      y = y.first;
      continue;
    }
    while (x !== a && x.next === null) {
      if (y.next !== null) return false;
      x = x.parent;
      y = y.parent;
    }
    if (x === a) return true;
    if (y.next === null) return false;
    x = x.next;
    y = y.next;
  }
}
