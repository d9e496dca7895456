// https://drafts.fxtf.org/geometry/#DOMMatrix
// Points and matrices. A matrix keeps its 16 numbers by columns: m11 m12 m13 m14 m21 ...

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { domException } from '../dom/DOMException.js';
import { TypedArrayPrototypeSet, Float32Array, Float64Array, MathCos, MathPI, MathSin, MathTan, ObjectIs, StringPrototypeToLowerCase, TypeError, MathAtan2, MathHypot } from '../primordials.js';
import { mainWindow } from '../html/realm.js';
import { cssComponents } from '../css/syntax/components.js';
import { cssAngleDegrees } from '../css/values/numbers.js';

export class DOMPointReadOnlyImpl extends Impl {
  constructor(x, y, z, w) {
    super();
    this.x = x;
    this.y = y;
    this.z = z;
    this.w = w;
  }

  structuredCopy() {
    return new DOMPointReadOnlyImpl(this.x, this.y, this.z, this.w);
  }
}

export class DOMPointImpl extends DOMPointReadOnlyImpl {
  structuredCopy() {
    return new DOMPointImpl(this.x, this.y, this.z, this.w);
  }
}

export class DOMMatrixReadOnlyImpl extends Impl {
  constructor(values, is2D) {
    super();
    this.values = values;
    this.is2D = is2D;
  }

  structuredCopy() {
    return new DOMMatrixReadOnlyImpl(copyOfValues(this.values), this.is2D);
  }
}

export class DOMMatrixImpl extends DOMMatrixReadOnlyImpl {
  structuredCopy() {
    return new DOMMatrixImpl(copyOfValues(this.values), this.is2D);
  }
}

function copyOfValues(values) {
  const out = [];
  for (let i = 0; i < 16; i++) out[i] = values[i];
  return out;
}

const MATRIX_IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function identityValues() {
  const out = [];
  for (let i = 0; i < 16; i++) out[i] = MATRIX_IDENTITY[i];
  return out;
}

function values2D(a, b, c, d, e, f) {
  return [a, b, 0, 0, c, d, 0, 0, 0, 0, 1, 0, e, f, 0, 1];
}

// a * b: `b` is applied first
function multiplyValues(a, b) {
  const out = [];
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row] * b[column * 4 + k];
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

function translation(x, y, z) {
  const out = identityValues();
  out[12] = x;
  out[13] = y;
  out[14] = z;
  return out;
}

function scaling(x, y, z) {
  const out = identityValues();
  out[0] = x;
  out[5] = y;
  out[10] = z;
  return out;
}

// https://drafts.csswg.org/css-transforms-2/#Rotate3dDefined
function rotation(x, y, z, degrees) {
  const length = MathHypot(x, y, z);
  if (length === 0) return identityValues();
  const ux = x / length;
  const uy = y / length;
  const uz = z / length;
  const angle = degrees * MathPI / 180;
  const s = MathSin(angle);
  const c = MathCos(angle);
  const t = 1 - c;
  return [t * ux * ux + c, t * ux * uy + s * uz, t * ux * uz - s * uy, 0, t * ux * uy - s * uz, t * uy * uy + c, t * uy * uz + s * ux, 0, t * ux * uz + s * uy, t * uy * uz - s * ux, t * uz * uz + c, 0, 0, 0, 0, 1];
}

function skewing(x, y) {
  const out = identityValues();
  out[4] = MathTan(x * MathPI / 180);
  out[1] = MathTan(y * MathPI / 180);
  return out;
}

