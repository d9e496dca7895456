// https://drafts.csswg.org/web-animations-1/#timing-model
// Where an effect stands at a local time.

import { MathAbs, MathFloor, MathMax, MathMin, TypeError } from '../primordials.js';
import { cssComponents } from '../css/syntax/components.js';
import { matchCssLonghand } from '../css/values/parse.js';
import { cssLonghand } from '../css/values/properties.js';

// The canonical text of an easing; throws TypeError when it is none.
export function parseEasing(text) {
  const list = cssComponents(text);
  const value = list === null ? null : matchCssLonghand(cssLonghand('transition-timing-function'), list);
  if (value === null || value === '' || list.length !== 1 || value === 'inherit' || value === 'initial' || value === 'unset' || value === 'revert' || value === 'revert-layer') {
    throw new TypeError("'" + text + "' is not a valid value for easing");
  }
  return value;
}

const EASINGS = { __proto__: null, ease: [0.25, 0.1, 0.25, 1], 'ease-in': [0.42, 0, 1, 1], 'ease-out': [0, 0, 0.58, 1], 'ease-in-out': [0.42, 0, 0.58, 1] };

function bezierAt(points, t) {
  const at = (a, b) => 3 * a * t * (1 - t) * (1 - t) + 3 * b * t * t * (1 - t) + t * t * t;
  return { __proto__: null, x: at(points[0], points[2]), y: at(points[1], points[3]) };
}

// https://drafts.csswg.org/css-easing-2/: the progress that an easing makes of one
export function easedProgress(easing, progress) {
  if (easing === 'linear') return progress;
  if (easing === 'step-start') return progress < 0 ? 0 : 1;
  if (easing === 'step-end') return progress < 1 ? 0 : 1;
  let points = EASINGS[easing];
  if (points === undefined) {
    const node = cssComponents(easing)[0];
    const numbers = [];
    let position = 'end';
    for (let i = 0; i < node.args.length; i++) {
      if (node.args[i].type === 'number') numbers[numbers.length] = node.args[i].number;
      else if (node.args[i].type === 'ident') position = node.args[i].value;
    }
    if (node.value === 'steps') return steppedProgress(numbers[0], position, progress);
    if (node.value !== 'cubic-bezier') return progress;
    points = numbers;
  }
  if (progress <= 0 || progress >= 1) return progress <= 0 ? 0 : 1;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 32; i++) {
    const middle = (low + high) / 2;
    const { x } = bezierAt(points, middle);
    if (MathAbs(x - progress) < 1e-7) break;
    if (x < progress) low = middle;
    else high = middle;
  }
  return bezierAt(points, (low + high) / 2).y;
}

// https://drafts.csswg.org/css-easing-2/#step-easing-algo
function steppedProgress(count, position, progress) {
  const jumps = position === 'jump-none' ? count - 1 : position === 'jump-both' ? count + 1 : count;
  let step = MathFloor(progress * count);
  if (position === 'start' || position === 'jump-start' || position === 'jump-both') step++;
  if (progress >= 0 && step < 0) step = 0;
  if (progress <= 1 && step > jumps) step = jumps;
  return step / jumps;
}

export function activeDurationOf(timing) {
  const duration = timing.duration === 'auto' ? 0 : timing.duration;
  return duration === 0 || timing.iterations === 0 ? 0 : duration * timing.iterations;
}

export function endOfEffect(effect) {
  if (effect === null) return 0;
  const { timing } = effect;
  return MathMax(0, timing.delay + activeDurationOf(timing) + timing.endDelay);
}

// { progress, iteration } of an effect at a local time; both null: it has no effect then.
export function computedTimes(timing, localTime, backwards) {
  const none = { __proto__: null, progress: null, iteration: null };
  if (localTime === null) return none;
  const duration = timing.duration === 'auto' ? 0 : timing.duration;
  const active = activeDurationOf(timing);
  const end = MathMax(0, timing.delay + active + timing.endDelay);
  const { fill } = timing;
  // https://drafts.csswg.org/web-animations-1/#animation-effect-phases-and-states
  const beforeEnd = MathMax(MathMin(timing.delay, end), 0);
  const activeEnd = MathMax(MathMin(timing.delay + active, end), 0);
  let phase = 'active';
  if (localTime < beforeEnd || (backwards && localTime === beforeEnd)) phase = 'before';
  else if (localTime > activeEnd || (!backwards && localTime === activeEnd)) phase = 'after';
  // https://drafts.csswg.org/web-animations-1/#calculating-the-active-time
  let activeTime = localTime - timing.delay;
  if (phase === 'before') {
    if (fill !== 'backwards' && fill !== 'both') return none;
    activeTime = MathMax(activeTime, 0);
  } else if (phase === 'after') {
    if (fill !== 'forwards' && fill !== 'both') return none;
    activeTime = MathMax(MathMin(activeTime, active), 0);
  }
  // 4.8.3.2 to 4.8.5
  const overall = (duration === 0 ? (phase === 'before' ? 0 : timing.iterations) : activeTime / duration) + timing.iterationStart;
  let simple = overall === 1 / 0 ? timing.iterationStart % 1 : overall % 1;
  if (simple === 0 && phase !== 'before' && activeTime === active && timing.iterations !== 0) simple = 1;
  const iteration = phase === 'after' && timing.iterations === 1 / 0 ? 1 / 0 : simple === 1 ? MathFloor(overall) - 1 : MathFloor(overall);
  const { direction } = timing;
  const reversed = direction === 'reverse' || (direction === 'alternate' && iteration % 2 === 1) || (direction === 'alternate-reverse' && iteration % 2 === 0);
  return { __proto__: null, progress: easedProgress(timing.easing, reversed ? 1 - simple : simple), iteration };
}

export function checkTiming(timing) {
  if (timing.iterationStart < 0) throw new TypeError('iterationStart must be non-negative.');
  if (timing.iterations < 0 || timing.iterations !== timing.iterations) throw new TypeError('iterationCount must be non-negative.');
  if (timing.duration !== 'auto' && (typeof timing.duration === 'string' || timing.duration < 0 || timing.duration !== timing.duration)) throw new TypeError('duration must be non-negative or auto.');
}
