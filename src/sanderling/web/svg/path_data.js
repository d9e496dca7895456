// https://svgwg.org/svg2-draft/paths.html#PathDataBNF
// The text of a `d` attribute as an outline: all of it up to the first error.

import { RegExpPrototypeExec, StringPrototypeCharCodeAt } from '../primordials.js';
import { Outline } from '../geometry/outline.js';

const ARGUMENTS = { __proto__: null, m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };

class PathReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.number = /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/y;
  }

  // White space, and one comma where `comma`
  skip(comma) {
    let open = comma;
    for (; this.at < this.text.length; this.at++) {
      const c = StringPrototypeCharCodeAt(this.text, this.at);
      if (c === 44 && open) open = false;
      else if (c !== 32 && c !== 9 && c !== 10 && c !== 12 && c !== 13) return;
    }
  }

  // NaN: there is none
  read() {
    this.number.lastIndex = this.at;
    const match = RegExpPrototypeExec(this.number, this.text);
    if (match === null) return NaN;
    this.at = this.number.lastIndex;
    return +match[0];
  }

  flag() {
    const c = this.text[this.at];
    if (c !== '0' && c !== '1') return NaN;
    this.at++;
    return +c;
  }

  // The arguments of one segment; null: they are not complete
  arguments(name, first) {
    const out = [];
    for (let i = 0; i < ARGUMENTS[name]; i++) {
      this.skip(i > 0 || !first);
      const value = name === 'a' && (i === 3 || i === 4) ? this.flag() : this.read();
      if (value !== value) return null;
      out[i] = value;
    }
    return out;
  }

  // Does another set of arguments follow?
  more() {
    const { at } = this;
    this.skip(true);
    this.number.lastIndex = this.at;
    const follows = RegExpPrototypeExec(this.number, this.text) !== null;
    this.at = at;
    return follows;
  }
}

export function outlineOfPathData(text) {
  const out = new Outline();
  const reader = new PathReader(text);
  // The control point before, for s and t
  let controlX = 0;
  let controlY = 0;
  let before = '';
  for (;;) {
    reader.skip(false);
    const letter = reader.text[reader.at];
    if (letter === undefined) return out;
    let name = letter >= 'A' && letter <= 'Z' ? 'abcdefghijklmnopqrstuvwxyz'[StringPrototypeCharCodeAt(letter, 0) - 65] : letter;
    if (ARGUMENTS[name] === undefined || (before === '' && name !== 'm')) return out;
    const relative = letter === name;
    reader.at++;
    for (let first = true; first || (name !== 'z' && reader.more()); first = false) {
      const n = reader.arguments(name, first);
      if (n === null) return out;
      const dx = relative ? out.x : 0;
      const dy = relative ? out.y : 0;
      switch (name) {
        case 'm':
          out.moveTo(n[0] + dx, n[1] + dy);
          name = 'l';                // what follows without a letter are lines
          break;
        case 'l': out.lineTo(n[0] + dx, n[1] + dy); break;
        case 'h': out.lineTo(n[0] + dx, out.y); break;
        case 'v': out.lineTo(out.x, n[0] + dy); break;
        case 'c':
          controlX = n[2] + dx;
          controlY = n[3] + dy;
          out.curveTo(n[0] + dx, n[1] + dy, controlX, controlY, n[4] + dx, n[5] + dy);
          break;
        case 's': {
          const smooth = before === 'c' || before === 's';
          const x1 = smooth ? 2 * out.x - controlX : out.x;
          const y1 = smooth ? 2 * out.y - controlY : out.y;
          controlX = n[0] + dx;
          controlY = n[1] + dy;
          out.curveTo(x1, y1, controlX, controlY, n[2] + dx, n[3] + dy);
          break;
        }
        case 'q':
          controlX = n[0] + dx;
          controlY = n[1] + dy;
          out.quadTo(controlX, controlY, n[2] + dx, n[3] + dy);
          break;
        case 't': {
          const smooth = before === 'q' || before === 't';
          controlX = smooth ? 2 * out.x - controlX : out.x;
          controlY = smooth ? 2 * out.y - controlY : out.y;
          out.quadTo(controlX, controlY, n[0] + dx, n[1] + dy);
          break;
        }
        case 'a': out.svgArcTo(n[0], n[1], n[2], n[3] === 1, n[4] === 1, n[5] + dx, n[6] + dy); break;
        default: out.close();
      }
      before = name;
    }
  }
}
