// https://drafts.fxtf.org/geometry/#DOMQuad

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { MathMax, MathMin } from '../primordials.js';
import { DOMPointImpl } from './DOMMatrix.js';
import { DOMRectImpl } from './DOMRect.js';

export class DOMQuadImpl extends Impl {
  constructor(p1, p2, p3, p4) {
    super();
    this.p1 = p1;
    this.p2 = p2;
    this.p3 = p3;
    this.p4 = p4;
  }

  structuredCopy() {
    return new DOMQuadImpl(this.p1.structuredCopy(), this.p2.structuredCopy(), this.p3.structuredCopy(), this.p4.structuredCopy());
  }
}

function pointFrom(init) {
  return init === undefined ? new DOMPointImpl(0, 0, 0, 1) : new DOMPointImpl(init.x, init.y, init.z, init.w);
}

// Of four numbers, NaN where one of them is
function extremeOf(choose, a, b, c, d) {
  return choose(choose(a, b), choose(c, d));
}

defineInterface(`
dictionary DOMQuadInit { DOMPointInit p1; DOMPointInit p2; DOMPointInit p3; DOMPointInit p4; };
[Exposed=(Window, Worker)]
interface DOMQuad {
  constructor(optional DOMPointInit p1 = {}, optional DOMPointInit p2 = {}, optional DOMPointInit p3 = {}, optional DOMPointInit p4 = {});
  [NewObject] static DOMQuad fromRect(optional DOMRectInit other = {});
  [NewObject] static DOMQuad fromQuad(optional DOMQuadInit other = {});
  [SameObject] readonly attribute DOMPoint p1;
  [SameObject] readonly attribute DOMPoint p2;
  [SameObject] readonly attribute DOMPoint p3;
  [SameObject] readonly attribute DOMPoint p4;
  [NewObject] DOMRect getBounds();
  [Default] object toJSON();
};
`, {
  constructor: (p1, p2, p3, p4) => new DOMQuadImpl(pointFrom(p1), pointFrom(p2), pointFrom(p3), pointFrom(p4)),
  fromRect({ x, y, width, height }) {
    const at = (px, py) => new DOMPointImpl(px, py, 0, 1);
    return new DOMQuadImpl(at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height));
  },
  fromQuad: ({ p1, p2, p3, p4 }) => new DOMQuadImpl(pointFrom(p1), pointFrom(p2), pointFrom(p3), pointFrom(p4)),
  p1: (self) => self.p1,
  p2: (self) => self.p2,
  p3: (self) => self.p3,
  p4: (self) => self.p4,
  getBounds({ p1, p2, p3, p4 }) {
    const left = extremeOf(MathMin, p1.x, p2.x, p3.x, p4.x);
    const top = extremeOf(MathMin, p1.y, p2.y, p3.y, p4.y);
    return new DOMRectImpl(left, top, extremeOf(MathMax, p1.x, p2.x, p3.x, p4.x) - left, extremeOf(MathMax, p1.y, p2.y, p3.y, p4.y) - top);
  },
}, DOMQuadImpl);
