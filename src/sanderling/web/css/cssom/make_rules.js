// https://drafts.csswg.org/cssom/#css-rules
// How parsed items become rules, and how rules are put into lists and taken out of them.

import { ArrayPrototypeJoin, RegExpPrototypeExec, SafeMap, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { domException } from '../../dom/DOMException.js';
import { cssComponents, serializeCssComponent, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { parseCssBlock, parseCssRule } from '../syntax/parser.js';
import { serializeIdentifier } from '../syntax/tokenizer.js';
import { compileSelectorList } from '../selectors/query.js';
import { isCssWide } from '../values/parse.js';
import { isContainerCondition } from './containers.js';
import { scopeCondition } from './scoped_rules.js';
import { CSSConditionRuleImpl, CSSDescriptorRuleImpl, CSSFontFaceRuleImpl, CSSImportRuleImpl, CSSKeyframeRuleImpl, CSSKeyframesRuleImpl, CSSLayerStatementRuleImpl, CSSMarginRuleImpl, CSSNamespaceRuleImpl, CSSNestedDeclarationsImpl, CSSPageRuleImpl, CSSStyleRuleImpl, RuleStyleImpl, cssSheetChanged } from './rules.js';

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

function makeKeyframes(item, sheet, parent) {
  const list = cssComponents(item.prelude);
  if (item.items === null || list === null || list.length !== 1) return null;
  const { type, value } = list[0];
  if (type === 'ident') {
    const lower = StringPrototypeToLowerCase(value);
    if (isCssWide(lower) || lower === 'none' || lower === 'default') return null;
  } else if (type !== 'string') return null;
  const rule = new CSSKeyframesRuleImpl(sheet, parent, value);
  for (let i = 0; i < item.items.length; i++) {
    const keyframe = makeKeyframe(item.items[i], sheet, rule);
    if (keyframe !== null) rule.rules[rule.rules.length] = keyframe;
  }
  return rule;
}

const PAGE_SELECTOR = /^(?:[-\w\u0080-\uffff]+)?(?::(?:first|left|right|blank))*$/i;

// https://drafts.csswg.org/css-page-3/#typedef-page-selector-list; null when it is none
export function pageSelector(text) {
  const parts = StringPrototypeSplit(text, ',');
  const out = [];
  for (let i = 0; i < parts.length; i++) {
    const part = StringPrototypeTrim(parts[i]);
    if (RegExpPrototypeExec(PAGE_SELECTOR, part) === null || (part === '' && parts.length > 1)) return null;
    const colon = StringPrototypeIndexOf(part, ':');
    out[i] = colon < 0 ? part : StringPrototypeSlice(part, 0, colon) + StringPrototypeToLowerCase(StringPrototypeSlice(part, colon));
  }
  return ArrayPrototypeJoin(out, ', ');
}

const MARGIN_BOX = /^(?:(?:top|bottom)-(?:left-corner|left|center|right|right-corner)|(?:left|right)-(?:top|middle|bottom))$/;

function makePage(item, sheet, parent) {
  const selector = pageSelector(item.prelude);
  if (selector === null || item.items === null) return null;
  const rule = new CSSPageRuleImpl(sheet, parent, selector, item.items);
  for (let i = 0; i < item.items.length; i++) {
    const inner = item.items[i];
    if (inner.kind === 'at' && inner.items !== null && RegExpPrototypeExec(MARGIN_BOX, inner.name) !== null) rule.rules[rule.rules.length] = new CSSMarginRuleImpl(sheet, rule, inner.name, inner.items);
  }
  return rule;
}

// https://drafts.css-houdini.org/css-properties-values-api/#at-property-rule: without a syntax and `inherits` it is none
function makeProperty(item, sheet, parent) {
  const list = cssComponents(item.prelude);
  if (item.items === null || list === null || list.length !== 1 || list[0].type !== 'ident' || !StringPrototypeStartsWith(list[0].value, '--')) return null;
  const rule = new CSSDescriptorRuleImpl(0, sheet, parent, 'property', item.prelude, item.items);
  const inherits = rule.descriptor('inherits');
  return rule.descriptor('syntax') !== '' && (inherits === 'true' || inherits === 'false') ? rule : null;
}

// https://drafts.csswg.org/css-counter-styles-3/#the-counter-style-rule
function makeCounterStyle(item, sheet, parent) {
  const list = cssComponents(item.prelude);
  if (item.items === null || list === null || list.length !== 1 || list[0].type !== 'ident') return null;
  const lower = StringPrototypeToLowerCase(list[0].value);
  if (lower === 'none' || lower === 'decimal' || lower === 'disc' || lower === 'square' || lower === 'circle' || lower === 'disclosure-open' || lower === 'disclosure-closed' || isCssWide(lower)) return null;
  return new CSSDescriptorRuleImpl(11, sheet, parent, 'counter-style', serializeIdentifier(list[0].value), item.items);
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
      if (name === 'container' && !isContainerCondition(rule.condition)) return null;
      if (name === 'scope') {
        const condition = scopeCondition(prelude, rule.nesting(), rule.namespaces());
        if (condition === null) return null;
        rule.condition = condition;
      }
      addChildRules(rule, items, sheet);
      return rule;
    }
    case 'keyframes': case '-webkit-keyframes': return makeKeyframes(item, sheet, parent);
    case 'font-face': return items === null ? null : new CSSFontFaceRuleImpl(sheet, parent, items);
    case 'page': return makePage(item, sheet, parent);
    case 'property': return makeProperty(item, sheet, parent);
    case 'counter-style': return makeCounterStyle(item, sheet, parent);
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
  const compiled = compileSelectorList(item.prelude, { __proto__: null, nesting, namespaces: rule.namespaces() });
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

const isHeadRule = (rule) => rule instanceof CSSImportRuleImpl || rule instanceof CSSNamespaceRuleImpl;

// https://drafts.csswg.org/css-namespaces-3/#declaration: { default, prefixes } of a sheet, or null
export function namespacesOf(rules) {
  let out = null;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i];
    if (!(rule instanceof CSSNamespaceRuleImpl)) continue;
    out ??= { __proto__: null, default: undefined, prefixes: new SafeMap() };
    if (rule.prefix === '') out.default = rule.namespaceURI;
    else out.prefixes.set(rule.prefix, rule.namespaceURI);
  }
  return out;
}

