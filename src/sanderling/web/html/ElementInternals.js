// https://html.spec.whatwg.org/multipage/custom-elements.html#the-elementinternals-interface

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { isInclusiveAncestor } from '../dom/tree.js';
import { createFormEntry, FormDataImpl } from '../xhr/FormData.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { SafeSet, StringPrototypeSlice, StringPrototypeToLowerCase, TypeError } from '../primordials.js';
import { formOwner, isFormAssociatedCustom } from './forms/owner.js';
import { elementsReflection } from './reflect.js';
import { labelsOf, ValidityStateImpl } from './forms/ValidityState.js';
import { checkValidity, reportValidity, validationMessage, willValidate } from './forms/validity.js';
import { disabledFeature, registryOf } from './custom_elements.js';

// https://html.spec.whatwg.org/multipage/custom-elements.html#customstateset
class CustomStateSetImpl extends Impl {
  constructor(el) {
    super();
    this.el = el;
    this.list = [];                // states in the order they were added, each as a pair
    this.set = new SafeSet();
  }

  has(name) {
    return this.set.has(name);
  }
}

defineInterface(`
[Exposed=Window]
interface CustomStateSet {
  setlike<DOMString>;
  any add(DOMString value);
  boolean delete(DOMString value);
  undefined clear();
};
`, {
  pairs: (self) => self.list,
  add(self, value) {
    if (!self.set.has(value)) {
      self.set.add(value);
      self.list[self.list.length] = [value, value];
      self.el.doc.version++;
    }
    return wrap(self);
  },
  delete(self, value) {
    if (!self.set.has(value)) return false;
    self.set.delete(value);
    const kept = [];
    for (let i = 0; i < self.list.length; i++) if (self.list[i][0] !== value) kept[kept.length] = self.list[i];
    self.list = kept;
    self.el.doc.version++;
    return true;
  },
  clear(self) {
    self.set = new SafeSet();
    self.list = [];
    self.el.doc.version++;
  },
}, CustomStateSetImpl);

class ElementInternalsImpl extends Impl {
  constructor(el) {
    super();
    this.el = el;
    this.submissionValue = null;   // string, FileImpl, or list of entries
    this.state = null;
    this.flags = null;             // validity flags by name
    this.message = '';
    this.anchor = null;
    this.validity = null;          // ValidityStateImpl, once asked
    this.labels = null;
    this.aria = { __proto__: null };
  }
}

// https://html.spec.whatwg.org/multipage/custom-elements.html#dom-attachinternals
export function internalsOf(el) {
  const wrong = (text) => domException('NotSupportedError', "Failed to execute 'attachInternals' on 'HTMLElement': " + text);
  // 1.
  if (el.custom !== null && el.custom.isValue !== null) throw wrong('Unable to attach ElementInternals to a customized built-in element.');
  // 2-3.
  const registry = registryOf(el);
  if (registry === null || !registry.byName.has(el.localName)) throw wrong('Unable to attach ElementInternals to non-custom elements.');
  // 4.
  if (disabledFeature(el, 'disableInternals')) throw wrong('ElementInternals is disabled by disabledFeature static field.');
  // 5.
  if (el.custom === null || (el.custom.state !== 'precustomized' && el.custom.state !== 'custom')) {
    throw wrong('The attachInternals() function cannot be called prior to the execution of the custom element constructor.');
  }
  if (el.custom.internals !== null) throw wrong('ElementInternals for the specified element was already attached.');
  // 6-7.
  const internals = new ElementInternalsImpl(el);
  el.custom.internals = internals;
  return internals;
}

function needFormAssociated(self, what) {
  if (!isFormAssociatedCustom(self.el)) {
    throw domException('NotSupportedError', 'Failed to ' + what + " on 'ElementInternals': The target element is not a form-associated custom element.");
  }
}

// A form value as the entry list wants it: null, a string, a file, or entries.
function submissionValueOf(value) {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof BlobImpl) return createFormEntry('', value).value;
  if (value instanceof FormDataImpl) {
    const out = [];
    for (let i = 0; i < value.entries.length; i++) out[i] = value.entries[i];
    return out;
  }
  return null;
}

