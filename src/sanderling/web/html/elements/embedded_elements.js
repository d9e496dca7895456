// https://html.spec.whatwg.org/multipage/iframe-embed-object.html
// embed, object, and canvas.

import { defineInterface } from '../../webidl/interface.js';
import { defineElement } from '../../dom/definitions.js';
import { getAttr, hasAttr, setAttr } from '../../dom/attributes.js';
import { isConnected } from '../../dom/tree.js';
import { wrap } from '../../webidl/wrapper.js';
import { BlobImpl } from '../../FileAPI/Blob.js';
import { base64OfBytes } from '../../FileAPI/base64.js';
import { domException } from '../../dom/DOMException.js';
import { canvasContext2D, resetCanvas } from '../canvas/CanvasRenderingContext2D.js';
import { canvasBitmapFile, newOffscreenCanvas } from '../canvas/OffscreenCanvas.js';
import { parseNonNegative } from '../reflect.js';
import { reportCallback } from '../report.js';
import { queueTask } from '../tasks.js';
import { contentDocumentOf, contentWindowOf } from '../frames.js';
import { dropObject, updateObject } from '../object_loading.js';
import { ControlState } from '../forms/control_state.js';
import { formOwner } from '../forms/owner.js';
import { constraintValidationMembers } from '../forms/ValidityState.js';

class ObjectState extends ControlState {
  constructor() {
    super();
    this.window = null;            // like a frame's (../frames.js)
    this.fetching = 0;
    this.delaying = false;
    this.lazy = null;              // as that of frames; never set here
    this.failed = false;
    this.shows = 'nothing';        // nothing, document, image, fallback
    this.update = 0;               // counts the times that it was decided
  }
}

const objectHooks = {
  __proto__: null,
  created(el) {
    el.state = new ObjectState();
  },
  inserted(el) {
    if (hasAttr(el, el.localName === 'object' ? 'data' : 'src')) updateObject(el);
    else if (el.localName === 'object') el.state.shows = 'fallback';
  },
  removed(el) {
    if (el.state.update > 0) dropObject(el);
  },
  attributeChanged(el, name, oldValue, value, namespace) {
    if (namespace !== null || !isConnected(el)) return;
    if (name === (el.localName === 'object' ? 'data' : 'src') || (name === 'type' && oldValue !== value)) updateObject(el);
  },
};

function svgDocument(el) {
  const doc = contentDocumentOf(el);
  return doc !== null && doc.contentType === 'image/svg+xml' ? doc : null;
}

defineElement({
  ...objectHooks,
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
`, { getSVGDocument: svgDocument }),
});

defineElement({
  __proto__: null,
  ...objectHooks,
  names: ['object'],
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
    contentDocument: contentDocumentOf,
    contentWindow: contentWindowOf,
    getSVGDocument: svgDocument,
    ...constraintValidationMembers,
  }),
});

// https://html.spec.whatwg.org/multipage/canvas.html#the-canvas-element
function canvasSize(name, fallback) {
  return {
    __proto__: null,
    get: (self) => parseNonNegative(getAttr(self, name) ?? '') ?? fallback,
    set(self, value) {
      if (self.state === PLACEHOLDER) throw domException('InvalidStateError', "Failed to set the '" + name + "' property on 'HTMLCanvasElement': Cannot resize canvas after call to transferControlToOffscreen().");
      setAttr(self, name, '' + (value > 2147483647 ? fallback : value));
    },
  };
}

const BITMAP = 'bitmap';             // the state of a canvas that has a context
const PLACEHOLDER = 'placeholder';   // that of one whose bitmap an OffscreenCanvas has

// https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-todataurl: of what type the file may be, one of PNG comes
function canvasFile(el) {
  const width = parseNonNegative(getAttr(el, 'width') ?? '') ?? 300;
  const height = parseNonNegative(getAttr(el, 'height') ?? '') ?? 150;
  return canvasBitmapFile(width, height);
}

defineElement({
  __proto__: null,
  names: ['canvas'],
  attributeChanged(el, name, oldValue, value, namespace) {
    if (el.state === BITMAP && namespace === null && (name === 'width' || name === 'height')) resetCanvas(el);
  },
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
  OffscreenCanvas transferControlToOffscreen();
};
`, { width: canvasSize('width', 300), height: canvasSize('height', 150),
  // https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-getcontext: other contexts are not there, and null says so
  getContext(self, id, options) {
    if (self.state === PLACEHOLDER) throw domException('InvalidStateError', "Failed to execute 'getContext' on 'HTMLCanvasElement': Cannot get context from a canvas that has transferred its control to offscreen.");
    if (id !== '2d') return null;
    const context = canvasContext2D(self, options);
    self.state = BITMAP;
    return wrap(context);
  },
  // https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-transfercontroltooffscreen
  transferControlToOffscreen(self) {
    if (self.state !== null) {
      throw domException('InvalidStateError', "Failed to execute 'transferControlToOffscreen' on 'HTMLCanvasElement': Cannot transfer control from a canvas " + (self.state === BITMAP ? 'that has a rendering context.' : 'for more than one time.'));
    }
    self.state = PLACEHOLDER;
    return newOffscreenCanvas(parseNonNegative(getAttr(self, 'width') ?? '') ?? 300, parseNonNegative(getAttr(self, 'height') ?? '') ?? 150);
  },
  toDataURL(self) {
    const file = canvasFile(self);
    return file === null ? 'data:,' : 'data:image/png;base64,' + base64OfBytes(file);
  },
  toBlob(self, callback) {
    const file = canvasFile(self);
    queueTask(self.doc, () => reportCallback(callback, undefined, [file === null ? null : wrap(new BlobImpl(file, 'image/png'))]));
  },
}),
});
