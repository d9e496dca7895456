// https://w3c.github.io/deviceorientation/
// How a device stands and moves. There is no device: these are what scripts and clients dispatch.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { defineEventInterface, EventImpl } from '../dom/Event.js';

export class DeviceOrientationEventImpl extends EventImpl {}

export const deviceOrientationEventInterface = defineEventInterface(`
dictionary DeviceOrientationEventInit : EventInit { double? alpha = null; double? beta = null; double? gamma = null; boolean absolute = false; };
[Exposed=Window, SecureContext]
interface DeviceOrientationEvent : Event {
  constructor(DOMString type, optional DeviceOrientationEventInit eventInitDict = {});
  readonly attribute double? alpha;
  readonly attribute double? beta;
  readonly attribute double? gamma;
  readonly attribute boolean absolute;
};
`, { __proto__: null, alpha: null, beta: null, gamma: null, absolute: false }, DeviceOrientationEventImpl);

// What a motion event holds: three numbers of a dictionary, each of which may be missing.
export class DeviceMotionEventAccelerationImpl extends Impl {
  constructor(init) {
    super();
    this.init = init;
  }
}

export class DeviceMotionEventRotationRateImpl extends Impl {
  constructor(init) {
    super();
    this.init = init;
  }
}

const motionField = (name) => (self) => self.init[name] ?? null;

defineInterface(`
[Exposed=Window, SecureContext]
interface DeviceMotionEventAcceleration {
  readonly attribute double? x;
  readonly attribute double? y;
  readonly attribute double? z;
};
`, { x: motionField('x'), y: motionField('y'), z: motionField('z') }, DeviceMotionEventAccelerationImpl);

defineInterface(`
[Exposed=Window, SecureContext]
interface DeviceMotionEventRotationRate {
  readonly attribute double? alpha;
  readonly attribute double? beta;
  readonly attribute double? gamma;
};
`, { alpha: motionField('alpha'), beta: motionField('beta'), gamma: motionField('gamma') }, DeviceMotionEventRotationRateImpl);

export class DeviceMotionEventImpl extends EventImpl {}

// [SameObject] in effect: the object is made once.
const motionPart = (name, Made) => (self) => {
  const value = self.init[name] ?? null;
  if (value === null || value instanceof Made) return value;
  self.init[name] = new Made(value);
  return self.init[name];
};

export const deviceMotionEventInterface = defineEventInterface(`
dictionary DeviceMotionEventAccelerationInit { double? x = null; double? y = null; double? z = null; };
dictionary DeviceMotionEventRotationRateInit { double? alpha = null; double? beta = null; double? gamma = null; };
dictionary DeviceMotionEventInit : EventInit {
  DeviceMotionEventAccelerationInit acceleration;
  DeviceMotionEventAccelerationInit accelerationIncludingGravity;
  DeviceMotionEventRotationRateInit rotationRate;
  double interval = 0;
};
[Exposed=Window, SecureContext]
interface DeviceMotionEvent : Event {
  constructor(DOMString type, optional DeviceMotionEventInit eventInitDict = {});
  readonly attribute DeviceMotionEventAcceleration? acceleration;
  readonly attribute DeviceMotionEventAcceleration? accelerationIncludingGravity;
  readonly attribute DeviceMotionEventRotationRate? rotationRate;
  readonly attribute double interval;
};
`, { __proto__: null, acceleration: null, accelerationIncludingGravity: null, rotationRate: null, interval: 0 }, DeviceMotionEventImpl, {
  acceleration: motionPart('acceleration', DeviceMotionEventAccelerationImpl),
  accelerationIncludingGravity: motionPart('accelerationIncludingGravity', DeviceMotionEventAccelerationImpl),
  rotationRate: motionPart('rotationRate', DeviceMotionEventRotationRateImpl),
});
