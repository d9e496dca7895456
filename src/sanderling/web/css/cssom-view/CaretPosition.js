// https://drafts.csswg.org/cssom-view/#the-caretposition-interface
// Places in text, by points of the flat layout: every character is equally wide.

import { defineInterface } from '../../webidl/interface.js';
import { Impl } from '../../webidl/impl.js';
import { MathMax, MathMin, MathRound } from '../../primordials.js';
import { makeRange } from '../../dom/Range.js';
import { CHARACTER_WIDTH } from './flat_boxes.js';
import { boundingRectOfRange, boxOf, hitTestOf } from './geometry.js';

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
  for (let node = el.first; node !== null; node = node.next) {
    if (node.nodeType !== 3) continue;
    const offset = MathRound((x + window.scrollX - box.x) / CHARACTER_WIDTH);
    return { __proto__: null, node, offset: MathMax(0, MathMin(node.data.length, offset)) };
  }
  return { __proto__: null, node: el, offset: 0 };
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
