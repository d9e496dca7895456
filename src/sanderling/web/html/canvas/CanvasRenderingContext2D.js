// https://html.spec.whatwg.org/multipage/canvas.html#2dcontext
// A context that keeps its state and measures text, and whose image stays transparent: there are no pixels. What is drawn is therefore checked and not kept;
// whether a point is in a path is refused.

import { hostPost } from '../../host.js';
import { Impl } from '../../webidl/impl.js';
import { defineInterface } from '../../webidl/interface.js';
import { unwrap, wrap } from '../../webidl/wrapper.js';
import { domException } from '../../dom/DOMException.js';
import { DOMMatrixImpl } from '../../geometry/DOMMatrix.js';
import { getAttr } from '../../dom/attributes.js';
import { parseNonNegative } from '../reflect.js';
import { ArrayPrototypeSlice, MathAbs, MathCos, MathSin, RegExpPrototypeExec, SafeWeakMap, TypeError } from '../../primordials.js';
import { blankImage, isImageData } from './ImageData.js';
import { canvasColor, canvasFont, canvasLength, copyOfState, DrawingState } from './drawing_state.js';
import { textWidth } from './text_width.js';

class CanvasRenderingContext2DImpl extends Impl {
  constructor(canvas, settings) {
    super();
    this.canvas = canvas;
    this.settings = settings;
    this.state = new DrawingState();
    this.stack = [];
  }
}
class CanvasGradientImpl extends Impl {}
class CanvasPatternImpl extends Impl {}
class Path2DImpl extends Impl {}
class TextMetricsImpl extends Impl {
  constructor(width, left, size, baseline) {
    super();
    this.width = width;
    this.left = left;            // of the alignment point
    this.size = size;            // of the font, px
    this.baseline = baseline;    // how far the chosen baseline is above the alphabetic one
  }
}

const contextsOfCanvases = new SafeWeakMap();      // by canvas

// https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-getcontext
export function canvasContext2D(canvas, options) {
  let context = contextsOfCanvases.get(canvas);
  if (context === undefined) {
    const given = options === null || typeof options !== 'object' ? { __proto__: null } : options;
    context = new CanvasRenderingContext2DImpl(canvas, {
      __proto__: null, alpha: given.alpha === undefined || !!given.alpha, colorSpace: 'srgb', desynchronized: false, willReadFrequently: !!given.willReadFrequently,
    });
    contextsOfCanvases.set(canvas, context);
    // The verdict on a page says what people would see and we do not have.
    hostPost('unsupported', { __proto__: null, name: 'drawing on a canvas (it stays transparent)' });
  }
  return context;
}

// https://html.spec.whatwg.org/multipage/canvas.html#reset-the-rendering-context-to-its-default-state
export function resetCanvas(canvas) {
  const context = contextsOfCanvases.get(canvas);
  if (context === undefined) return;
  context.state = new DrawingState();
  context.stack = [];
}

const isFiniteNumber = (value) => value - value === 0;

function areFinite(list) {
  for (let i = 0; i < list.length; i++) if (!isFiniteNumber(list[i])) return false;
  return true;
}

// -- attributes --------------------------------------------------------------------------------------------------------

function stateMember(name, valid = null) {
  return {
    __proto__: null,
    get: (self) => self.state[name],
    set(self, value) {
      if (valid === null || valid(value)) self.state[name] = value;
    },
  };
}

function convertedMember(name, convert) {
  return {
    __proto__: null,
    get: (self) => self.state[name],
    set(self, value) {
      const converted = convert(value);
      if (converted !== null) self.state[name] = converted;
    },
  };
}

const isCanvasStyle = (impl) => impl instanceof CanvasGradientImpl || impl instanceof CanvasPatternImpl;

function styleMember(name) {
  return {
    __proto__: null,
    get(self) {
      const style = self.state[name];
      return typeof style === 'string' ? style : wrap(style);
    },
    set(self, value) {
      const impl = unwrap(value);
      if (impl !== undefined && isCanvasStyle(impl)) {
        self.state[name] = impl;
        return;
      }
      const color = canvasColor('' + value);
      if (color !== null) self.state[name] = color;
    },
  };
}

