// https://drafts.csswg.org/css-cascade-5/#cascading
// Which declaration wins for each property of an element, kept until the document changes.

import { SafeMap, SafeSet, SafeWeakMap, StringPrototypeStartsWith } from '../../primordials.js';
import { cssAnimationDeclarations } from '../animations/css_animations.js';
import { motionDeclarations } from '../../web-animations/playback.js';
import { motion } from '../animations/motion.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { cssLonghand } from '../values/properties.js';
import { inlineDeclarations, cssomOf } from './inline_style.js';
import { importantOrder, matchingRules, outcomeOf, styleIndexOf } from './style_index.js';
import { kinIn } from './kin.js';
import { matchNotes } from './style_marks.js';
import { dirState } from '../../html/direction.js';
import { cssChanges } from './rules.js';
import { assignedSlotOf } from '../../dom/slots.js';
import { hasAnySheet } from './sheets.js';

// One declaration in the order of the cascade; `prev` is the next weaker one of the same property.
class CascadeEntry {
  constructor(declaration, layer, prev, sheet) {
    this.declaration = declaration;
    this.sheet = sheet;          // that it stands in, or null: URLs in it hang on the document's base
    this.layer = layer;          // what revert-layer goes back over
    this.prev = prev;
  }
}

// Entries by property, from the weakest to the strongest
class CascadeMap {
  constructor(base) {
    this.base = base;            // of rules that others match, too: never changed; or null
    this.own = null;
  }

  get(name) {
    const { base, own } = this;
    return (own === null ? undefined : own.get(name)) ?? (base === null ? undefined : base.get(name));
  }

  has(name) {
    return this.get(name) !== undefined;
  }

  forEach(callback) {
    const { base, own } = this;
    if (base !== null) {
      base.forEach((entry, name) => {
        if (own === null || !own.has(name)) callback(entry, name);
      });
    }
    if (own !== null) own.forEach(callback);
  }

  add(declaration, layer, sheet) {
    const own = this.own ?? (this.own = new SafeMap());
    addToCascade(own, declaration, layer, sheet, this.base);
  }

  addBlock(block, important, layer, sheet = null) {
    addBlockToCascade(this.own ?? (this.own = new SafeMap()), block, important, layer, sheet, this.base);
  }
}

function addToCascade(map, declaration, layer, sheet, base) {
  const name = physicalCssName(declaration.name);
  map.set(name, new CascadeEntry(declaration, layer, map.get(name) ?? (base === null ? undefined : base.get(name)), sheet));
}

function addBlockToCascade(map, block, important, layer, sheet, base) {
  const { names } = block;
  for (let i = 0; i < names.length; i++) {
    const declaration = block.map.get(names[i]);
    if (declaration.important === important) addToCascade(map, declaration, layer, sheet, base);
  }
}

// What elements have in common whose style is the same: the same rules match them and all elements around them, and nothing else has a say in it.
class SharedStyle {
  constructor() {
    this.map = null;             // CascadeMap of them all
    this.values = new SafeMap(); // computed values, as they are asked for
    this.facts = null;           // what the flat layout asks of them (css/cssom-view/layout_facts.js), once asked
    this.children = null;        // styles that their children share: by outcome, then by name
    this.kinds = 0;              // how many they are
    this.members = 0;            // elements that have had it
  }

  child(outcome, name) {
    let outcomes = this.children;
    if (outcomes === null || this.kinds === MAX_STYLES) {
      outcomes = this.children = new SafeMap();
      this.kinds = 0;
    }
    let names = outcomes.get(outcome);
    if (names === undefined) {
      names = new SafeMap();
      outcomes.set(outcome, names);
    }
    let style = names.get(name);
    if (style === undefined) {
      style = new SharedStyle();
      names.set(name, style);
      this.kinds++;
    }
    return style;
  }
}

// A page may make up rules without end, and then none comes again.
const MAX_STYLES = 512;

// Attributes that the user agent's sheet does not look at; whether there is a href it does.
const STYLELESS = new SafeSet(['class', 'id', 'href', 'title', 'role', 'name', 'rel', 'target', 'lang', 'for', 'tabindex']);
// Where it looks at more than attributes
const STYLED_BY_STATE = new SafeSet(['input', 'select', 'button', 'textarea', 'option', 'optgroup', 'dialog', 'bdi', 'summary', 'audio', 'video', 'noscript', 'slot']);

