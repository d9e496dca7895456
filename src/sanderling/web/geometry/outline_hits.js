// https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-ispointinpath
// Is a point in a path, or in what its stroke covers? Curves are looked at as lines that stay within TOLERANCE of them.

import { MathAbs, MathCeil, MathMax, MathMin, MathSqrt } from '../primordials.js';

const TOLERANCE = 0.005;
const MOST_LINES = 400;               // that a curve becomes
const ON_LINE = 1e-9;

// A subpath as points [x, y, x, y, ...]
function flattened(subpath) {
  const out = [subpath.x, subpath.y];
  for (let i = 0; i < subpath.segments.length; i++) {
    const p = subpath.segments[i];
    if (p.length === 4) {
      out[out.length] = p[2];
      out[out.length] = p[3];
      continue;
    }
    // https://en.wikipedia.org/wiki/Bezier_curve: the second derivative is bounded by that of the control points.
    const d1 = MathMax(MathAbs(p[0] - 2 * p[2] + p[4]), MathAbs(p[1] - 2 * p[3] + p[5]));
    const d2 = MathMax(MathAbs(p[2] - 2 * p[4] + p[6]), MathAbs(p[3] - 2 * p[5] + p[7]));
    const count = MathMin(MOST_LINES, MathMax(1, MathCeil(MathSqrt(MathMax(d1, d2) * 1.5 / TOLERANCE))));
    for (let k = 1; k <= count; k++) {
      const t = k / count;
      const s = 1 - t;
      const a = s * s * s;
      const b = 3 * s * s * t;
      const c = 3 * s * t * t;
      const d = t * t * t;
      out[out.length] = k === count ? p[6] : a * p[0] + b * p[2] + c * p[4] + d * p[6];
      out[out.length] = k === count ? p[7] : a * p[1] + b * p[3] + c * p[5] + d * p[7];
    }
  }
  return out;
}

function squaredDistance(x, y, x0, y0, x1, y1) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : MathMax(0, MathMin(1, ((x - x0) * dx + (y - y0) * dy) / length));
  const ox = x - x0 - t * dx;
  const oy = y - y0 - t * dy;
  return ox * ox + oy * oy;
}

// Open subpaths are closed for this; points on the path count as inside.
export function outlineContains(outline, x, y, evenOdd) {
  let winding = 0;
  for (let i = 0; i < outline.subpaths.length; i++) {
    if (outline.subpaths[i].segments.length === 0) continue;
    const p = flattened(outline.subpaths[i]);
    let x0 = p[p.length - 2];
    let y0 = p[p.length - 1];
    for (let j = 0; j < p.length; j += 2) {
      const x1 = p[j];
      const y1 = p[j + 1];
      if (squaredDistance(x, y, x0, y0, x1, y1) < ON_LINE * ON_LINE) return true;
      if ((y0 <= y) !== (y1 <= y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)) winding += y1 > y0 ? 1 : -1;
      x0 = x1;
      y0 = y1;
    }
  }
  return evenOdd ? winding % 2 !== 0 : winding !== 0;
}

// -- strokes -----------------------------------------------------------------------------------------------------------

// Points [x, y, ...] without repetitions
function withoutRepeats(p) {
  const out = [p[0], p[1]];
  for (let i = 2; i < p.length; i += 2) {
    if (p[i] === out[out.length - 2] && p[i + 1] === out[out.length - 1]) continue;
    out[out.length] = p[i];
    out[out.length] = p[i + 1];
  }
  return out;
}

// https://html.spec.whatwg.org/multipage/canvas.html#trace-a-path, 7-14: the pieces that dashes leave of a line, [{ points, closed }]
function dashed(points, closed, dashes, offset) {
  let total = 0;
  for (let i = 0; i < dashes.length; i++) total += dashes[i];
  if (dashes.length === 0 || !(total > 0)) return [{ __proto__: null, points, closed }];
  const out = [];
  let index = 0;
  let left = offset % total;
  if (left < 0) left += total;
  while (left >= dashes[index]) {
    left -= dashes[index];
    index = (index + 1) % dashes.length;
  }
  left = dashes[index] - left;         // of this dash or gap
  let piece = index % 2 === 0 ? [points[0], points[1]] : null;
  for (let i = 2; i < points.length; i += 2) {
    const dx = points[i] - points[i - 2];
    const dy = points[i + 1] - points[i - 1];
    const length = MathSqrt(dx * dx + dy * dy);
    let at = 0;
    while (length - at >= left) {
      at += left;
      const x = points[i - 2] + dx * at / length;
      const y = points[i - 1] + dy * at / length;
      if (piece !== null) {
        piece[piece.length] = x;
        piece[piece.length] = y;
        out[out.length] = { __proto__: null, points: piece, closed: false };
        piece = null;
      } else piece = [x, y];
      index = (index + 1) % dashes.length;
      left = dashes[index];
      if (out.length > MOST_DASHES) return [{ __proto__: null, points, closed }];
    }
    left -= length - at;
    if (piece !== null && length > at) {
      piece[piece.length] = points[i];
      piece[piece.length] = points[i + 1];
    }
  }
  if (piece !== null) out[out.length] = { __proto__: null, points: piece, closed: false };
  return out;
}

