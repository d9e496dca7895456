// https://html.spec.whatwg.org/multipage/grouping-content.html
// Elements that say what their text is, and do nothing: sections, grouping content, text-level semantics, edits, obsolete ones.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement, fallbacks } from '../../dom/definitions.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { htmlElementInterface } from '../HTMLElement.js';
import { parseInteger } from '../reflect.js';

defineElement({
  __proto__: null,
  names: [
    'abbr', 'acronym', 'address', 'article', 'aside', 'b', 'basefont', 'bdi', 'bdo', 'big', 'center', 'cite', 'code', 'dd', 'dfn', 'dt', 'em', 'figcaption', 'figure',
    'footer', 'header', 'hgroup', 'i', 'kbd', 'main', 'mark', 'nav', 'nobr', 'noembed', 'noframes', 'noscript', 'plaintext', 'rb', 'rp', 'rt', 'rtc', 'ruby', 's', 'samp',
    'search', 'section', 'small', 'strike', 'strong', 'sub', 'sup', 'tt', 'u', 'var', 'wbr',
  ],
  iface: htmlElementInterface,
});
defineElement({ __proto__: null, names: ['applet', 'bgsound', 'blink', 'isindex', 'keygen', 'multicol', 'nextid', 'spacer'], iface: fallbacks.htmlUnknown });

// An interface whose members all reflect, and its elements.
function plainElement(names, idl) {
  const iface = defineInterface('[Exposed=Window]\n' + idl, {});
  defineElement({ __proto__: null, names, iface });
  return iface;
}

plainElement(['span'], 'interface HTMLSpanElement : HTMLElement { [HTMLConstructor] constructor(); };');
plainElement(['div'], `interface HTMLDivElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString align;
};`);
plainElement(['p'], `interface HTMLParagraphElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString align;
};`);
plainElement(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'], `interface HTMLHeadingElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString align;
};`);
plainElement(['pre', 'listing', 'xmp'], `interface HTMLPreElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute long width;
};`);
plainElement(['br'], `interface HTMLBRElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString clear;
};`);
plainElement(['hr'], `interface HTMLHRElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString color;
  [CEReactions, Reflect] attribute boolean noShade;
  [CEReactions, Reflect] attribute DOMString size;
  [CEReactions, Reflect] attribute DOMString width;
};`);
plainElement(['blockquote', 'q'], `interface HTMLQuoteElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString cite;
};`);
plainElement(['ul'], `interface HTMLUListElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean compact;
  [CEReactions, Reflect] attribute DOMString type;
};`);
plainElement(['ol'], `interface HTMLOListElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean reversed;
  [CEReactions, Reflect, ReflectDefault=1] attribute long start;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, Reflect] attribute boolean compact;
};`);
plainElement(['li'], `interface HTMLLIElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute long value;
  [CEReactions, Reflect] attribute DOMString type;
};`);
plainElement(['dl'], `interface HTMLDListElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean compact;
};`);
plainElement(['dir'], `interface HTMLDirectoryElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean compact;
};`);
plainElement(['menu'], `interface HTMLMenuElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute boolean compact;
};`);
plainElement(['ins', 'del'], `interface HTMLModElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString cite;
  [CEReactions, Reflect] attribute DOMString dateTime;
};`);
plainElement(['data'], `interface HTMLDataElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString value;
};`);
plainElement(['time'], `interface HTMLTimeElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString dateTime;
};`);
plainElement(['font'], `interface HTMLFontElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString color;
  [CEReactions, Reflect] attribute DOMString face;
  [CEReactions, Reflect] attribute DOMString size;
};`);
plainElement(['param'], `interface HTMLParamElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString name;
  [CEReactions, Reflect] attribute DOMString value;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, Reflect] attribute DOMString valueType;
};`);
plainElement(['picture'], 'interface HTMLPictureElement : HTMLElement { [HTMLConstructor] constructor(); };');

// https://html.spec.whatwg.org/multipage/obsolete.html#htmlmarqueeelement: nothing moves without a rendering
defineElement({
  __proto__: null,
  names: ['marquee'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLMarqueeElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectEnum="behavior"] attribute DOMString behavior;
  [CEReactions, Reflect] attribute DOMString bgColor;
  [CEReactions, ReflectEnum="direction"] attribute DOMString direction;
  [CEReactions, Reflect] attribute DOMString height;
  [CEReactions, Reflect] attribute unsigned long hspace;
  [CEReactions] attribute long loop;
  [CEReactions, Reflect, ReflectDefault=6] attribute unsigned long scrollAmount;
  [CEReactions, Reflect, ReflectDefault=85] attribute unsigned long scrollDelay;
  [CEReactions, Reflect] attribute boolean trueSpeed;
  [CEReactions, Reflect] attribute unsigned long vspace;
  [CEReactions, Reflect] attribute DOMString width;
  undefined start();
  undefined stop();
};
`, {
    loop: {
      get(self) {
        const value = parseInteger(getAttr(self, 'loop') ?? '');
        return value === null || value < 1 ? -1 : value;
      },
      set(self, value) {
        if (value === -1 || value > 0) setAttr(self, 'loop', '' + value);
      },
    },
    start() {},
    stop() {},
  }),
});
