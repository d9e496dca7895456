// https://encoding.spec.whatwg.org/#encodings
// Decoders as objects that keep their state between chunks. `decode(bytes, flush, fatal)` gives a string, or null for an error when
// fatal; byte order marks are the caller's.

import {
  ReflectApply, StringFromCharCode, StringPrototypeIncludes, StringPrototypeToLowerCase, TypedArrayPrototypeGetLength, TypedArrayPrototypeSet,
  TypedArrayPrototypeSubarray, Uint8Array,
} from '../primordials.js';
import { utf8DecodeLossy } from './utf8.js';
import { encodingIndex } from './indexes.js';

const DECODE_MORE = -1;        // the byte was taken, nothing to emit yet
const DECODE_ERROR = -2;
const DECODE_END = -3;
const DECODE_PAIR = -4;        // two code points, in `pair`

// Collects code units and turns them into string pieces.
class UnitSink {
  constructor() {
    this.units = [];
    this.text = '';
  }

  add(code) {
    if (code > 0xFFFF) {
      this.units[this.units.length] = 0xD800 + ((code - 0x10000) >> 10);
      this.units[this.units.length] = 0xDC00 + ((code - 0x10000) & 0x3FF);
    } else {
      this.units[this.units.length] = code;
    }
    if (this.units.length >= 4096) this.flush();
  }

  flush() {
    this.text += ReflectApply(StringFromCharCode, null, this.units);
    this.units.length = 0;
  }

  finish() {
    this.flush();
    return this.text;
  }
}

// https://encoding.spec.whatwg.org/#utf-8-decoder
// Whole sequences go to the engine; an unfinished one at the end of a chunk waits for the next.
class Utf8Decoder {
  constructor() {
    this.pending = null;
  }

  decode(chunk, flush, fatal) {
    let bytes = chunk;
    if (this.pending !== null) {
      const before = TypedArrayPrototypeGetLength(this.pending);
      bytes = new Uint8Array(before + TypedArrayPrototypeGetLength(chunk));
      TypedArrayPrototypeSet(bytes, this.pending, 0);
      TypedArrayPrototypeSet(bytes, chunk, before);
      this.pending = null;
    }
    const length = TypedArrayPrototypeGetLength(bytes);
    let end = length;
    if (!flush) {
      end -= unfinishedUtf8(bytes, length);
      if (end < length) {
        this.pending = new Uint8Array(length - end);
        for (let i = end; i < length; i++) this.pending[i - end] = bytes[i];
      }
    }
    const text = utf8DecodeLossy(bytes, 0, end);
    if (fatal && StringPrototypeIncludes(text, '\uFFFD') && !isValidUtf8(bytes, end)) return null;
    return text;
  }
}

// How many bytes at the end are a proper prefix of a sequence.
function unfinishedUtf8(bytes, length) {
  for (let back = 1; back <= 3 && back <= length; back++) {
    const lead = bytes[length - back];
    if ((lead & 0xC0) === 0x80) continue;
    const need = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
    if (back >= need) return 0;
    if (back > 1) {
      const second = bytes[length - back + 1];
      if (lead === 0xE0 && second < 0xA0) return 0;
      if (lead === 0xED && second > 0x9F) return 0;
      if (lead === 0xF0 && second < 0x90) return 0;
      if (lead === 0xF4 && second > 0x8F) return 0;
    }
    return back;
  }
  return 0;
}

function isValidUtf8(bytes, end) {
  for (let i = 0; i < end;) {
    const lead = bytes[i++];
    if (lead < 0x80) continue;
    const need = lead >= 0xC2 && lead <= 0xDF ? 1 : lead >= 0xE0 && lead <= 0xEF ? 2 : lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
    if (need < 0 || i + need > end) return false;
    const low = lead === 0xE0 ? 0xA0 : lead === 0xF0 ? 0x90 : 0x80;
    const high = lead === 0xED ? 0x9F : lead === 0xF4 ? 0x8F : 0xBF;
    if (bytes[i] < low || bytes[i] > high) return false;
    for (let j = 1; j < need; j++) if ((bytes[i + j] & 0xC0) !== 0x80) return false;
    i += need;
  }
  return true;
}

