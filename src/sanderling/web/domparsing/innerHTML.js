// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml
// innerHTML, outerHTML, insertAdjacentHTML, setHTMLUnsafe, getHTML.

import { defineInterface } from '../webidl/interface.js';
import { hostCall, utf8Encode } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { createElement, createFragment } from '../dom/create.js';
import { preInsert, replaceAll, replaceNode } from '../dom/tree.js';
import { HTML_NS } from '../dom/namespaces.js';
import { lowerAscii } from '../css/selectors/names.js';
import { buildFragment } from '../html/builder.js';
import { templateContents } from '../html/elements/HTMLTemplateElement.js';
import { parseFragment } from './fragment.js';
import { scopeParsed } from '../html/custom_elements.js';
import { serializeChildren, serializeNode } from './serialize.js';
import { serializeXML, serializeXMLChildren } from './XMLSerializer.js';

function isTemplate(el) {
  return el.nodeType === 1 && el.localName === 'template' && el.namespace === HTML_NS;
}

function inner(self) {
  return self.doc.isHTML ? serializeChildren(self) : serializeXMLChildren(self);
}

function setInner(self, value) {
  const context = self.nodeType === 1 ? self : self.host;
  const target = isTemplate(self) ? templateContents(self) : self;
  // OPTIMIZATION: nothing to parse (the html element gets its head and body even so)
  if (value === '' && context.localName !== 'html') {
    if (target.first !== null) replaceAll(null, target);
    return;
  }
  const fragment = parseFragment(context, value, false);
  scopeParsed(fragment, self);
  if (target.doc !== fragment.doc) fragment.doc = target.doc;
  replaceAll(fragment, target);
}

// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-outerhtml
function setOuter(self, value) {
  const { parent } = self;
  if (parent === null) return;
  if (parent.nodeType === 9) throw domException('NoModificationAllowedError', 'This element\'s parent is a document.');
  const context = parent.nodeType === 11 ? createElement(self.doc, 'body') : parent;
  const fragment = parseFragment(context, value, false);
  scopeParsed(fragment, parent);
  replaceNode(self, fragment, parent);
}

// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-insertadjacenthtml
function insertAdjacentHTML(self, position, text) {
  const where = lowerAscii(position);
  let context;
  if (where === 'beforebegin' || where === 'afterend') {
    context = self.parent;
    if (context === null || context.nodeType === 9) throw domException('NoModificationAllowedError', 'The element has no parent.');
  } else if (where === 'afterbegin' || where === 'beforeend') context = self;
  else throw domException('SyntaxError', "The value provided ('" + position + "') is not one of 'beforebegin', 'afterbegin', 'beforeend', or 'afterend'.");
  if (context.nodeType !== 1 || (context.doc.isHTML && context.localName === 'html' && context.namespace === HTML_NS)) context = createElement(self.doc, 'body');
  const fragment = parseFragment(context, text, false);
  scopeParsed(fragment, where === 'beforebegin' || where === 'afterend' ? self.parent : self);
  if (where === 'beforebegin') preInsert(fragment, self.parent, self);
  else if (where === 'afterbegin') preInsert(fragment, self, self.first);
  else if (where === 'beforeend') preInsert(fragment, self, null);
  else preInsert(fragment, self.parent, self.next);
}

// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#unsafely-set-html: with declarative shadow roots
function setHTMLUnsafe(self, markup) {
  const context = self.nodeType === 1 ? self : self.host;
  const target = isTemplate(self) ? templateContents(self) : self;
  const fragment = createFragment(self.doc);
  const scripting = self.doc.window !== null && self.doc.window.scriptingEnabled;
  const { bytes } = hostCall('parse.fragment', { context: context.localName, scripting, shadow: true }, utf8Encode(markup));
  buildFragment(bytes, fragment, false);
  scopeParsed(fragment, self);
  replaceAll(fragment, target);
}

const getHTML = (self, options) => serializeChildren(self, options);

defineInterface(`
dictionary GetHTMLOptions { boolean serializableShadowRoots = false; sequence<ShadowRoot> shadowRoots = []; };
partial interface Element {
  [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerHTML;
  [CEReactions] attribute [LegacyNullToEmptyString] DOMString outerHTML;
  [CEReactions] undefined insertAdjacentHTML(DOMString position, DOMString string);
  [CEReactions] undefined setHTMLUnsafe(DOMString html);
  DOMString getHTML(optional GetHTMLOptions options = {});
};
`, {
  innerHTML: { get: inner, set: setInner },
  outerHTML: { get: (self) => (self.doc.isHTML ? serializeNode(self) : serializeXML(self)), set: setOuter },
  insertAdjacentHTML,
  setHTMLUnsafe,
  getHTML,
});

defineInterface(`
partial interface ShadowRoot {
  [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerHTML;
  [CEReactions] undefined setHTMLUnsafe(DOMString html);
  DOMString getHTML(optional GetHTMLOptions options = {});
};
`, { innerHTML: { get: inner, set: setInner }, setHTMLUnsafe, getHTML });

