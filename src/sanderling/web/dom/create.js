// https://dom.spec.whatwg.org/#concept-create-element
// Making nodes. Interfaces are looked up once, after all are declared.

import { AttrImpl, CharacterDataImpl, DocumentFragmentImpl, DocumentImpl, DocumentTypeImpl, ElementImpl } from './node.js';
import { definitionOf, interfaceFor } from './definitions.js';
import { HTML_NS } from './namespaces.js';
import { isValidElementName } from './attributes.js';
import { lowerAscii } from '../css/selectors/names.js';
import { SafeMap } from '../primordials.js';
import { attrInterface } from './Attr.js';
import { cdataSectionInterface, textInterface } from './Text.js';
import { commentInterface, processingInstructionInterface } from './Comment.js';
import { documentFragmentInterface } from './DocumentFragment.js';
import { documentTypeInterface } from './DocumentType.js';
import { documentInterface, xmlDocumentInterface } from './Document.js';
import { htmlDocumentInterface } from '../html/HTMLDocument.js';

export function createElement(doc, localName, namespace = HTML_NS, prefix = null) {
  const def = definitionOf(localName, namespace);
  const el = new ElementImpl(interfaceFor(def, localName, namespace), doc, localName, namespace, prefix, def);
  if (def !== null && def.created !== null) def.created(el);
  return el;
}

// What a name means in createElement() of an HTML document; names are valid once they are in here.
class NameEntry {
  constructor(localName, def, iface) {
    this.localName = localName;
    this.def = def;
    this.iface = iface;
  }
}
const createdNames = new SafeMap();
const MAX_CREATED_NAMES = 2000;

// https://dom.spec.whatwg.org/#dom-document-createelement, for HTML documents without custom elements; null: the name is not valid
export function createByName(doc, name) {
  let entry = createdNames.get(name);
  if (entry === undefined) {
    if (!isValidElementName(name)) return null;
    const localName = lowerAscii(name);
    const def = definitionOf(localName, HTML_NS);
    entry = new NameEntry(localName, def, interfaceFor(def, localName, HTML_NS));
    if (createdNames.size < MAX_CREATED_NAMES) createdNames.set(name, entry);
  }
  const { def } = entry;
  const el = new ElementImpl(entry.iface, doc, entry.localName, HTML_NS, null, def);
  if (def !== null && def.created !== null) def.created(el);
  return el;
}

export function createText(doc, data) {
  return new CharacterDataImpl(textInterface, 3, doc, data);
}

export function createCDATASection(doc, data) {
  return new CharacterDataImpl(cdataSectionInterface, 4, doc, data);
}

export function createComment(doc, data) {
  return new CharacterDataImpl(commentInterface, 8, doc, data);
}

export function createProcessingInstruction(doc, target, data) {
  const node = new CharacterDataImpl(processingInstructionInterface, 7, doc, data);
  node.target = target;
  return node;
}

export function createFragment(doc) {
  return new DocumentFragmentImpl(documentFragmentInterface, doc);
}

export function createDoctype(doc, name, publicId, systemId) {
  return new DocumentTypeImpl(documentTypeInterface, doc, name, publicId, systemId);
}

export function createAttr(doc, localName, namespace, prefix, value) {
  return new AttrImpl(attrInterface, doc, localName, namespace, prefix, value);
}

// `kind`: 'html', 'xml' (XMLDocument) or 'document' (new Document()).
export function createDocument(kind, url, contentType) {
  const doc = new DocumentImpl(kind === 'html' ? htmlDocumentInterface : kind === 'xml' ? xmlDocumentInterface : documentInterface, url);
  doc.isHTML = kind === 'html';
  doc.contentType = contentType;
  return doc;
}
