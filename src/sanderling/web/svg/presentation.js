// https://svgwg.org/svg2-draft/styling.html#PresentationAttributes
// What attributes of SVG elements say in the cascade, below all style sheets.

import { SafeSet, StringPrototypeSplit } from '../primordials.js';
import { getAttr } from '../dom/attributes.js';
import { cssComponents } from '../css/syntax/components.js';
import { matchCssComponent, parseCssLonghand } from '../css/values/parse.js';
import { cssLonghand } from '../css/values/properties.js';

const PRESENTATION = new SafeSet(StringPrototypeSplit(
  'alignment-baseline baseline-shift clip-path clip-rule color color-interpolation color-interpolation-filters cursor direction display dominant-baseline fill fill-opacity fill-rule filter flood-color '
  + 'flood-opacity font-family font-size font-size-adjust font-stretch font-style font-weight image-rendering letter-spacing lighting-color marker-end marker-mid marker-start mask-type opacity overflow-x '
  + 'overflow-y paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width '
  + 'text-anchor text-decoration-line text-overflow text-rendering transform-origin unicode-bidi vector-effect visibility white-space-collapse word-spacing writing-mode', ' '));
const SHORTHANDS = { __proto__: null, 'overflow-x': 'overflow', 'overflow-y': 'overflow', 'text-decoration-line': 'text-decoration' };
// Geometry, of the elements that have it
const GEOMETRY = {
  __proto__: null, cx: 'circle ellipse', cy: 'circle ellipse', r: 'circle', rx: 'rect ellipse', ry: 'rect ellipse', x: 'svg rect image foreignObject', y: 'svg rect image foreignObject',
  width: 'svg rect image foreignObject', height: 'svg rect image foreignObject',
};

function speaks(el, name) {
  if (PRESENTATION.has(name)) return true;
  const names = GEOMETRY[name];
  if (names === undefined) return false;
  const list = StringPrototypeSplit(names, ' ');
  for (let i = 0; i < list.length; i++) if (list[i] === el.localName) return true;
  return false;
}

// { value, substitutes } of a property, as declarations have them; null: no attribute speaks of it. Lengths may lack their unit.
export function presentationValue(el, name) {
  if (!speaks(el, name)) return null;
  const text = getAttr(el, SHORTHANDS[name] ?? name);
  if (text === null) return null;
  const property = cssLonghand(name);
  const parsed = parseCssLonghand(property, text);
  if (parsed !== null) return parsed;
  const list = cssComponents(text);
  if (list === null || list.length !== 1 || list[0].type !== 'number') return null;
  const value = matchCssComponent(property, list[0], true);
  return value === null ? null : { __proto__: null, value, substitutes: false };
}
