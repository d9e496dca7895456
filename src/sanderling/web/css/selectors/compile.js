// https://drafts.csswg.org/selectors-4/#match-against-element
// Parsed selectors to closures, once per text. A complex selector is matched from right to left; three kinds of failure say how far
// up a caller need not look again, which keeps the cost polynomial (`a b c d e` on deep trees).

import { HTML_NS } from '../../dom/namespaces.js';
import { MathMax, SafeSet, SafeWeakMap, StringPrototypeEndsWith, StringPrototypeIncludes, StringPrototypeStartsWith, StringPrototypeCharCodeAt } from '../../primordials.js';
import { PSEUDO_TESTS, VOLATILE_PSEUDOS, hasDirection, hasLanguage, hasCustomState } from './pseudo_classes.js';
import { compileHas } from './has.js';
import { compileNth } from './nth.js';
import { classAttribute, idAttribute, hasClassToken, lowerAscii } from './names.js';
import { slotOf } from './slots.js';
import { matchNotes, noteEmpty, noteSiblings, SIBLING_FIRST, SIBLING_LAST, SIBLING_NEAR, SIBLINGS_AFTER, SIBLINGS_BEFORE, SIBLINGS_LIKE, siblingSteps } from '../cssom/style_marks.js';

// What a match depends on besides the element.
export class MatchContext {
  constructor(scope, shadowRoot) {
    this.scope = scope;            // what `:scope` is: an element, document or fragment
    this.shadowRoot = shadowRoot;  // the shadow root whose host `:host` is, or null
    this.anchor = null;            // inside :has(): the element that is asked
    this.pseudoElement = '';       // the pseudo-element that the cascade is run for, or ''
  }
}

const MATCHES = 0;
const FAILS_HERE = 1;       // another candidate of the same combinator may do
const FAILS_SIBLINGS = 2;   // no sibling will do
const FAILS_ALL = 3;        // no ancestor will do either

export class CompileOptions {
  constructor(quirks, shadow) {
    this.quirks = quirks;      // ids and classes are compared without case
    this.shadow = shadow;      // the shadow host may be a candidate: it is featureless but for :host
    this.isQuery = false;      // a script asks: it matches no style
    this.isVolatile = false;   // out: the result depends on more than doc.version
    this.usesScope = false;    // out
    this.usesAttributes = false; // out: it depends on attributes besides class and id, or on text
  }
}

// Case-insensitive values in HTML: https://html.spec.whatwg.org/multipage/semantics-other.html#case-sensitivity-of-selectors
const LOOSE_VALUES = new SafeSet([
  'accept', 'accept-charset', 'align', 'alink', 'axis', 'bgcolor', 'charset', 'checked', 'clear', 'codetype', 'color', 'compact', 'declare', 'defer',
  'dir', 'direction', 'disabled', 'enctype', 'face', 'frame', 'hreflang', 'http-equiv', 'lang', 'language', 'link', 'media', 'method', 'multiple',
  'nohref', 'noresize', 'noshade', 'nowrap', 'readonly', 'rel', 'rev', 'rules', 'scope', 'scrolling', 'selected', 'shape', 'target', 'text', 'type',
  'valign', 'valuetype', 'vlink',
]);

function isHtmlInHtml(el) {
  return el.namespace === HTML_NS && el.doc.isHTML;
}

function compileTag(compound) {
  const { tag, namespace } = compound;
  let test = null;
  if (tag !== null) {
    const lower = lowerAscii(tag);
    if (lower === tag) test = (el) => el.localName === tag;
    else test = (el) => el.localName === (isHtmlInHtml(el) ? lower : tag);
  }
  if (namespace === undefined) return test;
  if (test === null) return (el) => el.namespace === namespace;
  const byName = test;
  return (el) => el.namespace === namespace && byName(el);
}

function compileId(name, quirks) {
  if (!quirks) return (el) => idAttribute(el) === name;
  const lower = lowerAscii(name);
  return (el) => {
    const id = idAttribute(el);
    return id !== null && lowerAscii(id) === lower;
  };
}

function compileClass(name, quirks) {
  if (!quirks) {
    return (el) => {
      const value = classAttribute(el);
      return value !== null && hasClassToken(value, name);
    };
  }
  const lower = lowerAscii(name);
  return (el) => {
    const value = classAttribute(el);
    return value !== null && hasClassToken(lowerAscii(value), lower);
  };
}

