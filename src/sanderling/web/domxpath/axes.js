// https://www.w3.org/TR/1999/REC-xpath-19991116/#axes
// Axes as functions (node, test, out) that append what passes the test in the order of the axis, and node tests as predicates.

import { lowerAscii } from '../css/selectors/names.js';
import { HTML_NS, XMLNS_NS } from '../dom/namespaces.js';
import { nextInTree, nextSkippingChildren } from '../dom/tree.js';

// -- node tests --------------------------------------------------------------------------------------------------------

function isHTMLInHTML(el) {
  return el.namespace === HTML_NS && el.doc.isHTML;
}

// https://html.spec.whatwg.org/multipage/infrastructure.html#interactions-with-xpath-and-xslt: in HTML documents, the default element namespace is
// the HTML namespace, and names of HTML elements match whatever their case.
function elementNameTest(namespace, local) {
  const wanted = namespace === '' ? null : namespace;
  if (local === '*') return namespace === null ? (node) => node.nodeType === 1 : (node) => node.nodeType === 1 && node.namespace === wanted;
  const lower = lowerAscii(local);
  if (namespace === null) {
    return (node) => {
      if (node.nodeType !== 1) return false;
      if (node.doc.isHTML) return node.namespace === HTML_NS && (node.localName === local || node.localName === lower);
      return node.namespace === null && node.localName === local;
    };
  }
  return (node) => node.nodeType === 1 && node.namespace === wanted && (node.localName === local || (isHTMLInHTML(node) && node.localName === lower));
}

// Attributes come only from the attribute axis. 5.3: namespace declarations are none.
function attributeNameTest(namespace, local) {
  const wanted = namespace === '' ? null : namespace;
  if (local === '*') return (node) => node.namespace !== XMLNS_NS && (namespace === null || node.namespace === wanted);
  const lower = lowerAscii(local);
  if (namespace === null && lower !== local) {
    return (node) => node.namespace === null && node.localName === (node.element !== null && isHTMLInHTML(node.element) ? lower : local);
  }
  return (node) => node.namespace === wanted && node.localName === local && wanted !== XMLNS_NS;
}

// `namespace` is what the prefix stands for (the empty string: no namespace), or null without prefix.
export function xpNodeTest(axis, test, namespace) {
  if (test.kind === 'name') return axis === 'attribute' ? attributeNameTest(namespace, test.local) : elementNameTest(namespace, test.local);
  switch (test.name) {
    case 'text': return (node) => node.nodeType === 3 || node.nodeType === 4;
    case 'comment': return (node) => node.nodeType === 8;
    case 'processing-instruction': {
      const { target } = test;
      return target === null ? (node) => node.nodeType === 7 : (node) => node.nodeType === 7 && node.target === target;
    }
    // 5: document types are no part of the data model, and neither are namespace declarations among the attributes.
    default: return axis === 'attribute' ? (node) => node.namespace !== XMLNS_NS : (node) => node.nodeType !== 10;
  }
}

// -- axes --------------------------------------------------------------------------------------------------------------

function ownerOf(node) {
  return node.nodeType === 2 ? node.element : node.parent;
}

function childAxis(node, test, out) {
  if (node.nodeType === 2) return;
  for (let at = node.first; at !== null; at = at.next) if (test(at)) out[out.length] = at;
}

function descendantAxis(node, test, out) {
  if (node.nodeType === 2) return;
  for (let at = nextInTree(node, node); at !== null; at = nextInTree(at, node)) if (test(at)) out[out.length] = at;
}

function descendantOrSelfAxis(node, test, out) {
  if (test(node)) out[out.length] = node;
  descendantAxis(node, test, out);
}

function parentAxis(node, test, out) {
  const parent = ownerOf(node);
  if (parent !== null && test(parent)) out[out.length] = parent;
}

function ancestorAxis(node, test, out) {
  for (let at = ownerOf(node); at !== null; at = at.parent) if (test(at)) out[out.length] = at;
}

function ancestorOrSelfAxis(node, test, out) {
  if (test(node)) out[out.length] = node;
  ancestorAxis(node, test, out);
}

