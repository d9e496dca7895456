// https://www.w3.org/TR/1999/REC-xpath-19991116/#data-model
// The data model over our nodes, and the conversions of values. A node-set is an array of nodes in document order, each once.

import { compareTreeOrder } from '../dom/live_ranges.js';
import { descendantTextContent, nextInTree, rootOf } from '../dom/tree.js';
import {
  ArrayPrototypeSort, NumberIsFinite, NumberParseFloat, SafeSet, String, StringPrototypeCharAt, StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeRepeat, StringPrototypeSlice,
} from '../primordials.js';
import { xpIsSpace } from './lexer.js';

// -- nodes -------------------------------------------------------------------------------------------------------------

// 5.2-5.7: the string-value of a node
export function xpStringOfNode(node) {
  switch (node.nodeType) {
    case 2: return node.value;
    case 3: case 4: case 7: case 8: return node.data;
    default: return descendantTextContent(node);
  }
}

// The root of the tree; an attribute is in the tree of its element.
export function xpRoot(node) {
  return rootOf(node.nodeType === 2 && node.element !== null ? node.element : node);
}

// 5.3: attributes come right after their element, before its children.
function compareXPathOrder(a, b) {
  const first = a.nodeType === 2 && a.element !== null ? a.element : a;
  const second = b.nodeType === 2 && b.element !== null ? b.element : b;
  if (first !== second) return compareTreeOrder(first, second);
  if (first === a) return second === b ? 0 : -1;
  if (second === b) return 1;
  const { attrs } = first;
  for (let i = 0; i < attrs.length; i++) {
    if (attrs[i] === a) return a === b ? 0 : -1;
    if (attrs[i] === b) return 1;
  }
  return 0;
}

// Above this many nodes, one walk over the tree is quicker than comparing them.
const MANY_NODES = 40;

// Nodes of one tree, in any order and possibly more than once, as a node-set.
export function xpSorted(nodes) {
  const { length } = nodes;
  if (length < 2) return nodes;
  const out = [];
  const set = new SafeSet();
  for (let i = 0; i < length; i++) set.add(nodes[i]);
  if (set.size > MANY_NODES) {
    let left = set.size;
    const root = xpRoot(nodes[0]);
    for (let at = root; at !== null && left > 0; at = nextInTree(at, root)) {
      if (set.has(at)) {
        out[out.length] = at;
        left--;
      }
      if (at.nodeType === 1) {
        for (let i = 0; i < at.attrs.length; i++) {
          if (set.has(at.attrs[i])) {
            out[out.length] = at.attrs[i];
            left--;
          }
        }
      }
    }
    return out;
  }
  for (let i = 0; i < length; i++) {
    if (!set.has(nodes[i])) continue;
    set.delete(nodes[i]);
    out[out.length] = nodes[i];
  }
  return ArrayPrototypeSort(out, compareXPathOrder);
}

// -- conversions -------------------------------------------------------------------------------------------------------

function isDigitAt(text, at) {
  const code = StringPrototypeCharCodeAt(text, at);
  return code >= 0x30 && code <= 0x39;
}

// 4.4 number(): optional white space, optional minus sign, a Number, white space. Neither exponents nor a plus sign.
export function xpNumberOfString(text) {
  let start = 0;
  let end = text.length;
  while (start < end && xpIsSpace(StringPrototypeCharCodeAt(text, start))) start++;
  while (end > start && xpIsSpace(StringPrototypeCharCodeAt(text, end - 1))) end--;
  let at = start;
  if (at < end && StringPrototypeCharAt(text, at) === '-') at++;
  let digits = 0;
  for (; at < end && isDigitAt(text, at); at++) digits++;
  if (at < end && StringPrototypeCharAt(text, at) === '.') for (at++; at < end && isDigitAt(text, at); at++) digits++;
  if (digits === 0 || at !== end) return NaN;
  return NumberParseFloat(StringPrototypeSlice(text, start, end));
}