// By Gauss and Jordan; null when there is no inverse.
function invertValues(values) {
  const rows = [];
  for (let r = 0; r < 4; r++) {
    rows[r] = [];
    for (let c = 0; c < 8; c++) rows[r][c] = c < 4 ? values[c * 4 + r] : c - 4 === r ? 1 : 0;
  }
  for (let i = 0; i < 4; i++) {
    let pivot = i;
    for (let r = i + 1; r < 4; r++) if ((rows[r][i] < 0 ? -rows[r][i] : rows[r][i]) > (rows[pivot][i] < 0 ? -rows[pivot][i] : rows[pivot][i])) pivot = r;
    if (rows[pivot][i] === 0 || rows[pivot][i] !== rows[pivot][i]) return null;
    const swap = rows[i];
    rows[i] = rows[pivot];
    rows[pivot] = swap;
    const divisor = rows[i][i];
    for (let c = 0; c < 8; c++) rows[i][c] /= divisor;
    for (let r = 0; r < 4; r++) {
      if (r === i) continue;
      const factor = rows[r][i];
      for (let c = 0; c < 8; c++) rows[r][c] -= factor * rows[i][c];
    }
  }
  const out = [];
  for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) out[c * 4 + r] = rows[r][c + 4];
  return out;
}

// https://drafts.fxtf.org/geometry/#parse-a-string-into-an-abstract-matrix
export function matrixFromText(text) {
  const list = cssComponents(text);
  const bad = () => domException('SyntaxError', "Failed to parse '" + text + "'.");
  if (list === null) throw bad();
  let values = identityValues();
  let is2D = true;
  if (list.length === 0 || (list.length === 1 && list[0].type === 'ident' && StringPrototypeToLowerCase(list[0].value) === 'none')) return { __proto__: null, values, is2D };
  for (let i = 0; i < list.length; i++) {
    if (list[i].type !== 'function') throw bad();
    const { value: name, args } = list[i];
    const n = [];
    for (let j = 0; j < args.length; j++) {
      const node = args[j];
      if (node.type === 'comma') continue;
      if (node.type === 'number' || (node.type === 'dimension' && node.value === 'px')) n[n.length] = node.number;
      else if (node.type === 'dimension' && cssAngleDegrees(node) === cssAngleDegrees(node)) n[n.length] = cssAngleDegrees(node);
      else throw bad();
    }
    let step;
    switch (name) {
      case 'matrix': if (n.length !== 6) throw bad(); step = values2D(n[0], n[1], n[2], n[3], n[4], n[5]); break;
      case 'matrix3d': if (n.length !== 16) throw bad(); step = n; is2D = false; break;
      case 'translate': step = translation(n[0], n[1] ?? 0, 0); break;
      case 'translatex': step = translation(n[0], 0, 0); break;
      case 'translatey': step = translation(0, n[0], 0); break;
      case 'translatez': step = translation(0, 0, n[0]); is2D = false; break;
      case 'translate3d': step = translation(n[0], n[1], n[2]); is2D = false; break;
      case 'scale': step = scaling(n[0], n[1] ?? n[0], 1); break;
      case 'scalex': step = scaling(n[0], 1, 1); break;
      case 'scaley': step = scaling(1, n[0], 1); break;
      case 'scalez': step = scaling(1, 1, n[0]); is2D = false; break;
      case 'scale3d': step = scaling(n[0], n[1], n[2]); is2D = false; break;
      case 'rotate': step = rotation(0, 0, 1, n[0]); break;
      case 'rotatex': step = rotation(1, 0, 0, n[0]); is2D = false; break;
      case 'rotatey': step = rotation(0, 1, 0, n[0]); is2D = false; break;
      case 'rotatez': step = rotation(0, 0, 1, n[0]); is2D = false; break;
      case 'rotate3d': step = rotation(n[0], n[1], n[2], n[3]); is2D = false; break;
      case 'skew': step = skewing(n[0], n[1] ?? 0); break;
      case 'skewx': step = skewing(n[0], 0); break;
      case 'skewy': step = skewing(0, n[0]); break;
      case 'perspective': step = identityValues(); step[11] = n[0] === 0 ? 0 : -1 / n[0]; is2D = false; break;
      default: throw bad();
    }
    values = multiplyValues(values, step);
  }
  return { __proto__: null, values, is2D };
}

function matrixFrom(Class, init) {
  if (init === undefined) return new Class(identityValues(), true);
  if (typeof init === 'string') {
    // https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-dommatrixreadonly: lists of transformations are for windows.
    if (mainWindow() === null) throw new TypeError('String arguments are not supported in workers.');
    const parsed = matrixFromText(init);
    return new Class(parsed.values, parsed.is2D);
  }
  if (init.length === 6) return new Class(values2D(init[0], init[1], init[2], init[3], init[4], init[5]), true);
  if (init.length === 16) {
    const values = [];
    for (let i = 0; i < 16; i++) values[i] = init[i];
    return new Class(values, false);
  }
  throw new TypeError('The sequence must contain 6 elements for a 2D matrix or 16 elements for a 3D matrix.');
}