function followingSiblingAxis(node, test, out) {
  if (node.nodeType === 2) return;
  for (let at = node.next; at !== null; at = at.next) if (test(at)) out[out.length] = at;
}

function precedingSiblingAxis(node, test, out) {
  if (node.nodeType === 2) return;
  for (let at = node.prev; at !== null; at = at.prev) if (test(at)) out[out.length] = at;
}

function followingAxis(node, test, out) {
  // An attribute has no descendants: what comes after it begins with its element's children.
  let at;
  if (node.nodeType !== 2) at = nextSkippingChildren(node, null);
  else if (node.element === null) return;
  else at = nextInTree(node.element, null);
  for (; at !== null; at = nextInTree(at, null)) if (test(at)) out[out.length] = at;
}

function precedingAxis(node, test, out) {
  let at = node.nodeType === 2 ? node.element : node;
  // Up over the ancestors, which are not preceding, and back through the subtrees before each.
  for (; at !== null; at = at.parent) {
    for (let sibling = at.prev; sibling !== null; sibling = sibling.prev) {
      let last = sibling;
      while (last.nodeType !== 2 && last.last !== null) last = last.last;
      for (;;) {
        if (test(last)) out[out.length] = last;
        if (last === sibling) break;
        if (last.prev === null) last = last.parent;
        else {
          last = last.prev;
          while (last.last !== null) last = last.last;
        }
      }
    }
  }
}

function selfAxis(node, test, out) {
  if (test(node)) out[out.length] = node;
}

function attributeAxis(node, test, out) {
  if (node.nodeType !== 1) return;
  const { attrs } = node;
  for (let i = 0; i < attrs.length; i++) if (test(attrs[i])) out[out.length] = attrs[i];
}

// The DOM has no namespace nodes, so this axis holds none.
function namespaceAxis() {}

export const XPATH_AXES = {
  __proto__: null, ancestor: ancestorAxis, 'ancestor-or-self': ancestorOrSelfAxis, attribute: attributeAxis, child: childAxis, descendant: descendantAxis,
  'descendant-or-self': descendantOrSelfAxis, following: followingAxis, 'following-sibling': followingSiblingAxis, namespace: namespaceAxis, parent: parentAxis,
  preceding: precedingAxis, 'preceding-sibling': precedingSiblingAxis, self: selfAxis,
};

export const REVERSE_AXES = { __proto__: null, ancestor: true, 'ancestor-or-self': true, preceding: true, 'preceding-sibling': true };

// What a step does to the order of a node-set that is sorted, unless said otherwise. `flat` means that no node in it contains another.
//   flat stays flat; `deep`: flat becomes sorted, not flat; anything else must be sorted afterwards.
const FLAT_TO_FLAT = { __proto__: null, child: true, attribute: true, self: true, namespace: true };
const FLAT_TO_SORTED = { __proto__: null, descendant: true, 'descendant-or-self': true };
const SORTED_TO_SORTED = { __proto__: null, self: true, attribute: true, namespace: true };

// Orders of node-sets, as they are known before evaluation.
export const XP_SINGLE = 0;      // one node at most
export const XP_FLAT = 1;        // sorted, none contains another
export const XP_ORDERED = 2;     // sorted
export const XP_UNKNOWN = 3;

// The order after a step from a set of the given order; XP_UNKNOWN asks for sorting.
export function xpOrderAfter(order, axis) {
  if (order === XP_SINGLE) {
    if (axis === 'self' || axis === 'parent') return XP_SINGLE;
    if (FLAT_TO_FLAT[axis] === true || axis === 'following-sibling' || axis === 'preceding-sibling') return XP_FLAT;
    return XP_ORDERED;
  }
  if (order === XP_FLAT) {
    if (FLAT_TO_FLAT[axis] === true) return XP_FLAT;
    return FLAT_TO_SORTED[axis] === true ? XP_ORDERED : XP_UNKNOWN;
  }
  if (axis === 'attribute') return XP_FLAT;
  return SORTED_TO_SORTED[axis] === true ? XP_ORDERED : XP_UNKNOWN;
}