function compileAttribute(simple) {
  const { name, namespace, operator, value, flag } = simple;
  const lowerName = lowerAscii(name);
  const never = (operator === '~=' && (value === '' || hasWhite(value)))
    || ((operator === '^=' || operator === '$=' || operator === '*=') && value === '');
  if (never) return () => false;
  const loose = flag === 'i';
  const looseInHtml = flag === '' && LOOSE_VALUES.has(lowerName) && namespace === null;
  const lowerValue = lowerAscii(value);
  return (el) => {
    const attrs = el.attrs;
    if (attrs.length === 0) return false;
    const html = isHtmlInHtml(el);
    const wanted = html ? lowerName : name;
    for (let i = 0; i < attrs.length; i++) {
      const attr = attrs[i];
      if (attr.localName !== wanted || (namespace !== '*' && attr.namespace !== namespace)) continue;
      if (operator === '') return true;
      const insensitive = loose || (looseInHtml && html);
      if (compareAttribute(operator, insensitive ? lowerAscii(attr.value) : attr.value, insensitive ? lowerValue : value)) return true;
    }
    return false;
  };
}

function compareAttribute(operator, actual, wanted) {
  switch (operator) {
    case '=': return actual === wanted;
    case '~=': return hasClassToken(actual, wanted);
    case '|=':
      return actual === wanted || (actual.length > wanted.length && actual[wanted.length] === '-' && StringPrototypeStartsWith(actual, wanted));
    case '^=': return StringPrototypeStartsWith(actual, wanted);
    case '$=': return StringPrototypeEndsWith(actual, wanted);
    default: return StringPrototypeIncludes(actual, wanted);
  }
}

function hasWhite(text) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c === 0x20 || (c >= 0x09 && c <= 0x0d && c !== 0x0b)) return true;
  }
  return false;
}

// What `&` stands for is one list for all that stands in a rule. It is compiled once: rules in rules would else be compiled as often as the lengths
// of all the lists around them multiplied.
const nestingTests = new SafeWeakMap();

function compileNesting(list, options) {
  let known = nestingTests.get(list);
  if (known === undefined || known.options.quirks !== options.quirks || known.options.shadow !== options.shadow) {
    const own = new CompileOptions(options.quirks, options.shadow);
    const outer = innerSteps;
    innerSteps = 0;
    known = { __proto__: null, options: own, test: compileAny(list, own), steps: 0 };
    known.steps = innerSteps;
    innerSteps = outer;
    nestingTests.set(list, known);
  }
  innerSteps = MathMax(innerSteps, known.steps);
  if (known.options.isVolatile) options.isVolatile = true;
  if (known.options.usesScope) options.usesScope = true;
  if (known.options.usesAttributes) options.usesAttributes = true;
  return known.test;
}

// A list to one test: does any of it match?
export function compileAny(list, options) {
  const tests = [];
  for (let i = 0; i < list.length; i++) tests[i] = compileComplex(list[i], options);
  if (tests.length === 1) return tests[0];
  return (el, context) => {
    for (let i = 0; i < tests.length; i++) if (tests[i](el, context)) return true;
    return false;
  };
}

// These hang on the tree alone: on siblings, in these ways.
const STRUCTURAL_PSEUDOS = {
  __proto__: null, root: 0, 'first-child': SIBLING_FIRST, 'last-child': SIBLING_LAST, 'only-child': SIBLING_FIRST | SIBLING_LAST, 'first-of-type': SIBLINGS_BEFORE, 'last-of-type': SIBLINGS_AFTER,
  'only-of-type': SIBLINGS_BEFORE | SIBLINGS_AFTER,
};

