// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#images-2
// Bitmaps have the size that the standard gives them, and the pixels of every canvas here: none. Blobs are looked at far enough to know their size.

import { hostCall } from '../../host.js';
import { MathAbs, MathCeil, RangeError, TypeError } from '../../primordials.js';
import { Impl } from '../../webidl/impl.js';
import { isDetachedBuffer, partsOfView } from '../../webidl/buffers.js';
import { defineInterface } from '../../webidl/interface.js';
import { unwrap, wrap } from '../../webidl/wrapper.js';
import { domException } from '../../dom/DOMException.js';
import { getAttr } from '../../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../../dom/namespaces.js';
import { BlobImpl } from '../../FileAPI/Blob.js';
import { rejectedWith, resolvedWith } from '../../streams/support.js';
import { defineCloneSteps } from '../../webmessaging/structured_clone.js';
import { defineWireForm } from '../../webmessaging/wire.js';
import { correctedSize } from '../image_loading.js';
import { parseNonNegative } from '../reflect.js';
import { isImageData } from './ImageData.js';
import { OffscreenCanvasImpl } from './OffscreenCanvas.js';

export class ImageBitmapImpl extends Impl {
  constructor(width, height) {
    super();
    this.width = width;
    this.height = height;
    this.detached = false;
  }

  // Transfer steps: 1.
  checkTransfer() {
    if (this.detached) throw domException('DataCloneError', 'An ImageBitmap is detached and could not be cloned.');
  }

  // 2-3.
  moveOut() {
    const out = new ImageBitmapImpl(this.width, this.height);
    this.close();
    return out;
  }

  // https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagebitmap-close
  close() {
    this.detached = true;
    this.width = 0;
    this.height = 0;
  }
}

function unusable(text) {
  return domException('InvalidStateError', "Failed to execute 'createImageBitmap' on 'Window': " + text);
}

// https://html.spec.whatwg.org/multipage/canvas.html#check-the-usability-of-the-image-argument, and the natural size of what is usable
function sizeOfSource(value) {
  const impl = unwrap(value);
  if (impl instanceof BlobImpl) {
    const size = hostCall('image.size', null, impl.bytes);
    if (size === null) throw unusable('The source image could not be decoded.');
    return size;
  }
  if (isImageData(impl)) {
    if (isDetachedBuffer(partsOfView(impl.data).buffer)) throw unusable('The source data has been detached.');
    return impl;
  }
  if (impl instanceof ImageBitmapImpl || impl instanceof OffscreenCanvasImpl) {
    if (impl.detached) throw unusable('The image source is detached.');
    if (impl.width === 0 || impl.height === 0) throw unusable('The source image width is 0, or its height.');
    return impl;
  }
  if (impl !== undefined && impl.namespace === HTML_NS) {
    if (impl.localName === 'canvas') {
      const width = parseNonNegative(getAttr(impl, 'width') ?? '300');
      const height = parseNonNegative(getAttr(impl, 'height') ?? '150');
      if (width === 0 || height === 0) throw unusable('The source image width is 0, or its height.');
      return { __proto__: null, width, height };
    }
    if (impl.localName === 'img') {
      const { current } = impl.state;
      if (current.width === 0 || current.height === 0) throw unusable('The image element contains an image without a size, or none.');
      return { __proto__: null, width: correctedSize(current, 'width'), height: correctedSize(current, 'height') };
    }
    if (impl.localName === 'video') throw unusable('The provided element has not retrieved data.');
  }
  if (impl !== undefined && impl.localName === 'image' && impl.namespace === SVG_NS) throw unusable('The image element contains an image without a size, or none.');
  throw new TypeError("Failed to execute 'createImageBitmap' on 'Window': The provided value is not of type '(Blob or HTMLCanvasElement or HTMLImageElement or HTMLVideoElement or ImageBitmap or ImageData or OffscreenCanvas or SVGImageElement or VideoFrame)'.");
}

// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#cropped-to-the-source-rectangle-with-formatting: steps 5-8, the size alone
function croppedSize(width, height, { resizeWidth, resizeHeight }) {
  return {
    __proto__: null,
    width: resizeWidth ?? (resizeHeight === undefined ? width : MathCeil(width * resizeHeight / height)),
    height: resizeHeight ?? (resizeWidth === undefined ? height : MathCeil(height * resizeWidth / width)),
  };
}

// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-createimagebitmap
function makeImageBitmap(image, crop, options) {
  try {
    // 1.
    if (crop !== null && (crop.width === 0 || crop.height === 0)) throw new RangeError("Failed to execute 'createImageBitmap' on 'Window': The crop rect width or height is 0.");
    // 2.
    if (options.resizeWidth === 0 || options.resizeHeight === 0) throw unusable('The resize width or height is 0.');
    // 3-6.
    const source = sizeOfSource(image);
    const { width, height } = croppedSize(crop === null ? source.width : MathAbs(crop.width), crop === null ? source.height : MathAbs(crop.height), options);
    return resolvedWith(wrap(new ImageBitmapImpl(width, height)));
  } catch (error) {
    return rejectedWith(error);
  }
}

const imageBitmapInterface = defineInterface(`
[Exposed=(Window,Worker), Serializable, Transferable]
interface ImageBitmap {
  readonly attribute unsigned long width;
  readonly attribute unsigned long height;
  undefined close();
};
`, {
  width: (self) => self.width,
  height: (self) => self.height,
  close: (self) => self.close(),
}, ImageBitmapImpl);

defineInterface(`
enum ImageOrientation { "from-image", "flipY" };
enum PremultiplyAlpha { "none", "premultiply", "default" };
enum ColorSpaceConversion { "none", "default" };
enum ResizeQuality { "pixelated", "low", "medium", "high" };
dictionary ImageBitmapOptions {
  ImageOrientation imageOrientation = "from-image";
  PremultiplyAlpha premultiplyAlpha = "default";
  ColorSpaceConversion colorSpaceConversion = "default";
  [EnforceRange] unsigned long resizeWidth;
  [EnforceRange] unsigned long resizeHeight;
  ResizeQuality resizeQuality = "low";
};
partial interface mixin WindowOrWorkerGlobalScope {
  Promise<ImageBitmap> createImageBitmap(any image, optional ImageBitmapOptions options = {});
  Promise<ImageBitmap> createImageBitmap(any image, long sx, long sy, long sw, long sh, optional ImageBitmapOptions options = {});
};
`, {
  'createImageBitmap:0': (self, image, options) => makeImageBitmap(image, null, options),
  'createImageBitmap:1': (self, image, x, y, width, height, options) => makeImageBitmap(image, { __proto__: null, width, height }, options),
});

defineInterface(`
partial interface OffscreenCanvas {
  ImageBitmap transferToImageBitmap();
};
`, {
  // https://html.spec.whatwg.org/multipage/canvas.html#dom-offscreencanvas-transfertoimagebitmap
  transferToImageBitmap(self) {
    if (self.detached) throw domException('InvalidStateError', "Failed to execute 'transferToImageBitmap' on 'OffscreenCanvas': Cannot transfer an ImageBitmap from a detached OffscreenCanvas.");
    if (!self.hasContext) throw domException('InvalidStateError', "Failed to execute 'transferToImageBitmap' on 'OffscreenCanvas': Cannot transfer an ImageBitmap from an OffscreenCanvas with no context.");
    return new ImageBitmapImpl(self.width, self.height);
  },
});

defineCloneSteps(imageBitmapInterface, (impl) => {
  impl.checkTransfer();
  return new ImageBitmapImpl(impl.width, impl.height);
});
defineWireForm(imageBitmapInterface, {
  __proto__: null,
  write: (impl) => {
    impl.checkTransfer();
    return { __proto__: null, width: impl.width, height: impl.height };
  },
  read: ({ width, height }) => new ImageBitmapImpl(width, height),
});
