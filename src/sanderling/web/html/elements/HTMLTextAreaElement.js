// https://html.spec.whatwg.org/multipage/form-elements.html#the-textarea-element

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { childTextContent, stringReplaceAll } from '../../dom/tree.js';
import { autocompleteMember } from '../forms/autofill.js';
import { TextAreaState } from '../forms/control_state.js';
import { formOwner } from '../forms/owner.js';
import { clampCursor, cursorToEnd, normalizeNewlines, textSelectionMembers } from '../forms/text_control.js';
import { autofocusInserted } from '../focus.js';
import { constraintValidationMembers, labelsOf } from '../forms/ValidityState.js';

function setTextAreaValue(self, value) {
  const { state } = self;
  const old = state.value;
  state.value = normalizeNewlines(value);
  state.dirtyValue = true;
  state.userEdited = false;
  self.doc.version++;
  if (state.value !== old) cursorToEnd(self);
}

// Until script or user set a value, it is what the element contains.
function textAreaDefault(el) {
  if (el.state.dirtyValue) return;
  el.state.value = normalizeNewlines(childTextContent(el));
  clampCursor(el);
}

export const htmlTextAreaElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLTextAreaElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute DOMString autocomplete;
  [CEReactions, ReflectPositiveWithFallback, ReflectDefault=20] attribute unsigned long cols;
  [CEReactions, Reflect] attribute DOMString dirName;
  [CEReactions, Reflect] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  [CEReactions, ReflectNonNegative] attribute long maxLength;
  [CEReactions, ReflectNonNegative] attribute long minLength;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute DOMString placeholder;
  [CEReactions, Reflect] attribute boolean readOnly;
  [CEReactions, Reflect] attribute boolean required;
  [CEReactions, ReflectPositiveWithFallback, ReflectDefault=2] attribute unsigned long rows;
  [CEReactions, Reflect] attribute DOMString wrap;
  readonly attribute DOMString type;
  [CEReactions] attribute DOMString defaultValue;
  attribute [LegacyNullToEmptyString] DOMString value;
  readonly attribute unsigned long textLength;
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
  readonly attribute NodeList labels;
  undefined select();
  attribute unsigned long selectionStart;
  attribute unsigned long selectionEnd;
  attribute DOMString selectionDirection;
  undefined setRangeText(DOMString replacement);
  undefined setRangeText(DOMString replacement, unsigned long start, unsigned long end, optional SelectionMode selectionMode = "preserve");
  undefined setSelectionRange(unsigned long start, unsigned long end, optional DOMString direction);
};
`, {
  autocomplete: autocompleteMember,
  form: formOwner,
  type: () => 'textarea',
  defaultValue: { get: childTextContent, set: (self, value) => stringReplaceAll(value, self) },
  value: { get: (self) => self.state.value, set: setTextAreaValue },
  textLength: (self) => self.state.value.length,
  ...constraintValidationMembers,
  labels: labelsOf,
  ...textSelectionMembers,
});

defineElement({
  __proto__: null,
  names: ['textarea'],
  iface: htmlTextAreaElementInterface,
  created(el) {
    el.state = new TextAreaState();
  },
  childrenChanged: textAreaDefault,
  popped: textAreaDefault,
  // https://html.spec.whatwg.org/multipage/form-elements.html#the-textarea-element:concept-node-clone-ext
  inserted: autofocusInserted,
  cloned(copy, source) {
    copy.state.value = source.state.value;
    copy.state.dirtyValue = source.state.dirtyValue;
    copy.state.selection.start = copy.state.selection.end = 0;
    copy.state.userEdited = source.state.userEdited;
    copy.state.userChanged = source.state.userChanged;
  },
});
