// https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { toDOMString } from '../../webidl/conversions.js';
import { hooks } from '../../webidl/runtime.js';
import { receiver } from '../../webidl/wrapper.js';
import { domException } from '../../dom/DOMException.js';
import { ObjectDefineProperty, SafeMap, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
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

// More than a thousand accessors: `[CEReactions] attribute [LegacyNullToEmptyString] CSSOMString _camel_cased_attribute;` of CSSOM, 6.6.1, with
// one piece of code for all of them.
const styleAttributes = [];
const styleAttributeNames = new SafeMap();

function addStyleAttribute(name, property) {
  if (styleAttributeNames.has(name) || name === 'cssFloat') return;
  styleAttributeNames.set(name, true);
  styleAttributes[styleAttributes.length] = [name, property];
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
};
`, styleMembers, CSSStyleDeclarationImpl);

cssStyleDeclarationInterface.complete = (record) => {
  for (let i = 0; i < styleAttributes.length; i++) defineStyleAccessor(record, styleAttributes[i][0], styleAttributes[i][1]);
};

function defineStyleAccessor(record, name, property) {
  ObjectDefineProperty(record.prototype, name, {
    __proto__: null,
    get() {
      return readCssProperty(receiver(this, record.id, record.last), property);
    },
    set(value) {
      const self = receiver(this, record.id, record.last);
      const text = value === null ? '' : toDOMString(value);
      if (!hooks.ceActive) {
        setCssProperty(self, property, text, '');
        return;
      }
      hooks.ceEnter();
      try {
        setCssProperty(self, property, text, '');
      } finally {
        hooks.ceLeave();
      }
    },
    enumerable: true,
    configurable: true,
  });
}
