// https://html.spec.whatwg.org/multipage/iframe-embed-object.html
// embed, object, and canvas, which has no drawing contexts here.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, setAttr } from '../../dom/attributes.js';
import { domException } from '../../dom/DOMException.js';
import { parseNonNegative } from '../reflect.js';
import { ControlState } from '../forms/control_state.js';
import { formOwner } from '../forms/owner.js';
import { constraintValidationMembers } from '../forms/ValidityState.js';

defineElement({
  __proto__: null,
  names: ['embed'],
  iface: defineInterface(`
[Exposed=Window]
interface HTMLEmbedElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString src;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, Reflect] attribute DOMString width;
  [CEReactions, Reflect] attribute DOMString height;
  Document? getSVGDocument();
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString name;
};
`, { getSVGDocument: () => null }),
});

defineElement({
  __proto__: null,
  names: ['object'],
  created(el) {
    el.state = new ControlState();
  },
  iface: defineInterface(`
[Exposed=Window]
interface HTMLObjectElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions, ReflectURL] attribute USVString data;
  [CEReactions, Reflect] attribute DOMString type;
  [CEReactions, Reflect] attribute DOMString name;
  readonly attribute HTMLFormElement? form;
  [CEReactions, Reflect] attribute DOMString width;
  [CEReactions, Reflect] attribute DOMString height;
  readonly attribute Document? contentDocument;
  readonly attribute any contentWindow;
  Document? getSVGDocument();
  readonly attribute boolean willValidate;
  readonly attribute ValidityState validity;
  readonly attribute DOMString validationMessage;
  boolean checkValidity();
  boolean reportValidity();
  undefined setCustomValidity(DOMString error);
  [CEReactions, Reflect] attribute DOMString align;
  [CEReactions, Reflect] attribute DOMString archive;
  [CEReactions, Reflect] attribute DOMString code;
  [CEReactions, Reflect] attribute boolean declare;
  [CEReactions, Reflect] attribute unsigned long hspace;
  [CEReactions, Reflect] attribute DOMString standby;
  [CEReactions, Reflect] attribute unsigned long vspace;
  [CEReactions, ReflectURL] attribute DOMString codeBase;
  [CEReactions, Reflect] attribute DOMString codeType;
  [CEReactions, Reflect] attribute DOMString useMap;
  [CEReactions, Reflect] attribute [LegacyNullToEmptyString] DOMString border;
};
`, {
    form: formOwner,
    contentDocument: () => null,
    contentWindow: () => null,
    getSVGDocument: () => null,
    ...constraintValidationMembers,
  }),
});

// https://html.spec.whatwg.org/multipage/canvas.html#the-canvas-element
function canvasSize(name, fallback) {
  return {
    __proto__: null,
    get: (self) => parseNonNegative(getAttr(self, name) ?? '') ?? fallback,
    set: (self, value) => setAttr(self, name, '' + (value > 2147483647 ? fallback : value)),
  };
}

function noBitmap() {
  throw domException('NotSupportedError', 'Canvas drawing is not supported.');
}

defineElement({
  __proto__: null,
  names: ['canvas'],
  iface: defineInterface(`
callback BlobCallback = undefined (Blob? blob);
[Exposed=Window]
interface HTMLCanvasElement : HTMLElement {
  [HTMLConstructor] constructor();
  [CEReactions] attribute unsigned long width;
  [CEReactions] attribute unsigned long height;
  any getContext(DOMString contextId, optional any options = null);
  USVString toDataURL(optional DOMString type = "image/png", optional any quality);
  undefined toBlob(BlobCallback _callback, optional DOMString type = "image/png", optional any quality);
};
`, { width: canvasSize('width', 300), height: canvasSize('height', 150), getContext: () => null, toDataURL: noBitmap, toBlob: noBitmap }),
});
