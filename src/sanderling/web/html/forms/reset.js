// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#resetting-a-form

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { fireEvent } from '../../dom/dispatch.js';
import { childTextContent } from '../../dom/tree.js';
import { resetOutput } from '../elements/form_parts.js';
import { enqueueCallback } from '../custom_elements.js';
import { sanitizeValue } from './input_types.js';
import { optionsOf, settleSelectedness } from './options.js';
import { controlsOf, isFormAssociatedCustom } from './owner.js';
import { settleRadioGroup } from './radio.js';
import { clampCursor, normalizeNewlines } from './text_control.js';

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-reset
export function resetForm(form) {
  const { state } = form;
  if (state.lockedForReset) return;
  state.lockedForReset = true;
  try {
    if (!fireEvent(form, 'reset', { __proto__: null, bubbles: true, cancelable: true })) return;
    const shared = controlsOf(form);
    const controls = [];
    for (let i = 0; i < shared.length; i++) controls[i] = shared[i];
    for (let i = 0; i < controls.length; i++) resetControl(controls[i]);
    form.doc.version++;
  } finally {
    state.lockedForReset = false;
  }
}

function resetControl(el) {
  const { state } = el;
  if (isFormAssociatedCustom(el)) {
    enqueueCallback(el, 'formResetCallback', []);
    return;
  }
  if (state === null) return;
  state.userChanged = false;
  switch (el.localName) {
    case 'input':
      state.dirtyValue = false;
      state.dirtyChecked = false;
      state.userEdited = false;
      state.value = sanitizeValue(el, getAttr(el, 'value') ?? '');
      clampCursor(el);
      state.checked = hasAttr(el, 'checked');
      state.files = null;
      settleRadioGroup(el);
      break;
    case 'textarea':
      state.dirtyValue = false;
      state.userEdited = false;
      state.value = normalizeNewlines(childTextContent(el));
      clampCursor(el);
      break;
    case 'select': {
      const options = optionsOf(el);
      for (let i = 0; i < options.length; i++) {
        options[i].state.selected = hasAttr(options[i], 'selected');
        options[i].state.dirty = false;
      }
      settleSelectedness(el);
      break;
    }
    case 'output': resetOutput(el); break;
    default:
  }
}
