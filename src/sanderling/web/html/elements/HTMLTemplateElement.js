// https://html.spec.whatwg.org/multipage/scripting.html#the-template-element
// A template's contents live in a fragment of an inert document. The fragment is made when somebody asks for it: `el.state` holds it.

import { defineInterface } from '../../webidl/interface.js';
import { createDocument, createFragment } from '../../dom/create.js';
import { cloneNode } from '../../dom/clone.js';
import { defineElement } from '../../dom/definitions.js';
import { adoptNode, appendParsed } from '../../dom/tree.js';
import { parseURL } from '../../url/parser.js';

// https://html.spec.whatwg.org/multipage/scripting.html#appropriate-template-contents-owner-document
export function templateOwnerDocument(doc) {
  if (doc.inertDocument === null) {
    const inert = createDocument(doc.isHTML ? 'html' : 'document', parseURL('about:blank'), doc.isHTML ? 'text/html' : 'application/xml');
    inert.inertDocument = inert;
    doc.inertDocument = inert;
    inert.templateHost = doc;
  }
  return doc.inertDocument;
}

export function templateContents(el) {
  if (el.state === null) {
    const content = createFragment(templateOwnerDocument(el.doc));
    content.host = el;
    el.state = content;
  }
  return el.state;
}

export const htmlTemplateElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLTemplateElement : HTMLElement {
  [HTMLConstructor] constructor();
  readonly attribute DocumentFragment content;
  [CEReactions, ReflectEnum="shadowrootmode"] attribute DOMString shadowRootMode;
  [CEReactions, Reflect] attribute boolean shadowRootDelegatesFocus;
  [CEReactions, Reflect] attribute boolean shadowRootClonable;
  [CEReactions, Reflect] attribute boolean shadowRootSerializable;
};
`, { content: templateContents });

defineElement({
  __proto__: null,
  names: ['template'],
  iface: htmlTemplateElementInterface,
  // https://html.spec.whatwg.org/multipage/scripting.html#the-template-element:concept-node-adopt-ext
  adopted(el) {
    if (el.state !== null) adoptNode(el.state, templateOwnerDocument(el.doc));
  },
  // https://html.spec.whatwg.org/multipage/scripting.html#the-template-element:concept-node-clone-ext
  cloned(copy, source, deep) {
    if (!deep || source.state === null) return;
    const contents = templateContents(copy);
    for (let child = source.state.first; child !== null; child = child.next) appendParsed(cloneNode(child, contents.doc, true), contents);
  },
});
