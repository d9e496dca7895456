// https://drafts.csswg.org/web-animations-1/#the-keyframeeffect-interface
// What the effects' members do.

import { ObjectPrototype, ObjectCreate, ObjectDefineProperty } from '../primordials.js';
import { parseSelectorList } from '../css/selectors/parser.js';
import { serializeSelectorList } from '../css/selectors/serialize.js';
import { domException } from '../dom/DOMException.js';
import { KeyframeEffectImpl } from './KeyframeEffect.js';
import { processKeyframes } from './keyframes.js';
import { currentTimeOf, dropMotion, effectChanged } from './playback.js';
import { activeDurationOf, checkTiming, computedTimes, endOfEffect, parseEasing } from './timing.js';

const EFFECT_TIMING_NAMES = ['delay', 'endDelay', 'fill', 'iterationStart', 'iterations', 'duration', 'direction', 'easing'];

function timingFrom(options) {
  const timing = { __proto__: null, delay: 0, endDelay: 0, fill: 'auto', iterationStart: 0, iterations: 1, duration: 'auto', direction: 'normal', easing: 'linear' };
  if (typeof options === 'number') timing.duration = options;
  else for (let i = 0; i < EFFECT_TIMING_NAMES.length; i++) timing[EFFECT_TIMING_NAMES[i]] = options[EFFECT_TIMING_NAMES[i]] ?? timing[EFFECT_TIMING_NAMES[i]];
  checkTiming(timing);
  timing.easing = parseEasing(timing.easing);
  return timing;
}

export function makeEffect(target, keyframes, options) {
  const effect = new KeyframeEffectImpl(target, timingFrom(options));
  if (typeof options === 'object') {
    effect.composite = options.composite ?? 'replace';
    effect.pseudo = pseudoSelector(options.pseudoElement ?? null);
  }
  effect.frames = processKeyframes(keyframes);
  return effect;
}

// https://drafts.csswg.org/web-animations-1/#dom-keyframeeffect-pseudoelement: with two colons, or null
export function pseudoSelector(text) {
  if (text === null) return null;
  const list = parseSelectorList(text, null, null);
  const compound = list === null || list.length !== 1 || list[0].compounds.length !== 1 ? null : list[0].compounds[0];
  const plain = compound !== null && compound.pseudos !== null && compound.pseudos.length === 1 && compound.tag === null && !compound.universal && compound.simples.length === 0;
  if (!plain) throw domException('SyntaxError', "'" + text + "' is not a valid pseudo-element selector.");
  return serializeSelectorList(list, undefined);
}

export function changePseudo(self, text) {
  self.pseudo = pseudoSelector(text);
  effectChanged(self);
}

export function copyEffect(source) {
  const effect = new KeyframeEffectImpl(source.target, timingCopy(source));
  effect.pseudo = source.pseudo;
  effect.composite = source.composite;
  effect.frames = source.frames;
  return effect;
}

export function timingCopy(self) {
  const out = { __proto__: null };
  for (let i = 0; i < EFFECT_TIMING_NAMES.length; i++) out[EFFECT_TIMING_NAMES[i]] = self.timing[EFFECT_TIMING_NAMES[i]];
  return out;
}

export function computedTimingOf(self) {
  const { timing, animation } = self;
  const out = timingCopy(self);
  const localTime = animation === null ? null : currentTimeOf(animation);
  const times = computedTimes(timing, localTime, animation !== null && animation.rate < 0);
  out.fill = timing.fill === 'auto' ? 'none' : timing.fill;
  out.duration = timing.duration === 'auto' ? 0 : timing.duration;
  out.endTime = endOfEffect(self);
  out.activeDuration = activeDurationOf(timing);
  out.localTime = localTime;
  out.progress = times.progress;
  out.currentIteration = times.iteration;
  return out;
}

// https://drafts.csswg.org/web-animations-1/#update-the-timing-properties-of-an-animation-effect
export function changeTiming(self, given) {
  const timing = timingCopy(self);
  for (let i = 0; i < EFFECT_TIMING_NAMES.length; i++) timing[EFFECT_TIMING_NAMES[i]] = given[EFFECT_TIMING_NAMES[i]] ?? timing[EFFECT_TIMING_NAMES[i]];
  checkTiming(timing);
  timing.easing = parseEasing(timing.easing);
  self.timing = timing;
  effectChanged(self);
}

export function changeKeyframes(self, keyframes) {
  self.frames = processKeyframes(keyframes);
  effectChanged(self);
}

export function changeTarget(self, target) {
  const { animation } = self;
  if (self.target !== null && animation !== null) dropMotion(self.target, animation);
  self.target = target;
  effectChanged(self);
}

// https://drafts.csswg.org/web-animations-1/#dom-keyframeeffect-getkeyframes: objects for the page
export function keyframesOf(self) {
  const out = [];
  for (let i = 0; i < self.frames.length; i++) {
    const frame = self.frames[i];
    const made = ObjectCreate(ObjectPrototype);
    const set = (name, value) => ObjectDefineProperty(made, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    set('offset', frame.offset);
    set('computedOffset', frame.computedOffset);
    set('easing', frame.easing);
    set('composite', frame.composite);
    for (let j = 0; j < frame.declared.length; j++) set(frame.declared[j][0], frame.declared[j][1]);
    out[i] = made;
  }
  return out;
}
