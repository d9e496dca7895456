// https://html.spec.whatwg.org/multipage/semantics-other.html#pseudo-classes
// Pseudo-classes without arguments, by name, and the two that ask for language and direction.

import { HTML_NS, SVG_NS, XML_NS } from '../../dom/namespaces.js';
import { SafeSet, StringPrototypeSplit, StringPrototypeStartsWith } from '../../primordials.js';
import { directionOf } from '../../html/direction.js';
import { isDefinedElement, customStateHas } from '../../dom/custom_element_state.js';
import { isChecked, isDefaultControl, isDisableable, isDisabled, isIndeterminate, isOptional, isPlaceholderShown, isReadWrite, isRequired } from '../../html/forms/states.js';
import { hasRangeLimits, isInRange, isInvalid, isValid } from '../../html/forms/validity.js';
import { activeChainHas, focusChainHas, hasFocus, hoverChainHas } from '../../html/interaction_state.js';
import { isMedia } from '../../html/media_loading.js';
import { isModalDialog, isPopoverShowing, isFullscreen } from '../../html/top_layer.js';
import { lowerAscii } from './names.js';

function previousElementOf(el) {
  let node = el.prev;
  while (node !== null && node.nodeType !== 1) node = node.prev;
  return node;
}

function nextElementOf(el) {
  let node = el.next;
  while (node !== null && node.nodeType !== 1) node = node.next;
  return node;
}

function isFirstOfType(el) {
  for (let node = el.prev; node !== null; node = node.prev) {
    if (node.nodeType === 1 && node.localName === el.localName && node.namespace === el.namespace) return false;
  }
  return true;
}

function isLastOfType(el) {
  for (let node = el.next; node !== null; node = node.next) {
    if (node.nodeType === 1 && node.localName === el.localName && node.namespace === el.namespace) return false;
  }
  return true;
}

// https://drafts.csswg.org/selectors-4/#empty-pseudo, as browsers have it: white space counts as content.
function isEmpty(el) {
  for (let node = el.first; node !== null; node = node.next) {
    if (node.nodeType === 1) return false;
    if ((node.nodeType === 3 || node.nodeType === 4) && node.data.length > 0) return false;
  }
  return true;
}

function hasAttribute(el, name) {
  for (let i = 0; i < el.attrs.length; i++) if (el.attrs[i].localName === name && el.attrs[i].namespace === null) return true;
  return false;
}

function isLink(el) {
  if (el.namespace === HTML_NS) return (el.localName === 'a' || el.localName === 'area') && hasAttribute(el, 'href');
  if (el.namespace !== SVG_NS || el.localName !== 'a') return false;
  for (let i = 0; i < el.attrs.length; i++) if (el.attrs[i].localName === 'href') return true;
  return false;
}

function isOpen(el) {
  return el.namespace === HTML_NS && (el.localName === 'details' || el.localName === 'dialog') && hasAttribute(el, 'open');
}

const never = () => false;

export const PSEUDO_TESTS = {
  __proto__: null,
  root: (el) => el.parent !== null && el.parent.nodeType === 9,
  empty: isEmpty,
  'first-child': (el) => previousElementOf(el) === null,
  'last-child': (el) => nextElementOf(el) === null,
  'only-child': (el) => previousElementOf(el) === null && nextElementOf(el) === null,
  'first-of-type': isFirstOfType,
  'last-of-type': isLastOfType,
  'only-of-type': (el) => isFirstOfType(el) && isLastOfType(el),
  link: isLink,
  'any-link': isLink,
  '-webkit-any-link': isLink,
  'local-link': never,
  visited: never,      // https://drafts.csswg.org/selectors-4/#link: history is not told to pages
  target: (el) => el.doc.targetElement === el,
  'target-within': (el) => {
    for (let node = el.doc.targetElement ?? null; node !== null; node = node.parent) if (node === el) return true;
    return false;
  },
  hover: hoverChainHas,
  active: activeChainHas,
  focus: hasFocus,
  'focus-visible': (el) => el.doc.focusedElement === el && el.doc.focusVisible,
  'focus-within': focusChainHas,
  defined: isDefinedElement,
  open: isOpen,
  modal: isModalDialog,
  'popover-open': isPopoverShowing,
  fullscreen: isFullscreen,
  '-webkit-full-screen': isFullscreen,
  'picture-in-picture': never,
  autofill: never,
  '-webkit-autofill': never,
  playing: (el) => isMedia(el) && !el.state.paused,
  paused: (el) => isMedia(el) && el.state.paused,
  seeking: never,
  buffering: never,
  stalled: never,
  muted: (el) => el.namespace === HTML_NS && (el.localName === 'audio' || el.localName === 'video') && hasAttribute(el, 'muted'),
  'volume-locked': never,
  current: never,
  past: never,
  future: never,
  'has-slotted': (el) => el.localName === 'slot' && el.namespace === HTML_NS && el.state !== null && el.state.assigned.length > 0,
  checked: isChecked,
  disabled: (el) => isDisabled(el),
  enabled: (el) => isDisableable(el) && !isDisabled(el),
  required: isRequired,
  optional: isOptional,
  'read-write': isReadWrite,
  'read-only': (el) => !isReadWrite(el),
  'placeholder-shown': isPlaceholderShown,
  default: isDefaultControl,
  indeterminate: isIndeterminate,
  valid: isValid,
  invalid: isInvalid,
  'user-valid': (el) => el.state !== null && el.state.userChanged === true && isValid(el),
  'user-invalid': (el) => el.state !== null && el.state.userChanged === true && isInvalid(el),
  'in-range': (el) => hasRangeLimits(el) && isInRange(el),
  'out-of-range': (el) => hasRangeLimits(el) && !isInRange(el),
};