// The name by which the user agent's sheet gives elements the same style; '': this one is on its own.
function styleName(el, cssom) {
  const { localName, attrs } = el;
  if (el.namespace !== HTML_NS || cssom.motions !== null || STYLED_BY_STATE.has(localName) || isOutlined(el)) return '';
  let name = localName;
  for (let i = 0; i < attrs.length; i++) {
    const attr = attrs[i];
    if (attr.namespace !== null) return '';
    if (!STYLELESS.has(attr.localName)) {
      if (!StringPrototypeStartsWith(attr.localName, 'data-') && !StringPrototypeStartsWith(attr.localName, 'aria-')) return '';
    } else if (attr.localName === 'href' || attr.localName === 'title') name += '[' + attr.localName;
  }
  return name;
}

// The outcome for an element or a pseudo-element.
export class ElementCascade {
  constructor(el, pseudo, outcome, shared) {
    this.el = el;
    this.pseudo = pseudo;
    this.outcome = outcome;      // MatchOutcome: what rules it matches
    this.shared = shared;
    this.map = shared.map;       // property to CascadeEntry; null: no author declaration
    this.values = shared.values;
    this.moved = false;          // animations have a say in it
    this.pending = null;         // expanded shorthands with var()
    this.resolving = null;       // custom properties in the making, for cycles
    this.above = null;           // the cascade that it inherits from
    this.again = false;          // its rules hang on more than style_marks.js tells of
    this.state = false;          // its rules hang on what is hovered, focused and the like
    this.outlined = false;       // by the user agent, having the focus
    this.lent = false;           // did something inherit from it what is not inherited by nature?
  }

  // Become what `other` is, which gives no child another style (sameForChildren).
  become(other) {
    this.outcome = other.outcome;
    this.map = other.map;
    const { children, kinds } = this.shared;
    this.leave();
    // No other element may have a say in what these inherit.
    this.shared.children = children;
    this.shared.kinds = kinds;
    this.pending = null;
  }

  // Do children of it share what they inherit with those of other elements?
  get isForked() {
    return this.shared.members > 1 && this.shared.children !== null;
  }

  // Have a style of its own.
  leave() {
    const before = this.shared;
    if (before.members === 1) before.children = null;
    this.shared = new SharedStyle();
    this.shared.map = this.map;
    this.shared.members = 1;
    this.values = this.shared.values;
  }

  // It is to be asked when it is no longer that of its element: what it computes then is not what others have.
  keepValues() {
    const values = new SafeMap();
    this.values.forEach((value, name) => values.set(name, value));
    this.values = values;
  }

  // Of animations
  addAll(declarations) {
    this.leave();
    this.moved = true;
    const map = this.map ?? (this.map = new CascadeMap(null));
    for (let i = 0; i < declarations.length; i++) map.add(declarations[i], declarations, null);
  }

  addBlock(block, important, layer) {
    if (this.map === null) this.map = new CascadeMap(null);
    this.map.addBlock(block, important, layer);
  }
}

const CSS_LOGICAL = { __proto__: null, 'inline-size': 'width', 'block-size': 'height' };
for (const [logical, physical] of [['block-start', 'top'], ['block-end', 'bottom'], ['inline-start', 'left'], ['inline-end', 'right']]) {
  for (const base of ['margin', 'padding', 'scroll-margin', 'scroll-padding']) CSS_LOGICAL[base + '-' + logical] = base + '-' + physical;
  CSS_LOGICAL['inset-' + logical] = physical;
  for (const part of ['width', 'style', 'color']) CSS_LOGICAL['border-' + logical + '-' + part] = 'border-' + physical + '-' + part;
}
for (const limit of ['min', 'max']) {
  CSS_LOGICAL[limit + '-inline-size'] = limit + '-width';
  CSS_LOGICAL[limit + '-block-size'] = limit + '-height';
}
for (const [logical, physical] of [['start-start', 'top-left'], ['start-end', 'top-right'], ['end-start', 'bottom-left'], ['end-end', 'bottom-right']]) {
  CSS_LOGICAL['border-' + logical + '-radius'] = 'border-' + physical + '-radius';
}

