// https://drafts.csswg.org/css-color-4/#color-syntax
// Colours to { r, g, b, a } and to text.

import { MathMax, MathMin, MathRound, NumberParseInt, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeToLowerCase, RegExpPrototypeExec, MathAbs } from '../../primordials.js';
import { cssNumberText } from '../syntax/components.js';
import { cssAngleDegrees, cssMathNumber } from './numbers.js';
import { specifiedModernColor } from './modern_colors.js';

const CSS_NAMED_COLORS = { __proto__: null };
{
  const names = StringPrototypeSplit(
    'aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 '
    + 'brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff '
    + 'darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f '
    + 'darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 '
    + 'darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff '
    + 'gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c '
    + 'indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff '
    + 'lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa '
    + 'lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 '
    + 'mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a '
    + 'mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 '
    + 'olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 '
    + 'peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 '
    + 'salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa '
    + 'springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 '
    + 'yellow ffff00 yellowgreen 9acd32', ' ');
  for (let i = 0; i < names.length; i += 2) CSS_NAMED_COLORS[names[i]] = names[i + 1];
}

// https://drafts.csswg.org/css-color-4/#css-system-colors, light
const CSS_SYSTEM_COLORS = {
  __proto__: null, accentcolor: '0075ff', accentcolortext: 'ffffff', activetext: 'ff0000', buttonborder: '000000', buttonface: 'efefef', buttontext: '000000', canvas: 'ffffff',
  canvastext: '000000', field: 'ffffff', fieldtext: '000000', graytext: '808080', highlight: '0078d7', highlighttext: 'ffffff', linktext: '0000ee', mark: 'ffff00', marktext: '000000',
  activeborder: '000000', activecaption: 'ffffff', appworkspace: 'ffffff', background: 'ffffff', buttonhighlight: 'efefef', buttonshadow: 'efefef', captiontext: '000000', inactiveborder: '000000',
  inactivecaption: 'ffffff', inactivecaptiontext: '808080', infobackground: 'ffffff', infotext: '000000', menu: 'ffffff', menutext: '000000', scrollbar: 'ffffff', threeddarkshadow: '000000',
  threedface: 'efefef', threedhighlight: '000000', threedlightshadow: '000000', threedshadow: '000000', window: 'ffffff', windowframe: '000000', windowtext: '000000', selecteditem: '0078d7', selecteditemtext: 'ffffff', visitedtext: '551a8b', '-webkit-link': '0000ee', '-webkit-activelink': 'ff0000', '-webkit-focus-ring-color': '101010',
};

const CSS_MODERN_COLORS = { __proto__: null, lab: true, lch: true, oklab: true, oklch: true, color: true, 'color-mix': true, 'light-dark': true };

function cssColor(r, g, b, a) {
  return { __proto__: null, r, g, b, a };
}

