// https://drafts.csswg.org/css-sizing-3/#natural-sizes
// Natural sizes of what is replaced and of form controls, and the edges of boxes.

import { MathMax, NumberParseFloat, NumberParseInt, StringPrototypeEndsWith, StringPrototypeToLowerCase } from '../../primordials.js';
import { getAttr, hasAttr } from '../../dom/attributes.js';
import { SVG_NS } from '../../dom/namespaces.js';
import { correctedSize, loadsImages } from '../../html/image_loading.js';
import { displaySize, isMultiple, optionsOf, optionText } from '../../html/forms/options.js';
import { viewBoxOf } from '../../svg/shapes.js';
import { pxOf } from '../cssom/computed.js';

export const REPLACED = { __proto__: null, img: true, video: true, canvas: true, iframe: true, frame: true, embed: true, object: true, input: true, textarea: true, select: true, button: true, audio: true, meter: true, progress: true };

const size = (width, height, ratio = NaN) => ({ __proto__: null, width, height, ratio });

// As Chromium has them
const CONTROLS = {
  __proto__: null, checkbox: size(13, 13), radio: size(13, 13), range: size(129, 16), color: size(44, 23), file: size(249, 21), date: size(116, 15), time: size(90, 15),
  'datetime-local': size(180, 15), month: size(130, 15), week: size(120, 15),
};
const DEFAULT_COLUMNS = 20;
const ICON = 16;               // px, of an image that is not there

function positiveAttr(el, name, otherwise) {
  const number = NumberParseInt(getAttr(el, name) ?? '', 10);
  return number > 0 ? number : otherwise;
}

function frameAttributeSize(el, name) {
  const text = getAttr(el, name);
  if (text === null || StringPrototypeEndsWith(text, '%')) return NaN;
  const number = NumberParseInt(text, 10);
  return number >= 0 ? number : NaN;
}

// The content box that an element has by itself: { width, height, ratio }, the ratio NaN where there is none.
// `available`: width that there is, below 0 when that is not known
export function replacedSize(el, facts, available) {
  if (el.namespace === SVG_NS) return svgSize(el, available);
  switch (el.localName) {
    case 'img': return imageSize(el, facts);
    case 'canvas': {
      const width = positiveAttr(el, 'width', hasAttr(el, 'width') ? frameAttributeSize(el, 'width') : 300);
      const height = positiveAttr(el, 'height', hasAttr(el, 'height') ? frameAttributeSize(el, 'height') : 150);
      const wide = width === width ? width : 300;
      const high = height === height ? height : 150;
      return size(wide, high, wide / high);
    }
    case 'audio': return hasAttr(el, 'controls') ? size(300, 54) : size(0, 0);
    case 'meter': return size(80, 16);
    case 'progress': return size(160, 16);
    case 'textarea': return size(positiveAttr(el, 'cols', DEFAULT_COLUMNS) * 8 + 16, positiveAttr(el, 'rows', 2) * facts.text.line);
    case 'select': return selectSize(el, facts);
    case 'input': return naturalInputSize(el, facts);
    case 'frame': return size(MathMax(0, available), 150);
    default: return size(300, 150, el.localName === 'video' ? 2 : NaN);
  }
}

function imageSize(el, facts) {
  const { current } = el.state;
  if (current.width > 0 && current.height > 0) return size(correctedSize(current, 'width'), correctedSize(current, 'height'), current.width / current.height);
  const width = frameAttributeSize(el, 'width');
  const height = frameAttributeSize(el, 'height');
  const alt = getAttr(el, 'alt');
  if (getAttr(el, 'src') === null && getAttr(el, 'srcset') === null) return size(alt === null || alt === '' ? 0 : alt.length * facts.text.char, alt === null || alt === '' ? 0 : facts.text.line, width / height);
  // https://html.spec.whatwg.org/multipage/rendering.html#images-3: its alternative text, behind an icon where it could not be had
  if (alt === '' && loadsImages()) return size(0, 0, width / height);
  const words = alt === null ? 0 : alt.length * facts.text.char;
  return size(ICON + words, MathMax(ICON, words > 0 ? facts.text.line : 0), width / height);
}

function naturalInputSize(el, facts) {
  const type = StringPrototypeToLowerCase(getAttr(el, 'type') ?? '');
  const { text } = facts;
  if (CONTROLS[type] !== undefined) return CONTROLS[type];
  if (type === 'submit' || type === 'button' || type === 'reset') {
    const label = getAttr(el, 'value') ?? (type === 'submit' ? 'Submit' : type === 'reset' ? 'Reset' : '');
    return size(label.length * text.char, text.line);
  }
  if (type === 'image') return size(ICON, ICON);
  return size((positiveAttr(el, 'size', DEFAULT_COLUMNS) * 7.25) * text.size / 13.3333, text.line);
}

function selectSize(el, facts) {
  const { text } = facts;
  const options = optionsOf(el);
  let longest = 0;
  for (let i = 0; i < options.length; i++) longest = MathMax(longest, optionText(options[i]).length);
  const rows = displaySize(el);
  if (rows > 1 || isMultiple(el)) return size(longest * text.char + 20, rows * (text.line + 2));
  return size(longest * text.char + 22, text.line + 2);
}

function svgSize(el, available) {
  const length = (name) => {
    const text = getAttr(el, name);
    if (text === null) return NaN;
    const number = NumberParseFloat(text);
    if (StringPrototypeEndsWith(text, '%')) return name === 'width' && available >= 0 ? number / 100 * available : NaN;
    if (StringPrototypeEndsWith(text, 'em')) return number * 16;
    return number >= 0 ? number : NaN;
  };
  const width = length('width');
  const height = length('height');
  const view = viewBoxOf(el);
  const ratio = view !== null && view[3] > 0 ? view[2] / view[3] : width / height;
  if (width === width && height === height) return size(width, height, ratio);
  if (width === width) return size(width, ratio > 0 ? width / ratio : 150, ratio);
  if (height === height) return size(ratio > 0 ? height * ratio : 300, height, ratio);
  if (ratio > 0 && available >= 0) return size(available, available / ratio, ratio);
  return size(300, ratio > 0 ? 300 / ratio : 150, ratio);
}


const EDGES = ['top', 'right', 'bottom', 'left'];

// Border widths, with padding where asked.
export function innerEdges(el, padding) {
  const out = { __proto__: null, top: 0, right: 0, bottom: 0, left: 0 };
  for (let i = 0; i < 4; i++) {
    const side = EDGES[i];
    const border = pxOf(el, 'border-' + side + '-width');
    if (border > 0) out[side] += border;
    if (!padding) continue;
    const space = pxOf(el, 'padding-' + side);
    if (space > 0) out[side] += space;
  }
  return out;
}