// Decoders that look at one byte at a time: `handle(b)` (b is -1 at the end) gives a code point or a constant above;
// bytes that it wants again are left in `again`.
class ByteDecoder {
  constructor() {
    this.again = [];
    this.pair = null;
  }

  decode(bytes, flush, fatal) {
    const sink = new UnitSink();
    const length = TypedArrayPrototypeGetLength(bytes);
    const again = this.again;
    let i = 0;
    for (;;) {
      let b;
      if (again.length > 0) {
        b = again[again.length - 1];
        again.length--;
      } else if (i < length) {
        b = bytes[i++];
      } else if (flush) {
        b = -1;
      } else {
        break;
      }
      const result = this.handle(b);
      if (result >= 0) {
        sink.add(result);
      } else if (result === DECODE_ERROR) {
        if (fatal) return null;
        sink.add(0xFFFD);
      } else if (result === DECODE_PAIR) {
        sink.add(this.pair[0]);
        sink.add(this.pair[1]);
      } else if (result === DECODE_END) {
        break;
      }
    }
    return sink.finish();
  }
}

// https://encoding.spec.whatwg.org/#single-byte-decoder
class SingleByteDecoder extends ByteDecoder {
  constructor(name) {
    super();
    this.index = encodingIndex(StringPrototypeToLowerCase(name));
  }

  handle(b) {
    if (b < 0) return DECODE_END;
    if (b < 0x80) return b;
    const code = this.index[b - 0x80];
    return code === 0 ? DECODE_ERROR : code;
  }
}

// https://encoding.spec.whatwg.org/#x-user-defined-decoder
class UserDefinedDecoder extends ByteDecoder {
  handle(b) {
    if (b < 0) return DECODE_END;
    return b < 0x80 ? b : 0xF780 + b - 0x80;
  }
}

// https://encoding.spec.whatwg.org/#replacement-decoder
class ReplacementDecoder extends ByteDecoder {
  constructor() {
    super();
    this.said = false;
  }

  handle(b) {
    if (b < 0) return DECODE_END;
    if (this.said) return DECODE_END;
    this.said = true;
    return DECODE_ERROR;
  }
}

// https://encoding.spec.whatwg.org/#shared-utf-16-decoder
class Utf16Decoder extends ByteDecoder {
  constructor(bigEndian) {
    super();
    this.bigEndian = bigEndian;
    this.leadByte = -1;
    this.leadSurrogate = -1;
  }

  handle(b) {
    if (b < 0) {
      if (this.leadByte < 0 && this.leadSurrogate < 0) return DECODE_END;
      this.leadByte = -1;
      this.leadSurrogate = -1;
      return DECODE_ERROR;
    }
    if (this.leadByte < 0) {
      this.leadByte = b;
      return DECODE_MORE;
    }
    const unit = this.bigEndian ? (this.leadByte << 8) | b : (b << 8) | this.leadByte;
    this.leadByte = -1;
    if (this.leadSurrogate >= 0) {
      const lead = this.leadSurrogate;
      this.leadSurrogate = -1;
      if (unit >= 0xDC00 && unit <= 0xDFFF) return 0x10000 + ((lead - 0xD800) << 10) + (unit - 0xDC00);
      const first = unit >> 8;
      const second = unit & 0xFF;
      // Read the two bytes again; the last of `again` comes first.
      this.again[this.again.length] = this.bigEndian ? second : first;
      this.again[this.again.length] = this.bigEndian ? first : second;
      return DECODE_ERROR;
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      this.leadSurrogate = unit;
      return DECODE_MORE;
    }
    return unit >= 0xDC00 && unit <= 0xDFFF ? DECODE_ERROR : unit;
  }
}

