// https://drafts.csswg.org/css-transitions-2/#starting
// Transitions and animations of style sheets: their beginning is noticed, and their events fire, one after the other; none takes time.
//
// Strategy. Before an attribute changes, the cascades of the element and of those in it that rules with transitions or animations speak of are kept. At the
// next frame, or when a script reads a style or a box before it, they are compared with the new ones. A cascade that is kept still computes the values
// of its own declarations as they were; what it inherits it computes anew, so that a transition of a value that is only inherited is missed.
// At most MAX_COMPARED elements are looked at in a frame; more change at once only where a page renders anew.

import { RegExpPrototypeExec, SafeMap, SafeSet, SafeWeakMap, StringPrototypeStartsWith, MathMax, MathMin } from '../../primordials.js';
import { fireEvent } from '../../dom/dispatch.js';
import { CONNECTED } from '../../dom/node.js';
import { nextInTree, rootOf } from '../../dom/tree.js';
import { queueTask } from '../../html/tasks.js';
import { startFrames } from '../../timers.js';
import { cascadeOf, physicalCssName, stillCascadeOf } from '../cssom/cascade.js';
import { computedCss } from '../cssom/computed.js';
import { inlineDeclarations } from '../cssom/inline_style.js';
import { isCustomCssProperty } from '../cssom/declarations.js';
import { isRendered } from '../cssom/rendered.js';
import { styleIndexOf } from '../cssom/style_index.js';
import { cssLonghand } from '../values/properties.js';
import { cssShorthand } from '../values/shorthands.js';
import { interpolatedText } from '../../web-animations/keyframes.js';
import { cssAnimationsOf, cssSeconds, splitCssTexts } from './css_animations.js';
import { motion } from './motion.js';

const MAX_COMPARED = 256;          // elements that are compared in one frame
const MAX_WALKED = 4096;       // nodes that are looked at for them in one frame

const MAX_ITERATIONS = 16;     // events of them for one animation

let kept = new SafeMap();      // element to its cascade before the change; null: it was not there
let walked = 0;                // nodes that were looked at since the last frame
let scans = new SafeSet();     // roots of trees in which animations may have begun
const toldAnimations = new SafeWeakMap();   // element to the names of its animations that were told of

function scheduleLook() {
  motion.pending = true;
  startFrames(lookAtMotion);
}

// Somebody listens at `target`.
export function watchMotion(target) {
  motion.watched = true;
  const node = target.isWindow === true ? target.document : target;
  if (node.nodeType === undefined) return;
  const root = node.nodeType === 9 ? node.documentElement() : node;
  if (root !== null) scans.add(root);
  scheduleLook();
}

function mayMove(el) {
  const root = rootOf(el);
  if (root.nodeType !== 9 && root.isShadow !== true) return false;
  if (styleIndexOf(root).speaksOfMotion(el)) return true;
  const inline = inlineDeclarations(el);
  return inline !== null && (inline.map.has('transition-duration') || inline.map.has('animation-name'));
}

// An attribute of `el` is about to change; `deep`: one that what is in it may hang on.
export function beforeStyleChange(el, deep) {
  if ((el.flags & CONNECTED) === 0 || el.doc.window === null || kept.has(el)) return;
  keepCascade(el);
  const root = rootOf(el);
  if (!deep || el.first === null || styleIndexOf(root).motionKeys === null) return;
  for (let node = nextInTree(el, el); node !== null && walked < MAX_WALKED && kept.size < MAX_COMPARED; node = nextInTree(node, el)) {
    walked++;
    if (node.nodeType === 1 && mayMove(node)) keepCascade(node);
  }
}

function keepCascade(el) {
  if (kept.size >= MAX_COMPARED || kept.has(el)) return;
  const cascade = stillCascadeOf(el);
  cascade.keepValues();
  kept.set(el, cascade);
  scheduleLook();
}

// A node came into the document.
export function motionInserted(node) {
  if (node.nodeType !== 1 || node.doc.window === null) return;
  if (kept.size < MAX_COMPARED) kept.set(node, null);
  if (scans.size < MAX_COMPARED) scans.add(node);
  scheduleLook();
}

// https://drafts.csswg.org/css-transitions-2/#style-change-event
export function lookAtMotion() {
  if (!motion.pending) return;
  motion.pending = false;
  const changes = kept;
  const roots = scans;
  kept = new SafeMap();
  walked = 0;
  scans = new SafeSet();
  const began = [];
  changes.forEach((before, el) => {
    if (before === null || (el.flags & CONNECTED) === 0 || !isRendered(el)) return;
    const after = stillCascadeOf(el);
    if (after !== before) transitionsOf(el, before, after, began);
    animationsBegun(el, after, began);
  });
  roots.forEach((root) => {
    let seen = 0;
    for (let node = root; node !== null && seen < MAX_WALKED; node = nextInTree(node, root)) {
      seen++;
      if (node.nodeType === 1 && (node.flags & CONNECTED) !== 0 && node.doc.window !== null && mayMove(node) && isRendered(node)) animationsBegun(node, cascadeOf(node), began);
    }
  });
  if (began.length > 0) queueTask(null, () => fireBegun(began));
}