function compileSimple(simple, options) {
  switch (simple.kind) {
    case 'id': return compileId(simple.name, options.quirks);
    case 'class': return compileClass(simple.name, options.quirks);
    case 'attr':
      options.usesAttributes = true;
      return compileAttribute(simple);
    case 'is': return simple.name === '&' ? compileNesting(simple.list, options) : compileAny(simple.list, options);
    case 'where': return compileAny(simple.list, options);
    case 'not': {
      const any = compileAny(simple.list, options);
      return (el, context) => !any(el, context);
    }
    case 'has': return notedAgain(compileHas(simple.list, options));
    case 'nth': return compileNthNoted(simple, options);
    case 'scope':
      options.usesScope = true;
      return isScope;
    case 'host': {
      options.usesAttributes = true;
      if (simple.list === null) return isHost;
      const any = compileAny(simple.list, featured(options));
      return (el, context) => isHost(el, context) && any(el, new MatchContext(context.scope, null));
    }
    case 'hostContext': {
      options.usesAttributes = true;
      const any = compileAny(simple.list, featured(options));
      return (el, context) => {
        if (!isHost(el, context)) return false;
        const outside = new MatchContext(context.scope, null);
        for (let node = el; node !== null; node = node.nodeType === 11 ? (node.host ?? null) : node.parent) {
          if (node.nodeType === 1 && any(node, outside)) return true;
        }
        return false;
      };
    }
    case 'lang': {
      options.usesAttributes = true;
      const ranges = simple.values;
      return notedAgain((el) => hasLanguage(el, ranges));
    }
    case 'dir': {
      const direction = simple.value;
      options.isVolatile = true; // the value of a control decides for dir=auto
      return notedAgain((el) => hasDirection(el, direction));
    }
    case 'state': {
      const name = simple.value;
      options.isVolatile = true;
      return notedAgain((el) => hasCustomState(el, name));
    }
    default:
      if (VOLATILE_PSEUDOS.has(simple.name)) options.isVolatile = true;
      if (STRUCTURAL_PSEUDOS[simple.name] === undefined) options.usesAttributes = true;
      return notedPseudo(simple.name, PSEUDO_TESTS[simple.name] ?? matchesNothing, options.isQuery);
  }
}

// What the cascade must know of these tests: style_marks.js
const STATE_PSEUDOS = new SafeSet(['target', 'target-within', 'hover', 'active', 'focus', 'focus-visible', 'focus-within', 'visited']);
const PLAIN_PSEUDOS = new SafeSet(['root', 'link', 'any-link', '-webkit-any-link', 'open', 'muted', 'disabled', 'enabled', 'required', 'optional', 'defined']);

function notedPseudo(name, test, isQuery) {
  if (name === 'link') return (el) => test(el) && (el.doc.forcedStates === null || !el.doc.forcedStates.has('visited', el));
  if (PLAIN_PSEUDOS.has(name)) return test;
  if (name === 'empty') return notedEmpty(test);
  const bits = STRUCTURAL_PSEUDOS[name];
  if (bits !== undefined) {
    return (el) => {
      noteSiblings(el, bits);
      return test(el);
    };
  }
  if (!STATE_PSEUDOS.has(name)) return notedAgain(test);
  // As in Chromium, what clients force to be hovered or pressed is so for styles alone.
  const forceable = !isQuery || (name !== 'hover' && name !== 'active');
  return (el) => {
    matchNotes.state = true;
    return test(el) || (forceable && el.doc.forcedStates !== null && el.doc.forcedStates.has(name, el));
  };
}

function notedEmpty(test) {
  return (el) => {
    noteEmpty(el);
    return test(el);
  };
}

function notedAgain(test) {
  return (el, context) => {
    matchNotes.again = true;
    return test(el, context);
  };
}

function compileNthNoted(simple, options) {
  const test = compileNth(simple, options);
  const bits = (simple.name === 'nth-child' || simple.name === 'nth-of-type' ? SIBLINGS_BEFORE : SIBLINGS_AFTER) | (simple.list === null ? 0 : SIBLINGS_LIKE);
  return (el, context) => {
    noteSiblings(el, bits);
    return test(el, context);
  };
}

const matchesNothing = () => false;

// Inside :host(...) the host has its features.
function featured(options) {
  return options.shadow ? new CompileOptions(options.quirks, false) : options;
}

function isHost(el, context) {
  return context.shadowRoot !== null && context.shadowRoot.host === el;
}

function isScope(el, context) {
  const scope = context.scope;
  if (el === scope) return true;
  // https://drafts.csswg.org/selectors-4/#scope-pseudo: without a scoping root it is the root element.
  return (scope === null || scope.nodeType === 9) && el.parent !== null && el.parent.nodeType === 9;
}

function isAnchor(el, context) {
  return el === context.anchor;
}

// Marks a compound that stands for the anchor of a relative selector.
export const ANCHOR = { __proto__: null, anchor: true };

function mentionsHost(compound) {
  for (let i = 0; i < compound.simples.length; i++) {
    const simple = compound.simples[i];
    if (simple.kind === 'host' || simple.kind === 'hostContext') return true;
    if (simple.kind === 'is' || simple.kind === 'where' || simple.kind === 'not') {
      for (let j = 0; j < simple.list.length; j++) {
        const compounds = simple.list[j].compounds;
        if (mentionsHost(compounds[compounds.length - 1])) return true;
      }
    }
  }
  return false;
}

