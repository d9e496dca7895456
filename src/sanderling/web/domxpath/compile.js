// https://www.w3.org/TR/1999/REC-xpath-19991116/
// Trees to closures (node, position, size) => value. Without variables the type of every expression is known before it runs, so what can never
// work is an error at once, and conversions are chosen here.

import { domException } from '../dom/DOMException.js';
import { callListener } from '../dom/EventTarget.js';
import { XML_NS } from '../dom/namespaces.js';
import { currentWindow } from '../html/realm.js';
import { reportException } from '../html/report.js';
import { ArrayPrototypeReverse, SafeMap } from '../primordials.js';
import { toDOMString } from '../webidl/conversions.js';
import { REVERSE_AXES, XPATH_AXES, XP_ORDERED, XP_SINGLE, XP_UNKNOWN, xpNodeTest, xpOrderAfter } from './axes.js';
import { XPATH_FUNCTIONS } from './functions.js';
import { xpSyntaxError } from './lexer.js';
import { parseXPath } from './parser.js';
import { xpBoolean, xpCompare, xpNumber, xpRoot, xpSorted, xpString } from './values.js';

// An expression: its type ('set' 'number' 'string' 'boolean'), the order of a node-set, whether it looks at position() or last(), and what runs.
function compiled(type, run, positional = false, order = XP_UNKNOWN) {
  return { __proto__: null, type, run, positional, order };
}

class XPathCompiler {
  constructor(text, resolver) {
    this.text = text;
    this.resolver = resolver;
    this.prefixed = false;
  }

  error(what) {
    return xpSyntaxError(this.text, what);
  }

  // https://dom.spec.whatwg.org/#interface-xpathnsresolver
  namespaceOf(prefix) {
    if (prefix === null) return null;
    this.prefixed = true;
    let namespace = null;
    if (this.resolver !== null) {
      // What a resolver throws is reported, and its prefix has no namespace: all browsers agree.
      try {
        const value = callListener(this.resolver, 'lookupNamespaceURI', undefined, [prefix]);
        if (value !== null && value !== undefined) namespace = toDOMString(value);
      } catch (error) {
        reportException(error, currentWindow());
      }
    }
    if (namespace === null) {
      // Namespaces in XML, 3: xml is bound by definition.
      if (prefix === 'xml') return XML_NS;
      throw domException('NamespaceError', "The prefix '" + prefix + "' of the XPath expression '" + this.text + "' is not bound to a namespace.");
    }
    return namespace;
  }

  compile(tree) {
    switch (tree.type) {
      case 'number': case 'literal': {
        const { value } = tree;
        return compiled(tree.type === 'number' ? 'number' : 'string', () => value);
      }
      case 'negate': {
        const { run, positional } = this.converted(tree.operand, 'number');
        return compiled('number', (node, position, size) => -run(node, position, size), positional);
      }
      case 'binary': return this.binary(tree);
      case 'call': return this.call(tree);
      case 'filter': return this.filter(tree);
      default: return this.path(tree);
    }
  }

  // An expression whose value is converted to a type; node-sets are never made of anything else.
  converted(tree, type) {
    const inner = this.compile(tree);
    if (inner.type === type || type === 'any') return inner;
    if (type === 'set') throw this.error('a node-set is needed where a ' + inner.type + ' stands');
    const { run } = inner;
    const convert = type === 'string' ? xpString : type === 'number' ? xpNumber : xpBoolean;
    return compiled(type, (node, position, size) => convert(run(node, position, size)), inner.positional);
  }

