// https://drafts.csswg.org/css-color-5/
// lab(), lch(), oklab(), oklch(), color(), color-mix(), light-dark() and colours that are relative to others: what they are when specified, and when computed.

import { ArrayPrototypeSlice, MathAbs, MathMax, MathMin, NumberPrototypeToPrecision, StringPrototypeToLowerCase } from '../../primordials.js';
import { CssComponent, serializeCssComponent, splitCssCommas } from '../syntax/components.js';
import { cssChannel, cssColorOf } from './colors.js';
import { convertedChannels, hueOf } from './color_spaces.js';
import { cssAngleDegrees, isCssMath } from './numbers.js';
import { canonicalCssList } from './parse.js';

const COLOR_SPACES = {
  __proto__: null, srgb: 'srgb', 'srgb-linear': 'srgb-linear', 'display-p3': 'display-p3', 'display-p3-linear': 'display-p3-linear', 'a98-rgb': 'a98-rgb', 'prophoto-rgb': 'prophoto-rgb', rec2020: 'rec2020',
  xyz: 'xyz-d65', 'xyz-d65': 'xyz-d65', 'xyz-d50': 'xyz-d50',
};
// Names of channels, what 100% is of each, and which one is a hue
const FUNCTIONS = {
  __proto__: null,
  lab: { names: ['l', 'a', 'b'], full: [100, 125, 125], hue: -1 },
  oklab: { names: ['l', 'a', 'b'], full: [1, 0.4, 0.4], hue: -1 },
  lch: { names: ['l', 'c', 'h'], full: [100, 150, 0], hue: 2 },
  oklch: { names: ['l', 'c', 'h'], full: [1, 0.4, 0], hue: 2 },
  hsl: { names: ['h', 's', 'l'], full: [0, 100, 100], hue: 0 },
  hwb: { names: ['h', 'w', 'b'], full: [0, 100, 100], hue: 0 },
  srgb: { names: ['r', 'g', 'b'], full: [255, 255, 255], hue: -1 },
  color: { names: ['r', 'g', 'b'], full: [1, 1, 1], hue: -1 },
  xyz: { names: ['x', 'y', 'z'], full: [1, 1, 1], hue: -1 },
};
const MIX_SPACES = { __proto__: null, ...COLOR_SPACES, lab: 'lab', oklab: 'oklab', lch: 'lch', oklch: 'oklch', hsl: 'hsl', hwb: 'hwb' };
const HUE_AT = { __proto__: null, lch: 2, oklch: 2, hsl: 0, hwb: 0 };
const CHROMA_FREE = { __proto__: null, lch: 0.0015, oklch: 0.000004, hsl: 0.001 };     // https://drafts.csswg.org/css-color-4/#powerless
// Channels that mean the same in other spaces: https://drafts.csswg.org/css-color-4/#interpolation-missing
const ANALOGOUS = {
  __proto__: null, lab: ['L', 'a', 'b'], oklab: ['L', 'a', 'b'], lch: ['L', 'C', 'H'], oklch: ['L', 'C', 'H'], hsl: ['H', 'C', 'L'], hwb: ['H', '', ''], 'xyz-d65': ['r', 'g', 'b'], 'xyz-d50': ['r', 'g', 'b'],
};
const RGB_CHANNELS = ['r', 'g', 'b'];

// `channels` and `alpha` are numbers, or null: none
class Color {
  constructor(space, channels, alpha) {
    this.space = space;
    this.channels = channels;
    this.alpha = alpha;
  }
}

const known = (channels) => [channels[0] ?? 0, channels[1] ?? 0, channels[2] ?? 0];

function converted(color, space) {
  return color.space === space ? color : new Color(space, convertedChannels(color.space, space, known(color.channels)), color.alpha);
}

function lowerWord(node) {
  return node !== undefined && node.type === 'ident' ? StringPrototypeToLowerCase(node.value) : '';
}

// Channel names become numbers, wherever they stand; null: a name that is none of them.
function withNumbers(list, table) {
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const node = list[i];
    const value = table[lowerWord(node)];
    if (value === undefined && node.args === null) out[i] = node;
    else {
      out[i] = new CssComponent(value === undefined ? node.type : 'number', value === undefined ? node.value : '', node.space);
      out[i].number = value ?? 0;
      if (value === undefined) out[i].args = withNumbers(node.args, table);
    }
  }
  return out;
}

// A number; null: none; NaN: wrong
function channelOf(node, full, isHue) {
  if (lowerWord(node) === 'none') return null;
  const value = isHue ? cssAngleDegrees(node) : cssChannel(node, full);
  return value === value && value - value !== 0 ? (value > 0 ? 3.4028234663852886e38 : -3.4028234663852886e38) : value;
}