const COMPOSITE_OPERATIONS = {
  __proto__: null, 'source-over': 1, 'source-in': 1, 'source-out': 1, 'source-atop': 1, 'destination-over': 1, 'destination-in': 1, 'destination-out': 1, 'destination-atop': 1,
  lighter: 1, copy: 1, xor: 1, multiply: 1, screen: 1, overlay: 1, darken: 1, lighten: 1, 'color-dodge': 1, 'color-burn': 1, 'hard-light': 1, 'soft-light': 1, difference: 1,
  exclusion: 1, hue: 1, saturation: 1, color: 1, luminosity: 1,
};

// -- the transformation ------------------------------------------------------------------------------------------------

// The new one is applied before the one that is there.
function transformCanvas(self, a, b, c, d, e, f) {
  if (!areFinite([a, b, c, d, e, f])) return;
  const m = self.state.matrix;
  self.state.matrix = [
    m[0] * a + m[2] * b, m[1] * a + m[3] * b, m[0] * c + m[2] * d, m[1] * c + m[3] * d, m[0] * e + m[2] * f + m[4], m[1] * e + m[3] * f + m[5],
  ];
}

// https://drafts.fxtf.org/geometry/#matrix-validate-and-fixup-2d
function matrixOf2DInit(init) {
  const pick = (short, long, fallback) => {
    if (short !== undefined && long !== undefined && short !== long && !(short !== short && long !== long)) throw new TypeError('The matrix gives a member by two names, with different values.');
    return short ?? long ?? fallback;
  };
  return [
    pick(init.a, init.m11, 1), pick(init.b, init.m12, 0), pick(init.c, init.m21, 0), pick(init.d, init.m22, 1), pick(init.e, init.m41, 0), pick(init.f, init.m42, 0),
  ];
}

function setCanvasMatrix(self, values) {
  if (areFinite(values)) self.state.matrix = values;
}

// -- text --------------------------------------------------------------------------------------------------------------

// Of Helvetica and Arial, in em.
const ASCENT = 0.905;
const DESCENT = 0.212;
const CAP_HEIGHT = 0.716;
const TEXT_BASELINES = { __proto__: null, alphabetic: 0, top: ASCENT, hanging: 0.8 * ASCENT, middle: (ASCENT - DESCENT) / 2, ideographic: -DESCENT, bottom: -DESCENT };

function measureCanvasText(self, text) {
  const { state } = self;
  const spacing = lengthNumber(state.letterSpacing) * text.length;
  const width = textWidth(text, state.fontSize, state.fontFamily) + spacing;
  const rtl = state.direction === 'rtl';
  let left = 0;
  if (state.textAlign === 'center') left = width / 2;
  else if (state.textAlign === 'right' || state.textAlign === (rtl ? 'start' : 'end')) left = width;
  return new TextMetricsImpl(width, left, state.fontSize, TEXT_BASELINES[state.textBaseline] * state.fontSize);
}

// Of what canvasLength() let through; other units than px count as px.
function lengthNumber(text) {
  const match = RegExpPrototypeExec(/^-?[0-9.]+/, text);
  return match === null ? 0 : +match[0];
}

// -- images ------------------------------------------------------------------------------------------------------------

const IMAGE_ELEMENTS = { __proto__: null, img: 1, image: 1, canvas: 1, video: 1 };

// https://html.spec.whatwg.org/multipage/canvas.html#check-the-usability-of-the-image-argument
function checkCanvasImage(value) {
  const impl = unwrap(value);
  if (impl === undefined || IMAGE_ELEMENTS[impl.localName] === undefined) {
    throw new TypeError("The provided value is not of type '(CSSImageValue or HTMLCanvasElement or HTMLImageElement or HTMLVideoElement or ImageBitmap or OffscreenCanvas or SVGImageElement or VideoFrame)'.");
  }
  if (impl.localName === 'canvas' && (parseNonNegative(getAttr(impl, 'width') ?? '300') === 0 || parseNonNegative(getAttr(impl, 'height') ?? '150') === 0)) {
    throw domException('InvalidStateError', 'The image argument is a canvas element with a width or height of 0.');
  }
}

function blankData(width, height, settings) {
  if (width === 0 || height === 0) throw domException('IndexSizeError', 'The source width or height is 0.');
  return blankImage(MathAbs(width), MathAbs(height), settings ?? { __proto__: null });
}

function checkRadius(name, radius) {
  if (radius < 0) throw domException('IndexSizeError', "Failed to execute '" + name + "': The radius provided (" + radius + ') is negative.');
}

