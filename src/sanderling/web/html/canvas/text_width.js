// https://html.spec.whatwg.org/multipage/canvas.html#text-preparation-algorithm
// How wide text is. No font is loaded: proportional text has the advance widths of Helvetica, monospaced text 0.6 em a character.

import { RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeCodePointAt } from '../../primordials.js';

// Of the characters from U+0020 to U+007E, in thousandths of an em.
const ADVANCES = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

function advanceOf(code) {
  if (code >= 32 && code < 127) return ADVANCES[code - 32];
  if (code < 32 || (code >= 0x300 && code < 0x370) || (code >= 0x200B && code < 0x2010) || (code >= 0xFE00 && code < 0xFE10)) return 0;
  if (code >= 0x1100 && (code < 0x1160 || (code >= 0x2E80 && code < 0xD7A4) || (code >= 0xF900 && code < 0xFB00) || (code >= 0xFF00 && code < 0xFF61) || code >= 0x1F000)) return 1000;
  return 556;
}

// In CSS pixels, of text on one line.
export function textWidth(text, size, family) {
  const fixed = RegExpPrototypeExec(/mono|courier|consolas|menlo/i, family) !== null;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    let code = StringPrototypeCharCodeAt(text, i);
    if (code >= 0xD800 && code < 0xDC00) {
      code = StringPrototypeCodePointAt(text, i);
      if (code > 0xFFFF) i++;
    }
    const advance = advanceOf(code);
    sum += fixed && advance !== 0 ? (advance === 1000 ? 1200 : 600) : advance;
  }
  return sum * size / 1000;
}
