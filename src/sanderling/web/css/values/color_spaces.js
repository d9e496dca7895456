// https://drafts.csswg.org/css-color-4/#color-conversion
// Colours from one space to another, three channels each. All go by way of CIE XYZ with the white point D65. sRGB and its like are 0 to 1, lightness of lab
// and lch 0 to 100, hues in degrees, hsl and hwb 0 to 100.

import { MathAbs, MathAtan2, MathCos, MathMax, MathMin, MathPI, MathPow, MathSin, MathSqrt } from '../../primordials.js';

function byMatrix(m, c) {
  return [m[0] * c[0] + m[1] * c[1] + m[2] * c[2], m[3] * c[0] + m[4] * c[1] + m[5] * c[2], m[6] * c[0] + m[7] * c[1] + m[8] * c[2]];
}

// https://drafts.csswg.org/css-color-4/#color-conversion-code: to XYZ (D50 for ProPhoto), and back
const MATRICES = {
  __proto__: null,
  srgb: [506752 / 1228815, 87881 / 245763, 12673 / 70218, 87098 / 409605, 175762 / 245763, 12673 / 175545, 7918 / 409605, 87881 / 737289, 1001167 / 1053270],
  'display-p3': [608311 / 1250200, 189793 / 714400, 198249 / 1000160, 35783 / 156275, 247089 / 357200, 198249 / 2500400, 0, 32229 / 714400, 5220557 / 5000800],
  'a98-rgb': [573536 / 994567, 263643 / 1420810, 187206 / 994567, 591459 / 1989134, 6239551 / 9945670, 374412 / 4972835, 53769 / 1989134, 351524 / 4972835, 4929758 / 4972835],
  'prophoto-rgb': [0.7977666449006423, 0.13518129740053308, 0.0313477341283922, 0.2880748288194013, 0.711835234241873, 0.00008993693872564, 0, 0, 0.8251046025104602],
  rec2020: [63426534 / 99577255, 20160776 / 139408157, 47086771 / 278816314, 26158966 / 99577255, 472592308 / 697040785, 8267143 / 139408157, 0, 19567812 / 697040785, 295819943 / 278816314],
};
const D50_TO_D65 = [
  0.955473421488075, -0.02309845494876471, 0.06325924320057072, -0.0283697093338637, 1.0099953980813041, 0.021041441191917323, 0.012314014864481998, -0.020507649298898964, 1.330365926242124,
];
const D65_TO_D50 = [
  1.0479297925449969, 0.022946870601609652, -0.05019226628920524, 0.02962780877005599, 0.9904344267538799, -0.017073799063418826, -0.009243040646204504, 0.015055191490298152, 0.7518742814281371,
];
const XYZ_TO_LMS = [0.819022437996703, 0.3619062600528904, -0.1288737815209879, 0.0329836539323885, 0.9292868615863434, 0.0361446663506424, 0.0481771893596242, 0.2642395317527308, 0.6335478284694309];
const LMS_TO_XYZ = [1.2268798758459243, -0.5578149944602171, 0.2813910456659647, -0.0405757452148008, 1.112286803280317, -0.0717110580655164, -0.0763729366746601, -0.4214933324022432, 1.5869240198367816];
const LMS_TO_OKLAB = [0.210454268309314, 0.7936177747023054, -0.0040720430116193, 1.9779985324311684, -2.4285922420485799, 0.450593709617411, 0.0259040424655478, 0.7827717124575296, -0.8086757549230774];
const OKLAB_TO_LMS = [1, 0.3963377773761749, 0.2158037573099136, 1, -0.1055613458156586, -0.0638541728258133, 1, -0.0894841775298119, -1.2914855480194092];
const D50 = [0.3457 / 0.3585, 1, (1 - 0.3457 - 0.3585) / 0.3585];

