// https://html.spec.whatwg.org/multipage/custom-elements.html#custom-elements-face
// Form-associated custom elements hear of their form owner and of being disabled. Both are worked out when asked (owner.js), so they are looked at wherever
// they may have changed; documents without such elements pay a comparison.

import { SafeSet, SafeWeakMap } from '../../primordials.js';
import { wrapOrNull } from '../../webidl/wrapper.js';
import { enqueueCallback } from '../custom_elements.js';
import { formOwner, isDisabledControl } from './owner.js';

const lastFacts = new SafeWeakMap();      // element to { form, disabled }, as it was last told

// It became custom, came into a document, or left one.
export function customControlMoved(el, connected) {
  const { doc } = el;
  if (connected) {
    if (doc.customControls === null) doc.customControls = new SafeSet();
    doc.customControls.add(el);
  } else if (doc.customControls !== null) doc.customControls.delete(el);
  checkCustomControl(el);
}

// Attributes, forms or fieldsets of the document changed.
export function checkCustomControls(doc) {
  if (doc.customControls !== null) doc.customControls.forEach(checkCustomControl);
}

// What it is told, if anything.
export function checkCustomControl(el) {
  const facts = lastFacts.get(el);
  const form = formOwner(el);
  const disabled = isDisabledControl(el);
  lastFacts.set(el, { __proto__: null, form, disabled });
  if (form !== (facts === undefined ? null : facts.form)) enqueueCallback(el, 'formAssociatedCallback', [wrapOrNull(form)]);
  if (disabled !== (facts !== undefined && facts.disabled)) enqueueCallback(el, 'formDisabledCallback', [disabled]);
}
