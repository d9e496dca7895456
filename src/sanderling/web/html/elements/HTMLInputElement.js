// https://html.spec.whatwg.org/multipage/input.html#the-input-element

import { defineInterface } from '../../webidl/interface.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { defineElement } from '../../dom/definitions.js';
import { domException } from '../../dom/DOMException.js';
import { fireEvent } from '../../dom/dispatch.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { isConnected, rootOf } from '../../dom/tree.js';
import { FileListImpl } from '../../FileAPI/FileList.js';
import { DatePrototypeGetTime, MathCeil, MathFloor, NumberIsFinite, NumberPrototypeToPrecision, TypeError } from '../../primordials.js';
import { autocompleteMember } from '../forms/autofill.js';
import { InputState } from '../forms/control_state.js';
import {
  allowedStep, dateToString, hasDate, hasNumber, inputTypeFrom, isStepMismatch, maximumOf, minimumOf, numberToString, sanitizeValue, stepBase, stringToDate, stringToNumber,
  hasTextSelection, takesList, valueMode,
} from '../forms/input_types.js';
import { firstWithId, formOwner } from '../forms/owner.js';
import { checkedOfGroup, setChecked, settleRadioGroup } from '../forms/radio.js';
import { resetForm } from '../forms/reset.js';
import { isDisabled, isMutable } from '../forms/states.js';
import { submitForm } from '../forms/submit.js';
import { clampCursor, cursorToEnd, textSelectionMembers } from '../forms/text_control.js';
import { autofocusInserted } from '../focus.js';
import { constraintValidationMembers, labelsOf } from '../forms/ValidityState.js';
import { startButtonImage, updateImage } from '../image_loading.js';
import { parseNonNegative } from '../reflect.js';
import { isForeign } from '../sandbox.js';
import { consumeUserActivation, hasTransientActivation } from '../user_activation.js';
import { actionAttribute } from './HTMLFormElement.js';
import { activatePopoverTarget, formMethodMember } from './HTMLButtonElement.js';

// -- value -------------------------------------------------------------------------------------------------------------

function emptyFileList() {
  return new FileListImpl([]);
}

function inputFiles(self) {
  if (self.state.type !== 'file') return null;
  return self.state.files ?? (self.state.files = emptyFileList());
}

// https://html.spec.whatwg.org/multipage/input.html#dom-input-value
function inputValue(self) {
  const { state } = self;
  switch (valueMode(state.type)) {
    case 'value': return state.value;
    case 'default': return getAttr(self, 'value') ?? '';
    case 'default/on': return getAttr(self, 'value') ?? 'on';
    default: return state.files === null || state.files.files.length === 0 ? '' : 'C:\\fakepath\\' + state.files.files[0].name;
  }
}

function setInputValue(self, value) {
  const { state } = self;
  switch (valueMode(state.type)) {
    case 'value': {
      const old = state.value;
      state.dirtyValue = true;
      state.userEdited = false;
      state.value = sanitizeValue(self, value);
      self.doc.version++;
      if (state.value !== old) cursorToEnd(self);
      break;
    }
    case 'filename':
      if (value !== '') {
        throw domException('InvalidStateError', "Failed to set the 'value' property on 'HTMLInputElement': This input element accepts a filename, which may only be programmatically set to the empty string.");
      }
      state.files = null;
      self.doc.version++;
      break;
    default: setAttr(self, 'value', value);
  }
}

// https://html.spec.whatwg.org/multipage/input.html#dom-input-valueasnumber
function setValueAsNumber(self, value) {
  if (!hasNumber(self.state.type)) throw domException('InvalidStateError', "Failed to set the 'valueAsNumber' property on 'HTMLInputElement': This input element does not support Number values.");
  if (value !== value) setInputValue(self, '');
  else if (!NumberIsFinite(value)) throw new TypeError("Failed to set the 'valueAsNumber' property on 'HTMLInputElement': The value provided is infinite.");
  else setInputValue(self, numberToString(self.state.type, value));
}

// https://html.spec.whatwg.org/multipage/input.html#dom-input-valueasdate
function setValueAsDate(self, value) {
  if (!hasDate(self.state.type)) throw domException('InvalidStateError', "Failed to set the 'valueAsDate' property on 'HTMLInputElement': This input element does not support Date values.");
  if (value === null) {
    setInputValue(self, '');
    return;
  }
  let time;
  try {
    time = DatePrototypeGetTime(value);
  } catch {
    throw new TypeError("Failed to set the 'valueAsDate' property on 'HTMLInputElement': The provided value is not a Date.");
  }
  setInputValue(self, time !== time ? '' : dateToString(self.state.type, value));
}

