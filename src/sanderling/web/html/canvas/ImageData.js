// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#imagedata
// Pixels as data. There is nothing here that draws, but pages compute with them and send them around.

import { Impl } from '../../webidl/impl.js';
import { defineInterface } from '../../webidl/interface.js';
import { isDetachedBuffer, partsOfView } from '../../webidl/buffers.js';
import { domException } from '../../dom/DOMException.js';
import { TypedArrayPrototypeGetLength, TypedArrayPrototypeGetSymbolToStringTag, Uint8Array, Uint8ClampedArray, TypeError } from '../../primordials.js';
import { defineCloneSteps } from '../../webmessaging/structured_clone.js';
import { defineWireForm } from '../../webmessaging/wire.js';

class ImageDataImpl extends Impl {
  constructor(data, width, height, colorSpace) {
    super();
    this.data = data;
    this.width = width;
    this.height = height;
    this.colorSpace = colorSpace;
  }
}

const MAX_IMAGE_BYTES = 2 ** 32 - 1;    // what a buffer of the engine may hold

function indexSize(text) {
  return domException('IndexSizeError', "Failed to construct 'ImageData': " + text);
}

// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagedata
export function blankImage(width, height, settings) {
  if (width === 0) throw indexSize('The source width is zero or not a number.');
  if (height === 0) throw indexSize('The source height is zero or not a number.');
  if (width * height * 4 > MAX_IMAGE_BYTES) throw indexSize('The requested image size exceeds the supported range.');
  return new ImageDataImpl(new Uint8ClampedArray(width * height * 4), width, height, settings.colorSpace ?? 'srgb');
}

export function isImageData(value) {
  return value instanceof ImageDataImpl;
}

// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-imagedata-with-data
function imageOf(data, width, height, settings) {
  if (TypedArrayPrototypeGetSymbolToStringTag(data) !== 'Uint8ClampedArray') throw new TypeError("Failed to construct 'ImageData': parameter 1 is not of type 'Uint8ClampedArray'.");
  // 1-5.
  if (isDetachedBuffer(partsOfView(data).buffer)) throw domException('InvalidStateError', "Failed to construct 'ImageData': The source data has been detached.");
  const length = TypedArrayPrototypeGetLength(data);
  if (length === 0 || length % 4 !== 0) throw domException('InvalidStateError', "Failed to construct 'ImageData': The input data length is not a multiple of 4.");
  if (width === 0 || (length / 4) % width !== 0) throw indexSize('The input data length is not a multiple of (4 * width).');
  if (height !== undefined && height !== length / 4 / width) throw indexSize('The input data length is not equal to (4 * width * height).');
  return new ImageDataImpl(data, width, length / 4 / width, settings.colorSpace ?? 'srgb');
}

const imageDataInterface = defineInterface(`
enum PredefinedColorSpace { "srgb", "display-p3" };
dictionary ImageDataSettings { PredefinedColorSpace colorSpace; };
[Exposed=(Window,Worker), Serializable]
interface ImageData {
  constructor(unsigned long sw, unsigned long sh, optional ImageDataSettings settings = {});
  constructor(Uint8ClampedArray data, unsigned long sw, optional unsigned long sh, optional ImageDataSettings settings = {});
  readonly attribute unsigned long width;
  readonly attribute unsigned long height;
  readonly attribute any data;
  readonly attribute PredefinedColorSpace colorSpace;
};
`, {
  constructor(first, second, third, fourth) {
    return typeof first === 'number' ? blankImage(first, second, third) : imageOf(first, second, third, fourth);
  },
  width: (self) => self.width,
  height: (self) => self.height,
  data: (self) => self.data,
  colorSpace: (self) => self.colorSpace,
}, ImageDataImpl);

defineCloneSteps(imageDataInterface, ({ data, width, height, colorSpace }) => new ImageDataImpl(new Uint8ClampedArray(data), width, height, colorSpace));
defineWireForm(imageDataInterface, {
  __proto__: null,
  write: ({ data, width, height, colorSpace }, keep) => ({ __proto__: null, data: keep(new Uint8Array(data)), width, height, colorSpace }),
  read: ({ data, width, height, colorSpace }, bytesAt) => new ImageDataImpl(new Uint8ClampedArray(bytesAt(data)), width, height, colorSpace),
});
