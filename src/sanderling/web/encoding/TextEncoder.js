// https://encoding.spec.whatwg.org/#interface-textencoder
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { utf8Encode } from '../host.js';
import { utf8EncodeInto } from './utf8.js';

export class TextEncoderImpl extends Impl {}

export const textEncoderCommonInterface = defineInterface(`
interface mixin TextEncoderCommon {
  readonly attribute DOMString encoding;
};
`, {
  encoding: () => 'utf-8',
});

export const textEncoderInterface = defineInterface(`
dictionary TextEncoderEncodeIntoResult {
  unsigned long long read;
  unsigned long long written;
};
[Exposed=*]
interface TextEncoder {
  constructor();
  [NewObject] Uint8Array encode(optional USVString input = "");
  TextEncoderEncodeIntoResult encodeInto(USVString source, [AllowShared] Uint8Array destination);
};
TextEncoder includes TextEncoderCommon;
`, {
  constructor: () => new TextEncoderImpl(),
  encode: (self, input) => utf8Encode(input),
  encodeInto(self, source, destination) {
    const done = utf8EncodeInto(source, destination);
    return { __proto__: null, read: done[0], written: done[1] };
  },
}, TextEncoderImpl);