// https://encoding.spec.whatwg.org/#gb18030-decoder
class Gb18030Decoder extends ByteDecoder {
  constructor() {
    super();
    this.first = 0;
    this.second = 0;
    this.third = 0;
  }

  handle(b) {
    if (b < 0) {
      if (this.first === 0 && this.second === 0 && this.third === 0) return DECODE_END;
      this.first = this.second = this.third = 0;
      return DECODE_ERROR;
    }
    if (this.third !== 0) {
      if (b < 0x30 || b > 0x39) {
        this.again[0] = b;
        this.again[1] = this.third;
        this.again[2] = this.second;
        this.first = this.second = this.third = 0;
        return DECODE_ERROR;
      }
      const pointer = (this.first - 0x81) * 12600 + (this.second - 0x30) * 1260 + (this.third - 0x81) * 10 + b - 0x30;
      this.first = this.second = this.third = 0;
      if (pointer >= 189000) return pointer > 1237575 ? DECODE_ERROR : 0x10000 + pointer - 189000;
      if (pointer > 39419) return DECODE_ERROR;
      if (pointer === 7457) return 0xE7C7;
      const code = encodingIndex('gb18030-ranges')[pointer];
      return code === 0 ? DECODE_ERROR : code;
    }
    if (this.second !== 0) {
      if (b >= 0x81 && b <= 0xFE) {
        this.third = b;
        return DECODE_MORE;
      }
      this.again[0] = b;
      this.again[1] = this.second;
      this.first = this.second = 0;
      return DECODE_ERROR;
    }
    if (this.first !== 0) {
      if (b >= 0x30 && b <= 0x39) {
        this.second = b;
        return DECODE_MORE;
      }
      const lead = this.first;
      this.first = 0;
      if ((b >= 0x40 && b <= 0x7E) || (b >= 0x80 && b <= 0xFE)) {
        const code = encodingIndex('gb18030')[(lead - 0x81) * 190 + b - (b < 0x7F ? 0x40 : 0x41)];
        if (code !== 0) return code;
      }
      if (b < 0x80) this.again[0] = b;
      return DECODE_ERROR;
    }
    if (b < 0x80) return b;
    if (b === 0x80) return 0x20AC;
    if (b === 0xFF) return DECODE_ERROR;
    this.first = b;
    return DECODE_MORE;
  }
}

// The two-byte encodings differ in their lead bytes and pointers only.
class DoubleByteDecoder extends ByteDecoder {
  constructor() {
    super();
    this.lead = 0;
  }

  handle(b) {
    if (b < 0) {
      if (this.lead === 0) return DECODE_END;
      this.lead = 0;
      return DECODE_ERROR;
    }
    if (this.lead !== 0) {
      const lead = this.lead;
      this.lead = 0;
      const result = this.trail(lead, b);
      if (result === DECODE_ERROR && b < 0x80) this.again[0] = b;
      return result;
    }
    return this.single(b);
  }
}

function fromIndex(name, pointer) {
  const code = encodingIndex(name)[pointer];
  return code === undefined || code === 0 ? DECODE_ERROR : code;
}

// https://encoding.spec.whatwg.org/#big5-decoder
class Big5Decoder extends DoubleByteDecoder {
  single(b) {
    if (b < 0x80) return b;
    if (b === 0x80 || b === 0xFF) return DECODE_ERROR;
    this.lead = b;
    return DECODE_MORE;
  }

  trail(lead, b) {
    if (!((b >= 0x40 && b <= 0x7E) || (b >= 0xA1 && b <= 0xFE))) return DECODE_ERROR;
    const pointer = (lead - 0x81) * 157 + b - (b < 0x7F ? 0x40 : 0x62);
    const pair = pointer === 1133 ? [0xCA, 0x304] : pointer === 1135 ? [0xCA, 0x30C] : pointer === 1164 ? [0xEA, 0x304]
      : pointer === 1166 ? [0xEA, 0x30C] : null;
    if (pair === null) return fromIndex('big5', pointer);
    this.pair = pair;
    return DECODE_PAIR;
  }
}