const MATRIX_FIELDS = ['m11', 'm12', 'm13', 'm14', 'm21', 'm22', 'm23', 'm24', 'm31', 'm32', 'm33', 'm34', 'm41', 'm42', 'm43', 'm44'];
const SHORT_FIELDS = { __proto__: null, a: 0, b: 1, c: 4, d: 5, e: 12, f: 13 };
const FLAT = { __proto__: null, 0: true, 1: true, 4: true, 5: true, 12: true, 13: true };

// https://drafts.fxtf.org/geometry/#validate-and-fixup
function matrixFromInit(Class, init) {
  const values = identityValues();
  let is2D = true;
  for (const name in SHORT_FIELDS) {
    const at = SHORT_FIELDS[name];
    const long = init[MATRIX_FIELDS[at]];
    if (init[name] !== undefined && long !== undefined && !ObjectIs(init[name], long) && init[name] !== long) throw new TypeError("The '" + name + "' property should equal the '" + MATRIX_FIELDS[at] + "' property.");
    values[at] = long ?? init[name] ?? values[at];
  }
  for (let i = 0; i < 16; i++) {
    if (FLAT[i]) continue;
    const given = init[MATRIX_FIELDS[i]];
    if (given === undefined) continue;
    if (given !== MATRIX_IDENTITY[i]) is2D = false;
    values[i] = given;
  }
  if (init.is2D === true && !is2D) throw new TypeError('The is2D member is set to true but the input matrix is a 3d matrix.');
  return new Class(values, init.is2D === false ? false : is2D);
}

function multiplied(self, other) {
  return new DOMMatrixImpl(multiplyValues(self.values, other.values), self.is2D && other.is2D);
}

function matrixStep(values, flat) {
  return new DOMMatrixReadOnlyImpl(values, flat);
}

function rotationFromAngles(x, y, z) {
  if (y === undefined && z === undefined) return matrixStep(rotation(0, 0, 1, x), true);
  const values = multiplyValues(multiplyValues(rotation(0, 0, 1, z ?? 0), rotation(0, 1, 0, y ?? 0)), rotation(1, 0, 0, x));
  return matrixStep(values, x === 0 && (y ?? 0) === 0);
}

function scaleAround(x, y, z, originX, originY, originZ) {
  const values = multiplyValues(multiplyValues(translation(originX, originY, originZ), scaling(x, y ?? x, z)), translation(-originX, -originY, -originZ));
  return matrixStep(values, z === 1 && originZ === 0);
}

function matrixText(self) {
  let out = '';
  for (let i = 0; i < 16; i++) {
    if (self.is2D && !FLAT[i]) continue;
    const value = self.values[i];
    if (value - value !== 0) throw domException('InvalidStateError', 'DOMMatrix cannot be serialized with NaN or Infinity values.');
    out += (out === '' ? '' : ', ') + value;
  }
  return (self.is2D ? 'matrix(' : 'matrix3d(') + out + ')';
}

const POINT_FIELDS = ['x', 'y', 'z', 'w'];
const pointFields = (writable) => {
  const out = { __proto__: null };
  for (let i = 0; i < POINT_FIELDS.length; i++) {
    const name = POINT_FIELDS[i];
    out[name] = writable ? { get: (self) => self[name], set: (self, value) => { self[name] = value; } } : (self) => self[name];
  }
  return out;
};

