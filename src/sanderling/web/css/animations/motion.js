// https://drafts.csswg.org/css-transitions-2/#transition-events and https://drafts.csswg.org/css-animations-2/#events
// Whether somebody listens to transitions and animations. Who does not listen costs nothing: changes of style are watched from the first
// listener on (watch.js).

// `pending`: styles changed since the last look.
export const motion = { __proto__: null, watched: false, pending: false };

// Each by the type that is dispatched: listeners of the older name hear it where there are none of the other (dom/dispatch.js).
export const MOTION_EVENTS = {
  __proto__: null, transitionrun: 'transitionrun', transitionstart: 'transitionstart', transitionend: 'transitionend', transitioncancel: 'transitioncancel', webkitTransitionEnd: 'transitionend',
  animationstart: 'animationstart', animationend: 'animationend', animationiteration: 'animationiteration', animationcancel: 'animationcancel', webkitAnimationStart: 'animationstart',
  webkitAnimationEnd: 'animationend', webkitAnimationIteration: 'animationiteration',
};
