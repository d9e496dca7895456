// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill-processing-model
// What the autocomplete attribute of a control comes to, as pages see it. Nothing is ever filled in.

import { StringPrototypeSplit, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../../primordials.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { splitTokens } from '../../dom/collections.js';

// Field names by category; a name of the contact category may have a kind of address before it.
let categories = null;
const OFF = 'off';
const NORMAL = 'name honorific-prefix given-name additional-name family-name honorific-suffix nickname username new-password current-password one-time-code '
  + 'organization-title organization street-address address-line1 address-line2 address-line3 address-level4 address-level3 address-level2 address-level1 country '
  + 'country-name postal-code cc-name cc-given-name cc-additional-name cc-family-name cc-number cc-exp cc-exp-month cc-exp-year cc-csc cc-type '
  + 'transaction-currency transaction-amount language bday bday-day bday-month bday-year sex url photo';
const CONTACT = 'tel tel-country-code tel-national tel-area-code tel-local tel-local-prefix tel-local-suffix tel-extension email impp';

function categoryOf(name) {
  if (categories === null) {
    categories = { __proto__: null, off: 'off', on: 'automatic', webauthn: 'credential' };
    const normal = StringPrototypeSplit(NORMAL, ' ');
    for (let i = 0; i < normal.length; i++) categories[normal[i]] = 'normal';
    const contact = StringPrototypeSplit(CONTACT, ' ');
    for (let i = 0; i < contact.length; i++) categories[contact[i]] = 'contact';
  }
  return categories[name] ?? '';
}

const MOST_TOKENS = { __proto__: null, off: 1, automatic: 1, normal: 3, contact: 4, credential: 5 };
const KINDS = { __proto__: null, home: true, work: true, mobile: true, fax: true, pager: true };

// The IDL-exposed autofill value
function exposedAutofill(el) {
  // 1-2.
  const value = getAttr(el, 'autocomplete');
  if (value === null) return '';
  const tokens = splitTokens(value);
  for (let i = 0; i < tokens.length; i++) tokens[i] = StringPrototypeToLowerCase(tokens[i]);
  // 3-4.
  if (tokens.length === 0) return '';
  let index = tokens.length - 1;
  let category = categoryOf(tokens[index]);
  // 5-7. An input that is hidden wears the autofill anchor mantle: on and off say nothing there.
  if (category === '' || tokens.length > MOST_TOKENS[category]) return '';
  if ((category === OFF || category === 'automatic') && el.localName === 'input' && el.state.type === 'hidden') return '';
  if (category === OFF || category === 'automatic') return tokens[index];
  let out = tokens[index];
  // 8: webauthn stands behind a field, or alone
  if (category === 'credential') {
    if (index === 0) return out;
    index--;
    category = categoryOf(tokens[index]);
    if (category !== 'normal' && category !== 'contact') return '';
    if (index >= MOST_TOKENS[category]) return '';
    out = tokens[index] + ' ' + out;
  }
  // 9-17. Before the field: the kind of contact, the mode, the section.
  index--;
  if (index >= 0 && category === 'contact' && KINDS[tokens[index]] === true) out = tokens[index--] + ' ' + out;
  if (index >= 0 && (tokens[index] === 'shipping' || tokens[index] === 'billing')) out = tokens[index--] + ' ' + out;
  if (index >= 0 && StringPrototypeStartsWith(tokens[index], 'section-')) out = tokens[index--] + ' ' + out;
  return index >= 0 ? '' : out;
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fe-autocomplete
export const autocompleteMember = { __proto__: null, get: exposedAutofill, set: (self, value) => setAttr(self, 'autocomplete', value) };
