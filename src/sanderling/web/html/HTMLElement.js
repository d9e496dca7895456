// https://html.spec.whatwg.org/multipage/dom.html#htmlelement

import { nonceOf, setNonce } from './nonce.js';
import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { fallbacks } from '../dom/definitions.js';
import { domException } from '../dom/DOMException.js';
import { dispatchEvent, makeEvent } from '../dom/dispatch.js';
import { getAttr, hasAttr, removeAttr, setAttr } from '../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { SafeSet, StringPrototypeCharCodeAt, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeToUpperCase } from '../primordials.js';
import { blurElement, focusElement, isFocusableArea, isSummaryOfParent } from './focus.js';
import { isDisabled, contentEditableState, isEditable } from './forms/states.js';
import { parseInteger } from './reflect.js';
import { innerTextOf, setInnerText, setOuterText } from './inner_text.js';
import { labeledControl } from './forms/ValidityState.js';
import { inlineStyleOf } from '../css/cssom/inline_style.js';
import { internalsOf } from './ElementInternals.js';
import { hidePopover, popoverState, showPopover, togglePopover } from './popover.js';
import { offsetBox } from '../css/cssom-view/geometry.js';
import { scrollPartIntoView } from '../css/cssom-view/scrolling.js';

// -- dataset: https://html.spec.whatwg.org/multipage/dom.html#dom-dataset ----------------------------------------------

class DOMStringMapImpl extends Impl {
  constructor(el) {
    super();
    this.el = el;
  }
}

function attributeOfKey(key) {
  let out = 'data-';
  for (let i = 0; i < key.length; i++) {
    const code = StringPrototypeCharCodeAt(key, i);
    if (code === 45 && i + 1 < key.length) {
      const next = StringPrototypeCharCodeAt(key, i + 1);
      if (next >= 97 && next <= 122) return null;
    }
    out += code >= 65 && code <= 90 ? '-' + StringPrototypeToLowerCase(key[i]) : key[i];
  }
  return out;
}

function keyOfAttribute(name) {
  let out = '';
  for (let i = 5; i < name.length; i++) {
    const code = StringPrototypeCharCodeAt(name, i);
    if (code >= 65 && code <= 90) return null;
    if (code === 45 && i + 1 < name.length) {
      const next = StringPrototypeCharCodeAt(name, i + 1);
      if (next >= 97 && next <= 122) {
        out += StringPrototypeToUpperCase(name[++i]);
        continue;
      }
    }
    out += name[i];
  }
  return out;
}

defineInterface(`
[Exposed=Window, LegacyOverrideBuiltIns]
interface DOMStringMap {
  getter DOMString (DOMString name);
  [CEReactions] setter undefined (DOMString name, DOMString value);
  [CEReactions] deleter undefined (DOMString name);
};
`, {
  namedItem(self, key) {
    const name = attributeOfKey(key);
    return name === null ? undefined : getAttr(self.el, name) ?? undefined;
  },
  supportedNames(self) {
    const out = [];
    const { attrs } = self.el;
    for (let i = 0; i < attrs.length; i++) {
      if (attrs[i].namespace !== null || !StringPrototypeStartsWith(attrs[i].localName, 'data-')) continue;
      const key = keyOfAttribute(attrs[i].localName);
      if (key !== null) out[out.length] = key;
    }
    return out;
  },
  setNamedItem(self, key, value) {
    const name = attributeOfKey(key);
    if (name === null) throw domException('SyntaxError', "'" + key + "' is not a valid property name.");
    setAttr(self.el, name, value);
  },
  deleteNamedItem(self, key) {
    const name = attributeOfKey(key);
    if (name !== null) removeAttr(self.el, name);
  },
}, DOMStringMapImpl);

const ZERO_BY_DEFAULT = new SafeSet(['a', 'area', 'button', 'frame', 'iframe', 'input', 'object', 'select', 'textarea']);

// https://html.spec.whatwg.org/multipage/interaction.html#dom-tabindex
function tabIndex(self) {
  const text = getAttr(self, 'tabindex');
  const value = text === null ? null : parseInteger(text);
  if (value !== null && value >= -2147483648 && value <= 2147483647) return value;
  // 3. and 4., whether they could be focused or not
  if (self.namespace === SVG_NS) return self.localName === 'a' ? 0 : -1;
  return ZERO_BY_DEFAULT.has(self.localName) || (self.localName === 'summary' && isSummaryOfParent(self)) ? 0 : -1;
}

