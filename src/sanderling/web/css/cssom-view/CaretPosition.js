// https://drafts.csswg.org/cssom-view/#the-caretposition-interface
// Places in text, by points: every character of a font is equally wide.

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { makeRange } from '../../dom/Range.js';
import { boundingRectOfRange, boxOf, hitTestOf, textAt } from './geometry.js';

class CaretPositionImpl extends Impl {
  constructor(node, offset) {
    super();
    this.node = node;
    this.offset = offset;
  }
}

// { node, offset } at a point of the viewport, or null
function caretAt(doc, x, y, roots) {
  const { window } = doc;
  if (window === null || x < 0 || y < 0 || x > window.width || y > window.height) return null;
  const el = hitTestOf(doc, x, y, roots);
  const box = el === null ? null : boxOf(el);
  if (box === null) return null;
  const at = textAt(el, x + window.scrollX, y + window.scrollY);
  return at ?? { __proto__: null, node: el, offset: 0 };
}

function rangeAt(caret) {
  const range = makeRange(caret.node.doc);
  range.startNode = range.endNode = caret.node;
  range.startOffset = range.endOffset = caret.offset;
  return range;
}

defineInterface(`
[Exposed=Window]
interface CaretPosition {
  readonly attribute Node offsetNode;
  readonly attribute unsigned long offset;
  [NewObject] DOMRect? getClientRect();
};
`, {
  offsetNode: (self) => self.node,
  offset: (self) => self.offset,
  getClientRect: (self) => boundingRectOfRange(rangeAt(self)),
}, CaretPositionImpl);

defineInterface(`
dictionary CaretPositionFromPointOptions { sequence<ShadowRoot> shadowRoots = []; };
partial interface Document {
  CaretPosition? caretPositionFromPoint(double x, double y, optional CaretPositionFromPointOptions options = {});
  Range? caretRangeFromPoint(optional double x = 0, optional double y = 0);
};
`, {
  caretPositionFromPoint(self, x, y, options) {
    const caret = caretAt(self, x, y, options.shadowRoots);
    return caret === null ? null : new CaretPositionImpl(caret.node, caret.offset);
  },
  caretRangeFromPoint(self, x, y) {
    const caret = caretAt(self, x, y, []);
    return caret === null ? null : rangeAt(caret);
  },
});
