// https://dom.spec.whatwg.org/#interface-shadowroot

import { defineInterface } from '../webidl/interface.js';
import { SafeSet } from '../primordials.js';
import { CONNECTED, DocumentFragmentImpl } from './node.js';
import { domException } from './DOMException.js';
import { HTML_NS } from './namespaces.js';
import { isCustomName } from './definitions.js';
import { elementByIdIn } from './DocumentFragment.js';
import { treeWatch } from './mutation.js';
import { removeNode } from './tree.js';
import { checkedRegistry, disabledFeature, scopeShadow } from '../html/custom_elements.js';

// How many shadow trees there ever were: while none, slots need no look.
export const shadowTrees = { __proto__: null, count: 0 };

// https://dom.spec.whatwg.org/#valid-shadow-host-name
const HOSTS = new SafeSet([
  'article', 'aside', 'blockquote', 'body', 'div', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'main', 'nav', 'p', 'section', 'span',
]);

// https://dom.spec.whatwg.org/#concept-attach-a-shadow-root, without the checks
export function attachShadow(el, init) {
  const root = new DocumentFragmentImpl(shadowRootInterface, el.doc);
  root.isShadow = true;
  root.host = el;
  root.mode = init.mode;
  root.delegatesFocus = init.delegatesFocus === true;
  root.slotAssignment = init.slotAssignment ?? 'named';
  root.clonable = init.clonable === true;
  root.serializable = init.serializable === true;
  root.flags = el.flags & CONNECTED;
  el.shadow = root;
  shadowTrees.count++;
  el.doc.version++;            // what is in it leaves the flat tree
  for (let child = el.first; child !== null; child = child.next) if (child.nodeType !== 8) child.assignedSlot = null;
  if (treeWatch.shadow !== null) treeWatch.shadow(el, root);
  return root;
}

export function attachShadowChecked(el, init) {
  const registry = init.customElementRegistry === undefined ? undefined : checkedRegistry(init.customElementRegistry, el.doc);
  // 1-2.
  if (el.namespace !== HTML_NS || !(HOSTS.has(el.localName) || isCustomName(el.localName))) {
    throw domException('NotSupportedError', 'This element does not support attachShadow.');
  }
  // 3.
  if (disabledFeature(el, 'disableShadow')) throw domException('NotSupportedError', 'attachShadow() is disabled by disabledFeatures static field.');
  // 4.
  if (el.shadow !== null) {
    const current = el.shadow;
    if (!current.declarative || current.mode !== init.mode) throw domException('NotSupportedError', 'Shadow root cannot be created on a host which already hosts a shadow tree.');
    while (current.first !== null) removeNode(current.first);
    current.declarative = false;
    return current;
  }
  const root = attachShadow(el, init);
  if (registry !== undefined) scopeShadow(root, registry);
  root.availableToInternals = el.custom !== null && (el.custom.state === 'precustomized' || el.custom.state === 'custom');
  return root;
}

export const shadowRootInterface = defineInterface(`
enum ShadowRootMode { "open", "closed" };
enum SlotAssignmentMode { "manual", "named" };
[Exposed=Window]
interface ShadowRoot : DocumentFragment {
  readonly attribute ShadowRootMode mode;
  readonly attribute boolean delegatesFocus;
  readonly attribute SlotAssignmentMode slotAssignment;
  readonly attribute boolean clonable;
  readonly attribute boolean serializable;
  readonly attribute Element host;
  attribute EventHandler onslotchange;
  Element? getElementById(DOMString elementId);
};
ShadowRoot includes DocumentOrShadowRoot;
`, {
  mode: (self) => self.mode,
  delegatesFocus: (self) => self.delegatesFocus,
  slotAssignment: (self) => self.slotAssignment,
  clonable: (self) => self.clonable,
  serializable: (self) => self.serializable,
  host: (self) => self.host,
  getElementById: elementByIdIn,
});