// https://encoding.spec.whatwg.org/#euc-kr-decoder
class EucKrDecoder extends DoubleByteDecoder {
  single(b) {
    if (b < 0x80) return b;
    if (b === 0x80 || b === 0xFF) return DECODE_ERROR;
    this.lead = b;
    return DECODE_MORE;
  }

  trail(lead, b) {
    return b >= 0x41 && b <= 0xFE ? fromIndex('euc-kr', (lead - 0x81) * 190 + b - 0x41) : DECODE_ERROR;
  }
}

// https://encoding.spec.whatwg.org/#shift_jis-decoder
class ShiftJisDecoder extends DoubleByteDecoder {
  single(b) {
    if (b <= 0x80) return b;
    if (b >= 0xA1 && b <= 0xDF) return 0xFF61 - 0xA1 + b;
    if (b === 0xA0 || b > 0xFC) return DECODE_ERROR;
    this.lead = b;
    return DECODE_MORE;
  }

  trail(lead, b) {
    if (!((b >= 0x40 && b <= 0x7E) || (b >= 0x80 && b <= 0xFC))) return DECODE_ERROR;
    const pointer = (lead - (lead < 0xA0 ? 0x81 : 0xC1)) * 188 + b - (b < 0x7F ? 0x40 : 0x41);
    if (pointer >= 8836 && pointer <= 10715) return 0xE000 - 8836 + pointer;
    return fromIndex('jis0208', pointer);
  }
}

// https://encoding.spec.whatwg.org/#euc-jp-decoder
class EucJpDecoder extends DoubleByteDecoder {
  constructor() {
    super();
    this.jis0212 = false;
  }

  single(b) {
    if (b < 0x80) return b;
    if (b !== 0x8E && b !== 0x8F && (b < 0xA1 || b > 0xFE)) return DECODE_ERROR;
    this.lead = b;
    return DECODE_MORE;
  }

  trail(lead, b) {
    if (lead === 0x8E && b >= 0xA1 && b <= 0xDF) return 0xFF61 - 0xA1 + b;
    if (lead === 0x8F && b >= 0xA1 && b <= 0xFE) {
      this.jis0212 = true;
      this.lead = b;
      return DECODE_MORE;
    }
    const name = this.jis0212 ? 'jis0212' : 'jis0208';
    this.jis0212 = false;
    if (lead < 0xA1 || lead > 0xFE || b < 0xA1 || b > 0xFE) return DECODE_ERROR;
    return fromIndex(name, (lead - 0xA1) * 94 + b - 0xA1);
  }
}

const JIS_ASCII = 0;
const JIS_ROMAN = 1;
const JIS_KATAKANA = 2;
const JIS_LEAD = 3;
const JIS_TRAIL = 4;
const JIS_ESCAPE_START = 5;
const JIS_ESCAPE = 6;

// https://encoding.spec.whatwg.org/#iso-2022-jp-decoder
class Iso2022JpDecoder extends ByteDecoder {
  constructor() {
    super();
    this.state = JIS_ASCII;
    this.output = JIS_ASCII;
    this.lead = 0;
    this.emitted = false;      // the standard's "output flag"
  }

