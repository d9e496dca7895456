// https://encoding.spec.whatwg.org/#interface-textdecoderstream and #interface-textencoderstream

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { StringPrototypeCharCodeAt, StringPrototypeSlice, TypeError } from '../primordials.js';
import { isBufferSource, toDOMString } from '../webidl/conversions.js';
import { bytesOfBufferSource } from '../webidl/buffers.js';
import { EMPTY_BYTES, utf8Encode } from '../host.js';
import { createTransform } from '../streams/TransformStream.js';
import { TextDecoderState } from './TextDecoder.js';

class TextDecoderStreamImpl extends Impl {
  constructor(label, options) {
    super();
    this.state = new TextDecoderState(label, options, 'TextDecoderStream');
    this.transform = createTransform((chunk, controller) => {
      if (!isBufferSource(chunk)) throw new TypeError('The chunk is no BufferSource');
      const text = this.state.decode(bytesOfBufferSource(chunk), true);
      if (text !== '') controller.enqueue(text);
    }, (controller) => {
      const text = this.state.decode(EMPTY_BYTES, false);
      if (text !== '') controller.enqueue(text);
    });
  }
}

class TextEncoderStreamImpl extends Impl {
  constructor() {
    super();
    this.lead = '';                // a leading surrogate that waits for its other half
    this.transform = createTransform((chunk, controller) => {
      let text = this.lead + toDOMString(chunk);
      this.lead = '';
      if (text === '') return;
      const last = StringPrototypeCharCodeAt(text, text.length - 1);
      if (last >= 0xD800 && last <= 0xDBFF) {
        this.lead = text[text.length - 1];
        text = StringPrototypeSlice(text, 0, -1);
      }
      if (text !== '') controller.enqueue(utf8Encode(text));
    }, (controller) => {
      if (this.lead !== '') controller.enqueue(utf8Encode('\uFFFD'));
    });
  }
}

defineInterface(`
interface mixin GenericTransformStream {
  readonly attribute ReadableStream readable;
  readonly attribute WritableStream writable;
};
`, {
  readable: (self) => self.transform.readable,
  writable: (self) => self.transform.writable,
});

export const textDecoderStreamInterface = defineInterface(`
[Exposed=*]
interface TextDecoderStream {
  constructor(optional DOMString label = "utf-8", optional TextDecoderOptions options = {});
};
TextDecoderStream includes TextDecoderCommon;
TextDecoderStream includes GenericTransformStream;
`, {
  constructor: (label, options) => new TextDecoderStreamImpl(label, options),
}, TextDecoderStreamImpl);

export const textEncoderStreamInterface = defineInterface(`
[Exposed=*]
interface TextEncoderStream {
  constructor();
};
TextEncoderStream includes TextEncoderCommon;
TextEncoderStream includes GenericTransformStream;
`, {
  constructor: () => new TextEncoderStreamImpl(),
}, TextEncoderStreamImpl);
