// https://html.spec.whatwg.org/multipage/canvas.html#building-paths
// Paths as geometry, for canvases and SVG: subpaths of straight lines [x0, y0, x1, y1] and cubic curves [x0, y0, x1, y1, x2, y2, x3, y3]. Arcs become curves
// of an eighth of a turn, which are off by some 4e-6 of their radius. What is measured of a path is in outline_measure.js, what is in it in outline_hits.js.

import { ArrayPrototypeSlice, MathAbs, MathAcos, MathAtan2, MathCeil, MathCos, MathMax, MathMin, MathPI, MathSin, MathSqrt, MathTan, NumberIsFinite } from '../primordials.js';

export class Subpath {
  constructor(x, y) {
    this.x = x;                  // where it begins
    this.y = y;
    this.segments = [];
    this.closed = false;
  }
}

const TURN = 2 * MathPI;
const ARC_PART = MathPI / 4;

export class Outline {
  constructor() {
    this.subpaths = [];
    this.open = null;            // the subpath that is drawn on; null: none yet
    this.x = 0;                  // where the pen is
    this.y = 0;
  }

  moveTo(x, y) {
    this.open = new Subpath(x, y);
    this.subpaths[this.subpaths.length] = this.open;
    this.x = x;
    this.y = y;
  }

  // https://html.spec.whatwg.org/multipage/canvas.html#ensure-there-is-a-subpath
  ensure(x, y) {
    if (this.open === null) this.moveTo(x, y);
  }

  // After closePath() what is drawn begins a subpath of its own.
  segments() {
    if (this.open.closed) this.moveTo(this.x, this.y);
    return this.open.segments;
  }

  lineTo(x, y) {
    const segments = this.segments();
    segments[segments.length] = [this.x, this.y, x, y];
    this.x = x;
    this.y = y;
  }

  curveTo(x1, y1, x2, y2, x, y) {
    const segments = this.segments();
    segments[segments.length] = [this.x, this.y, x1, y1, x2, y2, x, y];
    this.x = x;
    this.y = y;
  }

  quadTo(x1, y1, x, y) {
    this.curveTo(this.x + (x1 - this.x) * 2 / 3, this.y + (y1 - this.y) * 2 / 3, x + (x1 - x) * 2 / 3, y + (y1 - y) * 2 / 3, x, y);
  }

  close() {
    const { open } = this;
    if (open === null || open.closed) return;
    if (open.segments.length > 0 && (this.x !== open.x || this.y !== open.y)) open.segments[open.segments.length] = [this.x, this.y, open.x, open.y];
    open.closed = true;
    this.x = open.x;
    this.y = open.y;
  }

  rect(x, y, width, height) {
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.close();
    this.moveTo(x, y);
  }

  // Part of an ellipse from one angle to another, by curves; the pen stands at its beginning.
  ellipsePart(cx, cy, rx, ry, rotation, start, sweep) {
    const count = MathMax(1, MathCeil(MathAbs(sweep) / ARC_PART - 1e-9));
    const step = sweep / count;
    const k = 4 / 3 * MathTan(step / 4);
    const cos = MathCos(rotation);
    const sin = MathSin(rotation);
    const place = (u, v) => [cx + rx * u * cos - ry * v * sin, cy + rx * u * sin + ry * v * cos];
    for (let i = 0; i < count; i++) {
      const a = start + i * step;
      const b = a + step;
      const first = place(MathCos(a) - k * MathSin(a), MathSin(a) + k * MathCos(a));
      const second = place(MathCos(b) + k * MathSin(b), MathSin(b) - k * MathCos(b));
      const end = place(MathCos(b), MathSin(b));
      this.curveTo(first[0], first[1], second[0], second[1], end[0], end[1]);
    }
  }

