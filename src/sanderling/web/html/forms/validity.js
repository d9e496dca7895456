// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constraints
// Which constraints a control breaks, whether it takes part, and what the message says.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { fireEvent } from '../../dom/dispatch.js';
import { NumberParseInt, RegExp, RegExpPrototypeExec, StringPrototypeSplit } from '../../primordials.js';
import { parseURL } from '../../url/parser.js';
import { allowedStep, hasNumber, isStepMismatch, maximumOf, minimumOf, numberToString, stepBase, stringToNumber, takesLength, takesRequired } from './input_types.js';
import { buttonType, controlsOf, isDisabledControl, isFormAssociatedCustom, isSubmittable } from './owner.js';
import { forEachOfRadioGroup, isMutable } from './states.js';
import { optionsOf, placeholderOption } from './options.js';

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#barred-from-constraint-validation
export function willValidate(el) {
  if (!isSubmittable(el)) return false;
  for (let node = el.parent; node !== null; node = node.parent) {
    if (node.nodeType === 1 && node.localName === 'datalist' && node.namespace === HTML_NS) return false;
  }
  switch (el.localName) {
    case 'input': {
      const { type } = el.state;
      if (type === 'hidden' || type === 'reset' || type === 'button') return false;
      if (hasAttr(el, 'readonly')) return false;      // of any type: https://html.spec.whatwg.org/multipage/input.html#attr-input-readonly
      break;
    }
    case 'button': if (buttonType(el) !== 'submit') return false; break;
    case 'textarea': if (hasAttr(el, 'readonly')) return false; break;
    default:
      if (isFormAssociatedCustom(el) && hasAttr(el, 'readonly')) return false;
  }
  return !isDisabledControl(el);
}

const CHECKS = {
  __proto__: null, valueMissing, typeMismatch, patternMismatch, tooLong, tooShort, rangeUnderflow, rangeOverflow, stepMismatch,
  badInput: () => false,      // whatever cannot be typed is refused at once here: there is no half-typed number
  customError: (el) => el.state.customError !== '',
};
const CHECK_NAMES = [
  'valueMissing', 'typeMismatch', 'patternMismatch', 'tooLong', 'tooShort', 'rangeUnderflow', 'rangeOverflow', 'stepMismatch', 'badInput', 'customError',
];

export function suffersFrom(el, flag) {
  if (isFormAssociatedCustom(el)) {
    const { internals } = el.custom;
    return internals !== null && internals.flags !== null && internals.flags[flag] === true;
  }
  if (el.state === null || el.localName === 'object' || el.localName === 'fieldset' || el.localName === 'output') {
    return flag === 'customError' && el.state !== null && el.state.customError !== '';
  }
  if (el.localName === 'button') return flag === 'customError' && el.state.customError !== '';
  return CHECKS[flag](el);
}

export function satisfiesConstraints(el) {
  for (let i = 0; i < CHECK_NAMES.length; i++) if (suffersFrom(el, CHECK_NAMES[i])) return false;
  return true;
}

function valueMissing(el) {
  if (el.localName === 'input' && el.state.type === 'radio') return radioGroupMissing(el);
  if (!hasAttr(el, 'required')) return false;
  if (el.localName === 'select') {
    const placeholder = placeholderOption(el);
    const options = optionsOf(el);
    for (let i = 0; i < options.length; i++) if (options[i].state.selected && options[i] !== placeholder) return false;
    return true;
  }
  if (el.localName === 'textarea') return isMutable(el) && el.state.value === '';
  const { type } = el.state;
  if (!takesRequired(type)) return false;
  if (type === 'checkbox') return !el.state.checked;
  if (type === 'file') return el.state.files === null || el.state.files.files.length === 0;
  return isMutable(el) && el.state.value === '';
}