// https://drafts.csswg.org/css-logical-1/, in horizontal writing from left to right: a flat layout has no other
export function physicalCssName(name) {
  return CSS_LOGICAL[name] ?? name;
}

// What caches of styles and boxes hold for: an object that is replaced when anything changed that they depend on.
class StyleStamp {
  constructor(doc) {
    const { window } = doc;
    this.version = doc.version;
    this.loud = doc.version - doc.quiet;
    this.unmarked = doc.version - doc.marked;
    this.changes = cssChanges.count;
    this.focused = doc.focusedElement;
    this.focusVisible = doc.focusVisible;
    this.hovered = doc.hoveredElement;
    this.pressed = doc.pressedElement;
    this.target = doc.targetElement;
    this.width = window === null ? 0 : window.width;
    this.height = window === null ? 0 : window.height;
    this.doc = doc;
    this.idle = this.focused === null && this.hovered === null && this.pressed === null && this.target === null && doc.forcedStates === null;
    this.state = 0;              // a number for these elements: the same as of the stamp before where they are the same
  }

  // It was replaced. What it holds for is kept with elements, and must not keep others alive that left the document.
  retire() {
    this.focused = null;
    this.hovered = null;
    this.pressed = null;
    this.target = null;
  }

  isSameState(now) {
    return this.focused === now.focused && this.focusVisible === now.focusVisible && this.hovered === now.hovered && this.pressed === now.pressed && this.target === now.target;
  }

  holds(doc) {
    const { window } = doc;
    return this.doc === doc && this.loud === doc.version - doc.quiet && this.changes === cssChanges.count && this.focused === doc.focusedElement && this.focusVisible === doc.focusVisible && this.hovered === doc.hoveredElement
      && this.pressed === doc.pressedElement && this.target === doc.targetElement && (window === null || (this.width === window.width && this.height === window.height));
  }
}

let lastStamp = null;
let stampStates = 0;
const stampsOfFrames = new SafeWeakMap();  // by document, where another one was looked at in between

export function styleStamp(doc) {
  let before = lastStamp;
  if (before !== null) {
    if (before.holds(doc)) return before;
    if (before.doc !== doc) {
      stampsOfFrames.set(before.doc, before);
      before = stampsOfFrames.get(doc) ?? null;
      if (before !== null && before.holds(doc)) {
        lastStamp = before;
        return before;
      }
    }
  }
  const now = new StyleStamp(doc);
  now.state = before !== null && before.isSameState(now) ? before.state : ++stampStates;
  if (before !== null) before.retire();
  lastStamp = now;
  return now;
}

// Can what held for this stamp still hold for a newer one, but for what is marked?
export function isComparable(before, now) {
  return before.doc === now.doc && before.changes === now.changes && before.unmarked === now.unmarked && before.width === now.width && before.height === now.height;
}

// Does the user agent draw an outline around it?
function isOutlined(el) {
  return el.doc.focusedElement === el && el.doc.focusVisible;
}

// What the rules of an outcome declare: `normal` without what is important, `whole` with it. Both are shared.
function layOut(outcome) {
  const { rules, count } = outcome;
  const normal = new SafeMap();
  let anyImportant = false;
  for (let i = 0; i < count; i++) {
    const block = rules[i].style.block();
    addBlockToCascade(normal, block, false, rules[i].layer, rules[i].style.parentRule.sheet, null);
    for (let j = 0; j < block.names.length && !anyImportant; j++) anyImportant = block.map.get(block.names[j]).important;
  }
  // At once: the steps to the roots of scopes are those of the element that matched last.
  outcome.important = anyImportant ? importantOrder(rules, count) : null;
  outcome.normal = normal;
  if (!anyImportant) outcome.whole = normal;
}

function addImportant(outcome, map, base) {
  const order = outcome.important;
  for (let i = 0; i < order.length; i++) addBlockToCascade(map, order[i].style.block(), true, order[i].layer, order[i].style.parentRule.sheet, base);
}