defineInterface(`
dictionary FocusOptions { boolean preventScroll = false; boolean focusVisible; };
interface mixin HTMLOrSVGElement {
  [SameObject] readonly attribute DOMStringMap dataset;
  attribute DOMString nonce;
  [CEReactions, Reflect] attribute boolean autofocus;
  [CEReactions] attribute long tabIndex;
  undefined focus(optional FocusOptions options = {});
  undefined blur();
};
`, {
  dataset: (self) => self.data ?? (self.data = new DOMStringMapImpl(self)),
  nonce: { get: nonceOf, set: setNonce },
  tabIndex: { get: tabIndex, set: (self, value) => setAttr(self, 'tabindex', '' + value) },
  focus(self, options) {
    // As in Chromium, a label that cannot have the focus gives it to its control.
    const control = self.localName === 'label' && self.namespace === HTML_NS && !isFocusableArea(self, false) ? labeledControl(self) : null;
    const has = focusElement(control ?? self, 'script', options.focusVisible);
    const focused = self.doc.focusedElement;
    // 4: what has the focus is seen, unless that is not wanted.
    if (has && !options.preventScroll && focused !== null) scrollPartIntoView(focused, null);
  },
  blur: (self) => blurElement(self),
});

defineInterface(`
interface mixin ElementCSSInlineStyle {
  [SameObject, PutForwards=cssText] readonly attribute CSSStyleDeclaration style;
};
`, { style: inlineStyleOf });

// https://html.spec.whatwg.org/multipage/interaction.html#click-in-progress-flag
const clicksInProgress = new SafeSet();

// https://html.spec.whatwg.org/multipage/interaction.html#dom-click
export function clickElement(el) {
  // 1.
  if (isDisabled(el) && el.localName !== 'fieldset' && el.localName !== 'option' && el.localName !== 'optgroup') return;   // form controls
  // 2.
  if (clicksInProgress.has(el)) return;
  // 4.
  const event = makeEvent('click', {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'PointerEvent',
    init: { __proto__: null, view: el.doc.window, detail: 0, pointerId: -1 },
  });
  event.isTrusted = false;
  // 3. and 5.
  clicksInProgress.add(el);
  try {
    dispatchEvent(event, el);
  } finally {
    clicksInProgress.delete(el);
  }
}

defineInterface(`
interface mixin ElementContentEditable {
  [CEReactions] attribute DOMString contentEditable;
  [CEReactions, ReflectEnum="enterkeyhint"] attribute DOMString enterKeyHint;
  readonly attribute boolean isContentEditable;
  [CEReactions, ReflectEnum="inputmode"] attribute DOMString inputMode;
};
`, {
  contentEditable: {
    get: contentEditableState,
    set(self, value) {
      const lower = StringPrototypeToLowerCase(value);
      if (lower === 'inherit') removeAttr(self, 'contenteditable');
      else if (lower === 'true' || lower === 'false' || lower === 'plaintext-only') setAttr(self, 'contenteditable', lower);
      else throw domException('SyntaxError', "The value provided ('" + value + "') is not one of 'true', 'false', 'plaintext-only', or 'inherit'.");
    },
  },
  isContentEditable: isEditable,
});

