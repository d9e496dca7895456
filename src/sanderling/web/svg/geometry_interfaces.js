// https://svgwg.org/svg2-draft/coords.html#InterfaceSVGTransformList
// Transformations, points and lengths along shapes as scripts see them. The matrices are DOMMatrix objects, the points DOMPoint objects.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { getAttr, setAttr } from '../dom/attributes.js';
import { domException } from '../dom/DOMException.js';
import { NumberParseFloat, RegExpPrototypeExec, TypeError } from '../primordials.js';
import { lowerAscii } from '../css/selectors/names.js';
import { DOMMatrixImpl, DOMPointImpl } from '../geometry/DOMMatrix.js';
import { outlineContains, strokeContains } from '../geometry/outline_hits.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { isRendered } from '../css/cssom/rendered.js';
import { ReflectedListImpl, reflectedListMembers } from './reflected_list.js';
import { matrixOfStep, matrixToScreen, matrixToViewport, measuredShape, outlineOfShape, parseTransformList, svgNumbers } from './shapes.js';
import { svgReflection } from './SVGElement.js';
import { multiplied2D } from '../geometry/outline.js';

export function domMatrix2D(m) {
  return new DOMMatrixImpl([m[0], m[1], 0, 0, m[2], m[3], 0, 0, 0, 0, 1, 0, m[4], m[5], 0, 1], true);
}

const TRANSFORM_KINDS = ['', 'matrix', 'translate', 'scale', 'rotate', 'skewX', 'skewY'];      // by the constant of their type

class SVGTransformImpl extends Impl {
  constructor(name, numbers) {
    super();
    this.name = name;
    this.numbers = numbers;
    this.list = null;              // that it is in
  }

  become(name, numbers) {
    const { list } = this;
    if (list !== null) list.read();                  // the attribute may have changed: then it is in no list any more
    this.name = name;
    this.numbers = numbers;
    if (this.list !== null) this.list.write();
  }

  copy() {
    return new SVGTransformImpl(this.name, this.numbers);
  }

  matrix() {
    return matrixOfStep(this.name, this.numbers);
  }
}

// https://drafts.fxtf.org/geometry/#matrix-validate-and-fixup-2d
function flatMatrix(init) {
  const pick = (short, long, fallback) => {
    if (short !== undefined && long !== undefined && short !== long && !(short !== short && long !== long)) throw new TypeError('The matrix gives a member by two names, with different values.');
    return short ?? long ?? fallback;
  };
  return [
    pick(init.a, init.m11, 1), pick(init.b, init.m12, 0), pick(init.c, init.m21, 0), pick(init.d, init.m22, 1), pick(init.e, init.m41, 0), pick(init.f, init.m42, 0),
  ];
}

defineInterface(`
[Exposed=Window]
interface SVGTransform {
  const unsigned short SVG_TRANSFORM_UNKNOWN = 0;
  const unsigned short SVG_TRANSFORM_MATRIX = 1;
  const unsigned short SVG_TRANSFORM_TRANSLATE = 2;
  const unsigned short SVG_TRANSFORM_SCALE = 3;
  const unsigned short SVG_TRANSFORM_ROTATE = 4;
  const unsigned short SVG_TRANSFORM_SKEWX = 5;
  const unsigned short SVG_TRANSFORM_SKEWY = 6;
  readonly attribute unsigned short type;
  [NewObject] readonly attribute DOMMatrix matrix;
  readonly attribute float angle;
  undefined setMatrix(optional DOMMatrix2DInit matrix = {});
  undefined setTranslate(float tx, float ty);
  undefined setScale(float sx, float sy);
  undefined setRotate(float angle, float cx, float cy);
  undefined setSkewX(float angle);
  undefined setSkewY(float angle);
};
`, {
  type(self) {
    for (let i = 1; i < TRANSFORM_KINDS.length; i++) if (TRANSFORM_KINDS[i] === self.name) return i;
    return 0;
  },
  // DEVIATION: the matrix is a copy, and what a script writes into it does not reach the transformation; `setMatrix` does.
  matrix: (self) => domMatrix2D(self.matrix()),
  angle: (self) => (self.name === 'rotate' || self.name === 'skewX' || self.name === 'skewY' ? self.numbers[0] : 0),
  setMatrix: (self, init) => self.become('matrix', flatMatrix(init)),
  setTranslate: (self, x, y) => self.become('translate', [x, y]),
  setScale: (self, x, y) => self.become('scale', [x, y]),
  setRotate: (self, angle, x, y) => self.become('rotate', x === 0 && y === 0 ? [angle] : [angle, x, y]),
  setSkewX: (self, angle) => self.become('skewX', [angle]),
  setSkewY: (self, angle) => self.become('skewY', [angle]),
}, SVGTransformImpl);

