// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document.write()
// The host's parser cannot be resumed. While a document is parsed, markup that surely means the same wherever it stands is parsed as a fragment and goes in at
// the insertion point. Other markup goes into the text of the input stream, which is parsed again: the builder goes on in the new tree where it stands in the
// old one. How far it may go is told by a parse of the text up to the insertion point: what both trees begin with is sure.
// After the end, write() begins a new document, which is built in the same way; it is closed when its task ends, at the latest.
// DEVIATION: the text of pages that write very much is not parsed again for each call: AT_ONCE_LIMIT. Markup that moves what has been built already (content of a table that is put before it) stays where its script is.

import { EMPTY_BYTES, hostPost, hostCall, utf8Decode, utf8Encode } from '../host.js';
import {
  JSONParse, RegExp, RegExpPrototypeExec, SafeSet, StringPrototypeCharCodeAt, StringPrototypeCodePointAt, StringPrototypeReplaceAll, StringPrototypeSlice, StringPrototypeToLowerCase,
  TypedArrayPrototypeGetLength,
} from '../primordials.js';
import { domException } from '../dom/DOMException.js';
import { removeNode, insertNode } from '../dom/tree.js';
import { parseFragment } from '../domparsing/fragment.js';
import { isVoidElement } from '../domparsing/serialize.js';
import { parseURL } from '../url/parser.js';
import { HTML_NS } from '../dom/namespaces.js';
import { commonItems, decideMode } from './builder.js';
import { beginLoading, buildWritten, closeLoading, isParsing, loaderOf, openLoading } from './loading.js';
import { queueTask } from './tasks.js';
import { currentDocument } from './realm.js';
import { scriptState } from './scripting.js';

function checkMarkup(doc) {
  if (!doc.isHTML) throw domException('InvalidStateError', 'document.write() is only for HTML documents.');
  if (doc.throwOnDynamicMarkup > 0) throw domException('InvalidStateError', 'document.write() is not allowed in a custom element constructor.');
}

// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps
export function openDocument(doc) {
  checkMarkup(doc);
  const reopened = doc.loader !== null && doc.loader.open;
  if (doc.unloading || doc.ignoreDestructiveWrites > 0 || doc.parserReacts > 0 || (isParsing(doc) && (!reopened || inputOf(doc).points.length > 1))) return doc;
  if (reopened) {
    doc.loader.abort();
    doc.loader = null;
  }
  if (doc.written === null) {
    // 12. All event listeners of the document and its window go.
    doc.listeners = null;
    doc.handlers = null;
    if (doc.window !== null) {
      doc.window.listeners = null;
      doc.window.handlers = null;
      hostPost('document.opened', { frame: doc.window.frameId });
    }
  }
  while (doc.first !== null) removeNode(doc.first);
  const entry = currentDocument();
  // 16. Where it is fully active
  if (doc.window !== null && entry !== doc) {
    doc.url = parseURL(entry.urlText());
    doc.url.fragment = null;
  }
  doc.written = '';
  doc.mode = 'no-quirks';
  doc.quirks = false;
  return doc;
}

export function writeDocument(doc, text) {
  checkMarkup(doc);
  if (isParsing(doc)) {
    writeIntoInput(doc, text);
    return;
  }
  // 6.
  if (doc.written === null) {
    if (doc.ignoreDestructiveWrites > 0) return;
    if (doc.writtenBefore && doc.bodyElement() !== null) {
      // The document that was written has been parsed: more of it goes to its end.
      const body = doc.bodyElement();
      insertNode(parseFragment(body, text, true), body, null);
      return;
    }
    openDocument(doc);
  }
  if (text === '') return;
  doc.written = text;
  openLoading(doc);
  resetInput(doc, '');
  doc.input.points[0] = 0;
  doc.input.rests[0] = -1;
  queueTask(doc, () => {
    if (doc.written !== null && doc.written !== '') closeDocument(doc);
  });
  writeIntoInput(doc, text);
}

function writeIntoInput(doc, text) {
  const input = inputOf(doc);
  // 4. The insertion point is undefined: no script of the parser's runs.
  if (input.points.length === 0 && (doc.ignoreDestructiveWrites > 0 || doc.parserReacts > 0)) return;
  input.pending += text;
  // The builder is in the middle of its items: what callbacks of elements write waits for the end of the script that wrote those.
  if (doc.parserReacts > 0) return;
  if (!input.lost && input.points.length > 0 && input.spent < AT_ONCE_LIMIT) flushWrites(doc, false);
  else if (isComplete(input.pending)) flushWrites(doc, false);
}

export function closeDocument(doc) {
  checkMarkup(doc);
  if (doc.written === null) return;
  const { loader, input } = doc;
  if (loader === null || !loader.open) {
    doc.written = null;
    doc.writtenBefore = true;
    beginLoading(doc, hostCall('parse.document', { scripting: true, shadow: doc.window !== null }, EMPTY_BYTES).bytes);
    return;
  }
  if (input.points.length > 1) return;     // a script of its own: when that has ended, the task closes it
  doc.written = null;
  doc.writtenBefore = true;
  if (!input.lost && rewriteInput(doc, input, loader.builder, normalizedInput(input.pending), '', true)) {
    closeLoading(doc, null);
    return;
  }
  const text = inputText(doc, input) + normalizedInput(input.pending);
  input.text = text;
  input.pending = '';
  input.lost = false;
  closeLoading(doc, hostCall('parse.document', { scripting: true, shadow: doc.window !== null }, utf8Encode(text)).bytes);
}

