// https://html.spec.whatwg.org/multipage/semantics-other.html#selector-defined
// What selectors ask about custom elements.

import { isCustomDefined } from '../html/custom_elements.js';

export function isDefinedElement(el) {
  return isCustomDefined(el);
}

export function customStateHas(el, name) {
  return el.custom !== null && el.custom.states !== null && el.custom.states.has(name);
}
