// https://svgwg.org/svg2-draft/types.html
// The DOM of SVG: interfaces and what of them reflects. Nothing is animated: base and animated values are one.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { findByNamespace, getAttr, setAttr, setAttrNS } from '../dom/attributes.js';
import { fallbacks } from '../dom/definitions.js';
import { domException } from '../dom/DOMException.js';
import { SVG_NS, XLINK_NS } from '../dom/namespaces.js';
import { RegExpPrototypeExec, SafeMap, SafeWeakMap } from '../primordials.js';
import { lowerAscii } from '../css/selectors/names.js';
import { parseFloatingPoint } from '../html/forms/input_types.js';

// -- values that reflect an attribute ----------------------------------------------------------------------------------

// One object per element and attribute.
const reflections = new SafeWeakMap();

export function svgReflection(el, attribute, make) {
  let map = reflections.get(el);
  if (map === undefined) {
    map = new SafeMap();
    reflections.set(el, map);
  }
  let value = map.get(attribute);
  if (value === undefined) {
    value = make();
    map.set(attribute, value);
  }
  return value;
}

class SVGAnimatedStringImpl extends Impl {
  constructor(el, attribute, orXlink) {
    super();
    this.el = el;
    this.attribute = attribute;
    this.orXlink = orXlink;        // href: xlink:href counts where there is no href
  }
}

function animatedStringValue(self) {
  const value = getAttr(self.el, self.attribute);
  if (value !== null || !self.orXlink) return value ?? '';
  const attr = findByNamespace(self.el, XLINK_NS, 'href');
  return attr === null || attr === undefined ? '' : attr.value;
}

defineInterface(`
[Exposed=Window]
interface SVGAnimatedString {
  attribute DOMString baseVal;
  readonly attribute DOMString animVal;
};
`, {
  baseVal: {
    get: animatedStringValue,
    set(self, value) {
      const old = self.orXlink && getAttr(self.el, self.attribute) === null ? findByNamespace(self.el, XLINK_NS, 'href') : null;
      if (old !== null && old !== undefined) setAttrNS(self.el, XLINK_NS, old.prefix, 'href', value);
      else setAttr(self.el, self.attribute, value);
    },
  },
  animVal: animatedStringValue,
}, SVGAnimatedStringImpl);

export const animatedString = (attribute, orXlink = false) => (self) => svgReflection(self, attribute, () => new SVGAnimatedStringImpl(self, attribute, orXlink));


// -- lengths: https://svgwg.org/svg2-draft/types.html#InterfaceSVGLength -------------------------------------------------

// By the unit's constant; pixels per unit. Percentages and font units need layout, and fall back to their number.
const LENGTH_UNITS = ['', '', '%', 'em', 'ex', 'px', 'cm', 'mm', 'in', 'pt', 'pc'];
const UNIT_PIXELS = [0, 1, 1, 16, 8, 1, 96 / 2.54, 96 / 25.4, 96, 96 / 72, 16];

class SVGLengthImpl extends Impl {
  constructor(el, attribute, fallback) {
    super();
    this.el = el;                  // null: of createSVGLength()
    this.attribute = attribute;
    this.text = fallback;
  }

  read() {
    const text = this.el === null ? this.text : getAttr(this.el, this.attribute) ?? this.text;
    const match = RegExpPrototypeExec(/^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(%|em|ex|px|cm|mm|in|pt|pc)?\s*$/i, text);
    if (match === null) return { __proto__: null, number: 0, unit: 1 };
    let unit = 1;
    if (match[2] !== undefined) {
      const wanted = lowerAscii(match[2]);
      for (let i = 2; i < LENGTH_UNITS.length; i++) if (LENGTH_UNITS[i] === wanted) unit = i;
    }
    return { __proto__: null, number: +match[1], unit };
  }

  write(number, unit) {
    const text = number + LENGTH_UNITS[unit];
    if (this.el === null) this.text = text;
    else setAttr(this.el, this.attribute, text);
  }
}

defineInterface(`
[Exposed=Window]
interface SVGLength {
  const unsigned short SVG_LENGTHTYPE_UNKNOWN = 0;
  const unsigned short SVG_LENGTHTYPE_NUMBER = 1;
  const unsigned short SVG_LENGTHTYPE_PERCENTAGE = 2;
  const unsigned short SVG_LENGTHTYPE_EMS = 3;
  const unsigned short SVG_LENGTHTYPE_EXS = 4;
  const unsigned short SVG_LENGTHTYPE_PX = 5;
  const unsigned short SVG_LENGTHTYPE_CM = 6;
  const unsigned short SVG_LENGTHTYPE_MM = 7;
  const unsigned short SVG_LENGTHTYPE_IN = 8;
  const unsigned short SVG_LENGTHTYPE_PT = 9;
  const unsigned short SVG_LENGTHTYPE_PC = 10;
  readonly attribute unsigned short unitType;
  attribute float value;
  attribute float valueInSpecifiedUnits;
  attribute DOMString valueAsString;
  undefined newValueSpecifiedUnits(unsigned short unitType, float valueInSpecifiedUnits);
  undefined convertToSpecifiedUnits(unsigned short unitType);
};
`, {
  unitType: (self) => self.read().unit,
  value: {
    get(self) {
      const { number, unit } = self.read();
      return number * UNIT_PIXELS[unit];
    },
    set(self, value) {
      const { unit } = self.read();
      self.write(value / UNIT_PIXELS[unit], unit);
    },
  },
  valueInSpecifiedUnits: { get: (self) => self.read().number, set: (self, value) => self.write(value, self.read().unit) },
  valueAsString: {
    get(self) {
      const { number, unit } = self.read();
      return number + LENGTH_UNITS[unit];
    },
    set(self, value) {
      if (RegExpPrototypeExec(/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:%|em|ex|px|cm|mm|in|pt|pc)?\s*$/i, value) === null) {
        throw domException('SyntaxError', "The value provided ('" + value + "') is invalid.");
      }
      if (self.el === null) self.text = value;
      else setAttr(self.el, self.attribute, value);
    },
  },
  newValueSpecifiedUnits(self, unit, value) {
    if (unit < 1 || unit > 10) throw domException('NotSupportedError', 'Cannot set value with unknown or invalid units (' + unit + ').');
    self.write(value, unit);
  },
  convertToSpecifiedUnits(self, to) {
    if (to < 1 || to > 10) throw domException('NotSupportedError', 'Cannot convert to unknown or invalid units (' + to + ').');
    const { number, unit } = self.read();
    self.write(number * UNIT_PIXELS[unit] / UNIT_PIXELS[to], to);
  },
}, SVGLengthImpl);

