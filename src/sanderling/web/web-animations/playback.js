// https://drafts.csswg.org/web-animations-1/#animations
// How animations are played, paused, ended and canceled, and what they do to their targets' styles.

import { ArrayPrototypeSort, Promise, PromisePrototypeThen, SafeMap, TypeError, WeakRef, WeakRefPrototypeDeref } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { CONNECTED } from '../dom/node.js';
import { isInclusiveAncestor, rootOf } from '../dom/tree.js';
import { queueTask } from '../html/tasks.js';
import { startFrames } from '../timers.js';
import { cssomOf, inlineStyleOf } from '../css/cssom/inline_style.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { isRendered } from '../css/cssom/rendered.js';
import { adoption } from '../css/cssom/sheets.js';
import { AnimationImpl, timelineOf } from './Animation.js';
import { makeEffect, pseudoSelector } from './effects.js';
import { declarationsAt } from './keyframes.js';
import { computedTimes, endOfEffect } from './timing.js';

let animationsMade = 0;
const tracked = new SafeMap(); // WeakRefs of animations that may be relevant, by their number
let waiting = [];              // animations that the next frame takes a step with
let crowded = new SafeMap();   // elements with animations that may have been replaced since the last frame

// -- times -------------------------------------------------------------------------------------------------------------

export function currentTimeOf(self) {
  if (self.holdTime !== null) return self.holdTime;
  const now = self.timeline === null ? null : self.timeline.now();
  return self.startTime === null || now === null ? null : (now - self.startTime) * self.rate;
}

export function playStateOf(self) {
  const current = currentTimeOf(self);
  if (current === null && self.pending === '') return 'idle';
  if (self.pending === 'pause' || (self.startTime === null && self.pending !== 'play')) return 'paused';
  if (current !== null && ((self.rate > 0 && current >= endOfEffect(self.effect)) || (self.rate < 0 && current <= 0))) return 'finished';
  return 'running';
}

// https://drafts.csswg.org/web-animations-1/#setting-the-current-time-of-an-animation
export function setAnimationTime(self, time) {
  if (time === null) {
    if (currentTimeOf(self) !== null) throw new TypeError('currentTime may not be changed from resolved to unresolved');
    return;
  }
  seek(self, time);
  if (self.pending === 'pause') {
    self.holdTime = time;
    self.startTime = null;
    self.pending = '';
    settlePromise(self, 'ready');
  }
  stateChanged(self, true);
}

function seek(self, time) {
  const now = self.timeline === null ? null : self.timeline.now();
  if (self.holdTime !== null || self.startTime === null || now === null || self.rate === 0) {
    self.holdTime = time;
    if (now === null) self.startTime = null;
  } else self.startTime = now - time / self.rate;
}

// https://drafts.csswg.org/web-animations-1/#setting-the-start-time-of-an-animation
export function setAnimationStart(self, start) {
  const current = currentTimeOf(self);
  self.startTime = start;
  self.holdTime = start === null ? current : self.rate === 0 ? current : null;
  if (self.pending !== '') {
    self.pending = '';
    settlePromise(self, 'ready');
  }
  stateChanged(self, true);
}

export function setPlaybackRate(self, rate) {
  const current = currentTimeOf(self);
  self.rate = rate;
  if (current !== null) seek(self, current);
  stateChanged(self, false);
}

// -- promises ----------------------------------------------------------------------------------------------------------

function promiseFor(self, name) {
  const known = self[name];
  if (known !== null) return known.promise;
  const made = { __proto__: null, promise: null, resolve: null, reject: null, settled: false };
  made.promise = new Promise((resolve, reject) => {
    made.resolve = resolve;
    made.reject = reject;
  });
  // Whoever looks at it handles it; that nobody does is no error.
  PromisePrototypeThen(made.promise, undefined, () => {});
  self[name] = made;
  return made.promise;
}

function settlePromise(self, name) {
  const known = self[name];
  if (known === null || known.settled) return;
  known.settled = true;
  known.resolve(wrap(self));
}

function abort(self, name) {
  const known = self[name];
  if (known === null || known.settled) return;
  known.settled = true;
  known.reject(domException('AbortError', 'The user aborted a request.'));
}

export function readyPromise(self) {
  const promise = promiseFor(self, 'ready');
  if (self.pending === '') settlePromise(self, 'ready');
  return promise;
}

export function finishedPromise(self) {
  const promise = promiseFor(self, 'finished');
  if (self.pending === '' && playStateOf(self) === 'finished') settlePromise(self, 'finished');
  return promise;
}

