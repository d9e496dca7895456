// https://drafts.csswg.org/cssom/#css-style-sheet-collections
// Style sheets, and which ones a document or shadow root has. Loading is in html/styles.js.

import { Impl } from '../../webidl/impl.js';
import { rootOf } from '../../dom/tree.js';
import { compareTreeOrder } from '../../dom/live_ranges.js';
import { domException } from '../../dom/DOMException.js';
import { parseCssSheet } from '../syntax/parser.js';
import { MediaListImpl } from './MediaList.js';
import { makeCssRule, namespacesOf } from './make_rules.js';
import { CSSImportRuleImpl, CSSLayerStatementRuleImpl, CSSNamespaceRuleImpl, cssChanges, cssSheetChanged } from './rules.js';

export class CSSStyleSheetImpl extends Impl {
  constructor(media) {
    super();
    this.ownerNode = null;       // element
    this.ownerRule = null;       // @import rule
    this.href = null;            // text of the URL it came from
    this.baseURL = null;         // URL record
    this.title = null;
    this.media = new MediaListImpl(media, () => cssSheetChanged(this));
    this.off = false;
    this.text = '';              // what its rules were parsed from; null: they were changed one by one
    this.rules = [];
    this.ruleList = null;
    this.namespaces = null;      // { default, prefixes } of its @namespace rules
    this.referrerPolicy = '';    // of its response, for what it imports
    this.originClean = true;
    this.constructedFor = null;  // document of `new CSSStyleSheet()`
    this.locked = false;         // replace() is under way
    this.adopters = [];          // documents and shadow roots
  }

  get disabled() {
    return this.off;
  }

  set disabled(value) {
    if (this.off === value) return;
    this.off = value;
    cssSheetChanged(this);
  }

  parentSheet() {
    return this.ownerRule === null ? null : this.ownerRule.sheet;
  }

  document() {
    let sheet = this;
    while (sheet.ownerRule !== null && sheet.ownerRule.sheet !== null) sheet = sheet.ownerRule.sheet;
    return sheet.ownerNode !== null ? sheet.ownerNode.doc : sheet.constructedFor;
  }

  readableRules() {
    if (!this.originClean) throw domException('SecurityError', "Failed to read the 'cssRules' property from 'CSSStyleSheet': Cannot access rules");
    return this.rules;
  }

  // Replace all rules by those of `text`.
  parse(text, allowImports) {
    const items = parseCssSheet(text);
    this.text = text;
    this.rules.length = 0;
    this.namespaces = null;
    let importsOpen = true;
    let namespacesOpen = true;
    for (let i = 0; i < items.length; i++) {
      const rule = makeCssRule(items[i], this, null);
      if (rule === null) continue;
      if (rule instanceof CSSImportRuleImpl) {
        if (!importsOpen || !allowImports) continue;
      } else if (rule instanceof CSSNamespaceRuleImpl) {
        if (!namespacesOpen) continue;
        importsOpen = false;
        this.rules[this.rules.length] = rule;
        this.namespaces = namespacesOf(this.rules);
        continue;
      } else if (!(rule instanceof CSSLayerStatementRuleImpl)) {
        importsOpen = false;
        namespacesOpen = false;
      }
      this.rules[this.rules.length] = rule;
    }
    cssSheetChanged(this);
  }
}

export function removeAdopter(sheet, root) {
  const { adopters } = sheet;
  for (let i = 0; i < adopters.length; i++) {
    if (adopters[i] !== root) continue;
    for (let j = i + 1; j < adopters.length; j++) adopters[j - 1] = adopters[j];
    adopters.length--;
    return;
  }
}

// Elements with a sheet (style, link) that are connected in one document: `doc.sheets`.
class DocumentSheets {
  constructor() {
    this.owners = [];
  }
}

export function sheetOf(el) {
  return el.state !== null && el.state.sheet !== undefined ? el.state.sheet : null;
}

// `el` has this sheet from now on; null: none.
export function setSheetOf(el, sheet) {
  const { doc } = el;
  const old = sheetOf(el);
  if (old === sheet) return;
  const sheets = doc.sheets ?? (doc.sheets = new DocumentSheets());
  const { owners } = sheets;
  let kept = 0;
  for (let i = 0; i < owners.length; i++) if (owners[i] !== el) owners[kept++] = owners[i];
  owners.length = kept;
  if (old !== null) old.ownerNode = null;
  el.state.sheet = sheet;
  if (sheet !== null) {
    sheet.ownerNode = el;
    el.state.sheetRoot = rootOf(el);
    owners[owners.length] = el;
  }
  cssChanges.count++;
  doc.version++;
}

export class StyleSheetListImpl extends Impl {
  constructor(root) {
    super();
    this.root = root;
    this.list = [];
    this.version = -1;
    this.forDoc = null;
  }

  sheets() {
    const { doc } = this.root;
    if (this.version === cssChanges.count && this.forDoc === doc) return this.list;
    this.version = cssChanges.count;
    this.forDoc = doc;
    const out = [];
    const owners = doc.sheets === null ? [] : doc.sheets.owners;
    for (let i = 0; i < owners.length; i++) {
      if (owners[i].state.sheetRoot !== this.root) continue;
      let at = out.length;
      while (at > 0 && compareTreeOrder(out[at - 1].ownerNode, owners[i]) > 0) {
        out[at] = out[at - 1];
        at--;
      }
      out[at] = owners[i].state.sheet;
    }
    this.list = out;
    return out;
  }
}

export function sheetsOf(root) {
  return root.styleSheetList ?? (root.styleSheetList = new StyleSheetListImpl(root));
}

// Has this document (or any shadow tree of it) a sheet at all?
export function hasAnySheet(doc) {
  return (doc.sheets !== null && doc.sheets.owners.length > 0) || adoption.count > 0 || adoption.animated;
}

// How often sheets were adopted, anywhere; and whether a script animated something, which is as good as a sheet.
export const adoption = { __proto__: null, count: 0, animated: false };

// What applies in a tree, in order: those of elements, then the adopted ones.
export function activeSheets(root) {
  const list = sheetsOf(root).sheets();
  const out = [];
  for (let i = 0; i < list.length; i++) if (!list[i].disabled) out[out.length] = list[i];
  if (root.adoptedSheets !== null) {
    for (let i = 0; i < root.adoptedSheets.length; i++) if (!root.adoptedSheets[i].disabled) out[out.length] = root.adoptedSheets[i];
  }
  return out;
}