const VALIDITY_FLAGS = [
  'valueMissing', 'typeMismatch', 'patternMismatch', 'tooLong', 'tooShort', 'rangeUnderflow', 'rangeOverflow', 'stepMismatch', 'badInput', 'customError',
];

// https://html.spec.whatwg.org/multipage/custom-elements.html#dom-elementinternals-setvalidity
function setValidity(self, flags, message, anchor) {
  needFormAssociated(self, "execute 'setValidity'");
  let any = false;
  const kept = { __proto__: null };
  for (let i = 0; i < VALIDITY_FLAGS.length; i++) {
    kept[VALIDITY_FLAGS[i]] = flags[VALIDITY_FLAGS[i]] === true;
    if (kept[VALIDITY_FLAGS[i]]) any = true;
  }
  if (any && (message === undefined || message === '')) {
    throw new TypeError("Failed to execute 'setValidity' on 'ElementInternals': The second argument should not be empty if one or more flags in the first argument are true.");
  }
  if (anchor !== undefined && (anchor === self.el || !isInclusiveAncestor(self.el, anchor)) && !inShadowOf(self.el, anchor)) {
    throw domException('NotFoundError', "Failed to execute 'setValidity' on 'ElementInternals': The Element argument is not a descendant of the target element.");
  }
  self.flags = kept;
  self.message = any ? message : '';
  self.anchor = any ? anchor ?? null : null;
  self.el.doc.version++;
}

function inShadowOf(host, node) {
  for (let at = node; at !== null; at = at.parent === null && at.nodeType === 11 ? at.host : at.parent) if (at === host) return at !== node;
  return false;
}

const ARIA_STRINGS = [
  'role', 'ariaAtomic', 'ariaAutoComplete', 'ariaBrailleLabel', 'ariaBrailleRoleDescription', 'ariaBusy', 'ariaChecked', 'ariaColCount', 'ariaColIndex', 'ariaColIndexText',
  'ariaColSpan', 'ariaCurrent', 'ariaDescription', 'ariaDisabled', 'ariaExpanded', 'ariaHasPopup', 'ariaHidden', 'ariaInvalid', 'ariaKeyShortcuts', 'ariaLabel', 'ariaLevel',
  'ariaLive', 'ariaModal', 'ariaMultiLine', 'ariaMultiSelectable', 'ariaOrientation', 'ariaPlaceholder', 'ariaPosInSet', 'ariaPressed', 'ariaReadOnly', 'ariaRelevant',
  'ariaRequired', 'ariaRoleDescription', 'ariaRowCount', 'ariaRowIndex', 'ariaRowIndexText', 'ariaRowSpan', 'ariaSelected', 'ariaSetSize', 'ariaSort', 'ariaValueMax',
  'ariaValueMin', 'ariaValueNow', 'ariaValueText',
];

// Those that name elements: aria-controls and so on
const ARIA_LISTS = ['Controls', 'DescribedBy', 'Details', 'ErrorMessage', 'FlowTo', 'LabelledBy', 'Owns'];

function ariaField(name) {
  return {
    __proto__: null,
    get: (self) => self.aria[name] ?? null,
    set(self, value) {
      self.aria[name] = value;
    },
  };
}

// Default semantics of the custom element: kept, for whoever computes its role.
function ariaMembers() {
  const out = { __proto__: null };
  for (let i = 0; i < ARIA_STRINGS.length; i++) {
    const name = ARIA_STRINGS[i];
    out[name] = ariaField(name);
  }
  out.ariaActiveDescendantElement = ariaField('ariaActiveDescendantElement');
  for (let i = 0; i < ARIA_LISTS.length; i++) {
    const name = 'aria' + ARIA_LISTS[i] + 'Elements';
    out[name] = {
      __proto__: null,
      get: (self) => self.aria[name] ?? null,
      set(self, value) {
        if (value !== null) value.frozen = null;
        self.aria[name] = value;
      },
    };
  }
  return out;
}

