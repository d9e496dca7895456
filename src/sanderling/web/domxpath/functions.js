// https://www.w3.org/TR/1999/REC-xpath-19991116/#corelib
// The core function library. Strings count UTF-16 code units, as in every browser.

import { lowerAscii } from '../css/selectors/names.js';
import { elementById } from '../dom/attributes.js';
import { XML_NS } from '../dom/namespaces.js';
import { nextInTree } from '../dom/tree.js';
import {
  MathCeil, MathFloor, MathRound, StringPrototypeCharAt, StringPrototypeCharCodeAt, StringPrototypeIncludes, StringPrototypeIndexOf, StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../primordials.js';
import { xpIsSpace } from './lexer.js';
import { xpNumber, xpNumberOfString, xpRoot, xpSorted, xpString, xpStringOfNode } from './values.js';

// Each function: least and most arguments, the types they are converted to ('set' is not converted: anything else is an error), the type of
// the result, and the function itself. `contextual` ones get (node, position, size) before their arguments; an absent last
// argument of `defaults` ones is a node-set of the context node.
function xpFunction(min, max, argument, result, call, flags = { __proto__: null }) {
  return { __proto__: null, min, max, argument, result, call, contextual: flags.contextual === true, defaults: flags.defaults === true };
}

const CONTEXTUAL = { __proto__: null, contextual: true };
const DEFAULTS = { __proto__: null, defaults: true };

// Words between white space.
function splitWords(text, callback) {
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !xpIsSpace(StringPrototypeCharCodeAt(text, i))) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      callback(StringPrototypeSlice(text, start, i));
      start = -1;
    }
  }
}

// 4.1 id(): in the tree of the context node
function elementsById(node, value) {
  const root = xpRoot(node);
  const out = [];
  const find = (id) => {
    let found = null;
    if (root.nodeType === 9) found = elementById(root, id);
    else {
      for (let at = root; at !== null && found === null; at = nextInTree(at, root)) {
        if (at.nodeType !== 1) continue;
        for (let i = 0; i < at.attrs.length; i++) {
          if (at.attrs[i].localName === 'id' && at.attrs[i].namespace === null && at.attrs[i].value === id) found = at;
        }
      }
    }
    if (found !== null) out[out.length] = found;
  };
  if (typeof value === 'object') for (let i = 0; i < value.length; i++) splitWords(xpStringOfNode(value[i]), find);
  else splitWords(xpString(value), find);
  return xpSorted(out);
}

// 4.1 local-name(): of nodes with an expanded-name
function xpLocalName(node) {
  switch (node.nodeType) {
    case 1: case 2: return node.localName;
    case 7: return node.target;
    default: return '';
  }
}

function xpQualifiedName(node) {
  switch (node.nodeType) {
    case 1: return node.prefix === null ? node.localName : node.prefix + ':' + node.localName;
    case 2: return node.name;
    case 7: return node.target;
    default: return '';
  }
}

// 4.3 lang(): the nearest xml:lang is the language, or a sublanguage of it, whatever the case
function isInLanguage(node, language) {
  for (let at = node.nodeType === 2 ? node.element : node; at !== null; at = at.parent) {
    if (at.nodeType !== 1) continue;
    for (let i = 0; i < at.attrs.length; i++) {
      const attr = at.attrs[i];
      if (attr.localName !== 'lang' || attr.namespace !== XML_NS) continue;
      const have = lowerAscii(attr.value);
      const want = lowerAscii(language);
      return have === want || StringPrototypeStartsWith(have, want + '-');
    }
  }
  return false;
}

// 4.2 substring(): positions are numbers that need not be whole, nor inside
function substringOf(text, position, length) {
  const from = MathRound(position);
  // "less than the sum of the rounded second and third argument"; NaN makes every comparison false.
  const to = length === undefined ? Infinity : from + MathRound(length);
  if (from !== from || to !== to) return '';
  const start = from < 1 ? 0 : from - 1;
  const end = to - 1;
  return end <= start ? '' : StringPrototypeSlice(text, start, end);
}

