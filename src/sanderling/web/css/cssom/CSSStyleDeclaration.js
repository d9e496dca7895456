// https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { toDOMString } from '../../webidl/conversions.js';
import { hooks } from '../../webidl/runtime.js';
import { receiver } from '../../webidl/wrapper.js';
import { domException } from '../../dom/DOMException.js';
import { ArrayPrototypeSort, ReflectDefineProperty, SafeMap, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeTrim } from '../../primordials.js';
import { CSS_LONGHAND_NAMES, cssAliasNames, cssAttributeName, cssLonghand, cssPropertyAlias } from '../values/properties.js';
import { CSS_SHORTHAND_NAMES, cssShorthand } from '../values/shorthands.js';
import { cssPropertyName, parseCssDeclaration } from './declarations.js';
import { FONT_FACE_DESCRIPTORS } from './descriptors.js';

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

  // The block will be changed by a page, and was.
  changing() {}

  changed() {}

  replace() {}

  // The canonical name of a property that may be declared here, or ''
  nameOf(property) {
    return cssPropertyName(property);
  }

  parse(name, text, important) {
    return parseCssDeclaration(name, text, important);
  }

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
  const name = self.nameOf(property);
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
  const list = self.parse(name, text, important);
  if (list === null) return;
  const block = self.block();
  self.changing();
  let changed = false;
  for (let i = 0; i < list.length; i++) if (block.set(list[i])) changed = true;
  if (changed) self.changed();
}

function removeCssProperty(self, property) {
  if (self.readonly()) throw readOnlyStyle();
  const name = self.nameOf(property);
  if (name === '') return '';
  const block = self.block();
  const value = block.value(name);
  self.changing();
  const shorthand = cssShorthand(name);
  let removed = false;
  if (shorthand === undefined) removed = block.drop(name);
  else for (let i = 0; i < shorthand.longhands.length; i++) if (block.drop(shorthand.longhands[i])) removed = true;
  if (removed) self.changed();
  return value;
}

function readCssProperty(self, property) {
  const name = self.nameOf(property);
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
    const name = self.nameOf(property);
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

// More than a thousand accessors: `[CEReactions] attribute [LegacyNullToEmptyString] CSSOMString _camel_cased_attribute;` of CSSOM, 6.6.1, with
// one piece of code for all of them. Each is defined when an object is first asked for it, and all of them when one is asked for its prototype: in the
// snapshot they would cost every page a tenth of its start.
cssStyleDeclarationInterface.complete = (record) => {
  const defined = new SafeMap();
  const define = (name, property) => {
    if (name === 'cssFloat' || defined.has(name)) return;
    defined.set(name, true);
    defineStyleAccessor(record, name, property);
  };
  const defineAll = (property) => {
    define(cssAttributeName(property, false), property);
    if (StringPrototypeStartsWith(property, '-webkit-')) define(cssAttributeName(property, true), property);
    define(property, property);
  };
  let names = null;
  // Those of rules stay on the prototype: nobody lists them, and font faces have descriptors.
  record.legacy.ownNames = (impl) => (impl.parentRule === null ? names ?? (names = listedStyleAttributes()) : []);
  record.legacy.ownValue = (impl, name) => {
    if (impl.parentRule !== null) return undefined;
    const property = name === 'cssFloat' ? 'float' : propertyOfStyleAttribute(name);
    return property === null ? undefined : readCssProperty(impl, property);
  };
  let complete = false;
  record.legacy.lazy = (name) => {
    if (complete) return;
    if (name !== null) {
      if (defined.has(name)) return;
      const property = propertyOfStyleAttribute(name);
      if (property !== null) define(name, property);
      return;
    }
    complete = true;
    const lists = [CSS_LONGHAND_NAMES, CSS_SHORTHAND_NAMES, cssAliasNames()];
    for (let i = 0; i < lists.length; i++) for (let j = 0; j < lists[i].length; j++) defineAll(lists[i][j]);
  };
};

function listedStyleAttributes() {
  const names = ['cssFloat'];
  const lists = [CSS_LONGHAND_NAMES, CSS_SHORTHAND_NAMES, cssAliasNames()];
  for (let i = 0; i < lists.length; i++) for (let j = 0; j < lists[i].length; j++) names[names.length] = cssAttributeName(lists[i][j], StringPrototypeStartsWith(lists[i][j], '-webkit-'));
  return ArrayPrototypeSort(names);
}

// https://drafts.csswg.org/cssom/#idl-attribute-to-css-property, for what is one
function propertyOfStyleAttribute(name) {
  if (isStyleProperty(name)) return name;
  let property = StringPrototypeStartsWith(name, 'webkit') ? '-' : '';
  for (let i = 0; i < name.length; i++) {
    const upper = name[i] >= 'A' && name[i] <= 'Z';
    property += upper ? '-' + StringPrototypeToLowerCase(name[i]) : name[i];
  }
  if (!isStyleProperty(property)) return null;
  // The way back leads here, or it is another spelling (`font-Size`).
  return cssAttributeName(property, false) === name || (property[0] === '-' && cssAttributeName(property, true) === name) ? property : null;
}

function isStyleProperty(name) {
  const known = cssPropertyAlias(name);
  return cssLonghand(known) !== undefined || cssShorthand(known) !== undefined || FONT_FACE_DESCRIPTORS[name] === 1;
}

function defineStyleAccessor(record, name, property) {
  ReflectDefineProperty(record.prototype, name, {
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