defineInterface(`
dictionary DOMPointInit { unrestricted double x = 0; unrestricted double y = 0; unrestricted double z = 0; unrestricted double w = 1; };
dictionary DOMMatrix2DInit { unrestricted double a; unrestricted double b; unrestricted double c; unrestricted double d; unrestricted double e; unrestricted double f;
  unrestricted double m11; unrestricted double m12; unrestricted double m21; unrestricted double m22; unrestricted double m41; unrestricted double m42; };
dictionary DOMMatrixInit : DOMMatrix2DInit { unrestricted double m13; unrestricted double m14; unrestricted double m23; unrestricted double m24; unrestricted double m31; unrestricted double m32;
  unrestricted double m33; unrestricted double m34; unrestricted double m43; unrestricted double m44; boolean is2D; };
[Exposed=(Window, Worker)]
interface DOMPointReadOnly {
  constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double w = 1);
  [NewObject] static DOMPointReadOnly fromPoint(optional DOMPointInit other = {});
  readonly attribute unrestricted double x;
  readonly attribute unrestricted double y;
  readonly attribute unrestricted double z;
  readonly attribute unrestricted double w;
  [NewObject] DOMPoint matrixTransform(optional DOMMatrixInit matrix = {});
  [Default] object toJSON();
};
`, {
  constructor: (x, y, z, w) => new DOMPointReadOnlyImpl(x, y, z, w),
  fromPoint: (other) => new DOMPointReadOnlyImpl(other.x, other.y, other.z, other.w),
  ...pointFields(false),
  matrixTransform: (self, init) => transformPoint(matrixFromInit(DOMMatrixImpl, init), self),
}, DOMPointReadOnlyImpl);

defineInterface(`
[Exposed=(Window, Worker), LegacyWindowAlias=SVGPoint]
interface DOMPoint : DOMPointReadOnly {
  constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double w = 1);
  [NewObject] static DOMPoint fromPoint(optional DOMPointInit other = {});
  attribute unrestricted double x;
  attribute unrestricted double y;
  attribute unrestricted double z;
  attribute unrestricted double w;
};
`, {
  constructor: (x, y, z, w) => new DOMPointImpl(x, y, z, w),
  fromPoint: (other) => new DOMPointImpl(other.x, other.y, other.z, other.w),
  ...pointFields(true),
}, DOMPointImpl);

function transformPoint(matrix, point) {
  const given = [point.x, point.y, point.z, point.w];
  const out = [0, 0, 0, 0];
  for (let row = 0; row < 4; row++) for (let k = 0; k < 4; k++) out[row] += matrix.values[k * 4 + row] * given[k];
  return new DOMPointImpl(out[0], out[1], out[2], out[3]);
}

// An array as an argument would be asked for its iterator.
function copyOfNumbers(Kind, values) {
  const out = new Kind(values.length);
  TypedArrayPrototypeSet(out, values);
  return out;
}

const matrixFields = (writable) => {
  const out = { __proto__: null };
  const add = (name, at) => {
    out[name] = writable ? {
      get: (self) => self.values[at],
      set(self, value) {
        self.values[at] = value;
        if (!FLAT[at] && value !== MATRIX_IDENTITY[at]) self.is2D = false;
      },
    } : (self) => self.values[at];
  };
  for (const name in SHORT_FIELDS) add(name, SHORT_FIELDS[name]);
  for (let i = 0; i < 16; i++) add(MATRIX_FIELDS[i], i);
  return out;
};
const fieldText = (prefix) => {
  let out = '';
  for (const name in SHORT_FIELDS) out += '  ' + prefix + 'attribute unrestricted double ' + name + ';\n';
  for (let i = 0; i < MATRIX_FIELDS.length; i++) out += '  ' + prefix + 'attribute unrestricted double ' + MATRIX_FIELDS[i] + ';\n';
  return out;
};

