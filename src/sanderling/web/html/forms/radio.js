// https://html.spec.whatwg.org/multipage/input.html#radio-button-group
// Of a group of radio buttons one at most is checked.

import { forEachOfRadioGroup } from './states.js';

export function setChecked(el, value) {
  el.state.checked = value;
  el.doc.version++;
  settleRadioGroup(el);
}

// Called where a checked radio button comes into a group.
export function settleRadioGroup(el) {
  if (el.state.type !== 'radio' || !el.state.checked) return;
  forEachOfRadioGroup(el, (other) => {
    other.state.checked = false;
  });
}

// The checked one of the group of `el`, or null.
export function checkedOfGroup(el) {
  if (el.state.checked) return el;
  let found = null;
  forEachOfRadioGroup(el, (other) => {
    if (other.state.checked) found = other;
  });
  return found;
}