function renewPromise(self, name) {
  if (self[name] !== null && self[name].settled) self[name] = null;
}

// -- playing -----------------------------------------------------------------------------------------------------------

export function makeAnimation(doc, effect, timeline) {
  const self = new AnimationImpl(doc, timeline === undefined ? timelineOf(doc) : timeline, animationsMade++);
  if (effect !== null) setAnimationEffect(self, effect);
  return self;
}

export function setAnimationEffect(self, effect) {
  const old = self.effect;
  if (old === effect) return;
  if (effect !== null && effect.animation !== null) setAnimationEffect(effect.animation, null);
  self.effect = effect;
  if (old !== null) {
    old.animation = null;
    if (old.target !== null) dropMotion(old.target, self);
  }
  if (effect !== null) effect.animation = self;
  stateChanged(self, false);
}

// https://drafts.csswg.org/web-animations-1/#setting-the-timeline
export function setAnimationTimeline(self, timeline) {
  // 2-4.
  if (self.timeline === timeline) return;
  self.timeline = timeline;
  if (self.startTime !== null) self.holdTime = null;
  // What is pending waited for one.
  if (self.pending !== '') step(self);
  // 5.
  stateChanged(self, false);
}

export function animateElement(el, keyframes, options) {
  const effect = makeEffect(el, keyframes, options);
  const self = makeAnimation(el.doc, effect, typeof options === 'object' ? options.timeline : undefined);
  if (typeof options === 'object') self.id = options.id ?? '';
  playAnimation(self, true);
  return self;
}

// https://drafts.csswg.org/web-animations-1/#play-an-animation
export function playAnimation(self, rewind) {
  const current = currentTimeOf(self);
  const end = endOfEffect(self.effect);
  const paused = self.pending === 'pause';
  let seekTo = null;
  if (rewind) {
    if (self.rate >= 0 && (current === null || current < 0 || current >= end)) seekTo = 0;
    else if (self.rate < 0 && (current === null || current <= 0 || current > end)) {
      if (end === 1 / 0) throw domException('InvalidStateError', 'Cannot play reversed Animation with infinite target effect end.');
      seekTo = end;
    }
  }
  if (seekTo === null && self.startTime === null && current === null) seekTo = 0;
  if (seekTo !== null) {
    self.startTime = null;
    self.holdTime = seekTo;
  }
  if (self.holdTime !== null) self.startTime = null;
  if (self.holdTime === null && seekTo === null && !paused) return;
  self.pending = 'play';
  self.ended = false;
  renewPromise(self, 'ready');
  stateChanged(self, false);
  step(self);
}

// https://drafts.csswg.org/web-animations-1/#pause-an-animation
export function pauseAnimation(self) {
  if (self.pending === 'pause' || (playStateOf(self) === 'paused' && self.pending === '')) return;
  const current = currentTimeOf(self);
  if (current === null) {
    if (self.rate >= 0) self.holdTime = 0;
    else {
      const end = endOfEffect(self.effect);
      if (end === 1 / 0) throw domException('InvalidStateError', 'Cannot play reversed Animation with infinite target effect end.');
      self.holdTime = end;
    }
  } else self.holdTime = current;
  if (self.pending !== 'play') renewPromise(self, 'ready');
  self.pending = 'pause';
  self.startTime = null;
  stateChanged(self, false);
  step(self);
}

// https://drafts.csswg.org/web-animations-1/#reverse-an-animation
export function reverseAnimation(self) {
  if (self.timeline === null) throw domException('InvalidStateError', 'Cannot reverse an animation with no active timeline');
  const current = currentTimeOf(self);
  self.rate = -self.rate;
  if (current !== null) self.holdTime = current;
  try {
    playAnimation(self, true);
  } catch (error) {
    self.rate = -self.rate;
    throw error;
  }
}

// https://drafts.csswg.org/web-animations-1/#finish-an-animation
export function finishAnimation(self) {
  const end = endOfEffect(self.effect);
  if (self.rate === 0 || (self.rate > 0 && end === 1 / 0)) throw domException('InvalidStateError', 'Cannot finish Animation with an infinite target effect end or a playbackRate of 0.');
  endNow(self);
  if (self.pending !== '') {
    self.pending = '';
    settlePromise(self, 'ready');
  }
  stateChanged(self, true);
}

function endNow(self) {
  const time = self.rate > 0 ? endOfEffect(self.effect) : 0;
  const now = self.timeline === null ? null : self.timeline.now();
  self.holdTime = time;
  self.startTime = now === null ? null : now - time / self.rate;
}

