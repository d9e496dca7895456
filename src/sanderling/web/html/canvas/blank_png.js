// https://www.w3.org/TR/png-3/#11Chunks
// A transparent image as a file. Its rows are zeros, which deflate (RFC 1951) packs into runs without looking at them.

import { TypedArrayPrototypeSet, Uint8Array } from '../../primordials.js';

const MAX_RUN = 258;             // RFC 1951, 3.2.5: the longest match

class BitWriter {
  constructor() {
    this.bytes = [];
    this.bit = 0;
  }

  // Least significant bit first; Huffman codes come in reversed.
  put(value, count) {
    for (let i = 0; i < count; i++) {
      if (this.bit === 0) this.bytes[this.bytes.length] = 0;
      this.bytes[this.bytes.length - 1] |= ((value >> i) & 1) << this.bit;
      this.bit = (this.bit + 1) & 7;
    }
  }
}

// `count` zeros in the format of RFC 1950: one block with the fixed codes.
function deflateZeros(count) {
  const writer = new BitWriter();
  writer.put(0b011, 3);                              // the last block, of type 1
  // The literal 0 is 00110000; the length 258 is 11000101; both are here reversed. The distance 1 is 00000.
  writer.put(0b00001100, 8);
  let left = count - 1;
  for (; left >= MAX_RUN; left -= MAX_RUN) {
    writer.put(0b10100011, 8);
    writer.put(0, 5);
  }
  for (; left > 0; left--) writer.put(0b00001100, 8);
  writer.put(0, 7);                                  // end of block
  const b = count % 65521;                           // RFC 1950: Adler-32 of zeros
  const out = [0x78, 0x01];
  for (let i = 0; i < writer.bytes.length; i++) out[out.length] = writer.bytes[i];
  out[out.length] = b >> 8;
  out[out.length] = b & 255;
  out[out.length] = 0;
  out[out.length] = 1;
  return out;
}

function pngChecksum(bytes) {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i];
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

function pngUint32(value) {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

export function blankPng(width, height) {
  const out = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
  const append = (list) => {
    for (let i = 0; i < list.length; i++) out[out.length] = list[i];
  };
  const chunk = (type, data) => {
    append(pngUint32(data.length));
    const body = [];
    for (let i = 0; i < type.length; i++) body[i] = type[i];
    for (let i = 0; i < data.length; i++) body[body.length] = data[i];
    append(body);
    append(pngUint32(pngChecksum(body)));
  };
  const size = pngUint32(width);
  const high = pngUint32(height);
  // Eight bits a channel, with alpha.
  chunk([0x49, 0x48, 0x44, 0x52], [size[0], size[1], size[2], size[3], high[0], high[1], high[2], high[3], 8, 6, 0, 0, 0]);
  chunk([0x49, 0x44, 0x41, 0x54], deflateZeros((width * 4 + 1) * height));
  chunk([0x49, 0x45, 0x4E, 0x44], []);
  const bytes = new Uint8Array(out.length);
  TypedArrayPrototypeSet(bytes, out);
  return bytes;
}
