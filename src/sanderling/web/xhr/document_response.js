// https://xhr.spec.whatwg.org/#document-response

import { StringFromCharCode, StringPrototypeIndexOf, StringPrototypeSlice, TypedArrayPrototypeGetByteLength } from '../primordials.js';
import { hostCall, utf8Encode } from '../host.js';
import { createDocument } from '../dom/create.js';
import { buildInert } from '../html/builder.js';
import { serializeXML } from '../domparsing/XMLSerializer.js';
import { serializeChildren } from '../domparsing/serialize.js';
import { getEncoding } from '../encoding/labels.js';
import { parseURL } from '../url/parser.js';

// An XML declaration stands within so many bytes.
const XML_DECLARATION_BYTES = 256;

// The encoding that an XML declaration names, or null.
export function xmlDeclaredEncoding(bytes) {
  let head = '';
  const length = TypedArrayPrototypeGetByteLength(bytes);
  for (let i = 0; i < length && i < XML_DECLARATION_BYTES && bytes[i] !== 0x3E; i++) head += StringFromCharCode(bytes[i]);
  if (StringPrototypeSlice(head, 0, 5) !== '<?xml') return null;
  const at = StringPrototypeIndexOf(head, 'encoding');
  if (at < 0) return null;
  let start = at + 8;
  while (head[start] === ' ' || head[start] === '=') start++;
  const quote = head[start];
  if (quote !== '"' && quote !== '\'') return null;
  const end = StringPrototypeIndexOf(head, quote, start + 1);
  return end < 0 ? null : getEncoding(StringPrototypeSlice(head, start + 1, end));
}

// A document without a browsing context, or null for XML that is not well-formed.
export function documentOfResponse(text, html, type, url, window) {
  const record = parseURL(url, null) ?? window.document.url;
  const doc = createDocument(html ? 'html' : 'xml', record, type);
  const options = html ? { scripting: false, shadow: false } : { xml: true, scripting: false, shadow: false };
  const answer = hostCall('parse.document', options, utf8Encode(text));
  if (!html && answer.json !== null && answer.json !== undefined) return null;
  buildInert(doc, answer.bytes);
  return doc;
}

// https://xhr.spec.whatwg.org/#the-send()-method, step 4.2
export function serializeDocumentForSend(doc) {
  return doc.isHTML ? serializeChildren(doc) : serializeXML(doc);
}