// -- the input stream of a document that is being parsed -----------------------------------------------------------------

const AT_ONCE_LIMIT = 4_000_000;   // characters: as much is parsed again on behalf of single calls; beyond, what is not complete waits for the end of its script

class InputStream {
  constructor(text) {
    this.text = text;            // null until it is needed: then the host tells it
    this.edits = [];             // [point, text] that are not in `text` yet
    this.points = [];            // insertion points of the scripts that run, the innermost last, in code points; -1: not known
    this.rests = [];             // for each point, how many items stand behind it; -1: not known
    this.lines = 0;              // newlines that were written
    this.pending = '';
    this.spent = 0;              // characters that were parsed again
    this.inToken = false;        // the insertion point is within a tag, a comment or a character reference
    this.lost = false;           // the text does not say any more what the tree is made of
  }
}

export function inputOf(doc) {
  return doc.input ?? (doc.input = new InputStream(null));
}

// A document begins to be built from a text that is known here; null: the host has it.
export function resetInput(doc, text) {
  doc.input = text === null ? null : new InputStream(text);
}

// https://infra.spec.whatwg.org/#normalize-newlines, as the parser counts
export function normalizedInput(text) {
  return RegExpPrototypeExec(/\r/, text) === null ? text : StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '\r\n', '\n'), '\r', '\n');
}

export function enterInsertionPoint(doc, el) {
  const { points, rests } = inputOf(doc);
  points[points.length] = scriptState(el).end;
  rests[rests.length] = -1;
}

export function leaveInsertionPoint(doc) {
  flushWrites(doc, true);
  const { input } = doc;
  if (input !== null && input.points.length > 0) input.points.length--;
  if (input !== null && input.rests.length > 0) input.rests.length--;
}

function codePointLength(text) {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c < 0xDC00 || c > 0xDFFF) length++;
  }
  return length;
}

// The index of a code point in a text.
function indexOfPoint(text, point) {
  if (RegExpPrototypeExec(/[\uD800-\uDBFF]/, text) === null) return point;
  let i = 0;
  for (let left = point; left > 0 && i < text.length; left--) i += StringPrototypeCodePointAt(text, i) > 0xFFFF ? 2 : 1;
  return i;
}

// Put what has been written into the tree. `ended`: its script has; there is nothing to wait for.
function flushWrites(doc, ended) {
  const { input } = doc;
  if (input === null || input.pending === '' || !isParsing(doc)) return;
  const { builder, open } = loaderOf(doc);
  if (open && input.lost) return;    // close() builds it
  // The other half of a newline may follow.
  const kept = !ended && input.pending[input.pending.length - 1] === '\r' ? '\r' : '';
  const text = normalizedInput(kept === '' ? input.pending : StringPrototypeSlice(input.pending, 0, -1));
  if (text === '') return;
  let base = -1;
  if (!input.lost && input.points.length > 0 && input.points[input.points.length - 1] >= 0) {
    // Where much has been parsed again already, what is complete in itself is taken for plain.
    if (input.inToken || (!isPlain(text, builder) && (input.spent < AT_ONCE_LIMIT || !isComplete(text)))) {
      if (rewriteInput(doc, input, builder, text, kept, ended)) return;
      input.lost = true;
      if (open) return;
    } else {
      base = movePoints(input, text);
      input.edits[input.edits.length] = [base, text];
    }
  } else input.lost = true;
  if (input.lost && !ended && !isComplete(text)) return;
  input.pending = kept;
  const context = builder.parent;
  const name = context.nodeType === 1 ? context.localName : 'body';
  const { bytes } = hostCall('parse.fragment', { context: name, scripting: true, base }, utf8Encode(text));
  // What was written before may still wait for a script that it brought.
  const unbuilt = builder.items.length - builder.at;
  const { rests } = input;
  const known = rests.length > 0 ? rests[rests.length - 1] : -1;
  const rest = known >= 0 && known <= unbuilt ? known : unbuilt;
  if (rests.length > 0) rests[rests.length - 1] = rest;
  builder.insertItems(JSONParse(utf8Decode(bytes)), rest);
  buildWritten(doc, () => rest);
}

// The insertion points move behind what was written; gives where it begins.
function movePoints(input, text) {
  const { points } = input;
  const length = codePointLength(text);
  for (let i = 0; i < text.length; i++) if (text[i] === '\n') input.lines++;
  const at = points[points.length - 1];
  for (let i = 0; i < points.length; i++) if (points[i] >= at) points[i] += length;
  return at;
}

