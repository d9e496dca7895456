// https://chromedevtools.github.io/devtools-protocol/tot/CSS/
// For clients: which style sheets there are, their texts, and which of their rules were used since somebody began to watch.

import { hostPost, onHost, watchEntries } from '../host.js';
import { RegExpPrototypeExec, SafeMap, SafeSet, StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeLastIndexOf, StringPrototypeSlice } from '../primordials.js';
import { nextInTree } from '../dom/tree.js';
import { mainWindow } from '../html/realm.js';
import { CSSStyleSheetImpl, activeSheets, sheetsOf } from '../css/cssom/sheets.js';
import { CSSConditionRuleImpl, CSSImportRuleImpl, CSSNamespaceRuleImpl, CSSNestedDeclarationsImpl, CSSStyleRuleImpl, cssChanges } from '../css/cssom/rules.js';
import { makeCssRule, namespacesOf } from '../css/cssom/make_rules.js';
import { supportsCssCondition } from '../css/cssom/media_queries.js';
import { StyleIndex, collectFrom } from '../css/cssom/style_index.js';
import { displayOf } from '../css/cssom/computed.js';
import { parseCssSheet } from '../css/syntax/parser.js';
import { serializeURL } from '../url/parser.js';
import { InspectorFailure } from './describe.js';
import { answering } from './remote.js';

class SheetRecord {
  constructor(id, sheet, frame) {
    this.id = id;
    this.sheet = sheet;
    this.frame = frame;
    this.text = null;            // what `copy` was made of
    this.copy = null;            // the same rules, from the text, and so with their places
    this.places = new SafeMap(); // rule of the copy to its parsed item
  }
}

let sheetPrefix = '';            // of ids: no two isolates of a page give the same
let sheetNumber = 0;
let sheetRecords = new SafeMap();// sheet to SheetRecord
let reportsSheets = false;
let seenChanges = -1;            // `cssChanges.count` when the sheets were last looked through
let seenState = '';              // versions and sizes of the documents when rules were last looked at
const trackers = new SafeMap();  // session id to RuleTracker

class RuleTracker {
  constructor() {
    this.used = new SafeSet();   // rules of copies
    this.told = new SafeSet();
  }
}

// -- which sheets there are ---------------------------------------------------------------------------------------------

function forEachDocument(window, visit) {
  if (window.document !== null) visit(window.document, window);
  for (let i = 0; i < window.children.length; i++) if (window.children[i].remote === null) forEachDocument(window.children[i], visit);
}

// The document and every shadow root in it.
function forEachStyledRoot(root, visit) {
  visit(root);
  for (let node = root; node !== null; node = nextInTree(node, root)) if (node.nodeType === 1 && node.shadow !== null) forEachStyledRoot(node.shadow, visit);
}

function addSheetWithImports(sheet, out) {
  out[out.length] = sheet;
  for (let i = 0; i < sheet.rules.length; i++) {
    const rule = sheet.rules[i];
    if (rule instanceof CSSImportRuleImpl && rule.styleSheet !== null) addSheetWithImports(rule.styleSheet, out);
  }
}