function wholeOf(outcome) {
  if (outcome.whole !== null) return outcome.whole;
  const whole = new SafeMap();
  outcome.normal.forEach((entry, name) => whole.set(name, entry));
  addImportant(outcome, whole, null);
  outcome.whole = whole;
  return whole;
}

function buildCascade(el, pseudo, still, outcome) {
  const out = new ElementCascade(el, pseudo, outcome, new SharedStyle());
  const inline = pseudo === '' ? inlineDeclarations(el) : null;
  if (outcome !== null && outcome.normal === null) layOut(outcome);
  if (outcome !== null && (outcome.normal.size > 0 || outcome.important !== null)) out.map = new CascadeMap(outcome.normal);
  if (inline !== null) out.addBlock(inline, false, inline);
  // Animations stand above normal declarations, and below important ones.
  if (!still && out.map !== null && out.map.has('animation-name')) out.addAll(cssAnimationDeclarations(out));
  if (!still && pseudo === '' && el.cssom.motions !== null && el.cssom.motions.size > 0) out.addAll(motionDeclarations(el));
  if (outcome !== null && outcome.important !== null) {
    if (out.map.own === null) out.map.base = wholeOf(outcome);
    else addImportant(outcome, out.map.own, outcome.normal);
  }
  if (inline !== null) out.addBlock(inline, true, inline);
  out.shared.map = out.map;
  return out;
}

// The cascade of an element, with what it shares with others in elements like its parent
function builtCascade(el, cssom, above, outcome) {
  const { parent } = el;
  const name = above === null || outcome === null || parent.cssom !== above || parent.shadow !== null ? '' : styleName(el, cssom);
  if (name === '') return buildCascade(el, '', false, outcome);
  const style = above.cascade.shared.child(outcome, name);
  if (style.members > 0) {
    style.members++;
    return new ElementCascade(el, '', outcome, style);
  }
  const out = buildCascade(el, '', false, outcome);
  if (out.moved || (out.map !== null && out.map.own !== null)) return out;
  style.members = 1;
  style.map = out.map;
  out.shared = style;
  out.values = style.values;
  return out;
}

// What matches an element, with notes of what that hangs on in `matchNotes`
function outcomeFor(el, pseudo) {
  matchNotes.again = false;
  matchNotes.state = false;
  return hasAnySheet(el.doc) ? outcomeOf(el, matchingRules(el, pseudo)) : null;
}

// The same, looked for once where rules cannot tell elements apart
function sharedOutcomeFor(el, cssom, above, stamp) {
  const { parent } = el;
  const around = parent !== null && parent.nodeType === 9 && hasAnySheet(parent) ? styleIndexOf(parent).kin : above !== null && parent.cssom === above && parent.shadow === null ? above.kin : null;
  const kin = around === null ? null : kinIn(around, el);
  cssom.kin = kin;
  if (kin === null || el.doc.forcedStates !== null) return outcomeFor(el, '');
  if (kin.outcome !== null && (!kin.state || stamp.idle)) {
    matchNotes.again = false;
    matchNotes.state = kin.state;
    return kin.outcome;
  }
  matchNotes.placed = false;
  const outcome = outcomeFor(el, '');
  const { again, state, placed } = matchNotes;
  if (!again && !placed && (!state || stamp.idle)) {
    kin.outcome = outcome;
    kin.state = state;
  }
  return outcome;
}

// The cascade of an element whose parent's is that of `stamp`
function settleCascade(el, cssom, parent, stamp) {
  const above = parent === null ? null : parent.cssom;
  cssom.lastMark = above !== null && above.lastMark > cssom.mark ? above.lastMark : cssom.mark;
  const before = cssom.cascadeStamp;
  const old = cssom.cascade;
  const inherited = above === null ? null : above.cascade;
  const unmarked = old !== null && isComparable(before, stamp) && cssom.lastMark <= before.version;
  const matches = unmarked && !cssom.rematch && !old.again && (!old.state || before.state === stamp.state);
  cssom.cascadeStamp = stamp;
  let outcome;
  let again = false;
  let state = false;
  if (matches) ({ outcome, again, state } = old);
  else {
    outcome = sharedOutcomeFor(el, cssom, above, stamp);
    ({ again, state } = matchNotes);
  }
  cssom.rematch = false;
  const steady = unmarked && !old.moved && old.above === inherited && cssom.motions === null && old.outlined === isOutlined(el) && !isDirected(el);
  if (steady && outcome === old.outcome && !cssom.restyle) {
    old.again = again;
    old.state = state;
    return old;
  }
  cssom.restyle = false;
  cssom.pseudos = null;
  const out = builtCascade(el, cssom, above, outcome);
  // What watches for transitions compares cascades.
  if (steady && !out.moved && !old.lent && !old.isForked && !motion.watched && !heritage.containerSizes && sameForChildren(old.map, out.map)) {
    old.become(out);
    old.again = again;
    old.state = state;
    return old;
  }
  out.above = inherited;
  out.again = again;
  out.state = state;
  out.outlined = isOutlined(el);
  cssom.cascade = out;
  return out;
}