// 4.2 string(): never an exponent
export function xpStringOfNumber(value) {
  if (value !== value) return 'NaN';
  if (value === 0) return '0';
  if (!NumberIsFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const text = String(value);
  const e = StringPrototypeIndexOf(text, 'e');
  if (e < 0) return text;
  const negative = StringPrototypeCharAt(text, 0) === '-';
  const mantissa = StringPrototypeSlice(text, negative ? 1 : 0, e);
  const exponent = +StringPrototypeSlice(text, e + 1);
  const point = StringPrototypeIndexOf(mantissa, '.');
  const whole = point < 0 ? mantissa : StringPrototypeSlice(mantissa, 0, point);
  const fraction = point < 0 ? '' : StringPrototypeSlice(mantissa, point + 1);
  const sign = negative ? '-' : '';
  // String() writes an exponent from 1e21 on, and below 1e-6: there are never fraction digits left over.
  if (exponent > 0) return sign + whole + fraction + StringPrototypeRepeat('0', exponent - fraction.length);
  return sign + '0.' + StringPrototypeRepeat('0', -exponent - 1) + whole + fraction;
}

export function xpString(value) {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return xpStringOfNumber(value);
    case 'boolean': return value ? 'true' : 'false';
    default: return value.length === 0 ? '' : xpStringOfNode(value[0]);
  }
}

export function xpNumber(value) {
  switch (typeof value) {
    case 'number': return value;
    case 'boolean': return value ? 1 : 0;
    case 'string': return xpNumberOfString(value);
    default: return xpNumberOfString(xpString(value));
  }
}

export function xpBoolean(value) {
  switch (typeof value) {
    case 'boolean': return value;
    case 'number': return value === value && value !== 0;
    default: return value.length > 0;
  }
}

// -- comparisons -------------------------------------------------------------------------------------------------------

function compareNumbers(op, a, b) {
  switch (op) {
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    default: return a >= b;
  }
}

const MIRRORED_OPERATORS = { __proto__: null, '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '!=': '!=' };

// 3.4: neither side is a node-set
function compareScalars(op, a, b) {
  if (op !== '=' && op !== '!=') return compareNumbers(op, xpNumber(a), xpNumber(b));
  let equal;
  if (typeof a === 'boolean' || typeof b === 'boolean') equal = xpBoolean(a) === xpBoolean(b);
  else if (typeof a === 'number' || typeof b === 'number') equal = xpNumber(a) === xpNumber(b);
  else equal = a === b;
  return equal === (op === '=');
}

// 3.4: two node-sets: whether a pair of nodes compares true
function compareSets(op, a, b) {
  if (op === '=' || op === '!=') {
    const strings = new SafeSet();
    for (let i = 0; i < b.length; i++) strings.add(xpStringOfNode(b[i]));
    for (let i = 0; i < a.length; i++) {
      const has = strings.has(xpStringOfNode(a[i]));
      if (op === '=' ? has : !has ? strings.size > 0 : strings.size > 1) return true;
    }
    return false;
  }
  const numbers = [];
  for (let i = 0; i < b.length; i++) numbers[i] = xpNumberOfString(xpStringOfNode(b[i]));
  for (let i = 0; i < a.length; i++) {
    const number = xpNumberOfString(xpStringOfNode(a[i]));
    for (let j = 0; j < numbers.length; j++) if (compareNumbers(op, number, numbers[j])) return true;
  }
  return false;
}

export function xpCompare(op, a, b) {
  if (typeof a !== 'object') return typeof b !== 'object' ? compareScalars(op, a, b) : xpCompare(MIRRORED_OPERATORS[op], b, a);
  if (typeof b === 'object') return compareSets(op, a, b);
  // A boolean meets the set as a whole; numbers and strings meet its nodes.
  if (typeof b === 'boolean') return compareScalars(op, a.length > 0, b);
  for (let i = 0; i < a.length; i++) if (compareScalars(op, xpStringOfNode(a[i]), b)) return true;
  return false;
}
