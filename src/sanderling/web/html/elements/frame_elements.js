// https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element
// The interfaces of iframe and frame; their windows and documents are in ../frames.js.

import { defineInterface } from '../../webidl/interface.js';
import { tokenListOf } from '../../dom/DOMTokenList.js';
import { contentDocumentOf, contentWindowOf } from '../frames.js';

const SANDBOX_TOKENS = [
  'allow-downloads', 'allow-forms', 'allow-modals', 'allow-orientation-lock', 'allow-pointer-lock', 'allow-popups', 'allow-popups-to-escape-sandbox', 'allow-presentation',
  'allow-same-origin', 'allow-scripts', 'allow-top-navigation', 'allow-top-navigation-by-user-activation', 'allow-top-navigation-to-custom-protocols',
];

export const htmlIFrameElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLIFrameElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute DOMString srcdoc;
  [CEReactions, Reflect] attribute DOMString name;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList sandbox;
  [CEReactions, Reflect] attribute DOMString allow;
  [CEReactions, Reflect] attribute boolean allowFullscreen;
  [CEReactions, Reflect] attribute DOMString width;
  [CEReactions, Reflect] attribute DOMString height;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
  [CEReactions, ReflectEnum="loading"] attribute DOMString loading;
  readonly attribute Document? contentDocument;
  readonly attribute any contentWindow;
  Document? getSVGDocument();
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString scrolling;
  [CEReactions, Reflect] attribute DOMString frameBorder;
  [CEReactions, ReflectURL] attribute USVString longDesc;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString marginHeight;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString marginWidth;
};
`, {
  sandbox: (self) => tokenListOf(self, 'sandbox', SANDBOX_TOKENS),
  contentDocument: (self) => contentDocumentOf(self),
  contentWindow: (self) => contentWindowOf(self),
  getSVGDocument(self) {
    const doc = contentDocumentOf(self);
    return doc !== null && doc.contentType === 'image/svg+xml' ? doc : null;
  },
});

export const htmlFrameElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLFrameElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute DOMString scrolling;
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute DOMString frameBorder;
  [CEReactions, ReflectURL] attribute USVString longDesc;
  [CEReactions, Reflect] attribute boolean noResize;
  readonly attribute Document? contentDocument;
  readonly attribute any contentWindow;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString marginHeight;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString marginWidth;
};
`, { contentDocument: (self) => contentDocumentOf(self), contentWindow: (self) => contentWindowOf(self) });
