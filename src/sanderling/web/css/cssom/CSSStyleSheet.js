// https://drafts.csswg.org/cssom/#the-cssstylesheet-interface

import { defineInterface } from '../../webidl/interface.js';
import { wrap, unwrap } from '../../webidl/wrapper.js';
import { domException } from '../../dom/DOMException.js';
import { currentDocument } from '../../html/realm.js';
import { documentBaseURL } from '../../html/document_state.js';
import { parseURL } from '../../url/parser.js';
import { ObjectSetPrototypeOf, ArrayIsArray, Number, Promise, Proxy, ReflectDefineProperty, ReflectDeleteProperty, RegExpPrototypeExec, SafeWeakMap, TypeError } from '../../primordials.js';
import { queueTask } from '../../html/tasks.js';
import { ruleListOf } from './CSSRule.js';
import { deleteCssRule, insertCssRule } from './make_rules.js';
import { cssChanges } from './rules.js';
import { CSSStyleSheetImpl, StyleSheetListImpl, adoption, removeAdopter } from './sheets.js';

defineInterface(`
[Exposed=Window]
interface StyleSheet {
  readonly attribute CSSOMString type;
  readonly attribute USVString? href;
  readonly attribute Element? ownerNode;
  readonly attribute CSSStyleSheet? parentStyleSheet;
  readonly attribute DOMString? title;
  [SameObject, PutForwards=mediaText] readonly attribute MediaList media;
  attribute boolean disabled;
};
`, {
  type: () => 'text/css',
  href: (self) => self.href,
  ownerNode: (self) => self.ownerNode,
  parentStyleSheet: (self) => self.parentSheet(),
  title: (self) => (self.title === '' ? null : self.title),
  media: (self) => self.media,
  disabled: {
    get: (self) => self.disabled,
    set(self, value) {
      self.disabled = value;
    },
  },
});

function checkChangeable(self, name) {
  self.readableRules();
  if (self.locked) throw domException('NotAllowedError', "Failed to execute '" + name + "' on 'CSSStyleSheet': Method is disallowed on replacing stylesheets.");
}

function insertSheetRule(self, text, index) {
  checkChangeable(self, 'insertRule');
  if (self.constructedFor !== null && RegExpPrototypeExec(/^\s*@import/i, text) !== null) throw domException('SyntaxError', "Can't insert @import rules into a constructed stylesheet.");
  return insertCssRule(self.rules, text, index, self, null);
}

function deleteSheetRule(self, index) {
  checkChangeable(self, 'deleteRule');
  deleteCssRule(self.rules, index, self);
}

function checkReplaceable(self, name) {
  if (self.constructedFor === null) throw domException('NotAllowedError', "Failed to execute '" + name + "' on 'CSSStyleSheet': Can't call " + name + ' on non-constructed CSSStyleSheets.');
  if (self.locked) throw domException('NotAllowedError', "Failed to execute '" + name + "' on 'CSSStyleSheet': the sheet is being replaced.");
}

export const cssStyleSheetInterface = defineInterface(`
dictionary CSSStyleSheetInit { DOMString baseURL; (MediaList or DOMString) media = ""; boolean disabled = false; };
[Exposed=Window]
interface CSSStyleSheet : StyleSheet {
  constructor(optional CSSStyleSheetInit options = {});
  readonly attribute CSSRule? ownerRule;
  [SameObject] readonly attribute CSSRuleList cssRules;
  unsigned long insertRule(CSSOMString rule, optional unsigned long index = 0);
  undefined deleteRule(unsigned long index);
  Promise<CSSStyleSheet> replace(USVString text);
  undefined replaceSync(USVString text);
  [SameObject] readonly attribute CSSRuleList rules;
  long addRule(optional DOMString selector = "undefined", optional DOMString style = "undefined", optional unsigned long index);
  undefined removeRule(optional unsigned long index = 0);
};
`, {
  // https://drafts.csswg.org/cssom/#dom-cssstylesheet-cssstylesheet
  constructor(options) {
    const doc = currentDocument();
    const { media } = options;
    const sheet = new CSSStyleSheetImpl(typeof media === 'string' ? media : media.text());
    sheet.constructedFor = doc;
    sheet.baseURL = documentBaseURL(doc);
    if (options.baseURL !== undefined) {
      sheet.baseURL = parseURL(options.baseURL, documentBaseURL(doc));
      if (sheet.baseURL === null) throw domException('NotAllowedError', "Constructing CSSStyleSheet: '" + options.baseURL + "' is not a valid URL.");
    }
    sheet.disabled = options.disabled;
    return sheet;
  },
  ownerRule: (self) => self.ownerRule,
  cssRules(self) {
    self.readableRules();
    return ruleListOf(self);
  },
  insertRule: insertSheetRule,
  deleteRule: deleteSheetRule,
  replace(self, text) {
    checkReplaceable(self, 'replace');
    self.locked = true;
    return new Promise((resolve) => {
      queueTask(self.constructedFor, () => {
        self.locked = false;
        self.parse(text, false);
        resolve(wrap(self));
      });
    });
  },
  replaceSync(self, text) {
    checkReplaceable(self, 'replaceSync');
    self.parse(text, false);
  },
  rules(self) {
    self.readableRules();
    return ruleListOf(self);
  },
  addRule(self, selector, style, index) {
    insertSheetRule(self, selector + ' { ' + style + ' }', index ?? self.rules.length);
    return -1;
  },
  removeRule: deleteSheetRule,
}, CSSStyleSheetImpl);