// https://html.spec.whatwg.org/multipage/input.html#dom-input-stepup
function stepInput(self, count, up) {
  const { type } = self.state;
  // 1-2.
  const wrong = (text) => domException('InvalidStateError', 'Failed to step the value: ' + text);
  if (!hasNumber(type)) throw wrong('This form element is not steppable.');
  const step = allowedStep(self);
  if (step === null) throw wrong('This form element does not have an allowed value step.');
  // 3-4.
  const min = minimumOf(self);
  const max = maximumOf(self);
  const base = stepBase(self);
  if (min > max) return;
  if (min === min && max === max && base + MathCeil((min - base) / step) * step > max) return;
  // 5-6.
  let value = stringToNumber(type, self.state.value);
  if (value !== value) value = 0;
  const before = value;
  // 7.
  if (isStepMismatch(value, base, step)) {
    const steps = (value - base) / step;
    value = base + (up ? MathCeil(steps) : MathFloor(steps)) * step;
    // The first step only aligns.
    value += (up ? count - 1 : 1 - count) * step;
  } else value += (up ? count : -count) * step;
  // 8-9.
  if (value < min) value = base + MathCeil((min - base) / step) * step;
  if (value > max) value = base + MathFloor((max - base) / step) * step;
  // 10.
  if (up === (count >= 0) ? value < before : value > before) return;
  setInputValue(self, numberToString(type, type === 'number' || type === 'range' ? +NumberPrototypeToPrecision(value, 15) : value));
}

// -- attributes --------------------------------------------------------------------------------------------------------

// https://html.spec.whatwg.org/multipage/input.html#input-type-change
function inputTypeChanged(el, type) {
  const { state } = el;
  const oldType = state.type;
  if (oldType === type) return;
  const before = valueMode(oldType);
  const after = valueMode(type);
  state.type = type;
  // 1-3.
  if (before === 'value' && state.value !== '' && (after === 'default' || after === 'default/on')) {
    if (getAttr(el, 'value') !== state.value) setAttr(el, 'value', state.value);
  } else if (before !== 'value' && after === 'value') {
    state.value = getAttr(el, 'value') ?? '';
    state.dirtyValue = false;
  } else if (before !== 'filename' && after === 'filename') {
    state.files = null;
  }
  // 6-7.
  settleRadioGroup(el);
  if (after === 'value') {
    if (!state.dirtyValue) state.value = getAttr(el, 'value') ?? '';
    state.value = sanitizeValue(el, state.value);
  }
  // 8-9.
  if (!hasTextSelection(oldType) && hasTextSelection(type)) {
    state.selection.start = 0;
    state.selection.end = 0;
    state.selection.direction = 'none';
  } else clampCursor(el);
  if (type === 'image') startButtonImage(el);
  el.doc.version++;
}

function inputAttributeChanged(el, name, oldValue, value, namespace) {
  if (namespace !== null) return;
  const { state } = el;
  switch (name) {
    case 'type':
      el.doc.treeVersion++;
      inputTypeChanged(el, inputTypeFrom(value));
      break;
    case 'value':
      if (!state.dirtyValue && valueMode(state.type) === 'value') {
        state.value = sanitizeValue(el, value ?? '');
        clampCursor(el);
      }
      break;
    case 'checked':
      if (!state.dirtyChecked && (oldValue === null) !== (value === null)) {
        state.checked = value !== null;
        settleRadioGroup(el);
      }
      break;
    case 'name': case 'form': settleRadioGroup(el); break;
    case 'src':
      if (state.type === 'image') updateImage(el);
      break;
    case 'min': case 'max': case 'step':
      if (state.type === 'range') state.value = sanitizeValue(el, state.dirtyValue ? state.value : getAttr(el, 'value') ?? '');
      break;
    case 'multiple':
      if (state.type === 'email') state.value = sanitizeValue(el, state.value);
      break;
    default:
  }
}

// -- activation: https://html.spec.whatwg.org/multipage/input.html#input-activation-behavior ----------------------------

// Who is told that a file was to be chosen: a function of the element, or null. There is no dialog of our own.
export const fileChooser = { __proto__: null, open: null };

// What was before, for a click that is cancelled; undefined where there is nothing to restore.
function inputPreActivation(el) {
  const { state } = el;
  if (isDisabled(el)) return undefined;
  if (state.type === 'checkbox') {
    const saved = { __proto__: null, checked: state.checked, indeterminate: state.indeterminate, previous: null };
    state.indeterminate = false;
    state.dirtyChecked = true;
    setChecked(el, !state.checked);
    return saved;
  }
  if (state.type === 'radio') {
    const saved = { __proto__: null, checked: state.checked, indeterminate: false, previous: checkedOfGroup(el) };
    state.dirtyChecked = true;
    setChecked(el, true);
    return saved;
  }
  return undefined;
}