function inputText(doc, input) {
  if (input.text === null) {
    const { json, bytes } = hostCall('document.source', { __proto__: null, frame: doc.window === null ? 0 : doc.window.frameId });
    if (!json.known) return null;
    input.text = utf8Decode(bytes);
  }
  for (let i = 0; i < input.edits.length; i++) {
    const edit = input.edits[i];
    const index = indexOfPoint(input.text, edit[0]);
    input.text = StringPrototypeSlice(input.text, 0, index) + edit[1] + StringPrototypeSlice(input.text, index);
  }
  input.edits = [];
  return input.text;
}

function rewriteInput(doc, input, builder, text, kept, ended) {
  const before = inputText(doc, input);
  if (before === null) return false;
  const index = indexOfPoint(before, input.points[input.points.length - 1]);
  const head = utf8Encode(StringPrototypeSlice(before, 0, index) + text);
  const whole = StringPrototypeSlice(before, 0, index) + text + StringPrototypeSlice(before, index);
  input.spent += whole.length;
  const { bytes } = hostCall('parse.input', { __proto__: null, head: TypedArrayPrototypeGetLength(head), scripting: true, shadow: doc.window !== null }, utf8Encode(whole));
  const { 0: sure, 1: items, 2: inToken } = JSONParse(utf8Decode(bytes));
  const common = commonItems(sure, items);
  const left = items.length - common;
  const loader = loaderOf(doc);
  const begins = loader.open && builder.at === 0 && common > 0;
  if (!builder.continueIn(items)) return false;
  if (begins) decideMode(doc, items);
  loader.left = left;
  // The rest behind outer points may have changed.
  for (let i = 0; i < input.rests.length; i++) input.rests[i] = -1;
  if (input.rests.length > 0) input.rests[input.rests.length - 1] = left;
  input.inToken = inToken;
  input.pending = kept;
  input.text = whole;
  movePoints(input, text);
  builder.writtenLines = input.lines;
  if (ended) return true;            // the parser goes on by itself
  // A script that runs here may have the input parsed again: what it writes comes before the same rest.
  buildWritten(doc, () => left);
  return true;
}

// -- markup that means the same wherever it stands, but for formatting that was left open before ----------------------------------------------------------------------

const WRITTEN_ELEMENTS = new SafeSet(['script', 'style', 'link', 'img', 'iframe', 'span', 'br', 'ins', 'i', 'b', 'em', 'strong', 'small', 'input', 'label']);
const WRITTEN_BLOCKS = new SafeSet(['div', 'section', 'article', 'aside', 'ul', 'p', 'table']);
const WRITTEN_IN_TABLE = new SafeSet(['thead', 'tbody', 'tfoot', 'tr', 'td', 'th']);
const WRITTEN_CONTEXTS = new SafeSet(['body', 'div', 'span', 'td', 'th', 'li', 'section', 'article', 'aside', 'main', 'header', 'footer', 'nav', 'center', 'form', 'dd', 'figure']);
const WRITTEN_IN_HEAD = new SafeSet(['script', 'style', 'link']);

// Is it complete, and made of elements that neither close what is open where it goes, nor are changed by that?
function isPlain(text, builder) {
  const { parent } = builder;
  if (parent.nodeType !== 1 || parent.namespace !== HTML_NS) return false;
  const inHead = parent.localName === 'head';
  if (!inHead && !WRITTEN_CONTEXTS.has(parent.localName)) return false;
  let inParagraph = false;
  for (let i = 0; i < builder.stack.length; i++) if (builder.stack[i].localName === 'p') inParagraph = true;
  const allowed = (name, open) => (inHead ? WRITTEN_IN_HEAD.has(name) : WRITTEN_ELEMENTS.has(name) || (!inParagraph && WRITTEN_BLOCKS.has(name)) || (WRITTEN_IN_TABLE.has(name) && open[0] === 'table'));
  return text[0] === '<' && text[text.length - 1] === '>' && isComplete(text, allowed);
}

const RAW_TEXT = new SafeSet(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript']);

// Is every element that the markup opens closed in it, in order? A look at its tags is enough. `allowed`: for names, what may be there.
function isComplete(text, allowed) {
  const tags = new RegExp('<(?:!--[^]*?(-->|$)|(/?)([a-zA-Z][^\\s/>]*)(?:[^>"\']|"[^"]*"|\'[^\']*\')*(>|$))', 'g');
  const open = [];
  for (let match = RegExpPrototypeExec(tags, text); match !== null; match = RegExpPrototypeExec(tags, text)) {
    if (match[3] === undefined) {
      if (match[1] === '') return false;
      continue;
    }
    if (match[4] === '') return false;
    const name = StringPrototypeToLowerCase(match[3]);
    if (allowed !== undefined && !allowed(name, open)) return false;
    if (isVoidElement(name)) continue;
    if (match[2] === '/') {
      if (open[open.length - 1] === name) open.length--;
      else if (allowed !== undefined) return false;
      else if (open.length > 0) open.length--;
      continue;
    }
    if (RAW_TEXT.has(name)) {
      const end = new RegExp('</' + name + '[\\s/>]', 'ig');
      end.lastIndex = tags.lastIndex;
      if (RegExpPrototypeExec(end, text) === null) return false;
      tags.lastIndex = end.lastIndex - name.length - 3;
    }
    open[open.length] = name;
  }
  return open.length === 0;
}