  binary({ op, left, right }) {
    if (op === 'and' || op === 'or') {
      const a = this.converted(left, 'boolean');
      const b = this.converted(right, 'boolean');
      const first = a.run;
      const second = b.run;
      const run = op === 'and' ? (node, position, size) => first(node, position, size) && second(node, position, size)
        : (node, position, size) => first(node, position, size) || second(node, position, size);
      return compiled('boolean', run, a.positional || b.positional);
    }
    if (op === '|') {
      const first = this.converted(left, 'set');
      const second = this.converted(right, 'set');
      const run = (node, position, size) => {
        const a = first.run(node, position, size);
        const b = second.run(node, position, size);
        if (a.length === 0) return b;
        if (b.length === 0) return a;
        const both = [];
        for (let i = 0; i < a.length; i++) both[i] = a[i];
        for (let i = 0; i < b.length; i++) both[both.length] = b[i];
        return xpSorted(both);
      };
      return compiled('set', run, first.positional || second.positional, XP_ORDERED);
    }
    if (op === '=' || op === '!=' || op === '<' || op === '<=' || op === '>' || op === '>=') {
      const a = this.compile(left);
      const b = this.compile(right);
      const first = a.run;
      const second = b.run;
      return compiled('boolean', (node, position, size) => xpCompare(op, first(node, position, size), second(node, position, size)), a.positional || b.positional);
    }
    const a = this.converted(left, 'number');
    const b = this.converted(right, 'number');
    return compiled('number', arithmetic(op, a.run, b.run), a.positional || b.positional);
  }

  call({ name, prefix, args }) {
    if (prefix !== null) this.namespaceOf(prefix);
    const known = prefix === null ? XPATH_FUNCTIONS[name] : undefined;
    if (known === undefined) throw this.error("there is no function '" + (prefix === null ? name : prefix + ':' + name) + "'");
    const { call, contextual, defaults } = known;
    if (args.length < known.min || args.length > known.max) throw this.error("the function '" + name + "' got " + args.length + ' arguments');
    let positional = name === 'position' || name === 'last';
    const runs = [];
    for (let i = 0; i < args.length; i++) {
      const argument = this.converted(args[i], known.argument);
      runs[i] = argument.run;
      positional = positional || argument.positional;
    }
    const order = XP_ORDERED;
    if (name === 'concat') {
      return compiled('string', (node, position, size) => {
        let out = '';
        for (let i = 0; i < runs.length; i++) out += runs[i](node, position, size);
        return out;
      }, positional);
    }
    if (defaults && runs.length === 0) {
      const convert = known.argument === 'string' ? xpString : known.argument === 'number' ? xpNumber : null;
      return compiled(known.result, (node) => call(convert === null ? [node] : convert([node])));
    }
    const first = runs[0];
    const second = runs[1];
    const third = runs[2];
    let run;
    if (contextual) run = first === undefined ? call : (node, position, size) => call(node, position, size, first(node, position, size));
    else if (third !== undefined) run = (node, position, size) => call(first(node, position, size), second(node, position, size), third(node, position, size));
    else if (second !== undefined) run = (node, position, size) => call(first(node, position, size), second(node, position, size));
    else if (first !== undefined) run = (node, position, size) => call(first(node, position, size));
    else run = () => call();
    return compiled(known.result, run, positional, order);
  }

  // 3.3: predicates of a filter expression count in document order.
  filter({ base, predicates }) {
    const inner = this.converted(base, 'set');
    const tests = this.predicates(predicates);
    const { run } = inner;
    return compiled('set', (node, position, size) => keepMatching(run(node, position, size), tests), inner.positional, inner.order);
  }

  predicates(list) {
    const tests = [];
    for (let i = 0; i < list.length; i++) tests[i] = this.compile(list[i]);
    return tests;
  }

  path({ base, absolute, steps }) {
    let start = (node) => [node];
    let order = XP_SINGLE;
    let positional = false;
    if (base !== null) {
      const inner = this.converted(base, 'set');
      start = inner.run;
      ({ order, positional } = inner);
    } else if (absolute) start = (node) => [xpRoot(node)];
    const tests = [];
    for (let i = 0; i < steps.length; i++) tests[i] = this.predicates(steps[i].predicates);
    const runs = [];
    for (let i = 0; i < steps.length; i++) {
      let { axis } = steps[i];
      // descendant-or-self::node()/child::x is descendant::x, unless predicates count siblings: one walk, and nothing to sort.
      if (isAnyDescendant(steps[i]) && i + 1 < steps.length && (steps[i + 1].axis === 'child' || steps[i + 1].axis === 'descendant') && !countsPositions(tests[i + 1])) {
        i++;
        axis = 'descendant';
      }
      runs[runs.length] = this.step(axis, steps[i].test, tests[i], order);
      order = afterSorting(order, axis);
    }
    return compiled('set', (node, position, size) => {
      let set = start(node, position, size);
      for (let i = 0; i < runs.length && set.length > 0; i++) set = runs[i](set);
      return set;
    }, positional, order);
  }