function cssHexColor(text) {
  if (RegExpPrototypeExec(/^(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/, text) === null) return null;
  const short = text.length < 5;
  const part = (i) => (short ? NumberParseInt(text[i] + text[i], 16) : NumberParseInt(StringPrototypeSlice(text, i * 2, i * 2 + 2), 16));
  const alpha = text.length === 4 || text.length === 8 ? part(3) / 255 : 1;
  return cssColor(part(0), part(1), part(2), alpha);
}

const clampByte = (x) => MathMax(0, MathMin(255, MathRound(x)));
const clampUnit = (x) => MathMax(0, MathMin(1, x));

// The arguments of a colour function: [three channels, alpha], as components; null if wrong.
function cssColorArguments(args) {
  const channels = [];
  let alpha = null;
  let commas = false;
  for (let i = 0; i < args.length; i++) if (args[i].type === 'comma') commas = true;
  for (let i = 0; i < args.length; i++) {
    const node = args[i];
    if (node.type === 'comma') {
      if (i === 0 || args[i - 1].type === 'comma' || i === args.length - 1) return null;
      continue;
    }
    if (node.type === 'delim') {
      if (node.value !== '/' || commas || channels.length !== 3 || i !== args.length - 2) return null;
      alpha = args[i + 1];
      break;
    }
    if (commas && i > 0 && args[i - 1].type !== 'comma') return null;
    if (channels.length === 3) {
      if (!commas || alpha !== null) return null;
      alpha = node;
    } else channels[channels.length] = node;
  }
  return channels.length === 3 ? { __proto__: null, channels, alpha } : null;
}

// A number or percentage of `full`; NaN if it is neither
export function cssChannel(node, full) {
  if (node.type === 'number') return node.number;
  if (node.type === 'percentage') return node.number / 100 * full;
  if (node.type === 'ident' && StringPrototypeToLowerCase(node.value) === 'none') return 0;
  return cssMathNumber(node, full);
}

function cssHue(node) {
  const degrees = cssAngleDegrees(node);
  return ((degrees % 360) + 360) % 360;
}

function hslToRgb(h, s, l, a) {
  const f = (n) => {
    const k = (n + h / 30) % 12;
    return l - s * MathMin(l, 1 - l) * MathMax(-1, MathMin(k - 3, MathMin(9 - k, 1)));
  };
  return cssColor(clampByte(f(0) * 255), clampByte(f(8) * 255), clampByte(f(4) * 255), a);
}

function cssColorFunction(node) {
  const given = cssColorArguments(node.args);
  if (given === null) return null;
  const { channels } = given;
  const a = given.alpha === null ? 1 : clampUnit(cssChannel(given.alpha, 1));
  if (a !== a) return null;
  if (node.value === 'rgb' || node.value === 'rgba') {
    const r = cssChannel(channels[0], 255);
    const g = cssChannel(channels[1], 255);
    const b = cssChannel(channels[2], 255);
    if (r !== r || g !== g || b !== b) return null;
    return cssColor(clampByte(r), clampByte(g), clampByte(b), a);
  }
  const h = cssHue(channels[0]);
  const s = clampUnit(cssChannel(channels[1], 100) / 100);
  const l = clampUnit(cssChannel(channels[2], 100) / 100);
  if (h !== h || s !== s || l !== l) return null;
  if (node.value !== 'hwb') return hslToRgb(h, s, l, a);
  if (s + l >= 1) {
    const gray = clampByte(s / (s + l) * 255);
    return cssColor(gray, gray, gray, a);
  }
  const pure = hslToRgb(h, 1, 0.5, 1);
  const mix = (c) => clampByte((c / 255 * (1 - s - l) + s) * 255);
  return cssColor(mix(pure.r), mix(pure.g), mix(pure.b), a);
}

// A component to a colour: an object, 'currentcolor', the specified text of what modern_colors.js computes, or null.
export function cssColorOf(node) {
  if (node.type === 'hash') return cssHexColor(node.value);
  if (node.type === 'ident') {
    const name = StringPrototypeToLowerCase(node.value);
    if (name === 'transparent') return cssColor(0, 0, 0, 0);
    if (name === 'currentcolor') return name;
    const hex = CSS_NAMED_COLORS[name] ?? CSS_SYSTEM_COLORS[name];
    return hex === undefined ? null : cssHexColor(hex);
  }
  if (node.type !== 'function') return null;
  switch (node.value) {
    case 'rgb': case 'rgba': case 'hsl': case 'hsla': case 'hwb': {
      const { args } = node;
      return isRelative(args) ? specifiedModernColor(node) : cssColorFunction(node);
    }
    default: return CSS_MODERN_COLORS[node.value] === true ? specifiedModernColor(node) : null;
  }
}

function isRelative(args) {
  return args.length > 0 && args[0].type === 'ident' && StringPrototypeToLowerCase(args[0].value) === 'from';
}

// Is it a colour that only modern_colors.js can compute?
export function isModernColor(node) {
  return node.type === 'function' && (CSS_MODERN_COLORS[node.value] === true || isRelative(node.args));
}

// https://drafts.csswg.org/css-color-4/#serializing-sRGB-values
export function serializeCssColor(color) {
  if (typeof color === 'string') return color;
  if (color.a === 1) return 'rgb(' + color.r + ', ' + color.g + ', ' + color.b + ')';
  let alpha = MathRound(color.a * 100) / 100;
  if (MathAbs(MathRound(alpha * 255) - color.a * 255) > 0.5) alpha = MathRound(color.a * 1000) / 1000;
  return 'rgba(' + color.r + ', ' + color.g + ', ' + color.b + ', ' + cssNumberText(alpha) + ')';
}

// The specified value: keywords stay keywords.
export function specifiedCssColor(node) {
  const color = cssColorOf(node);
  if (color === null) return null;
  return node.type === 'ident' ? StringPrototypeToLowerCase(node.value) : serializeCssColor(color);
}