// https://drafts.csswg.org/css-color-4/#color-syntax: [from color] [space] c c c [/ alpha]; a Color, or null
function parsedColorFunction(node, context) {
  let list = node.args;
  let at = 0;
  let origin = null;
  if (lowerWord(list[0]) === 'from') {
    if (list.length < 2) return null;
    origin = colorOfComponent(list[1], context);
    if (origin === null) return null;
    at = 2;
  }
  let space = node.value === 'rgb' || node.value === 'rgba' ? 'srgb' : node.value === 'hsla' ? 'hsl' : node.value;
  let shape = FUNCTIONS[space];
  if (space === 'color') {
    space = COLOR_SPACES[lowerWord(list[at])];
    if (space === undefined) return null;
    at++;
    if (space === 'xyz-d65' || space === 'xyz-d50') shape = FUNCTIONS.xyz;
  }
  if (origin !== null) {
    const its = converted(origin, space);
    const table = { __proto__: null, alpha: its.alpha ?? 0 };
    // Channels of rgb() count to 255.
    for (let i = 0; i < 3; i++) table[shape.names[i]] = (its.channels[i] ?? 0) * (shape === FUNCTIONS.srgb ? 255 : 1);
    list = withNumbers(list, table);
  }
  const channels = [];
  for (let i = 0; i < 3; i++, at++) {
    if (at >= list.length || list[at].type === 'comma' || list[at].type === 'delim') return null;
    const value = channelOf(list[at], shape.full[i], i === shape.hue);
    if (value !== value) return null;
    channels[i] = value === null ? null : i === shape.hue ? hueOf(value) : shape === FUNCTIONS.srgb ? value / 255 : value;
  }
  let alpha = origin === null ? 1 : origin.alpha;
  if (at < list.length) {
    if (list[at].type !== 'delim' || list[at].value !== '/' || at + 2 !== list.length) return null;
    const value = channelOf(list[at + 1], 1, false);
    if (value !== value) return null;
    alpha = value === null ? null : MathMax(0, MathMin(1, value));
  }
  if (space === 'lab' || space === 'oklab' || space === 'lch' || space === 'oklch') {
    if (channels[0] !== null) channels[0] = MathMax(0, MathMin(shape.full[0], channels[0]));
    if (shape.hue === 2 && channels[1] !== null) channels[1] = MathMax(0, channels[1]);
  }
  return new Color(space, channels, alpha);
}

// https://drafts.csswg.org/css-color-5/#color-mix: [color, percentage or NaN], or null
function mixPart(list, context) {
  let percentage = NaN;
  let color = null;
  for (let i = 0; i < list.length; i++) {
    if (list[i].type === 'percentage' || isCssMath(list[i])) {
      const value = cssChannel(list[i], 100);
      if (percentage === percentage || !(value >= 0 && value <= 100)) return null;
      percentage = value;
    } else {
      if (color !== null) return null;
      color = colorOfComponent(list[i], context);
      if (color === null) return null;
    }
  }
  return color === null ? null : { __proto__: null, color, percentage };
}

// To the space that is mixed in, where channels that are missing stay so, and hues of what has none are missing
function preparedForMixing(color, space) {
  const out = new Color(space, ArrayPrototypeSlice(converted(color, space).channels, 0), color.alpha);
  const hue = HUE_AT[space];
  const free = CHROMA_FREE[space];
  if (hue !== undefined && color.space !== space) {
    if (space === 'hwb' ? out.channels[1] + out.channels[2] >= 99.999 : MathAbs(out.channels[1]) <= free) out.channels[hue] = null;
  }
  if (color.space !== space) {
    const from = ANALOGOUS[color.space] ?? RGB_CHANNELS;
    const to = ANALOGOUS[space] ?? RGB_CHANNELS;
    for (let i = 0; i < 3; i++) {
      if (color.channels[i] !== null || from[i] === '') continue;
      for (let j = 0; j < 3; j++) if (to[j] === from[i]) out.channels[j] = null;
    }
  }
  return out;
}

// https://drafts.csswg.org/css-color-4/#hue-interpolation
function fixedHues(a, b, method) {
  const difference = b - a;
  switch (method) {
    case 'longer': return difference > 0 && difference < 180 ? [a + 360, b] : difference > -180 && difference <= 0 ? [a, b + 360] : [a, b];
    case 'increasing': return difference < 0 ? [a, b + 360] : [a, b];
    case 'decreasing': return difference > 0 ? [a + 360, b] : [a, b];
    default: return difference > 180 ? [a + 360, b] : difference < -180 ? [a, b + 360] : [a, b];
  }
}

