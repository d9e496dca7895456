// https://svgwg.org/svg2-draft/paths.html#DistanceAlongAPath
// The box of a path, how long it is, and where a distance along it is.

import { MathMax, MathMin, MathSqrt } from '../primordials.js';

const cubicAt = (a, b, c, d, t) => {
  const s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
};

// The places between 0 and 1 where one coordinate of a cubic turns round
function turningPoints(a, b, c, d) {
  const qa = -a + 3 * b - 3 * c + d;
  const qb = 2 * (a - 2 * b + c);
  const qc = b - a;
  const out = [];
  const add = (t) => {
    if (t > 0 && t < 1) out[out.length] = t;
  };
  if (qa === 0) {
    if (qb !== 0) add(-qc / qb);
    return out;
  }
  const under = qb * qb - 4 * qa * qc;
  if (under < 0) return out;
  const root = MathSqrt(under);
  add((-qb + root) / (2 * qa));
  add((-qb - root) / (2 * qa));
  return out;
}

// [x, y, width, height]; null: nothing is drawn. A subpath that is only a place counts where there is nothing else.
export function boxOfOutline(outline) {
  let left = 1 / 0;
  let top = 1 / 0;
  let right = -1 / 0;
  let bottom = -1 / 0;
  const add = (x, y) => {
    left = MathMin(left, x);
    top = MathMin(top, y);
    right = MathMax(right, x);
    bottom = MathMax(bottom, y);
  };
  const { subpaths } = outline;
  for (let i = 0; i < subpaths.length; i++) {
    const { segments } = subpaths[i];
    for (let j = 0; j < segments.length; j++) {
      const p = segments[j];
      add(p[0], p[1]);
      add(p[p.length - 2], p[p.length - 1]);
      if (p.length === 4) continue;
      for (let axis = 0; axis < 2; axis++) {
        const turns = turningPoints(p[axis], p[axis + 2], p[axis + 4], p[axis + 6]);
        for (let k = 0; k < turns.length; k++) add(cubicAt(p[0], p[2], p[4], p[6], turns[k]), cubicAt(p[1], p[3], p[5], p[7], turns[k]));
      }
    }
  }
  if (left > right && subpaths.length > 0) add(subpaths[0].x, subpaths[0].y);
  return left > right ? null : [left, top, right - left, bottom - top];
}

// -- lengths -----------------------------------------------------------------------------------------------------------

// Gauss and Legendre, five places
const PLACES = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664];
const PLACE_WEIGHTS = [0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908];
const PARTS = 16;                    // that a curve is measured in

function speedAt(p, t) {
  const s = 1 - t;
  const dx = 3 * (s * s * (p[2] - p[0]) + 2 * s * t * (p[4] - p[2]) + t * t * (p[6] - p[4]));
  const dy = 3 * (s * s * (p[3] - p[1]) + 2 * s * t * (p[5] - p[3]) + t * t * (p[7] - p[5]));
  return MathSqrt(dx * dx + dy * dy);
}

function cubicLength(p, from, to) {
  const half = (to - from) / 2;
  const middle = (from + to) / 2;
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += PLACE_WEIGHTS[i] * speedAt(p, middle + half * PLACES[i]);
  return sum * half;
}

class MeasuredSegment {
  constructor(points, start) {
    this.points = points;
    this.start = start;              // distance from where the path begins
    this.parts = null;               // of a curve: distances within it, where each part ends
    if (points.length === 4) {
      const dx = points[2] - points[0];
      const dy = points[3] - points[1];
      this.length = MathSqrt(dx * dx + dy * dy);
      return;
    }
    this.parts = [];
    this.length = 0;
    for (let i = 0; i < PARTS; i++) {
      this.length += cubicLength(points, i / PARTS, (i + 1) / PARTS);
      this.parts[i] = this.length;
    }
  }

  pointAt(distance) {
    const { points: p, parts } = this;
    if (parts === null) {
      const t = this.length === 0 ? 0 : distance / this.length;
      return [p[0] + (p[2] - p[0]) * t, p[1] + (p[3] - p[1]) * t];
    }
    let part = 0;
    while (part < PARTS - 1 && parts[part] < distance) part++;
    const from = part / PARTS;
    const before = part === 0 ? 0 : parts[part - 1];
    let low = from;
    let high = (part + 1) / PARTS;
    for (let i = 0; i < 30; i++) {
      const middle = (low + high) / 2;
      if (before + cubicLength(p, from, middle) < distance) low = middle;
      else high = middle;
    }
    const t = (low + high) / 2;
    return [cubicAt(p[0], p[2], p[4], p[6], t), cubicAt(p[1], p[3], p[5], p[7], t)];
  }
}

export class MeasuredOutline {
  constructor(outline) {
    this.outline = outline;
    this.segments = [];
    this.length = 0;
    for (let i = 0; i < outline.subpaths.length; i++) {
      const { segments } = outline.subpaths[i];
      for (let j = 0; j < segments.length; j++) {
        const measured = new MeasuredSegment(segments[j], this.length);
        this.segments[this.segments.length] = measured;
        this.length += measured.length;
      }
    }
  }

  // Distances beyond the ends are those of the ends. null: the path is empty
  pointAt(distance) {
    const { segments, outline } = this;
    if (segments.length === 0) return outline.subpaths.length === 0 ? null : [outline.subpaths[0].x, outline.subpaths[0].y];
    const wanted = MathMax(0, MathMin(this.length, distance));
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle].start <= wanted) low = middle;
      else high = middle - 1;
    }
    return segments[low].pointAt(MathMin(wanted - segments[low].start, segments[low].length));
  }
}