export const htmlElementInterface = defineInterface(`
dictionary ShowPopoverOptions { HTMLElement source; };
dictionary TogglePopoverOptions : ShowPopoverOptions { boolean force; };
[Exposed=Window]
interface HTMLElement : Element {
  [HTMLConstructor] constructor();
  [CEReactions, Reflect] attribute DOMString title;
  [CEReactions, Reflect] attribute DOMString lang;
  [CEReactions] attribute boolean translate;
  [CEReactions, ReflectEnum="dir"] attribute DOMString dir;
  [CEReactions] attribute (boolean or unrestricted double or DOMString)? hidden;
  [CEReactions, Reflect] attribute boolean inert;
  undefined click();
  [CEReactions, Reflect] attribute DOMString accessKey;
  readonly attribute DOMString accessKeyLabel;
  [CEReactions] attribute boolean draggable;
  [CEReactions] attribute boolean spellcheck;
  [CEReactions, Reflect] attribute DOMString autocapitalize;
  [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerText;
  [CEReactions] attribute [LegacyNullToEmptyString] DOMString outerText;
  ElementInternals attachInternals();
  undefined showPopover(optional ShowPopoverOptions options = {});
  undefined hidePopover();
  boolean togglePopover(optional (TogglePopoverOptions or boolean) options = {});
  [CEReactions] attribute DOMString? popover;
  readonly attribute Element? offsetParent;
  readonly attribute long offsetTop;
  readonly attribute long offsetLeft;
  readonly attribute long offsetWidth;
  readonly attribute long offsetHeight;
};
HTMLElement includes GlobalEventHandlers;
HTMLElement includes ElementContentEditable;
HTMLElement includes HTMLOrSVGElement;
HTMLElement includes ElementCSSInlineStyle;
`, {
  translate: {
    get(self) {
      for (let el = self; el !== null && el.nodeType === 1; el = el.parent) {
        const value = getAttr(el, 'translate');
        if (value === null) continue;
        const lower = StringPrototypeToLowerCase(value);
        if (lower === '' || lower === 'yes') return true;
        if (lower === 'no') return false;
      }
      return true;
    },
    set: (self, value) => setAttr(self, 'translate', value ? 'yes' : 'no'),
  },
  hidden: {
    get(self) {
      const value = getAttr(self, 'hidden');
      if (value === null) return false;
      return StringPrototypeToLowerCase(value) === 'until-found' ? 'until-found' : true;
    },
    set(self, value) {
      if (typeof value === 'string' && StringPrototypeToLowerCase(value) === 'until-found') setAttr(self, 'hidden', 'until-found');
      else if (value === false || value === '' || value === null || value === 0 || value !== value) removeAttr(self, 'hidden');
      else setAttr(self, 'hidden', '');
    },
  },
  click: clickElement,
  accessKeyLabel: (self) => getAttr(self, 'accesskey') ?? '',
  draggable: {
    get(self) {
      const value = getAttr(self, 'draggable');
      const lower = value === null ? '' : StringPrototypeToLowerCase(value);
      if (lower === 'true') return true;
      if (lower === 'false') return false;
      return self.namespace === HTML_NS && (self.localName === 'img' || (self.localName === 'a' && hasAttr(self, 'href')));
    },
    set: (self, value) => setAttr(self, 'draggable', value ? 'true' : 'false'),
  },
  spellcheck: {
    get(self) {
      for (let el = self; el !== null && el.nodeType === 1; el = el.parent) {
        const value = getAttr(el, 'spellcheck');
        if (value === null) continue;
        const lower = StringPrototypeToLowerCase(value);
        if (lower === '' || lower === 'true') return true;
        if (lower === 'false') return false;
      }
      return true;
    },
    set: (self, value) => setAttr(self, 'spellcheck', value ? 'true' : 'false'),
  },
  innerText: { get: innerTextOf, set: setInnerText },
  outerText: { get: innerTextOf, set: setOuterText },
  attachInternals: internalsOf,
  showPopover: (self, options) => showPopover(self, true, options.source ?? null),
  hidePopover: (self) => hidePopover(self, true, true, true, null),
  togglePopover: (self, options) => (typeof options === 'boolean' ? togglePopover(self, options, null) : togglePopover(self, options.force, options.source ?? null)),
  popover: {
    get: popoverState,
    set(self, value) {
      if (value === null) removeAttr(self, 'popover');
      else setAttr(self, 'popover', value);
    },
  },
  offsetParent: (self) => offsetBox(self).parent,
  offsetTop: (self) => offsetBox(self).top,
  offsetLeft: (self) => offsetBox(self).left,
  offsetWidth: (self) => offsetBox(self).width,
  offsetHeight: (self) => offsetBox(self).height,
});
fallbacks.html = htmlElementInterface;

// https://html.spec.whatwg.org/multipage/dom.html#htmlunknownelement
fallbacks.htmlUnknown = defineInterface(`
[Exposed=Window]
interface HTMLUnknownElement : HTMLElement {};
`, {});

