// https://html.spec.whatwg.org/multipage/canvas.html#the-canvas-state
// What a context keeps, and what is taken for a value of it.

import { ObjectKeys, RegExpPrototypeExec, StringPrototypePadStart, NumberPrototypeToString, StringPrototypeToLowerCase } from '../../primordials.js';
import { cssComponents } from '../../css/syntax/components.js';
import { cssColorOf, serializeCssColor } from '../../css/values/colors.js';
import { parseCssDeclaration } from '../../css/cssom/declarations.js';
import { isCssWide } from '../../css/values/parse.js';

const PX_OF_UNITS = { __proto__: null, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 96 / 2.54, mm: 96 / 25.4, q: 96 / 101.6, em: 10, rem: 16, ex: 5, ch: 5, '%': 0.1 };
const FONT_SIZE_KEYWORDS = { __proto__: null, 'xx-small': 9, 'x-small': 10, small: 13, medium: 16, large: 18, 'x-large': 24, 'xx-large': 32, 'xxx-large': 48, smaller: 10 / 1.2, larger: 12 };

export class DrawingState {
  constructor() {
    this.matrix = [1, 0, 0, 1, 0, 0];
    this.fillStyle = '#000000';        // text, or the impl of a gradient or pattern
    this.strokeStyle = '#000000';
    this.globalAlpha = 1;
    this.globalCompositeOperation = 'source-over';
    this.imageSmoothingEnabled = true;
    this.imageSmoothingQuality = 'low';
    this.shadowOffsetX = 0;
    this.shadowOffsetY = 0;
    this.shadowBlur = 0;
    this.shadowColor = 'rgba(0, 0, 0, 0)';
    this.filter = 'none';
    this.lineWidth = 1;
    this.lineCap = 'butt';
    this.lineJoin = 'miter';
    this.miterLimit = 10;
    this.lineDash = [];
    this.lineDashOffset = 0;
    this.font = '10px sans-serif';
    this.fontSize = 10;                // px
    this.fontFamily = 'sans-serif';
    this.textAlign = 'start';
    this.textBaseline = 'alphabetic';
    this.direction = 'inherit';
    this.letterSpacing = '0px';
    this.wordSpacing = '0px';
    this.fontKerning = 'auto';
    this.fontStretch = 'normal';
    this.fontVariantCaps = 'normal';
    this.textRendering = 'auto';
  }
}

export function copyOfState(state) {
  const copy = new DrawingState();
  const keys = ObjectKeys(copy);
  for (let i = 0; i < keys.length; i++) copy[keys[i]] = state[keys[i]];
  return copy;
}

// https://html.spec.whatwg.org/multipage/canvas.html#serialisation-of-a-color; null: no colour
export function canvasColor(text) {
  const list = cssComponents(text);
  if (list === null || list.length !== 1) return null;
  const color = cssColorOf(list[0]);
  if (color === null) return null;
  if (color === 'currentcolor') return '#000000';
  if (typeof color === 'string' || color.a !== 1) return serializeCssColor(color);
  return '#' + StringPrototypePadStart(NumberPrototypeToString(color.r * 65536 + color.g * 256 + color.b, 16), 6, '0');
}

// https://html.spec.whatwg.org/multipage/canvas.html#dom-context-2d-font; null: to be ignored. Relative sizes are those of a canvas that inherits nothing.
export function canvasFont(text) {
  const list = parseCssDeclaration('font', text, false);
  if (list === null) return null;
  const parts = { __proto__: null };
  for (let i = 0; i < list.length; i++) {
    if (list[i].substitutes || isCssWide(list[i].value)) return null;
    parts[list[i].name] = list[i].value;
  }
  const size = StringPrototypeToLowerCase(parts['font-size']);
  const match = RegExpPrototypeExec(/^([0-9.e+-]+?)([a-z]+|%)$/, size);
  const px = match === null ? FONT_SIZE_KEYWORDS[size] : +match[1] * (PX_OF_UNITS[match[2]] ?? NaN);
  if (px === undefined || px !== px) return null;
  const weight = parts['font-weight'];
  let out = '';
  if (parts['font-style'] !== 'normal') out += parts['font-style'] + ' ';
  if (parts['font-variant-caps'] !== undefined && parts['font-variant-caps'] !== 'normal') out += parts['font-variant-caps'] + ' ';
  if (weight !== 'normal' && weight !== '400') out += (weight === '700' ? 'bold' : weight) + ' ';
  return { __proto__: null, font: out + px + 'px ' + parts['font-family'], size: px, family: parts['font-family'] };
}

// A length in px, as letterSpacing takes it; null: to be ignored.
export function canvasLength(text) {
  const match = RegExpPrototypeExec(/^(-?[0-9.]+)([a-zA-Z]+)$/, text);
  if (match === null) return null;
  const unit = StringPrototypeToLowerCase(match[2]);
  return PX_OF_UNITS[unit] === undefined ? null : match[1] + unit;
}