function inverted(m) {
  const a = m[4] * m[8] - m[5] * m[7];
  const b = m[5] * m[6] - m[3] * m[8];
  const c = m[3] * m[7] - m[4] * m[6];
  const d = m[0] * a + m[1] * b + m[2] * c;
  return [
    a / d, (m[2] * m[7] - m[1] * m[8]) / d, (m[1] * m[5] - m[2] * m[4]) / d, b / d, (m[0] * m[8] - m[2] * m[6]) / d, (m[2] * m[3] - m[0] * m[5]) / d, c / d, (m[1] * m[6] - m[0] * m[7]) / d,
    (m[0] * m[4] - m[1] * m[3]) / d,
  ];
}

// Each transfer function is odd: negative values mirror positive ones.
function mirrored(value, curve) {
  return value < 0 ? -curve(-value) : curve(value);
}

const REC2020_ALPHA = 1.09929682680944;
const REC2020_BETA = 0.018053968510807;

// From light that is proportional to the number, and to it
const ENCODE = {
  __proto__: null,
  srgb: (x) => (x > 0.0031308 ? 1.055 * MathPow(x, 1 / 2.4) - 0.055 : 12.92 * x),
  'a98-rgb': (x) => MathPow(x, 256 / 563),
  'prophoto-rgb': (x) => (x >= 1 / 512 ? MathPow(x, 1 / 1.8) : 16 * x),
  rec2020: (x) => (x > REC2020_BETA ? REC2020_ALPHA * MathPow(x, 0.45) - (REC2020_ALPHA - 1) : 4.5 * x),
};
const DECODE = {
  __proto__: null,
  srgb: (x) => (x <= 0.04045 ? x / 12.92 : MathPow((x + 0.055) / 1.055, 2.4)),
  'a98-rgb': (x) => MathPow(x, 563 / 256),
  'prophoto-rgb': (x) => (x <= 16 / 512 ? x / 16 : MathPow(x, 1.8)),
  rec2020: (x) => (x < REC2020_BETA * 4.5 ? x / 4.5 : MathPow((x + REC2020_ALPHA - 1) / REC2020_ALPHA, 1 / 0.45)),
};

function throughCurve(c, curve) {
  return [mirrored(c[0], curve), mirrored(c[1], curve), mirrored(c[2], curve)];
}

const EPSILON = 216 / 24389;
const KAPPA = 24389 / 27;

function labToXyz(c) {
  const fy = (c[0] + 16) / 116;
  const fx = c[1] / 500 + fy;
  const fz = fy - c[2] / 200;
  const cube = (f) => (f * f * f > EPSILON ? f * f * f : (116 * f - 16) / KAPPA);
  return byMatrix(D50_TO_D65, [cube(fx) * D50[0], (c[0] > KAPPA * EPSILON ? fy * fy * fy : c[0] / KAPPA) * D50[1], cube(fz) * D50[2]]);
}

const cubeRoot = (x) => mirrored(x, (y) => MathPow(y, 1 / 3));

function xyzToLab(xyz) {
  const c = byMatrix(D65_TO_D50, xyz);
  const f = [];
  for (let i = 0; i < 3; i++) {
    const value = c[i] / D50[i];
    f[i] = value > EPSILON ? cubeRoot(value) : (KAPPA * value + 16) / 116;
  }
  return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];
}

const cubed = (x) => x * x * x;

function oklabToXyz(c) {
  const lms = byMatrix(OKLAB_TO_LMS, c);
  return byMatrix(LMS_TO_XYZ, [cubed(lms[0]), cubed(lms[1]), cubed(lms[2])]);
}

function xyzToOklab(xyz) {
  const lms = byMatrix(XYZ_TO_LMS, xyz);
  return byMatrix(LMS_TO_OKLAB, [cubeRoot(lms[0]), cubeRoot(lms[1]), cubeRoot(lms[2])]);
}

export function hueOf(degrees) {
  return ((degrees % 360) + 360) % 360;
}

function toPolar(c) {
  return [c[0], MathSqrt(c[1] * c[1] + c[2] * c[2]), hueOf(MathAtan2(c[2], c[1]) * 180 / MathPI)];
}

function fromPolar(c) {
  return [c[0], c[1] * MathCos(c[2] * MathPI / 180), c[1] * MathSin(c[2] * MathPI / 180)];
}

