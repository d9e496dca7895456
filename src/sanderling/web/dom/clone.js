// https://dom.spec.whatwg.org/#concept-node-clone

import { copyNonce } from '../html/nonce.js';
import { AttrImpl, CharacterDataImpl, DocumentFragmentImpl, DocumentTypeImpl, ElementImpl } from './node.js';
import { attrInterface } from './Attr.js';
import { appendParsed } from './tree.js';
import { createDocument } from './create.js';
import { setInitialAttrs, withAttr } from './attributes.js';
import { attachShadow } from './ShadowRoot.js';
import { hooks } from '../webidl/runtime.js';
import { cloneCustomState, scopeShadow } from '../html/custom_elements.js';

function cloneSingle(node, doc, registry) {
  switch (node.nodeType) {
    case 1: {
      const copy = new ElementImpl(node.iface, doc, node.localName, node.namespace, node.prefix, node.def);
      if (copy.def !== null && copy.def.created !== null) copy.def.created(copy);
      const { attrs } = node;
      if (attrs.length > 0) {
        let list = [];
        for (let i = 0; i < attrs.length; i++) list = withAttr(list, cloneAttr(attrs[i], doc));
        setInitialAttrs(copy, list);
      }
      if (node.custom !== null || node.registry !== undefined || registry !== undefined || hooks.ceActive) cloneCustomState(copy, node, registry);
      return copy;
    }
    case 2: return cloneAttr(node, doc);
    case 9: {
      const copy = createDocument(node.isHTML ? 'html' : 'xml', node.url, node.contentType);
      copy.iface = node.iface;
      copy.encoding = node.encoding;
      copy.mode = node.mode;
      copy.quirks = node.quirks;
      return copy;
    }
    case 10: return new DocumentTypeImpl(node.iface, doc, node.name, node.publicId, node.systemId);
    case 11: return new DocumentFragmentImpl(node.iface, doc);
    default: {
      const copy = new CharacterDataImpl(node.iface, node.nodeType, doc, node.data);
      copy.target = node.target;
      return copy;
    }
  }
}

function cloneAttr(attr, doc) {
  return new AttrImpl(attrInterface, doc, attr.localName, attr.namespace, attr.prefix, attr.value);
}

// 2. The cloning steps, before the copy has a parent: a radio button that is not checked any more must not take the check of its group there.
function runCloningSteps(copy, node, subtree) {
  if (node.nodeType !== 1) return;
  if (node.doc.hidesNonces) copyNonce(copy, node);
  if (node.def !== null && node.def.cloned !== null) node.def.cloned(copy, node, subtree);
}

function cloneShadow(copy, node) {
  if (node.nodeType !== 1) return;
  // 6. a clonable shadow root
  if (node.shadow !== null && node.shadow.clonable) {
    const { shadow } = node;
    const root = attachShadow(copy, {
      __proto__: null, mode: shadow.mode, clonable: true, serializable: shadow.serializable, delegatesFocus: shadow.delegatesFocus, slotAssignment: shadow.slotAssignment,
    });
    root.declarative = shadow.declarative;
    if (shadow.registry !== undefined) scopeShadow(root, shadow.registry);
    for (let child = shadow.first; child !== null; child = child.next) appendParsed(cloneNode(child, copy.doc, true), root);
  }
}

// Iterative: trees are as deep as pages make them. `registry`: the custom element registry of elements that have none.
export function cloneNode(node, doc, subtree, registry) {
  const copy = cloneSingle(node, node.nodeType === 9 ? null : doc, registry);
  runCloningSteps(copy, node, subtree);
  if (subtree) {
    const target = copy.nodeType === 9 ? copy : doc;
    let from = node.first;
    let parent = copy;
    while (from !== null) {
      const child = cloneSingle(from, target, registry);
      runCloningSteps(child, from, true);
      appendParsed(child, parent);
      if (from.first !== null) {
        parent = child;
        from = from.first;
        continue;
      }
      cloneShadow(child, from);
      while (from !== node && from.next === null) {
        from = from.parent;
        if (from !== node) cloneShadow(parent, from);
        parent = parent.parent;
      }
      if (from === node) break;
      from = from.next;
    }
  }
  cloneShadow(copy, node);
  return copy;
}
