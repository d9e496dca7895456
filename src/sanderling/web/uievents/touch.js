// https://w3c.github.io/touch-events/

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { defineEventInterface } from '../dom/Event.js';
import { UIEventImpl } from './events.js';

export class TouchImpl extends Impl {
  constructor(init) {
    super();
    this.init = init;
  }
}

export class TouchListImpl extends Impl {
  constructor(touches) {
    super();
    this.touches = touches;        // TouchImpls
  }
}

const touchField = (name) => (self) => self.init[name];

defineInterface(`
dictionary TouchInit {
  required long identifier; required EventTarget target; double clientX = 0; double clientY = 0; double screenX = 0; double screenY = 0; double pageX = 0; double pageY = 0;
  float radiusX = 0; float radiusY = 0; float rotationAngle = 0; float force = 0;
};
[Exposed=Window]
interface Touch {
  constructor(TouchInit touchInitDict);
  readonly attribute long identifier;
  readonly attribute EventTarget target;
  readonly attribute double screenX;
  readonly attribute double screenY;
  readonly attribute double clientX;
  readonly attribute double clientY;
  readonly attribute double pageX;
  readonly attribute double pageY;
  readonly attribute float radiusX;
  readonly attribute float radiusY;
  readonly attribute float rotationAngle;
  readonly attribute float force;
};
`, {
  constructor: (init) => new TouchImpl(init),
  identifier: touchField('identifier'),
  target: touchField('target'),
  screenX: touchField('screenX'),
  screenY: touchField('screenY'),
  clientX: touchField('clientX'),
  clientY: touchField('clientY'),
  pageX: touchField('pageX'),
  pageY: touchField('pageY'),
  radiusX: touchField('radiusX'),
  radiusY: touchField('radiusY'),
  rotationAngle: touchField('rotationAngle'),
  force: touchField('force'),
}, TouchImpl);

defineInterface(`
[Exposed=Window]
interface TouchList {
  readonly attribute unsigned long length;
  getter Touch? item(unsigned long index);
};
`, {
  length: (self) => self.touches.length,
  item: (self, index) => self.touches[index] ?? null,
}, TouchListImpl);

export class TouchEventImpl extends UIEventImpl {}

const listOfTouches = (name) => (self) => {
  const value = self.init[name];
  if (value instanceof TouchListImpl) return value;
  self.init[name] = new TouchListImpl(value ?? []);
  return self.init[name];
};

defineEventInterface(`
dictionary TouchEventInit : EventModifierInit { sequence<Touch> touches = []; sequence<Touch> targetTouches = []; sequence<Touch> changedTouches = []; };
[Exposed=Window]
interface TouchEvent : UIEvent {
  constructor(DOMString type, optional TouchEventInit eventInitDict = {});
  readonly attribute TouchList touches;
  readonly attribute TouchList targetTouches;
  readonly attribute TouchList changedTouches;
  readonly attribute boolean altKey;
  readonly attribute boolean metaKey;
  readonly attribute boolean ctrlKey;
  readonly attribute boolean shiftKey;
};
`, { __proto__: null, view: null, detail: 0, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false }, TouchEventImpl, {
  touches: listOfTouches('touches'),
  targetTouches: listOfTouches('targetTouches'),
  changedTouches: listOfTouches('changedTouches'),
});
