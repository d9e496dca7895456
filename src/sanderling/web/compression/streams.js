// https://compression.spec.whatwg.org/

import { ArrayBufferIsView, TypeError, TypedArrayPrototypeGetByteLength } from '../primordials.js';
import { EMPTY_BYTES, hostCall } from '../host.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { bytesOfBufferSource, copyOfBytes, partsOfView } from '../webidl/buffers.js';
import { isArrayBuffer, isBufferSource } from '../webidl/conversions.js';
import { createTransform } from '../streams/TransformStream.js';

let codecNumber = 0;

// Both streams: the host has the state under a number, from the first chunk to the end of the stream.
class CodecStreamImpl extends Impl {
  constructor(format, compress) {
    super();
    const id = ++codecNumber;
    let used = false;
    const step = (name, controller, bytes) => {
      used = true;
      const { json, bytes: out } = hostCall('compression', { __proto__: null, id, format, compress, step: name }, bytes);
      if (TypedArrayPrototypeGetByteLength(out) > 0) controller.enqueue(copyOfBytes(out));
      if (json.error !== null) {
        drop();
        throw new TypeError(json.error);
      }
      return json.more;
    };
    const drop = () => {
      if (used) hostCall('compression', { __proto__: null, id, step: 'drop' });
    };
    this.transform = createTransform((chunk, controller) => {
      if (!isBufferSource(chunk) || !isArrayBuffer(ArrayBufferIsView(chunk) ? partsOfView(chunk).buffer : chunk)) throw new TypeError('The chunk is no BufferSource');
      let more = step('write', controller, copyOfBytes(bytesOfBufferSource(chunk)));
      while (more) more = step('more', controller, EMPTY_BYTES);
    }, (controller) => {
      step('finish', controller, EMPTY_BYTES);
    }, drop);
  }
}

class CompressionStreamImpl extends CodecStreamImpl {}
class DecompressionStreamImpl extends CodecStreamImpl {}

export const compressionStreamInterface = defineInterface(`
enum CompressionFormat { "deflate", "deflate-raw", "gzip" };
[Exposed=*]
interface CompressionStream {
  constructor(CompressionFormat format);
};
CompressionStream includes GenericTransformStream;
`, {
  constructor: (format) => new CompressionStreamImpl(format, true),
}, CompressionStreamImpl);

export const decompressionStreamInterface = defineInterface(`
[Exposed=*]
interface DecompressionStream {
  constructor(CompressionFormat format);
};
DecompressionStream includes GenericTransformStream;
`, {
  constructor: (format) => new DecompressionStreamImpl(format, false),
}, DecompressionStreamImpl);
