// https://drafts.csswg.org/selectors-4/#child-index: :nth-child() and its family.
// Indexes of siblings are counted once per state of the tree and kept, so a query over a long list is linear.

import { SafeMap } from '../../primordials.js';
import { CompileOptions, compileAny } from './compile.js';

// Index of each element asked so far, for one state of one document.
class IndexCache {
  constructor(forward) {
    this.forward = forward;
    this.doc = null;
    this.version = -1;
    this.map = new SafeMap();
  }

  table(doc) {
    if (this.doc !== doc || this.version !== doc.version) {
      this.doc = doc;
      this.version = doc.version;
      this.map = new SafeMap();
    }
    return this.map;
  }
}

// `counts(el)`: does this sibling count? The 1-based index of `el` among those that do.
function indexAmong(cache, el, counts, context) {
  const forward = cache.forward;
  const table = cache.table(el.doc);
  const known = table.get(el);
  if (known !== undefined) return known;
  // Back to a sibling whose index is known, then forward again to write them all down.
  let start = null;
  let base = 0;
  for (let node = forward ? el.prev : el.next; node !== null; node = forward ? node.prev : node.next) {
    if (node.nodeType !== 1 || !counts(node, el, context)) continue;
    const index = table.get(node);
    if (index !== undefined) {
      base = index;
      break;
    }
    start = node;
  }
  if (start === null) {
    table.set(el, base + 1);
    return base + 1;
  }
  let index = base;
  for (let node = start; ; node = forward ? node.next : node.prev) {
    if (node.nodeType === 1 && counts(node, el, context)) table.set(node, ++index);
    if (node === el) return index;
  }
}

const everySibling = () => true;
const sameType = (node, el) => node.localName === el.localName && node.namespace === el.namespace;

const childIndexes = new IndexCache(true);
const lastChildIndexes = new IndexCache(false);
const typeIndexes = new IndexCache(true);
const lastTypeIndexes = new IndexCache(false);

function isNth(index, a, b) {
  const difference = index - b;
  if (a === 0) return difference === 0;
  const n = difference / a;
  return n >= 0 && difference % a === 0;
}

export function compileNth(simple, options) {
  const { a, b, name } = simple;
  const forward = name === 'nth-child' || name === 'nth-of-type';
  const byType = name === 'nth-of-type' || name === 'nth-last-of-type';
  if (simple.list !== null) return compileNthOf(simple, options, forward);
  const cache = byType ? (forward ? typeIndexes : lastTypeIndexes) : (forward ? childIndexes : lastChildIndexes);
  const counts = byType ? sameType : everySibling;
  return (el, context) => isNth(indexAmong(cache, el, counts, context), a, b);
}

// :nth-child(an+b of S)
function compileNthOf(simple, options, forward) {
  const { a, b } = simple;
  const inner = new CompileOptions(options.quirks, options.shadow);
  inner.isQuery = options.isQuery;
  const any = compileAny(simple.list, inner);
  options.isVolatile ||= inner.isVolatile;
  options.usesScope ||= inner.usesScope;
  const lasting = !inner.isVolatile && !inner.usesScope;
  const kept = new IndexCache(forward);
  const counts = (node, el, context) => any(node, context);
  return (el, context) => {
    if (!any(el, context)) return false;
    return isNth(indexAmong(lasting ? kept : new IndexCache(forward), el, counts, context), a, b);
  };
}
