// https://drafts.csswg.org/cssom/#css-rules
// Implementation objects of rules. How parsed items become them is in make_rules.js.

import { ArrayPrototypeJoin, StringPrototypeStartsWith, StringPrototypeToLowerCase } from '../../primordials.js';
import { Impl } from '../../webidl/impl.js';
import { cssComponents, serializeCssComponents } from '../syntax/components.js';
import { parseCssBlock } from '../syntax/parser.js';
import { serializeCssString, serializeIdentifier } from '../syntax/tokenizer.js';
import { SCOPED } from '../selectors/parser.js';
import { compileSelectorList } from '../selectors/query.js';
import { serializeSelectorList } from '../selectors/serialize.js';
import { isCssWide } from '../values/parse.js';
import { CSSStyleDeclarationImpl } from './CSSStyleDeclaration.js';
import { cssBlockFromItems } from './declarations.js';
import { descriptorName, parseDescriptor } from './descriptors.js';
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

export class RuleStyleImpl extends CSSStyleDeclarationImpl {
  // `items` are parsed declarations; most rules of a sheet are never asked for theirs, so they become a block on demand.
  constructor(rule, items) {
    super();
    this.parentRule = rule;
    this.items = items;
    this.declarations = null;
  }

  block() {
    if (this.declarations === null) {
      this.declarations = cssBlockFromItems(this.items, 0, this.items.length, this);
      this.items = null;
    }
    return this.declarations;
  }

  // Does it declare transitions or animations?
  mentionsMotion() {
    const list = this.declarations === null ? this.items : this.declarations.names;
    for (let i = 0; i < list.length; i++) {
      const name = this.declarations === null ? list[i].name : list[i];
      if (StringPrototypeStartsWith(name, 'transition') || StringPrototypeStartsWith(name, 'animation') || name === '-webkit-transition' || name === '-webkit-animation') return true;
    }
    return false;
  }

  isEmpty() {
    return this.declarations === null ? this.items.length === 0 : this.declarations.names.length === 0;
  }

  changed() {
    this.parentRule.changed();
  }

  replace(text) {
    this.items = parseCssBlock(text);
    this.declarations = null;
    this.changed();
  }

  nameOf(property) {
    return descriptorName(this.parentRule.allows, property);
  }

  parse(name, text, important) {
    return parseDescriptor(this.parentRule.allows, name, text, important);
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

  // What its declarations may be: the name of an at-rule with descriptors of its own, or '' (descriptors.js).
  get allows() {
    return '';
  }

  // The namespaces of the sheet, or null
  namespaces() {
    return this.sheet === null ? null : this.sheet.namespaces;
  }

  changed() {
    if (this.sheet !== null) cssSheetChanged(this.sheet);
  }

  // The parsed selectors of the nearest style rule around, for nesting; SCOPED in @scope; or null.
  nesting() {
    for (let rule = this.parentRule; rule !== null; rule = rule.parentRule) {
      if (rule instanceof CSSStyleRuleImpl) return rule.parsedSelectors();
      if (rule instanceof CSSConditionRuleImpl && rule.name === 'scope') return SCOPED;
    }
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
    if (this.canonical === null) {
      const compiled = this.selectors(false, false);
      const namespaces = this.namespaces();
      this.canonical = compiled === null ? this.source : serializeSelectorList(compiled.parsed, namespaces === null ? undefined : namespaces.default);
    }
    return this.canonical;
  }

  // The compiled selectors for a tree; nesting changes with the rules around.
  selectors(quirks, shadow) {
    const nesting = this.nesting();
    const namespaces = this.namespaces();
    if (shadow) return this.compiledShadow ?? (this.compiledShadow = compileSelectorList(this.source, { __proto__: null, quirks, shadow: true, nesting, namespaces }));
    if (quirks) return this.compiledQuirks ?? (this.compiledQuirks = compileSelectorList(this.source, { __proto__: null, quirks: true, nesting, namespaces }));
    return this.compiled ?? (this.compiled = compileSelectorList(this.source, { __proto__: null, nesting, namespaces }));
  }

  parsedSelectors() {
    const compiled = this.selectors(false, false);
    return compiled === null ? [] : compiled.parsed;
  }

  setSelector(text) {
    const compiled = compileSelectorList(text, { __proto__: null, nesting: this.nesting(), namespaces: this.namespaces() });
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
    this.canonical = null;
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
    return '@namespace ' + (this.prefix === '' ? '' : serializeIdentifier(this.prefix) + ' ') + 'url(' + serializeCssString(this.namespaceURI) + ');';
  }
}

// @counter-style, @property, @font-feature-values and others whose descriptors are kept as they are written.
export class CSSDescriptorRuleImpl extends CSSRuleImpl {
  constructor(type, sheet, parent, name, prelude, items) {
    super(type, sheet, parent);
    this.name = name;
    this.prelude = prelude;
    this.registered = undefined; // of @property: what it registers (registered.js), once asked
    this.descriptors = [];       // [name, value]
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item.kind !== 'declaration' || item.value === null) continue;
      const list = cssComponents(item.value);
      this.descriptors[this.descriptors.length] = [item.name, list === null ? item.value : serializeCssComponents(list)];
    }
  }

  descriptor(name) {
    for (let i = this.descriptors.length - 1; i >= 0; i--) if (this.descriptors[i][0] === name) return this.descriptors[i][1];
    return '';
  }

  setDescriptor(name, value) {
    const { descriptors } = this;
    let kept = 0;
    for (let i = 0; i < descriptors.length; i++) if (descriptors[i][0] !== name) descriptors[kept++] = descriptors[i];
    descriptors.length = kept;
    descriptors[kept] = [name, value];
    this.changed();
  }

  text() {
    let out = '@' + this.name + (this.prelude === '' ? '' : ' ' + this.prelude) + ' {';
    for (let i = 0; i < this.descriptors.length; i++) out += ' ' + this.descriptors[i][0] + ': ' + this.descriptors[i][1] + ';';
    return out + ' }';
  }
}

