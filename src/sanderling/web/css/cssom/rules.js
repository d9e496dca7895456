// https://drafts.csswg.org/cssom/#css-rules
// Implementation objects of rules, and how parsed items become them.

import { ArrayPrototypeJoin, RegExpPrototypeExec, StringPrototypeToLowerCase, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeTrim } from '../../primordials.js';
import { Impl } from '../../webidl/impl.js';
import { domException } from '../../dom/DOMException.js';
import { cssComponents, serializeCssComponent, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { parseCssRule } from '../syntax/parser.js';
import { serializeCssString } from '../syntax/tokenizer.js';
import { compileSelectorList } from '../selectors/query.js';
import { CSSStyleDeclarationImpl } from './CSSStyleDeclaration.js';
import { cssBlockFromItems, parseCssDeclarations } from './declarations.js';
import { MediaListImpl } from './MediaList.js';

// Counts changes of any sheet; indexes of rules compare it.
export const cssChanges = { __proto__: null, count: 0 };

// A sheet, or something in it, changed: what is cached against the documents that use it no longer holds.
export function cssSheetChanged(sheet) {
  cssChanges.count++;
  let top = sheet;
  while (top !== null && top.ownerRule !== null) top = top.ownerRule.sheet;
  if (top === null) return;
  if (top.ownerNode !== null) top.ownerNode.doc.version++;
  for (let i = 0; i < top.adopters.length; i++) top.adopters[i].doc.version++;
}

class RuleStyleImpl extends CSSStyleDeclarationImpl {
  // `items` are parsed declarations; most rules of a sheet are never asked for theirs, so they become a block on demand.
  constructor(rule, items) {
    super();
    this.parentRule = rule;
    this.items = items;
    this.declarations = null;
  }

  block() {
    if (this.declarations === null) {
      this.declarations = cssBlockFromItems(this.items, 0, this.items.length);
      this.items = null;
    }
    return this.declarations;
  }

  isEmpty() {
    return this.declarations === null ? this.items.length === 0 : this.declarations.names.length === 0;
  }

  changed() {
    this.parentRule.changed();
  }

  replace(text) {
    this.declarations = parseCssDeclarations(text);
    this.items = null;
    this.changed();
  }
}

export class CSSRuleListImpl extends Impl {
  constructor(rules) {
    super();
    this.rules = rules;          // the live array of the sheet or rule
  }
}

export class CSSRuleImpl extends Impl {
  constructor(type, sheet, parent) {
    super();
    this.type = type;            // number of CSSOM
    this.sheet = sheet;
    this.parentRule = parent;
    this.rules = null;           // of grouping rules
    this.ruleList = null;
    this.style = null;           // CSSStyleDeclaration impl
  }

  changed() {
    if (this.sheet !== null) cssSheetChanged(this.sheet);
  }

  // The parsed selectors of the nearest style rule around, for nesting; or null.
  nesting() {
    for (let rule = this.parentRule; rule !== null; rule = rule.parentRule) if (rule instanceof CSSStyleRuleImpl) return rule.parsedSelectors();
    return null;
  }

  inStyleRule() {
    for (let rule = this; rule !== null; rule = rule.parentRule) if (rule instanceof CSSStyleRuleImpl) return true;
    return false;
  }

  ruleTexts() {
    let out = '';
    for (let i = 0; i < this.rules.length; i++) out += '\n  ' + this.rules[i].text();
    return out;
  }

  text() {
    return '';
  }
}

// https://drafts.csswg.org/cssom/#serialize-a-group-of-selectors, near enough: whitespace, combinators and quotes are brought into one form
function selectorPartText(list) {
  let out = '';
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    const combinator = node.type === 'delim' && (node.value === '>' || node.value === '+' || node.value === '~');
    const after = i > 0 && list[i - 1].type === 'delim' && (list[i - 1].value === '>' || list[i - 1].value === '+' || list[i - 1].value === '~');
    if (i > 0 && node.type !== 'comma' && (node.space || combinator || after || list[i - 1].type === 'comma')) out += ' ';
    if (node.type === '[') {
      let inner = '';
      const { args } = node;
      for (let j = 0; j < args.length; j++) {
        const part = args[j];
        const valued = j > 0 && args[j - 1].type === 'delim' && args[j - 1].value === '=';
        inner += part.type === 'ident' && valued ? serializeCssString(part.value) : (part.type === 'ident' && j > 0 && part.space && !valued ? ' ' : '') + serializeCssComponent(part);
      }
      out += '[' + inner + ']';
    } else if (node.type === 'function') out += node.value + '(' + selectorPartText(node.args) + ')';
    else if (node.type === 'ident' && i > 0 && list[i - 1].type === 'colon') out += StringPrototypeToLowerCase(serializeCssComponent(node));
    else out += serializeCssComponent(node);
  }
  return out;
}