const ORDER = { __proto__: null, id: 0, class: 1, attr: 2 };
const ALL_TESTS = 0;
const CHEAP_TESTS = 1;       // all but those that are noted for the cascade
const NOTED_TESTS = 2;       // these

function isNoted(simple) {
  return simple.kind === 'nth' || simple.kind === 'has' || (simple.kind === 'pseudo' && !PLAIN_PSEUDOS.has(simple.name));
}

function hasNoted(compound) {
  if (compound === ANCHOR || compound.pseudoElement === 'part') return false;
  for (let i = 0; i < compound.simples.length; i++) if (isNoted(compound.simples[i])) return true;
  return false;
}

function compileCompound(compound, options, which = ALL_TESTS) {
  if (compound === ANCHOR) return isAnchor;
  const tests = [];
  const tag = which === NOTED_TESTS ? null : compileTag(compound);
  if (tag !== null) tests[0] = tag;
  // What stands behind ::part() speaks of the part.
  const simples = compound.pseudoElement === 'part' ? simplesBefore(compound) : compound.simples;
  // Cheap tests first; the order does not change the result.
  for (let rank = 0; rank <= 3; rank++) {
    for (let i = 0; i < simples.length; i++) {
      const simple = simples[i];
      if (which !== ALL_TESTS && isNoted(simple) !== (which === NOTED_TESTS)) continue;
      if ((ORDER[simple.kind] ?? 3) === rank) tests[tests.length] = compileSimple(simple, options);
    }
  }
  let test;
  if (tests.length === 0) test = () => true;
  else if (tests.length === 1) test = tests[0];
  else if (tests.length === 2) {
    const first = tests[0];
    const second = tests[1];
    test = (el, context) => first(el, context) && second(el, context);
  } else {
    test = (el, context) => {
      for (let i = 0; i < tests.length; i++) if (!tests[i](el, context)) return false;
      return true;
    };
  }
  if (options.shadow && !mentionsHost(compound)) {
    const plain = test;
    test = (el, context) => (context.shadowRoot === null || context.shadowRoot.host !== el) && plain(el, context);
  }
  return which === NOTED_TESTS ? test : throughPseudoElement(compound, test, options);
}

function simplesBefore(compound) {
  const out = [];
  const count = compound.pseudos[compound.pseudos.length - 1].after;
  for (let i = 0; i < count; i++) out[i] = compound.simples[i];
  return out;
}

// ::slotted() and ::part() lead from an element to the slot or host that the rest of the compound speaks of.
function throughPseudoElement(compound, test, options) {
  const name = compound.pseudoElement;
  if (name === '') return test;
  if (name === 'slotted') {
    const any = compileAny(compound.pseudoArgument, featured(options));
    return (el, context) => {
      const slot = slotOf(el);
      return slot !== null && test(slot, context) && any(el, new MatchContext(context.scope, null));
    };
  }
  if (name === 'part') {
    const names = compound.pseudoArgument;
    const own = [];
    for (let i = simplesBefore(compound).length; i < compound.simples.length; i++) own[own.length] = compileSimple(compound.simples[i], options);
    return (el, context) => {
      for (let i = 0; i < own.length; i++) if (!own[i](el, context)) return false;
      const host = hostOf(el);
      if (host === null) return false;
      for (let i = 0; i < el.attrs.length; i++) {
        if (el.attrs[i].localName !== 'part' || el.attrs[i].namespace !== null) continue;
        for (let j = 0; j < names.length; j++) if (!hasClassToken(el.attrs[i].value, names[j])) return false;
        return test(host, context);
      }
      return false;
    };
  }
  // Boxes without an element: only the cascade asks for them, by name.
  return (el, context) => context.pseudoElement === name && test(el, context);
}

function hostOf(el) {
  let node = el;
  while (node.parent !== null) node = node.parent;
  return node.nodeType === 11 ? (node.host ?? null) : null;
}

// Only `:scope`: then a document or fragment, which no other selector matches, can be meant.
function isOnlyScope(compound) {
  return compound !== ANCHOR && compound.tag === null && compound.simples.length === 1 && compound.simples[0].kind === 'scope'
    && compound.pseudoElement === '';
}

