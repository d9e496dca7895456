// https://drafts.csswg.org/css-cascade-5/#cascade-sort
// The rules of a tree, flattened and indexed by what their subject must have; and those that match an element, in cascade order.

import { ArrayPrototypeSort, SafeMap, SafeSet, SafeWeakMap, StringPrototypeIncludes, StringPrototypeSplit, StringPrototypeTrim } from '../../primordials.js';
import { MatchContext } from '../selectors/compile.js';
import { matchNotes } from './style_marks.js';
import { Kin } from './kin.js';
import { containersFit } from './containers.js';
import { matchesInScope, scopeOfRule } from './scoped_rules.js';
import { classAttribute, hasClassToken, idAttribute } from '../selectors/names.js';
import { hasAttr } from '../../dom/attributes.js';
import { rootOf } from '../../dom/tree.js';
import { splitTokens } from '../../dom/collections.js';
import { assignedSlotOf } from '../../dom/slots.js';
import { mainWindow } from '../../html/realm.js';
import { supportsCssCondition } from './media_queries.js';
import { CSSConditionRuleImpl, CSSImportRuleImpl, CSSKeyframesRuleImpl, CSSLayerStatementRuleImpl, CSSNestedDeclarationsImpl, CSSStyleRuleImpl, CSSDescriptorRuleImpl, cssChanges } from './rules.js';
import { activeSheets } from './sheets.js';

class CssLayer {
  constructor() {
    this.children = [];
    this.names = new SafeMap();
    this.order = 0;
  }

  child(name) {
    let layer = this.names.get(name);
    if (layer === undefined) {
      layer = new CssLayer();
      this.names.set(name, layer);
      this.children[this.children.length] = layer;
    }
    return layer;
  }

  path(text) {
    const parts = StringPrototypeSplit(text, '.');
    let layer = this;
    for (let i = 0; i < parts.length; i++) layer = layer.child(StringPrototypeTrim(parts[i]));
    return layer;
  }

  anonymous() {
    const layer = new CssLayer();
    this.children[this.children.length] = layer;
    return layer;
  }

  // What stands in a layer itself comes after its sublayers.
  number(next) {
    let at = next;
    for (let i = 0; i < this.children.length; i++) at = this.children[i].number(at);
    this.order = at;
    return at + 1;
  }
}

class IndexedRule {
  constructor(part, style, layer, order, scope, containers) {
    this.match = scope === null ? part.match : (el, context) => matchesInScope(scope, part, this, el, context);
    if (containers !== null) this.match = inContainers(this.match, containers, part.pseudoElement);
    this.specificity = part.specificity;
    this.style = style;          // CSSStyleDeclaration impl; its block is read when the cascade runs
    this.layer = layer;
    this.order = order;
    this.proximity = 1 / 0;      // of the element that matched last, to the root of its scope
    this.context = 1;            // 0: `:host` and `::slotted` of a shadow tree; 1: the element's own tree; 2: `::part` from outside
  }
}

// Matching the elements around for their own styles goes on in between.
function inContainers(match, containers, pseudo) {
  const isPseudo = pseudo !== '' && pseudo !== 'slotted' && pseudo !== 'part';
  return (el, context) => {
    if (!match(el, context)) return false;
    const { pseudoElement } = context;
    context.pseudoElement = '';
    const fits = containersFit(containers, el, isPseudo);
    matchNotes.again = true;   // what the containers say is not marked
    context.pseudoElement = pseudoElement;
    return fits;
  };
}

// The rules that match some element, and what they declare together. Elements that match the same rules share one.
class MatchOutcome {
  constructor(rules, count) {
    this.rules = rules;          // the first `count` of them, weakest first
    this.count = count;
    this.after = null;           // those of one rule more, by that rule
    this.normal = null;          // what they declare, as cascade.js lays it out: entries by property, without what is important
    this.whole = null;           // the same with it
    this.important = null;       // the rules that declare anything important, weakest first; null: none does
  }
}

export class StyleIndex {
  constructor(root, window, sheets = activeSheets(root)) {
    this.root = root;
    this.ids = new SafeMap();
    this.classes = new SafeMap();
    this.tags = new SafeMap();
    this.rest = [];
    this.hosts = [];             // with :host
    this.slotted = [];           // with ::slotted
    this.pseudos = new SafeMap();
    this.layers = new CssLayer();
    this.registered = new SafeMap();   // @property rules by name
    this.keyframes = new SafeMap();
    this.motionKeys = null;      // what rules with transitions or animations speak of: { any, keys }
    this.count = 0;
    this.scope = null;           // the @scope rules around, while rules are added
    this.containers = null;      // the @container rules around: { rule, outer }
    this.shadow = root.nodeType === 11;
    this.quirks = root.doc.quirks;
    this.context = new MatchContext(root, this.shadow ? root : null);
    this.outcomes = new MatchOutcome([], 0);
    this.kin = new Kin();        // of the document
    for (let i = 0; i < sheets.length; i++) this.addSheet(sheets[i], window, this.layers, 0);
    this.layers.number(0);
  }

