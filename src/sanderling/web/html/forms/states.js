// https://html.spec.whatwg.org/multipage/semantics-other.html#pseudo-classes
// Pseudo-classes of form controls, as predicates.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { lowerAscii } from '../../css/selectors/names.js';
import { SafeMap } from '../../primordials.js';
import { controlsOf, formOwner, isDisabledControl, isFormAssociatedCustom, isSubmitButton, nextOfTree, topOf } from './owner.js';
import { takesPlaceholder, takesReadOnly, takesRequired } from './input_types.js';

function isHtml(el, name) {
  return el.localName === name && el.namespace === HTML_NS;
}

export function isDisableable(el) {
  if (el.namespace !== HTML_NS) return false;
  switch (el.localName) {
    case 'button': case 'input': case 'select': case 'textarea': case 'optgroup': case 'option': case 'fieldset': return true;
    default: return isFormAssociatedCustom(el);
  }
}

// https://html.spec.whatwg.org/multipage/semantics-other.html#concept-element-disabled
export function isDisabled(el) {
  if (!isDisableable(el)) return false;
  if (el.localName === 'optgroup') return hasAttr(el, 'disabled');
  if (el.localName === 'option') {
    if (hasAttr(el, 'disabled')) return true;
    for (let node = el.parent; node !== null && node.nodeType === 1; node = node.parent) {
      if (isHtml(node, 'optgroup')) return hasAttr(node, 'disabled');
      if (isHtml(node, 'select')) return false;
    }
    return false;
  }
  return isDisabledControl(el);
}

export function isChecked(el) {
  if (el.namespace !== HTML_NS || el.state === null) return false;
  if (el.localName === 'input') return (el.state.type === 'checkbox' || el.state.type === 'radio') && el.state.checked;
  return el.localName === 'option' && el.state.selected;
}

function takesRequiredElement(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'input') return takesRequired(el.state.type);
  return el.localName === 'select' || el.localName === 'textarea';
}

export function isRequired(el) {
  return takesRequiredElement(el) && hasAttr(el, 'required');
}

export function isOptional(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'input') return !isRequired(el);
  return (el.localName === 'select' || el.localName === 'textarea') && !hasAttr(el, 'required');
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-mutable
export function isMutable(el) {
  if (isDisabledControl(el)) return false;
  if (el.localName === 'input') return !(takesReadOnly(el.state.type) && hasAttr(el, 'readonly'));
  return el.localName !== 'textarea' || !hasAttr(el, 'readonly');
}

// https://html.spec.whatwg.org/multipage/semantics-other.html#selector-read-write
export function isReadWrite(el) {
  if (isHtml(el, 'input') && takesReadOnly(el.state.type)) return isMutable(el);
  if (isHtml(el, 'textarea')) return isMutable(el);
  return isEditable(el);
}

// https://html.spec.whatwg.org/multipage/interaction.html#editing-host and what is inside one
export function isEditable(el) {
  if (el.doc.designMode === true) return true;
  for (let node = el; node !== null && node.nodeType === 1; node = node.parent) {
    if (node.namespace !== HTML_NS) continue;
    const state = contentEditableState(node);
    if (state === 'true' || state === 'plaintext-only') return true;
    if (state === 'false') return false;
  }
  return false;
}

export function contentEditableState(el) {
  const value = getAttr(el, 'contenteditable');
  if (value === null) return 'inherit';
  const lower = lowerAscii(value);
  if (lower === '' || lower === 'true') return 'true';
  return lower === 'false' || lower === 'plaintext-only' ? lower : 'inherit';
}

export function isPlaceholderShown(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'input') return takesPlaceholder(el.state.type) && hasAttr(el, 'placeholder') && el.state.value === '';
  return el.localName === 'textarea' && hasAttr(el, 'placeholder') && el.state.value === '';
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#default-button
export function defaultButton(form) {
  const controls = controlsOf(form);
  for (let i = 0; i < controls.length; i++) if (isSubmitButton(controls[i])) return controls[i];
  return null;
}

export function isDefaultControl(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'option') return hasAttr(el, 'selected');
  if (el.localName === 'input' && (el.state.type === 'checkbox' || el.state.type === 'radio')) return hasAttr(el, 'checked');
  if (!isSubmitButton(el)) return false;
  const form = formOwner(el);
  return form !== null && defaultButton(form) === el;
}

// https://html.spec.whatwg.org/multipage/input.html#radio-button-group
export function forEachOfRadioGroup(el, visit) {
  const name = getAttr(el, 'name');
  if (name === null || name === '') return;
  const form = formOwner(el);
  const group = radiosOf(el.doc, topOf(el)).get(name);
  for (let i = 0; group !== undefined && i < group.length; i++) if (group[i] !== el && formOwner(group[i]) === form) visit(group[i]);
}

// OPTIMIZATION: the radio buttons of the tree of which somebody asked last, by their names.
function radiosOf(doc, top) {
  const known = doc.radios;
  if (known !== null && known.top === top && known.version === doc.treeVersion) return known.names;
  const names = new SafeMap();
  for (let node = top.first; node !== null; node = nextOfTree(node, top)) {
    if (node.nodeType !== 1 || !isHtml(node, 'input') || node.state.type !== 'radio') continue;
    const name = getAttr(node, 'name');
    const list = names.get(name);
    if (list === undefined) names.set(name, [node]);
    else list[list.length] = node;
  }
  doc.radios = { __proto__: null, top, version: doc.treeVersion, names };
  return names;
}

export function isIndeterminate(el) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'progress') return !hasAttr(el, 'value');
  if (el.localName !== 'input') return false;
  if (el.state.type === 'checkbox') return el.state.indeterminate;
  if (el.state.type !== 'radio' || el.state.checked) return false;
  let none = true;
  forEachOfRadioGroup(el, (other) => {
    if (other.state.checked) none = false;
  });
  return none;
}