// https://drafts.csswg.org/web-animations-1/#cancel-an-animation
export function cancelAnimation(self) {
  const wasIdle = playStateOf(self) === 'idle';
  if (!wasIdle) {
    if (self.pending !== '') {
      self.pending = '';
      promiseFor(self, 'ready');
      abort(self, 'ready');
    } else settlePromise(self, 'ready');
    self.ready = null;
    abort(self, 'finished');
    self.finished = null;
    queueTask(self.doc, () => firePlayback(self, 'cancel', null));
  }
  self.holdTime = null;
  self.startTime = null;
  self.ended = false;
  stateChanged(self, false);
}

function firePlayback(self, type, currentTime) {
  fireEvent(self, type, {
    __proto__: null, interface: 'AnimationPlaybackEvent', init: { __proto__: null, currentTime, timelineTime: self.timeline === null ? null : self.timeline.now() },
  });
}

// -- frames ------------------------------------------------------------------------------------------------------------

function step(self) {
  if (self.waits) return;
  self.waits = true;
  waiting[waiting.length] = self;
  startFrames(takeSteps);
}

// First what is pending happens; at the frame after it, what plays and has an end is over.
function takeSteps() {
  const batch = waiting;
  waiting = [];
  for (let i = 0; i < batch.length; i++) {
    const self = batch[i];
    self.waits = false;
    const now = self.timeline === null ? null : self.timeline.now();
    if (now === null) continue;
    if (self.pending === 'play') {
      self.pending = '';
      if (self.startTime === null && self.rate !== 0) {
        self.startTime = now - (self.holdTime ?? 0) / self.rate;
        self.holdTime = null;
      }
      settlePromise(self, 'ready');
      stateChanged(self, false);
      step(self);
    } else if (self.pending === 'pause') {
      self.pending = '';
      settlePromise(self, 'ready');
      stateChanged(self, false);
    } else if (playStateOf(self) === 'running' || playStateOf(self) === 'finished') {
      if (self.rate !== 0 && endOfEffect(self.effect) !== 1 / 0) {
        endNow(self);
        stateChanged(self, true);
      }
    }
  }
  const elements = crowded;
  crowded = new SafeMap();
  elements.forEach((value, el) => removeReplaced(el));
}

// https://drafts.csswg.org/web-animations-1/#update-an-animations-finished-state, and what it means for the target's style
function stateChanged(self, seeked) {
  if (playStateOf(self) === 'finished' && self.pending === '') {
    if (self.holdTime === null && !seeked) self.holdTime = self.rate > 0 ? endOfEffect(self.effect) : 0;
    if (!self.ended) {
      self.ended = true;
      settlePromise(self, 'finished');
      queueTask(self.doc, () => {
        if (self.ended) firePlayback(self, 'finish', currentTimeOf(self));
      });
    }
  } else {
    if (self.ended || (self.finished !== null && self.finished.settled)) renewPromise(self, 'finished');
    self.ended = false;
    if (self.pending === '' && playStateOf(self) === 'running') step(self);
  }
  placeMotion(self);
}

// -- styles ------------------------------------------------------------------------------------------------------------

// The animations that have a say in an element's style: `cssom.motions`, a map by their number.
export function dropMotion(el, self) {
  const { motions } = cssomOf(el);
  if (motions !== null && motions.delete(self.number)) el.doc.version++;
}

function placeMotion(self) {
  const { effect } = self;
  if (effect === null || effect.target === null) {
    tracked.delete(self.number);
    return;
  }
  if (!isRelevant(self)) tracked.delete(self.number);
  else if (!tracked.has(self.number)) tracked.set(self.number, new WeakRef(self));
  const el = effect.target;
  if (effect.pseudo !== null || self.replaceState === 'removed' || progressOf(self) === null) {
    dropMotion(el, self);
    return;
  }
  const cssom = cssomOf(el);
  if (cssom.motions === null) {
    cssom.motions = new SafeMap();
    adoption.animated = true;
  }
  cssom.motions.set(self.number, self);
  if (self.ended && cssom.motions.size > 1) {
    // In the next frame: what it may replace
    crowded.set(el, true);
    startFrames(takeSteps);
  }
  el.doc.version++;
}