function mixedColor(node, context) {
  const parts = splitCssCommas(node.args);
  const head = parts[0];
  if (parts.length !== 3 || lowerWord(head[0]) !== 'in' || head.length === 1) return null;
  const space = MIX_SPACES[lowerWord(head[1])];
  if (space === undefined) return null;
  let method = 'shorter';
  if (head.length > 2) {
    method = lowerWord(head[2]);
    if (HUE_AT[space] === undefined || head.length !== 4 || lowerWord(head[3]) !== 'hue') return null;
    if (method !== 'shorter' && method !== 'longer' && method !== 'increasing' && method !== 'decreasing') return null;
  }
  const first = mixPart(parts[1], context);
  const second = mixPart(parts[2], context);
  if (first === null || second === null) return null;
  let p = first.percentage;
  let q = second.percentage;
  if (p !== p) p = q === q ? 100 - q : 50;
  if (q !== q) q = 100 - p;
  if (p + q === 0) return null;
  const strength = MathMin(1, (p + q) / 100);
  const weight = q / (p + q);
  const a = preparedForMixing(first.color, space);
  const b = preparedForMixing(second.color, space);
  const alphaA = a.alpha ?? b.alpha;
  const alphaB = b.alpha ?? a.alpha;
  const alpha = alphaA === null ? null : alphaA + (alphaB - alphaA) * weight;
  const channels = [];
  const hue = HUE_AT[space];
  for (let i = 0; i < 3; i++) {
    let u = a.channels[i] ?? b.channels[i];
    let v = b.channels[i] ?? a.channels[i];
    if (u === null) channels[i] = null;
    else if (i === hue) {
      ({ 0: u, 1: v } = fixedHues(u, v, method));
      channels[i] = hueOf(u + (v - u) * weight);
    } else if (alpha === null) channels[i] = u + (v - u) * weight;
    else channels[i] = alpha === 0 ? u + (v - u) * weight : (u * alphaA + (v * alphaB - u * alphaA) * weight) / alpha;
  }
  const out = new Color(space, channels, alpha === null ? null : alpha * strength);
  return space === 'hsl' || space === 'hwb' ? converted(out, 'srgb') : out;
}

// Any colour component; null: it is none
function colorOfComponent(node, context) {
  if (node.type === 'function') {
    switch (node.value) {
      case 'color-mix': return mixedColor(node, context);
      case 'light-dark': {
        const parts = splitCssCommas(node.args);
        if (parts.length !== 2 || parts[0].length !== 1 || parts[1].length !== 1) return null;
        const light = colorOfComponent(parts[0][0], context);
        const dark = colorOfComponent(parts[1][0], context);
        return light === null || dark === null ? null : context.isDark() ? dark : light;
      }
      case 'lab': case 'lch': case 'oklab': case 'oklch': case 'color': return parsedColorFunction(node, context);
      default: if (lowerWord(node.args[0]) === 'from') return FUNCTIONS[node.value] === undefined && node.value !== 'rgb' && node.value !== 'rgba' && node.value !== 'hsla' ? null : relativeColor(node, context);
    }
  }
  const color = cssColorOf(node);
  if (color === null) return null;
  if (color === 'currentcolor') return context.currentColor();
  return new Color('srgb', [color.r / 255, color.g / 255, color.b / 255], color.a);
}

// What is relative to another is sRGB with fractions, where it was not of a space of its own.
function relativeColor(node, context) {
  const color = parsedColorFunction(node, context);
  return color === null ? null : color.space === 'hsl' || color.space === 'hwb' ? converted(color, 'srgb') : color;
}

const BLACK = new Color('srgb', [0, 0, 0], 1);
const SPECIFIED = { __proto__: null, isDark: () => false, currentColor: () => BLACK };

// https://drafts.csswg.org/css-color-4/#serializing-color-values, with as many digits as browsers give
function channelText(value) {
  return value === null ? 'none' : '' + (+NumberPrototypeToPrecision(value, 6) + 0);
}

function serializedColor({ space, channels, alpha }) {
  const isFunction = space === 'lab' || space === 'lch' || space === 'oklab' || space === 'oklch';
  const list = channelText(channels[0]) + ' ' + channelText(channels[1]) + ' ' + channelText(channels[2]);
  return (isFunction ? space + '(' : 'color(' + space + ' ') + list + (alpha === 1 ? ')' : ' / ' + channelText(alpha) + ')');
}

const isStatic = (node) => (node.value === 'lab' || node.value === 'lch' || node.value === 'oklab' || node.value === 'oklch' || node.value === 'color') && lowerWord(node.args[0]) !== 'from';

// The specified value as text; null: it is no colour. What hangs on other colours stays a function.
export function specifiedModernColor(node) {
  const color = colorOfComponent(node, SPECIFIED);
  if (color === null) return null;
  return isStatic(node) ? serializedColor(color) : node.value + '(' + canonicalCssList(node.args) + ')';
}

// The computed value as text. `context`: { currentColor() gives text, isDark() }
export function computedModernColor(node, context) {
  const color = colorOfComponent(node, {
    __proto__: null,
    isDark: context.isDark,
    currentColor() {
      const list = context.parse(context.currentColor());
      return list === null || list.length !== 1 ? BLACK : colorOfComponent(list[0], SPECIFIED) ?? BLACK;
    },
  });
  if (color === null) return serializeCssComponent(node);
  // A legacy colour of light-dark() stays one.
  if (node.value === 'light-dark' && color.space === 'srgb') return null;
  return serializedColor(color);
}
