// https://svgwg.org/svg2-draft/coords.html#BoundingBoxes
// Boxes of what is in an <svg>: the bounds of what it draws, by its own geometry, seen through the viewport.

import { MathMax, MathMin } from '../../primordials.js';
import { svgBox } from '../../svg/boxes.js';
import { matrixToOuter } from '../../svg/shapes.js';
import { innerEdges } from './box_sizes.js';

const UNSEEN = {
  __proto__: null, defs: true, symbol: true, clipPath: true, mask: true, marker: true, pattern: true, linearGradient: true, radialGradient: true, filter: true, metadata: true, title: true, desc: true, script: true, style: true,
  stop: true, animate: true, animateMotion: true, animateTransform: true, set: true, view: true,
};

export function isRenderedShape(el) {
  return UNSEEN[el.localName] !== true;
}

// All else is laid out.
export function placeShapes(layout) {
  const { shapes } = layout;
  layout.shapes = [];
  for (let i = 0; i < shapes.length; i++) placeShape(layout, shapes[i]);
}

function placeShape(layout, box) {
  const { el } = box;
  let root = box.holder;
  while (root !== null && root.isShape) root = root.holder;
  if (root === null) return;
  const edges = innerEdges(root.el, true);
  const own = svgBox(el);
  const m = matrixToOuter(el);
  if (own === null || m === null) return;
  const xs = [own[0], own[0] + own[2]];
  const ys = [own[1], own[1] + own[3]];
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < 4; i++) {
    const x = m[0] * xs[i & 1] + m[2] * ys[i >> 1] + m[4];
    const y = m[1] * xs[i & 1] + m[3] * ys[i >> 1] + m[5];
    left = MathMin(left, x);
    right = MathMax(right, x);
    top = MathMin(top, y);
    bottom = MathMax(bottom, y);
  }
  box.left = root.left + edges.left + left;
  box.top = root.top + edges.top + top;
  box.width = right - left;
  box.height = bottom - top;
}
