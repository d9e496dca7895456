// https://drafts.csswg.org/css-transitions-2/#transition-events and https://drafts.csswg.org/css-animations-2/#events
// Whether somebody listens to transitions and animations. Who does not listen costs nothing: changes of style are watched from the first
// listener on (watch.js).

// `pending`: styles changed since the last look.
export const motion = { __proto__: null, watched: false, pending: false };

export const MOTION_EVENTS = {
  __proto__: null, transitionrun: true, transitionstart: true, transitionend: true, transitioncancel: true, webkitTransitionEnd: true, animationstart: true, animationend: true, animationiteration: true,
  animationcancel: true, webkitAnimationStart: true, webkitAnimationEnd: true, webkitAnimationIteration: true,
};