function normalizeSpace(text) {
  let out = '';
  splitWords(text, (word) => {
    out += out === '' ? word : ' ' + word;
  });
  return out;
}

// 4.2 translate(): the first occurrence in `from` counts
function translate(text, from, to) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const char = StringPrototypeCharAt(text, i);
    const at = StringPrototypeIndexOf(from, char);
    if (at < 0) out += char;
    else if (at < to.length) out += StringPrototypeCharAt(to, at);
  }
  return out;
}

export const XPATH_FUNCTIONS = {
  __proto__: null,
  // 4.1 node sets
  last: xpFunction(0, 0, 'number', 'number', (node, position, size) => size, CONTEXTUAL),
  position: xpFunction(0, 0, 'number', 'number', (node, position) => position, CONTEXTUAL),
  count: xpFunction(1, 1, 'set', 'number', (set) => set.length),
  id: xpFunction(1, 1, 'any', 'set', (node, position, size, value) => elementsById(node, value), CONTEXTUAL),
  'local-name': xpFunction(0, 1, 'set', 'string', (set) => (set.length === 0 ? '' : xpLocalName(set[0])), DEFAULTS),
  'namespace-uri': xpFunction(0, 1, 'set', 'string', (set) => (set.length === 0 || (set[0].nodeType !== 1 && set[0].nodeType !== 2) ? '' : set[0].namespace ?? ''), DEFAULTS),
  name: xpFunction(0, 1, 'set', 'string', (set) => (set.length === 0 ? '' : xpQualifiedName(set[0])), DEFAULTS),
  // 4.2 strings
  string: xpFunction(0, 1, 'string', 'string', (text) => text, DEFAULTS),
  concat: xpFunction(2, Infinity, 'string', 'string', null),
  'starts-with': xpFunction(2, 2, 'string', 'boolean', (text, start) => StringPrototypeStartsWith(text, start)),
  contains: xpFunction(2, 2, 'string', 'boolean', (text, part) => StringPrototypeIncludes(text, part)),
  'substring-before': xpFunction(2, 2, 'string', 'string', (text, part) => {
    const at = StringPrototypeIndexOf(text, part);
    return at < 0 ? '' : StringPrototypeSlice(text, 0, at);
  }),
  'substring-after': xpFunction(2, 2, 'string', 'string', (text, part) => {
    const at = StringPrototypeIndexOf(text, part);
    return at < 0 ? '' : StringPrototypeSlice(text, at + part.length);
  }),
  substring: xpFunction(2, 3, 'any', 'string', (text, from, length) => substringOf(xpString(text), xpNumber(from), length === undefined ? undefined : xpNumber(length))),
  'string-length': xpFunction(0, 1, 'string', 'number', (text) => text.length, DEFAULTS),
  'normalize-space': xpFunction(0, 1, 'string', 'string', normalizeSpace, DEFAULTS),
  translate: xpFunction(3, 3, 'string', 'string', translate),
  // 4.3 booleans
  boolean: xpFunction(1, 1, 'boolean', 'boolean', (value) => value),
  not: xpFunction(1, 1, 'boolean', 'boolean', (value) => !value),
  true: xpFunction(0, 0, 'boolean', 'boolean', () => true),
  false: xpFunction(0, 0, 'boolean', 'boolean', () => false),
  lang: xpFunction(1, 1, 'string', 'boolean', (node, position, size, language) => isInLanguage(node, language), CONTEXTUAL),
  // 4.4 numbers
  number: xpFunction(0, 1, 'number', 'number', (value) => value, DEFAULTS),
  sum: xpFunction(1, 1, 'set', 'number', (set) => {
    let total = 0;
    for (let i = 0; i < set.length; i++) total += xpNumberOfString(xpStringOfNode(set[i]));
    return total;
  }),
  floor: xpFunction(1, 1, 'number', 'number', (value) => MathFloor(value)),
  ceiling: xpFunction(1, 1, 'number', 'number', (value) => MathCeil(value)),
  // "the one that is closest to positive infinity", and both zeros and halves of -0.5: exactly Math.round
  round: xpFunction(1, 1, 'number', 'number', (value) => MathRound(value)),
};
