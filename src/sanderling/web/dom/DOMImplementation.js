// https://dom.spec.whatwg.org/#interface-domimplementation

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { createDoctype, createDocument, createElement, createText } from './create.js';
import { appendNode } from './tree.js';
import { isValidDoctypeName, invalidName, validateAndExtract } from './attributes.js';
import { HTML_NS, SVG_NS } from './namespaces.js';
import { parseURL } from '../url/parser.js';

export class DOMImplementationImpl extends Impl {
  constructor(doc) {
    super();
    this.doc = doc;
  }
}

export function implementationOf(doc) {
  return doc.implementation ?? (doc.implementation = new DOMImplementationImpl(doc));
}

export const domImplementationInterface = defineInterface(`
[Exposed=Window]
interface DOMImplementation {
  [NewObject] DocumentType createDocumentType(DOMString name, DOMString publicId, DOMString systemId);
  [NewObject] XMLDocument createDocument(DOMString? namespace, [LegacyNullToEmptyString] DOMString qualifiedName, optional DocumentType? doctype = null);
  [NewObject] Document createHTMLDocument(optional DOMString title);
  boolean hasFeature();
};
`, {
  createDocumentType(self, name, publicId, systemId) {
    if (!isValidDoctypeName(name)) throw invalidName(name);
    return createDoctype(self.doc, name, publicId, systemId);
  },
  createDocument(self, namespace, qualifiedName, doctype) {
    const type = namespace === HTML_NS ? 'application/xhtml+xml' : namespace === SVG_NS ? 'image/svg+xml' : 'application/xml';
    const doc = createDocument('xml', parseURL('about:blank'), type);
    let element = null;
    if (qualifiedName !== '') {
      const extracted = validateAndExtract(namespace, qualifiedName, 'element');
      element = createElement(doc, extracted.localName, extracted.namespace, extracted.prefix);
    }
    if (doctype !== null) appendNode(doctype, doc);
    if (element !== null) appendNode(element, doc);
    return doc;
  },
  createHTMLDocument(self, title) {
    const doc = createDocument('html', parseURL('about:blank'), 'text/html');
    appendNode(createDoctype(doc, 'html', '', ''), doc);
    const html = createElement(doc, 'html');
    appendNode(html, doc);
    const head = createElement(doc, 'head');
    appendNode(head, html);
    if (title !== undefined) {
      const el = createElement(doc, 'title');
      appendNode(createText(doc, title), el);
      appendNode(el, head);
    }
    appendNode(createElement(doc, 'body'), html);
    return doc;
  },
  hasFeature: () => true,
}, DOMImplementationImpl);
