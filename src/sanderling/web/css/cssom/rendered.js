// https://html.spec.whatwg.org/multipage/rendering.html#being-rendered

import { CONNECTED } from '../../dom/node.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { hasAttr } from '../../dom/attributes.js';
import { flatParent } from './cascade.js';
import { displayOf, visibilityOf } from './computed.js';
import { boxOf } from '../cssom-view/geometry.js';

// Is `child` hidden since it stands in a closed <details>, outside of its summary?
export function isInClosedDetails(child, parent) {
  if (parent.localName !== 'details' || parent.namespace !== HTML_NS || hasAttr(parent, 'open')) return false;
  for (let node = parent.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === 'summary' && node.namespace === HTML_NS) return node !== child;
  }
  return true;
}

// Does this element, among its siblings, keep itself and what is in it from being rendered? `parent` is its parent in the flat tree.
export function hidesItself(el, parent) {
  return displayOf(el) === 'none' || (parent !== null && isInClosedDetails(el, parent));
}

export function isRendered(el) {
  if ((el.flags & CONNECTED) === 0 || el.doc.window === null) return false;
  for (let at = el; at !== null;) {
    const parent = flatParent(at);
    if (parent === undefined || hidesItself(at, parent)) return false;
    at = parent;
  }
  return true;
}

// Rendered, not hidden by `visibility`, and with a box of some size.
export function isVisible(el) {
  if (!isRendered(el) || visibilityOf(el) !== 'visible') return false;
  const box = boxOf(el);
  return box !== null && box.width > 0 && box.height > 0;
}
