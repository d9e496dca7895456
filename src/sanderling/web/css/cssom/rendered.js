// https://html.spec.whatwg.org/multipage/rendering.html#being-rendered

import { CONNECTED } from '../../dom/node.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { hasAttr } from '../../dom/attributes.js';
import { displaySize, isMultiple } from '../../html/forms/options.js';
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

// An option of a select that shows one alone: it would stand in a popup, which there is none of.
function isInMenu(child, parent) {
  if (child.namespace !== HTML_NS || (child.localName !== 'option' && child.localName !== 'optgroup')) return false;
  const select = parent.localName === 'optgroup' ? parent.parent : parent;
  return select !== null && select.localName === 'select' && select.namespace === HTML_NS && displaySize(select) <= 1 && !isMultiple(select);
}

// Has a child no box, and nothing in it, since its parent in the flat tree does not show it?
export function isLeftOut(child, parent) {
  return isInClosedDetails(child, parent) || isInMenu(child, parent);
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