// Those that doc.version does not cover.
export const VOLATILE_PSEUDOS = new SafeSet([
  'target', 'target-within', 'hover', 'active', 'focus', 'focus-visible', 'focus-within', 'defined', 'modal', 'popover-open', 'has-slotted',
  'checked', 'placeholder-shown', 'indeterminate', 'valid', 'invalid', 'user-valid', 'user-invalid', 'in-range', 'out-of-range', 'read-only', 'read-write',
]);

// https://html.spec.whatwg.org/multipage/dom.html#language
function languageOf(el) {
  for (let node = el; node !== null; node = node.nodeType === 11 ? (node.host ?? null) : node.parent) {
    if (node.nodeType !== 1) continue;
    let plain = null;
    for (let i = 0; i < node.attrs.length; i++) {
      const attr = node.attrs[i];
      if (attr.localName !== 'lang') continue;
      if (attr.namespace === XML_NS) return attr.value;
      if (attr.namespace === null && (node.namespace === HTML_NS || node.namespace === SVG_NS)) plain = attr.value;
    }
    if (plain !== null) return plain;
  }
  return el.doc.pragmaLanguage ?? '';
}

// One element is lastAsked for by many selectors in turn.
const lastAsked = { __proto__: null, el: null, version: -1, language: '' };

// https://drafts.csswg.org/selectors-4/#the-lang-pseudo; `ranges` are in lower case
export function hasLanguage(el, ranges) {
  if (lastAsked.el !== el || lastAsked.version !== el.doc.version) {
    lastAsked.el = el;
    lastAsked.version = el.doc.version;
    lastAsked.language = lowerAscii(languageOf(el));
  }
  const { language } = lastAsked;
  for (let i = 0; i < ranges.length; i++) if (matchesRange(language, ranges[i])) return true;
  return false;
}

// Extended filtering: https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2
function matchesRange(language, range) {
  if (range === '') return language === '';
  if (language === '') return false;
  if (range === '*') return true;
  if (!StringPrototypeStartsWith(range, '*')) {
    if (language === range) return true;
    if (!StringPrototypeStartsWith(language, range[0])) return false;
  }
  const tags = StringPrototypeSplit(language, '-');
  const wanted = StringPrototypeSplit(range, '-');
  if (wanted[0] !== '*' && wanted[0] !== tags[0]) return false;
  let at = 1;
  for (let i = 1; i < wanted.length;) {
    if (wanted[i] === '*') i++;
    else if (at >= tags.length) return false;
    else if (tags[at] === wanted[i]) {
      at++;
      i++;
    } else if (tags[at].length === 1) return false;
    else at++;
  }
  return true;
}

export function hasDirection(el, direction) {
  return (direction === 'ltr' || direction === 'rtl') && directionOf(el) === direction;
}

// https://html.spec.whatwg.org/multipage/custom-elements.html#selectordef-state
export function hasCustomState(el, name) {
  return customStateHas(el, name);
}