function parentFor(el, context) {
  if (context.shadowRoot !== null && context.shadowRoot.host === el) return null;   // a shadow tree's selectors see no further
  const parent = el.parent;
  if (parent === null || parent.nodeType === 1) return parent;
  // The host is the parent of what stands at the top of its shadow tree (CSS Scoping, 3.1.1), for :host only.
  if (parent.nodeType === 11 && context.shadowRoot === parent) return parent.host;
  return null;
}

function compileStep(combinator, left, leftIsScope, test) {
  switch (combinator) {
    case '>':
      return (el, context) => {
        if (!test(el, context)) return FAILS_HERE;
        const parent = parentFor(el, context);
        if (leftIsScope && el.parent !== null && el.parent === context.scope) return MATCHES;
        return parent === null ? FAILS_ALL : left(parent, context);
      };
    case '+':
      return (el, context) => {
        if (!test(el, context)) return FAILS_HERE;
        noteSiblings(el, SIBLING_NEAR);
        let sibling = el.prev;
        while (sibling !== null && sibling.nodeType !== 1) sibling = sibling.prev;
        return sibling === null ? FAILS_SIBLINGS : left(sibling, context);
      };
    case '~':
      return (el, context) => {
        if (!test(el, context)) return FAILS_HERE;
        noteSiblings(el, SIBLINGS_LIKE);
        for (let sibling = el.prev; sibling !== null; sibling = sibling.prev) {
          if (sibling.nodeType !== 1) continue;
          const result = left(sibling, context);
          if (result !== FAILS_HERE) return result;
        }
        return FAILS_SIBLINGS;
      };
    default:
      return (el, context) => {
        if (!test(el, context)) return FAILS_HERE;
        if (leftIsScope && context.scope !== null && context.scope.nodeType === 11) return isInside(el, context.scope) ? MATCHES : FAILS_ALL;
        for (let parent = parentFor(el, context); parent !== null; parent = parentFor(parent, context)) {
          const result = left(parent, context);
          if (result === MATCHES || result === FAILS_ALL) return result;
        }
        return FAILS_ALL;
      };
  }
}

// What is noted is asked last: only then does anything hang on it.
function thenNoted(step, test) {
  return (el, context) => {
    const result = step(el, context);
    return result !== MATCHES || test(el, context) ? result : FAILS_HERE;
  };
}

function isInside(el, root) {
  for (let node = el.parent; node !== null; node = node.parent) if (node === root) return true;
  return false;
}

let innerSteps = 0;          // most `+` in a selector inside of the one that is compiled

// (el, context) => boolean
export function compileComplex(complex, options) {
  const outer = innerSteps;
  innerSteps = 0;
  const out = compileChain(complex, options);
  for (let i = 1; i < complex.combinators.length; i++) if (complex.combinators[i] === '+') innerSteps++;
  siblingSteps.most = MathMax(siblingSteps.most, innerSteps);
  innerSteps = MathMax(outer, innerSteps);
  return out;
}

function compileChain(complex, options) {
  const { compounds, combinators } = complex;
  const first = compileCompound(compounds[0], options);
  if (compounds.length === 1) return first;
  let step = (el, context) => (first(el, context) ? MATCHES : FAILS_HERE);
  for (let i = 1; i < compounds.length; i++) {
    const noted = hasNoted(compounds[i]);
    step = compileStep(combinators[i], step, i === 1 && isOnlyScope(compounds[0]), compileCompound(compounds[i], options, noted ? CHEAP_TESTS : ALL_TESTS));
    if (noted) step = thenNoted(step, compileCompound(compounds[i], options, NOTED_TESTS));
  }
  const last = step;
  return (el, context) => last(el, context) === MATCHES;
}

// What the subject must have, for indexes of rules: { kind: 'id' | 'class' | 'tag' | '', value }.
export function keyOfComplex(complex) {
  const compound = complex.compounds[complex.compounds.length - 1];
  if (compound.pseudoElement !== '') return { __proto__: null, kind: '', value: '' };
  let kind = '';
  let value = '';
  for (let i = 0; i < compound.simples.length; i++) {
    const simple = compound.simples[i];
    if (simple.kind === 'id') return { __proto__: null, kind: 'id', value: simple.name };
    if (simple.kind === 'class' && kind === '') {
      kind = 'class';
      value = simple.name;
    }
  }
  if (kind === '' && compound.tag !== null && lowerAscii(compound.tag) === compound.tag) {
    kind = 'tag';
    value = compound.tag;
  }
  return { __proto__: null, kind, value };
}