  // A step as a function from node-set to node-set.
  step(axis, test, tests, order) {
    const walk = XPATH_AXES[axis];
    const matches = xpNodeTest(axis, test, test.kind === 'name' ? this.namespaceOf(test.prefix) : null);
    const reverse = REVERSE_AXES[axis] === true;
    const mustSort = xpOrderAfter(order, axis) === XP_UNKNOWN;
    return (set) => {
      if (set.length === 1) {
        const found = [];
        walk(set[0], matches, found);
        const kept = keepMatching(found, tests);
        return reverse ? ArrayPrototypeReverse(kept) : kept;
      }
      const all = [];
      for (let i = 0; i < set.length; i++) {
        if (tests.length === 0) {
          walk(set[i], matches, all);
          continue;
        }
        const found = [];
        walk(set[i], matches, found);
        const kept = keepMatching(found, tests);
        for (let j = 0; j < kept.length; j++) all[all.length] = kept[j];
      }
      return mustSort ? xpSorted(all) : all;
    };
  }
}

function arithmetic(op, first, second) {
  switch (op) {
    case '+': return (node, position, size) => first(node, position, size) + second(node, position, size);
    case '-': return (node, position, size) => first(node, position, size) - second(node, position, size);
    case '*': return (node, position, size) => first(node, position, size) * second(node, position, size);
    case 'div': return (node, position, size) => first(node, position, size) / second(node, position, size);
    // 3.5: the sign of the dividend, as in ECMAScript
    default: return (node, position, size) => first(node, position, size) % second(node, position, size);
  }
}

function isAnyDescendant({ axis, test, predicates }) {
  return axis === 'descendant-or-self' && test.kind === 'type' && test.name === 'node' && predicates.length === 0;
}

function countsPositions(tests) {
  for (let i = 0; i < tests.length; i++) if (tests[i].positional || tests[i].type === 'number') return true;
  return false;
}

function afterSorting(order, axis) {
  const after = xpOrderAfter(order, axis);
  return after === XP_UNKNOWN ? XP_ORDERED : after;
}

// 2.4: a number is true where it equals the position. The array may be the one given.
function keepMatching(nodes, tests) {
  let list = nodes;
  for (let i = 0; i < tests.length && list.length > 0; i++) {
    const { type, run } = tests[i];
    const kept = [];
    const size = list.length;
    for (let j = 0; j < size; j++) {
      const value = run(list[j], j + 1, size);
      if (type === 'number' ? value === j + 1 : type === 'boolean' ? value : xpBoolean(value)) kept[kept.length] = list[j];
    }
    list = kept;
  }
  return list;
}

// Expressions by text, with the tree, and with what runs where no prefix makes it depend on a resolver.
const MAX_CACHED = 200;
const xpathCache = { __proto__: null, map: null };

// What runs for an expression: { type, run, order }.
export function compileXPath(text, resolver) {
  if (xpathCache.map === null || xpathCache.map.size >= MAX_CACHED) xpathCache.map = new SafeMap();
  let entry = xpathCache.map.get(text);
  if (entry === undefined) {
    entry = { __proto__: null, tree: parseXPath(text), expression: null };
    xpathCache.map.set(text, entry);
  }
  if (entry.expression !== null) return entry.expression;
  const compiler = new XPathCompiler(text, resolver);
  const expression = compiler.compile(entry.tree);
  if (!compiler.prefixed) entry.expression = expression;
  return expression;
}
