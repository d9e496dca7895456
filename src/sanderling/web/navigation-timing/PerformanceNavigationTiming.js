// https://w3c.github.io/navigation-timing/#sec-PerformanceNavigationTiming

import { defineInterface } from '../webidl/interface.js';
import { coarseTime } from '../hr-time/entry.js';
import { serializeURL } from '../url/parser.js';
import { PerformanceResourceTimingImpl, resourceJSON } from '../resource-timing/PerformanceResourceTiming.js';

export class PerformanceNavigationTimingImpl extends PerformanceResourceTimingImpl {
  constructor(performance) {
    const { document } = performance;
    const { navigation } = document.timing;
    super('navigation', serializeURL(document.url), navigation?.record ?? null, performance.origin, navigation === null ? 0 : -navigation.started);
    this.performance = performance;
  }

  // A moment of the document's life, or of its predecessor's end.
  own(name) {
    const at = documentMoment(this.performance.document.timing, name);
    return at === 0 ? 0 : coarseTime(at - this.performance.origin);
  }

  get duration() {
    return this.own('loadEventEnd');
  }

  set duration(value) {
    // It grows with the document's life.
  }
}

// On the engine's clock; 0: not yet, or none.
export function documentMoment(timing, name) {
  if (name !== 'unloadEventStart' && name !== 'unloadEventEnd') return timing[name];
  const { navigation } = timing;
  if (timing.unloaded !== null) return timing.unloaded[name === 'unloadEventStart' ? 0 : 1];
  if (navigation === null || navigation.unload === null) return 0;
  // The origin stays where it was put, whatever is found out later about the worker's clock.
  return timing.navigationStart + navigation.unload[name === 'unloadEventStart' ? 0 : 1] - navigation.started;
}

export function navigationType(document) {
  return document.timing.navigation?.type ?? 'navigate';
}

export function redirectCount(document) {
  return document.timing.navigation?.redirects ?? 0;
}

const OWN_MOMENTS = ['unloadEventStart', 'unloadEventEnd', 'domInteractive', 'domContentLoadedEventStart', 'domContentLoadedEventEnd', 'domComplete', 'loadEventStart', 'loadEventEnd'];

const navigationMembers = {
  type: (self) => navigationType(self.performance.document),
  redirectCount: (self) => redirectCount(self.performance.document),
  // No page is kept for going back to it; none asks for client hints again.
  notRestoredReasons: () => null,
  criticalCHRestart: () => 0,
  toJSON(self) {
    const out = resourceJSON(self);
    for (let i = 0; i < OWN_MOMENTS.length; i++) out[OWN_MOMENTS[i]] = self.own(OWN_MOMENTS[i]);
    out.type = navigationType(self.performance.document);
    out.redirectCount = redirectCount(self.performance.document);
    out.criticalCHRestart = 0;
    out.notRestoredReasons = null;
    return out;
  },
};
let navigationIDL = '';
for (let i = 0; i < OWN_MOMENTS.length; i++) {
  navigationMembers[OWN_MOMENTS[i]] = (self) => self.own(OWN_MOMENTS[i]);
  navigationIDL += '  readonly attribute double ' + OWN_MOMENTS[i] + ';\n';
}

export const performanceNavigationTimingInterface = defineInterface(`
enum NavigationTimingType { "navigate", "reload", "back_forward", "prerender" };
[Exposed=Window]
interface PerformanceNavigationTiming : PerformanceResourceTiming {
${navigationIDL}  readonly attribute NavigationTimingType type;
  readonly attribute unsigned short redirectCount;
  readonly attribute double criticalCHRestart;
  readonly attribute any notRestoredReasons;
  object toJSON();
};
`, navigationMembers, PerformanceNavigationTimingImpl);