  addSheet(sheet, window, layer, depth) {
    if (sheet.media.matches(window) && depth < 32) this.addRules(sheet.rules, window, layer, depth);
  }

  addRules(rules, window, layer, depth) {
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      if (rule instanceof CSSStyleRuleImpl) {
        if (!rule.style.isEmpty()) this.addStyleRule(rule, rule.style, layer);
        if (rule.rules.length > 0) this.addRules(rule.rules, window, layer, depth);
      } else if (rule instanceof CSSNestedDeclarationsImpl) {
        let parent = rule.parentRule;
        while (parent !== null && !(parent instanceof CSSStyleRuleImpl)) parent = parent.parentRule;
        if (parent !== null) this.addStyleRule(parent, rule.style, layer);
      } else if (rule instanceof CSSConditionRuleImpl) {
        switch (rule.name) {
          case 'media': if (rule.media.matches(window)) this.addRules(rule.rules, window, layer, depth); break;
          case 'supports': if (supportsCssCondition(rule.condition)) this.addRules(rule.rules, window, layer, depth); break;
          case 'layer': this.addRules(rule.rules, window, rule.condition === '' ? layer.anonymous() : layer.path(rule.condition), depth); break;
          case 'container': this.addContainer(rule, window, layer, depth); break;
          case 'scope': this.addScope(rule, window, layer, depth); break;
          default:
        }
      } else if (rule instanceof CSSLayerStatementRuleImpl) {
        for (let j = 0; j < rule.names.length; j++) layer.path(rule.names[j]);
      } else if (rule instanceof CSSImportRuleImpl) {
        const into = rule.layer === null ? layer : rule.layer === '' ? layer.anonymous() : layer.path(rule.layer);
        if (rule.styleSheet === null || !rule.media.matches(window)) continue;
        if (rule.supports !== null && !supportsCssCondition(rule.supports)) continue;
        this.addSheet(rule.styleSheet, window, into, depth + 1);
      } else if (rule instanceof CSSKeyframesRuleImpl) this.keyframes.set(rule.name, rule);
      else if (rule instanceof CSSDescriptorRuleImpl && rule.name === 'property') this.registered.set(rule.prelude, rule);
    }
  }

  // https://drafts.csswg.org/css-cascade-6/#scoped-styles
  addScope(rule, window, layer, depth) {
    const outer = this.scope;
    const scope = scopeOfRule(rule, outer);
    if (scope === null) return;
    this.scope = scope;
    this.addRules(rule.rules, window, layer, depth);
    this.scope = outer;
  }

  addContainer(rule, window, layer, depth) {
    const outer = this.containers;
    this.containers = { __proto__: null, rule, outer };
    this.addRules(rule.rules, window, layer, depth);
    this.containers = outer;
  }

  addStyleRule(rule, style, layer) {
    const compiled = rule.selectors(this.quirks, this.shadow);
    if (compiled === null) return;
    const moves = style.mentionsMotion();
    const hosted = this.shadow && StringPrototypeIncludes(rule.source, ':host');
    for (let i = 0; i < compiled.parts.length; i++) {
      const part = compiled.parts[i];
      const entry = new IndexedRule(part, style, layer, this.count++, this.scope, this.containers);
      if (part.pseudoElement !== '') {
        if (part.pseudoElement === 'slotted') {
          entry.context = 0;
          this.slotted[this.slotted.length] = entry;
        } else if (part.pseudoElement === 'part') entry.context = 2;
        if (entry.context !== 0) pushTo(this.pseudos, part.pseudoElement, entry);
        continue;
      }
      if (hosted) {
        const host = new IndexedRule(part, style, layer, entry.order, this.scope, this.containers);
        host.context = 0;
        this.hosts[this.hosts.length] = host;
      }
      const { key } = part;
      if (moves) this.addMotionKey(key);
      if (key.kind === 'id' && !this.quirks) pushTo(this.ids, key.value, entry);
      else if (key.kind === 'class' && !this.quirks) pushTo(this.classes, key.value, entry);
      else if (key.kind === 'tag') pushTo(this.tags, key.value, entry);
      else this.rest[this.rest.length] = entry;
    }
  }

  addMotionKey(key) {
    const known = this.motionKeys ?? (this.motionKeys = { __proto__: null, any: false, keys: new SafeSet() });
    if (key.kind === '' || this.quirks) known.any = true;
    else known.keys.add(key.kind + ' ' + key.value);
  }

  // May a rule with transitions or animations speak of this element?
  speaksOfMotion(el) {
    const { motionKeys } = this;
    if (motionKeys === null) return false;
    const { any, keys } = motionKeys;
    if (any || keys.has('tag ' + el.localName)) return true;
    if (el.attrs.length === 0) return false;
    const id = idAttribute(el);
    if (id !== null && keys.has('id ' + id)) return true;
    const value = classAttribute(el);
    if (value === null || value === '') return false;
    const tokens = splitTokens(value);
    for (let i = 0; i < tokens.length; i++) if (keys.has('class ' + tokens[i])) return true;
    return false;
  }

  collect(el, out) {
    const { context } = this;
    collectFrom(this.rest, el, context, out);
    if (this.tags.size > 0) collectFrom(this.tags.get(el.localName), el, context, out);
    if (el.attrs.length === 0) return;
    if (this.ids.size > 0) {
      const id = idAttribute(el);
      if (id !== null) collectFrom(this.ids.get(id), el, context, out);
    }
    if (this.classes.size > 0) {
      const value = classAttribute(el);
      if (value === null || value === '') return;
      const tokens = splitTokens(value);
      for (let i = 0; i < tokens.length; i++) {
        let seen = false;
        for (let j = 0; j < i; j++) if (tokens[j] === tokens[i]) seen = true;
        if (!seen && hasClassToken(value, tokens[i])) collectFrom(this.classes.get(tokens[i]), el, context, out);
      }
    }
  }
}

