// https://html.spec.whatwg.org/multipage/semantics.html
// The root element, metadata, and the body. Style sheets and their loading are CSS's business: it defines the elements style and link.

import { baseChanged } from '../document_state.js';
import { metaChanged, metaInserted } from '../meta_refresh.js';
import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, removeAttr, setAttr } from '../../dom/attributes.js';
import { childTextContent, stringReplaceAll } from '../../dom/tree.js';
import { tokenListOf } from '../../dom/DOMTokenList.js';
import { parseURL, serializeURL } from '../../url/parser.js';
import { sheetOf } from '../../css/cssom/sheets.js';

defineElement({
  __proto__: null,
  names: ['html'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLHtmlElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString version;
};
`, {}),
});

defineElement({
  __proto__: null,
  names: ['head'],
  iface: defineInterface('[Exposed=Window] interface HTMLHeadElement : HTMLElement { [HTMLConstructor] constructor(); };', {}),
});

defineElement({
  __proto__: null,
  names: ['title'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLTitleElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute DOMString text;
};
`, { text: { get: childTextContent, set: (self, value) => stringReplaceAll(value, self) } }),
});

// https://html.spec.whatwg.org/multipage/semantics.html#dom-base-href
function baseHref(self) {
  const { doc } = self;
  const url = getAttr(self, 'href') ?? '';
  const record = parseURL(url, doc.fallbackBase ?? doc.url, doc.encoding);
  return record === null ? url : serializeURL(record);
}

defineElement({
  __proto__: null,
  names: ['base'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLBaseElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute USVString href;
  [CEReactions, Reflect] attribute DOMString target;
};
`, { href: { get: baseHref, set: (self, value) => setAttr(self, 'href', value) } }),
  inserted(el) {
    el.doc.baseCount++;
    baseChanged(el.doc);
  },
  removed(el, oldParent) {
    el.doc.baseCount--;
    baseChanged(el.doc);
  },
  attributeChanged(el, name, oldValue, value, namespace) {
    if (name === 'href' && namespace === null) baseChanged(el.doc);
  },
});

defineElement({
  __proto__: null,
  names: ['meta'],
  inserted: metaInserted,
  attributeChanged: metaChanged,
  iface: defineInterface(`
[Exposed=Window]
interface HTMLMetaElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect="http-equiv"] attribute DOMString httpEquiv;
  [CEReactions, Reflect] attribute DOMString content;
  [CEReactions, Reflect] attribute DOMString media;
  [CEReactions, Reflect] attribute DOMString scheme;
};
`, {}),
});

const RENDER_BLOCKING = ['render'];
const LINK_RELATIONS = [
  'alternate', 'dns-prefetch', 'expect', 'icon', 'manifest', 'modulepreload', 'next', 'preconnect', 'prefetch', 'preload', 'search', 'stylesheet',
];

// https://html.spec.whatwg.org/multipage/semantics.html#dom-style-disabled
const sheetDisabled = {
  __proto__: null,
  get(self) {
    const sheet = sheetOf(self);
    return sheet !== null && sheet.disabled;
  },
  set(self, value) {
    const sheet = sheetOf(self);
    if (sheet !== null) sheet.disabled = value;
  },
};

export const htmlStyleElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLStyleElement : HTMLElement {
  [HTMLConstructor] constructor();
  attribute boolean disabled;
  [CEReactions, Reflect] attribute DOMString media;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList blocking;
  [CEReactions, Reflect] attribute DOMString type;
};
`, { disabled: sheetDisabled, blocking: (self) => tokenListOf(self, 'blocking', RENDER_BLOCKING) });

export const htmlLinkElementInterface = defineInterface(`
[Exposed=Window]
interface HTMLLinkElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString href;
  [CEReactions, ReflectEnum="crossorigin"] attribute DOMString? crossOrigin;
  [CEReactions, Reflect] attribute DOMString rel;
  [CEReactions, ReflectEnum="as"] attribute DOMString as;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList relList;
  [CEReactions, Reflect] attribute DOMString media;
  [CEReactions, Reflect] attribute DOMString integrity;
  [CEReactions, Reflect] attribute DOMString hreflang;
  [CEReactions, Reflect] attribute DOMString type;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList sizes;
  [CEReactions, Reflect] attribute USVString imageSrcset;
  [CEReactions, Reflect] attribute DOMString imageSizes;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList blocking;
  [CEReactions] attribute boolean disabled;
  [CEReactions, ReflectEnum="fetchpriority"] attribute DOMString fetchPriority;
  [CEReactions, Reflect] attribute DOMString charset;
  [CEReactions, Reflect] attribute DOMString rev;
  [CEReactions, Reflect] attribute DOMString target;
};
`, {
  relList: (self) => tokenListOf(self, 'rel', LINK_RELATIONS),
  sizes: (self) => tokenListOf(self, 'sizes'),
  blocking: (self) => tokenListOf(self, 'blocking', RENDER_BLOCKING),
  disabled: {
    get: (self) => hasAttr(self, 'disabled'),
    set(self, value) {
      if (value) setAttr(self, 'disabled', '');
      else removeAttr(self, 'disabled');
    },
  },
});

// https://drafts.csswg.org/cssom/#the-linkstyle-interface
defineInterface(`
interface mixin LinkStyle {
  readonly attribute CSSStyleSheet? sheet;
};
HTMLStyleElement includes LinkStyle;
HTMLLinkElement includes LinkStyle;
`, { sheet: sheetOf });

defineElement({
  __proto__: null,
  names: ['body'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLBodyElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString text;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString link;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString vLink;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString aLink;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString bgColor;
  [CEReactions, Reflect] attribute DOMString background;
};
HTMLBodyElement includes WindowEventHandlers;
`, {}),
});

defineElement({
  __proto__: null,
  names: ['frameset'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLFrameSetElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString cols;
  [CEReactions, Reflect] attribute DOMString rows;
};
HTMLFrameSetElement includes WindowEventHandlers;
`, {}),
});