// https://html.spec.whatwg.org/multipage/input.html#radio-button-state-(type=radio): one that is required makes all of its group so
// One without a name is in no group, and as in Chromium nothing is missing from it.
function radioGroupMissing(el) {
  const name = getAttr(el, 'name');
  if (name === null || name === '') return false;
  let required = hasAttr(el, 'required');
  let missing = !el.state.checked;
  if (missing) {
    forEachOfRadioGroup(el, (other) => {
      if (other.state.checked) missing = false;
      if (hasAttr(other, 'required')) required = true;
    });
  }
  return missing && required;
}

// https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
const EMAIL = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

function typeMismatch(el) {
  if (el.localName !== 'input' || el.state.value === '') return false;
  const { type, value } = el.state;
  if (type === 'url') return parseURL(value, null) === null;
  if (type !== 'email') return false;
  if (!hasAttr(el, 'multiple')) return RegExpPrototypeExec(EMAIL, value) === null;
  const parts = StringPrototypeSplit(value, ',');
  for (let i = 0; i < parts.length; i++) if (RegExpPrototypeExec(EMAIL, parts[i]) === null) return true;
  return false;
}

// https://html.spec.whatwg.org/multipage/input.html#the-pattern-attribute
function patternMismatch(el) {
  if (el.localName !== 'input' || !takesLength(el.state.type)) return false;
  const pattern = getAttr(el, 'pattern');
  const { value } = el.state;
  if (pattern === null || value === '') return false;
  let expression;
  try {
    new RegExp(pattern, 'v');
    expression = new RegExp('^(?:' + pattern + ')$', 'v');
  } catch {
    return false;     // not a pattern: no constraint
  }
  if (el.state.type === 'email' && hasAttr(el, 'multiple')) {
    const parts = StringPrototypeSplit(value, ',');
    for (let i = 0; i < parts.length; i++) if (RegExpPrototypeExec(expression, parts[i]) === null) return true;
    return false;
  }
  return RegExpPrototypeExec(expression, value) === null;
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-non-negative-integers; -1 for none
export function lengthLimit(el, name) {
  const text = getAttr(el, name);
  if (text === null) return -1;
  const m = RegExpPrototypeExec(/^[ \t\n\f\r]*\+?(\d+)/, text);
  if (m === null) return -1;
  const value = NumberParseInt(m[1], 10);
  return value > 0x7fffffff ? -1 : value;
}

function takesLengthElement(el) {
  return el.localName === 'textarea' || (el.localName === 'input' && takesLength(el.state.type));
}

function tooLong(el) {
  if (!takesLengthElement(el) || !el.state.userEdited) return false;
  const limit = lengthLimit(el, 'maxlength');
  return limit >= 0 && apiLength(el) > limit;
}

function tooShort(el) {
  if (!takesLengthElement(el) || !el.state.userEdited) return false;
  const limit = lengthLimit(el, 'minlength');
  const length = apiLength(el);
  return limit >= 0 && length > 0 && length < limit;
}

function apiLength(el) {
  return el.state.value.length;
}

function numberOf(el) {
  if (el.localName !== 'input' || !hasNumber(el.state.type)) return NaN;
  return stringToNumber(el.state.type, el.state.value);
}

// https://html.spec.whatwg.org/multipage/input.html#has-a-reversed-range
function hasReversedRange(el, min, max) {
  return el.state.type === 'time' && max < min;
}

function rangeUnderflow(el) {
  const value = numberOf(el);
  if (value !== value) return false;
  const min = minimumOf(el);
  const max = maximumOf(el);
  if (hasReversedRange(el, min, max)) return value > max && value < min;
  return value < min;
}

function rangeOverflow(el) {
  const value = numberOf(el);
  if (value !== value) return false;
  const min = minimumOf(el);
  const max = maximumOf(el);
  if (hasReversedRange(el, min, max)) return value > max && value < min;
  return value > max;
}

function stepMismatch(el) {
  const value = numberOf(el);
  if (value !== value) return false;
  const step = allowedStep(el);
  return step !== null && isStepMismatch(value, stepBase(el), step);
}

// Pseudo-classes :valid, :invalid, :in-range, :out-of-range.
export function isValid(el) {
  return matchesValidity(el, true);
}

export function isInvalid(el) {
  return matchesValidity(el, false);
}

function matchesValidity(el, wanted) {
  if (el.namespace !== HTML_NS) return false;
  if (el.localName === 'form') {
    const controls = controlsOf(el);
    for (let i = 0; i < controls.length; i++) if (willValidate(controls[i]) && !satisfiesConstraints(controls[i])) return !wanted;
    return wanted;
  }
  if (el.localName === 'fieldset') {
    for (let node = el.first; node !== null;) {
      if (node.nodeType === 1 && willValidate(node) && !satisfiesConstraints(node)) return !wanted;
      if (node.first !== null) {
        node = node.first;
        continue;
      }
      while (node !== el && node.next === null) node = node.parent;
      node = node === el ? null : node.next;
    }
    return wanted;
  }
  return willValidate(el) && satisfiesConstraints(el) === wanted;
}

export function hasRangeLimits(el) {
  if (el.localName !== 'input' || el.namespace !== HTML_NS || !hasNumber(el.state.type) || !willValidate(el)) return false;
  const min = minimumOf(el);
  const max = maximumOf(el);
  return min === min || max === max;
}

export function isInRange(el) {
  return !rangeUnderflow(el) && !rangeOverflow(el);
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#check-validity-steps
export function checkValidity(el) {
  if (!willValidate(el) || satisfiesConstraints(el)) return true;
  fireEvent(el, 'invalid', { __proto__: null, cancelable: true });
  return false;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#report-validity-steps; nothing is shown, so the event is all.
export function reportValidity(el) {
  return checkValidity(el);
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#statically-validate-the-constraints
// The controls whose `invalid` event was not cancelled, or null when all are valid.
export function staticallyValidate(form) {
  const shared = controlsOf(form);
  const invalid = [];
  for (let i = 0; i < shared.length; i++) {
    if (willValidate(shared[i]) && !satisfiesConstraints(shared[i])) invalid[invalid.length] = shared[i];
  }
  if (invalid.length === 0) return null;
  const unhandled = [];
  for (let i = 0; i < invalid.length; i++) {
    if (fireEvent(invalid[i], 'invalid', { __proto__: null, cancelable: true })) unhandled[unhandled.length] = invalid[i];
  }
  return unhandled;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-cva-validationmessage, in Chromium's words
export function validationMessage(el) {
  if (!willValidate(el)) return '';
  if (isFormAssociatedCustom(el)) return el.custom.internals === null ? '' : el.custom.internals.message;
  if (el.state.customError !== '') return el.state.customError;
  if (suffersFrom(el, 'valueMissing')) {
    if (el.localName === 'select') return 'Please select an item in the list.';
    if (el.localName === 'input') {
      if (el.state.type === 'checkbox') return 'Please check this box if you want to proceed.';
      if (el.state.type === 'radio') return 'Please select one of these options.';
      if (el.state.type === 'file') return 'Please select a file.';
    }
    return 'Please fill out this field.';
  }
  if (suffersFrom(el, 'typeMismatch')) return el.state.type === 'url' ? 'Please enter a URL.' : 'Please enter an email address.';
  if (suffersFrom(el, 'patternMismatch')) return 'Please match the requested format.';
  if (suffersFrom(el, 'tooLong')) {
    return 'Please shorten this text to ' + lengthLimit(el, 'maxlength') + ' characters or less (you are currently using ' + apiLength(el) + ' characters).';
  }
  if (suffersFrom(el, 'tooShort')) {
    return 'Please lengthen this text to ' + lengthLimit(el, 'minlength') + ' characters or more (you are currently using ' + apiLength(el) + ' characters).';
  }
  if (suffersFrom(el, 'rangeUnderflow')) return 'Value must be greater than or equal to ' + numberToString(el.state.type, minimumOf(el)) + '.';
  if (suffersFrom(el, 'rangeOverflow')) return 'Value must be less than or equal to ' + numberToString(el.state.type, maximumOf(el)) + '.';
  if (suffersFrom(el, 'stepMismatch')) return 'Please enter a valid value.';
  return '';
}
