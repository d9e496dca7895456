// https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes
// What [Reflect] attributes do. Enumerations: canonical keywords, with what a missing and an invalid value mean.

import { setHooks } from '../webidl/runtime.js';
import { domException } from '../dom/DOMException.js';
import { elementById, getAttr, removeAttr, setAttr } from '../dom/attributes.js';
import { splitTokens } from '../dom/collections.js';
import { rootOf } from '../dom/tree.js';
import { elementByIdIn } from '../dom/DocumentFragment.js';
import { NumberIsFinite, RegExpPrototypeExec, SafeWeakMap, TypeError, WeakRef, WeakRefPrototypeDeref } from '../primordials.js';
import { lowerAscii } from '../css/selectors/names.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { documentBaseURL } from './document_state.js';
import { parseFloatingPoint } from './forms/input_types.js';
import { firstWithId } from './forms/owner.js';

const ENUMS = { __proto__: null };

// `missing` and `invalid` are keywords or null; `aliases` maps other keywords to canonical ones.
export function defineEnumAttribute(name, keywords, missing, invalid, aliases) {
  const table = { __proto__: null };
  for (let i = 0; i < keywords.length; i++) table[keywords[i]] = keywords[i];
  if (aliases !== undefined) for (const alias in aliases) table[alias] = aliases[alias];
  ENUMS[name] = { __proto__: null, table, missing, invalid };
}