export function canonicalSelectorText(text) {
  const list = cssComponents(text);
  if (list === null) return text;
  const parts = splitCssCommas(list);
  for (let i = 0; i < parts.length; i++) parts[i] = selectorPartText(parts[i]);
  return ArrayPrototypeJoin(parts, ', ');
}

export class CSSStyleRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, selector, compiled) {
    super(1, sheet, parent);
    this.source = selector;
    this.canonical = null;       // selectorText, once asked
    this.compiled = compiled;    // for documents in no-quirks mode
    this.compiledQuirks = null;
    this.compiledShadow = null;
    this.rules = [];
    this.style = null;
  }

  get selectorText() {
    return this.canonical ?? (this.canonical = canonicalSelectorText(this.source));
  }

  // The compiled selectors for a tree; nesting changes with the rules around.
  selectors(quirks, shadow) {
    const nesting = this.nesting();
    if (shadow) return this.compiledShadow ?? (this.compiledShadow = compileSelectorList(this.source, { __proto__: null, quirks, shadow: true, nesting }));
    if (quirks) return this.compiledQuirks ?? (this.compiledQuirks = compileSelectorList(this.source, { __proto__: null, quirks: true, nesting }));
    return this.compiled ?? (this.compiled = compileSelectorList(this.source, { __proto__: null, nesting }));
  }

  parsedSelectors() {
    return this.selectors(false, false).parsed;
  }

  setSelector(text) {
    const compiled = compileSelectorList(text, { __proto__: null, nesting: this.nesting() });
    if (compiled === null) return;
    this.source = text;
    this.canonical = null;
    this.forgetNested();
    this.compiled = compiled;
    this.changed();
  }

  forgetNested() {
    this.compiledQuirks = null;
    this.compiledShadow = null;
    this.compiled = null;
    const visit = (rule) => {
      if (rule.rules === null) return;
      for (let i = 0; i < rule.rules.length; i++) {
        const child = rule.rules[i];
        if (child instanceof CSSStyleRuleImpl) child.forgetNested();
        else visit(child);
      }
    };
    visit(this);
  }

  text() {
    const declarations = this.style.text();
    if (this.rules.length === 0) return this.selectorText + ' {' + (declarations === '' ? '' : ' ' + declarations) + ' }';
    return this.selectorText + ' {' + (declarations === '' ? '' : '\n  ' + declarations) + this.ruleTexts() + '\n}';
  }
}

// Declarations after a nested rule: https://drafts.csswg.org/css-nesting-1/#the-cssnestrule
export class CSSNestedDeclarationsImpl extends CSSRuleImpl {
  constructor(sheet, parent, items) {
    super(0, sheet, parent);
    this.style = new RuleStyleImpl(this, items);
  }

  text() {
    return this.style.text();
  }
}

// @media, @supports, @container, @layer {}, @scope, @starting-style: `name` and a condition.
export class CSSConditionRuleImpl extends CSSRuleImpl {
  constructor(type, sheet, parent, name, condition) {
    super(type, sheet, parent);
    this.name = name;
    this.condition = condition;
    this.rules = [];
    this.media = name === 'media' ? new MediaListImpl(condition, () => this.changed()) : null;
  }

