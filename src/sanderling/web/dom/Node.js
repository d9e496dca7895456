// https://dom.spec.whatwg.org/#interface-node

import { defineInterface } from '../webidl/interface.js';
import { NodeImpl } from './node.js';
import { SafeWeakMap } from '../primordials.js';
import { domException } from './DOMException.js';
import { childNodesOf, qualifiedNameOf } from './collections.js';
import {
  appendNode, descendantTextContent, isConnected, isInclusiveAncestor, nextInTree, preInsert, preRemove, removeNode, replaceNode, rootOf,
  shadowIncludingRoot, stringReplaceAll,
} from './tree.js';
import { replaceData, setData } from './CharacterData.js';
import { setAttrValue } from './Attr.js';
import { rangesAfterMerging, compareTreeOrder } from './live_ranges.js';
import { cloneNode } from './clone.js';
import { isEqualNode } from './equality.js';
import { locateNamespace, locatePrefix } from './namespace_lookup.js';
import { tagNameOf } from './Element.js';
import { documentBaseURL } from '../html/document_state.js';
import { serializeURL } from '../url/parser.js';

const NAMES = { __proto__: null, 3: '#text', 4: '#cdata-section', 8: '#comment', 9: '#document', 11: '#document-fragment' };

export function nodeName(self) {
  switch (self.nodeType) {
    case 1: return tagNameOf(self);
    case 2: case 10: return self.name;
    case 7: return self.target;
    default: return NAMES[self.nodeType];
  }
}

// https://dom.spec.whatwg.org/#dom-node-textcontent
function textContent(self) {
  switch (self.nodeType) {
    case 1: case 11: return descendantTextContent(self);
    case 2: return self.value;
    case 9: case 10: return null;
    default: return self.data;
  }
}

function setTextContent(self, value) {
  const text = value ?? '';
  switch (self.nodeType) {
    case 1: case 11: stringReplaceAll(text, self); break;
    case 2: setAttrValue(self, text); break;
    case 9: case 10: break;
    default: setData(self, text);
  }
}

// https://dom.spec.whatwg.org/#dom-node-normalize
export function normalizeNode(self) {
  for (let node = self.first; node !== null;) {
    let following = nextInTree(node, self);
    if (node.nodeType === 3) {
      if (node.data.length === 0) {
        removeNode(node);
      } else {
        let data = '';
        for (let next = node.next; next !== null && next.nodeType === 3; next = next.next) data += next.data;
        if (data !== '' || (node.next !== null && node.next.nodeType === 3)) {
          let { length } = node.data;
          if (data !== '') replaceData(node, length, 0, data);
          while (node.next !== null && node.next.nodeType === 3) {
            if (node.doc.ranges.length > 0) rangesAfterMerging(node, node.next, length);
            length += node.next.data.length;
            removeNode(node.next);
          }
          following = nextInTree(node, self);
        }
      }
    }
    node = following;
  }
}

// https://dom.spec.whatwg.org/#dom-node-comparedocumentposition
function compareDocumentPosition(self, other) {
  if (self === other) return 0;
  let node1 = other;
  let node2 = self;
  let attr1 = null;
  let attr2 = null;
  if (node1.nodeType === 2) {
    attr1 = node1;
    node1 = attr1.element;
  }
  if (node2.nodeType === 2) {
    attr2 = node2;
    node2 = attr2.element;
    if (attr1 !== null && node1 !== null && node2 === node1) {
      const { attrs } = node2;
      for (let i = 0; i < attrs.length; i++) {
        if (attrs[i] === attr1) return 0x20 | 0x02;
        if (attrs[i] === attr2) return 0x20 | 0x04;
      }
    }
  }
  if (node1 === null || node2 === null || rootOf(node1) !== rootOf(node2)) {
    return 0x01 | 0x20 | (unrelatedOrder(node1 ?? attr1, node2 ?? attr2) ? 0x02 : 0x04);
  }
  if ((node1 !== node2 && isInclusiveAncestor(node1, node2) && attr1 === null) || (node1 === node2 && attr2 !== null)) return 0x08 | 0x02;
  if ((node1 !== node2 && isInclusiveAncestor(node2, node1) && attr2 === null) || (node1 === node2 && attr1 !== null)) return 0x10 | 0x04;
  return compareTreeOrder(node1, node2) < 0 ? 0x02 : 0x04;
}

// Nodes of different trees have an order that only has to be consistent: by a number given on first use.
let nextOrder = 1;
const orders = new SafeWeakMap();
function orderOf(node) {
  const root = rootOf(node);
  let order = orders.get(root);
  if (order === undefined) {
    order = nextOrder++;
    orders.set(root, order);
  }
  return order;
}

function unrelatedOrder(a, b) {
  return orderOf(a) < orderOf(b);
}