const CORS = ['anonymous', 'use-credentials'];
defineEnumAttribute('crossorigin', CORS, null, 'anonymous', { '': 'anonymous' });
defineEnumAttribute('referrerpolicy', [
  '', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin', 'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url',
], '', '');
defineEnumAttribute('loading', ['lazy', 'eager'], 'eager', 'eager');
defineEnumAttribute('fetchpriority', ['high', 'low', 'auto'], 'auto', 'auto');
defineEnumAttribute('decoding', ['sync', 'async', 'auto'], 'auto', 'auto');
defineEnumAttribute('preload', ['none', 'metadata', 'auto'], 'metadata', 'metadata', { '': 'auto' });
defineEnumAttribute('method', ['get', 'post', 'dialog'], 'get', 'get');
defineEnumAttribute('formmethod', ['get', 'post', 'dialog'], '', 'get');
defineEnumAttribute('enctype', ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'], 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded');
defineEnumAttribute('formenctype', ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'], '', 'application/x-www-form-urlencoded');
defineEnumAttribute('autocompleteform', ['on', 'off'], 'on', 'on');
defineEnumAttribute('dir', ['ltr', 'rtl', 'auto'], '', '');
defineEnumAttribute('inputmode', ['none', 'text', 'tel', 'url', 'email', 'numeric', 'decimal', 'search'], '', '');
defineEnumAttribute('enterkeyhint', ['enter', 'done', 'go', 'next', 'previous', 'search', 'send'], '', '');
defineEnumAttribute('as', ['fetch', 'audio', 'document', 'embed', 'font', 'image', 'manifest', 'object', 'report', 'script', 'sharedworker', 'style', 'track', 'video', 'worker', 'xslt', 'json'], '', '');
defineEnumAttribute('scope', ['row', 'col', 'rowgroup', 'colgroup'], '', '');
defineEnumAttribute('kind', ['subtitles', 'captions', 'descriptions', 'chapters', 'metadata'], 'subtitles', 'metadata');
defineEnumAttribute('popovertargetaction', ['toggle', 'show', 'hide'], 'toggle', 'toggle');
defineEnumAttribute('shadowrootmode', ['open', 'closed'], '', '');
defineEnumAttribute('direction', ['left', 'right', 'up', 'down'], 'left', 'left');
defineEnumAttribute('behavior', ['scroll', 'slide', 'alternate'], 'scroll', 'scroll');

export function enumValue(el, attribute, name) {
  const rules = ENUMS[name];
  if (rules === undefined) throw new TypeError('no enumerated attribute ' + name);
  const value = getAttr(el, attribute);
  if (value === null) return rules.missing;
  return rules.table[lowerAscii(value)] ?? rules.invalid;
}

// https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers
export function parseInteger(text) {
  const match = RegExpPrototypeExec(/^[\t\n\f\r ]*([+-]?[0-9]+)/, text);
  return match === null ? null : +match[1] + 0;      // never -0
}

export function parseNonNegative(text) {
  const value = parseInteger(text);
  return value === null || value < 0 ? null : value;
}

function inRange(value, low, high) {
  return value !== null && value >= low && value <= high;
}

const MAX_LONG = 2147483647;

// mode: 0 plain, 1 non-negative, 2 positive, 3 positive with fallback
function getInt(el, name, unsigned, mode, fallback, range) {
  const text = getAttr(el, name);
  if (text !== null) {
    if (range !== null) {
      // [ReflectRange]: clamped
      const value = parseNonNegative(text);
      if (value !== null) return value < range[0] ? range[0] : value > range[1] ? range[1] : value;
    } else if (unsigned || mode === 1) {
      const value = parseNonNegative(text);
      if (inRange(value, mode >= 2 ? 1 : 0, MAX_LONG)) return value;
    } else {
      const value = parseInteger(text);
      if (inRange(value, -MAX_LONG - 1, MAX_LONG)) return value === 0 ? 0 : value;
    }
  }
  return fallback;
}

function setInt(el, name, value, unsigned, mode, fallback) {
  if (mode === 1 && value < 0) throw domException('IndexSizeError', 'The value provided (' + value + ') is negative.');
  if (mode === 2 && value === 0) throw domException('IndexSizeError', 'The value provided is 0, which is an invalid size.');
  let actual = value;
  if (unsigned && (value > MAX_LONG || (mode === 3 && value < 1))) actual = fallback;
  setAttr(el, name, '' + actual);
}

function getURL(el, name) {
  const value = getAttr(el, name);
  if (value === null) return '';
  const record = parseURL(value, documentBaseURL(el.doc), el.doc.encoding);
  return record === null ? value : serializeURL(record);
}

// Elements that were assigned by property: https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#explicitly-set-attr-element
const explicit = new SafeWeakMap();

// Is `target` below a shadow-including ancestor of `el`?
function reaches(el, target) {
  const root = rootOf(target);
  for (let at = rootOf(el); ; at = rootOf(at.host)) {
    if (at === root) return true;
    if (at.nodeType !== 11 || at.host === null) return false;
  }
}

function getElement(el, name) {
  const set = explicit.get(el);
  const ref = set === undefined ? undefined : set[name];
  if (ref !== undefined) {
    const target = WeakRefPrototypeDeref(ref);
    if (target !== undefined && getAttr(el, name) === '' && reaches(el, target)) return target;
  }
  const id = getAttr(el, name);
  if (id === null || id === '') return null;
  const root = rootOf(el);
  return root.nodeType === 9 ? elementById(root, id) : elementByIdIn(root, id);
}

function setElement(el, name, value) {
  if (value === null) {
    removeAttr(el, name);
    return;
  }
  setAttr(el, name, '');
  const set = explicit.get(el) ?? { __proto__: null };
  set[name] = new WeakRef(value);
  explicit.set(el, set);
}

// https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#attr-associated-elements: a list, or null without the attribute
export function reflectedElements(el, name) {
  const value = getAttr(el, name);
  if (value === null) return null;
  const out = [];
  const set = explicit.get(el);
  const refs = set === undefined || value !== '' ? undefined : set[name];
  if (refs !== undefined) {
    for (let i = 0; i < refs.length; i++) {
      const target = WeakRefPrototypeDeref(refs[i]);
      if (target !== undefined && reaches(el, target)) out[out.length] = target;
    }
    return out;
  }
  const ids = splitTokens(value);
  const root = rootOf(el);
  for (let i = 0; i < ids.length; i++) {
    const found = firstWithId(root, ids[i]);
    if (found !== null) out[out.length] = found;
  }
  return out;
}

// "Cached attr-associated elements object": pages see the same array while it holds the same elements.
const associated = new SafeWeakMap();

export function elementsReflection(name) {
  return {
    __proto__: null,
    get(el) {
      const list = reflectedElements(el, name);
      if (list === null) return null;
      let known = associated.get(el);
      if (known === undefined) associated.set(el, known = { __proto__: null });
      const before = known[name];
      if (before !== undefined && before.length === list.length) {
        let i = 0;
        while (i < list.length && list[i] === before[i]) i++;
        if (i === list.length) return before;
      }
      list.frozen = null;
      known[name] = list;
      return list;
    },
    set(el, list) {
      if (list === null) {
        removeAttr(el, name);
        return;
      }
      setAttr(el, name, '');
      const refs = [];
      for (let i = 0; i < list.length; i++) refs[i] = new WeakRef(list[i]);
      const set = explicit.get(el) ?? { __proto__: null };
      set[name] = refs;
      explicit.set(el, set);
    },
  };
}

setHooks({
  __proto__: null,
  reflect: {
    __proto__: null,
    getString: (el, name) => getAttr(el, name) ?? '',
    setString: setAttr,
    getNullable: (el, name) => getAttr(el, name),
    setNullable(el, name, value) {
      if (value === null) removeAttr(el, name);
      else setAttr(el, name, value);
    },
    getBoolean: (el, name) => getAttr(el, name) !== null,
    setBoolean(el, name, value) {
      if (value) setAttr(el, name, '');
      else removeAttr(el, name);
    },
    getInt,
    setInt,
    getDouble(el, name, fallback, positive) {
      const text = getAttr(el, name);
      const value = text === null ? null : parseFloatingPoint(text);
      return value === null || !NumberIsFinite(value) || (positive && value <= 0) ? fallback : value;
    },
    setDouble(el, name, value, positive) {
      if (positive && value <= 0) return;
      setAttr(el, name, '' + value);
    },
    getURL,
    getEnum: enumValue,
    getElement,
    setElement,
  },
});
