// https://html.spec.whatwg.org/multipage/form-elements.html#the-option-element

import { defineInterface } from '../../webidl/interface.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { createElement, createText } from '../../dom/create.js';
import { defineElement } from '../../dom/definitions.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { appendNode, stringReplaceAll } from '../../dom/tree.js';
import { OptionState } from '../forms/control_state.js';
import { isMultiple, optionsOf, optionText, optionValue, selectOf, selectOption, settleSelectedness } from '../forms/options.js';
import { formOwner } from '../forms/owner.js';
import { currentDocument } from '../realm.js';

// An option came into a select. Its `hint` spares looking at the whole list for each option of a long one.
function optionLinked(option) {
  const select = selectOf(option);
  if (select === null) return;
  if (isMultiple(select)) return;
  const { hint } = select.state;
  if (option.state.selected) {
    // As in Chromium, what comes in selected is what is selected, wherever it stands.
    if (hint !== null && hint !== option && hint.state.selected && selectOf(hint) === select && select.last === option) hint.state.selected = false;
    else selectOption(option, true);
    select.state.hint = option;
    return;
  }
  if (hint !== null && hint.state.selected && selectOf(hint) === select) return;
  settleSelectedness(select);
  if (option.state.selected) select.state.hint = option;
}

function optionUnlinked(option, oldParent) {
  if (!option.state.selected) return;
  settleAt(oldParent);
}

// `parent` is a select, an optgroup in one, or something else.
function settleAt(parent) {
  if (parent === null || parent.nodeType !== 1 || parent.namespace !== HTML_NS) return;
  if (parent.localName === 'select') settleSelectedness(parent);
  else if (parent.localName === 'optgroup') settleAt(parent.parent);
}

function optionAttributeChanged(option, name, oldValue, value, namespace) {
  if (name !== 'selected' || namespace !== null || option.state.dirty || (oldValue === null) === (value === null)) return;
  // https://html.spec.whatwg.org/multipage/form-elements.html#attr-option-selected
  selectOption(option, value !== null);
}

export const htmlOptionElementInterface = defineInterface(`
[Exposed=Window,
 LegacyFactoryFunction=Option(optional DOMString text = "", optional DOMString value, optional boolean defaultSelected = false, optional boolean selected = false)]
interface HTMLOptionElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions] attribute DOMString label;
  [CEReactions, Reflect="selected"] attribute boolean defaultSelected;
  attribute boolean selected;
  [CEReactions] attribute DOMString value;
  [CEReactions] attribute DOMString text;
  readonly attribute long index;
};
`, {
  // https://html.spec.whatwg.org/multipage/form-elements.html#dom-option
  Option(text, value, defaultSelected, selected) {
    const doc = currentDocument();
    const option = createElement(doc, 'option');
    if (text !== '') appendNode(createText(doc, text), option);
    if (value !== undefined) setAttr(option, 'value', value);
    if (defaultSelected) setAttr(option, 'selected', '');
    option.state.selected = selected;
    return option;
  },
  form(self) {
    const select = selectOf(self);
    return select === null ? null : formOwner(select);
  },
  label: {
    get(self) {
      return getAttr(self, 'label') ?? optionText(self);
    },
    set: (self, value) => setAttr(self, 'label', value),
  },
  selected: {
    get: (self) => self.state.selected,
    set(self, value) {
      self.state.dirty = true;
      selectOption(self, value);
      self.doc.version++;
    },
  },
  value: { get: optionValue, set: (self, value) => setAttr(self, 'value', value) },
  text: { get: optionText, set: (self, value) => stringReplaceAll(value, self) },
  index(self) {
    const select = selectOf(self);
    if (select === null) return 0;
    const options = optionsOf(select);
    for (let i = 0; i < options.length; i++) if (options[i] === self) return i;
    return 0;
  },
});

defineElement({
  __proto__: null,
  names: ['option'],
  iface: htmlOptionElementInterface,
  created(el) {
    el.state = new OptionState();
  },
  attributeChanged: optionAttributeChanged,
  linked: optionLinked,
  unlinked: optionUnlinked,
});

export const htmlOptGroupElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLOptGroupElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean disabled;
  [CEReactions, Reflect] attribute DOMString label;
};
`, {});

defineElement({
  __proto__: null,
  names: ['optgroup'],
  iface: htmlOptGroupElementInterface,
  linked(el) {
    if (el.first !== null) settleAt(el.parent);
  },
  unlinked(el, oldParent) {
    if (el.first !== null) settleAt(oldParent);
  },
});
