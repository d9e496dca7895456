// https://drafts.csswg.org/cssom/#the-cssrule-interface
// The interfaces of rules that pages see.

import { defineInterface } from '../../webidl/interface.js';
import { CSSRuleListImpl, CSSRuleImpl, CSSStyleRuleImpl, CSSNestedDeclarationsImpl, CSSConditionRuleImpl, CSSLayerStatementRuleImpl, CSSImportRuleImpl, CSSNamespaceRuleImpl, CSSDescriptorRuleImpl, CSSFontFaceRuleImpl, CSSPageRuleImpl, CSSMarginRuleImpl, CSSKeyframeRuleImpl, CSSKeyframesRuleImpl, cssSheetChanged } from './rules.js';
import { deleteCssRule, insertCssRule, keyframeSelector, makeKeyframe, pageSelector } from './make_rules.js';
import { matchesMedia, supportsCssCondition } from './media_queries.js';
import { domException } from '../../dom/DOMException.js';
import { cssComponents, serializeCssComponents } from '../syntax/components.js';
import { parseCssRule } from '../syntax/parser.js';
import { serializeIdentifier } from '../syntax/tokenizer.js';
import { ObjectDefineProperty, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeTrim } from '../../primordials.js';
import { scopeLimits } from './scoped_rules.js';
import { currentWindow } from '../../html/realm.js';

export function ruleListOf(owner) {
  return owner.ruleList ?? (owner.ruleList = new CSSRuleListImpl(owner.rules));
}

defineInterface(`
[Exposed=Window]
interface CSSRuleList {
  getter CSSRule? item(unsigned long index);
  readonly attribute unsigned long length;
};
`, {
  item: (self, index) => (index < self.rules.length ? self.rules[index] : null),
  length: (self) => self.rules.length,
}, CSSRuleListImpl);

defineInterface(`
[Exposed=Window]
interface CSSRule {
  attribute CSSOMString cssText;
  readonly attribute CSSRule? parentRule;
  readonly attribute CSSStyleSheet? parentStyleSheet;
  readonly attribute unsigned short type;
  const unsigned short STYLE_RULE = 1;
  const unsigned short CHARSET_RULE = 2;
  const unsigned short IMPORT_RULE = 3;
  const unsigned short MEDIA_RULE = 4;
  const unsigned short FONT_FACE_RULE = 5;
  const unsigned short PAGE_RULE = 6;
  const unsigned short KEYFRAMES_RULE = 7;
  const unsigned short KEYFRAME_RULE = 8;
  const unsigned short MARGIN_RULE = 9;
  const unsigned short NAMESPACE_RULE = 10;
  const unsigned short COUNTER_STYLE_RULE = 11;
  const unsigned short SUPPORTS_RULE = 12;
};
`, {
  // 3. Setting does nothing.
  cssText: { get: (self) => self.text(), set() {} },
  parentRule: (self) => self.parentRule,
  parentStyleSheet: (self) => self.sheet,
  type: (self) => self.type,
}, CSSRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSGroupingRule : CSSRule {
  [SameObject] readonly attribute CSSRuleList cssRules;
  unsigned long insertRule(CSSOMString rule, optional unsigned long index = 0);
  undefined deleteRule(unsigned long index);
};
`, {
  cssRules: ruleListOf,
  insertRule: (self, text, index) => insertCssRule(self.rules, text, index, self.sheet, self),
  deleteRule: (self, index) => deleteCssRule(self.rules, index, self.sheet),
});

defineInterface(`
[Exposed=Window]
interface CSSStyleRule : CSSGroupingRule {
  attribute CSSOMString selectorText;
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, {
  selectorText: {
    get: (self) => self.selectorText,
    set(self, value) {
      self.setSelector(value);
    },
  },
  style: (self) => self.style,
}, CSSStyleRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSNestedDeclarations : CSSRule {
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, { style: (self) => self.style }, CSSNestedDeclarationsImpl);

defineInterface(`
[Exposed=Window]
interface CSSConditionRule : CSSGroupingRule {
  readonly attribute CSSOMString conditionText;
};
`, { conditionText: (self) => (self.media !== null ? self.media.text() : self.condition) });

const mediaRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSMediaRule : CSSConditionRule {
  [SameObject, PutForwards=mediaText] readonly attribute MediaList media;
  readonly attribute boolean matches;
};
`, { media: (self) => self.media, matches: (self) => matchesMedia(self.media.text(), currentWindow()) });

const supportsRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSSupportsRule : CSSConditionRule {
  readonly attribute boolean matches;
};
`, { matches: (self) => supportsCssCondition(self.condition) });

// `name (query)`: the name of a container, or '' when the condition starts at once
function containerName(self) {
  const { condition } = self;
  const space = StringPrototypeIndexOf(condition, ' ');
  const first = space < 0 ? condition : StringPrototypeSlice(condition, 0, space);
  return first === 'not' || StringPrototypeIndexOf(first, '(') >= 0 ? '' : first;
}

const containerRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSContainerRule : CSSConditionRule {
  readonly attribute CSSOMString containerName;
  readonly attribute CSSOMString containerQuery;
};
`, {
  containerName,
  containerQuery: (self) => StringPrototypeTrim(StringPrototypeSlice(self.condition, containerName(self).length)),
});

const layerBlockRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSLayerBlockRule : CSSGroupingRule {
  readonly attribute CSSOMString name;
};
`, { name: (self) => self.condition });

const scopeRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSScopeRule : CSSGroupingRule {
  readonly attribute CSSOMString? start;
  readonly attribute CSSOMString? end;
};
`, { start: (self) => scopeLimits(self.condition).start, end: (self) => scopeLimits(self.condition).end });

const startingStyleRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSStartingStyleRule : CSSGroupingRule {};
`, {});

const CONDITION_INTERFACES = {
  __proto__: null, media: mediaRuleInterface, supports: supportsRuleInterface, container: containerRuleInterface, layer: layerBlockRuleInterface, scope: scopeRuleInterface,
  'starting-style': startingStyleRuleInterface,
};
// One class serves several interfaces: the name of the at-rule decides.
ObjectDefineProperty(CSSConditionRuleImpl.prototype, 'iface', {
  __proto__: null, get() {
    return CONDITION_INTERFACES[this.name];
  },
});

defineInterface(`
[Exposed=Window]
interface CSSLayerStatementRule : CSSRule {
  readonly attribute FrozenArray<CSSOMString> nameList;
};
`, { nameList: (self) => self.names }, CSSLayerStatementRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSImportRule : CSSRule {
  readonly attribute USVString href;
  [SameObject, PutForwards=mediaText] readonly attribute MediaList media;
  [SameObject] readonly attribute CSSStyleSheet? styleSheet;
  readonly attribute CSSOMString? layerName;
  readonly attribute CSSOMString? supportsText;
};
`, { href: (self) => self.href, media: (self) => self.media, styleSheet: (self) => self.styleSheet, layerName: (self) => self.layer, supportsText: (self) => self.supports }, CSSImportRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSNamespaceRule : CSSRule {
  readonly attribute CSSOMString namespaceURI;
  readonly attribute CSSOMString prefix;
};
`, { namespaceURI: (self) => self.namespaceURI, prefix: (self) => self.prefix }, CSSNamespaceRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSFontFaceRule : CSSRule {
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, { style: (self) => self.style }, CSSFontFaceRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSPageRule : CSSGroupingRule {
  attribute CSSOMString selectorText;
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, {
  selectorText: {
    get: (self) => self.prelude,
    set(self, value) {
      const selector = pageSelector(value);
      if (selector === null) return;
      self.prelude = selector;
      self.changed();
    },
  },
  style: (self) => self.style,
}, CSSPageRuleImpl);

defineInterface(`
[Exposed=Window]
interface CSSMarginRule : CSSRule {
  readonly attribute CSSOMString name;
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, { name: (self) => self.name, style: (self) => self.style }, CSSMarginRuleImpl);

const propertyRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSPropertyRule : CSSRule {
  readonly attribute CSSOMString name;
  readonly attribute CSSOMString syntax;
  readonly attribute boolean inherits;
  readonly attribute CSSOMString? initialValue;
};
`, {
  name: (self) => self.prelude,
  syntax(self) {
    const text = self.descriptor('syntax');
    return StringPrototypeSlice(text, 1, text.length - 1);
  },
  inherits: (self) => self.descriptor('inherits') === 'true',
  initialValue: (self) => (self.descriptor('initial-value') === '' ? null : self.descriptor('initial-value')),
});

const counterStyleMembers = {
  __proto__: null,
  name: {
    get: (self) => self.prelude,
    set(self, value) {
      self.prelude = serializeIdentifier(value);
      self.changed();
    },
  },
};
const COUNTER_DESCRIPTORS = {
  __proto__: null, system: 'system', symbols: 'symbols', additiveSymbols: 'additive-symbols', negative: 'negative', prefix: 'prefix', suffix: 'suffix', range: 'range', pad: 'pad',
  speakAs: 'speak-as', fallback: 'fallback',
};
for (const name in COUNTER_DESCRIPTORS) {
  const descriptor = COUNTER_DESCRIPTORS[name];
  counterStyleMembers[name] = {
    get: (self) => self.descriptor(descriptor),
    set(self, value) {
      const list = cssComponents(value);
      if (list !== null && list.length > 0) self.setDescriptor(descriptor, serializeCssComponents(list));
    },
  };
}
const counterStyleRuleInterface = defineInterface(`
[Exposed=Window]
interface CSSCounterStyleRule : CSSRule {
  attribute CSSOMString name;
  attribute CSSOMString system;
  attribute CSSOMString symbols;
  attribute CSSOMString additiveSymbols;
  attribute CSSOMString negative;
  attribute CSSOMString prefix;
  attribute CSSOMString suffix;
  attribute CSSOMString range;
  attribute CSSOMString pad;
  attribute CSSOMString speakAs;
  attribute CSSOMString fallback;
};
`, counterStyleMembers);

const DESCRIPTOR_INTERFACES = { __proto__: null, property: propertyRuleInterface, 'counter-style': counterStyleRuleInterface };
ObjectDefineProperty(CSSDescriptorRuleImpl.prototype, 'iface', {
  __proto__: null, get() {
    return DESCRIPTOR_INTERFACES[this.name];
  },
});

defineInterface(`
[Exposed=Window]
interface CSSKeyframeRule : CSSRule {
  attribute CSSOMString keyText;
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, {
  keyText: {
    get: (self) => self.keyText,
    set(self, value) {
      const text = keyframeSelector(value);
      if (text === '') throw domException('SyntaxError', "The key '" + value + "' is invalid and cannot be parsed.");
      self.keyText = text;
    },
  },
  style: (self) => self.style,
}, CSSKeyframeRuleImpl);

function findKeyframe(self, text) {
  const key = keyframeSelector(text);
  for (let i = self.rules.length - 1; i >= 0; i--) if (self.rules[i].keyText === key) return i;
  return -1;
}

defineInterface(`
[Exposed=Window]
interface CSSKeyframesRule : CSSRule {
  attribute CSSOMString name;
  readonly attribute CSSRuleList cssRules;
  readonly attribute unsigned long length;
  getter CSSKeyframeRule item(unsigned long index);
  undefined appendRule(CSSOMString rule);
  undefined deleteRule(CSSOMString select);
  CSSKeyframeRule? findRule(CSSOMString select);
};
`, {
  name: {
    get: (self) => self.name,
    set(self, value) {
      self.name = value;
      self.changed();
    },
  },
  cssRules: ruleListOf,
  length: (self) => self.rules.length,
  item: (self, index) => (index < self.rules.length ? self.rules[index] : null),
  appendRule(self, text) {
    const rule = makeKeyframe(parseCssRule(text, false), self.sheet, self);
    if (rule === null) return;
    self.rules[self.rules.length] = rule;
    if (self.sheet !== null) cssSheetChanged(self.sheet);
  },
  deleteRule(self, text) {
    const index = findKeyframe(self, text);
    if (index >= 0) deleteCssRule(self.rules, index, self.sheet);
  },
  findRule(self, text) {
    const index = findKeyframe(self, text);
    return index < 0 ? null : self.rules[index];
  },
}, CSSKeyframesRuleImpl);
