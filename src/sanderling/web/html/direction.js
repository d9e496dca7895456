// https://html.spec.whatwg.org/multipage/dom.html#the-directionality
// ltr or rtl for every element, from `dir` attributes and, for `auto`, from the first strong character.

import { getAttr } from '../dom/attributes.js';
import { rootOf } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';
import { StringPrototypeCodePointAt } from '../primordials.js';
import { lowerAscii } from '../css/selectors/names.js';

const AUTO_INPUT_TYPES = {
  __proto__: null, hidden: true, text: true, search: true, tel: true, url: true, email: true, password: true, submit: true, reset: true, button: true,
};

const VALUE_ATTRIBUTE_TYPES = { __proto__: null, hidden: true, submit: true, reset: true, button: true };

// https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
export function dirState(el) {
  const value = getAttr(el, 'dir');
  if (value === null) return '';
  const lower = lowerAscii(value);
  return lower === 'ltr' || lower === 'rtl' || lower === 'auto' ? lower : '';
}

export function directionOf(el) {
  for (let node = el; node !== null;) {
    if (node.nodeType === 9) return 'ltr';
    if (node.nodeType === 11) {
      node = node.host ?? null;
      continue;
    }
    if (node.nodeType === 1 && node.namespace === HTML_NS) {
      const state = dirState(node);
      if (state === 'ltr' || state === 'rtl') return state;
      if (state === 'auto' || (state === '' && node.localName === 'bdi')) return autoDirection(node) ?? 'ltr';
      if (node.localName === 'input' && node.state !== null && node.state.type === 'tel') return 'ltr';
    }
    node = node.parent;
  }
  return 'ltr';
}

// https://html.spec.whatwg.org/multipage/dom.html#auto-directionality
function autoDirection(el) {
  if (el.localName === 'textarea' || (el.localName === 'input' && AUTO_INPUT_TYPES[el.state.type] === true)) {
    const value = el.localName === 'textarea' || !VALUE_ATTRIBUTE_TYPES[el.state.type] ? el.state.value : getAttr(el, 'value') ?? '';
    const direction = textDirection(value);
    return direction ?? (value === '' ? null : 'ltr');
  }
  if (el.localName === 'slot' && isSlotOfShadow(el)) {
    for (let i = 0; i < el.state.assigned.length; i++) {
      const child = el.state.assigned[i];
      const direction = child.nodeType === 3 ? textDirection(child.data) : decidesItself(child) ? null : containedDirection(child);
      if (direction !== null) return direction;
    }
    return null;
  }
  return containedDirection(el);
}

function isSlotOfShadow(el) {
  const root = rootOf(el);
  return root.nodeType === 11 && root.isShadow;
}

function decidesItself(el) {
  if (el.nodeType !== 1 || el.namespace !== HTML_NS) return false;
  const name = el.localName;
  return name === 'bdi' || name === 'script' || name === 'style' || name === 'textarea' || dirState(el) !== '';
}

// https://html.spec.whatwg.org/multipage/dom.html#contained-text-auto-directionality: the first strong character, without elements that decide for themselves
function containedDirection(el) {
  let node = el.first;
  while (node !== null) {
    let skip = false;
    if (node.nodeType === 3) {
      const direction = textDirection(node.data);
      if (direction !== null) return direction;
    } else if (node.nodeType === 1) {
      skip = decidesItself(node);
      if (!skip && node.localName === 'slot' && node.namespace === HTML_NS && isSlotOfShadow(node)) return directionOf(rootOf(node).host);
    }
    if (!skip && node.first !== null) {
      node = node.first;
      continue;
    }
    while (node !== el && node.next === null) node = node.parent;
    node = node === el ? null : node.next;
  }
  return null;
}

// By bidirectional class L, R or AL; the ranges are those of the right-to-left blocks.
function textDirection(text) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCodePointAt(text, i);
    if (c > 0xffff) i++;
    if (isRightToLeft(c)) return 'rtl';
    if (isLeftToRight(c)) return 'ltr';
  }
  return null;
}

function isRightToLeft(c) {
  return (c >= 0x05be && c <= 0x05ff && c !== 0x05bf) || (c >= 0x0608 && c <= 0x064a && c !== 0x0609 && c !== 0x060a && c !== 0x060c)
    || (c >= 0x066d && c <= 0x06d5 && c !== 0x0670) || (c >= 0x06fa && c <= 0x0710) || (c >= 0x0712 && c <= 0x072f)
    || (c >= 0x074d && c <= 0x07a5) || (c >= 0x07b1 && c <= 0x07ea) || (c >= 0x0800 && c <= 0x0815) || (c >= 0x0840 && c <= 0x0858)
    || (c >= 0x08a0 && c <= 0x08c9) || c === 0x200f || c === 0xfb1d || (c >= 0xfb1f && c <= 0xfdff && c !== 0xfb29) || (c >= 0xfe70 && c <= 0xfefc)
    || (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

function isLeftToRight(c) {
  return (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0xaa || c === 0xb5 || c === 0xba
    || (c >= 0xc0 && c <= 0x02b8 && c !== 0xd7 && c !== 0xf7) || (c >= 0x0370 && c <= 0x058a && c !== 0x0374 && c !== 0x0375 && c !== 0x037e && c !== 0x0387)
    || (c >= 0x0903 && c <= 0x1fff) || c === 0x200e || (c >= 0x2c00 && c <= 0x2fff) || (c >= 0x3005 && c <= 0xd7ff)
    || (c >= 0xe000 && c <= 0xfb1c) || (c >= 0xff21 && c <= 0xff3a) || (c >= 0xff41 && c <= 0xffdc) || (c >= 0x10000 && c <= 0x107ff) || c >= 0x11000;
}