defineInterface(`
[Exposed=(Window, Worker)]
interface DOMMatrixReadOnly {
  constructor(optional (DOMString or sequence<unrestricted double>) init);
  [NewObject] static DOMMatrixReadOnly fromMatrix(optional DOMMatrixInit other = {});
  [NewObject] static DOMMatrixReadOnly fromFloat32Array(Float32Array array32);
  [NewObject] static DOMMatrixReadOnly fromFloat64Array(Float64Array array64);
${fieldText('readonly ')}  readonly attribute boolean is2D;
  readonly attribute boolean isIdentity;
  [NewObject] DOMMatrix translate(optional unrestricted double tx = 0, optional unrestricted double ty = 0, optional unrestricted double tz = 0);
  [NewObject] DOMMatrix scale(optional unrestricted double scaleX = 1, optional unrestricted double scaleY, optional unrestricted double scaleZ = 1, optional unrestricted double originX = 0,
    optional unrestricted double originY = 0, optional unrestricted double originZ = 0);
  [NewObject] DOMMatrix scaleNonUniform(optional unrestricted double scaleX = 1, optional unrestricted double scaleY = 1);
  [NewObject] DOMMatrix scale3d(optional unrestricted double scale = 1, optional unrestricted double originX = 0, optional unrestricted double originY = 0, optional unrestricted double originZ = 0);
  [NewObject] DOMMatrix rotate(optional unrestricted double rotX = 0, optional unrestricted double rotY, optional unrestricted double rotZ);
  [NewObject] DOMMatrix rotateFromVector(optional unrestricted double x = 0, optional unrestricted double y = 0);
  [NewObject] DOMMatrix rotateAxisAngle(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double angle = 0);
  [NewObject] DOMMatrix skewX(optional unrestricted double sx = 0);
  [NewObject] DOMMatrix skewY(optional unrestricted double sy = 0);
  [NewObject] DOMMatrix multiply(optional DOMMatrixInit other = {});
  [NewObject] DOMMatrix flipX();
  [NewObject] DOMMatrix flipY();
  [NewObject] DOMMatrix inverse();
  [NewObject] DOMPoint transformPoint(optional DOMPointInit point = {});
  any toFloat32Array();
  any toFloat64Array();
  stringifier;
  [Default] object toJSON();
};
`, {
  constructor: (init) => matrixFrom(DOMMatrixReadOnlyImpl, init),
  fromMatrix: (other) => matrixFromInit(DOMMatrixReadOnlyImpl, other),
  fromFloat32Array: (array) => matrixFrom(DOMMatrixReadOnlyImpl, array),
  fromFloat64Array: (array) => matrixFrom(DOMMatrixReadOnlyImpl, array),
  ...matrixFields(false),
  is2D: (self) => self.is2D,
  isIdentity(self) {
    for (let i = 0; i < 16; i++) if (self.values[i] !== MATRIX_IDENTITY[i]) return false;
    return true;
  },
  translate: (self, x, y, z) => multiplied(self, matrixStep(translation(x, y, z), z === 0)),
  scale: (self, x, y, z, ox, oy, oz) => multiplied(self, scaleAround(x, y, z, ox, oy, oz)),
  scaleNonUniform: (self, x, y) => multiplied(self, scaleAround(x, y, 1, 0, 0, 0)),
  scale3d: (self, scale, x, y, z) => multiplied(self, scaleAround(scale, scale, scale, x, y, z)),
  rotate: (self, x, y, z) => multiplied(self, rotationFromAngles(x, y, z)),
  rotateFromVector: (self, x, y) => multiplied(self, matrixStep(rotation(0, 0, 1, MathAtan2(y, x) * 180 / MathPI), true)),
  rotateAxisAngle: (self, x, y, z, angle) => multiplied(self, matrixStep(rotation(x, y, z, angle), x === 0 && y === 0)),
  skewX: (self, x) => multiplied(self, matrixStep(skewing(x, 0), true)),
  skewY: (self, y) => multiplied(self, matrixStep(skewing(0, y), true)),
  multiply: (self, other) => multiplied(self, matrixFromInit(DOMMatrixImpl, other)),
  flipX: (self) => multiplied(self, matrixStep(scaling(-1, 1, 1), true)),
  flipY: (self) => multiplied(self, matrixStep(scaling(1, -1, 1), true)),
  inverse: (self) => invertInto(new DOMMatrixImpl(self.values, self.is2D)),
  transformPoint,
  toFloat32Array: (self) => copyOfNumbers(Float32Array, self.values),
  toFloat64Array: (self) => copyOfNumbers(Float64Array, self.values),
  toString: matrixText,
}, DOMMatrixReadOnlyImpl);

// A matrix without inverse becomes NaN all over.
function invertInto(self) {
  const inverse = invertValues(self.values);
  if (inverse !== null) self.values = inverse;
  else {
    self.values = [];
    for (let i = 0; i < 16; i++) self.values[i] = NaN;
    self.is2D = false;
  }
  return self;
}