// https://tc39.es/ecma426/#sec-linking-css, and its older companion: the last comment that names the source
function sourceNameIn(text) {
  const at = StringPrototypeLastIndexOf(text, 'sourceURL=');
  if (at < 0) return '';
  const m = RegExpPrototypeExec(/\/\*[#@][ \t]sourceURL=([^\s*]+)\s*\*\//y, StringPrototypeSlice(text, at < 4 ? 0 : at - 4));
  return m === null ? '' : m[1];
}

function sheetHeader(record) {
  const { sheet } = record;
  const { ownerNode } = sheet;
  const isStyle = ownerNode !== null && ownerNode.localName === 'style';
  const text = textOfSheet(sheet);
  const named = sourceNameIn(text);
  let endLine = 0;
  let lineStart = 0;
  for (let at = StringPrototypeIndexOf(text, '\n'); at >= 0; at = StringPrototypeIndexOf(text, '\n', lineStart)) {
    endLine++;
    lineStart = at + 1;
  }
  return {
    __proto__: null, styleSheetId: record.id, frame: record.frame, origin: 'regular', title: sheet.title ?? '', disabled: sheet.disabled,
    // As in Chromium: what scripts made has no address, unless its text gives it one.
    hasSourceURL: named !== '',
    sourceURL: named !== '' ? named : sheet.href ?? (isStyle && ownerNode.state.fromMarkup ? serializeURL(ownerNode.doc.url) : ''),
    isInline: isStyle && ownerNode.state.fromMarkup, isMutable: sheet.text === null, isConstructed: sheet.constructedFor !== null,
    startLine: 0, startColumn: 0, length: text.length, endLine, endColumn: text.length - lineStart,
  };
}

function lookThroughSheets() {
  seenChanges = cssChanges.count;
  const present = new SafeMap();
  const added = [];
  forEachDocument(mainWindow(), (doc, window) => forEachStyledRoot(doc, (root) => {
    const sheets = [];
    const listed = sheetsOf(root).sheets();
    for (let i = 0; i < listed.length; i++) addSheetWithImports(listed[i], sheets);
    if (root.adoptedSheets !== null) for (let i = 0; i < root.adoptedSheets.length; i++) addSheetWithImports(root.adoptedSheets[i], sheets);
    for (let i = 0; i < sheets.length; i++) {
      if (present.has(sheets[i])) continue;
      let record = sheetRecords.get(sheets[i]);
      if (record === undefined) {
        record = new SheetRecord(sheetPrefix + ++sheetNumber, sheets[i], window.frameId);
        added[added.length] = record;
      }
      present.set(sheets[i], record);
    }
  }));
  const removed = [];
  sheetRecords.forEach((record, sheet) => {
    if (!present.has(sheet)) removed[removed.length] = record.id;
  });
  sheetRecords = present;
  if (!reportsSheets || (added.length === 0 && removed.length === 0)) return;
  const headers = [];
  for (let i = 0; i < added.length; i++) headers[i] = sheetHeader(added[i]);
  hostPost('css.sheets', { __proto__: null, added: headers, removed });
}

function recordOfId(id) {
  let found;
  sheetRecords.forEach((record) => {
    if (record.id === id) found = record;
  });
  if (found === undefined) throw new InspectorFailure('No style sheet with given id found');
  return found;
}

function textOfSheet(sheet) {
  if (sheet.text !== null) return sheet.text;
  let out = '';
  for (let i = 0; i < sheet.rules.length; i++) out += (i === 0 ? '' : '\n') + sheet.rules[i].text();
  return out;
}

// -- which rules were used ----------------------------------------------------------------------------------------------

// Its children come in the order of the items; items that are no rules have none.
function notePlaces(record, rule, item) {
  record.places.set(rule, item);
  if (rule.rules === null || item.items === null) return;
  let at = 0;
  for (let i = 0; i < item.items.length; i++) {
    const inner = item.items[i];
    if (inner.kind === 'declaration') continue;
    while (at < rule.rules.length && rule.rules[at] instanceof CSSNestedDeclarationsImpl) at++;
    if (at === rule.rules.length) return;
    const child = rule.rules[at];
    let fits = !(child instanceof CSSStyleRuleImpl);
    if (inner.kind === 'rule') fits = !fits && child.source === inner.prelude;
    else if (child instanceof CSSConditionRuleImpl) fits = child.name === inner.name;
    if (!fits) continue;
    at++;
    notePlaces(record, child, inner);
  }
}

function sheetCopyOf(record) {
  const text = textOfSheet(record.sheet);
  if (record.text === text) return record.copy;
  record.text = text;
  record.places = new SafeMap();
  const copy = record.copy = new CSSStyleSheetImpl(record.sheet.media.text());
  const items = parseCssSheet(text);
  for (let i = 0; i < items.length; i++) {
    const rule = makeCssRule(items[i], copy, null);
    if (rule === null) continue;
    copy.rules[copy.rules.length] = rule;
    if (rule instanceof CSSNamespaceRuleImpl) copy.namespaces = namespacesOf(copy.rules);
    notePlaces(record, rule, items[i]);
  }
  return copy;
}

function addCopies(sheet, window, out) {
  const record = sheetRecords.get(sheet);
  if (record === undefined || !sheet.media.matches(window)) return;
  out[out.length] = sheetCopyOf(record);
  for (let i = 0; i < sheet.rules.length; i++) {
    const rule = sheet.rules[i];
    if (!(rule instanceof CSSImportRuleImpl) || rule.styleSheet === null || !rule.media.matches(window)) continue;
    if (rule.supports === null || supportsCssCondition(rule.supports)) addCopies(rule.styleSheet, window, out);
  }
}

function markUsed(entries) {
  for (let i = 0; i < entries.length; i++) {
    let rule = entries[i].style.parentRule;
    while (rule instanceof CSSNestedDeclarationsImpl) rule = rule.parentRule;
    const style = rule;
    for (; rule !== null; rule = rule.parentRule) {
      const counted = rule === style || rule instanceof CSSConditionRuleImpl;
      if (counted) trackers.forEach((tracker) => tracker.used.add(rule));
    }
  }
}

function sweepElement(el, index) {
  const found = [];
  index.collect(el, found);
  index.pseudos.forEach((list, name) => {
    index.context.pseudoElement = name;
    collectFrom(list, el, index.context, found);
    index.context.pseudoElement = '';
  });
  markUsed(found);
}

// Elements that stand in what is not displayed have no style, and use no rule.
function sweepTree(root, window) {
  const copies = [];
  const sheets = activeSheets(root);
  for (let i = 0; i < sheets.length; i++) addCopies(sheets[i], window, copies);
  const index = new StyleIndex(root, window, copies);
  if (root.nodeType === 11) {
    const hosts = [];
    collectFrom(index.hosts, root.host, index.context, hosts);
    for (let child = root.host.first; child !== null; child = child.next) if (child.nodeType === 1) collectFrom(index.slotted, child, index.context, hosts);
    markUsed(hosts);
  }
  const visit = (parent) => {
    for (let el = parent.first; el !== null; el = el.next) {
      if (el.nodeType !== 1) continue;
      sweepElement(el, index);
      if (displayOf(el) === 'none') continue;
      if (el.shadow !== null) sweepTree(el.shadow, window);
      visit(el);
    }
  };
  visit(root);
}

function sweepDocuments() {
  if (seenChanges !== cssChanges.count) lookThroughSheets();
  forEachDocument(mainWindow(), (doc, window) => sweepTree(doc, window));
}

function stateOfDocuments() {
  let out = '' + cssChanges.count;
  forEachDocument(mainWindow(), (doc, window) => {
    out += ' ' + doc.version + ' ' + window.width + ' ' + window.height;
  });
  return out;
}

function lookAfterEntry() {
  if (mainWindow() === null) return;
  if (seenChanges !== cssChanges.count) lookThroughSheets();
  if (trackers.size === 0) return;
  const state = stateOfDocuments();
  if (state === seenState) return;
  sweepDocuments();
  seenState = stateOfDocuments();
}

// Where the parser read `\r\n` as one character, places count it as two.
function inOriginal(text, offset) {
  let at = 0;
  for (let read = 0; read < offset; read++) at += StringPrototypeCharCodeAt(text, at) === 0x0d && StringPrototypeCharCodeAt(text, at + 1) === 0x0a ? 2 : 1;
  return at;
}

function usageOf(tracker) {
  sweepDocuments();
  const out = [];
  sheetRecords.forEach((record) => {
    const crossed = record.text !== null && StringPrototypeIndexOf(record.text, '\r\n') >= 0;
    record.places.forEach((item, rule) => {
      if (!tracker.used.has(rule) || tracker.told.has(rule)) return;
      tracker.told.add(rule);
      let { from, to } = item;
      // Of an at-rule what follows its name.
      if (item.kind === 'at') while (from < to && StringPrototypeCharCodeAt(record.text, from) <= 0x20) from++;
      if (crossed) {
        from = inOriginal(record.text, from);
        to = inOriginal(record.text, to);
      }
      out[out.length] = { __proto__: null, styleSheetId: record.id, startOffset: from, endOffset: to, used: true };
    });
  });
  return out;
}

// -- entries ------------------------------------------------------------------------------------------------------------

function headersOfAll() {
  const out = [];
  sheetRecords.forEach((record) => {
    out[out.length] = sheetHeader(record);
  });
  return out;
}

// { prefix }: report sheets that come and go from now on; gives those that are there.
onHost('css.watch', answering((payload) => {
  if (!reportsSheets) sheetPrefix = payload.prefix;
  watchEntries(lookAfterEntry);
  lookThroughSheets();
  reportsSheets = true;
  return { __proto__: null, headers: headersOfAll() };
}));

// { styleSheetId }
onHost('css.text', answering((payload) => ({ __proto__: null, text: textOfSheet(recordOfId(payload.styleSheetId).sheet) })));

// { styleSheetId, text }: its rules are those of this text from now on.
onHost('css.setText', answering((payload) => {
  recordOfId(payload.styleSheetId).sheet.parse(payload.text, true);
  return { __proto__: null };
}));

// { session, on }: remember which rules are used.
onHost('css.track', answering((payload) => {
  if (!payload.on) {
    trackers.delete(payload.session);
    return { __proto__: null };
  }
  watchEntries(lookAfterEntry);
  trackers.set(payload.session, new RuleTracker());
  seenState = '';
  return { __proto__: null };
}));

// { session }: the rules that were used and not told of yet.
onHost('css.usage', answering((payload) => {
  const tracker = trackers.get(payload.session);
  if (tracker === undefined) throw new InspectorFailure('CSS rule usage tracking is not enabled');
  return { __proto__: null, rules: usageOf(tracker) };
}));