// https://drafts.csswg.org/css-color-4/#hsl-to-rgb
function hslToSrgb(c) {
  const s = c[1] / 100;
  const l = c[2] / 100;
  const f = (n) => {
    const k = (n + c[0] / 30) % 12;
    return l - s * MathMin(l, 1 - l) * MathMax(-1, MathMin(k - 3, 9 - k, 1));
  };
  return [f(0), f(8), f(4)];
}

function srgbToHsl(c) {
  const most = MathMax(c[0], c[1], c[2]);
  const least = MathMin(c[0], c[1], c[2]);
  const light = (most + least) / 2;
  const range = most - least;
  let hue = 0;
  let saturation = 0;
  if (MathAbs(range) > 1e-9) {
    saturation = light === 0 || light === 1 ? 0 : (most - light) / MathMin(light, 1 - light);
    if (most === c[0]) hue = (c[1] - c[2]) / range + (c[1] < c[2] ? 6 : 0);
    else if (most === c[1]) hue = (c[2] - c[0]) / range + 2;
    else hue = (c[0] - c[1]) / range + 4;
    hue *= 60;
  }
  if (saturation < 0) {
    hue += 180;
    saturation = MathAbs(saturation);
  }
  return [hueOf(hue), saturation * 100, light * 100];
}

function hwbToSrgb(c) {
  const white = c[1] / 100;
  const black = c[2] / 100;
  if (white + black >= 1) {
    const gray = white / (white + black);
    return [gray, gray, gray];
  }
  const rgb = hslToSrgb([c[0], 100, 50]);
  for (let i = 0; i < 3; i++) rgb[i] = rgb[i] * (1 - white - black) + white;
  return rgb;
}

function srgbToHwb(c) {
  return [srgbToHsl(c)[0], MathMin(c[0], c[1], c[2]) * 100, (1 - MathMax(c[0], c[1], c[2])) * 100];
}

// What a space is told by
const PARENTS = { __proto__: null, hsl: ['srgb', hslToSrgb, srgbToHsl], hwb: ['srgb', hwbToSrgb, srgbToHwb], lch: ['lab', fromPolar, toPolar], oklch: ['oklab', fromPolar, toPolar] };
// Whose curve and matrix a space has
const RGB_CURVES = { __proto__: null, srgb: 'srgb', 'display-p3': 'srgb', 'a98-rgb': 'a98-rgb', 'prophoto-rgb': 'prophoto-rgb', rec2020: 'rec2020' };

function toXyz(space, c) {
  switch (space) {
    case 'lab': return labToXyz(c);
    case 'oklab': return oklabToXyz(c);
    case 'xyz-d65': return c;
    case 'xyz-d50': return byMatrix(D50_TO_D65, c);
    case 'srgb-linear': return byMatrix(MATRICES.srgb, c);
    case 'display-p3-linear': return byMatrix(MATRICES['display-p3'], c);
    default: {
      const xyz = byMatrix(MATRICES[space], throughCurve(c, DECODE[RGB_CURVES[space]]));
      return space === 'prophoto-rgb' ? byMatrix(D50_TO_D65, xyz) : xyz;
    }
  }
}

function fromXyz(space, xyz) {
  switch (space) {
    case 'lab': return xyzToLab(xyz);
    case 'oklab': return xyzToOklab(xyz);
    case 'xyz-d65': return xyz;
    case 'xyz-d50': return byMatrix(D65_TO_D50, xyz);
    case 'srgb-linear': return byMatrix(inverted(MATRICES.srgb), xyz);
    case 'display-p3-linear': return byMatrix(inverted(MATRICES['display-p3']), xyz);
    default: return throughCurve(byMatrix(inverted(MATRICES[space]), space === 'prophoto-rgb' ? byMatrix(D65_TO_D50, xyz) : xyz), ENCODE[RGB_CURVES[space]]);
  }
}

export function convertedChannels(from, to, c) {
  if (from === to) return c;
  const up = PARENTS[from];
  if (up !== undefined) return convertedChannels(up[0], to, up[1](c));
  const down = PARENTS[to];
  if (down !== undefined) return down[2](convertedChannels(from, down[0], c));
  return fromXyz(to, toXyz(from, c));
}