const MOST_DASHES = 100000;           // more than that is a solid line

// Is (x, y) in a convex polygon [x, y, ...]?
function polygonContains(p, x, y) {
  let sign = 0;
  for (let i = 0; i < p.length; i += 2) {
    const j = (i + 2) % p.length;
    const cross = (p[j] - p[i]) * (y - p[i + 1]) - (p[j + 1] - p[i + 1]) * (x - p[i]);
    if (cross === 0) continue;
    if (sign !== 0 && (cross > 0) !== (sign > 0)) return false;
    sign = cross;
  }
  return true;
}

// The corner at (bx, by) between lines from (ax, ay) and to (cx, cy)
function joinContains(style, ax, ay, bx, by, cx, cy, x, y) {
  const half = style.width / 2;
  const la = MathSqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
  const lc = MathSqrt((cx - bx) * (cx - bx) + (cy - by) * (cy - by));
  const ux = (bx - ax) / la;
  const uy = (by - ay) / la;
  const vx = (cx - bx) / lc;
  const vy = (cy - by) / lc;
  const cross = ux * vy - uy * vx;
  const dot = ux * vx + uy * vy;
  if (style.join === 'round') return (x - bx) * (x - bx) + (y - by) * (y - by) <= half * half;
  // The outer side
  const side = cross > 0 ? -half : half;
  const px = bx - uy * side;
  const py = by + ux * side;
  const qx = bx - vy * side;
  const qy = by + vx * side;
  if (style.join === 'bevel' || 1 + dot <= 0) return polygonContains([bx, by, px, py, qx, qy], x, y);
  // The miter is 1 / sin(half of the inner angle) times the width.
  if (MathSqrt(2 / (1 + dot)) > style.miterLimit) return polygonContains([bx, by, px, py, qx, qy], x, y);
  const k = 1 / (1 + dot);
  return polygonContains([bx, by, px, py, bx + (px - bx + qx - bx) * k, by + (py - by + qy - by) * k, qx, qy], x, y);
}

function capContains(style, ex, ey, fromX, fromY, x, y) {
  const half = style.width / 2;
  if (style.cap === 'butt') return false;
  if (style.cap === 'round') return (x - ex) * (x - ex) + (y - ey) * (y - ey) <= half * half;
  const length = MathSqrt((ex - fromX) * (ex - fromX) + (ey - fromY) * (ey - fromY));
  const ux = length === 0 ? 1 : (ex - fromX) / length;
  const uy = length === 0 ? 0 : (ey - fromY) / length;
  const along = (x - ex) * ux + (y - ey) * uy;
  return along >= 0 && along <= half && MathAbs((y - ey) * ux - (x - ex) * uy) <= half;
}

function pieceContains(piece, style, x, y) {
  const p = withoutRepeats(piece.points);
  const half = style.width / 2;
  const last = p.length - 2;
  for (let i = 2; i < p.length; i += 2) {
    const dx = p[i] - p[i - 2];
    const dy = p[i + 1] - p[i - 1];
    const length = MathSqrt(dx * dx + dy * dy);
    const along = ((x - p[i - 2]) * dx + (y - p[i - 1]) * dy) / length;
    const across = ((y - p[i - 1]) * dx - (x - p[i - 2]) * dy) / length;
    if (along >= 0 && along <= length && MathAbs(across) <= half) return true;
    if (i < last && joinContains(style, p[i - 2], p[i - 1], p[i], p[i + 1], p[i + 2], p[i + 3], x, y)) return true;
  }
  if (piece.closed && p.length > 4) return joinContains(style, p[last - 2], p[last - 1], p[0], p[1], p[2], p[3], x, y);
  if (p.length === 2) return style.dots && (capContains(style, p[0], p[1], p[0], p[1], x, y) || (style.cap === 'square' && capContains(style, p[0], p[1], p[0] + 1, p[1], x, y)));
  return capContains(style, p[0], p[1], p[2], p[3], x, y) || capContains(style, p[last], p[last + 1], p[last - 2], p[last - 1], x, y);
}

// `style`: { width, cap, join, miterLimit, dashes, dashOffset, dots }; dots: lines of no length have caps
export function strokeContains(outline, style, x, y) {
  if (!(style.width > 0)) return false;
  for (let i = 0; i < outline.subpaths.length; i++) {
    const subpath = outline.subpaths[i];
    if (subpath.segments.length === 0) continue;
    const pieces = dashed(flattened(subpath), subpath.closed, style.dashes, style.dashOffset);
    for (let j = 0; j < pieces.length; j++) if (pieceContains(pieces[j], style, x, y)) return true;
  }
  return false;
}