function fireBegun(began) {
  for (let i = 0; i < began.length; i++) {
    const one = began[i];
    if (one.name === undefined) fireTransition(one, 'transitionrun', 0);
    if ((one.el.flags & CONNECTED) === 0) continue;
    if (one.name === undefined) fireTransition(one, 'transitionstart', 0);
    else fireAnimation(one, 'animationstart', 0);
  }
  queueTask(null, () => {
    for (let i = 0; i < began.length; i++) {
      const one = began[i];
      // One that never ends tells of its first iteration.
      const last = one.name === undefined ? 1 : one.iterations === 1 / 0 ? 2 : MathMin(one.iterations, MAX_ITERATIONS);
      for (let j = 1; j < last; j++) fireAnimation(one, 'animationiteration', one.duration * j);
      // What went away has been canceled.
      const here = (one.el.flags & CONNECTED) !== 0;
      if (one.name === undefined) fireTransition(one, here ? 'transitionend' : 'transitioncancel', here ? one.duration : 0);
      else if (one.iterations !== 1 / 0) fireAnimation(one, here ? 'animationend' : 'animationcancel', here ? one.duration * one.iterations : 0);
    }
  });
}

function fireTransition(one, type, elapsedTime) {
  fireEvent(one.el, type, { __proto__: null, bubbles: true, interface: 'TransitionEvent', init: { __proto__: null, propertyName: one.property, elapsedTime, pseudoElement: '' } });
}

function fireAnimation(one, type, elapsedTime) {
  fireEvent(one.el, type, { __proto__: null, bubbles: true, interface: 'AnimationEvent', init: { __proto__: null, animationName: one.name, elapsedTime, pseudoElement: '' } });
}

// -- animations --------------------------------------------------------------------------------------------------------

function animationsBegun(el, cascade, began) {
  const named = cascade.map !== null && cascade.map.has('animation-name') ? cssAnimationsOf(cascade) : [];
  const before = toldAnimations.get(el);
  if (before === undefined && named.length === 0) return;
  const names = new SafeSet();
  for (let i = 0; i < named.length; i++) {
    const animation = named[i];
    names.add(animation.name);
    if ((before === undefined || !before.has(animation.name)) && !animation.paused) began[began.length] = { __proto__: null, el, name: animation.name, duration: animation.duration, iterations: animation.iterations };
  }
  toldAnimations.set(el, names);
}

// -- transitions -------------------------------------------------------------------------------------------------------

function transitionsOf(el, before, after, began) {
  if (after.map === null || !after.map.has('transition-duration') || computedCss(before, 'display') === 'none') return;
  const properties = splitCssTexts(computedCss(after, 'transition-property'));
  const durations = splitCssTexts(computedCss(after, 'transition-duration'));
  const delays = splitCssTexts(computedCss(after, 'transition-delay'));
  const discrete = StringPrototypeStartsWith(computedCss(after, 'transition-behavior'), 'allow');
  const done = new SafeSet();
  // The last one that names a property says how it is done.
  for (let i = properties.length - 1; i >= 0; i--) {
    const duration = MathMax(0, cssSeconds(durations[i % durations.length]));
    const moves = duration + cssSeconds(delays[i % delays.length]) > 0;
    const names = longhandsOf(properties[i], before, after);
    for (let j = 0; j < names.length; j++) {
      const name = names[j];
      if (done.has(name)) continue;
      done.add(name);
      if (!moves) continue;
      const from = computedCss(before, name);
      const to = computedCss(after, name);
      if (from !== to && (discrete || isBetween(name, from, to))) began[began.length] = { __proto__: null, el, name: undefined, property: name, duration };
    }
  }
}

function longhandsOf(property, before, after) {
  if (property === 'none') return [];
  if (property !== 'all') {
    const shorthand = cssShorthand(property);
    const wanted = shorthand === undefined ? [property] : shorthand.longhands;
    const known = [];
    // Any identifier may be named; custom properties are not interpolated here.
    for (let i = 0; i < wanted.length; i++) {
      const name = physicalCssName(wanted[i]);
      if (cssLonghand(name) !== undefined) known[known.length] = name;
    }
    return known;
  }
  // Only what somebody declares can differ.
  const names = new SafeSet();
  const collect = (entry, name) => {
    if (!isCustomCssProperty(name) && !StringPrototypeStartsWith(name, 'transition') && !StringPrototypeStartsWith(name, 'animation')) names.add(name);
  };
  if (before.map !== null) before.map.forEach(collect);
  after.map.forEach(collect);
  const out = [];
  names.forEach((name) => {
    out[out.length] = name;
  });
  return out;
}

const LISTS = /^(?:transform|translate|rotate|scale|filter|backdrop-filter|box-shadow|text-shadow|visibility|clip-path)$/;

// Is there anything between two values? https://drafts.csswg.org/web-animations-1/#animating-properties
function isBetween(name, from, to) {
  if (RegExpPrototypeExec(LISTS, name) !== null) return true;
  const middle = interpolatedText(from, to, 0.25);
  return middle !== from || interpolatedText(from, to, 0.75) !== to || isMeasure(from, to);
}

// Lengths of different units, colours of different forms
function isMeasure(from, to) {
  const measure = /^(?:-?[.\d]|calc\(|rgba?\(|color\()/;
  return RegExpPrototypeExec(measure, from) !== null && RegExpPrototypeExec(measure, to) !== null;
}