function inputCanceledActivation(el, saved) {
  if (saved === undefined) return;
  const { state } = el;
  if (state.type === 'checkbox') {
    state.indeterminate = saved.indeterminate;
    setChecked(el, saved.checked);
  } else if (state.type === 'radio') {
    if (saved.previous === el) return;
    setChecked(el, false);
    if (saved.previous !== null && checkedOfGroup(el) === null && formOwner(saved.previous) === formOwner(el)) setChecked(saved.previous, true);
  }
}

function inputActivation(el, event) {
  // 1.
  if (isDisabled(el)) return;
  const { type } = el.state;
  if (type === 'checkbox' || type === 'radio') {
    if (!isConnected(el)) return;
    el.state.userChanged = true;
    fireEvent(el, 'input', { __proto__: null, bubbles: true, composed: true });
    fireEvent(el, 'change', { __proto__: null, bubbles: true });
    return;
  }
  const form = formOwner(el);
  if (type === 'submit' || type === 'image') {
    if (form !== null && el.doc.window !== null) {
      if (type === 'image') rememberPlace(el, event);
      submitForm(form, el, false);
      return;
    }
  } else if (type === 'reset') {
    if (form !== null && el.doc.window !== null) {
      resetForm(form);
      return;
    }
  } else if (type === 'file' || PICKERS[type] === true) {
    showInputPicker(el);
    return;
  } else if (type !== 'button') return;
  activatePopoverTarget(el, event.target);
}

// Types, beside file, with a user interface that a click opens, as in Chromium.
const PICKERS = { __proto__: null, color: true, date: true, 'datetime-local': true, month: true, time: true, week: true };

// https://html.spec.whatwg.org/multipage/input.html#show-the-picker,-if-applicable: of all pickers only that of files can be seen, by clients.
// DEVIATION: a click on a file input without user activation opens it, too: clients dispatch clicks by script.
function showInputPicker(el) {
  if (!isMutable(el)) return;
  consumeUserActivation();
  if (el.state.type === 'file') fileChooser.open?.(el);
}

// The selected coordinate of an image button: where the click was.
function rememberPlace(el, event) {
  const { init } = event;
  el.state.imageX = init !== null && init.offsetX > 0 ? MathFloor(init.offsetX) : 0;
  el.state.imageY = init !== null && init.offsetY > 0 ? MathFloor(init.offsetY) : 0;
}

// -- the interface -----------------------------------------------------------------------------------------------------

// https://html.spec.whatwg.org/multipage/input.html#dom-input-list
function suggestionList(self) {
  const id = getAttr(self, 'list');
  if (id === null || !takesList(self.state.type)) return null;
  const found = firstWithId(rootOf(self), id);
  return found !== null && found.localName === 'datalist' && found.namespace === HTML_NS ? found : null;
}

function inputSize(name) {
  return {
    __proto__: null,
    get: (self) => (self.state.type === 'image' ? parseNonNegative(getAttr(self, name) ?? '') ?? self.state.image.current[name] : 0),
    set: (self, value) => setAttr(self, name, '' + (value > 2147483647 ? 0 : value)),
  };
}