export const nodeInterface = defineInterface(`
[Exposed=Window]
interface Node : EventTarget {
  const unsigned short ELEMENT_NODE = 1;
  const unsigned short ATTRIBUTE_NODE = 2;
  const unsigned short TEXT_NODE = 3;
  const unsigned short CDATA_SECTION_NODE = 4;
  const unsigned short ENTITY_REFERENCE_NODE = 5;
  const unsigned short ENTITY_NODE = 6;
  const unsigned short PROCESSING_INSTRUCTION_NODE = 7;
  const unsigned short COMMENT_NODE = 8;
  const unsigned short DOCUMENT_NODE = 9;
  const unsigned short DOCUMENT_TYPE_NODE = 10;
  const unsigned short DOCUMENT_FRAGMENT_NODE = 11;
  const unsigned short NOTATION_NODE = 12;
  readonly attribute unsigned short nodeType;
  readonly attribute DOMString nodeName;
  readonly attribute USVString baseURI;
  readonly attribute boolean isConnected;
  readonly attribute Document? ownerDocument;
  Node getRootNode(optional GetRootNodeOptions options = {});
  readonly attribute Node? parentNode;
  readonly attribute Element? parentElement;
  boolean hasChildNodes();
  [SameObject] readonly attribute NodeList childNodes;
  readonly attribute Node? firstChild;
  readonly attribute Node? lastChild;
  readonly attribute Node? previousSibling;
  readonly attribute Node? nextSibling;
  [CEReactions] attribute DOMString? nodeValue;
  [CEReactions] attribute DOMString? textContent;
  [CEReactions] undefined normalize();
  [CEReactions, NewObject] Node cloneNode(optional boolean subtree = false);
  boolean isEqualNode(Node? otherNode);
  boolean isSameNode(Node? otherNode);
  const unsigned short DOCUMENT_POSITION_DISCONNECTED = 0x01;
  const unsigned short DOCUMENT_POSITION_PRECEDING = 0x02;
  const unsigned short DOCUMENT_POSITION_FOLLOWING = 0x04;
  const unsigned short DOCUMENT_POSITION_CONTAINS = 0x08;
  const unsigned short DOCUMENT_POSITION_CONTAINED_BY = 0x10;
  const unsigned short DOCUMENT_POSITION_IMPLEMENTATION_SPECIFIC = 0x20;
  unsigned short compareDocumentPosition(Node other);
  boolean contains(Node? other);
  DOMString? lookupPrefix(DOMString? namespace);
  DOMString? lookupNamespaceURI(DOMString? prefix);
  boolean isDefaultNamespace(DOMString? namespace);
  [CEReactions] Node insertBefore(Node node, Node? child);
  [CEReactions] Node appendChild(Node node);
  [CEReactions] Node replaceChild(Node node, Node child);
  [CEReactions] Node removeChild(Node child);
};
dictionary GetRootNodeOptions { boolean composed = false; };
`, {
  nodeType: (self) => self.nodeType,
  nodeName,
  baseURI: (self) => serializeURL(documentBaseURL(self.doc)),
  isConnected,
  ownerDocument: (self) => (self.nodeType === 9 ? null : self.doc),
  getRootNode: (self, options) => (options.composed ? shadowIncludingRoot(self) : rootOf(self)),
  parentNode: (self) => self.parent,
  parentElement: (self) => (self.parent !== null && self.parent.nodeType === 1 ? self.parent : null),
  hasChildNodes: (self) => self.first !== null,
  childNodes: childNodesOf,
  firstChild: (self) => self.first,
  lastChild: (self) => self.last,
  previousSibling: (self) => self.prev,
  nextSibling: (self) => self.next,
  nodeValue: {
    get(self) {
      switch (self.nodeType) {
        case 2: return self.value;
        case 3: case 4: case 7: case 8: return self.data;
        default: return null;
      }
    },
    set(self, value) {
      switch (self.nodeType) {
        case 2: setAttrValue(self, value ?? ''); break;
        case 3: case 4: case 7: case 8: setData(self, value ?? ''); break;
        default:
      }
    },
  },
  textContent: { get: textContent, set: setTextContent },
  normalize: normalizeNode,
  cloneNode(self, subtree) {
    if (self.nodeType === 11 && self.isShadow) throw domException('NotSupportedError', 'A shadow root cannot be cloned.');
    return cloneNode(self, self.doc, subtree);
  },
  isEqualNode: (self, other) => other !== null && isEqualNode(self, other),
  isSameNode: (self, other) => self === other,
  compareDocumentPosition,
  contains: (self, other) => other !== null && isInclusiveAncestor(self, other),
  lookupPrefix: (self, namespace) => locatePrefix(self, namespace),
  lookupNamespaceURI: (self, prefix) => locateNamespace(self, prefix === '' ? null : prefix),
  isDefaultNamespace: (self, namespace) => locateNamespace(self, null) === (namespace === '' ? null : namespace),
  insertBefore: (self, node, child) => preInsert(node, self, child),
  appendChild: (self, node) => appendNode(node, self),
  replaceChild: (self, node, child) => replaceNode(child, node, self),
  removeChild: (self, child) => preRemove(child, self),
}, NodeImpl);