function noGeometry(name) {
  return () => {
    throw domException('NotSupportedError', name + '() is not supported: paths of canvases are not kept.');
  };
}

const drawNothing = () => {};

const PATH_MEMBERS = {
  __proto__: null,
  closePath: drawNothing,
  moveTo: drawNothing,
  lineTo: drawNothing,
  quadraticCurveTo: drawNothing,
  bezierCurveTo: drawNothing,
  arcTo: (self, x1, y1, x2, y2, radius) => checkRadius('arcTo', radius),
  rect: drawNothing,
  roundRect: drawNothing,
  arc: (self, x, y, radius) => checkRadius('arc', radius),
  ellipse(self, x, y, radiusX, radiusY) {
    checkRadius('ellipse', radiusX);
    checkRadius('ellipse', radiusY);
  },
};

defineInterface(`
[Exposed=Window]
interface CanvasGradient {
  undefined addColorStop(double offset, DOMString color);
};
`, {
  addColorStop(self, offset, color) {
    if (offset < 0 || offset > 1) throw domException('IndexSizeError', "Failed to execute 'addColorStop' on 'CanvasGradient': The provided value (" + offset + ') is outside the range (0.0, 1.0).');
    if (canvasColor(color) === null) throw domException('SyntaxError', "Failed to execute 'addColorStop' on 'CanvasGradient': The value provided ('" + color + "') could not be parsed as a color.");
  },
}, CanvasGradientImpl);

defineInterface(`
[Exposed=Window]
interface CanvasPattern {
  undefined setTransform(optional DOMMatrix2DInit transform = {});
};
`, { setTransform: (self, init) => void matrixOf2DInit(init) }, CanvasPatternImpl);

defineInterface(`
[Exposed=Window]
interface TextMetrics {
  readonly attribute double width;
  readonly attribute double actualBoundingBoxLeft;
  readonly attribute double actualBoundingBoxRight;
  readonly attribute double fontBoundingBoxAscent;
  readonly attribute double fontBoundingBoxDescent;
  readonly attribute double actualBoundingBoxAscent;
  readonly attribute double actualBoundingBoxDescent;
  readonly attribute double emHeightAscent;
  readonly attribute double emHeightDescent;
  readonly attribute double hangingBaseline;
  readonly attribute double alphabeticBaseline;
  readonly attribute double ideographicBaseline;
};
`, {
  width: (self) => self.width,
  actualBoundingBoxLeft: (self) => self.left,
  actualBoundingBoxRight: (self) => self.width - self.left,
  fontBoundingBoxAscent: (self) => ASCENT * self.size - self.baseline,
  fontBoundingBoxDescent: (self) => DESCENT * self.size + self.baseline,
  actualBoundingBoxAscent: (self) => CAP_HEIGHT * self.size - self.baseline,
  actualBoundingBoxDescent: (self) => self.baseline,
  emHeightAscent: (self) => ASCENT / (ASCENT + DESCENT) * self.size - self.baseline,
  emHeightDescent: (self) => DESCENT / (ASCENT + DESCENT) * self.size + self.baseline,
  hangingBaseline: (self) => TEXT_BASELINES.hanging * self.size - self.baseline,
  alphabeticBaseline: (self) => 0 - self.baseline,
  ideographicBaseline: (self) => -DESCENT * self.size - self.baseline,
}, TextMetricsImpl);

defineInterface(`
[Exposed=Window]
interface Path2D {
  constructor(optional (Path2D or DOMString) path);
  undefined addPath(Path2D path, optional DOMMatrix2DInit transform = {});
  undefined closePath();
  undefined moveTo(unrestricted double x, unrestricted double y);
  undefined lineTo(unrestricted double x, unrestricted double y);
  undefined quadraticCurveTo(unrestricted double cpx, unrestricted double cpy, unrestricted double x, unrestricted double y);
  undefined bezierCurveTo(unrestricted double cp1x, unrestricted double cp1y, unrestricted double cp2x, unrestricted double cp2y, unrestricted double x, unrestricted double y);
  undefined arcTo(unrestricted double x1, unrestricted double y1, unrestricted double x2, unrestricted double y2, unrestricted double radius);
  undefined rect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h);
  undefined roundRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h, optional any radii = 0);
  undefined arc(unrestricted double x, unrestricted double y, unrestricted double radius, unrestricted double startAngle, unrestricted double endAngle, optional boolean counterclockwise = false);
  undefined ellipse(unrestricted double x, unrestricted double y, unrestricted double radiusX, unrestricted double radiusY, unrestricted double rotation, unrestricted double startAngle, unrestricted double endAngle, optional boolean counterclockwise = false);
};
`, { __proto__: null, ...PATH_MEMBERS, constructor: () => new Path2DImpl(), addPath: (self, path, init) => void matrixOf2DInit(init) }, Path2DImpl);