// By their composite order: that in which they were made
function orderedMotions(motions) {
  const out = [];
  let sorted = true;
  motions.forEach((self) => {
    if (out.length > 0 && out[out.length - 1].number > self.number) sorted = false;
    out[out.length] = self;
  });
  return sorted ? out : ArrayPrototypeSort(out, (a, b) => a.number - b.number);
}

// https://drafts.csswg.org/web-animations-1/#removing-replaced-animations: of all whose properties finished ones after them have, too
function removeReplaced(el) {
  const { motions } = cssomOf(el);
  if (motions === null || motions.size < 2) return;
  const order = orderedMotions(motions);
  const covered = new SafeMap();
  for (let i = order.length - 1; i >= 0; i--) {
    const self = order[i];
    if (!self.ended || self.timeline === null) continue;
    let open = false;
    const { frames } = self.effect;
    for (let j = 0; j < frames.length; j++) {
      frames[j].values.forEach((declaration, name) => {
        if (covered.get(name) === i) return;
        if (!covered.has(name)) {
          open = true;
          covered.set(name, i);
        }
      });
    }
    if (open || self.replaceState !== 'active') continue;
    self.replaceState = 'removed';
    dropMotion(el, self);
    tracked.delete(self.number);
    queueTask(self.doc, () => firePlayback(self, 'remove', currentTimeOf(self)));
  }
}

// https://drafts.csswg.org/web-animations-1/#dom-animation-persist
export function persistAnimation(self) {
  const wasRemoved = self.replaceState === 'removed';
  self.replaceState = 'persisted';
  if (wasRemoved) placeMotion(self);
}

function progressOf(self) {
  return computedTimes(self.effect.timing, currentTimeOf(self), self.rate < 0).progress;
}

export function effectChanged(effect) {
  if (effect.animation !== null) stateChanged(effect.animation, false);
}

// What animations declare of an element, for the cascade (css/cssom/cascade.js).
export function motionDeclarations(el) {
  const out = [];
  const motions = orderedMotions(el.cssom.motions);
  for (let i = 0; i < motions.length; i++) {
    const progress = progressOf(motions[i]);
    if (progress === null) continue;
    const list = declarationsAt(motions[i].effect.frames, progress);
    for (let j = 0; j < list.length; j++) out[out.length] = list[j];
  }
  return out;
}

// https://drafts.csswg.org/web-animations-1/#dom-animation-commitstyles
export function commitAnimation(self) {
  const el = self.effect === null ? null : self.effect.target;
  if (el === null || self.effect.pseudo !== null) throw domException('NoModificationAllowedError', "Animation's target is not an element or is a pseudo-element");
  if ((el.flags & CONNECTED) === 0 || !isRendered(el)) throw domException('InvalidStateError', 'Target element is not rendered');
  if (progressOf(self) === null) return;
  const style = inlineStyleOf(el);
  const block = style.block();
  const { frames } = self.effect;
  for (let i = 0; i < frames.length; i++) {
    frames[i].values.forEach((declaration, name) => {
      const parsed = style.parse(name, computedValueOf(el, name), false);
      if (parsed !== null) for (let j = 0; j < parsed.length; j++) block.set(parsed[j]);
    });
  }
  style.changed();
}

// Is it current or in effect?
function isRelevant(self) {
  const state = playStateOf(self);
  return self.replaceState !== 'removed' && (self.pending !== '' || state === 'running' || state === 'paused' || (state === 'finished' && progressOf(self) !== null));
}

// https://drafts.csswg.org/web-animations-1/#dom-animatable-getanimations
export function animationsOf(el, options) {
  const wanted = pseudoSelector(options.pseudoElement);
  const out = [];
  visitTargets(el.doc, (target, self) => {
    const { pseudo } = self.effect;
    const fits = wanted === null && options.subtree ? isInclusiveAncestor(el, target) : target === el && pseudo === wanted;
    if (fits) out[out.length] = self;
  });
  return out;
}

export function animationsOfDocument(root) {
  const out = [];
  visitTargets(root.doc, (target, self) => {
    if (rootOf(target) === root) out[out.length] = self;
  });
  return out;
}

function visitTargets(doc, visit) {
  const seen = [];
  tracked.forEach((held, number) => {
    const self = WeakRefPrototypeDeref(held);
    if (self === undefined || self.effect === null || self.effect.target === null || !isRelevant(self)) tracked.delete(number);
    else if (self.effect.target.doc === doc) seen[seen.length] = self;
  });
  ArrayPrototypeSort(seen, (a, b) => a.number - b.number);
  for (let i = 0; i < seen.length; i++) visit(seen[i].effect.target, seen[i]);
}

