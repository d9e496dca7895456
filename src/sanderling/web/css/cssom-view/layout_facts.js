// https://drafts.csswg.org/css-display-3/
// What the flat layout asks of the style of each element, kept with its cascade: a layout is made anew whenever anything changes, and most styles stay.

import { NumberParseFloat, StringPrototypeEndsWith, StringPrototypeIncludes } from '../../primordials.js';
import { cascadeOf } from '../cssom/cascade.js';
import { computedCss } from '../cssom/computed.js';

// width or height
class SizeFacts {
  constructor(cascade, name) {
    const value = computedCss(cascade, name);
    this.px = StringPrototypeEndsWith(value, 'px') && !StringPrototypeIncludes(value, '(') ? NumberParseFloat(value) : -1;
    this.percent = StringPrototypeEndsWith(value, '%') ? NumberParseFloat(value) : NaN;
    this.edges = 0;            // what the border box has besides
    if ((this.px < 0 && this.percent !== this.percent) || computedCss(cascade, 'box-sizing') === 'border-box') return;
    const across = name === 'width';
    this.addEdges(cascade, across ? 'left' : 'top');
    this.addEdges(cascade, across ? 'right' : 'bottom');
  }

  addEdges(cascade, side) {
    const padding = NumberParseFloat(computedCss(cascade, 'padding-' + side));
    if (padding > 0) this.edges += padding;
    const border = NumberParseFloat(computedCss(cascade, 'border-' + side + '-width'));
    if (border > 0) this.edges += border;
  }

  // Of the border box, in px; -1: none is given. `available`: what a percentage is of, -1 when that is not known
  within(available) {
    let size = this.px;
    if (size < 0) {
      if (available < 0 || this.percent !== this.percent) return -1;
      size = this.percent / 100 * available;
    }
    return size + this.edges;
  }
}

// Most have none.
const NO_SIZE_FACTS = { __proto__: null, px: -1, percent: NaN, edges: 0, within: () => -1 };

function sizeFactsOf(cascade, name) {
  return computedCss(cascade, name) === 'auto' ? NO_SIZE_FACTS : new SizeFacts(cascade, name);
}

class LayoutFacts {
  constructor(cascade) {
    this.display = computedCss(cascade, 'display');
    this.position = computedCss(cascade, 'position');
    this.z = this.position === 'static' ? NaN : NumberParseFloat(computedCss(cascade, 'z-index'));
    this.holdsFixed = holdsFixedBoxes(cascade);
    this.width = sizeFactsOf(cascade, 'width');
    this.height = sizeFactsOf(cascade, 'height');
  }
}

export function layoutFactsOf(el) {
  const cascade = cascadeOf(el);
  return cascade.facts ?? (cascade.facts = new LayoutFacts(cascade));
}

// https://drafts.csswg.org/css-transforms-1/#transform-rendering and others: does it hold fixed boxes, too?
export function holdsFixedBoxes(cascade) {
  const { map } = cascade;     // none of these is inherited
  return map !== null && ((map.has('transform') && computedCss(cascade, 'transform') !== 'none') || (map.has('perspective') && computedCss(cascade, 'perspective') !== 'none')
    || (map.has('filter') && computedCss(cascade, 'filter') !== 'none'));
}
