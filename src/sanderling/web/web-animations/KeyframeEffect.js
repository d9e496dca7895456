// https://drafts.csswg.org/web-animations-1/#the-animationeffect-interface
// Effects as pages see them. What they compute is in keyframes.js and timing.js, which are loaded when the first is made.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { changeKeyframes, changePseudo, changeTarget, changeTiming, computedTimingOf, copyEffect, keyframesOf, makeEffect, timingCopy } from './effects.js';

export class KeyframeEffectImpl extends Impl {
  constructor(target, timing) {
    super();
    this.target = target;        // element or null
    this.pseudo = null;          // '::before' and the like
    this.timing = timing;        // { delay, endDelay, fill, iterationStart, iterations, duration, direction, easing }
    this.frames = [];            // Keyframes (keyframes.js)
    this.composite = 'replace';
    this.animation = null;       // whose effect it is
  }
}

defineInterface(`
enum FillMode { "none", "forwards", "backwards", "both", "auto" };
enum PlaybackDirection { "normal", "reverse", "alternate", "alternate-reverse" };
dictionary EffectTiming {
  double delay = 0; double endDelay = 0; FillMode fill = "auto"; double iterationStart = 0.0; unrestricted double iterations = 1.0;
  (unrestricted double or DOMString) duration = "auto"; PlaybackDirection direction = "normal"; DOMString easing = "linear";
};
dictionary OptionalEffectTiming {
  double delay; double endDelay; FillMode fill; double iterationStart; unrestricted double iterations; (unrestricted double or DOMString) duration; PlaybackDirection direction; DOMString easing;
};
dictionary ComputedEffectTiming : EffectTiming { unrestricted double endTime; unrestricted double activeDuration; double? localTime; double? progress; unrestricted double? currentIteration; };
[Exposed=Window]
interface AnimationEffect {
  EffectTiming getTiming();
  ComputedEffectTiming getComputedTiming();
  undefined updateTiming(optional OptionalEffectTiming timing = {});
};
`, {
  getTiming: (self) => timingCopy(self),
  getComputedTiming: (self) => computedTimingOf(self),
  updateTiming: (self, timing) => changeTiming(self, timing),
});

defineInterface(`
enum CompositeOperation { "replace", "add", "accumulate" };
dictionary KeyframeEffectOptions : EffectTiming { CompositeOperation composite = "replace"; CSSOMString? pseudoElement = null; };
[Exposed=Window]
interface KeyframeEffect : AnimationEffect {
  constructor(Element? target, object? keyframes, optional (unrestricted double or KeyframeEffectOptions) options = {});
  constructor(KeyframeEffect source);
  attribute Element? target;
  attribute CSSOMString? pseudoElement;
  attribute CompositeOperation composite;
  sequence<object> getKeyframes();
  undefined setKeyframes(object? keyframes);
};
`, {
  constructor: (first, keyframes, options) => (first instanceof KeyframeEffectImpl ? copyEffect(first) : makeEffect(first, keyframes, options)),
  target: {
    get: (self) => self.target,
    set(self, value) {
      changeTarget(self, value);
    },
  },
  pseudoElement: {
    get: (self) => self.pseudo,
    set(self, value) {
      changePseudo(self, value);
    },
  },
  composite: {
    get: (self) => self.composite,
    set(self, value) {
      self.composite = value;
    },
  },
  getKeyframes: (self) => keyframesOf(self),
  setKeyframes: (self, keyframes) => changeKeyframes(self, keyframes),
}, KeyframeEffectImpl);