defineInterface(`
[Exposed=Window]
interface StyleSheetList {
  getter CSSStyleSheet? item(unsigned long index);
  readonly attribute unsigned long length;
};
`, {
  item(self, index) {
    const list = self.sheets();
    return index < list.length ? list[index] : null;
  },
  length: (self) => self.sheets().length,
}, StyleSheetListImpl);

// -- adoptedStyleSheets ------------------------------------------------------------------------------------------------
// An observable array: https://webidl.spec.whatwg.org/#idl-observable-array. The page gets a proxy over an array; writes go to `root.adoptedSheets`.

const adoptedArrays = new SafeWeakMap();

function checkedSheet(value, root) {
  const sheet = unwrap(value);
  if (!(sheet instanceof CSSStyleSheetImpl)) throw new TypeError("Failed to convert value to 'CSSStyleSheet'.");
  if (sheet.constructedFor === null) throw domException('NotAllowedError', "Can't adopt non-constructed stylesheets.");
  if (pagesDocument(sheet.constructedFor) !== pagesDocument(root.doc)) throw domException('NotAllowedError', 'Sharing constructed stylesheets in multiple documents is not allowed');
  return sheet;
}

function adoptedChanged(root, target) {
  const old = root.adoptedSheets ?? [];
  for (let i = 0; i < old.length; i++) removeAdopter(old[i], root);
  const list = [];
  for (let i = 0; i < target.length; i++) {
    const sheet = unwrap(target[i]);
    if (sheet === undefined) continue;
    list[list.length] = sheet;
    sheet.adopters[sheet.adopters.length] = root;
  }
  root.adoptedSheets = list;
  adoption.count++;
  cssChanges.count++;
  root.doc.version++;
}

// A document and the one that its templates' contents belong to share sheets.
function pagesDocument(doc) {
  return doc.templateHost ?? doc;
}

// https://drafts.csswg.org/cssom/#documentorshadowroot-adopting-steps: constructed sheets stay with their document
export function sheetsMoved(root) {
  const { adoptedSheets } = root;
  if (adoptedSheets.length === 0 || pagesDocument(adoptedSheets[0].constructedFor) === pagesDocument(root.doc)) return;
  const { target } = adoptedArrayOf(root);
  target.length = 0;
  adoptedChanged(root, target);
}

function isArrayIndexKey(key) {
  return typeof key === 'string' && RegExpPrototypeExec(/^(?:0|[1-9][0-9]{0,8})$/, key) !== null;
}

function adoptedArrayOf(root) {
  const known = adoptedArrays.get(root);
  if (known !== undefined) return known;
  const target = [];
  const proxy = new Proxy(target, {
    __proto__: null,
    defineProperty(array, key, descriptor) {
      ObjectSetPrototypeOf(descriptor, null);
      if (isArrayIndexKey(key)) {
        if (Number(key) > array.length) return false;
        checkedSheet(descriptor.value, root);
      } else if (key === 'length' && descriptor.value > array.length) return false;
      if (!ReflectDefineProperty(array, key, descriptor)) return false;
      adoptedChanged(root, array);
      return true;
    },
    deleteProperty(array, key) {
      if (isArrayIndexKey(key)) {
        if (Number(key) !== array.length - 1) return false;
        array.length--;
        adoptedChanged(root, array);
        return true;
      }
      return ReflectDeleteProperty(array, key);
    },
    preventExtensions: () => false,
  });
  const made = { __proto__: null, target, proxy };
  adoptedArrays.set(root, made);
  return made;
}

defineInterface(`
partial interface mixin DocumentOrShadowRoot {
  attribute any adoptedStyleSheets;
};
`, {
  adoptedStyleSheets: {
    get: (self) => adoptedArrayOf(self).proxy,
    set(self, value) {
      if (value === null || (typeof value !== 'object')) throw new TypeError("Failed to set 'adoptedStyleSheets': not iterable.");
      const given = ArrayIsArray(value) ? value : [...value];
      const list = [];
      for (let i = 0; i < given.length; i++) {
        checkedSheet(given[i], self);
        list[i] = given[i];
      }
      const { target } = adoptedArrayOf(self);
      target.length = 0;
      for (let i = 0; i < list.length; i++) target[i] = list[i];
      adoptedChanged(self, target);
    },
  },
});
