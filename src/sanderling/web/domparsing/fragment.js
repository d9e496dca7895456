// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps
// Markup to nodes. What is plain (the bulk of what templates write) is read here, without leaving the isolate; the rest is parsed by the host.

import { hostCall, utf8Encode } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { createDocument, createFragment } from '../dom/create.js';
import { appendParsed } from '../dom/tree.js';
import { HTML_NS, MATHML_NS, SVG_NS, XMLNS_NS } from '../dom/namespaces.js';
import { buildFragment, buildInert } from '../html/builder.js';
import { readPlainMarkup } from './plain_markup.js';
import { escapeXMLAttribute } from './XMLSerializer.js';
import { parseURL } from '../url/parser.js';

function contextName(context) {
  if (context.namespace === SVG_NS) return 'svg ' + context.localName;
  if (context.namespace === MATHML_NS) return 'math ' + context.localName;
  return context.namespace === HTML_NS ? context.localName : 'div';
}

// The nodes as a fragment of the context's document.
export function parseFragment(context, markup, scriptsRun) {
  const { doc } = context;
  const fragment = createFragment(doc);
  if (!doc.isHTML) {
    parseXMLFragment(context, markup, fragment);
    return fragment;
  }
  if (context.namespace === HTML_NS && readPlainMarkup(context, markup, fragment)) return fragment;
  const scripting = doc.window !== null && doc.window.scriptingEnabled;
  const { bytes } = hostCall('parse.fragment', { context: contextName(context), scripting }, utf8Encode(markup));
  buildFragment(bytes, fragment, scriptsRun === true);
  return fragment;
}

// https://w3c.github.io/DOM-Parsing/#dfn-xml-fragment-parsing-algorithm
function parseXMLFragment(context, markup, fragment) {
  let ns = '';
  const known = { __proto__: null, xml: true, xmlns: true };
  const declare = (prefix, namespace) => {
    if (known[prefix] === true) return;
    known[prefix] = true;
    ns += ' xmlns' + (prefix === '' ? '' : ':' + prefix) + '="' + escapeXMLAttribute(namespace ?? '') + '"';
  };
  // The namespaces that are in scope at the context.
  for (let el = context; el !== null && el.nodeType === 1; el = el.parent !== null && el.parent.nodeType === 11 && el.parent.isShadow ? el.parent.host : el.parent) {
    if (el.prefix !== null || el.namespace !== null) declare(el.prefix ?? '', el.namespace);
    for (let i = 0; i < el.attrs.length; i++) {
      const attr = el.attrs[i];
      if (attr.namespace === XMLNS_NS) declare(attr.prefix === null ? '' : attr.localName, attr.value);
    }
  }
  const answer = hostCall('parse.document', { xml: true, scripting: false, shadow: false }, utf8Encode('<root' + ns + '>' + markup + '</root>'));
  if (answer.json !== null) throw domException('SyntaxError', answer.json.error);
  const doc = createDocument('xml', parseURL('about:blank'), 'application/xml');
  buildInert(doc, answer.bytes);
  const root = doc.documentElement();
  while (root.first !== null) appendParsed(takeNode(root.first, fragment.doc), fragment);
}

// Out of a tree that nobody has seen, into another document.
function takeNode(node, doc) {
  const { parent } = node;
  parent.first = node.next;
  if (node.next === null) parent.last = null;
  else node.next.prev = null;
  node.parent = null;
  node.next = null;
  setDocument(node, doc);
  return node;
}

function setDocument(node, doc) {
  for (let at = node; at !== null;) {
    at.doc = doc;
    at.flags = 0;
    if (at.nodeType === 1) for (let i = 0; i < at.attrs.length; i++) at.attrs[i].doc = doc;
    if (at.first !== null) at = at.first;
    else {
      while (at !== node && at.next === null) at = at.parent;
      at = at === node ? null : at.next;
    }
  }
}