// https://drafts.csswg.org/css-nesting-1/#cssnesteddeclarations: declarations alone, inserted among nested rules
function nestedDeclarations(text, sheet, parent) {
  const items = parseCssBlock(text);
  const rule = new CSSNestedDeclarationsImpl(sheet, parent, items);
  for (let i = 0; i < items.length; i++) if (items[i].kind !== 'declaration') return null;
  return rule.style.block().names.length > 0 ? rule : null;
}

// https://drafts.csswg.org/cssom/#insert-a-css-rule, into the list of a sheet (parent null) or of a grouping rule
export function insertCssRule(rules, text, index, sheet, parent) {
  if (index > rules.length) throw domException('IndexSizeError', 'The index provided (' + index + ') is larger than the maximum index (' + rules.length + ').');
  const nested = parent !== null && parent.inStyleRule();
  const item = parseCssRule(text, nested);
  let rule = item === undefined ? null : makeCssRule(item, sheet, parent);
  if (rule === null && parent !== null && item !== undefined && item.kind === 'at') {
    // 5. These stand at the top only.
    const misplaced = (item.name === 'import' && makeImport(item, sheet) !== null) || (item.name === 'namespace' && makeNamespace(item, sheet) !== null);
    if (misplaced) throw domException('HierarchyRequestError', "'@" + item.name + "' rules cannot be inserted here.");
  }
  if (rule === null && nested) rule = nestedDeclarations(text, sheet, parent);
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
  // https://drafts.csswg.org/cssom/#insert-a-css-rule, 6: no namespace after the fact
  if (isNamespace) for (let i = 0; i < rules.length; i++) if (!isHeadRule(rules[i])) throw domException('InvalidStateError', 'Failed to insert the rule.');
  for (let i = rules.length; i > index; i--) rules[i] = rules[i - 1];
  rules[index] = rule;
  if (isNamespace) sheet.namespaces = namespacesOf(rules);
  if (sheet !== null) {
    sheet.text = null;
    cssSheetChanged(sheet);
  }
  return index;
}

export function deleteCssRule(rules, index, sheet) {
  if (index >= rules.length) throw domException('IndexSizeError', 'The index provided (' + index + ') is larger than the maximum index (' + (rules.length - 1) + ').');
  const rule = rules[index];
  const isNamespace = rule instanceof CSSNamespaceRuleImpl;
  if (isNamespace) for (let i = 0; i < rules.length; i++) if (!isHeadRule(rules[i])) throw domException('InvalidStateError', 'Failed to delete the rule.');
  for (let i = index + 1; i < rules.length; i++) rules[i - 1] = rules[i];
  rules.length--;
  if (isNamespace && sheet !== null) sheet.namespaces = namespacesOf(rules);
  rule.parentRule = null;
  rule.sheet = null;
  if (sheet !== null) {
    sheet.text = null;
    cssSheetChanged(sheet);
  }
}