export function newLength() {
  return new SVGLengthImpl(null, '', '0');
}

class SVGAnimatedLengthImpl extends Impl {
  constructor(length) {
    super();
    this.length = length;
  }
}

defineInterface(`
[Exposed=Window]
interface SVGAnimatedLength {
  [SameObject] readonly attribute SVGLength baseVal;
  [SameObject] readonly attribute SVGLength animVal;
};
`, { baseVal: (self) => self.length, animVal: (self) => self.length }, SVGAnimatedLengthImpl);

export const animatedLength = (attribute, fallback = '0') => (self) => svgReflection(self, attribute, () => new SVGAnimatedLengthImpl(new SVGLengthImpl(self, attribute, fallback)));

// -- rectangles and viewBox ----------------------------------------------------------------------------------------------

class SVGAnimatedRectImpl extends Impl {
  constructor(rect) {
    super();
    this.rect = rect;
  }
}

// A rectangle that is an attribute of four numbers.
class SVGRectImpl extends Impl {
  constructor(el, attribute) {
    super();
    this.el = el;                  // null: of createSVGRect()
    this.attribute = attribute;
    this.numbers = [0, 0, 0, 0];
  }

  read() {
    if (this.el === null) return this.numbers;
    const out = [];
    let text = getAttr(this.el, this.attribute) ?? '';
    for (let i = 0; i < 4; i++) {
      const match = RegExpPrototypeExec(/^[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([^]*)$/, text);
      if (match === null) return [0, 0, 0, 0];
      out[i] = parseFloatingPoint(match[1]);
      text = match[2];
    }
    return out;
  }

  write(index, value) {
    const numbers = this.read();
    numbers[index] = value;
    this.numbers = numbers;
    if (this.el !== null) setAttr(this.el, this.attribute, numbers[0] + ' ' + numbers[1] + ' ' + numbers[2] + ' ' + numbers[3]);
  }
}

const rectPart = (index) => ({ __proto__: null, get: (self) => self.read()[index], set: (self, value) => self.write(index, value) });

defineInterface(`
[Exposed=Window]
interface SVGRect {
  attribute float x;
  attribute float y;
  attribute float width;
  attribute float height;
};
`, { x: rectPart(0), y: rectPart(1), width: rectPart(2), height: rectPart(3) }, SVGRectImpl);

export function newRect() {
  return new SVGRectImpl(null, '');
}

defineInterface(`
[Exposed=Window]
interface SVGAnimatedRect {
  readonly attribute SVGRect? baseVal;
  readonly attribute SVGRect? animVal;
};
`, {
  baseVal: (self) => (getAttr(self.rect.el, self.rect.attribute) === null ? null : self.rect),
  animVal: (self) => (getAttr(self.rect.el, self.rect.attribute) === null ? null : self.rect),
}, SVGAnimatedRectImpl);

export const animatedRect = (attribute) => (self) => svgReflection(self, attribute, () => new SVGAnimatedRectImpl(new SVGRectImpl(self, attribute)));

// -- SVGElement ----------------------------------------------------------------------------------------------------------

function isSVGRoot(node) {
  return node.nodeType === 1 && node.localName === 'svg' && node.namespace === SVG_NS;
}

// https://svgwg.org/svg2-draft/types.html#__svg__SVGElement__ownerSVGElement: the nearest svg above
function ownerSVG(self) {
  for (let node = self.parent; node !== null; node = node.parent) if (isSVGRoot(node)) return node;
  return null;
}

export const svgElementInterface = defineInterface(`
[Exposed=Window]
interface SVGElement : Element {
  [SameObject] readonly attribute SVGAnimatedString className;
  readonly attribute SVGSVGElement? ownerSVGElement;
  readonly attribute SVGElement? viewportElement;
};
SVGElement includes GlobalEventHandlers;
SVGElement includes HTMLOrSVGElement;
SVGElement includes ElementCSSInlineStyle;
`, { className: animatedString('class'), ownerSVGElement: ownerSVG, viewportElement: ownerSVG });
fallbacks.svg = svgElementInterface;

// https://w3c.github.io/mathml-core/#dom-and-javascript
fallbacks.mathml = defineInterface(`
[Exposed=Window]
interface MathMLElement : Element {};
MathMLElement includes GlobalEventHandlers;
MathMLElement includes HTMLOrSVGElement;
MathMLElement includes ElementCSSInlineStyle;
`, {});