  // https://html.spec.whatwg.org/multipage/canvas.html#ellipse-method-steps
  ellipse(cx, cy, rx, ry, rotation, start, end, counterclockwise) {
    let sweep = end - start;
    if (!counterclockwise && sweep >= TURN) sweep = TURN;
    else if (counterclockwise && sweep <= -TURN) sweep = -TURN;
    else if (!counterclockwise) sweep = ((sweep % TURN) + TURN) % TURN;
    else sweep = -((((-sweep) % TURN) + TURN) % TURN);
    const x = cx + rx * MathCos(start) * MathCos(rotation) - ry * MathSin(start) * MathSin(rotation);
    const y = cy + rx * MathCos(start) * MathSin(rotation) + ry * MathSin(start) * MathCos(rotation);
    if (this.open === null) this.moveTo(x, y);
    else this.lineTo(x, y);
    if (sweep !== 0) this.ellipsePart(cx, cy, rx, ry, rotation, start, sweep);
  }

  // https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-arcto
  arcTo(x1, y1, x2, y2, radius) {
    this.ensure(x1, y1);
    const ax = this.x - x1;
    const ay = this.y - y1;
    const bx = x2 - x1;
    const by = y2 - y1;
    const cross = ax * by - ay * bx;
    if ((ax === 0 && ay === 0) || (bx === 0 && by === 0) || radius === 0 || cross === 0) {
      this.lineTo(x1, y1);
      return;
    }
    const la = MathSqrt(ax * ax + ay * ay);
    const lb = MathSqrt(bx * bx + by * by);
    const half = MathAcos(MathMax(-1, MathMin(1, (ax * bx + ay * by) / (la * lb)))) / 2;
    const reach = radius / MathTan(half);              // from the corner to where the circle touches
    const tx = x1 + ax / la * reach;
    const ty = y1 + ay / la * reach;
    const ux = x1 + bx / lb * reach;
    const uy = y1 + by / lb * reach;
    const away = radius / MathSin(half);
    let mx = ax / la + bx / lb;
    let my = ay / la + by / lb;
    const lm = MathSqrt(mx * mx + my * my);
    mx = x1 + mx / lm * away;
    my = y1 + my / lm * away;
    const start = MathAtan2(ty - my, tx - mx);
    let sweep = MathAtan2(uy - my, ux - mx) - start;
    if (sweep > MathPI) sweep -= TURN;
    else if (sweep < -MathPI) sweep += TURN;
    this.lineTo(tx, ty);
    this.ellipsePart(mx, my, radius, radius, 0, start, sweep);
  }

  // https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-roundrect, from step 9: `radii` of the four corners, [x, y] each, from the upper left on
  roundRect(x, y, width, height, radii) {
    let { 0: a, 1: b, 2: c, 3: d } = radii;
    if (width < 0) ({ 0: a, 1: b, 2: c, 3: d } = [b, a, d, c]);
    if (height < 0) ({ 0: a, 1: b, 2: c, 3: d } = [d, c, b, a]);
    const left = MathMin(x, x + width);
    const top = MathMin(y, y + height);
    const w = MathAbs(width);
    const h = MathAbs(height);
    const scale = MathMin(1, w / (a[0] + b[0]), h / (b[1] + c[1]), w / (c[0] + d[0]), h / (a[1] + d[1]));
    const s = scale === scale && scale < 1 ? scale : 1;
    const corner = (cx, cy, r, start) => {
      const rx = r[0] * s;
      const ry = r[1] * s;
      if (rx > 0 && ry > 0) this.ellipsePart(cx, cy, rx, ry, 0, start, MathPI / 2);
    };
    this.moveTo(left + a[0] * s, top);
    this.lineTo(left + w - b[0] * s, top);
    corner(left + w - b[0] * s, top + b[1] * s, b, -MathPI / 2);
    this.lineTo(left + w, top + h - c[1] * s);
    corner(left + w - c[0] * s, top + h - c[1] * s, c, 0);
    this.lineTo(left + d[0] * s, top + h);
    corner(left + d[0] * s, top + h - d[1] * s, d, MathPI / 2);
    this.lineTo(left, top + a[1] * s);
    corner(left + a[0] * s, top + a[1] * s, a, MathPI);
    this.close();
    this.moveTo(x, y);
  }

