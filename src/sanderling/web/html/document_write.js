// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document.write()
// The host's parser cannot be resumed. While a document is parsed, written markup is gathered until it is complete in itself (or its script ends), parsed
// as a fragment, and goes in at the insertion point, its scripts included. After the end, write() begins a new document, which is parsed when it is
// closed or when the task ends.
// DEVIATION: markup that changes the meaning of what the parser has still to come (an unclosed comment, an unclosed table) does not.

import { hostPost, hostCall, utf8Decode, utf8Encode } from '../host.js';
import { JSONParse, RegExp, RegExpPrototypeExec, SafeSet, StringPrototypeToLowerCase } from '../primordials.js';
import { domException } from '../dom/DOMException.js';
import { removeNode, insertNode } from '../dom/tree.js';
import { parseFragment } from '../domparsing/fragment.js';
import { isVoidElement } from '../domparsing/serialize.js';
import { parseURL } from '../url/parser.js';
import { beginLoading, insertWritten, isParsing } from './loading.js';
import { queueTask } from './tasks.js';
import { currentDocument } from './realm.js';

function checkMarkup(doc) {
  if (!doc.isHTML) throw domException('InvalidStateError', 'document.write() is only for HTML documents.');
  if (doc.throwOnDynamicMarkup > 0) throw domException('InvalidStateError', 'document.write() is not allowed in a custom element constructor.');
}

// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps
export function openDocument(doc) {
  checkMarkup(doc);
  if (isParsing(doc) || doc.ignoreDestructiveWrites > 0) return doc;
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
  if (doc.url.scheme === 'about' && entry !== doc) doc.url = parseURL(entry.urlText());
  doc.written = '';
  doc.mode = 'no-quirks';
  doc.quirks = false;
  return doc;
}

export function writeDocument(doc, text) {
  checkMarkup(doc);
  if (isParsing(doc)) {
    doc.pendingWrite += text;
    if (isComplete(doc.pendingWrite)) flushWrites(doc);
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
  doc.written += text;
  queueTask(doc, () => {
    if (doc.written !== null && doc.written !== '') closeDocument(doc);
  });
}

export function closeDocument(doc) {
  checkMarkup(doc);
  const { written } = doc;
  if (written === null) return;
  doc.written = null;
  doc.writtenBefore = true;
  beginLoading(doc, hostCall('parse.document', { scripting: true, shadow: true }, utf8Encode(written)).bytes);
}

// Put what has been written into the tree: when it is complete, and when its script has ended.
export function flushWrites(doc) {
  const text = doc.pendingWrite;
  if (text === '') return;
  doc.pendingWrite = '';
  insertWritten(doc, (context) => {
    const name = context.nodeType === 1 ? context.localName : 'body';
    const { bytes } = hostCall('parse.fragment', { context: name, scripting: true }, utf8Encode(text));
    return JSONParse(utf8Decode(bytes));
  });
}

const RAW_TEXT = new SafeSet(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript']);

// Is every element that the markup opens closed in it? A look at its tags is enough to know whether to wait.
function isComplete(text) {
  const tags = new RegExp('<(?:!--[^]*?(-->|$)|(/?)([a-zA-Z][^\\s/>]*)(?:[^>"\']|"[^"]*"|\'[^\']*\')*(>|$))', 'g');
  let depth = 0;
  for (let match = RegExpPrototypeExec(tags, text); match !== null; match = RegExpPrototypeExec(tags, text)) {
    if (match[3] === undefined) {
      if (match[1] === '') return false;
      continue;
    }
    if (match[4] === '') return false;
    const name = StringPrototypeToLowerCase(match[3]);
    if (isVoidElement(name)) continue;
    if (match[2] === '/') {
      depth--;
      continue;
    }
    if (RAW_TEXT.has(name)) {
      const end = new RegExp('</' + name + '[\\s/>]', 'ig');
      end.lastIndex = tags.lastIndex;
      if (RegExpPrototypeExec(end, text) === null) return false;
      tags.lastIndex = end.lastIndex - name.length - 3;
    }
    depth++;
  }
  return depth <= 0;
}
