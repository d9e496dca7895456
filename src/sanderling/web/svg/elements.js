// https://svgwg.org/svg2-draft/struct.html
// The elements of SVG. Their geometry is in geometry_interfaces.js.

import { defineInterface } from '../webidl/interface.js';
import { defineElement } from '../dom/definitions.js';
import { elementByIdIn } from '../dom/DocumentFragment.js';
import { SVG_NS } from '../dom/namespaces.js';
import { tokenListOf } from '../dom/DOMTokenList.js';
import { descendantTextContent } from '../dom/tree.js';
import { followHyperlink } from '../html/elements/hyperlinks.js';
import { scriptHooks } from '../html/scripting.js';
import { styleHooks } from '../html/styles.js';
import { isRendered } from '../css/cssom/rendered.js';
import { svgBox, svgTextLength } from './boxes.js';
import { animatedLength, animatedRect, animatedString, newLength, newRect } from './SVGElement.js';

function svgElements(names, idl, members, more) {
  const iface = defineInterface('[Exposed=Window]\n' + idl, members ?? {});
  defineElement({ __proto__: null, names, namespace: SVG_NS, iface, ...more });
  return iface;
}

defineInterface(`
interface mixin SVGTests {};
interface mixin SVGURIReference {
  [SameObject] readonly attribute SVGAnimatedString href;
};
interface mixin SVGFitToViewBox {
  [SameObject] readonly attribute SVGAnimatedRect viewBox;
};
`, { href: animatedString('href', true), viewBox: animatedRect('viewBox') });

// https://svgwg.org/svg2-draft/types.html#InterfaceSVGGraphicsElement
function bboxOf(self) {
  const rect = newRect();
  if (isRendered(self)) rect.numbers = svgBox(self);
  return rect;
}

defineInterface(`
dictionary SVGBoundingBoxOptions { boolean fill = true; boolean stroke = false; boolean markers = false; boolean clipped = false; };
[Exposed=Window]
interface SVGGraphicsElement : SVGElement {
  SVGRect getBBox(optional SVGBoundingBoxOptions options = {});
};
`, { getBBox: bboxOf });

defineInterface(`
[Exposed=Window]
interface SVGGeometryElement : SVGGraphicsElement {};
`, {});

svgElements(['svg'], `
interface SVGSVGElement : SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedLength x;
  [SameObject] readonly attribute SVGAnimatedLength y;
  [SameObject] readonly attribute SVGAnimatedLength width;
  [SameObject] readonly attribute SVGAnimatedLength height;
  attribute float currentScale;
  SVGLength createSVGLength();
  SVGRect createSVGRect();
  Element? getElementById(DOMString elementId);
  undefined pauseAnimations();
  undefined unpauseAnimations();
  boolean animationsPaused();
  float getCurrentTime();
  undefined setCurrentTime(float seconds);
};
SVGSVGElement includes SVGFitToViewBox;
`, {
  x: animatedLength('x'),
  y: animatedLength('y'),
  width: animatedLength('width', '100%'),
  height: animatedLength('height', '100%'),
  currentScale: { get: () => 1, set() {} },
  createSVGLength: newLength,
  createSVGRect: newRect,
  getElementById: (self, id) => elementByIdIn(self, id),
  pauseAnimations() {},
  unpauseAnimations() {},
  animationsPaused: () => false,
  getCurrentTime: () => 0,
  setCurrentTime() {},
});

