// https://drafts.csswg.org/css-animations-2/
// What the animations of style sheets do to computed values. They take no time: one that ends has ended, and leaves what its fill mode says; one that is
// paused or never ends stands at its beginning.

import { NumberParseFloat, SafeMap, SafeWeakMap, StringPrototypeEndsWith, StringPrototypeIncludes, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeTrim } from '../../primordials.js';
import { rootOf } from '../../dom/tree.js';
import { cssComponents, serializeCssComponents, splitCssCommas } from '../syntax/components.js';
import { computedCss } from '../cssom/computed.js';
import { cssChanges } from '../cssom/rules.js';
import { styleIndexOf } from '../cssom/style_index.js';
import { declarationsAt } from '../../web-animations/keyframes.js';
import { computedTimes } from '../../web-animations/timing.js';

const framesOfRules = new SafeWeakMap();   // { changes, frames }

// The keyframes of a rule by offset, in the form of web-animations/keyframes.js
function framesOf(rule) {
  const known = framesOfRules.get(rule);
  if (known !== undefined && known.changes === cssChanges.count) return known.frames;
  const frames = [];
  for (let i = 0; i < rule.rules.length; i++) {
    const { keyText, style } = rule.rules[i];
    const block = style.block();
    const offsets = StringPrototypeSplit(keyText, ',');
    for (let j = 0; j < offsets.length; j++) {
      const frame = frameAt(frames, NumberParseFloat(StringPrototypeTrim(offsets[j])) / 100);
      for (let k = 0; k < block.names.length; k++) {
        const declaration = block.map.get(block.names[k]);
        if (declaration.name === 'animation-timing-function') frame.easing = declaration.value;
        else frame.values.set(declaration.name, declaration);
      }
    }
  }
  framesOfRules.set(rule, { __proto__: null, changes: cssChanges.count, frames });
  return frames;
}

function frameAt(frames, offset) {
  let at = frames.length;
  while (at > 0 && frames[at - 1].computedOffset >= offset) {
    at--;
    if (frames[at].computedOffset === offset) return frames[at];
  }
  const frame = { __proto__: null, computedOffset: offset, easing: null, values: new SafeMap() };
  for (let i = frames.length; i > at; i--) frames[i] = frames[i - 1];
  frames[at] = frame;
  return frame;
}

export function splitCssTexts(text) {
  const list = StringPrototypeIncludes(text, '(') ? cssComponents(text) : null;
  const out = list === null ? StringPrototypeSplit(text, ',') : splitCssCommas(list);
  for (let i = 0; i < out.length; i++) out[i] = list === null ? StringPrototypeTrim(out[i]) : serializeCssComponents(out[i]);
  return out;
}

// s or ms to seconds
export function cssSeconds(text) {
  const number = NumberParseFloat(text);
  return number !== number ? 0 : StringPrototypeEndsWith(text, 'ms') ? number / 1000 : number;
}

// The @keyframes rule of a name, in the tree of an element and those of its hosts
function keyframesRule(el, name) {
  for (let root = rootOf(el); ;) {
    if (root.nodeType === 9 || root.isShadow === true) {
      const rule = styleIndexOf(root).keyframes.get(name);
      if (rule !== undefined) return rule;
    }
    if (root.isShadow !== true) return null;
    root = rootOf(root.host);
  }
}

// The animations that a cascade names: { name, rule, duration, iterations, direction, fill, delay, paused } in seconds
export function cssAnimationsOf(cascade) {
  const names = splitCssTexts(computedCss(cascade, 'animation-name'));
  const out = [];
  const lists = { __proto__: null };
  const value = (name, i) => {
    const list = lists[name] ?? (lists[name] = splitCssTexts(computedCss(cascade, 'animation-' + name)));
    return list[i % list.length];
  };
  for (let i = 0; i < names.length; i++) {
    if (names[i] === 'none') continue;
    const name = names[i][0] === '"' ? StringPrototypeSlice(names[i], 1, names[i].length - 1) : names[i];
    const rule = keyframesRule(cascade.el, name);
    if (rule === null) continue;
    const count = value('iteration-count', i);
    out[out.length] = {
      __proto__: null, name, rule, duration: cssSeconds(value('duration', i)), iterations: count === 'infinite' ? 1 / 0 : +count, direction: value('direction', i), fill: value('fill-mode', i),
      delay: cssSeconds(value('delay', i)), easing: value('timing-function', i), paused: value('play-state', i) === 'paused',
    };
  }
  return out;
}

// What animations declare, for the cascade (cssom/cascade.js)
export function cssAnimationDeclarations(cascade) {
  const out = [];
  const animations = cssAnimationsOf(cascade);
  for (let i = 0; i < animations.length; i++) {
    const animation = animations[i];
    const stays = animation.paused || (animation.iterations === 1 / 0 && animation.duration > 0);
    const timing = {
      __proto__: null, delay: animation.paused ? animation.delay : animation.delay < 0 ? animation.delay : 0, endDelay: 0, fill: animation.fill, iterationStart: 0, iterations: animation.iterations,
      duration: animation.duration, direction: animation.direction, easing: 'linear',
    };
    const { progress } = computedTimes(timing, stays ? 0 : 1 / 0, false);
    if (progress === null) continue;
    const list = declarationsAt(framesOf(animation.rule), progress, animation.easing);
    for (let j = 0; j < list.length; j++) out[out.length] = list[j];
  }
  return out;
}
