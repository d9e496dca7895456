// https://encoding.spec.whatwg.org/#interface-textdecoder
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { bytesOfBufferSource } from '../webidl/buffers.js';
import { RangeError, StringPrototypeSlice, StringPrototypeToLowerCase, TypeError } from '../primordials.js';
import { EMPTY_BYTES } from '../host.js';
import { getEncoding } from './labels.js';
import { createDecoder } from './decoders.js';

// What TextDecoder and TextDecoderStream have in common: https://encoding.spec.whatwg.org/#textdecodercommon
export class TextDecoderState {
  constructor(label, options, name) {
    const encoding = getEncoding(label);
    if (encoding === null || encoding === 'replacement') {
      throw new RangeError("Failed to construct '" + name + "': The encoding label provided ('" + label + "') is invalid.");
    }
    this.encoding = encoding;
    this.fatal = options.fatal;
    this.ignoreBOM = options.ignoreBOM;
    this.decoder = null;
    this.bomSeen = false;
  }

  // https://encoding.spec.whatwg.org/#dom-textdecoder-decode, steps 2 to 4, and #concept-td-serialize
  decode(bytes, stream) {
    if (this.decoder === null) {
      this.decoder = createDecoder(this.encoding);
      this.bomSeen = false;
    }
    let text = this.decoder.decode(bytes, !stream, this.fatal);
    if (text === null) {
      this.decoder = null;
      throw new TypeError('The encoded data was not valid for encoding ' + StringPrototypeToLowerCase(this.encoding) + '.');
    }
    if (!this.bomSeen && text !== '') {
      this.bomSeen = true;
      const unicode = this.encoding === 'UTF-8' || this.encoding === 'UTF-16LE' || this.encoding === 'UTF-16BE';
      if (unicode && !this.ignoreBOM && text[0] === '\uFEFF') text = StringPrototypeSlice(text, 1);
    }
    if (!stream) this.decoder = null;
    return text;
  }
}

export class TextDecoderImpl extends Impl {
  constructor(label, options) {
    super();
    this.state = new TextDecoderState(label, options, 'TextDecoder');
  }
}

export const textDecoderInterface = defineInterface(`
interface mixin TextDecoderCommon {
  readonly attribute DOMString encoding;
  readonly attribute boolean fatal;
  readonly attribute boolean ignoreBOM;
};
`, {
  encoding: (self) => StringPrototypeToLowerCase(self.state.encoding),
  fatal: (self) => self.state.fatal,
  ignoreBOM: (self) => self.state.ignoreBOM,
});

export const textDecoderClass = defineInterface(`
dictionary TextDecoderOptions {
  boolean fatal = false;
  boolean ignoreBOM = false;
};
dictionary TextDecodeOptions {
  boolean stream = false;
};
[Exposed=*]
interface TextDecoder {
  constructor(optional DOMString label = "utf-8", optional TextDecoderOptions options = {});
  USVString decode(optional AllowSharedBufferSource input, optional TextDecodeOptions options = {});
};
TextDecoder includes TextDecoderCommon;
`, {
  constructor: (label, options) => new TextDecoderImpl(label, options),
  decode: (self, input, options) => self.state.decode(input === undefined ? EMPTY_BYTES : bytesOfBufferSource(input), options.stream),
}, TextDecoderImpl);