class SVGTransformListImpl extends ReflectedListImpl {
  parse(text) {
    const steps = parseTransformList(text) ?? [];
    const out = [];
    for (let i = 0; i < steps.length; i++) out[i] = new SVGTransformImpl(steps[i].name, steps[i].numbers);
    return out;
  }

  textOf(item) {
    let out = item.name + '(';
    for (let i = 0; i < item.numbers.length; i++) out += (i > 0 ? ' ' : '') + item.numbers[i];
    return out + ')';
  }
}

defineInterface(`
[Exposed=Window]
interface SVGTransformList {
  readonly attribute unsigned long length;
  readonly attribute unsigned long numberOfItems;
  undefined clear();
  SVGTransform initialize(SVGTransform newItem);
  getter SVGTransform getItem(unsigned long index);
  SVGTransform insertItemBefore(SVGTransform newItem, unsigned long index);
  SVGTransform replaceItem(SVGTransform newItem, unsigned long index);
  SVGTransform removeItem(unsigned long index);
  SVGTransform appendItem(SVGTransform newItem);
  [NewObject] SVGTransform createSVGTransformFromMatrix(optional DOMMatrix2DInit matrix = {});
  SVGTransform? consolidate();
};
`, {
  ...reflectedListMembers,
  createSVGTransformFromMatrix: (self, init) => new SVGTransformImpl('matrix', flatMatrix(init)),
  // https://svgwg.org/svg2-draft/coords.html#__svg__SVGTransformList__consolidate
  consolidate(self) {
    const items = self.read();
    if (items.length === 0) return null;
    let out = items[0].matrix();
    for (let i = 1; i < items.length; i++) out = multiplied2D(out, items[i].matrix());
    return reflectedListMembers.initialize(self, new SVGTransformImpl('matrix', out));
  },
}, SVGTransformListImpl);

// Nothing is animated: base and animated values are one.
class SVGAnimatedTransformListImpl extends Impl {
  constructor(list) {
    super();
    this.list = list;
  }
}

defineInterface(`
[Exposed=Window]
interface SVGAnimatedTransformList {
  [SameObject] readonly attribute SVGTransformList baseVal;
  [SameObject] readonly attribute SVGTransformList animVal;
};
`, { baseVal: (self) => self.list, animVal: (self) => self.list }, SVGAnimatedTransformListImpl);

const animatedTransforms = (attribute) => (self) => svgReflection(self, attribute, () => new SVGAnimatedTransformListImpl(new SVGTransformListImpl(self, attribute)));

defineInterface(`
partial interface SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedTransformList transform;
  [NewObject] DOMMatrix? getCTM();
  [NewObject] DOMMatrix? getScreenCTM();
};
`, {
  transform: animatedTransforms('transform'),
  getCTM(self) {
    const matrix = isRendered(self) ? matrixToViewport(self) : null;
    return matrix === null ? null : domMatrix2D(matrix);
  },
  getScreenCTM(self) {
    const matrix = isRendered(self) ? matrixToScreen(self) : null;
    return matrix === null ? null : domMatrix2D(matrix);
  },
});
defineInterface('partial interface SVGGradientElement { [SameObject] readonly attribute SVGAnimatedTransformList gradientTransform; };', { gradientTransform: animatedTransforms('gradientTransform') });
defineInterface('partial interface SVGPatternElement { [SameObject] readonly attribute SVGAnimatedTransformList patternTransform; };', { patternTransform: animatedTransforms('patternTransform') });

// -- angles: https://svgwg.org/svg2-draft/types.html#InterfaceSVGAngle -------------------------------------------------

const ANGLE_UNITS = ['', '', 'deg', 'rad', 'grad'];              // by the unit's constant
const UNIT_DEGREES = [0, 1, 1, 180 / 3.141592653589793, 0.9];