  text() {
    const condition = this.media !== null ? this.media.text() : this.condition;
    return '@' + this.name + (condition === '' ? '' : ' ' + condition) + ' {' + this.ruleTexts() + '\n}';
  }
}

export class CSSLayerStatementRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, names) {
    super(0, sheet, parent);
    this.names = names;
  }

  text() {
    return '@layer ' + ArrayPrototypeJoin(this.names, ', ') + ';';
  }
}

export class CSSImportRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, href, layer, supports, media) {
    super(3, sheet, parent);
    this.href = href;
    this.layer = layer;          // null: none; '': anonymous
    this.supports = supports;    // text or null
    this.media = new MediaListImpl(media, () => this.changed());
    this.styleSheet = null;      // once loaded
    this.asked = false;          // the load was started
  }

  text() {
    let out = '@import url(' + serializeCssString(this.href) + ')';
    if (this.layer !== null) out += this.layer === '' ? ' layer' : ' layer(' + this.layer + ')';
    if (this.supports !== null) out += ' supports(' + this.supports + ')';
    const media = this.media.text();
    return out + (media === '' ? '' : ' ' + media) + ';';
  }
}

export class CSSNamespaceRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, prefix, namespaceURI) {
    super(10, sheet, parent);
    this.prefix = prefix;
    this.namespaceURI = namespaceURI;
  }

  text() {
    return '@namespace ' + (this.prefix === '' ? '' : this.prefix + ' ') + 'url(' + serializeCssString(this.namespaceURI) + ');';
  }
}

// @font-face, @page, @counter-style, @property and others that hold declarations: descriptors are kept as they are written.
export class CSSDescriptorRuleImpl extends CSSRuleImpl {
  constructor(type, sheet, parent, name, prelude, items) {
    super(type, sheet, parent);
    this.name = name;
    this.prelude = prelude;
    this.rules = name === 'page' ? [] : null;
    this.descriptors = [];       // [name, value]
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item.kind !== 'declaration' || item.value === null) continue;
      const list = cssComponents(item.value);
      this.descriptors[this.descriptors.length] = [item.name, list === null ? item.value : serializeCssComponents(list)];
    }
    this.style = new RuleStyleImpl(this, items);
  }

  descriptor(name) {
    for (let i = this.descriptors.length - 1; i >= 0; i--) if (this.descriptors[i][0] === name) return this.descriptors[i][1];
    return '';
  }

  text() {
    let out = '@' + this.name + (this.prelude === '' ? '' : ' ' + this.prelude) + ' {';
    for (let i = 0; i < this.descriptors.length; i++) out += ' ' + this.descriptors[i][0] + ': ' + this.descriptors[i][1] + ';';
    return out + ' }';
  }
}

export class CSSKeyframeRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, keyText, items) {
    super(8, sheet, parent);
    this.keyText = keyText;
    this.style = new RuleStyleImpl(this, items);
  }

  text() {
    const text = this.style.text();
    return this.keyText + ' {' + (text === '' ? '' : ' ' + text) + ' }';
  }
}

export class CSSKeyframesRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, name, items) {
    super(7, sheet, parent);
    this.name = name;
    this.rules = [];
    for (let i = 0; i < items.length; i++) {
      const rule = makeKeyframe(items[i], sheet, this);
      if (rule !== null) this.rules[this.rules.length] = rule;
    }
  }

  text() {
    return '@keyframes ' + this.name + ' {' + (this.rules.length === 0 ? ' ' : '') + this.ruleTexts() + '\n}';
  }
}

// https://drafts.csswg.org/css-animations-1/#typedef-keyframe-selector; '' when it is none
export function keyframeSelector(text) {
  const list = cssComponents(text);
  if (list === null) return '';
  const parts = splitCssCommas(list);
  const out = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length !== 1) return '';
    const node = parts[i][0];
    const word = node.type === 'ident' ? StringPrototypeToLowerCase(node.value) : '';
    if (word === 'from') out[i] = '0%';
    else if (word === 'to') out[i] = '100%';
    else if (node.type === 'percentage' && node.number >= 0 && node.number <= 100) out[i] = serializeCssComponent(node);
    else return '';
  }
  return ArrayPrototypeJoin(out, ', ');
}

