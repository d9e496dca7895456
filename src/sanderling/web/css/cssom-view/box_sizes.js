// https://drafts.csswg.org/css-sizing-3/#sizing-values
// Sizes that styles and attributes give to boxes of the flat layout.

import { NumberParseFloat, NumberParseInt, StringPrototypeEndsWith } from '../../primordials.js';
import { getAttr } from '../../dom/attributes.js';
import { correctedSize } from '../../html/image_loading.js';
import { cascadeOf } from '../cssom/cascade.js';
import { computedCss, pxOf } from '../cssom/computed.js';
import { inlineDeclarations } from '../cssom/inline_style.js';
import { hasAnySheet } from '../cssom/sheets.js';

export const REPLACED = { __proto__: null, img: true, video: true, canvas: true, iframe: true, embed: true, object: true, input: true, textarea: true, select: true, button: true, audio: true, meter: true, progress: true };

// A size that the style gives, as that of the border box; -1: none
export function explicitSize(el, name, available) {
  let size = pxOf(el, name);
  if (size < 0) {
    if (available < 0 || (!hasAnySheet(el.doc) && inlineDeclarations(el) === null)) return -1;
    const value = computedCss(cascadeOf(el), name);
    if (!StringPrototypeEndsWith(value, '%')) return -1;
    size = NumberParseFloat(value) / 100 * available;
  }
  if (el.localName !== 'iframe' && !hasAnySheet(el.doc) && inlineDeclarations(el) === null) return size;
  const cascade = cascadeOf(el);
  if (computedCss(cascade, 'box-sizing') === 'border-box') return size;
  const first = name === 'width' ? 'left' : 'top';
  const second = name === 'width' ? 'right' : 'bottom';
  const add = (property) => {
    const number = NumberParseFloat(computedCss(cascade, property));
    return number > 0 ? number : 0;
  };
  return size + add('padding-' + first) + add('padding-' + second) + add('border-' + first + '-width') + add('border-' + second + '-width');
}

// https://html.spec.whatwg.org/multipage/rendering.html#embedded-content-rendering-rules: attributes map to sizes; else 300 by 150.
// A frame keeps its size, since its content has a viewport of its own there.
export function frameSize(el, box) {
  const edges = innerEdges(el, false);
  if (!box.explicitWidth) {
    box.width = (frameAttributeSize(el, 'width') ?? 300) + edges.left + edges.right;
    box.explicitWidth = true;
  }
  if (box.explicitHeight < 0) box.explicitHeight = (frameAttributeSize(el, 'height') ?? 150) + edges.top + edges.bottom;
}

// An image that was loaded keeps its ratio where one side is given: https://drafts.csswg.org/css-images/#sizing
export function imageBoxSize(el, box) {
  const { current } = el.state;
  if (current.width === 0 || current.height === 0) return;
  const width = correctedSize(current, 'width');
  const height = correctedSize(current, 'height');
  const wide = box.explicitWidth ? box.width : frameAttributeSize(el, 'width');
  const high = box.explicitHeight >= 0 ? box.explicitHeight : frameAttributeSize(el, 'height');
  box.width = wide ?? (high === null ? width : high * current.width / current.height);
  box.explicitWidth = true;
  box.explicitHeight = high ?? (wide === null ? height : wide * current.height / current.width);
}

function frameAttributeSize(el, name) {
  const text = getAttr(el, name);
  if (text === null || StringPrototypeEndsWith(text, '%')) return null;
  const number = NumberParseInt(text, 10);
  return number >= 0 ? number : null;
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