  handle(b) {
    switch (this.state) {
      case JIS_ASCII:
        if (b === 0x1B) return this.escape();
        if (b < 0) return DECODE_END;
        this.emitted = false;
        return b < 0x80 && b !== 0x0E && b !== 0x0F ? b : DECODE_ERROR;
      case JIS_ROMAN:
        if (b === 0x1B) return this.escape();
        if (b < 0) return DECODE_END;
        this.emitted = false;
        if (b === 0x5C) return 0xA5;
        if (b === 0x7E) return 0x203E;
        return b < 0x80 && b !== 0x0E && b !== 0x0F ? b : DECODE_ERROR;
      case JIS_KATAKANA:
        if (b === 0x1B) return this.escape();
        if (b < 0) return DECODE_END;
        this.emitted = false;
        return b >= 0x21 && b <= 0x5F ? 0xFF61 - 0x21 + b : DECODE_ERROR;
      case JIS_LEAD:
        if (b === 0x1B) return this.escape();
        if (b < 0) return DECODE_END;
        this.emitted = false;
        if (b < 0x21 || b > 0x7E) return DECODE_ERROR;
        this.lead = b;
        this.state = JIS_TRAIL;
        return DECODE_MORE;
      case JIS_TRAIL:
        if (b === 0x1B) {
          this.state = JIS_ESCAPE_START;
          return DECODE_ERROR;
        }
        this.state = JIS_LEAD;
        if (b >= 0x21 && b <= 0x7E) return fromIndex('jis0208', (this.lead - 0x21) * 94 + b - 0x21);
        return DECODE_ERROR;
      case JIS_ESCAPE_START:
        if (b === 0x24 || b === 0x28) {
          this.lead = b;
          this.state = JIS_ESCAPE;
          return DECODE_MORE;
        }
        if (b >= 0) this.again[0] = b;
        this.emitted = false;
        this.state = this.output;
        return DECODE_ERROR;
      default: {
        const lead = this.lead;
        this.lead = 0;
        const next = lead === 0x28
          ? (b === 0x42 ? JIS_ASCII : b === 0x4A ? JIS_ROMAN : b === 0x49 ? JIS_KATAKANA : -1)
          : (b === 0x40 || b === 0x42 ? JIS_LEAD : -1);
        if (next >= 0) {
          this.state = this.output = next;
          const error = this.emitted;
          this.emitted = true;
          return error ? DECODE_ERROR : DECODE_MORE;
        }
        this.again.length = 0;
        if (b >= 0) this.again[this.again.length] = b;
        this.again[this.again.length] = lead;
        this.emitted = false;
        this.state = this.output;
        return DECODE_ERROR;
      }
    }
  }

  escape() {
    this.state = JIS_ESCAPE_START;
    return DECODE_MORE;
  }
}

// `name` as `getEncoding` gives it.
export function createDecoder(name) {
  switch (name) {
    case 'UTF-8': return new Utf8Decoder();
    case 'UTF-16LE': return new Utf16Decoder(false);
    case 'UTF-16BE': return new Utf16Decoder(true);
    case 'GBK':
    case 'gb18030': return new Gb18030Decoder();
    case 'Big5': return new Big5Decoder();
    case 'EUC-KR': return new EucKrDecoder();
    case 'EUC-JP': return new EucJpDecoder();
    case 'Shift_JIS': return new ShiftJisDecoder();
    case 'ISO-2022-JP': return new Iso2022JpDecoder();
    case 'x-user-defined': return new UserDefinedDecoder();
    case 'replacement': return new ReplacementDecoder();
    default: return new SingleByteDecoder(name);
  }
}

// https://encoding.spec.whatwg.org/#decode
// A byte order mark beats `name` and goes.
export function decodeBytes(bytes, name) {
  const length = TypedArrayPrototypeGetLength(bytes);
  let encoding = name;
  let skip = 0;
  if (length >= 3 && bytes[0] === 0xEF && bytes[1] === 0xBB && bytes[2] === 0xBF) {
    encoding = 'UTF-8';
    skip = 3;
  } else if (length >= 2 && bytes[0] === 0xFE && bytes[1] === 0xFF) {
    encoding = 'UTF-16BE';
    skip = 2;
  } else if (length >= 2 && bytes[0] === 0xFF && bytes[1] === 0xFE) {
    encoding = 'UTF-16LE';
    skip = 2;
  }
  const rest = skip === 0 ? bytes : TypedArrayPrototypeSubarray(bytes, skip);
  return createDecoder(encoding).decode(rest, true, false);
}