// An angle of its own, of createSVGAngle().
class SVGAngleImpl extends Impl {
  constructor() {
    super();
    this.number = 0;
    this.unit = 1;
  }
}

function knownAngleUnit(unit) {
  if (unit < 1 || unit > 4) throw domException('NotSupportedError', 'The unit type provided (' + unit + ') is unknown or invalid.');
}

defineInterface(`
[Exposed=Window]
interface SVGAngle {
  const unsigned short SVG_ANGLETYPE_UNKNOWN = 0;
  const unsigned short SVG_ANGLETYPE_UNSPECIFIED = 1;
  const unsigned short SVG_ANGLETYPE_DEG = 2;
  const unsigned short SVG_ANGLETYPE_RAD = 3;
  const unsigned short SVG_ANGLETYPE_GRAD = 4;
  readonly attribute unsigned short unitType;
  attribute float value;
  attribute float valueInSpecifiedUnits;
  attribute DOMString valueAsString;
  undefined newValueSpecifiedUnits(unsigned short unitType, float valueInSpecifiedUnits);
  undefined convertToSpecifiedUnits(unsigned short unitType);
};
`, {
  unitType: (self) => self.unit,
  value: {
    get: (self) => self.number * UNIT_DEGREES[self.unit],
    set(self, value) {
      self.number = value / UNIT_DEGREES[self.unit];
    },
  },
  valueInSpecifiedUnits: {
    get: (self) => self.number,
    set(self, value) {
      self.number = value;
    },
  },
  valueAsString: {
    get: (self) => self.number + ANGLE_UNITS[self.unit],
    set(self, value) {
      const match = RegExpPrototypeExec(/^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(deg|rad|grad)?\s*$/i, value);
      if (match === null) throw domException('SyntaxError', "The value provided ('" + value + "') is invalid.");
      self.number = NumberParseFloat(match[1]);
      self.unit = 1;
      const unit = match[2] === undefined ? '' : lowerAscii(match[2]);
      for (let i = 2; i < ANGLE_UNITS.length; i++) if (ANGLE_UNITS[i] === unit) self.unit = i;
    },
  },
  newValueSpecifiedUnits(self, unit, value) {
    knownAngleUnit(unit);
    self.unit = unit;
    self.number = value;
  },
  convertToSpecifiedUnits(self, unit) {
    knownAngleUnit(unit);
    self.number = self.number * UNIT_DEGREES[self.unit] / UNIT_DEGREES[unit];
    self.unit = unit;
  },
}, SVGAngleImpl);

// https://svgwg.org/svg2-draft/struct.html#InterfaceSVGSVGElement
defineInterface(`
partial interface SVGSVGElement {
  [NewObject] SVGAngle createSVGAngle();
  [NewObject] DOMPoint createSVGPoint();
  [NewObject] DOMMatrix createSVGMatrix();
  [NewObject] SVGTransform createSVGTransform();
  [NewObject] SVGTransform createSVGTransformFromMatrix(optional DOMMatrix2DInit matrix = {});
};
`, {
  createSVGAngle: () => new SVGAngleImpl(),
  createSVGPoint: () => new DOMPointImpl(0, 0, 0, 1),
  createSVGMatrix: () => domMatrix2D([1, 0, 0, 1, 0, 0]),
  createSVGTransform: () => new SVGTransformImpl('matrix', [1, 0, 0, 1, 0, 0]),
  createSVGTransformFromMatrix: (self, init) => new SVGTransformImpl('matrix', flatMatrix(init)),
});

// -- points of polygons ------------------------------------------------------------------------------------------------

// https://svgwg.org/svg2-draft/shapes.html#InterfaceSVGPointList
class SVGListedPointImpl extends DOMPointImpl {
  constructor(x, y) {
    super(x, y, 0, 1);
    this.list = null;
  }

  get x() {
    return this.ownX;
  }

  set x(value) {
    this.become(value, this.ownY);
  }

  get y() {
    return this.ownY;
  }

  set y(value) {
    this.become(this.ownX, value);
  }

  become(x, y) {
    if ((this.list ?? null) !== null) this.list.read();        // the attribute may have changed: then it is in no list any more
    this.ownX = x;
    this.ownY = y;
    if ((this.list ?? null) !== null) this.list.write();
  }
}