function pushTo(map, key, entry) {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list[list.length] = entry;
}

export function collectFrom(list, el, context, out) {
  if (list === undefined) return;
  for (let i = 0; i < list.length; i++) if (list[i].match(el, context)) out[out.length] = list[i];
}

const indexes = new SafeWeakMap();

class CachedIndex {
  constructor(index, changes, window) {
    this.index = index;
    this.changes = changes;
    this.width = window.width;
    this.height = window.height;
  }
}

export function styleIndexOf(root) {
  const window = root.doc.window ?? mainWindow();
  const known = indexes.get(root);
  if (known !== undefined && known.changes === cssChanges.count && known.width === window.width && known.height === window.height) return known.index;
  const index = new StyleIndex(root, window);
  indexes.set(root, new CachedIndex(index, cssChanges.count, window));
  return index;
}

function compareNormal(a, b) {
  return a.context - b.context || a.layer.order - b.layer.order || a.specificity - b.specificity || byProximity(a, b) || a.order - b.order;
}

// https://drafts.csswg.org/css-cascade-6/#cascade-proximity: what is in no scope is the weakest
function byProximity(a, b) {
  return a.proximity === b.proximity ? 0 : b.proximity - a.proximity;
}

function compareImportant(a, b) {
  return b.context - a.context || b.layer.order - a.layer.order || a.specificity - b.specificity || byProximity(a, b) || a.order - b.order;
}

// https://drafts.csswg.org/css-cascade-5/#cascade-sort: what matches, weakest first. `pseudo` is the name of a pseudo-element, or ''.
export function matchingRules(el, pseudo) {
  const out = [];
  const root = rootOf(el);
  if (root.nodeType !== 9 && !(root.nodeType === 11 && root.isShadow)) return out;
  const index = styleIndexOf(root);
  if (pseudo !== '') {
    index.context.pseudoElement = pseudo;
    collectFrom(index.pseudos.get(pseudo), el, index.context, out);
    index.context.pseudoElement = '';
    return ArrayPrototypeSort(out, compareNormal);
  }
  index.collect(el, out);
  // What stands in shadow trees or around them hangs on more than its ancestors.
  if (index.shadow || el.shadow !== null) matchNotes.again = true;
  if (el.shadow !== null) {
    const inner = styleIndexOf(el.shadow);
    collectFrom(inner.hosts, el, inner.context, out);
  }
  if (el.parent !== null && el.parent.nodeType === 1 && el.parent.shadow !== null) {
    const slot = assignedSlotOf(el);
    matchNotes.again = true;
    if (slot !== null) {
      const inner = styleIndexOf(rootOf(slot));
      collectFrom(inner.slotted, el, inner.context, out);
    }
  }
  if (index.shadow && hasAttr(el, 'part')) {
    const outer = rootOf(root.host);
    const its = outer.nodeType === 9 || outer.isShadow ? styleIndexOf(outer) : null;
    if (its !== null) collectFrom(its.pseudos.get('part'), el, its.context, out);
  }
  return out.length > 1 ? ArrayPrototypeSort(out, compareNormal) : out;
}

// The outcome that all elements share which match these rules
export function outcomeOf(el, rules) {
  const root = rootOf(el);
  let at = root.nodeType === 9 || root.isShadow === true ? styleIndexOf(root).outcomes : new MatchOutcome([], 0);
  for (let i = 0; i < rules.length; i++) {
    const after = at.after ?? (at.after = new SafeMap());
    let next = after.get(rules[i]);
    if (next === undefined) {
      next = new MatchOutcome(rules, i + 1);
      after.set(rules[i], next);
    }
    at = next;
  }
  return at;
}

export function importantOrder(rules, count) {
  const out = [];
  for (let i = 0; i < count; i++) out[i] = rules[i];
  return ArrayPrototypeSort(out, compareImportant);
}
