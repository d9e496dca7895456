// https://html.spec.whatwg.org/multipage/canvas.html#path2d-objects
// Paths of canvases. They are geometry only: nothing is drawn, but whether a point is in one can be asked.

import { Impl } from '../../webidl/impl.js';
import { defineInterface } from '../../webidl/interface.js';
import { domException } from '../../dom/DOMException.js';
import { RangeError, TypeError } from '../../primordials.js';
import { inverted2D, mappedPoint, Outline, Subpath } from '../../geometry/outline.js';
import { outlineOfPathData } from '../../svg/path_data.js';

export class Path2DImpl extends Impl {
  constructor(outline) {
    super();
    this.outline = outline;
  }
}

export const isFiniteNumber = (value) => value - value === 0;

export function areFinite(list) {
  for (let i = 0; i < list.length; i++) if (!isFiniteNumber(list[i])) return false;
  return true;
}

// https://drafts.fxtf.org/geometry/#matrix-validate-and-fixup-2d
export function matrixOf2DInit(init) {
  const pick = (short, long, fallback) => {
    if (short !== undefined && long !== undefined && short !== long && !(short !== short && long !== long)) throw new TypeError('The matrix gives a member by two names, with different values.');
    return short ?? long ?? fallback;
  };
  return [
    pick(init.a, init.m11, 1), pick(init.b, init.m12, 0), pick(init.c, init.m21, 0), pick(init.d, init.m22, 1), pick(init.e, init.m41, 0), pick(init.f, init.m42, 0),
  ];
}

// What is drawn goes through the transformation that holds when it is drawn: paths of contexts are in the canvas's coordinates. A Path2D has no transformation.
function drawOn(self, draw) {
  const matrix = self.state === undefined ? null : self.state.matrix;
  const { outline } = self;
  if (matrix === null || (matrix[0] === 1 && matrix[1] === 0 && matrix[2] === 0 && matrix[3] === 1 && matrix[4] === 0 && matrix[5] === 0)) {
    draw(outline);
    return;
  }
  const back = inverted2D(matrix);
  if (back === null) return;
  // Drawn in the coordinates of the script, from where the pen is, then moved.
  const own = new Outline();
  const { open } = outline;
  if (open !== null) {
    const { 0: x, 1: y } = mappedPoint(back, outline.x, outline.y);
    own.open = new Subpath(x, y);
    own.subpaths[0] = own.open;
    own.x = x;
    own.y = y;
  }
  draw(own);
  if (open === null) {
    outline.append(own, matrix);
    return;
  }
  const first = own.subpaths[0];
  const rest = new Outline();
  rest.open = own.open;
  rest.x = own.x;
  rest.y = own.y;
  for (let i = 1; i < own.subpaths.length; i++) rest.subpaths[i - 1] = own.subpaths[i];
  if (first.segments.length > 0) {
    const drawn = new Outline();
    drawn.subpaths[0] = first;
    const moved = new Outline();
    moved.append(drawn, matrix);
    const segments = outline.segments();
    for (let i = 0; i < moved.subpaths[0].segments.length; i++) segments[segments.length] = moved.subpaths[0].segments[i];
  }
  const kept = outline.open;
  outline.append(rest, matrix);
  if (rest.subpaths.length === 0) outline.open = kept;
}

function checkRadius(name, radius) {
  if (radius < 0) throw domException('IndexSizeError', "Failed to execute '" + name + "': The radius provided (" + radius + ') is negative.');
}

// A corner of roundRect(), steps 6-7: [x, y], or null: the whole call has no effect
function cornerRadius(given) {
  const x = typeof given === 'number' ? given : given.x;
  const y = typeof given === 'number' ? given : given.y;
  if (!isFiniteNumber(x) || !isFiniteNumber(y)) return null;
  if (x < 0 || y < 0) throw new RangeError("Failed to execute 'roundRect': Radius value " + (x < 0 ? x : y) + ' is negative.');
  return [x, y];
}

// https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-roundrect
function roundRect(self, x, y, width, height, radii) {
  if (!areFinite([x, y, width, height])) return;
  const list = typeof radii === 'number' || radii.length === undefined ? [radii] : radii;
  if (list.length < 1 || list.length > 4) throw new RangeError("Failed to execute 'roundRect': " + list.length + ' radii provided. Between one and four radii are necessary.');
  const r = [];
  for (let i = 0; i < list.length; i++) {
    r[i] = cornerRadius(list[i]);
    if (r[i] === null) return;
  }
  const corners = [r[0], r[1] ?? r[0], r[2] ?? r[0], r[3] ?? r[1] ?? r[0]];
  drawOn(self, (outline) => outline.roundRect(x, y, width, height, corners));
}