class SVGPointListImpl extends ReflectedListImpl {
  parse(text) {
    const numbers = svgNumbers(text);
    const out = [];
    for (let i = 0; i + 1 < numbers.length; i += 2) out[out.length] = new SVGListedPointImpl(numbers[i], numbers[i + 1]);
    return out;
  }

  // A point of a script goes in as a copy.
  taken(point) {
    const own = new SVGListedPointImpl(point.x, point.y);
    own.list = this;
    return own;
  }

  textOf(point) {
    return point.x + ',' + point.y;
  }
}

defineInterface(`
[Exposed=Window]
interface SVGPointList {
  readonly attribute unsigned long length;
  readonly attribute unsigned long numberOfItems;
  undefined clear();
  DOMPoint initialize(DOMPoint newItem);
  getter DOMPoint getItem(unsigned long index);
  DOMPoint insertItemBefore(DOMPoint newItem, unsigned long index);
  DOMPoint replaceItem(DOMPoint newItem, unsigned long index);
  DOMPoint removeItem(unsigned long index);
  DOMPoint appendItem(DOMPoint newItem);
};
`, { ...reflectedListMembers }, SVGPointListImpl);

const pointList = (self) => svgReflection(self, 'points', () => new SVGPointListImpl(self, 'points'));

defineInterface(`
interface mixin SVGAnimatedPoints {
  [SameObject] readonly attribute SVGPointList points;
  [SameObject] readonly attribute SVGPointList animatedPoints;
};
SVGPolygonElement includes SVGAnimatedPoints;
SVGPolylineElement includes SVGAnimatedPoints;
`, { points: pointList, animatedPoints: pointList });

// -- shapes ------------------------------------------------------------------------------------------------------------

class SVGAnimatedNumberImpl extends Impl {
  constructor(el, attribute) {
    super();
    this.el = el;
    this.attribute = attribute;
  }
}

function animatedNumberValue(self) {
  const number = NumberParseFloat(getAttr(self.el, self.attribute) ?? '0');
  return number === number ? number : 0;
}

defineInterface(`
[Exposed=Window]
interface SVGAnimatedNumber {
  attribute float baseVal;
  readonly attribute float animVal;
};
`, { baseVal: { get: animatedNumberValue, set: (self, value) => setAttr(self.el, self.attribute, '' + value) }, animVal: animatedNumberValue }, SVGAnimatedNumberImpl);

// https://svgwg.org/svg2-draft/types.html#__svg__SVGGeometryElement__isPointInStroke
function strokeStyleOf(el) {
  const number = (name) => NumberParseFloat(computedValueOf(el, name));
  const dashes = svgNumbers(computedValueOf(el, 'stroke-dasharray'));
  const { length } = dashes;
  if (length % 2 === 1) for (let i = 0; i < length; i++) dashes[dashes.length] = dashes[i];
  const join = computedValueOf(el, 'stroke-linejoin');
  return {
    __proto__: null, width: number('stroke-width'), cap: computedValueOf(el, 'stroke-linecap'), join: join === 'round' || join === 'bevel' ? join : 'miter',
    miterLimit: number('stroke-miterlimit'), dashes, dashOffset: number('stroke-dashoffset'), dots: true,
  };
}

defineInterface(`
partial interface SVGGeometryElement {
  [SameObject] readonly attribute SVGAnimatedNumber pathLength;
  boolean isPointInFill(optional DOMPointInit point = {});
  boolean isPointInStroke(optional DOMPointInit point = {});
  float getTotalLength();
  [NewObject] DOMPoint getPointAtLength(float distance);
};
`, {
  pathLength: (self) => svgReflection(self, 'pathLength', () => new SVGAnimatedNumberImpl(self, 'pathLength')),
  isPointInFill: (self, { x, y }) => outlineContains(outlineOfShape(self), x, y, computedValueOf(self, 'fill-rule') === 'evenodd'),
  isPointInStroke: (self, { x, y }) => strokeContains(outlineOfShape(self), strokeStyleOf(self), x, y),
  getTotalLength: (self) => measuredShape(self).length,
  getPointAtLength(self, distance) {
    const point = measuredShape(self).pointAt(distance);
    if (point === null) throw domException('InvalidStateError', "Failed to execute 'getPointAtLength' on 'SVGGeometryElement': The element's path is empty.");
    return new DOMPointImpl(point[0], point[1], 0, 1);
  },
});
