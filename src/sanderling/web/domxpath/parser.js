// https://www.w3.org/TR/1999/REC-xpath-19991116/#section-Expressions
// Text to tree. Nodes of the tree:
//   { type: 'number' | 'literal', value }           { type: 'negate', operand }             { type: 'binary', op, left, right }
//   { type: 'call', name, prefix, args }            { type: 'filter', base, predicates }    { type: 'path', base, absolute, steps }
// `base` of a path is null for location paths. A step is { axis, test, predicates }; a test is { kind: 'name', prefix, local } or { kind: 'type', name, target }.

import {
  XP_AXIS, XP_END, XP_FUNCTION, XP_LITERAL, XP_NAME, XP_NODE_TYPE, XP_NUMBER, XP_OPERATOR, XP_PUNCT, XP_VARIABLE, xpSyntaxError, xpTokenize,
} from './lexer.js';

// Trees are compiled and evaluated recursively: what is higher would exhaust the stack.
const MAX_HEIGHT = 400;
const MAX_EXPRESSIONS = 256;     // of what is parsed recursively, too

const AXES = {
  __proto__: null, ancestor: true, 'ancestor-or-self': true, attribute: true, child: true, descendant: true, 'descendant-or-self': true, following: true,
  'following-sibling': true, namespace: true, parent: true, preceding: true, 'preceding-sibling': true, self: true,
};

// 3.4, 3.5: operators from the weakest to the strongest, all left-associative.
const LEVELS = [
  { __proto__: null, or: true }, { __proto__: null, and: true }, { __proto__: null, '=': true, '!=': true },
  { __proto__: null, '<': true, '<=': true, '>': true, '>=': true }, { __proto__: null, '+': true, '-': true }, { __proto__: null, '*': true, div: true, mod: true },
];

class XPathParser {
  constructor(text) {
    this.text = text;
    this.tokens = xpTokenize(text);
    this.at = 0;
    this.depth = 0;
  }

  error(what) {
    return xpSyntaxError(this.text, what);
  }

  get token() {
    return this.tokens[this.at];
  }

  is(kind, value) {
    const token = this.tokens[this.at];
    return token.kind === kind && token.value === value;
  }

  accept(kind, value) {
    if (!this.is(kind, value)) return false;
    this.at++;
    return true;
  }

  expect(value) {
    if (!this.accept(XP_PUNCT, value)) throw this.error("'" + value + "' is missing");
  }

  // [14] Expr
  expression() {
    if (++this.depth > MAX_EXPRESSIONS) throw this.error('it is nested too deeply');
    const tree = this.binary(0);
    this.depth--;
    return tree;
  }

  // [21]-[26]
  binary(level) {
    if (level === LEVELS.length) return this.unary();
    let left = this.binary(level + 1);
    let height = this.depth;
    while (this.token.kind === XP_OPERATOR && LEVELS[level][this.token.value] === true) {
      if (++height > MAX_HEIGHT) throw this.error('it has too many operators');
      const op = this.token.value;
      this.at++;
      left = { __proto__: null, type: 'binary', op, left, right: this.binary(level + 1) };
    }
    return left;
  }

  // [27] UnaryExpr. A chain of signs is folded: two of them still make a number.
  unary() {
    let signs = 0;
    while (this.accept(XP_OPERATOR, '-')) signs++;
    let tree = this.union();
    if (signs === 0) return tree;
    tree = { __proto__: null, type: 'negate', operand: tree };
    return signs % 2 === 1 ? tree : { __proto__: null, type: 'negate', operand: tree };
  }

  // [18] UnionExpr
  union() {
    let left = this.path();
    let height = this.depth;
    while (this.accept(XP_OPERATOR, '|')) {
      if (++height > MAX_HEIGHT) throw this.error('it has too many operators');
      left = { __proto__: null, type: 'binary', op: '|', left, right: this.path() };
    }
    return left;
  }

