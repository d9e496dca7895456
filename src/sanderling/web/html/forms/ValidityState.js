// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#validitystate
// The constraint validation API, and what all labelable controls share.

import { normalizedInput } from '../document_write.js';
import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { LiveNodeListImpl } from '../../dom/collections.js';
import { getAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { nextInTree, rootOf } from '../../dom/tree.js';
import { firstWithId, isLabelable } from './owner.js';
import { checkValidity, reportValidity, satisfiesConstraints, suffersFrom, validationMessage, willValidate } from './validity.js';

export class ValidityStateImpl extends Impl {
  constructor(el) {
    super();
    this.el = el;
  }
}

const validityFlag = (name) => (self) => suffersFrom(self.el, name);

export const validityStateInterface = defineInterface(`
[Exposed=Window]
interface ValidityState {
  readonly attribute boolean valueMissing;
  readonly attribute boolean typeMismatch;
  readonly attribute boolean patternMismatch;
  readonly attribute boolean tooLong;
  readonly attribute boolean tooShort;
  readonly attribute boolean rangeUnderflow;
  readonly attribute boolean rangeOverflow;
  readonly attribute boolean stepMismatch;
  readonly attribute boolean badInput;
  readonly attribute boolean customError;
  readonly attribute boolean valid;
};
`, {
  valueMissing: validityFlag('valueMissing'),
  typeMismatch: validityFlag('typeMismatch'),
  patternMismatch: validityFlag('patternMismatch'),
  tooLong: validityFlag('tooLong'),
  tooShort: validityFlag('tooShort'),
  rangeUnderflow: validityFlag('rangeUnderflow'),
  rangeOverflow: validityFlag('rangeOverflow'),
  stepMismatch: validityFlag('stepMismatch'),
  badInput: validityFlag('badInput'),
  customError: validityFlag('customError'),
  valid: (self) => satisfiesConstraints(self.el),
}, ValidityStateImpl);

// Members that button, fieldset, input, object, output, select and textarea have alike.
export const constraintValidationMembers = {
  __proto__: null,
  willValidate,
  validity: (self) => self.state.validity ?? (self.state.validity = new ValidityStateImpl(self)),
  validationMessage,
  checkValidity,
  reportValidity,
  setCustomValidity(self, message) {
    self.state.customError = normalizedInput(message);
    self.doc.version++;
  },
};

// https://html.spec.whatwg.org/multipage/forms.html#labeled-control
export function labeledControl(label) {
  const id = getAttr(label, 'for');
  if (id !== null) {
    const found = firstWithId(rootOf(label), id);
    return found !== null && isLabelable(found) ? found : null;
  }
  for (let node = label.first; node !== null; node = nextInTree(node, label)) if (node.nodeType === 1 && isLabelable(node)) return node;
  return null;
}

// https://html.spec.whatwg.org/multipage/forms.html#dom-lfe-labels
export function labelsOf(el) {
  if (!isLabelable(el)) return null;
  const holder = el.state ?? el.custom.internals;
  return holder.labels ?? (holder.labels = new LiveNodeListImpl(el, () => {
    const out = [];
    const root = rootOf(el);
    for (let node = root; node !== null; node = nextInTree(node, root)) {
      if (node.nodeType === 1 && node.localName === 'label' && node.namespace === HTML_NS && labeledControl(node) === el) out[out.length] = node;
    }
    return out;
  }));
}
