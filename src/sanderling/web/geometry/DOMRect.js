// https://drafts.fxtf.org/geometry/#DOMRect

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { MathMax, MathMin } from '../primordials.js';

export class DOMRectReadOnlyImpl extends Impl {
  constructor(x, y, width, height) {
    super();
    this.x = x;
    this.y = y;
    this.width = width;
    this.height = height;
  }

  structuredCopy() {
    return new DOMRectReadOnlyImpl(this.x, this.y, this.width, this.height);
  }
}

export class DOMRectImpl extends DOMRectReadOnlyImpl {
  structuredCopy() {
    return new DOMRectImpl(this.x, this.y, this.width, this.height);
  }
}

export class DOMRectListImpl extends Impl {
  constructor(rects) {
    super();
    this.rects = rects;
  }
}

defineInterface(`
dictionary DOMRectInit { unrestricted double x = 0; unrestricted double y = 0; unrestricted double width = 0; unrestricted double height = 0; };
[Exposed=(Window, Worker)]
interface DOMRectReadOnly {
  constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double width = 0, optional unrestricted double height = 0);
  [NewObject] static DOMRectReadOnly fromRect(optional DOMRectInit other = {});
  readonly attribute unrestricted double x;
  readonly attribute unrestricted double y;
  readonly attribute unrestricted double width;
  readonly attribute unrestricted double height;
  readonly attribute unrestricted double top;
  readonly attribute unrestricted double right;
  readonly attribute unrestricted double bottom;
  readonly attribute unrestricted double left;
  [Default] object toJSON();
};
`, {
  constructor: (x, y, width, height) => new DOMRectReadOnlyImpl(x, y, width, height),
  fromRect: (other) => new DOMRectReadOnlyImpl(other.x, other.y, other.width, other.height),
  x: (self) => self.x,
  y: (self) => self.y,
  width: (self) => self.width,
  height: (self) => self.height,
  top: (self) => MathMin(self.y, self.y + self.height),
  right: (self) => MathMax(self.x, self.x + self.width),
  bottom: (self) => MathMax(self.y, self.y + self.height),
  left: (self) => MathMin(self.x, self.x + self.width),
}, DOMRectReadOnlyImpl);

function rectField(name) {
  return {
    get: (self) => self[name],
    set(self, value) {
      self[name] = value;
    },
  };
}

defineInterface(`
[Exposed=(Window, Worker)]
interface DOMRect : DOMRectReadOnly {
  constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double width = 0, optional unrestricted double height = 0);
  [NewObject] static DOMRect fromRect(optional DOMRectInit other = {});
  attribute unrestricted double x;
  attribute unrestricted double y;
  attribute unrestricted double width;
  attribute unrestricted double height;
};
`, {
  constructor: (x, y, width, height) => new DOMRectImpl(x, y, width, height),
  fromRect: (other) => new DOMRectImpl(other.x, other.y, other.width, other.height),
  x: rectField('x'),
  y: rectField('y'),
  width: rectField('width'),
  height: rectField('height'),
}, DOMRectImpl);

defineInterface(`
[Exposed=Window]
interface DOMRectList {
  readonly attribute unsigned long length;
  getter DOMRect? item(unsigned long index);
};
`, {
  length: (self) => self.rects.length,
  item: (self, index) => (index < self.rects.length ? self.rects[index] : null),
}, DOMRectListImpl);
