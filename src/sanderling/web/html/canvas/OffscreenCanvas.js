// https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface
// A canvas without an element, in windows and workers; its image stays transparent as that of the element does.

import { defineInterface } from '../../webidl/interface.js';
import { wrap } from '../../webidl/wrapper.js';
import { EventTargetImpl } from '../../dom/EventTarget.js';
import { domException } from '../../dom/DOMException.js';
import { BlobImpl } from '../../FileAPI/Blob.js';
import { resolvedWith } from '../../streams/support.js';
import { defineWireForm } from '../../webmessaging/wire.js';
import { blankPng } from './blank_png.js';
import { canvasContext2D, resetCanvas } from './CanvasRenderingContext2D.js';

// Chromium's: what is larger has no bitmap.
const MAX_SIDE = 65535;
const MAX_AREA = 16384 * 16384;

export class OffscreenCanvasImpl extends EventTargetImpl {
  constructor(width, height) {
    super();
    this.width = width;
    this.height = height;
    this.hasContext = false;
    this.detached = false;
  }

  // https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface, transfer steps: 1-2
  checkTransfer() {
    if (this.detached) throw domException('DataCloneError', 'An OffscreenCanvas is detached and could not be cloned.');
    if (this.hasContext) throw domException('InvalidStateError', 'An OffscreenCanvas could not be transferred because it had a rendering context.');
  }

  // 3-9.: an object of its own, which takes over
  moveOut() {
    const out = new OffscreenCanvasImpl(this.width, this.height);
    this.detached = true;
    this.width = 0;
    this.height = 0;
    return out;
  }
}

export function newOffscreenCanvas(width, height) {
  return new OffscreenCanvasImpl(width, height);
}

// null: an image of this size has no file
export function canvasBitmapFile(width, height) {
  return width === 0 || height === 0 || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_AREA ? null : blankPng(width, height);
}

function offscreenSize(name) {
  return {
    __proto__: null,
    get: (self) => self[name],
    set(self, value) {
      if (self.detached) return;
      self[name] = value;
      resetCanvas(self);
    },
  };
}

const offscreenInterface = defineInterface(`
dictionary ImageEncodeOptions { DOMString type = "image/png"; unrestricted double quality; };
enum OffscreenRenderingContextId { "2d", "bitmaprenderer", "webgl", "webgl2", "webgpu" };
[Exposed=(Window,Worker), Transferable]
interface OffscreenCanvas : EventTarget {
  constructor([EnforceRange] unsigned long long width, [EnforceRange] unsigned long long height);
  attribute [EnforceRange] unsigned long long width;
  attribute [EnforceRange] unsigned long long height;
  any getContext(OffscreenRenderingContextId contextId, optional any options = null);
  Promise<Blob> convertToBlob(optional ImageEncodeOptions options = {});
  attribute EventHandler oncontextlost;
  attribute EventHandler oncontextrestored;
};
`, {
  constructor: newOffscreenCanvas,
  width: offscreenSize('width'),
  height: offscreenSize('height'),
  // https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-getcontext: other contexts are not there, and null says so
  getContext(self, id, options) {
    if (self.detached) throw domException('InvalidStateError', "Failed to execute 'getContext' on 'OffscreenCanvas': The OffscreenCanvas is detached.");
    if (id !== '2d') return null;
    self.hasContext = true;
    return wrap(canvasContext2D(self, options));
  },
  // https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-converttoblob: of what type the file may be, one of PNG comes
  convertToBlob(self) {
    if (self.detached) throw domException('InvalidStateError', "Failed to execute 'convertToBlob' on 'OffscreenCanvas': The OffscreenCanvas is detached.");
    if (self.width === 0 || self.height === 0) throw domException('IndexSizeError', "Failed to execute 'convertToBlob' on 'OffscreenCanvas': The size of the OffscreenCanvas is zero.");
    const file = canvasBitmapFile(self.width, self.height);
    if (file === null) throw domException('EncodingError', "Failed to execute 'convertToBlob' on 'OffscreenCanvas': The image cannot be encoded.");
    return resolvedWith(wrap(new BlobImpl(file, 'image/png')));
  },
}, OffscreenCanvasImpl);

defineWireForm(offscreenInterface, {
  __proto__: null,
  write: ({ width, height }) => ({ __proto__: null, width, height }),
  read: ({ width, height }) => new OffscreenCanvasImpl(width, height),
});
