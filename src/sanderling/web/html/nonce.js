// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#nonce-attributes
// The cryptographic nonces of elements. Style sheets could read those that stand in attributes, so documents whose policies come by HTTP hide them there.

import { SafeWeakMap } from '../primordials.js';
import { getAttr, setAttr } from '../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';

const nonces = new SafeWeakMap();      // [[CryptographicNonce]] of elements whose attribute says something else

export function nonceOf(el) {
  return nonces.get(el) ?? getAttr(el, 'nonce') ?? '';
}

export function setNonce(el, value) {
  nonces.set(el, value);
}

// The attribute was set or removed: it counts again.
export function nonceAttributeChanged(el) {
  nonces.delete(el);
}

// The element became connected in a document that hides them.
export function hideNonce(el) {
  const value = getAttr(el, 'nonce');
  if (value === null || value === '' || (el.namespace !== HTML_NS && el.namespace !== SVG_NS)) return;
  const nonce = nonceOf(el);
  setAttr(el, 'nonce', '');
  nonces.set(el, nonce);
}

export function copyNonce(copy, source) {
  const nonce = nonces.get(source);
  if (nonce !== undefined) nonces.set(copy, nonce);
}