svgElements(['g'], 'interface SVGGElement : SVGGraphicsElement {};');
svgElements(['defs'], 'interface SVGDefsElement : SVGGraphicsElement {};');
svgElements(['switch'], 'interface SVGSwitchElement : SVGGraphicsElement {};');
svgElements(['desc'], 'interface SVGDescElement : SVGElement {};');
svgElements(['title'], 'interface SVGTitleElement : SVGElement {};');
svgElements(['metadata'], 'interface SVGMetadataElement : SVGElement {};');
svgElements(['symbol'], 'interface SVGSymbolElement : SVGGraphicsElement {};\nSVGSymbolElement includes SVGFitToViewBox;');
svgElements(['view'], 'interface SVGViewElement : SVGElement {};\nSVGViewElement includes SVGFitToViewBox;');
svgElements(['path'], 'interface SVGPathElement : SVGGeometryElement {};');
svgElements(['polygon'], 'interface SVGPolygonElement : SVGGeometryElement {};');
svgElements(['polyline'], 'interface SVGPolylineElement : SVGGeometryElement {};');
svgElements(['rect'], `
interface SVGRectElement : SVGGeometryElement {
  [SameObject] readonly attribute SVGAnimatedLength x;
  [SameObject] readonly attribute SVGAnimatedLength y;
  [SameObject] readonly attribute SVGAnimatedLength width;
  [SameObject] readonly attribute SVGAnimatedLength height;
  [SameObject] readonly attribute SVGAnimatedLength rx;
  [SameObject] readonly attribute SVGAnimatedLength ry;
};`, {
  x: animatedLength('x'), y: animatedLength('y'), width: animatedLength('width'), height: animatedLength('height'), rx: animatedLength('rx'), ry: animatedLength('ry'),
});
svgElements(['circle'], `
interface SVGCircleElement : SVGGeometryElement {
  [SameObject] readonly attribute SVGAnimatedLength cx;
  [SameObject] readonly attribute SVGAnimatedLength cy;
  [SameObject] readonly attribute SVGAnimatedLength r;
};`, { cx: animatedLength('cx'), cy: animatedLength('cy'), r: animatedLength('r') });
svgElements(['ellipse'], `
interface SVGEllipseElement : SVGGeometryElement {
  [SameObject] readonly attribute SVGAnimatedLength cx;
  [SameObject] readonly attribute SVGAnimatedLength cy;
  [SameObject] readonly attribute SVGAnimatedLength rx;
  [SameObject] readonly attribute SVGAnimatedLength ry;
};`, { cx: animatedLength('cx'), cy: animatedLength('cy'), rx: animatedLength('rx'), ry: animatedLength('ry') });
svgElements(['line'], `
interface SVGLineElement : SVGGeometryElement {
  [SameObject] readonly attribute SVGAnimatedLength x1;
  [SameObject] readonly attribute SVGAnimatedLength y1;
  [SameObject] readonly attribute SVGAnimatedLength x2;
  [SameObject] readonly attribute SVGAnimatedLength y2;
};`, { x1: animatedLength('x1'), y1: animatedLength('y1'), x2: animatedLength('x2'), y2: animatedLength('y2') });

const placed = { __proto__: null, x: animatedLength('x'), y: animatedLength('y'), width: animatedLength('width', '100%'), height: animatedLength('height', '100%') };

svgElements(['use'], `
interface SVGUseElement : SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedLength x;
  [SameObject] readonly attribute SVGAnimatedLength y;
  [SameObject] readonly attribute SVGAnimatedLength width;
  [SameObject] readonly attribute SVGAnimatedLength height;
};
SVGUseElement includes SVGURIReference;`, placed);
svgElements(['image'], `
interface SVGImageElement : SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedLength x;
  [SameObject] readonly attribute SVGAnimatedLength y;
  [SameObject] readonly attribute SVGAnimatedLength width;
  [SameObject] readonly attribute SVGAnimatedLength height;
};
SVGImageElement includes SVGURIReference;`, placed);
svgElements(['foreignObject'], `
interface SVGForeignObjectElement : SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedLength x;
  [SameObject] readonly attribute SVGAnimatedLength y;
  [SameObject] readonly attribute SVGAnimatedLength width;
  [SameObject] readonly attribute SVGAnimatedLength height;
};`, placed);

// https://svgwg.org/svg2-draft/text.html#InterfaceSVGTextContentElement
defineInterface(`
[Exposed=Window]
interface SVGTextContentElement : SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedLength textLength;
  long getNumberOfChars();
  float getComputedTextLength();
};
`, { getComputedTextLength: svgTextLength, textLength: animatedLength('textLength'), getNumberOfChars: (self) => descendantTextContent(self).length });
defineInterface('[Exposed=Window] interface SVGTextPositioningElement : SVGTextContentElement {};', {});
svgElements(['text'], 'interface SVGTextElement : SVGTextPositioningElement {};');
svgElements(['tspan'], 'interface SVGTSpanElement : SVGTextPositioningElement {};');
svgElements(['textPath'], 'interface SVGTextPathElement : SVGTextContentElement {};\nSVGTextPathElement includes SVGURIReference;');