defineInterface(`
enum CanvasFillRule { "nonzero", "evenodd" };
enum CanvasLineCap { "butt", "round", "square" };
enum CanvasLineJoin { "round", "bevel", "miter" };
enum CanvasTextAlign { "start", "end", "left", "right", "center" };
enum CanvasTextBaseline { "top", "hanging", "middle", "alphabetic", "ideographic", "bottom" };
enum CanvasDirection { "ltr", "rtl", "inherit" };
enum CanvasFontKerning { "auto", "normal", "none" };
enum CanvasFontStretch { "ultra-condensed", "extra-condensed", "condensed", "semi-condensed", "normal", "semi-expanded", "expanded", "extra-expanded", "ultra-expanded" };
enum CanvasFontVariantCaps { "normal", "small-caps", "all-small-caps", "petite-caps", "all-petite-caps", "unicase", "titling-caps" };
enum CanvasTextRendering { "auto", "optimizeSpeed", "optimizeLegibility", "geometricPrecision" };
enum ImageSmoothingQuality { "low", "medium", "high" };
[Exposed=Window]
interface CanvasRenderingContext2D {
  readonly attribute HTMLCanvasElement canvas;
  any getContextAttributes();
  undefined save();
  undefined restore();
  undefined reset();
  boolean isContextLost();
  undefined scale(unrestricted double x, unrestricted double y);
  undefined rotate(unrestricted double angle);
  undefined translate(unrestricted double x, unrestricted double y);
  undefined transform(unrestricted double a, unrestricted double b, unrestricted double c, unrestricted double d, unrestricted double e, unrestricted double f);
  [NewObject] DOMMatrix getTransform();
  undefined setTransform(unrestricted double a, unrestricted double b, unrestricted double c, unrestricted double d, unrestricted double e, unrestricted double f);
  undefined setTransform(optional DOMMatrix2DInit transform = {});
  undefined resetTransform();
  attribute unrestricted double globalAlpha;
  attribute DOMString globalCompositeOperation;
  attribute boolean imageSmoothingEnabled;
  attribute ImageSmoothingQuality imageSmoothingQuality;
  attribute any strokeStyle;
  attribute any fillStyle;
  CanvasGradient createLinearGradient(double x0, double y0, double x1, double y1);
  CanvasGradient createRadialGradient(double x0, double y0, double r0, double x1, double y1, double r1);
  CanvasGradient createConicGradient(double startAngle, double x, double y);
  CanvasPattern? createPattern(any image, [LegacyNullToEmptyString] DOMString repetition);
  attribute unrestricted double shadowOffsetX;
  attribute unrestricted double shadowOffsetY;
  attribute unrestricted double shadowBlur;
  attribute DOMString shadowColor;
  attribute DOMString filter;
  undefined clearRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h);
  undefined fillRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h);
  undefined strokeRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h);
  undefined beginPath();
  undefined fill(optional CanvasFillRule fillRule = "nonzero");
  undefined fill(Path2D path, optional CanvasFillRule fillRule = "nonzero");
  undefined stroke();
  undefined stroke(Path2D path);
  undefined clip(optional CanvasFillRule fillRule = "nonzero");
  undefined clip(Path2D path, optional CanvasFillRule fillRule = "nonzero");
  boolean isPointInPath(unrestricted double x, unrestricted double y, optional CanvasFillRule fillRule = "nonzero");
  boolean isPointInPath(Path2D path, unrestricted double x, unrestricted double y, optional CanvasFillRule fillRule = "nonzero");
  boolean isPointInStroke(unrestricted double x, unrestricted double y);
  boolean isPointInStroke(Path2D path, unrestricted double x, unrestricted double y);
  undefined fillText(DOMString text, unrestricted double x, unrestricted double y, optional unrestricted double maxWidth);
  undefined strokeText(DOMString text, unrestricted double x, unrestricted double y, optional unrestricted double maxWidth);
  TextMetrics measureText(DOMString text);
  undefined drawImage(any image, unrestricted double dx, unrestricted double dy, optional unrestricted double dw, optional unrestricted double dh, optional unrestricted double x, optional unrestricted double y, optional unrestricted double w, optional unrestricted double h);
  ImageData createImageData([EnforceRange] long sw, [EnforceRange] long sh, optional ImageDataSettings settings = {});
  ImageData createImageData(ImageData imageData);
  ImageData getImageData([EnforceRange] long sx, [EnforceRange] long sy, [EnforceRange] long sw, [EnforceRange] long sh, optional ImageDataSettings settings = {});
  undefined putImageData(ImageData imageData, [EnforceRange] long dx, [EnforceRange] long dy, optional [EnforceRange] long x, optional [EnforceRange] long y, optional [EnforceRange] long w, optional [EnforceRange] long h);
  attribute unrestricted double lineWidth;
  attribute CanvasLineCap lineCap;
  attribute CanvasLineJoin lineJoin;
  attribute unrestricted double miterLimit;
  undefined setLineDash(sequence<unrestricted double> segments);
  sequence<unrestricted double> getLineDash();
  attribute unrestricted double lineDashOffset;
  attribute DOMString font;
  attribute CanvasTextAlign textAlign;
  attribute CanvasTextBaseline textBaseline;
  attribute CanvasDirection direction;
  attribute DOMString letterSpacing;
  attribute CanvasFontKerning fontKerning;
  attribute CanvasFontStretch fontStretch;
  attribute CanvasFontVariantCaps fontVariantCaps;
  attribute CanvasTextRendering textRendering;
  attribute DOMString wordSpacing;
  undefined closePath();
  undefined moveTo(unrestricted double x, unrestricted double y);
  undefined lineTo(unrestricted double x, unrestricted double y);
  undefined quadraticCurveTo(unrestricted double cpx, unrestricted double cpy, unrestricted double x, unrestricted double y);
  undefined bezierCurveTo(unrestricted double cp1x, unrestricted double cp1y, unrestricted double cp2x, unrestricted double cp2y, unrestricted double x, unrestricted double y);
  undefined arcTo(unrestricted double x1, unrestricted double y1, unrestricted double x2, unrestricted double y2, unrestricted double radius);
  undefined rect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h);
  undefined roundRect(unrestricted double x, unrestricted double y, unrestricted double w, unrestricted double h, optional any radii = 0);
  undefined arc(unrestricted double x, unrestricted double y, unrestricted double radius, unrestricted double startAngle, unrestricted double endAngle, optional boolean counterclockwise = false);
  undefined ellipse(unrestricted double x, unrestricted double y, unrestricted double radiusX, unrestricted double radiusY, unrestricted double rotation, unrestricted double startAngle, unrestricted double endAngle, optional boolean counterclockwise = false);
};
`, {
  __proto__: null,
  ...PATH_MEMBERS,
  canvas: (self) => self.canvas,
  getContextAttributes: ({ settings }) => ({ alpha: settings.alpha, colorSpace: settings.colorSpace, desynchronized: settings.desynchronized, willReadFrequently: settings.willReadFrequently }),
  save(self) {
    self.stack[self.stack.length] = copyOfState(self.state);
  },
  restore(self) {
    if (self.stack.length === 0) return;
    self.state = self.stack[self.stack.length - 1];
    self.stack.length--;
  },
  reset: (self) => resetCanvas(self.canvas),
  isContextLost: () => false,
  scale: (self, x, y) => transformCanvas(self, x, 0, 0, y, 0, 0),
  rotate: (self, angle) => transformCanvas(self, MathCos(angle), MathSin(angle), -MathSin(angle), MathCos(angle), 0, 0),
  translate: (self, x, y) => transformCanvas(self, 1, 0, 0, 1, x, y),
  transform: transformCanvas,
  getTransform({ state: { matrix: m } }) {
    return new DOMMatrixImpl([m[0], m[1], 0, 0, m[2], m[3], 0, 0, 0, 0, 1, 0, m[4], m[5], 0, 1], true);
  },
  'setTransform:0': (self, a, b, c, d, e, f) => setCanvasMatrix(self, [a, b, c, d, e, f]),
  'setTransform:1': (self, init) => setCanvasMatrix(self, matrixOf2DInit(init)),
  resetTransform: (self) => setCanvasMatrix(self, [1, 0, 0, 1, 0, 0]),
  globalAlpha: stateMember('globalAlpha', (value) => value >= 0 && value <= 1),
  globalCompositeOperation: stateMember('globalCompositeOperation', (value) => COMPOSITE_OPERATIONS[value] !== undefined),
  imageSmoothingEnabled: stateMember('imageSmoothingEnabled'),
  imageSmoothingQuality: stateMember('imageSmoothingQuality'),
  strokeStyle: styleMember('strokeStyle'),
  fillStyle: styleMember('fillStyle'),
  createLinearGradient: () => new CanvasGradientImpl(),
  createRadialGradient(self, x0, y0, r0, x1, y1, r1) {
    checkRadius('createRadialGradient', r0);
    checkRadius('createRadialGradient', r1);
    return new CanvasGradientImpl();
  },
  createConicGradient: () => new CanvasGradientImpl(),
  createPattern(self, image, repetition) {
    checkCanvasImage(image);
    if (repetition !== '' && repetition !== 'repeat' && repetition !== 'repeat-x' && repetition !== 'repeat-y' && repetition !== 'no-repeat') {
      throw domException('SyntaxError', "The provided type ('" + repetition + "') is not one of 'repeat', 'no-repeat', 'repeat-x', or 'repeat-y'.");
    }
    return new CanvasPatternImpl();
  },
  shadowOffsetX: stateMember('shadowOffsetX', isFiniteNumber),
  shadowOffsetY: stateMember('shadowOffsetY', isFiniteNumber),
  shadowBlur: stateMember('shadowBlur', (value) => value >= 0 && isFiniteNumber(value)),
  shadowColor: convertedMember('shadowColor', canvasColor),
  filter: stateMember('filter', (value) => value !== ''),
  clearRect: drawNothing,
  fillRect: drawNothing,
  strokeRect: drawNothing,
  beginPath: drawNothing,
  fill: drawNothing,
  stroke: drawNothing,
  clip: drawNothing,
  isPointInPath: noGeometry('isPointInPath'),
  isPointInStroke: noGeometry('isPointInStroke'),
  fillText: drawNothing,
  strokeText: drawNothing,
  measureText: measureCanvasText,
  drawImage(self, image, dx, dy, dw, dh, x, y, w, h) {
    if (dw !== undefined && (dh === undefined || (x !== undefined && h === undefined))) throw new TypeError("Failed to execute 'drawImage' on 'CanvasRenderingContext2D': Valid arities are: [3, 5, 9].");
    checkCanvasImage(image);
  },
  createImageData: (self, first, height, settings) => (isImageData(first) ? blankImage(first.width, first.height, first) : blankData(first, height, settings)),
  getImageData: (self, x, y, width, height, settings) => blankData(width, height, settings),
  putImageData: drawNothing,
  lineWidth: stateMember('lineWidth', (value) => value > 0 && isFiniteNumber(value)),
  lineCap: stateMember('lineCap'),
  lineJoin: stateMember('lineJoin'),
  miterLimit: stateMember('miterLimit', (value) => value > 0 && isFiniteNumber(value)),
  setLineDash(self, segments) {
    const out = [];
    for (let i = 0; i < segments.length; i++) {
      if (!isFiniteNumber(segments[i]) || segments[i] < 0) return;
      out[i] = segments[i];
    }
    const { length } = out;
    if (length % 2 === 1) for (let i = 0; i < length; i++) out[out.length] = out[i];
    self.state.lineDash = out;
  },
  getLineDash: (self) => ArrayPrototypeSlice(self.state.lineDash, 0),
  lineDashOffset: stateMember('lineDashOffset', isFiniteNumber),
  font: {
    __proto__: null,
    get: (self) => self.state.font,
    set({ state }, text) {
      const font = canvasFont(text);
      if (font === null) return;
      state.font = font.font;
      state.fontSize = font.size;
      state.fontFamily = font.family;
    },
  },
  textAlign: stateMember('textAlign'),
  textBaseline: stateMember('textBaseline'),
  direction: stateMember('direction'),
  letterSpacing: convertedMember('letterSpacing', canvasLength),
  fontKerning: stateMember('fontKerning'),
  fontStretch: stateMember('fontStretch'),
  fontVariantCaps: stateMember('fontVariantCaps'),
  textRendering: stateMember('textRendering'),
  wordSpacing: convertedMember('wordSpacing', canvasLength),
}, CanvasRenderingContext2DImpl);
