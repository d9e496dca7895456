// https://w3c.github.io/navigation-timing/#obsolete
// The older form of navigation timing, in milliseconds of the wall clock.

import { MathFloor } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { momentOf } from '../resource-timing/PerformanceResourceTiming.js';
import { documentMoment, navigationType, redirectCount } from './PerformanceNavigationTiming.js';

export const TIMING_NAMES = ['navigationStart', 'unloadEventStart', 'unloadEventEnd', 'redirectStart', 'redirectEnd', 'fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd',
  'secureConnectionStart', 'requestStart', 'responseStart', 'responseEnd', 'domLoading', 'domInteractive', 'domContentLoadedEventStart', 'domContentLoadedEventEnd', 'domComplete',
  'loadEventStart', 'loadEventEnd'];

export class PerformanceTimingImpl extends Impl {
  constructor(performance) {
    super();
    this.performance = performance;
  }
}

export class PerformanceNavigationImpl extends Impl {
  constructor(performance) {
    super();
    this.performance = performance;
  }
}

// When something of this name happened, in ms since the time origin; -1: not yet, or it did not.
export function timingSinceOrigin(performance, name) {
  const { timing } = performance.document;
  switch (name) {
    case 'navigationStart': return 0;
    case 'domLoading': return timing.created - performance.origin;
    case 'redirectStart': case 'redirectEnd': case 'fetchStart': case 'domainLookupStart': case 'domainLookupEnd': case 'connectStart': case 'connectEnd':
    case 'secureConnectionStart': case 'requestStart': case 'responseStart': case 'responseEnd': {
      const time = momentOf(performance.navigationEntry(), name);
      const optional = name === 'redirectStart' || name === 'redirectEnd' || name === 'secureConnectionStart';
      return time === 0 && optional ? -1 : time;
    }
    default: {
      const at = documentMoment(timing, name);
      return at === 0 ? -1 : at - performance.origin;
    }
  }
}

function wallMoment(performance, name) {
  const time = timingSinceOrigin(performance, name);
  return time < 0 ? 0 : MathFloor(performance.originWall + time);
}

export function timingJSON(performance) {
  const out = { __proto__: null };
  for (let i = 0; i < TIMING_NAMES.length; i++) out[TIMING_NAMES[i]] = wallMoment(performance, TIMING_NAMES[i]);
  return { ...out };
}

const timingMembers = { toJSON: (self) => timingJSON(self.performance) };
let timingIDL = '';
for (let i = 0; i < TIMING_NAMES.length; i++) {
  timingMembers[TIMING_NAMES[i]] = (self) => wallMoment(self.performance, TIMING_NAMES[i]);
  timingIDL += '  readonly attribute unsigned long long ' + TIMING_NAMES[i] + ';\n';
}

export const performanceTimingInterface = defineInterface(`
[Exposed=Window]
interface PerformanceTiming {
${timingIDL}  object toJSON();
};
`, timingMembers, PerformanceTimingImpl);

const TYPES = { __proto__: null, navigate: 0, reload: 1, back_forward: 2 };

export function navigationNumber(performance) {
  return TYPES[navigationType(performance.document)];
}

export const performanceNavigationInterface = defineInterface(`
[Exposed=Window]
interface PerformanceNavigation {
  const unsigned short TYPE_NAVIGATE = 0;
  const unsigned short TYPE_RELOAD = 1;
  const unsigned short TYPE_BACK_FORWARD = 2;
  const unsigned short TYPE_RESERVED = 255;
  readonly attribute unsigned short type;
  readonly attribute unsigned short redirectCount;
  [Default] object toJSON();
};
`, { type: (self) => navigationNumber(self.performance), redirectCount: (self) => redirectCount(self.performance.document) }, PerformanceNavigationImpl);