export function makeKeyframe(item, sheet, parent) {
  if (item === undefined || item.kind !== 'rule') return null;
  const key = keyframeSelector(item.prelude);
  return key === '' ? null : new CSSKeyframeRuleImpl(sheet, parent, key, item.items);
}

function makeImport(item, sheet) {
  const list = cssComponents(item.prelude);
  if (list === null || list.length === 0 || item.items !== null) return null;
  const node = list[0];
  if (node.type !== 'string' && node.type !== 'url') return null;
  let at = 1;
  let layer = null;
  let supports = null;
  if (at < list.length && list[at].type === 'ident' && StringPrototypeToLowerCase(list[at].value) === 'layer') {
    layer = '';
    at++;
  } else if (at < list.length && list[at].type === 'function' && list[at].value === 'layer') layer = serializeCssComponents(list[at++].args);
  if (at < list.length && list[at].type === 'function' && list[at].value === 'supports') supports = serializeCssComponents(list[at++].args);
  const rest = [];
  for (; at < list.length; at++) rest[rest.length] = list[at];
  return new CSSImportRuleImpl(sheet, null, node.value, layer, supports, serializeCssComponents(rest));
}

function makeNamespace(item, sheet) {
  const list = cssComponents(item.prelude);
  if (list === null || list.length === 0 || list.length > 2) return null;
  const node = list[list.length - 1];
  if (node.type !== 'string' && node.type !== 'url') return null;
  if (list.length === 2 && list[0].type !== 'ident') return null;
  return new CSSNamespaceRuleImpl(sheet, null, list.length === 2 ? list[0].value : '', node.value);
}

const LAYER_NAME = /^[-\w\u0080-\uffff]+(?:\.[-\w\u0080-\uffff]+)*$/;

function conditionText(text) {
  const list = cssComponents(text);
  if (list === null) return StringPrototypeTrim(text);
  return serializeCssComponents(list);
}

const CONDITION_TYPES = { __proto__: null, media: 4, supports: 12, container: 0, layer: 0, scope: 0, 'starting-style': 0 };

function makeAtRule(item, sheet, parent) {
  const { name, prelude, items } = item;
  switch (name) {
    case 'import': return parent === null ? makeImport(item, sheet) : null;
    case 'namespace': return parent === null && items === null ? makeNamespace(item, sheet) : null;
    case 'layer':
      if (items === null) {
        const names = [];
        const parts = splitCssCommas(cssComponents(prelude) ?? []);
        for (let i = 0; i < parts.length; i++) {
          const text = serializeCssComponents(parts[i]);
          if (RegExpPrototypeExec(LAYER_NAME, text) === null) return null;
          names[i] = text;
        }
        return new CSSLayerStatementRuleImpl(sheet, parent, names);
      }
      if (prelude !== '' && RegExpPrototypeExec(LAYER_NAME, prelude) === null) return null;
      // fallthrough
    case 'media': case 'supports': case 'container': case 'scope': case 'starting-style': {
      if (items === null) return null;
      const rule = new CSSConditionRuleImpl(CONDITION_TYPES[name], sheet, parent, name, conditionText(prelude));
      addChildRules(rule, items, sheet);
      return rule;
    }
    case 'keyframes': case '-webkit-keyframes': {
      const list = cssComponents(prelude);
      if (items === null || list === null || list.length !== 1 || (list[0].type !== 'ident' && list[0].type !== 'string')) return null;
      return new CSSKeyframesRuleImpl(sheet, parent, list[0].value, items);
    }
    case 'font-face': return items === null ? null : new CSSDescriptorRuleImpl(5, sheet, parent, name, '', items);
    case 'page': return items === null ? null : new CSSDescriptorRuleImpl(6, sheet, parent, name, prelude, items);
    case 'property': return items === null || !StringPrototypeStartsWith(prelude, '--') ? null : new CSSDescriptorRuleImpl(0, sheet, parent, name, prelude, items);
    case 'counter-style': return items === null ? null : new CSSDescriptorRuleImpl(11, sheet, parent, name, prelude, items);
    default: return null;
  }
}

