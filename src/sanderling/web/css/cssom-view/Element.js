// https://drafts.csswg.org/cssom-view/#extension-to-the-element-interface

import { defineInterface } from '../../webidl/interface.js';
import { DOMRectListImpl } from '../../geometry/DOMRect.js';
import { boundingRectOf, clientRectsOf } from './geometry.js';
import { clientEdge, clientSizeOf, isViewportElement, scrollByArguments, scrollIntoView, scrollPartIntoView, scrollPosition, scrollSizeOf } from './scrolling.js';
import { computedValueOf, displayOf, visibilityOf } from '../cssom/computed.js';
import { flatParent } from '../cssom/cascade.js';
import { isLeftOut, isRendered } from '../cssom/rendered.js';

// https://drafts.csswg.org/cssom-view/#dom-element-checkvisibility
function checkVisibility(self, options) {
  if (!isRendered(self) || displayOf(self) === 'contents' || isLeftOut(self, flatParent(self) ?? self)) return false;
  if ((options.visibilityProperty || options.checkVisibilityCSS) && visibilityOf(self) !== 'visible') return false;
  for (let at = self; at !== null && at !== undefined; at = flatParent(at)) {
    if ((options.opacityProperty || options.checkOpacity) && computedValueOf(at, 'opacity') === '0') return false;
    if (at !== self && computedValueOf(at, 'content-visibility') === 'hidden') return false;
    if (at !== self && options.contentVisibilityAuto && computedValueOf(at, 'content-visibility') === 'auto') return false;
  }
  return true;
}

defineInterface(`
enum ScrollLogicalPosition { "start", "center", "end", "nearest" };
dictionary ScrollIntoViewOptions : ScrollOptions { ScrollLogicalPosition block = "start"; ScrollLogicalPosition inline = "nearest"; };
dictionary CheckVisibilityOptions { boolean checkOpacity = false; boolean checkVisibilityCSS = false; boolean contentVisibilityAuto = false; boolean opacityProperty = false; boolean visibilityProperty = false; };
partial interface Element {
  DOMRectList getClientRects();
  [NewObject] DOMRect getBoundingClientRect();
  boolean checkVisibility(optional CheckVisibilityOptions options = {});
  undefined scrollIntoView(optional (boolean or ScrollIntoViewOptions) arg = {});
  undefined scrollIntoViewIfNeeded(optional boolean centerIfNeeded = true);
  undefined scroll(optional ScrollToOptions options = {});
  undefined scroll(unrestricted double x, unrestricted double y);
  undefined scrollTo(optional ScrollToOptions options = {});
  undefined scrollTo(unrestricted double x, unrestricted double y);
  undefined scrollBy(optional ScrollToOptions options = {});
  undefined scrollBy(unrestricted double x, unrestricted double y);
  attribute unrestricted double scrollTop;
  attribute unrestricted double scrollLeft;
  readonly attribute long scrollWidth;
  readonly attribute long scrollHeight;
  readonly attribute long clientTop;
  readonly attribute long clientLeft;
  readonly attribute long clientWidth;
  readonly attribute long clientHeight;
  readonly attribute double currentCSSZoom;
};
`, {
  getClientRects: (self) => new DOMRectListImpl(clientRectsOf(self)),
  getBoundingClientRect: boundingRectOf,
  checkVisibility,
  scrollIntoView,
  scrollIntoViewIfNeeded(self, center) {
    if (center) scrollPartIntoView(self, null);
    else scrollIntoView(self, { __proto__: null, block: 'nearest', inline: 'nearest' });
  },
  scroll: (self, x, y) => scrollByArguments(self, false, x, y),
  scrollTo: (self, x, y) => scrollByArguments(self, false, x, y),
  scrollBy: (self, x, y) => scrollByArguments(self, true, x, y),
  scrollTop: {
    get: (self) => scrollPosition(self, false),
    set: (self, value) => scrollByArguments(self, false, isViewportElement(self) ? self.doc.window.scrollX : self.scrollX, value),
  },
  scrollLeft: {
    get: (self) => scrollPosition(self, true),
    set: (self, value) => scrollByArguments(self, false, value, isViewportElement(self) ? self.doc.window.scrollY : self.scrollY),
  },
  scrollWidth: (self) => scrollSizeOf(self, true),
  scrollHeight: (self) => scrollSizeOf(self, false),
  clientTop: clientEdge('top'),
  clientLeft: clientEdge('left'),
  clientWidth: (self) => clientSizeOf(self, true),
  clientHeight: (self) => clientSizeOf(self, false),
  currentCSSZoom: () => 1,
});