// Operations of CanvasPath. Arguments that are not finite make them do nothing, whatever else is wrong.
const pathStep = (draw) => (self, ...numbers) => {
  for (let i = 0; i < numbers.length; i++) if (typeof numbers[i] === 'number' && !isFiniteNumber(numbers[i])) return;
  drawOn(self, (outline) => draw(outline, numbers));
};

defineInterface(`
interface mixin CanvasPath {
  undefined closePath();
  undefined moveTo(unrestricted double x, unrestricted double y);
  undefined lineTo(unrestricted double x, unrestricted double y);
  undefined quadraticCurveTo(unrestricted double cpx, unrestricted double cpy, unrestricted double x, unrestricted double y);
  undefined bezierCurveTo(unrestricted double cp1x, unrestricted double cp1y, unrestricted double cp2x, unrestricted double cp2y, unrestricted double x, unrestricted double y);
  undefined arcTo(unrestricted double x1, unrestricted double y1, unrestricted double x2, unrestricted double y2, unrestricted double radius);
  undefined rect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h);
  undefined roundRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h, optional (unrestricted double or DOMPointInit or sequence<(unrestricted double or DOMPointInit)>) radii = 0);
  undefined arc(unrestricted double x, unrestricted double y, unrestricted double radius, unrestricted double startAngle, unrestricted double endAngle, optional boolean counterclockwise = false);
  undefined ellipse(unrestricted double x, unrestricted double y, unrestricted double radiusX, unrestricted double radiusY, unrestricted double rotation, unrestricted double startAngle, unrestricted double endAngle, optional boolean counterclockwise = false);
};
`, {
  closePath: (self) => self.outline.close(),
  moveTo: pathStep((outline, n) => outline.moveTo(n[0], n[1])),
  lineTo: pathStep((outline, n) => (outline.open === null ? outline.moveTo(n[0], n[1]) : outline.lineTo(n[0], n[1]))),
  quadraticCurveTo: pathStep((outline, n) => {
    outline.ensure(n[0], n[1]);
    outline.quadTo(n[0], n[1], n[2], n[3]);
  }),
  bezierCurveTo: pathStep((outline, n) => {
    outline.ensure(n[0], n[1]);
    outline.curveTo(n[0], n[1], n[2], n[3], n[4], n[5]);
  }),
  arcTo: pathStep((outline, n) => {
    outline.ensure(n[0], n[1]);
    checkRadius('arcTo', n[4]);
    outline.arcTo(n[0], n[1], n[2], n[3], n[4]);
  }),
  rect: pathStep((outline, n) => outline.rect(n[0], n[1], n[2], n[3])),
  roundRect,
  arc(self, x, y, radius, start, end, counterclockwise) {
    if (!areFinite([x, y, radius, start, end])) return;
    checkRadius('arc', radius);
    drawOn(self, (outline) => outline.ellipse(x, y, radius, radius, 0, start, end, counterclockwise));
  },
  ellipse(self, x, y, radiusX, radiusY, rotation, start, end, counterclockwise) {
    if (!areFinite([x, y, radiusX, radiusY, rotation, start, end])) return;
    checkRadius('ellipse', radiusX);
    checkRadius('ellipse', radiusY);
    drawOn(self, (outline) => outline.ellipse(x, y, radiusX, radiusY, rotation, start, end, counterclockwise));
  },
});

defineInterface(`
[Exposed=(Window,Worker)]
interface Path2D {
  constructor(optional (Path2D or DOMString) path);
  undefined addPath(Path2D path, optional DOMMatrix2DInit transform = {});
};
Path2D includes CanvasPath;
`, {
  constructor(path) {
    if (typeof path === 'string') return new Path2DImpl(outlineOfPathData(path));
    const out = new Path2DImpl(new Outline());
    if (path !== undefined) out.outline.append(path.outline, [1, 0, 0, 1, 0, 0]);
    return out;
  },
  addPath(self, path, init) {
    const matrix = matrixOf2DInit(init);
    if (!areFinite(matrix)) return;
    // A path may be added to itself.
    const copy = new Outline();
    copy.append(path.outline, matrix);
    self.outline.append(copy, [1, 0, 0, 1, 0, 0]);
  },
}, Path2DImpl);
