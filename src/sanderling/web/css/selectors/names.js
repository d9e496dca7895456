// https://dom.spec.whatwg.org/#concept-class: ids and class tokens, read straight from the attribute list since everything hot asks for them.

import { StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice, StringFromCharCode } from '../../primordials.js';

export function classAttribute(el) {
  const attrs = el.attrs;
  for (let i = 0; i < attrs.length; i++) {
    const attr = attrs[i];
    if (attr.localName === 'class' && attr.namespace === null) return attr.value;
  }
  return null;
}

export function idAttribute(el) {
  return el.elementId;
}

// ASCII whitespace, as the DOM splits tokens
export function isTokenSpace(c) {
  return c === 0x20 || c === 0x0a || c === 0x09 || c === 0x0d || c === 0x0c;
}

export function hasClassToken(value, name) {
  if (value === name) return name !== '';
  const length = name.length;
  if (length === 0 || value.length <= length) return false;
  for (let at = StringPrototypeIndexOf(value, name); at !== -1; at = StringPrototypeIndexOf(value, name, at + 1)) {
    const end = at + length;
    if ((at === 0 || isTokenSpace(StringPrototypeCharCodeAt(value, at - 1)))
        && (end === value.length || isTokenSpace(StringPrototypeCharCodeAt(value, end)))) return true;
  }
  return false;
}

// https://infra.spec.whatwg.org/#ascii-lowercase
export function lowerAscii(text) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c >= 0x41 && c <= 0x5a) return lowerFrom(text, i);
  }
  return text;
}

function lowerFrom(text, start) {
  let out = StringPrototypeSlice(text, 0, start);
  for (let i = start; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    out += c >= 0x41 && c <= 0x5a ? StringFromCharCode(c + 32) : text[i];
  }
  return out;
}
