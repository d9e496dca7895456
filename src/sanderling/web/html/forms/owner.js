// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#association-of-controls-and-forms
// Form owners are worked out when somebody asks, which comes to the same as keeping them up to date and costs pages without forms nothing.

import { getAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { CONNECTED } from '../../dom/node.js';
import { SafeSet } from '../../primordials.js';
import { lowerAscii } from '../../css/selectors/names.js';

const LISTED = new SafeSet(['button', 'fieldset', 'input', 'object', 'output', 'select', 'textarea']);
const SUBMITTABLE = new SafeSet(['button', 'input', 'select', 'textarea']);
const LABELABLE = new SafeSet(['button', 'input', 'meter', 'output', 'progress', 'select', 'textarea']);

// A custom element whose class says formAssociated.
export function isFormAssociatedCustom(el) {
  return el.customDefinition != null && el.customDefinition.formAssociated === true;
}

// https://html.spec.whatwg.org/multipage/forms.html#category-listed
export function isListed(el) {
  return el.namespace === HTML_NS && (LISTED.has(el.localName) || isFormAssociatedCustom(el));
}

// https://html.spec.whatwg.org/multipage/forms.html#category-submit
export function isSubmittable(el) {
  return el.namespace === HTML_NS && (SUBMITTABLE.has(el.localName) || isFormAssociatedCustom(el));
}

// https://html.spec.whatwg.org/multipage/forms.html#category-label
export function isLabelable(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'input') return el.state.type !== 'hidden';
  return LABELABLE.has(el.localName) || isFormAssociatedCustom(el);
}

export function isForm(node) {
  return node !== null && node.nodeType === 1 && node.localName === 'form' && node.namespace === HTML_NS;
}

export function topOf(node) {
  let top = node;
  while (top.parent !== null) top = top.parent;
  return top;
}

// The next node of the tree below `root`, or null.
export function nextOfTree(node, root) {
  if (node.first !== null) return node.first;
  let at = node;
  while (at !== root && at.next === null) at = at.parent;
  return at === root ? null : at.next;
}

export function firstWithId(root, id) {
  if (id === '') return null;
  for (let node = root.first; node !== null; node = nextOfTree(node, root)) {
    if (node.nodeType === 1 && node.elementId === id) return node;
  }
  return null;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#reset-the-form-owner
export function formOwner(el) {
  const id = isListed(el) ? getAttr(el, 'form') : null;
  const top = topOf(el);
  if (id !== null && (el.flags & CONNECTED) !== 0) {
    const found = firstWithId(top, id);
    return isForm(found) ? found : null;
  }
  const pointed = el.state !== null ? (el.state.parserForm ?? null) : null;
  if (pointed !== null && topOf(pointed) === top) return pointed;
  for (let node = el.parent; node !== null; node = node.parent) if (isForm(node)) return node;
  return null;
}

// Called by the parser when it makes an element while its form element pointer is set (HTML, 13.2.6.1, "create an element for a token").
export function associateWithParserForm(el, form) {
  if (el.state !== null && isListed(el)) el.state.parserForm = form;
}

// The listed elements whose form owner is `form`, in tree order; shared, do not change it.
export function controlsOf(form) {
  const { state, doc } = form;
  if (state.cachedControls !== null && state.cachedDoc === doc && state.cachedVersion === doc.treeVersion) return state.cachedControls;
  const out = [];
  const top = topOf(form);
  for (let node = top.first; node !== null; node = nextOfTree(node, top)) {
    if (node.nodeType === 1 && isListed(node) && formOwner(node) === form) out[out.length] = node;
  }
  state.cachedControls = out;
  state.cachedDoc = doc;
  state.cachedVersion = doc.treeVersion;
  return out;
}

// https://html.spec.whatwg.org/multipage/forms.html#concept-submit-button
export function isSubmitButton(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'input') return el.state.type === 'submit' || el.state.type === 'image';
  return el.localName === 'button' && buttonType(el) === 'submit';
}

// https://html.spec.whatwg.org/multipage/form-elements.html#attr-button-type
export function buttonType(el) {
  const value = getAttr(el, 'type');
  if (value === null) return 'submit';
  const lower = lowerAscii(value);
  return lower === 'reset' || lower === 'button' ? lower : 'submit';
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled
export function isDisabledControl(el) {
  if (getAttr(el, 'disabled') !== null) return true;
  // A disabled fieldset disables what is in it, but for what is in its first legend.
  let child = el;
  for (let node = el.parent; node !== null; node = node.parent) {
    if (node.nodeType === 1 && node.localName === 'fieldset' && node.namespace === HTML_NS && getAttr(node, 'disabled') !== null
        && firstLegend(node) !== child) return true;
    child = node;
  }
  return false;
}

function firstLegend(fieldset) {
  for (let node = fieldset.first; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === 'legend' && node.namespace === HTML_NS) return node;
  }
  return undefined;
}
