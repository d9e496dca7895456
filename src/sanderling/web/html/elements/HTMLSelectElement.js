// https://html.spec.whatwg.org/multipage/form-elements.html#the-select-element

import { defineInterface } from '../../webidl/interface.js';
import { HTMLCollectionImpl, namedInCollection, namesOfCollection } from '../../dom/collections.js';
import { createElement } from '../../dom/create.js';
import { defineElement } from '../../dom/definitions.js';
import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { isConnected, isInclusiveAncestor, preInsert, removeNode, replaceNode } from '../../dom/tree.js';
import { autocompleteMember } from '../forms/autofill.js';
import { SelectState } from '../forms/control_state.js';
import { firstSelected, isMultiple, optionsOf, optionValue, settleSelectedness } from '../forms/options.js';
import { formOwner } from '../forms/owner.js';
import { isDisabled } from '../forms/states.js';
import { autofocusInserted } from '../focus.js';
import { constraintValidationMembers, labelsOf } from '../forms/ValidityState.js';
import { boxOf } from '../../css/cssom-view/geometry.js';
import { consumeUserActivation, hasTransientActivation } from '../user_activation.js';

const MAX_OPTIONS = 100000;       // that setting `length` may make, as in browsers

// -- HTMLOptionsCollection: https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#htmloptionscollection -----

class HTMLOptionsCollectionImpl extends HTMLCollectionImpl {}

function selectOptions(select) {
  return select.state.options ?? (select.state.options = new HTMLOptionsCollectionImpl(select, optionsOf));
}

function setOptionCount(select, count) {
  const options = optionsOf(select);
  if (count > options.length) {
    if (count > MAX_OPTIONS) return;
    for (let i = options.length; i < count; i++) preInsert(createElement(select.doc, 'option'), select, null);
  } else {
    for (let i = options.length - 1; i >= count; i--) removeNode(options[i]);
  }
}

function setOptionAt(select, index, option) {
  // 1.
  if (option === null) {
    removeOption(select, index);
    return;
  }
  // 2-6.
  const options = optionsOf(select);
  if (index > options.length) {
    if (index > MAX_OPTIONS) return;
    setOptionCount(select, index);
  }
  if (index < options.length) replaceNode(options[index], option, options[index].parent);
  else preInsert(option, select, null);
}

// https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-htmloptionscollection-add
function addOption(select, element, before) {
  // 1.
  if (isInclusiveAncestor(element, select)) throw domException('HierarchyRequestError', 'The new child element contains the parent.');
  let reference = null;
  if (typeof before === 'number') {
    const options = optionsOf(select);
    if (before >= 0 && before < options.length) reference = options[before];
  } else if (before !== null) {
    if (before === select || !isInclusiveAncestor(select, before)) {
      throw domException('NotFoundError', 'The node before which the new node is to be inserted is not a child of this node.');
    }
    reference = before;
  }
  // 3.
  if (element === reference) return;
  preInsert(element, reference === null ? select : reference.parent, reference);
}

function removeOption(select, index) {
  const options = optionsOf(select);
  if (index >= 0 && index < options.length) removeNode(options[index]);
}

function selectedIndexOf(select) {
  const options = optionsOf(select);
  for (let i = 0; i < options.length; i++) if (options[i].state.selected) return i;
  return -1;
}

function setSelectedIndex(select, index) {
  const options = optionsOf(select);
  for (let i = 0; i < options.length; i++) options[i].state.selected = false;
  if (index >= 0 && index < options.length) {
    options[index].state.selected = true;
    options[index].state.dirty = true;
    select.state.hint = options[index];
  }
  select.doc.version++;
}

defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface HTMLOptionsCollection : HTMLCollection {
  [CEReactions] attribute unsigned long length;
  getter HTMLOptionElement? item(unsigned long index);
  getter HTMLOptionElement? namedItem(DOMString name);
  [CEReactions] setter undefined (unsigned long index, HTMLOptionElement? option);
  [CEReactions] undefined add((HTMLOptionElement or HTMLOptGroupElement) element, optional (HTMLElement or long)? before = null);
  [CEReactions] undefined remove(long index);
  attribute long selectedIndex;
};
`, {
  length: { get: (self) => self.nodes().length, set: (self, value) => setOptionCount(self.root, value) },
  item: (self, index) => self.nodes()[index] ?? null,
  namedItem: namedInCollection,
  supportedNames: namesOfCollection,
  setItem: (self, index, option) => setOptionAt(self.root, index, option),
  add: (self, element, before) => addOption(self.root, element, before),
  remove: (self, index) => removeOption(self.root, index),
  selectedIndex: { get: (self) => selectedIndexOf(self.root), set: (self, value) => setSelectedIndex(self.root, value) },
}, HTMLOptionsCollectionImpl);

// -- the element -------------------------------------------------------------------------------------------------------

function selectedOptionList(select) {
  const options = optionsOf(select);
  const out = [];
  for (let i = 0; i < options.length; i++) if (options[i].state.selected) out[out.length] = options[i];
  return out;
}

function setSelectValue(self, value) {
  const options = optionsOf(self);
  let found = -1;
  for (let i = 0; i < options.length && found < 0; i++) if (optionValue(options[i]) === value) found = i;
  setSelectedIndex(self, found);
}

// Select exactly `options` as a user does, and say so: https://html.spec.whatwg.org/multipage/form-elements.html#send-select-update-notifications
export function selectByUser(select, options) {
  const all = optionsOf(select);
  let changed = false;
  for (let i = 0; i < all.length; i++) {
    let wanted = false;
    for (let j = 0; j < options.length; j++) if (options[j] === all[i]) wanted = true;
    if (all[i].state.selected === wanted) continue;
    changed = true;
    all[i].state.selected = wanted;
    all[i].state.dirty = true;
  }
  settleSelectedness(select);
  select.doc.version++;
  if (!changed) return;
  select.state.userChanged = true;
  fireEvent(select, 'input', { __proto__: null, bubbles: true, composed: true });
  fireEvent(select, 'change', { __proto__: null, bubbles: true });
}

export const htmlSelectElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLSelectElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute DOMString autocomplete;
  [CEReactions, Reflect] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions, Reflect] attribute boolean multiple;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute boolean required;
  [CEReactions, Reflect, ReflectDefault=0] attribute unsigned long size;
  readonly attribute DOMString type;
  [SameObject] readonly attribute HTMLOptionsCollection options;
  [CEReactions] attribute unsigned long length;
  getter HTMLOptionElement? item(unsigned long index);
  HTMLOptionElement? namedItem(DOMString name);
  [CEReactions] undefined add((HTMLOptionElement or HTMLOptGroupElement) element, optional (HTMLElement or long)? before = null);
  [CEReactions] undefined remove();
  [CEReactions] undefined remove(long index);
  [CEReactions] setter undefined (unsigned long index, HTMLOptionElement? option);
  [SameObject] readonly attribute HTMLCollection selectedOptions;
  attribute long selectedIndex;
  attribute DOMString value;
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
  undefined showPicker();
  readonly attribute NodeList labels;
};
`, {
  autocomplete: autocompleteMember,
  form: formOwner,
  type: (self) => (isMultiple(self) ? 'select-multiple' : 'select-one'),
  options: selectOptions,
  length: { get: (self) => optionsOf(self).length, set: setOptionCount },
  item: (self, index) => selectOptions(self).nodes()[index] ?? null,
  namedItem: (self, name) => namedInCollection(selectOptions(self), name),
  add: addOption,
  'remove:0'(self) {
    if (self.parent !== null) removeNode(self);
  },
  'remove:1': removeOption,
  setItem: setOptionAt,
  selectedOptions: (self) => self.state.selectedOptions ?? (self.state.selectedOptions = new HTMLCollectionImpl(self, selectedOptionList)),
  selectedIndex: { get: selectedIndexOf, set: setSelectedIndex },
  value: {
    get(self) {
      const option = firstSelected(self);
      return option === null ? '' : optionValue(option);
    },
    set: setSelectValue,
  },
  ...constraintValidationMembers,
  // https://html.spec.whatwg.org/multipage/form-elements.html#dom-select-showpicker
  showPicker(self) {
    if (isDisabled(self)) throw domException('InvalidStateError', "Failed to execute 'showPicker' on 'HTMLSelectElement': showPicker() cannot be used on immutable controls.");
    if (hasTransientActivation()) {
      if (!isConnected(self) || boxOf(self) === null) throw domException('NotSupportedError', "Failed to execute 'showPicker' on 'HTMLSelectElement': showPicker() requires the select is rendered.");
      consumeUserActivation();
      return;
    }
    throw domException('NotAllowedError', "Failed to execute 'showPicker' on 'HTMLSelectElement': HTMLSelectElement::showPicker() requires a user gesture.");
  },
  labels: labelsOf,
});

defineElement({
  __proto__: null,
  names: ['select'],
  iface: htmlSelectElementInterface,
  created(el) {
    el.state = new SelectState();
  },
  inserted: autofocusInserted,
  attributeChanged(el, name, oldValue, value, namespace) {
    if (namespace === null && (name === 'multiple' || name === 'size') && el.first !== null) settleSelectedness(el);
  },
});