function ariaIDL() {
  let out = '  attribute Element? ariaActiveDescendantElement;\n';
  for (let i = 0; i < ARIA_STRINGS.length; i++) out += '  attribute DOMString? ' + ARIA_STRINGS[i] + ';\n';
  for (let i = 0; i < ARIA_LISTS.length; i++) out += '  attribute FrozenArray<Element>? aria' + ARIA_LISTS[i] + 'Elements;\n';
  return out;
}

// https://w3c.github.io/aria/#ARIAMixin: on elements they reflect attributes.
function ariaReflections() {
  let out = 'partial interface Element {\n';
  for (let i = 0; i < ARIA_STRINGS.length; i++) {
    const name = ARIA_STRINGS[i];
    const attribute = name === 'role' ? 'role' : 'aria-' + StringPrototypeToLowerCase(StringPrototypeSlice(name, 4));
    out += '  [CEReactions, Reflect="' + attribute + '"] attribute DOMString? ' + name + ';\n';
  }
  for (let i = 0; i < ARIA_LISTS.length; i++) out += '  [CEReactions] attribute FrozenArray<Element>? aria' + ARIA_LISTS[i] + 'Elements;\n';
  return out + '  [CEReactions, Reflect="aria-activedescendant"] attribute Element? ariaActiveDescendantElement;\n};';
}

function ariaListReflections() {
  const out = { __proto__: null };
  for (let i = 0; i < ARIA_LISTS.length; i++) out['aria' + ARIA_LISTS[i] + 'Elements'] = elementsReflection('aria-' + StringPrototypeToLowerCase(ARIA_LISTS[i]));
  return out;
}

defineInterface(ariaReflections(), ariaListReflections());

const forAssociated = (what, then) => (self) => {
  needFormAssociated(self, what);
  return then(self.el);
};

defineInterface(`
dictionary ValidityStateFlags {
  boolean valueMissing = false; boolean typeMismatch = false; boolean patternMismatch = false; boolean tooLong = false; boolean tooShort = false;
  boolean rangeUnderflow = false; boolean rangeOverflow = false; boolean stepMismatch = false; boolean badInput = false; boolean customError = false;
};
[Exposed=Window]
interface ElementInternals {
  readonly attribute ShadowRoot? shadowRoot;
  undefined setFormValue((File or USVString or FormData)? value, optional (File or USVString or FormData)? state);
  readonly attribute HTMLFormElement? form;
  undefined setValidity(optional ValidityStateFlags flags = {}, optional DOMString message, optional HTMLElement anchor);
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  readonly attribute NodeList labels;
  [SameObject] readonly attribute CustomStateSet states;
` + ariaIDL() + '};', {
  shadowRoot: (self) => (self.el.shadow !== null && self.el.shadow.availableToInternals ? self.el.shadow : null),
  // https://html.spec.whatwg.org/multipage/custom-elements.html#dom-elementinternals-setformvalue
  setFormValue(self, value, state) {
    needFormAssociated(self, "execute 'setFormValue'");
    self.submissionValue = submissionValueOf(value);
    self.state = state === undefined ? self.submissionValue : submissionValueOf(state);
  },
  form: forAssociated("read the 'form' property", formOwner),
  setValidity,
  willValidate: forAssociated("read the 'willValidate' property", willValidate),
  validity(self) {
    needFormAssociated(self, "read the 'validity' property");
    return self.validity ?? (self.validity = new ValidityStateImpl(self.el));
  },
  validationMessage: forAssociated("read the 'validationMessage' property", validationMessage),
  checkValidity: forAssociated("execute 'checkValidity'", checkValidity),
  reportValidity: forAssociated("execute 'reportValidity'", reportValidity),
  labels: forAssociated("read the 'labels' property", labelsOf),
  states(self) {
    const { custom } = self.el;
    return custom.states ?? (custom.states = new CustomStateSetImpl(self.el));
  },
  ...ariaMembers(),
}, ElementInternalsImpl);
