// https://drafts.csswg.org/css-overflow-3/#scrollable
// How far what is in a box, or in the viewport, reaches: what can be scrolled to.

import { MathMax } from '../../primordials.js';
import { innerEdges } from './box_sizes.js';
import { isViewportScroller, seenRect } from './moved_boxes.js';

// { width, height } from the left and top of a box's padding box, or of the document
export function extentOf(layout, scroller) {
  const { order } = layout;
  const out = { __proto__: null, width: 0, height: 0 };
  const edges = scroller === null ? null : innerEdges(scroller.el, false);
  const left = scroller === null ? 0 : scroller.left + edges.left;
  const top = scroller === null ? 0 : scroller.top + edges.top;
  const from = scroller === null ? 0 : scroller.index + 1;
  const to = scroller === null ? order.length : scroller.index + scroller.count;
  if (scroller !== null) {
    out.width = MathMax(0, scroller.reachX - edges.left);
    out.height = MathMax(0, scroller.reachY - edges.top);
  }
  const origin = scroller !== null && scroller.moves ? seenRect(scroller) : null;
  for (let i = from; i < to;) {
    const box = order[i];
    const { facts } = box;
    const escapes = box.out && (scroller === null ? box.fixed : box.holder === null || box.holder.index < scroller.index);
    if (escapes || (scroller === null && box.fixed)) {
      i += box.count;
      continue;
    }
    let { left: x, top: y, width, height } = box;
    if (box.moves && facts.position !== 'sticky') {
      const seen = seenRect(box);
      x = seen.x;
      y = seen.y;
      ({ width, height } = seen);
      if (scroller !== null) {
        x += scroller.el.scrollX - (origin === null ? 0 : origin.x - scroller.left);
        y += scroller.el.scrollY - (origin === null ? 0 : origin.y - scroller.top);
      }
    }
    const clips = facts.clips && !(scroller === null && isViewportScroller(box));
    const right = x + (clips ? width : MathMax(width, box.reachX)) - left;
    const bottom = y + (clips ? height : MathMax(height, box.runs === null ? height : box.reachY)) - top;
    if (width > 0 || height > 0) {
      if (right > out.width) out.width = right;
      if (bottom > out.height) out.height = bottom;
    }
    i += clips ? box.count : 1;
  }
  return out;
}