// Have sizes of containers been asked for, which those in them keep?
export const heritage = { __proto__: null, containerSizes: false };

// Do two cascades of one element, null for none, differ only in what its children do not ask for?
function sameForChildren(a, b) {
  return (a === null || areOwnAffairs(a, b)) && (b === null || areOwnAffairs(b, a));
}

function areOwnAffairs(map, other) {
  let out = true;
  map.forEach((entry, name) => {
    if (!out) return;
    const theirs = other === null ? undefined : other.get(name);
    // What takes back declarations hangs on the weaker ones.
    if (theirs !== undefined && theirs.declaration === entry.declaration && theirs.layer === entry.layer && !StringPrototypeStartsWith(entry.declaration.value, 'revert')) return;
    const property = name === 'display' ? undefined : cssLonghand(name);
    if (property === undefined || property.inherited) out = false;
  });
  return out;
}

// Its direction may hang on text. Whole documents say that they run from left to right: these do not.
function isDirected(el) {
  return el.localName === 'bdi' || (el.attrs.length > 0 && dirState(el) === 'auto');
}

export function cascadeOf(el) {
  const cssom = cssomOf(el);
  const stamp = styleStamp(el.doc);
  if (cssom.cascadeStamp === stamp) return cssom.cascade;
  const parent = flatParent(el) ?? null;
  // From the outermost ancestor that is not settled yet: pages nest deeper than the stack.
  if (parent !== null && cssomOf(parent).cascadeStamp !== stamp) {
    const line = [];
    for (let at = parent; at !== null && cssomOf(at).cascadeStamp !== stamp; at = flatParent(at) ?? null) line[line.length] = at;
    for (let i = line.length - 1; i >= 0; i--) settleCascade(line[i], line[i].cssom, flatParent(line[i]) ?? null, stamp);
  }
  return settleCascade(el, cssom, parent, stamp);
}

// https://drafts.csswg.org/css-transitions-2/#before-change-style: without what animates the element
export function stillCascadeOf(el) {
  const cascade = cascadeOf(el);
  return cascade.moved ? buildCascade(el, '', true, cascade.outcome) : cascade;
}

export function pseudoCascadeOf(el, pseudo) {
  cascadeOf(el);
  const { cssom } = el;
  const pseudos = cssom.pseudos ?? (cssom.pseudos = new SafeMap());
  let cascade = pseudos.get(pseudo);
  // Its rules may hang on other things than those of the element do, so it is kept for one stamp.
  if (cascade === undefined || cascade.above !== cssom.cascadeStamp) {
    const outcome = outcomeFor(el, pseudo);
    const { again, state } = matchNotes;
    cascade = buildCascade(el, pseudo, false, outcome);
    cascade.again = again;
    cascade.state = state;
    cascade.above = cssom.cascadeStamp;
    pseudos.set(pseudo, cascade);
  }
  return cascade;
}

// https://drafts.csswg.org/css-scoping-1/#flat-tree: the parent in the flat tree, an element or null; undefined: the node is not in it
export function flatParent(node) {
  const { parent } = node;
  if (parent === null) return null;
  if (parent.nodeType === 11) return parent.isShadow ? parent.host : null;
  if (parent.nodeType !== 1) return null;
  if (parent.shadow !== null) return assignedSlotOf(node) ?? undefined;
  return parent;
}