function become(self, values, flat) {
  self.values = values;
  self.is2D = self.is2D && flat;
  return self;
}
const applied = (self, other) => become(self, multiplyValues(self.values, other.values), other.is2D);

defineInterface(`
[Exposed=(Window, Worker), LegacyWindowAlias=(SVGMatrix, WebKitCSSMatrix)]
interface DOMMatrix : DOMMatrixReadOnly {
  constructor(optional (DOMString or sequence<unrestricted double>) init);
  [NewObject] static DOMMatrix fromMatrix(optional DOMMatrixInit other = {});
  [NewObject] static DOMMatrix fromFloat32Array(Float32Array array32);
  [NewObject] static DOMMatrix fromFloat64Array(Float64Array array64);
${fieldText('')}  DOMMatrix multiplySelf(optional DOMMatrixInit other = {});
  DOMMatrix preMultiplySelf(optional DOMMatrixInit other = {});
  DOMMatrix translateSelf(optional unrestricted double tx = 0, optional unrestricted double ty = 0, optional unrestricted double tz = 0);
  DOMMatrix scaleSelf(optional unrestricted double scaleX = 1, optional unrestricted double scaleY, optional unrestricted double scaleZ = 1, optional unrestricted double originX = 0,
    optional unrestricted double originY = 0, optional unrestricted double originZ = 0);
  DOMMatrix scale3dSelf(optional unrestricted double scale = 1, optional unrestricted double originX = 0, optional unrestricted double originY = 0, optional unrestricted double originZ = 0);
  DOMMatrix rotateSelf(optional unrestricted double rotX = 0, optional unrestricted double rotY, optional unrestricted double rotZ);
  DOMMatrix rotateFromVectorSelf(optional unrestricted double x = 0, optional unrestricted double y = 0);
  DOMMatrix rotateAxisAngleSelf(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double angle = 0);
  DOMMatrix skewXSelf(optional unrestricted double sx = 0);
  DOMMatrix skewYSelf(optional unrestricted double sy = 0);
  DOMMatrix invertSelf();
  DOMMatrix setMatrixValue(DOMString transformList);
};
`, {
  constructor: (init) => matrixFrom(DOMMatrixImpl, init),
  fromMatrix: (other) => matrixFromInit(DOMMatrixImpl, other),
  fromFloat32Array: (array) => matrixFrom(DOMMatrixImpl, array),
  fromFloat64Array: (array) => matrixFrom(DOMMatrixImpl, array),
  ...matrixFields(true),
  multiplySelf: (self, other) => applied(self, matrixFromInit(DOMMatrixImpl, other)),
  preMultiplySelf(self, init) {
    const other = matrixFromInit(DOMMatrixImpl, init);
    return become(self, multiplyValues(other.values, self.values), other.is2D);
  },
  translateSelf: (self, x, y, z) => applied(self, matrixStep(translation(x, y, z), z === 0)),
  scaleSelf: (self, x, y, z, ox, oy, oz) => applied(self, scaleAround(x, y, z, ox, oy, oz)),
  scale3dSelf: (self, scale, x, y, z) => applied(self, scaleAround(scale, scale, scale, x, y, z)),
  rotateSelf: (self, x, y, z) => applied(self, rotationFromAngles(x, y, z)),
  rotateFromVectorSelf: (self, x, y) => applied(self, matrixStep(rotation(0, 0, 1, MathAtan2(y, x) * 180 / MathPI), true)),
  rotateAxisAngleSelf: (self, x, y, z, angle) => applied(self, matrixStep(rotation(x, y, z, angle), x === 0 && y === 0)),
  skewXSelf: (self, x) => applied(self, matrixStep(skewing(x, 0), true)),
  skewYSelf: (self, y) => applied(self, matrixStep(skewing(0, y), true)),
  invertSelf: invertInto,
  setMatrixValue(self, text) {
    const parsed = matrixFromText(text);
    self.values = parsed.values;
    self.is2D = parsed.is2D;
    return self;
  },
}, DOMMatrixImpl);