export const htmlInputElementInterface = defineInterface(`
enum SelectionMode { "select", "start", "end", "preserve" };
[Exposed=Window]
interface HTMLInputElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString accept;
  [CEReactions, Reflect] attribute boolean alpha;
  [CEReactions, Reflect] attribute DOMString alt;
  [CEReactions] attribute DOMString autocomplete;
  [CEReactions, Reflect="checked"] attribute boolean defaultChecked;
  attribute boolean checked;
  [CEReactions, Reflect] attribute DOMString colorSpace;
  [CEReactions, Reflect] attribute DOMString dirName;
  [CEReactions, Reflect] attribute boolean disabled;
  readonly attribute HTMLFormElement? form;
  attribute FileList? files;
  [CEReactions] attribute USVString formAction;
  [CEReactions, ReflectEnum="formenctype"] attribute DOMString formEnctype;
  [CEReactions] attribute DOMString formMethod;
  [CEReactions, Reflect] attribute boolean formNoValidate;
  [CEReactions, Reflect] attribute DOMString formTarget;
  [CEReactions] attribute unsigned long height;
  attribute boolean indeterminate;
  readonly attribute HTMLDataListElement? list;
  [CEReactions, Reflect] attribute DOMString max;
  [CEReactions, ReflectNonNegative] attribute long maxLength;
  [CEReactions, Reflect] attribute DOMString min;
  [CEReactions, ReflectNonNegative] attribute long minLength;
  [CEReactions, Reflect] attribute boolean multiple;
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute DOMString pattern;
  [CEReactions, Reflect] attribute DOMString placeholder;
  [CEReactions, Reflect] attribute boolean readOnly;
  [CEReactions, Reflect] attribute boolean required;
  [CEReactions, ReflectPositive, ReflectDefault=20] attribute unsigned long size;
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute DOMString step;
  [CEReactions] attribute DOMString type;
  [CEReactions, Reflect="value"] attribute DOMString defaultValue;
  [CEReactions] attribute [LegacyNullToEmptyString] DOMString value;
  attribute object? valueAsDate;
  attribute unrestricted double valueAsNumber;
  [CEReactions] attribute unsigned long width;
  undefined stepUp(optional long n = 1);
  undefined stepDown(optional long n = 1);
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
  readonly attribute NodeList? labels;
  undefined select();
  attribute unsigned long? selectionStart;
  attribute unsigned long? selectionEnd;
  attribute DOMString? selectionDirection;
  undefined setRangeText(DOMString replacement);
  undefined setRangeText(DOMString replacement, unsigned long start, unsigned long end, optional SelectionMode selectionMode = "preserve");
  undefined setSelectionRange(unsigned long? start, unsigned long? end, optional DOMString direction);
  undefined showPicker();
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString useMap;
  [CEReactions, Reflect] attribute boolean webkitdirectory;
};
HTMLInputElement includes PopoverTargetAttributes;
`, {
  autocomplete: autocompleteMember,
  checked: {
    get: (self) => self.state.checked,
    set(self, value) {
      self.state.dirtyChecked = true;
      setChecked(self, value);
    },
  },
  form: formOwner,
  files: {
    get: inputFiles,
    set(self, value) {
      if (self.state.type !== 'file' || value === null) return;
      self.state.files = value;
      self.doc.version++;
    },
  },
  formAction: actionAttribute('formaction'),
  formMethod: formMethodMember,
  height: inputSize('height'),
  indeterminate: {
    get: (self) => self.state.indeterminate,
    set(self, value) {
      self.state.indeterminate = value;
      self.doc.version++;
    },
  },
  list: suggestionList,
  type: { get: (self) => self.state.type, set: (self, value) => setAttr(self, 'type', value) },
  value: { get: inputValue, set: setInputValue },
  valueAsDate: { get: (self) => (hasDate(self.state.type) ? stringToDate(self.state.type, self.state.value) : null), set: setValueAsDate },
  valueAsNumber: { get: (self) => (hasNumber(self.state.type) ? stringToNumber(self.state.type, self.state.value) : NaN), set: setValueAsNumber },
  width: inputSize('width'),
  stepUp: (self, count) => stepInput(self, count, true),
  stepDown: (self, count) => stepInput(self, count, false),
  ...constraintValidationMembers,
  labels: labelsOf,
  ...textSelectionMembers,
  // https://html.spec.whatwg.org/multipage/input.html#dom-input-showpicker
  showPicker(self) {
    if (!isMutable(self)) throw domException('InvalidStateError', "Failed to execute 'showPicker' on 'HTMLInputElement': showPicker() cannot be used on immutable controls.");
    if (self.state.type !== 'file' && self.state.type !== 'color' && self.doc.window !== null && isForeign(self.doc.window)) {
      throw domException('SecurityError', "Failed to execute 'showPicker' on 'HTMLInputElement': showPicker() called from cross-origin iframe.");
    }
    if (hasTransientActivation()) {
      showInputPicker(self);
      return;
    }
    throw domException('NotAllowedError', "Failed to execute 'showPicker' on 'HTMLInputElement': HTMLInputElement::showPicker() requires a user gesture.");
  },
});

defineElement({
  __proto__: null,
  names: ['input'],
  iface: htmlInputElementInterface,
  created(el) {
    el.state = new InputState();
  },
  inserted: autofocusInserted,
  linked: settleRadioGroup,
  attributeChanged: inputAttributeChanged,
  // https://html.spec.whatwg.org/multipage/input.html#the-input-element:concept-node-clone-ext
  cloned(copy, source) {
    const from = source.state;
    const to = copy.state;
    to.value = from.value;
    // Its value is what the clone begins with; nobody has moved its cursor.
    to.selection.start = to.selection.end = 0;
    to.dirtyValue = from.dirtyValue;
    to.checked = from.checked;
    to.dirtyChecked = from.dirtyChecked;
    to.indeterminate = from.indeterminate;
    to.userEdited = from.userEdited;
    to.userChanged = from.userChanged;
  },
  legacyPreActivation: inputPreActivation,
  legacyCanceledActivation: inputCanceledActivation,
  activationBehavior: inputActivation,
  activates: (el) => el.state.type !== 'hidden',
});
