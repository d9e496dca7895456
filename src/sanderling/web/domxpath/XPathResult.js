// https://dom.spec.whatwg.org/#interface-xpathresult
// Algorithms of https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult, with the exceptions that browsers throw.

import { domException } from '../dom/DOMException.js';
import { TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { xpBoolean, xpNumber, xpString } from './values.js';

const ANY = 0;
const NUMBER = 1;
const STRING = 2;
const BOOLEAN = 3;
const UNORDERED_ITERATOR = 4;
const ORDERED_ITERATOR = 5;
const UNORDERED_SNAPSHOT = 6;
const ORDERED_SNAPSHOT = 7;
const ANY_UNORDERED = 8;
const FIRST_ORDERED = 9;

class XPathResultImpl extends Impl {
  constructor(type, value, doc) {
    super();
    this.type = type;
    this.value = value;          // a node-set (array), number, string or boolean
    this.doc = doc;
    this.version = doc.version;
    this.at = 0;                 // of the iterator
  }
}

// A result of the type asked for, or of the natural one.
export function makeXPathResult(value, wanted, doc) {
  let type = wanted;
  if (type > FIRST_ORDERED) throw domException('NotSupportedError', 'There is no result type ' + type + '.');
  if (type === ANY) {
    switch (typeof value) {
      case 'number': type = NUMBER; break;
      case 'string': type = STRING; break;
      case 'boolean': type = BOOLEAN; break;
      default: type = UNORDERED_ITERATOR;
    }
  }
  switch (type) {
    case NUMBER: return new XPathResultImpl(type, xpNumber(value), doc);
    case STRING: return new XPathResultImpl(type, xpString(value), doc);
    case BOOLEAN: return new XPathResultImpl(type, xpBoolean(value), doc);
    default:
      if (typeof value !== 'object') throw new TypeError('The result is not a node set, and therefore cannot be converted to the desired type.');
      return new XPathResultImpl(type, value, doc);
  }
}

function ensureType(self, what, first, last) {
  if (self.type < first || self.type > last) throw new TypeError('The result type is not ' + what + '.');
}

function isInvalidIterator(self) {
  return (self.type === UNORDERED_ITERATOR || self.type === ORDERED_ITERATOR) && self.doc.version !== self.version;
}

export const xpathResultInterface = defineInterface(`
[Exposed=Window]
interface XPathResult {
  const unsigned short ANY_TYPE = 0;
  const unsigned short NUMBER_TYPE = 1;
  const unsigned short STRING_TYPE = 2;
  const unsigned short BOOLEAN_TYPE = 3;
  const unsigned short UNORDERED_NODE_ITERATOR_TYPE = 4;
  const unsigned short ORDERED_NODE_ITERATOR_TYPE = 5;
  const unsigned short UNORDERED_NODE_SNAPSHOT_TYPE = 6;
  const unsigned short ORDERED_NODE_SNAPSHOT_TYPE = 7;
  const unsigned short ANY_UNORDERED_NODE_TYPE = 8;
  const unsigned short FIRST_ORDERED_NODE_TYPE = 9;

  readonly attribute unsigned short resultType;
  readonly attribute unrestricted double numberValue;
  readonly attribute DOMString stringValue;
  readonly attribute boolean booleanValue;
  readonly attribute Node? singleNodeValue;
  readonly attribute boolean invalidIteratorState;
  readonly attribute unsigned long snapshotLength;

  Node? iterateNext();
  Node? snapshotItem(unsigned long index);
};
`, {
  resultType: (self) => self.type,
  numberValue(self) {
    ensureType(self, 'a number', NUMBER, NUMBER);
    return self.value;
  },
  stringValue(self) {
    ensureType(self, 'a string', STRING, STRING);
    return self.value;
  },
  booleanValue(self) {
    ensureType(self, 'a boolean', BOOLEAN, BOOLEAN);
    return self.value;
  },
  singleNodeValue(self) {
    ensureType(self, 'a single node', ANY_UNORDERED, FIRST_ORDERED);
    return self.value.length === 0 ? null : self.value[0];
  },
  invalidIteratorState: isInvalidIterator,
  snapshotLength(self) {
    ensureType(self, 'a snapshot', UNORDERED_SNAPSHOT, ORDERED_SNAPSHOT);
    return self.value.length;
  },
  iterateNext(self) {
    ensureType(self, 'an iterator', UNORDERED_ITERATOR, ORDERED_ITERATOR);
    if (isInvalidIterator(self)) throw domException('InvalidStateError', 'The document has mutated since the result was returned.');
    return self.at < self.value.length ? self.value[self.at++] : null;
  },
  snapshotItem(self, index) {
    ensureType(self, 'a snapshot', UNORDERED_SNAPSHOT, ORDERED_SNAPSHOT);
    return index < self.value.length ? self.value[index] : null;
  },
}, XPathResultImpl);