  // https://svgwg.org/svg2-draft/implnote.html#ArcConversionEndpointToCenter
  svgArcTo(radiusX, radiusY, degrees, large, clockwise, x, y) {
    const { x: x0, y: y0 } = this;
    if (x0 === x && y0 === y) return;
    let rx = MathAbs(radiusX);
    let ry = MathAbs(radiusY);
    if (rx === 0 || ry === 0) {
      this.lineTo(x, y);
      return;
    }
    const rotation = degrees * MathPI / 180;
    const cos = MathCos(rotation);
    const sin = MathSin(rotation);
    const px = (cos * (x0 - x) + sin * (y0 - y)) / 2;
    const py = (cos * (y0 - y) - sin * (x0 - x)) / 2;
    const excess = px * px / (rx * rx) + py * py / (ry * ry);
    if (excess > 1) {
      rx *= MathSqrt(excess);
      ry *= MathSqrt(excess);
    }
    const over = rx * rx * py * py + ry * ry * px * px;
    const factor = (large === clockwise ? -1 : 1) * MathSqrt(MathMax(0, (rx * rx * ry * ry - over) / over));
    const qx = factor * rx * py / ry;
    const qy = -factor * ry * px / rx;
    const cx = cos * qx - sin * qy + (x0 + x) / 2;
    const cy = sin * qx + cos * qy + (y0 + y) / 2;
    const start = MathAtan2((py - qy) / ry, (px - qx) / rx);
    let sweep = MathAtan2((-py - qy) / ry, (-px - qx) / rx) - start;
    if (clockwise && sweep < 0) sweep += TURN;
    else if (!clockwise && sweep > 0) sweep -= TURN;
    // Numbers too large or too small to reckon with
    if (!NumberIsFinite(cx + cy + start + sweep)) {
      this.lineTo(x, y);
      return;
    }
    this.ellipsePart(cx, cy, rx, ry, rotation, start, sweep);
    // What rounding did to the end is undone.
    const { segments } = this.open;
    const last = segments[segments.length - 1];
    last[6] = x;
    last[7] = y;
    this.x = x;
    this.y = y;
  }

  // Another path, moved by the matrix [a, b, c, d, e, f].
  append(other, matrix) {
    for (let i = 0; i < other.subpaths.length; i++) {
      const from = other.subpaths[i];
      const copy = new Subpath(mappedX(matrix, from.x, from.y), mappedY(matrix, from.x, from.y));
      copy.closed = from.closed;
      for (let j = 0; j < from.segments.length; j++) copy.segments[j] = mappedPoints(matrix, from.segments[j]);
      this.subpaths[this.subpaths.length] = copy;
      this.open = copy;
    }
    if (other.open === null) return;
    this.x = mappedX(matrix, other.x, other.y);
    this.y = mappedY(matrix, other.x, other.y);
  }
}

const mappedX = (m, x, y) => m[0] * x + m[2] * y + m[4];
const mappedY = (m, x, y) => m[1] * x + m[3] * y + m[5];

function mappedPoints(m, points) {
  const out = ArrayPrototypeSlice(points, 0);
  for (let i = 0; i < out.length; i += 2) {
    out[i] = mappedX(m, points[i], points[i + 1]);
    out[i + 1] = mappedY(m, points[i], points[i + 1]);
  }
  return out;
}

export function mappedPoint(m, x, y) {
  return [mappedX(m, x, y), mappedY(m, x, y)];
}

// a * b of matrices [a, b, c, d, e, f]: `b` is applied first
export function multiplied2D(m, n) {
  return [m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1], m[0] * n[2] + m[2] * n[3], m[1] * n[2] + m[3] * n[3], m[0] * n[4] + m[2] * n[5] + m[4], m[1] * n[4] + m[3] * n[5] + m[5]];
}

// null: there is none
export function inverted2D(m) {
  const determinant = m[0] * m[3] - m[1] * m[2];
  if (determinant === 0 || determinant - determinant !== 0) return null;
  return [
    m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant, (m[2] * m[5] - m[3] * m[4]) / determinant, (m[1] * m[4] - m[0] * m[5]) / determinant,
  ];
}