  // [19] PathExpr: a location path, or a filter expression that a relative location path may follow
  path() {
    const { kind, value } = this.token;
    if (kind === XP_LITERAL || kind === XP_NUMBER || kind === XP_FUNCTION || kind === XP_VARIABLE || (kind === XP_PUNCT && value === '(')) {
      const base = this.filter();
      if (!this.is(XP_OPERATOR, '/') && !this.is(XP_OPERATOR, '//')) return base;
      const steps = [];
      if (this.token.value === '//') steps[0] = anyDescendantStep();
      this.at++;
      this.relative(steps);
      return { __proto__: null, type: 'path', base, absolute: false, steps };
    }
    const steps = [];
    if (this.accept(XP_OPERATOR, '/')) {
      if (this.stepFollows()) this.relative(steps);
      return { __proto__: null, type: 'path', base: null, absolute: true, steps };
    }
    const absolute = this.accept(XP_OPERATOR, '//');
    if (absolute) steps[0] = anyDescendantStep();
    this.relative(steps);
    return { __proto__: null, type: 'path', base: null, absolute, steps };
  }

  // [20] FilterExpr
  filter() {
    const base = this.primary();
    const predicates = this.predicates();
    return predicates.length === 0 ? base : { __proto__: null, type: 'filter', base, predicates };
  }

  // [15] PrimaryExpr
  primary() {
    const { kind, value, prefix } = this.token;
    this.at++;
    if (kind === XP_NUMBER) return { __proto__: null, type: 'number', value };
    if (kind === XP_LITERAL) return { __proto__: null, type: 'literal', value };
    // The DOM binds no variables.
    if (kind === XP_VARIABLE) throw this.error("the variable '$" + value + "' is not bound");
    if (kind === XP_FUNCTION) {
      this.expect('(');
      const args = [];
      if (!this.accept(XP_PUNCT, ')')) {
        do args[args.length] = this.expression(); while (this.accept(XP_PUNCT, ','));
        this.expect(')');
      }
      return { __proto__: null, type: 'call', name: value, prefix, args };
    }
    const inner = this.expression();
    this.expect(')');
    return inner;
  }

  stepFollows() {
    const { kind, value } = this.token;
    return kind === XP_NAME || kind === XP_AXIS || kind === XP_NODE_TYPE || (kind === XP_PUNCT && (value === '.' || value === '..' || value === '@'));
  }

  // [3] RelativeLocationPath
  relative(steps) {
    for (;;) {
      steps[steps.length] = this.step();
      if (steps.length > MAX_HEIGHT) throw this.error('it has too many steps');
      if (this.accept(XP_OPERATOR, '/')) continue;
      if (!this.accept(XP_OPERATOR, '//')) return;
      steps[steps.length] = anyDescendantStep();
    }
  }

  // [4] Step
  step() {
    if (this.accept(XP_PUNCT, '.')) return xpStep('self', xpTypeTest('node'), []);
    if (this.accept(XP_PUNCT, '..')) return xpStep('parent', xpTypeTest('node'), []);
    let axis = 'child';
    if (this.accept(XP_PUNCT, '@')) axis = 'attribute';
    else if (this.token.kind === XP_AXIS) {
      axis = this.token.value;
      if (AXES[axis] !== true) throw this.error("there is no axis '" + axis + "'");
      this.at++;
      this.expect('::');
    }
    const test = this.nodeTest();
    return xpStep(axis, test, this.predicates());
  }

  // [7] NodeTest
  nodeTest() {
    const { kind, value, prefix } = this.token;
    if (kind === XP_NAME) {
      this.at++;
      return { __proto__: null, kind: 'name', prefix, local: value };
    }
    if (kind !== XP_NODE_TYPE) throw this.error(kind === XP_END ? 'it ends too early' : "a node test is missing before '" + value + "'");
    this.at++;
    this.expect('(');
    let target = null;
    if (value === 'processing-instruction' && this.token.kind === XP_LITERAL) {
      target = this.token.value;
      this.at++;
    }
    this.expect(')');
    return xpTypeTest(value, target);
  }

  // [8] Predicate
  predicates() {
    const list = [];
    while (this.accept(XP_PUNCT, '[')) {
      list[list.length] = this.expression();
      this.expect(']');
    }
    return list;
  }
}

function xpStep(axis, test, predicates) {
  return { __proto__: null, axis, test, predicates };
}

function xpTypeTest(name, target = null) {
  return { __proto__: null, kind: 'type', name, target };
}

// 2.5: // is short for /descendant-or-self::node()/
function anyDescendantStep() {
  return xpStep('descendant-or-self', xpTypeTest('node'), []);
}

export function parseXPath(text) {
  const parser = new XPathParser(text);
  const tree = parser.expression();
  if (parser.token.kind !== XP_END) throw parser.error("'" + parser.token.value + "' is not expected");
  return tree;
}
