// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#the-domparser-interface

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { hostCall, utf8Encode } from '../host.js';
import { createDocument, createElement, createText } from '../dom/create.js';
import { appendNode } from '../dom/tree.js';
import { buildInert } from '../html/builder.js';
import { currentDocument } from '../html/realm.js';
import { parseURL } from '../url/parser.js';

class DOMParserImpl extends Impl {
  constructor(doc) {
    super();
    this.doc = doc;        // of its relevant global object
  }
}

function parseHTML(markup, shadow, { url }) {
  const doc = createDocument('html', url, 'text/html');
  const { bytes } = hostCall('parse.document', { scripting: false, shadow }, utf8Encode(markup));
  buildInert(doc, bytes);
  return doc;
}

defineInterface(`
enum DOMParserSupportedType { "text/html", "text/xml", "application/xml", "application/xhtml+xml", "image/svg+xml" };
[Exposed=Window]
interface DOMParser {
  constructor();
  [NewObject] Document parseFromString(DOMString string, DOMParserSupportedType type);
};
partial interface Document {
  static Document parseHTMLUnsafe(DOMString html);
};
`, {
  constructor: () => new DOMParserImpl(currentDocument()),
  parseFromString(self, text, type) {
    if (type === 'text/html') return parseHTML(text, false, self.doc);
    const doc = createDocument('xml', self.doc.url, type);
    const answer = hostCall('parse.document', { xml: true, scripting: false, shadow: false }, utf8Encode(text));
    if (answer.json === null) buildInert(doc, answer.bytes);
    else {
      // 3.3. a document that says what was wrong
      const root = createElement(doc, 'parsererror', 'http://www.mozilla.org/newlayout/xml/parsererror.xml');
      appendNode(createText(doc, answer.json.error), root);
      appendNode(root, doc);
    }
    return doc;
  },
  parseHTMLUnsafe: (text) => parseHTML(text, true, { url: parseURL('about:blank') }),
}, DOMParserImpl);
