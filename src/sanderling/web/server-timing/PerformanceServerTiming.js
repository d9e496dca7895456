// https://w3c.github.io/server-timing/
// What a server tells of its own work, in the Server-Timing header.

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';

export class PerformanceServerTimingImpl extends Impl {
  constructor(name) {
    super();
    this.name = name;
    this.duration = 0;
    this.description = '';
  }
}

export const performanceServerTimingInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface PerformanceServerTiming {
  readonly attribute DOMString name;
  readonly attribute double duration;
  readonly attribute DOMString description;
  [Default] object toJSON();
};
`, {
  name: (self) => self.name,
  duration: (self) => self.duration,
  description: (self) => self.description,
}, PerformanceServerTimingImpl);
