// https://html.spec.whatwg.org/multipage/canvas.html#2dcontext
// Contexts that keep their state and path and measure text, and whose image stays transparent: there are no pixels. What is drawn is therefore checked and not kept.

import { hostPost } from '../../host.js';
import { Impl } from '../../webidl/impl.js';
import { defineInterface } from '../../webidl/interface.js';
import { unwrap, wrap } from '../../webidl/wrapper.js';
import { domException } from '../../dom/DOMException.js';
import { DOMMatrixImpl } from '../../geometry/DOMMatrix.js';
import { getAttr } from '../../dom/attributes.js';
import { parseNonNegative } from '../reflect.js';
import { ArrayPrototypeSlice, MathAbs, MathCos, MathSin, RegExpPrototypeExec, SafeWeakMap, TypeError } from '../../primordials.js';
import { inverted2D, mappedPoint, Outline } from '../../geometry/outline.js';
import { outlineContains, strokeContains } from '../../geometry/outline_hits.js';
import { blankImage, isImageData } from './ImageData.js';
import { canvasColor, canvasFont, canvasLength, copyOfState, DrawingState } from './drawing_state.js';
import { ImageBitmapImpl } from './ImageBitmap.js';
import { OffscreenCanvasImpl } from './OffscreenCanvas.js';
import { areFinite, isFiniteNumber, matrixOf2DInit } from './Path2D.js';
import { textWidth } from './text_width.js';

class CanvasRenderingContext2DImpl extends Impl {
  constructor(canvas, settings) {
    super();
    this.canvas = canvas;          // the element, or the OffscreenCanvas
    this.settings = settings;
    this.state = new DrawingState();
    this.stack = [];
    this.outline = new Outline();  // the current path, in the canvas's coordinates
  }
}
class OffscreenCanvasRenderingContext2DImpl extends CanvasRenderingContext2DImpl {}
class CanvasGradientImpl extends Impl {}
class CanvasPatternImpl extends Impl {}
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

// https://html.spec.whatwg.org/multipage/canvas.html#canvasrenderingcontext2dsettings: each member is read once, in the order of the names
function contextSettings(options) {
  const { alpha, colorSpace = 'srgb', desynchronized, willReadFrequently } = options;
  const space = '' + colorSpace;
  if (space !== 'srgb' && space !== 'display-p3') throw new TypeError("Failed to read the 'colorSpace' property from 'CanvasRenderingContext2DSettings': The provided value '" + space + "' is not a valid enum value of type PredefinedColorSpace.");
  return { __proto__: null, alpha: alpha === undefined || !!alpha, colorSpace: space, desynchronized: !!desynchronized, willReadFrequently: !!willReadFrequently };
}

// https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-getcontext
export function canvasContext2D(canvas, options) {
  let context = contextsOfCanvases.get(canvas);
  if (context === undefined) {
    const Context = canvas.nodeType === 1 ? CanvasRenderingContext2DImpl : OffscreenCanvasRenderingContext2DImpl;
    context = new Context(canvas, contextSettings(options === null || (typeof options !== 'object' && typeof options !== 'function') ? { __proto__: null } : options));
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
  context.outline = new Outline();
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
  if (impl instanceof OffscreenCanvasImpl) {
    if (impl.detached || impl.width === 0 || impl.height === 0) throw domException('InvalidStateError', 'The image argument is an OffscreenCanvas that is detached, or has a width or height of 0.');
    return;
  }
  if (impl instanceof ImageBitmapImpl) {
    if (impl.detached) throw domException('InvalidStateError', 'The image source is detached.');
    return;
  }
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

function checkGradientRadius(radius) {
  if (radius < 0) throw domException('IndexSizeError', "Failed to execute 'createRadialGradient' on 'CanvasRenderingContext2D': The radius provided (" + radius + ') is less than 0.');
}

// https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-ispointinpath: the point is in the canvas's coordinates; so is the current path, but a Path2D is not
function pointInPath(self, path, x, y, rule) {
  if (!isFiniteNumber(x) || !isFiniteNumber(y)) return false;
  if (path === null) return outlineContains(self.outline, x, y, rule === 'evenodd');
  const back = inverted2D(self.state.matrix);
  if (back === null) return false;
  const { 0: u, 1: v } = mappedPoint(back, x, y);
  return outlineContains(path.outline, u, v, rule === 'evenodd');
}

// The stroke is as wide as the transformation makes it.
function pointInStroke(self, path, x, y) {
  const { state } = self;
  const back = isFiniteNumber(x) && isFiniteNumber(y) ? inverted2D(state.matrix) : null;
  if (back === null) return false;
  let outline = path === null ? self.outline : path.outline;
  if (path === null) {
    outline = new Outline();
    outline.append(self.outline, back);
  }
  const { 0: u, 1: v } = mappedPoint(back, x, y);
  return strokeContains(outline, {
    __proto__: null, width: state.lineWidth, cap: state.lineCap, join: state.lineJoin, miterLimit: state.miterLimit, dashes: state.lineDash, dashOffset: state.lineDashOffset, dots: false,
  }, u, v);
}

const drawNothing = () => {};

defineInterface(`
[Exposed=(Window,Worker)]
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
[Exposed=(Window,Worker)]
interface CanvasPattern {
  undefined setTransform(optional DOMMatrix2DInit transform = {});
};
`, { setTransform: (self, init) => void matrixOf2DInit(init) }, CanvasPatternImpl);

defineInterface(`
[Exposed=(Window,Worker)]
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
interface mixin CanvasDrawing {
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
};
`, {
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
    checkGradientRadius(r0);
    checkGradientRadius(r1);
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
  beginPath(self) {
    self.outline = new Outline();
  },
  fill: drawNothing,
  stroke: drawNothing,
  clip: drawNothing,
  'isPointInPath:0': (self, x, y, rule) => pointInPath(self, null, x, y, rule),
  'isPointInPath:1': pointInPath,
  'isPointInStroke:0': (self, x, y) => pointInStroke(self, null, x, y),
  'isPointInStroke:1': pointInStroke,
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
});

defineInterface(`
[Exposed=Window]
interface CanvasRenderingContext2D {
  readonly attribute HTMLCanvasElement canvas;
};
CanvasRenderingContext2D includes CanvasDrawing;
CanvasRenderingContext2D includes CanvasPath;
`, { canvas: (self) => self.canvas }, CanvasRenderingContext2DImpl);

defineInterface(`
[Exposed=(Window,Worker)]
interface OffscreenCanvasRenderingContext2D {
  readonly attribute OffscreenCanvas canvas;
};
OffscreenCanvasRenderingContext2D includes CanvasDrawing;
OffscreenCanvasRenderingContext2D includes CanvasPath;
`, { canvas: (self) => self.canvas }, OffscreenCanvasRenderingContext2DImpl);