export class CSSFontFaceRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, items) {
    super(5, sheet, parent);
    this.style = new RuleStyleImpl(this, items);
  }

  get allows() {
    return 'font-face';
  }

  descriptor(name) {
    return this.style.block().value(name);
  }

  text() {
    const text = this.style.text();
    return '@font-face {' + (text === '' ? '' : ' ' + text) + ' }';
  }
}

export class CSSPageRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, prelude, items) {
    super(6, sheet, parent);
    this.prelude = prelude;      // its selector
    this.rules = [];             // of its margin boxes
    this.style = new RuleStyleImpl(this, items);
  }

  get allows() {
    return 'page';
  }

  text() {
    const text = this.style.text();
    return '@page ' + (this.prelude === '' ? '' : this.prelude + ' ') + '{' + (text === '' ? '' : ' ' + text) + marginTexts(this.rules) + ' }';
  }
}

function marginTexts(rules) {
  let out = '';
  for (let i = 0; i < rules.length; i++) out += ' ' + rules[i].text();
  return out;
}

export class CSSMarginRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, name, items) {
    super(9, sheet, parent);
    this.name = name;
    this.style = new RuleStyleImpl(this, items);
  }

  text() {
    const text = this.style.text();
    return '@' + this.name + ' {' + (text === '' ? '' : ' ' + text) + ' }';
  }
}

export class CSSKeyframeRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, keyText, items) {
    super(8, sheet, parent);
    this.keyText = keyText;
    this.style = new RuleStyleImpl(this, items);
  }

  get allows() {
    return 'keyframe';
  }

  text() {
    const text = this.style.text();
    return this.keyText + ' {' + (text === '' ? '' : ' ' + text) + ' }';
  }
}

export class CSSKeyframesRuleImpl extends CSSRuleImpl {
  constructor(sheet, parent, name) {
    super(7, sheet, parent);
    this.name = name;
    this.rules = [];
  }

  text() {
    // https://drafts.csswg.org/css-animations-1/#interface-csskeyframesrule: names that are no identifiers here are strings
    const lower = StringPrototypeToLowerCase(this.name);
    const name = isCssWide(lower) || lower === 'none' || lower === 'default' ? serializeCssString(this.name) : serializeIdentifier(this.name);
    return '@keyframes ' + name + ' {' + (this.rules.length === 0 ? ' ' : '') + this.ruleTexts() + '\n}';
  }
}
