// https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { domException } from '../../dom/DOMException.js';
import { SafeMap, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { CSS_LONGHAND_NAMES, cssAliasNames, cssAttributeName } from '../values/properties.js';
import { CSS_SHORTHAND_NAMES, cssShorthand } from '../values/shorthands.js';
import { cssPropertyName, parseCssDeclaration } from './declarations.js';

// What the kinds of style share: inline style, the style of a rule, computed style.
export class CSSStyleDeclarationImpl extends Impl {
  constructor() {
    super();
    this.parentRule = null;
  }

  readonly() {
    return false;
  }

  // The declaration block; kinds without one (computed style) override what reads it.
  block() {
    throw domException('InvalidStateError', 'no block');
  }

  // The block was changed by a page.
  changed() {}

  replace() {}

  text() {
    return this.block().text();
  }

  propertyNames() {
    return this.block().names;
  }

  read(name) {
    return this.block().value(name);
  }

  priority(name) {
    return this.block().important(name);
  }
}

function readOnlyStyle() {
  return domException('NoModificationAllowedError', 'These styles are computed, and therefore the properties are read-only.');
}

// https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-setproperty
function setCssProperty(self, property, value, priority) {
  if (self.readonly()) throw readOnlyStyle();
  const name = cssPropertyName(property);
  if (name === '') return;
  const text = StringPrototypeTrim(value);
  if (text === '' && !StringPrototypeStartsWith(name, '--')) {
    removeCssProperty(self, name);
    return;
  }
  if (value === '') {
    removeCssProperty(self, name);
    return;
  }
  const important = priority !== '' && StringPrototypeToLowerCase(priority) === 'important';
  if (priority !== '' && !important) return;
  const list = parseCssDeclaration(name, text, important);
  if (list === null) return;
  const block = self.block();
  let changed = false;
  for (let i = 0; i < list.length; i++) if (block.set(list[i])) changed = true;
  if (changed) self.changed();
}

function removeCssProperty(self, property) {
  if (self.readonly()) throw readOnlyStyle();
  const name = cssPropertyName(property);
  if (name === '') return '';
  const block = self.block();
  const value = block.value(name);
  const shorthand = cssShorthand(name);
  let removed = false;
  if (shorthand === undefined) removed = block.drop(name);
  else for (let i = 0; i < shorthand.longhands.length; i++) if (block.drop(shorthand.longhands[i])) removed = true;
  if (removed) self.changed();
  return value;
}

function readCssProperty(self, property) {
  const name = cssPropertyName(property);
  return name === '' ? '' : self.read(name);
}

const styleMembers = {
  cssText: {
    get: (self) => self.text(),
    set(self, value) {
      if (self.readonly()) throw readOnlyStyle();
      self.replace(value);
    },
  },
  length: (self) => self.propertyNames().length,
  item(self, index) {
    const names = self.propertyNames();
    return index < names.length ? names[index] : '';
  },
  getPropertyValue: readCssProperty,
  getPropertyPriority(self, property) {
    const name = cssPropertyName(property);
    return name !== '' && self.priority(name) ? 'important' : '';
  },
  setProperty: setCssProperty,
  removeProperty: removeCssProperty,
  parentRule: (self) => self.parentRule,
  cssFloat: {
    get: (self) => self.read('float'),
    set(self, value) {
      setCssProperty(self, 'float', value, '');
    },
  },
};

let styleAttributes = '';
const styleAttributeNames = new SafeMap();

function addStyleAttribute(name, property) {
  if (styleAttributeNames.has(name) || name === 'cssFloat') return;
  styleAttributeNames.set(name, true);
  styleAttributes += '  [CEReactions] attribute [LegacyNullToEmptyString] CSSOMString ' + name + ';\n';
  styleMembers[name] = {
    get: (self) => readCssProperty(self, property),
    set(self, value) {
      setCssProperty(self, property, value, '');
    },
  };
}

function addStyleAttributes(property) {
  addStyleAttribute(cssAttributeName(property, false), property);
  if (StringPrototypeStartsWith(property, '-webkit-')) addStyleAttribute(cssAttributeName(property, true), property);
  addStyleAttribute(property, property);
}
for (let i = 0; i < CSS_LONGHAND_NAMES.length; i++) addStyleAttributes(CSS_LONGHAND_NAMES[i]);
for (let i = 0; i < CSS_SHORTHAND_NAMES.length; i++) addStyleAttributes(CSS_SHORTHAND_NAMES[i]);
const styleAliases = cssAliasNames();
for (let i = 0; i < styleAliases.length; i++) addStyleAttributes(styleAliases[i]);

export const cssStyleDeclarationInterface = defineInterface(`
[Exposed=Window]
interface CSSStyleDeclaration {
  [CEReactions] attribute CSSOMString cssText;
  readonly attribute unsigned long length;
  getter CSSOMString item(unsigned long index);
  CSSOMString getPropertyValue(CSSOMString property);
  CSSOMString getPropertyPriority(CSSOMString property);
  [CEReactions] undefined setProperty(CSSOMString property, [LegacyNullToEmptyString] CSSOMString value, optional [LegacyNullToEmptyString] CSSOMString priority = "");
  [CEReactions] CSSOMString removeProperty(CSSOMString property);
  readonly attribute CSSRule? parentRule;
  [CEReactions] attribute [LegacyNullToEmptyString] CSSOMString cssFloat;
${styleAttributes}};
`, styleMembers, CSSStyleDeclarationImpl);
