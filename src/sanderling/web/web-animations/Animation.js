// https://drafts.csswg.org/web-animations-1/#the-animation-interface
// Animations as pages see them. They have no time to spend: what plays is over at the second frame after it began, and paused where it was told to be.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { EventImpl, defineEventInterface } from '../dom/Event.js';
import { nowMs } from '../host.js';
import { timeOrigin } from '../html/clock.js';
import { currentDocument } from '../html/realm.js';
import { frameTime } from '../timers.js';
import { SafeWeakMap } from '../primordials.js';
import { animateElement, animationsOf, animationsOfDocument, cancelAnimation, commitAnimation, currentTimeOf, finishAnimation, finishedPromise, makeAnimation, pauseAnimation, persistAnimation, playAnimation, playStateOf, readyPromise, reverseAnimation, setAnimationEffect, setAnimationStart, setAnimationTime, setAnimationTimeline, setPlaybackRate } from './playback.js';

export class DocumentTimelineImpl extends Impl {
  constructor(doc, origin) {
    super();
    this.doc = doc;
    this.origin = origin;        // ms after the document's
  }

  now() {
    if (this.doc.window === null) return null;
    // It stands still while the callbacks of a frame run.
    const frame = frameTime();
    return (frame < 0 ? nowMs() : frame) - timeOrigin() - this.origin;
  }
}

export class AnimationImpl extends EventTargetImpl {
  constructor(doc, timeline, number) {
    super();
    this.doc = doc;
    this.timeline = timeline;
    this.number = number;        // in the order in which they were made
    this.effect = null;
    this.id = '';
    this.startTime = null;
    this.holdTime = null;
    this.rate = 1;
    this.pending = '';           // 'play' or 'pause'
    this.replaceState = 'active';
    this.ready = null;           // { promise, resolve, reject }, once somebody asked
    this.finished = null;
    this.ended = false;          // the finish event of this run was fired
    this.waits = false;          // for the next frame
  }
}

const timelinesOfDocuments = new SafeWeakMap();

export function timelineOf(doc) {
  let timeline = timelinesOfDocuments.get(doc);
  if (timeline === undefined) {
    timeline = new DocumentTimelineImpl(doc, 0);
    timelinesOfDocuments.set(doc, timeline);
  }
  return timeline;
}

defineInterface(`
[Exposed=Window]
interface AnimationTimeline {
  readonly attribute double? currentTime;
};
`, { currentTime: (self) => self.now() });

defineInterface(`
dictionary DocumentTimelineOptions { double originTime = 0; };
[Exposed=Window]
interface DocumentTimeline : AnimationTimeline {
  constructor(optional DocumentTimelineOptions options = {});
};
`, { constructor: (options) => new DocumentTimelineImpl(currentDocument(), options.originTime) }, DocumentTimelineImpl);

defineInterface(`
enum AnimationPlayState { "idle", "running", "paused", "finished" };
enum AnimationReplaceState { "active", "removed", "persisted" };
[Exposed=Window]
interface Animation : EventTarget {
  constructor(optional AnimationEffect? effect = null, optional AnimationTimeline? timeline);
  attribute DOMString id;
  attribute AnimationEffect? effect;
  attribute AnimationTimeline? timeline;
  attribute double? startTime;
  attribute double? currentTime;
  attribute double playbackRate;
  readonly attribute AnimationPlayState playState;
  readonly attribute AnimationReplaceState replaceState;
  readonly attribute boolean pending;
  readonly attribute Promise<Animation> ready;
  readonly attribute Promise<Animation> finished;
  attribute EventHandler onfinish;
  attribute EventHandler oncancel;
  attribute EventHandler onremove;
  undefined cancel();
  undefined finish();
  undefined play();
  undefined pause();
  undefined updatePlaybackRate(double playbackRate);
  undefined reverse();
  undefined persist();
  [CEReactions] undefined commitStyles();
};
`, {
  constructor: (effect, timeline) => makeAnimation(currentDocument(), effect, timeline),
  id: {
    get: (self) => self.id,
    set(self, value) {
      self.id = value;
    },
  },
  effect: {
    get: (self) => self.effect,
    set(self, value) {
      setAnimationEffect(self, value);
    },
  },
  timeline: {
    get: (self) => self.timeline,
    set(self, value) {
      setAnimationTimeline(self, value);
    },
  },
  startTime: {
    get: (self) => self.startTime,
    set(self, value) {
      setAnimationStart(self, value);
    },
  },
  currentTime: {
    get: (self) => currentTimeOf(self),
    set(self, value) {
      setAnimationTime(self, value);
    },
  },
  playbackRate: {
    get: (self) => self.rate,
    set(self, value) {
      setPlaybackRate(self, value);
    },
  },
  playState: (self) => playStateOf(self),
  replaceState: (self) => self.replaceState,
  pending: (self) => self.pending !== '',
  ready: (self) => readyPromise(self),
  finished: (self) => finishedPromise(self),
  cancel: (self) => cancelAnimation(self),
  finish: (self) => finishAnimation(self),
  play: (self) => playAnimation(self, true),
  pause: (self) => pauseAnimation(self),
  updatePlaybackRate: (self, rate) => setPlaybackRate(self, rate),
  reverse: (self) => reverseAnimation(self),
  persist: (self) => persistAnimation(self),
  commitStyles: (self) => commitAnimation(self),
}, AnimationImpl);

class AnimationPlaybackEventImpl extends EventImpl {}

defineEventInterface(`
dictionary AnimationPlaybackEventInit : EventInit { double? currentTime = null; double? timelineTime = null; };
[Exposed=Window]
interface AnimationPlaybackEvent : Event {
  constructor(DOMString type, optional AnimationPlaybackEventInit eventInitDict = {});
  readonly attribute double? currentTime;
  readonly attribute double? timelineTime;
};
`, { __proto__: null, currentTime: null, timelineTime: null }, AnimationPlaybackEventImpl);

defineInterface(`
dictionary KeyframeAnimationOptions : KeyframeEffectOptions { DOMString id = ""; AnimationTimeline? timeline; };
dictionary GetAnimationsOptions { boolean subtree = false; CSSOMString? pseudoElement = null; };
partial interface Element {
  Animation animate(object? keyframes, optional (unrestricted double or KeyframeAnimationOptions) options = {});
  sequence<Animation> getAnimations(optional GetAnimationsOptions options = {});
};
`, {
  animate: (self, keyframes, options) => animateElement(self, keyframes, options),
  getAnimations: (self, options) => animationsOf(self, options),
});

defineInterface(`
partial interface Document { readonly attribute DocumentTimeline timeline; };
`, { timeline: timelineOf });

defineInterface(`
partial interface mixin DocumentOrShadowRoot { sequence<Animation> getAnimations(); };
`, { getAnimations: (self) => animationsOfDocument(self) });
