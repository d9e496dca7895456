// https://w3c.github.io/touch-events/#list-of-touchevent-types
// Fingers, and the mouse events that a tap stands for. CDP's Input domain.

import { onHost } from '../host.js';
import { MathAbs, SafeMap } from '../primordials.js';
import { fireEvent } from '../dom/dispatch.js';
import { lightDismissPressed, lightDismissReleased } from '../html/light_dismiss.js';
import { isConnected } from '../dom/tree.js';
import { scrollByWheel } from '../css/cssom-view/scrolling.js';
import { TouchImpl, TouchListImpl } from '../uievents/touch.js';
import { InspectorFailure } from './describe.js';
import { answeringInput, canBeCanceled, clickAt, dispatchMouse, fireMouse, firePointer, focusByPress, hoverAt, PointerPlace } from './pointer.js';

const TAP_SLOP = 15;               // px that a finger may move in a tap, as in Chromium
const FIRST_POINTER = 2;           // ids of touch pointers; the mouse has 1

const touches = new SafeMap();     // id to ActiveTouch
let nextPointer = FIRST_POINTER;

class ActiveTouch {
  constructor(place, point, id) {
    this.id = id;
    this.pointerId = nextPointer++;
    this.place = place;
    this.target = place.target;    // events of a touch go where it began
    this.startX = point.x;
    this.startY = point.y;
    this.point = point;
    this.scrollY = 0;              // of the last move
    this.canTap = true;            // it neither moved nor was its start canceled
  }

  touch() {
    const { place, point, target } = this;
    const { window } = target.doc;
    return new TouchImpl({
      __proto__: null, identifier: this.id, target, clientX: place.x, clientY: place.y, screenX: place.mainX, screenY: place.mainY, pageX: place.x + window.scrollX,
      pageY: place.y + window.scrollY, radiusX: point.radiusX, radiusY: point.radiusY, rotationAngle: point.rotationAngle, force: point.force,
    });
  }
}

function touchListOf(keep) {
  const out = [];
  touches.forEach((active) => {
    if (keep(active)) out[out.length] = active.touch();
  });
  return new TouchListImpl(out);
}

// One event per target, for the touches that changed there.
function fireTouches(type, changed, modifiers, cancelable) {
  let goesOn = true;
  for (let i = 0; i < changed.length; i++) {
    const { target, place } = changed[i];
    let seen = false;
    for (let j = 0; j < i; j++) if (changed[j].target === target) seen = true;
    if (seen || target === null || !isConnected(target)) continue;
    const own = [];
    for (let j = 0; j < changed.length; j++) if (changed[j].target === target) own[own.length] = changed[j].touch();
    const wanted = fireEvent(target, type, {
      __proto__: null, bubbles: true, cancelable: cancelable && canBeCanceled(type, target), composed: true, interface: 'TouchEvent',
      init: {
        __proto__: null, ...place.modifiers, view: target.doc.window, detail: 0, touches: touchListOf(() => true), targetTouches: touchListOf((active) => active.target === target),
        changedTouches: new TouchListImpl(own),
      },
    });
    if (!wanted) {
      goesOn = false;
      for (let j = 0; j < changed.length; j++) if (changed[j].target === target) changed[j].canTap = false;
    }
  }
  return goesOn;
}

function pointerFields(active, more) {
  return {
    __proto__: null, pointerId: active.pointerId, pointerType: 'touch', isPrimary: active.id === 0, width: active.point.radiusX * 2, height: active.point.radiusY * 2, ...more,
  };
}

function fireTouchPointer(active, type, more) {
  if (active.target !== null && isConnected(active.target)) firePointer(active.place, active.target, type, pointerFields(active, more));
}

function startTouches(points, modifiers) {
  const changed = [];
  for (let i = 0; i < points.length; i++) {
    const point = points[i];
    const place = new PointerPlace(point.x, point.y, modifiers, 0, 0);
    const active = new ActiveTouch(place, point, point.id);
    if (place.target === null) continue;
    touches.set(point.id, active);
    changed[changed.length] = active;
    fireTouchPointer(active, 'pointerover', null);
    fireTouchPointer(active, 'pointerenter', null);
    fireTouchPointer(active, 'pointerdown', { __proto__: null, button: 0, buttons: 1, pressure: active.point.force });
    lightDismissPressed(place.target, place.x, place.y);
  }
  fireTouches('touchstart', changed, modifiers, true);
}

