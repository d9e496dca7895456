// https://drafts.csswg.org/css-cascade-6/#scoped-styles
// Rules in @scope: which elements they may match, and how far from the root of their scope.

import { RegExpPrototypeExec, SafeMap } from '../../primordials.js';
import { rootOf } from '../../dom/tree.js';
import { cssComponents, serializeCssComponents } from '../syntax/components.js';
import { matchNotes } from './style_marks.js';
import { MatchContext } from '../selectors/compile.js';
import { SCOPED } from '../selectors/parser.js';
import { compileSelectorList } from '../selectors/query.js';

// `[(start)] [to (end)]`: { start, end } as texts, null where there is none; null: it is wrong.
export function scopeLimits(prelude) {
  const list = cssComponents(prelude);
  if (list === null) return null;
  const out = { __proto__: null, start: null, end: null };
  let at = 0;
  if (at < list.length && list[at].type === '(') out.start = serializeCssComponents(list[at++].args);
  if (at < list.length && list[at].type === 'ident' && RegExpPrototypeExec(/^to$/i, list[at].value) !== null && at + 1 < list.length && list[at + 1].type === '(') {
    out.end = serializeCssComponents(list[at + 1].args);
    at += 2;
  }
  return at === list.length ? out : null;
}

// The start may speak of the style rule around by `&`; the end is relative to the root of the scope.
function scopeStart(text, nesting, namespaces) {
  const around = nesting !== null && nesting !== SCOPED && RegExpPrototypeExec(/&/, text) !== null ? nesting : null;
  return compileSelectorList(text, { __proto__: null, nesting: around, namespaces, elsewhere: true });
}

function isScopeLimit(compiled) {
  if (compiled === null) return false;
  for (let i = 0; i < compiled.parts.length; i++) if (compiled.parts[i].pseudoElement !== '') return false;
  return true;
}

// The canonical condition of an @scope rule, or null
export function scopeCondition(prelude, nesting, namespaces) {
  const limits = scopeLimits(prelude);
  if (limits === null) return null;
  const { start, end } = limits;
  if (start !== null && !isScopeLimit(scopeStart(start, nesting, namespaces))) return null;
  if (end !== null && !isScopeLimit(compileSelectorList(end, { __proto__: null, nesting: SCOPED, namespaces }))) return null;
  return (start === null ? '' : '(' + start + ')') + (start !== null && end !== null ? ' ' : '') + (end === null ? '' : 'to (' + end + ')');
}

// What the rules in it need; null: nothing can match. `outer`: of the @scope rule around, or null
export function scopeOfRule(rule, outer) {
  const limits = scopeLimits(rule.condition);
  if (limits === null) return null;
  const namespaces = rule.namespaces();
  const start = limits.start === null ? null : scopeStart(limits.start, rule.nesting(), namespaces);
  const end = limits.end === null ? null : compileSelectorList(limits.end, { __proto__: null, nesting: SCOPED, namespaces, elsewhere: true });
  if ((limits.start !== null && start === null) || (limits.end !== null && end === null)) return null;
  return { __proto__: null, start: start === null ? null : start.parts, end: end === null ? [] : end.parts, outer, implicit: start === null ? implicitRoot(rule.sheet) : null };
}

// https://drafts.csswg.org/css-cascade-6/#scope-effects: without a start it is the parent of the element that holds the sheet, or the root
function implicitRoot(sheet) {
  let at = sheet;
  while (at.ownerRule !== null && at.ownerRule.sheet !== null) at = at.ownerRule.sheet;
  const { ownerNode } = at;
  if (ownerNode === null || ownerNode.parent === null) return null;
  const { parent } = ownerNode;
  return parent.nodeType === 1 ? parent : parent.isShadow === true ? parent.host : null;
}

function matchesPart(parts, el, context) {
  for (let i = 0; i < parts.length; i++) if (parts[i].match(el, context)) return true;
  return false;
}

function contextOf(scope, outer) {
  const context = new MatchContext(scope, outer.shadowRoot);
  context.pseudoElement = outer.pseudoElement;
  return context;
}

// `known`: by scope, the nodes that were asked for the element in question, since each root of an inner scope asks all that may be roots of the outer ones
function isScopeRoot(scope, node, context, known) {
  // By which element it is, not by what it looks like: siblings that look alike share no styles then.
  if (scope.implicit !== null) matchNotes.placed = true;
  const fits = (inner) => (scope.start !== null ? matchesPart(scope.start, node, inner) : scope.implicit !== null ? node === scope.implicit : node.parent === rootOf(node));
  if (scope.outer === null) return fits(context);
  let nodes = known.get(scope);
  if (nodes === undefined) known.set(scope, nodes = new SafeMap());
  let is = nodes.get(node);
  if (is === undefined) nodes.set(node, is = forEachRoot(scope.outer, node, context, known, fits));
  return is;
}

// https://drafts.csswg.org/css-cascade-6/#in-scope: `visit(context, steps)` for each root in whose scope the element is, from the nearest on, until it gives true
function forEachRoot(scope, el, context, known, visit) {
  const { shadowRoot } = context;
  let steps = 0;
  for (let root = el; root !== null && root.nodeType === 1; steps++) {
    if (isScopeRoot(scope, root, context, known)) {
      const inner = contextOf(root, context);
      let limited = false;
      for (let node = el; scope.end.length > 0 && !limited; node = node.parent) {
        limited = matchesPart(scope.end, node, inner);
        if (node === root || node.parent === null || node.parent.nodeType !== 1) break;
      }
      if (!limited && visit(inner, steps)) return true;
    }
    const { parent } = root;
    root = parent !== null && parent === shadowRoot && root !== shadowRoot.host ? shadowRoot.host : parent;
    if (root !== null && shadowRoot !== null && el !== shadowRoot.host && root === shadowRoot.host.parent) return false;
  }
  return false;
}

// Does a selector of a rule in the scope match? `entry.proximity`: how many steps away the root is
export function matchesInScope(scope, part, entry, el, context) {
  return forEachRoot(scope, el, context, scope.outer === null ? null : new SafeMap(), (inner, steps) => {
    if (!part.match(el, inner)) return false;
    entry.proximity = steps;
    return true;
  });
}
