// https://drafts.csswg.org/selectors-4/#relational: :has().

import { SafeSet } from '../../primordials.js';
import { IN_DOCUMENT } from '../../dom/node.js';
import { ANCHOR, CompileOptions, MatchContext, compileComplex } from './compile.js';

// How often an element may be asked in one state of the tree before all answers are worked out at once.
const FEW = 8;

export function compileHas(list, options) {
  const inner = new CompileOptions(options.quirks, options.shadow);
  inner.isQuery = options.isQuery;
  const tests = [];
  for (let i = 0; i < list.length; i++) tests[i] = compileRelative(list[i], inner);
  options.isVolatile ||= inner.isVolatile;
  options.usesScope ||= inner.usesScope;
  if (tests.length === 1) return tests[0];
  return (el, context) => {
    for (let i = 0; i < tests.length; i++) if (tests[i](el, context)) return true;
    return false;
  };
}

function compileRelative(complex, options) {
  const lead = complex.combinators[0];
  const count = complex.compounds.length;
  if (lead === ' ' && count === 1) return compileDescendant(complex, options);
  // The anchor becomes the leftmost compound.
  const compounds = [ANCHOR];
  const combinators = [''];
  let goesDown = false;
  for (let i = 0; i < count; i++) {
    compounds[i + 1] = complex.compounds[i];
    combinators[i + 1] = complex.combinators[i];
    if (i > 0 && (complex.combinators[i] === ' ' || complex.combinators[i] === '>')) goesDown = true;
  }
  const test = compileComplex({ __proto__: null, compounds, combinators }, options);
  return (el, outer) => {
    const context = new MatchContext(outer.scope, outer.shadowRoot);
    context.anchor = el;
    if (lead === ' ' || lead === '>') return anyDescendant(insideOf(el, outer), test, context, count > 1);
    // Only following siblings, and what is inside them, can be related.
    if (insideOf(el, outer) !== el) return false;
    for (let node = el.next; node !== null; node = node.next) {
      if (node.nodeType !== 1) continue;
      if (test(node, context)) return true;
      if (goesDown && anyDescendant(node, test, context, true)) return true;
      if (lead === '+' && count === 1) return false;
    }
    return false;
  };
}

// The next element in tree order inside `root`, or null.
function nextElementInside(node, root) {
  let at = node;
  if (at.first !== null) {
    at = at.first;
  } else {
    while (at !== root && at.next === null) at = at.parent;
    if (at === root) return null;
    at = at.next;
  }
  return at;
}

// What stands in an element: of the host of the rule's shadow tree, that tree.
function insideOf(el, context) {
  return context.shadowRoot !== null && context.shadowRoot.host === el ? context.shadowRoot : el;
}

function anyDescendant(root, test, context, deep) {
  if (!deep) {
    for (let node = root.first; node !== null; node = node.next) if (node.nodeType === 1 && test(node, context)) return true;
    return false;
  }
  for (let node = nextElementInside(root, root); node !== null; node = nextElementInside(node, root)) {
    if (node.nodeType === 1 && test(node, context)) return true;
  }
  return false;
}

// :has(x) with one compound: once it is asked often, the ancestors of everything that matches are found in one walk.
function compileDescendant(complex, options) {
  const inner = new CompileOptions(options.quirks, options.shadow);
  inner.isQuery = options.isQuery;
  const test = compileComplex({ __proto__: null, compounds: complex.compounds, combinators: [''] }, inner);
  options.isVolatile ||= inner.isVolatile;
  options.usesScope ||= inner.usesScope;
  if (inner.isVolatile || inner.usesScope) {
    return (el, context) => anyDescendant(insideOf(el, context), test, context, true);
  }
  let askedDoc = null;
  let askedVersion = -1;
  let asked = 0;
  let root = null;
  let holders = null;
  return (el, context) => {
    if (askedDoc !== el.doc || askedVersion !== el.doc.version) {
      askedDoc = el.doc;
      askedVersion = el.doc.version;
      asked = 0;
      root = null;
    }
    if (++asked <= FEW || insideOf(el, context) !== el) return anyDescendant(insideOf(el, context), test, context, true);
    // The way up may be long.
    if (root !== null && holders.has(el)) return true;
    let top = (el.flags & IN_DOCUMENT) === 0 ? el : el.doc;
    while (top.parent !== null) top = top.parent;
    if (root !== top) {
      root = top;
      holders = new SafeSet();
      for (let node = nextElementInside(top, top); node !== null; node = nextElementInside(node, top)) {
        if (node.nodeType !== 1 || !test(node, context)) continue;
        for (let up = node.parent; up !== null && !holders.has(up); up = up.parent) holders.add(up);
      }
    }
    return holders.has(el);
  };
}
