// https://dom.spec.whatwg.org/#mixin-documentorshadowroot

import { defineInterface } from '../webidl/interface.js';
import { retarget } from '../dom/dispatch.js';
import { rootOf } from '../dom/tree.js';
import { elementAtPoint, elementsAtPoint } from '../css/cssom-view/geometry.js';
import { sheetsOf } from '../css/cssom/sheets.js';
import { fullscreenElementOf } from './top_layer.js';

// https://html.spec.whatwg.org/multipage/interaction.html#dom-documentorshadowroot-activeelement
function activeElement(self) {
  const { doc } = self;
  if (doc.focusedElement !== null) {
    const candidate = retarget(doc.focusedElement, self);
    if (candidate !== null && rootOf(candidate) === self) return candidate;
  }
  return self.nodeType === 9 ? doc.bodyElement() ?? doc.documentElement() : null;
}

// https://fullscreen.spec.whatwg.org/#dom-document-fullscreenelement
function fullscreenElement(self) {
  const el = fullscreenElementOf(self.doc);
  if (el === null) return null;
  const candidate = retarget(el, self);
  return candidate !== null && rootOf(candidate) === self ? candidate : null;
}

defineInterface(`
interface mixin DocumentOrShadowRoot {
  readonly attribute Element? activeElement;
  readonly attribute StyleSheetList styleSheets;
  Element? elementFromPoint(double x, double y);
  sequence<Element> elementsFromPoint(double x, double y);
  [LegacyLenientSetter] readonly attribute Element? fullscreenElement;
  readonly attribute Element? pointerLockElement;
};
`, {
  activeElement,
  styleSheets: sheetsOf,
  elementFromPoint: elementAtPoint,
  elementsFromPoint: elementsAtPoint,
  fullscreenElement,
  pointerLockElement: () => null,
});