// https://svgwg.org/svg2-draft/linking.html#InterfaceSVGAElement
svgElements(['a'], `
interface SVGAElement : SVGGraphicsElement {
  [SameObject] readonly attribute SVGAnimatedString target;
  [CEReactions, Reflect] attribute DOMString download;
  [CEReactions, Reflect] attribute USVString ping;
  [CEReactions, Reflect] attribute DOMString rel;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList relList;
  [CEReactions, Reflect] attribute DOMString hreflang;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, ReflectEnum="referrerpolicy"] attribute DOMString referrerPolicy;
};
SVGAElement includes SVGURIReference;`, {
  target: animatedString('target'),
  relList: (self) => tokenListOf(self, 'rel', ['noreferrer', 'noopener', 'opener']),
}, { activationBehavior: followHyperlink, auxiliaryActivation: true });

defineInterface('[Exposed=Window] interface SVGGradientElement : SVGElement {};\nSVGGradientElement includes SVGURIReference;', {});
svgElements(['linearGradient'], `
interface SVGLinearGradientElement : SVGGradientElement {
  [SameObject] readonly attribute SVGAnimatedLength x1;
  [SameObject] readonly attribute SVGAnimatedLength y1;
  [SameObject] readonly attribute SVGAnimatedLength x2;
  [SameObject] readonly attribute SVGAnimatedLength y2;
};`, { x1: animatedLength('x1', '0%'), y1: animatedLength('y1', '0%'), x2: animatedLength('x2', '100%'), y2: animatedLength('y2', '0%') });
svgElements(['radialGradient'], `
interface SVGRadialGradientElement : SVGGradientElement {
  [SameObject] readonly attribute SVGAnimatedLength cx;
  [SameObject] readonly attribute SVGAnimatedLength cy;
  [SameObject] readonly attribute SVGAnimatedLength r;
  [SameObject] readonly attribute SVGAnimatedLength fx;
  [SameObject] readonly attribute SVGAnimatedLength fy;
};`, {
  cx: animatedLength('cx', '50%'), cy: animatedLength('cy', '50%'), r: animatedLength('r', '50%'), fx: animatedLength('fx', '50%'), fy: animatedLength('fy', '50%'),
});
svgElements(['stop'], 'interface SVGStopElement : SVGElement {};');
svgElements(['clipPath'], 'interface SVGClipPathElement : SVGElement {};');
svgElements(['mask'], 'interface SVGMaskElement : SVGElement {};');
svgElements(['marker'], 'interface SVGMarkerElement : SVGElement {};\nSVGMarkerElement includes SVGFitToViewBox;');
svgElements(['pattern'], 'interface SVGPatternElement : SVGElement {};\nSVGPatternElement includes SVGURIReference;\nSVGPatternElement includes SVGFitToViewBox;');
svgElements(['filter'], 'interface SVGFilterElement : SVGElement {};\nSVGFilterElement includes SVGURIReference;');
defineInterface('[Exposed=Window] interface SVGAnimationElement : SVGElement {};', {});
svgElements(['animate'], 'interface SVGAnimateElement : SVGAnimationElement {};');
svgElements(['animateMotion'], 'interface SVGAnimateMotionElement : SVGAnimationElement {};');
svgElements(['animateTransform'], 'interface SVGAnimateTransformElement : SVGAnimationElement {};');
svgElements(['set'], 'interface SVGSetElement : SVGAnimationElement {};');
svgElements(['mpath'], 'interface SVGMPathElement : SVGElement {};\nSVGMPathElement includes SVGURIReference;');
svgElements(['style'], `
interface SVGStyleElement : SVGElement {
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, Reflect] attribute DOMString media;
  [CEReactions, Reflect] attribute DOMString title;
};
SVGStyleElement includes LinkStyle;`, {}, {
  created: (el) => styleHooks.created(el),
  inserted: (el) => styleHooks.inserted(el),
  removed: (el) => styleHooks.removed(el),
  childrenChanged: (el) => styleHooks.childrenChanged(el),
  popped: (el) => styleHooks.popped(el),
  attributeChanged: (el, name, old, value) => styleHooks.attributeChanged(el, name, old, value),
});
svgElements(['script'], `
interface SVGScriptElement : SVGElement {
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, ReflectEnum="crossorigin"] attribute DOMString? crossOrigin;
};
SVGScriptElement includes SVGURIReference;`, {}, scriptHooks);
