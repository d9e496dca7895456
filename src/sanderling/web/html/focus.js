// https://html.spec.whatwg.org/multipage/interaction.html#focus

import { getAttr, hasAttr } from '../dom/attributes.js';
import { isConnected, nextInTree } from '../dom/tree.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { isDisabled, isEditable } from './forms/states.js';
import { parseInteger } from './reflect.js';
import { isRendered } from '../css/cssom/rendered.js';

// `byNature`: without a look at tabindex and rendering
export function isFocusableArea(el, byNature) {
  if (el.namespace !== HTML_NS && el.namespace !== SVG_NS) return false;
  let natural = false;
  switch (el.localName) {
    case 'a': case 'area': natural = hasAttr(el, 'href'); break;
    case 'input': natural = el.namespace === HTML_NS && el.state.type !== 'hidden' && !isDisabled(el); break;
    case 'button': case 'select': case 'textarea': natural = !isDisabled(el); break;
    case 'iframe': case 'object': case 'embed': natural = true; break;
    case 'summary': natural = el.parent !== null && el.parent.localName === 'details'; break;
    case 'audio': case 'video': natural = hasAttr(el, 'controls'); break;
    default:
  }
  if (byNature) return natural;
  if (!natural && isDisabled(el)) return false;
  if (!natural) {
    const tabindex = getAttr(el, 'tabindex');
    natural = (tabindex !== null && parseInteger(tabindex) !== null) || (hasAttr(el, 'contenteditable') && isEditable(el));
  }
  return natural && isConnected(el) && isRendered(el);
}

// https://html.spec.whatwg.org/multipage/interaction.html#focusing-steps; a window here always has the system focus
// Gives whether the element has it now.
export function focusElement(el) {
  const { doc } = el;
  if (doc.window === null) return false;
  if (doc.focusedElement === el) return true;
  let target = el;
  if (el.shadow !== null && el.shadow.delegatesFocus) {
    if (doc.focusedElement !== null && containsFocus(el)) return true;
    target = focusDelegate(el) ?? el;
  }
  if (!isFocusableArea(target, false)) return false;
  moveFocus(doc, target);
  return doc.focusedElement === target;
}

// Whether the focus is in the element's shadow-including inclusive descendants.
export function containsFocus(el) {
  for (let node = el.doc.focusedElement; node !== null;) {
    if (node === el) return true;
    node = node.nodeType === 11 && node.isShadow ? node.host : node.parent;
  }
  return false;
}

// https://html.spec.whatwg.org/multipage/interaction.html#focus-delegate
export function focusDelegate(el) {
  // 1-3.
  if (el.shadow !== null && !el.shadow.delegatesFocus) return null;
  const where = el.shadow ?? el;
  // 4.
  const autofocused = autofocusDelegate(where);
  if (autofocused !== null) return autofocused;
  // 5.
  for (let node = where.first; node !== null; node = nextInTree(node, where)) {
    if (node.nodeType !== 1) continue;
    if (isFocusableArea(node, false)) return node;
    const inner = node.shadow === null ? null : focusDelegate(node);
    if (inner !== null) return inner;
  }
  return null;
}

// https://html.spec.whatwg.org/multipage/interaction.html#autofocus-delegate
export function autofocusDelegate(where) {
  for (let node = where.first; node !== null; node = nextInTree(node, where)) {
    if (node.nodeType !== 1 || !hasAttr(node, 'autofocus')) continue;
    if (isFocusableArea(node, false)) return node;
    const inner = node.shadow === null ? null : focusDelegate(node);
    if (inner !== null) return inner;
  }
  return null;
}

// An open dialog is a focusable area for its own focusing steps only.
export function focusDialogItself(el) {
  if (el.doc.window !== null && isConnected(el) && isRendered(el)) moveFocus(el.doc, el);
}

export function blurElement(el) {
  if (el.doc.focusedElement === el) moveFocus(el.doc, null);
}

// https://html.spec.whatwg.org/multipage/interaction.html#focus-update-steps
function moveFocus(doc, target) {
  const old = doc.focusedElement;
  if (old === target) return;
  doc.focusedElement = target;
  // The frames that the document stands in have the focus, too.
  const frame = target === null ? null : doc.window.frameElement;
  if (frame !== null && frame.doc.window !== null && frame.doc.focusedElement !== frame) moveFocus(frame.doc, frame);
  if (old !== null) {
    if (old.state !== null && old.state.valueAtFocus !== undefined && old.state.userEdited && old.state.value !== old.state.valueAtFocus) {
      fireEvent(old, 'change', { __proto__: null, bubbles: true });
    }
    fireFocus(old, 'blur', false, target);
    fireFocus(old, 'focusout', true, target);
  }
  if (target !== null && doc.focusedElement === target) {
    if (target.state !== null && target.state.valueAtFocus !== undefined) target.state.valueAtFocus = target.state.value;
    fireFocus(target, 'focus', false, old);
    fireFocus(target, 'focusin', true, old);
  }
}

function fireFocus(el, type, bubbles, related) {
  fireEvent(el, type, {
    __proto__: null, bubbles, composed: true, interface: 'FocusEvent', relatedTarget: related ?? undefined, init: { __proto__: null, view: el.doc.window, detail: 0 },
  });
}
