// https://drafts.csswg.org/css2/#block-formatting
// A block formatting context: boxes below each other, margins that collapse, floats.

import { MathMax, MathMin } from '../../primordials.js';

export class FlowColumn {
  constructor(y) {
    this.y = y;
    this.pos = 0;              // margins that wait, to become one: https://drafts.csswg.org/css2/#collapsing-margins
    this.neg = 0;
    this.waiting = [];         // boxes that begin where these margins end
    this.loose = null;         // [box, y] that were placed by one of them
    this.floats = null;        // boxes with their margins: { left, top, right, bottom, side, reach }
    this.lowest = -Infinity;   // where the last of them ends
    this.lowestLeft = -Infinity;                         // and of those of a side
    this.lowestRight = -Infinity;
    this.baseline = NaN;       // of the last line
  }

  get margin() {
    return this.pos + this.neg;
  }

  addMargin(px) {
    if (px > this.pos) this.pos = px;
    else if (px < this.neg) this.neg = px;
  }

  // Something stands here that keeps margins apart.
  settle(layout) {
    this.y += this.pos + this.neg;
    this.pos = this.neg = 0;
    const { waiting, y } = this;
    for (let i = 0; i < waiting.length; i++) {
      waiting[i].top = y;
      waiting[i].settled = true;
    }
    waiting.length = 0;
    const { loose } = this;
    if (loose === null) return;
    this.loose = null;
    for (let i = 0; i < loose.length; i++) layout.shift(loose[i][0].index, loose[i][0].index + loose[i][0].count, 0, y - loose[i][1]);
  }

  addFloat(side, left, top, right, bottom) {
    const list = this.floats ?? (this.floats = []);
    if (bottom > this.lowest) this.lowest = bottom;
    if (side === 'left' && bottom > this.lowestLeft) this.lowestLeft = bottom;
    if (side === 'right' && bottom > this.lowestRight) this.lowestRight = bottom;
    // `reach`: where it and all before it have ended
    list[list.length] = { __proto__: null, side, left, top, right, bottom, reach: this.lowest };
  }

  // Where floats of a side end
  clearance(side) {
    if (side === 'both') return this.lowest;
    return side === 'left' || side === 'inline-start' ? this.lowestLeft : this.lowestRight;
  }

  // From which one on floats may reach below this height: pages have thousands of them above each other
  firstBelow(y) {
    let low = 0;
    let high = this.floats.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.floats[middle].reach > y) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // What is left between floats from `left` to `right`, at this height
  room(y, left, right) {
    const out = { __proto__: null, left, right, bottom: Infinity };
    if (this.lowest <= y) return out;
    for (let i = this.firstBelow(y); i < this.floats.length; i++) {
      const float = this.floats[i];
      if (float.bottom <= y || float.top > y || float.right <= left || float.left >= right) continue;
      if (float.side === 'left') out.left = MathMax(out.left, float.right);
      else out.right = MathMin(out.right, float.left);
      out.bottom = MathMin(out.bottom, float.bottom);
    }
    return out;
  }

  // The first height from `y` on where there is this much room
  roomFor(y, left, right, width) {
    let room = this.room(y, left, right);
    while (room.right - room.left < width && room.bottom < Infinity) {
      const { bottom } = room;
      room = this.room(bottom, left, right);
      room.top = bottom;
    }
    room.top ??= y;
    return room;
  }
}
