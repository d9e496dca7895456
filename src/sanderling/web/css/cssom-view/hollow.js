// https://drafts.csswg.org/css2/#normal-block
// What has nothing in it that could be seen: by that a row of the flat layout has no height, and a placed box the size of its edges.

import { MathMax, NumberParseFloat, StringPrototypeStartsWith } from '../../primordials.js';
import { hasAttr } from '../../dom/attributes.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { flattenedSlottables } from '../../dom/slots.js';
import { rootOf } from '../../dom/tree.js';
import { cascadeOf, pseudoCascadeOf } from '../cssom/cascade.js';
import { computedCss, pxOf } from '../cssom/computed.js';
import { REPLACED } from './box_sizes.js';
import { isStyled } from './placement.js';

// Elements whose rows are there in any case.
const KEEPS_ROW = { __proto__: null, html: true, body: true, br: true, hr: true, summary: true, frame: true, frameset: true, legend: true, option: true, optgroup: true };

// Is there a character that is not collapsed away?
function showsText(data) {
  for (let i = 0; i < data.length; i++) {
    const c = data[i];
    if (c !== ' ' && c !== '\n' && c !== '\t' && c !== '\r' && c !== '\f') return true;
  }
  return false;
}

// Does an element show text of its own?
export function hasOwnText(el) {
  if (el.localName === 'slot' && el.namespace === HTML_NS && rootOf(el).isShadow === true) {
    const nodes = flattenedSlottables(el);
    for (let i = 0; i < nodes.length; i++) if (nodes[i].nodeType === 3 && showsText(nodes[i].data)) return true;
    return false;
  }
  for (let node = (el.shadow ?? el).first; node !== null; node = node.next) if (node.nodeType === 3 && showsText(node.data)) return true;
  return false;
}

function generatesContent(el, name) {
  const content = computedCss(pseudoCascadeOf(el, name), 'content');
  return content !== 'normal' && content !== 'none';
}

// Nothing in it, neither children nor generated content: then its size is that of its edges.
export function isHollow(el) {
  return el.first === null && el.shadow === null && REPLACED[el.localName] !== true && !generatesContent(el, 'before') && !generatesContent(el, 'after');
}

// The widths of borders and paddings at two sides, in px
export function edgesAlong(el, first, second) {
  let out = 0;
  const sides = [first, second];
  for (let i = 0; i < 2; i++) out += MathMax(0, pxOf(el, 'padding-' + sides[i])) + MathMax(0, pxOf(el, 'border-' + sides[i] + '-width'));
  return out;
}

export function isLaidOutAsItem(around) {
  return around !== null && (around.display === 'flex' || around.display === 'grid' || around.display === 'inline-flex' || around.display === 'inline-grid');
}

// Has a row something to show, though nothing in its element was found that has a size? `box`: its box, null for `display: contents`; `around`: the box
// that it stands in. What only a real layout could tell counts as something: items of flex containers and grids, heights that are no lengths.
export function fillsRow(el, box, around) {
  if (el.namespace !== HTML_NS || REPLACED[el.localName] === true || KEEPS_ROW[el.localName] === true || hasOwnText(el)) return true;
  if (box === null) return false;
  const { display } = box;
  if (box.flow === null || box.explicitHeight >= 0 || display === 'list-item' || StringPrototypeStartsWith(display, 'table') || hasAttr(el, 'contenteditable') || isLaidOutAsItem(around)) return true;
  if (!isStyled(el)) return false;
  const cascade = cascadeOf(el);
  const block = display !== 'inline';
  if (block && (computedCss(cascade, 'height') !== 'auto' || NumberParseFloat(computedCss(cascade, 'min-height')) > 0 || computedCss(cascade, 'aspect-ratio') !== 'auto')) return true;
  return edgesAlong(el, 'top', 'bottom') > 0 || (!block && edgesAlong(el, 'left', 'right') > 0) || generatesContent(el, 'before') || generatesContent(el, 'after');
}