// Children of a style rule or of a grouping rule inside one: declarations between rules become rules of their own.
function addChildRules(rule, items, sheet) {
  const nested = rule.inStyleRule();
  for (let i = 0; i < items.length; i++) {
    if (items[i].kind === 'declaration') {
      let end = i;
      while (end < items.length && items[end].kind === 'declaration') end++;
      if (nested) {
        rule.rules[rule.rules.length] = new CSSNestedDeclarationsImpl(sheet, rule, partOf(items, i, end));
      }
      i = end - 1;
      continue;
    }
    const child = makeCssRule(items[i], sheet, rule);
    if (child !== null) rule.rules[rule.rules.length] = child;
  }
}

function partOf(items, from, to) {
  const out = [];
  for (let i = from; i < to; i++) out[out.length] = items[i];
  return out;
}

// A parsed item to a rule; null when it is to be ignored.
export function makeCssRule(item, sheet, parent) {
  if (item.kind === 'at') return makeAtRule(item, sheet, parent);
  const rule = new CSSStyleRuleImpl(sheet, parent, item.prelude, null);
  const nesting = rule.nesting();
  const compiled = compileSelectorList(item.prelude, { __proto__: null, nesting });
  if (compiled === null) return null;
  rule.compiled = compiled;
  const { items } = item;
  let first = 0;
  while (first < items.length && items[first].kind === 'declaration') first++;
  if (first === items.length) rule.style = new RuleStyleImpl(rule, items);
  else {
    rule.style = new RuleStyleImpl(rule, partOf(items, 0, first));
    addChildRules(rule, partOf(items, first, items.length), sheet);
  }
  return rule;
}

// https://drafts.csswg.org/cssom/#insert-a-css-rule, into the list of a sheet (parent null) or of a grouping rule
export function insertCssRule(rules, text, index, sheet, parent) {
  if (index > rules.length) throw domException('IndexSizeError', 'The index provided (' + index + ') is larger than the maximum index (' + rules.length + ').');
  const nested = parent !== null && parent.inStyleRule();
  const item = parseCssRule(text, nested);
  const rule = item === undefined ? null : makeCssRule(item, sheet, parent);
  if (rule === null) throw domException('SyntaxError', "Failed to parse the rule '" + StringPrototypeSlice(text, 0, 200) + "'.");
  const isImport = rule instanceof CSSImportRuleImpl;
  const isNamespace = rule instanceof CSSNamespaceRuleImpl;
  // 6. order of @import, @namespace and the rest
  for (let i = 0; i < rules.length; i++) {
    const other = rules[i];
    const itsImport = other instanceof CSSImportRuleImpl;
    const itsNamespace = other instanceof CSSNamespaceRuleImpl;
    const wrong = i < index ? (isImport && !itsImport) || (isNamespace && !itsImport && !itsNamespace) : (!isImport && itsImport) || (!isImport && !isNamespace && itsNamespace);
    if (wrong && !(other instanceof CSSLayerStatementRuleImpl) && !(rule instanceof CSSLayerStatementRuleImpl)) throw domException('HierarchyRequestError', 'Failed to insert the rule.');
  }
  for (let i = rules.length; i > index; i--) rules[i] = rules[i - 1];
  rules[index] = rule;
  if (sheet !== null) cssSheetChanged(sheet);
  return index;
}

export function deleteCssRule(rules, index, sheet) {
  if (index >= rules.length) throw domException('IndexSizeError', 'The index provided (' + index + ') is larger than the maximum index (' + (rules.length - 1) + ').');
  const rule = rules[index];
  for (let i = index + 1; i < rules.length; i++) rules[i - 1] = rules[i];
  rules.length--;
  rule.parentRule = null;
  rule.sheet = null;
  if (sheet !== null) cssSheetChanged(sheet);
}