function moveTouches(points, modifiers) {
  const changed = [];
  for (let i = 0; i < points.length; i++) {
    const active = touches.get(points[i].id);
    if (active === undefined) continue;
    const { x, y } = active.point;
    active.point = points[i];
    active.place = new PointerPlace(points[i].x, points[i].y, modifiers, points[i].x - x, points[i].y - y);
    if (MathAbs(points[i].x - active.startX) > TAP_SLOP || MathAbs(points[i].y - active.startY) > TAP_SLOP) active.canTap = false;
    changed[changed.length] = active;
    fireTouchPointer(active, 'pointermove', { __proto__: null, button: -1, buttons: 1, pressure: active.point.force });
    active.scrollY = y - points[i].y;
  }
  const goesOn = fireTouches('touchmove', changed, modifiers, true);
  if (!goesOn || changed.length !== 1 || changed[0].canTap) return;
  scrollByWheel(changed[0].target, changed[0].place.doc, 0, changed[0].scrollY);
}

// The mouse events of a tap: https://w3c.github.io/touch-events/#mouse-events
function tap(active) {
  const { place } = active;
  hoverAt(place);
  const { target } = place;
  if (target === null) return;
  fireMouse(place, target, 'mousemove', null);
  if (fireMouse(place, target, 'mousedown', { __proto__: null, button: 0, buttons: 1, detail: 1 }) && isConnected(target)) focusByPress(place.doc, target);
  if (!isConnected(target)) return;
  fireMouse(place, target, 'mouseup', { __proto__: null, button: 0, buttons: 0, detail: 1 });
  clickAt(place, target, 0, 1, pointerFields(active, null));
}

function endTouches(gone, modifiers, canceled) {
  for (let i = 0; i < gone.length; i++) {
    const active = gone[i];
    touches.delete(active.id);
    fireTouchPointer(active, canceled ? 'pointercancel' : 'pointerup', { __proto__: null, button: 0, buttons: 0, pressure: 0 });
    if (!canceled) lightDismissReleased(active.target, active.place.x, active.place.y);
    fireTouchPointer(active, 'pointerout', null);
    fireTouchPointer(active, 'pointerleave', null);
  }
  fireTouches(canceled ? 'touchcancel' : 'touchend', gone, modifiers, !canceled);
  if (!canceled && gone.length === 1 && touches.size === 0 && gone[0].canTap && gone[0].target !== null && isConnected(gone[0].target)) tap(gone[0]);
}

function allTouches() {
  const out = [];
  touches.forEach((active) => {
    out[out.length] = active;
  });
  return out;
}

// { type, points: [{ x, y, id, radiusX, radiusY, rotationAngle, force }], modifiers }
onHost('input.touch', answeringInput((payload) => {
  const { type, points, modifiers } = payload;
  switch (type) {
    case 'touchStart':
      if (points.length === 0) throw new InspectorFailure('TouchStart and TouchMove must have at least one touch point.');
      startTouches(unknownOf(points), modifiers);
      break;
    case 'touchMove':
      if (points.length === 0) throw new InspectorFailure('TouchStart and TouchMove must have at least one touch point.');
      moveTouches(points, modifiers);
      break;
    case 'touchEnd': {
      // Those that are named end, as in Chromium; all where none is.
      const gone = [];
      touches.forEach((active) => {
        let named = points.length === 0;
        for (let i = 0; i < points.length; i++) if (points[i].id === active.id) named = true;
        if (named) gone[gone.length] = active;
      });
      endTouches(gone, modifiers, false);
      break;
    }
    default:
      if (points.length > 0) throw new InspectorFailure('TouchEnd and TouchCancel must not have any touch points.');
      endTouches(allTouches(), modifiers, true);
  }
}));

function unknownOf(points) {
  const out = [];
  for (let i = 0; i < points.length; i++) if (!touches.has(points[i].id)) out[out.length] = points[i];
  return out;
}

onHost('input.mouse', answeringInput(dispatchMouse));

// https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-synthesizeScrollGesture; up is a negative distance
onHost('input.scrollGesture', answeringInput((payload) => {
  dispatchMouse({ __proto__: null, type: 'mouseWheel', x: payload.x, y: payload.y, modifiers: 0, deltaX: -payload.xDistance, deltaY: -payload.yDistance });
}));
