// https://w3c.github.io/pointerevents/#the-pointerevent-interface
// The mouse as a user moves it over the flat layout: hit tests through frames and shadow trees, boundary events, presses, clicks, the wheel; with the focus,
// selection and dragging that follow from them. CDP's Input domain.

import { notifyActivation } from '../html/user_activation.js';
import { runMicrotasks } from '../host.js';
import { MathAbs, MathFloor, MathMax } from '../primordials.js';
import { fireEvent } from '../dom/dispatch.js';
import { HTML_NS } from '../dom/namespaces.js';
import { indexOfNode, isConnected, rootOf } from '../dom/tree.js';
import { innerEdges } from '../css/cssom-view/box_sizes.js';
import { layoutFactsOf } from '../css/cssom-view/layout_facts.js';
import { computedValueOf } from '../css/cssom/computed.js';
import { boxOf, deepHitTest, textAt } from '../css/cssom-view/geometry.js';
import { scrollByWheel } from '../css/cssom-view/scrolling.js';
import { asPlatform, mainWindow } from '../html/realm.js';
import { blurElement, focusDelegate, focusElement, focusViewport, isFocusableArea } from '../html/focus.js';
import { setHoveredElement, setPressedElement } from '../html/interaction_state.js';
import { selectBetween, selectionOf } from '../html/Selection.js';
import { lightDismissPressed, lightDismissReleased } from '../html/light_dismiss.js';
import { hasTasks, runTasks } from '../html/tasks.js';
import { labeledControl } from '../html/forms/ValidityState.js';
import { selectByUser } from '../html/elements/HTMLSelectElement.js';
import { isMultiple, optionsOf, selectOf } from '../html/forms/options.js';
import { isDisabled, isEditable } from '../html/forms/states.js';
import { InspectorFailure } from './describe.js';
import { beginDrag, dragCandidateOf, dragMoved, dragReleased, isDragging } from './drag.js';
import { isTextField, selectField, wordAround } from './typing.js';

const MOUSE_BUTTONS = { __proto__: null, none: -1, left: 0, middle: 1, right: 2, back: 3, forward: 4 };
const BUTTON_BITS = [1, 4, 2, 8, 16];
const DRAG_DISTANCE = 3;           // px, Chromium's on Linux

class PointerState {
  constructor() {
    this.x = 0;                    // in the main viewport
    this.y = 0;
    this.seen = false;             // was there a mouse event? Movement counts from the one before
    this.buttons = 0;
    this.hoverDoc = null;          // the document that has the hovered element
    this.pressed = null;           // where the button went down
    this.clickCount = 0;
    this.mouseSuppressed = false;  // pointerdown was canceled: no mousedown, mouseup
    this.captured = null;          // target of pointer capture
    this.dragFrom = null;          // { el, place } of the press, while a drag may begin
    this.selectFrom = null;        // { el, node, offset } where a press put the cursor: moves select from there
  }
}

export const pointerState = new PointerState();

export function modifiersOf(bits) {
  return { __proto__: null, altKey: (bits & 1) !== 0, ctrlKey: (bits & 2) !== 0, metaKey: (bits & 4) !== 0, shiftKey: (bits & 8) !== 0 };
}

// A command of the Input domain. Its events are the platform's: no page code is on the stack below them. What they set going (submissions, navigations) has
// begun before the answer.
// https://html.spec.whatwg.org/multipage/interaction.html#activation-triggering-input-event
function activatesUser(payload) {
  const { type } = payload;
  return type === 'mousePressed' || type === 'touchEnd' || ((type === 'keyDown' || type === 'rawKeyDown') && payload.key !== 'Escape');
}

export function answeringInput(handler) {
  return (payload) => {
    let answer = { __proto__: null };
    asPlatform(mainWindow(), () => {
      if (activatesUser(payload)) notifyActivation();
      try {
        answer = handler(payload) ?? {};
      } catch (error) {
        if (!(error instanceof InspectorFailure)) throw error;
        answer = { __proto__: null, failure: error.failure };
      }
    });
    settleInput();
    return answer;
  };
}

const TASK_ROUNDS = 3;             // a submission is planned by one task and navigates in another

export function settleInput() {
  runMicrotasks();
  for (let i = 0; i < TASK_ROUNDS && hasTasks(); i++) runTasks();
}

// -- events ------------------------------------------------------------------------------------------------------------

// { doc, target, x, y } in the viewport of `doc`, with what every event about it says
export class PointerPlace {
  constructor(mainX, mainY, modifiers, dx, dy) {
    const hit = deepHitTest(mainWindow().document, mainX, mainY);
    this.remote = hit.remote;      // { frame, x, y } where the point is in another isolate
    this.doc = hit.doc;
    this.target = hit.target;
    this.x = hit.x;
    this.y = hit.y;
    this.mainX = mainX;
    this.mainY = mainY;
    this.dx = dx;
    this.dy = dy;
    this.modifiers = modifiersOf(modifiers);
    this.pen = null;               // pressure and angles, where the command names them
  }

  init(more) {
    return {
      __proto__: null, ...this.modifiers, view: this.doc.window, detail: 0, clientX: this.x, clientY: this.y, screenX: this.mainX, screenY: this.mainY,
      button: 0, buttons: pointerState.buttons, movementX: 0, movementY: 0, ...more,
    };
  }

  // With offsetX and offsetY, which count from the target's padding edge: https://drafts.csswg.org/cssom-view/#dom-mouseevent-offsetx
  initFor(target, more, whole = false) {
    const init = this.init(more);
    // As in Chromium, those of mouse events and clicks are rounded down.
    if (whole) {
      init.clientX = MathFloor(init.clientX);
      init.clientY = MathFloor(init.clientY);
      init.screenX = MathFloor(init.screenX);
      init.screenY = MathFloor(init.screenY);
    }
    const box = target.nodeType === 1 ? boxOf(target) : null;
    if (box !== null) {
      const edges = innerEdges(target, false);
      init.offsetX = init.clientX + target.doc.window.scrollX - box.x - edges.left;
      init.offsetY = init.clientY + target.doc.window.scrollY - box.y - edges.top;
    }
    return init;
  }
}

const POINTER_FIELDS = { __proto__: null, pointerId: 1, pointerType: 'mouse', isPrimary: true, width: 1, height: 1 };
const UNCANCELABLE = { __proto__: null, pointerenter: true, pointerleave: true, mouseenter: true, mouseleave: true, gotpointercapture: true, lostpointercapture: true, pointercancel: true };
const WHOLE_POINTERS = { __proto__: null, click: true, auxclick: true, contextmenu: true };
const UNBUBBLING = { __proto__: null, pointerenter: true, pointerleave: true, mouseenter: true, mouseleave: true };

export function firePointer(place, target, type, more, related = null, boundary = null) {
  const init = { ...place.initFor(target, more, WHOLE_POINTERS[type] === true), ...POINTER_FIELDS, ...place.pen, __proto__: null, ...more };
  if (init.pressure === undefined || init.pressure === null) init.pressure = init.buttons !== 0 ? 0.5 : 0;
  return fireEvent(target, type, {
    __proto__: null, bubbles: UNBUBBLING[type] !== true, cancelable: UNCANCELABLE[type] !== true, composed: UNBUBBLING[type] !== true,
    interface: 'PointerEvent', relatedTarget: related ?? undefined, boundary: boundary ?? undefined, init,
  });
}

export function fireMouse(place, target, type, more, related = null, boundary = null) {
  return fireEvent(target, type, {
    __proto__: null, bubbles: UNBUBBLING[type] !== true, cancelable: UNCANCELABLE[type] !== true, composed: UNBUBBLING[type] !== true,
    interface: 'MouseEvent', relatedTarget: related ?? undefined, boundary: boundary ?? undefined, init: place.initFor(target, more, true),
  });
}

function aboveInFlatTree(node) {
  if (node.assignedSlot !== undefined && node.assignedSlot !== null) return node.assignedSlot;
  const { parent } = node;
  if (parent === null) return null;
  return parent.nodeType === 11 ? (parent.isShadow ? parent.host : null) : parent;
}

function flatAncestors(el) {
  const out = [];
  for (let node = el; node !== null && node.nodeType === 1; node = aboveInFlatTree(node)) out[out.length] = node;
  return out;
}

function includesNode(list, node) {
  for (let i = 0; i < list.length; i++) if (list[i] === node) return true;
  return false;
}

// https://w3c.github.io/uievents/#events-mouseevent-event-order: out, leave, over, enter; all of the pointer's before all of the mouse's, as in Chromium
function fireBoundary(place, old, target, fire, prefix) {
  const oldChain = old === null ? [] : flatAncestors(old);
  const newChain = target === null ? [] : flatAncestors(target);
  const sameDoc = old !== null && target !== null && old.doc === target.doc;
  const to = sameDoc ? target : null;
  const from = sameDoc ? old : null;
  if (old !== null) {
    fire(place, old, prefix + 'out', null, to);
    for (let i = 0; i < oldChain.length; i++) if (!includesNode(newChain, oldChain[i])) fire(place, oldChain[i], prefix + 'leave', null, to);
  }
  if (target !== null) {
    fire(place, target, prefix + 'over', null, from);
    for (let i = newChain.length - 1; i >= 0; i--) if (!includesNode(oldChain, newChain[i])) fire(place, newChain[i], prefix + 'enter', null, from);
  }
}

export function hoverAt(place) {
  const { doc, target } = place;
  const oldDoc = pointerState.hoverDoc;
  let old = oldDoc === null || oldDoc.window === null ? null : oldDoc.hoveredElement;
  if (old !== null && !isConnected(old)) old = null;
  if (old === target && oldDoc === doc) return;
  if (oldDoc !== null && oldDoc !== doc) setHoveredElement(oldDoc, null);
  setHoveredElement(doc, target);
  pointerState.hoverDoc = doc;
  if (old === target) return;
  fireBoundary(place, old, target, firePointer, 'pointer');
  fireBoundary(place, old, target, fireMouse, 'mouse');
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#enabling-and-disabling-form-controls:-the-disabled-attribute
// As in Chromium: presses, releases and clicks get as far as a disabled control and no further; null: there is none.
function disabledAround(target) {
  for (let node = target; node !== null && node.nodeType === 1; node = aboveInFlatTree(node)) {
    if (node.namespace === HTML_NS && node.localName !== 'fieldset' && isDisabled(node)) return node;
  }
  return null;
}

// -- pointer capture ---------------------------------------------------------------------------------------------------

function captureTarget() {
  const { captured } = pointerState;
  if (captured !== null && !isConnected(captured)) pointerState.captured = null;
  return pointerState.captured;
}

// -- move --------------------------------------------------------------------------------------------------------------

function mouseMoved(place) {
  if (isDragging()) {
    dragMoved(place);
    return;
  }
  const captured = captureTarget();
  if (captured === null) hoverAt(place);
  const target = captured ?? place.target;
  if (target === null) return;
  const more = { __proto__: null, movementX: place.dx, movementY: place.dy };
  firePointer(place, target, 'pointermove', { __proto__: null, ...more, button: -1 });
  if (!pointerState.mouseSuppressed) fireMouse(place, target, 'mousemove', more);
  if (pointerState.selectFrom !== null && (pointerState.buttons & 1) !== 0) selectByMove(place);
  // That the move is canceled stops neither selection nor drag (https://github.com/w3c/uievents/issues/278).
  if (pointerState.dragFrom !== null && (pointerState.buttons & 1) !== 0) {
    const { el, place: from } = pointerState.dragFrom;
    if (MathAbs(place.mainX - from.mainX) <= DRAG_DISTANCE && MathAbs(place.mainY - from.mainY) <= DRAG_DISTANCE) return;
    pointerState.dragFrom = null;
    if (!beginDrag(from, el)) return;
    firePointer(place, el, 'pointercancel', null);
    pointerState.pressed = null;
    if (isDragging()) dragMoved(place);
  }
}

// -- press -------------------------------------------------------------------------------------------------------------

// https://html.spec.whatwg.org/multipage/interaction.html#data-model: a press moves the focus to the nearest focusable area
export function focusByPress(doc, target) {
  for (let node = target; node !== null && node.nodeType === 1; node = aboveInFlatTree(node)) {
    const delegates = node.shadow !== null && node.shadow.delegatesFocus;
    if (delegates ? focusDelegate(node) !== null : isFocusableArea(node, false)) {
      focusElement(node, 'pointer');
      return;
    }
  }
  if (doc.focusedElement !== null) blurElement(doc.focusedElement, 'pointer');
  focusViewport(doc.window);
}

// The text of an element at a point: a text node with an offset, or the element
function textAtPoint(place, target) {
  const { window } = target.doc;
  return textAt(target, place.x + window.scrollX, place.y + window.scrollY) ?? { __proto__: null, node: target, offset: 0 };
}

// The character of a field's value at a point
function characterAt(place, target, box) {
  const x = place.x + target.doc.window.scrollX - box.x - innerEdges(target, true).left;
  return MathMax(0, MathFloor(x / layoutFactsOf(target).text.char + 0.5));
}

// Moves with the button down select, from where it went down. What lies above a field is its beginning, what lies below its end.
function selectByMove(place) {
  const { el, node, offset } = pointerState.selectFrom;
  if (!isConnected(el) || place.doc !== el.doc) return;
  if (isTextField(el)) {
    const box = boxOf(el);
    if (box === null) return;
    const y = place.y + el.doc.window.scrollY - box.y;
    selectField(el, y < 0 ? 0 : y > box.height ? Infinity : characterAt(place, el, box), 1, true);
    return;
  }
  const { target } = place;
  const box = target === null ? null : boxOf(target);
  if (box === null || !isConnected(node) || rootOf(target) !== rootOf(node)) return;
  const at = textAtPoint(place, target);
  if (at.node.nodeType === 3 && (at.node !== node || at.offset !== offset || selectionOf(el.doc).range !== null)) selectBetween(el.doc, node, offset, at.node, at.offset);
}

const UNSELECTABLE = { __proto__: null, select: true, option: true, button: true, input: true, img: true, canvas: true, video: true, audio: true, object: true, embed: true };

// What leaves the selection as it is: controls, images, and what `user-select` says, of itself or from further out.
function keepsSelection(target) {
  for (let el = target; el !== null && el.nodeType === 1; el = el.parent) {
    if (el.namespace === HTML_NS && (el === target ? UNSELECTABLE[el.localName] === true : el.localName === 'button')) return true;
  }
  for (let el = target; el !== null && el.nodeType === 1 && !isEditable(el); el = el.parent) {
    const value = computedValueOf(el, 'user-select');
    if (value !== 'auto') return value === 'none';
  }
  return false;
}

// Where the press puts the cursor, or what it selects: a word by two clicks, all of the element by three.
function selectByPress(place, target, clickCount, extend) {
  const box = boxOf(target);
  if (box === null) return;
  const old = selectionOf(target.doc);
  if (isTextField(target) || target.localName === 'textarea') {
    // What was selected in the document no longer is.
    if (old.range !== null && rootOf(target).nodeType === 9) {
      const at = indexOfNode(target);
      selectBetween(target.doc, target.parent, at, target.parent, at);
    }
    selectField(target, characterAt(place, target, box), clickCount, extend);
    if (clickCount < 2) pointerState.selectFrom = { __proto__: null, el: target, node: target, offset: 0 };
    return;
  }
  if (keepsSelection(target)) return;
  const root = rootOf(target);
  if (root.nodeType !== 9) return;
  const at = textAtPoint(place, target);
  if (clickCount < 2 && at.node.nodeType === 3) pointerState.selectFrom = { __proto__: null, el: target, node: at.node, offset: at.offset };
  if (extend && old.range !== null) {
    const anchor = old.backwards ? [old.range.endNode, old.range.endOffset] : [old.range.startNode, old.range.startOffset];
    selectBetween(target.doc, anchor[0], anchor[1], at.node, at.offset);
  } else if (clickCount >= 3 && at.node.nodeType === 3) {
    const { first, last } = target;
    selectBetween(target.doc, first.nodeType === 3 ? first : target, 0, last.nodeType === 3 ? last : target, last.nodeType === 3 ? last.data.length : 1);
  } else if (clickCount === 2 && at.node.nodeType === 3) {
    const word = wordAround(at.node.data, at.offset);
    selectBetween(target.doc, at.node, word.start, at.node, word.end);
  } else if (at.node.nodeType === 3 || isEditable(target) || old.range !== null) selectBetween(target.doc, at.node, at.offset, at.node, at.offset);
}

// https://html.spec.whatwg.org/multipage/form-elements.html#the-select-element: a list box changes at the press; the options of a menu have no boxes.
function pressOption(target, place) {
  const option = target.localName === 'option' && target.namespace === HTML_NS ? target : null;
  const select = option === null ? null : selectOf(option);
  if (select === null || isDisabled(select) || isDisabled(option)) return;
  const chosen = [];
  const options = optionsOf(select);
  if (isMultiple(select) && (place.modifiers.ctrlKey || place.modifiers.metaKey)) {
    for (let i = 0; i < options.length; i++) if ((options[i] === option) !== options[i].state.selected) chosen[chosen.length] = options[i];
  } else chosen[0] = option;
  selectByUser(select, chosen);
}

function mousePressed(place, button, clickCount) {
  hoverAt(place);
  const first = pointerState.buttons === 0;
  pointerState.buttons |= BUTTON_BITS[button];
  const target = captureTarget() ?? place.target;
  pointerState.clickCount = clickCount;
  if (target === null) return;
  const down = { __proto__: null, button, buttons: pointerState.buttons };
  if (first) pointerState.mouseSuppressed = !firePointer(place, target, 'pointerdown', down);
  else firePointer(place, target, 'pointermove', down);
  if (first) lightDismissPressed(place.target ?? target, place.x, place.y);
  setPressedElement(place.doc, target);
  pointerState.pressed = target;
  pointerState.dragFrom = null;
  pointerState.selectFrom = null;
  const disabled = disabledAround(target);
  let goesOn = disabled === null;
  if (!pointerState.mouseSuppressed && disabled !== target) goesOn = fireMouse(place, target, 'mousedown', { ...down, __proto__: null, detail: clickCount }, null, disabled) && goesOn;
  if (goesOn && isConnected(target)) {
    focusByPress(place.doc, target);
    if (button === 0) {
      const candidate = dragCandidateOf(target);
      if (candidate !== null) pointerState.dragFrom = { __proto__: null, el: candidate, place };
      else selectByPress(place, target, clickCount, place.modifiers.shiftKey);
      pressOption(target, place);
    }
  }
  if (button === 2 && isConnected(target)) firePointer(place, target, 'contextmenu', { ...down, __proto__: null, pressure: 0 });
}

// -- release -----------------------------------------------------------------------------------------------------------

// The click goes to the nearest element that holds both ends.
function commonPressed(a, b) {
  const chain = flatAncestors(b);
  for (let node = a; node !== null && node.nodeType === 1; node = aboveInFlatTree(node)) if (includesNode(chain, node)) return node;
  return null;
}

// A click on a label also moves the focus to its control, as in Chromium.
function focusLabeled(target) {
  for (let node = target; node !== null && node.nodeType === 1; node = node.parent) {
    if (node.localName !== 'label' || node.namespace !== HTML_NS) {
      if (isFocusableArea(node, false)) return;
      continue;
    }
    const control = labeledControl(node);
    if (control !== null && (isFocusableArea(control, false) || (control.shadow !== null && control.shadow.delegatesFocus))) focusElement(control, 'pointer');
    return;
  }
}

function mouseReleased(place, button, clickCount) {
  if (isDragging()) {
    pointerState.buttons &= ~BUTTON_BITS[button];
    pointerState.pressed = null;
    dragReleased(place);
    hoverAt(place);
    return;
  }
  hoverAt(place);
  pointerState.buttons &= ~BUTTON_BITS[button];
  pointerState.dragFrom = null;
  if (button === 0) pointerState.selectFrom = null;
  setPressedElement(place.doc, null);
  const start = pointerState.pressed;
  pointerState.pressed = null;
  if (start !== null && start.doc !== place.doc) setPressedElement(start.doc, null);
  const captured = captureTarget();
  const target = captured ?? place.target;
  const count = pointerState.clickCount > 0 ? pointerState.clickCount : clickCount;
  if (target === null) return;
  const up = { __proto__: null, button, buttons: pointerState.buttons };
  if (pointerState.buttons === 0) {
    firePointer(place, target, 'pointerup', up);
    lightDismissReleased(place.target ?? target, place.x, place.y);
  } else firePointer(place, target, 'pointermove', up);
  const disabled = disabledAround(target);
  const suppressed = pointerState.mouseSuppressed;
  if (pointerState.buttons === 0) pointerState.mouseSuppressed = false;
  if (!suppressed && disabled !== target) fireMouse(place, target, 'mouseup', { ...up, __proto__: null, detail: count }, null, disabled);
  if (captured !== null && pointerState.captured === captured && pointerState.buttons === 0) releaseCapture(captured);
  if (count < 1 || start === null || start.doc !== target.doc) return;
  clickAt(place, commonPressed(start, target), button, count);
}

export function clickAt(place, clicked, button, count, pointer = null) {
  if (clicked === null || !isConnected(clicked)) return;
  const disabled = disabledAround(clicked);
  const more = { __proto__: null, button, buttons: pointerState.buttons, detail: count, pressure: 0, ...pointer };
  if (button !== 0) {
    firePointer(place, clicked, 'auxclick', more);
    return;
  }
  if (disabled === clicked) return;
  if (firePointer(place, clicked, 'click', more, null, disabled) && disabled === null) focusLabeled(clicked);
  if (count % 2 === 0 && isConnected(clicked)) fireMouse(place, clicked, 'dblclick', { __proto__: null, button, buttons: pointerState.buttons, detail: count }, null, disabled);
}

// -- wheel -------------------------------------------------------------------------------------------------------------

// https://w3c.github.io/uievents/#cancelability-of-wheel-events: may a listener on the event's way cancel it?
export function canBeCanceled(type, target) {
  const blocks = (node) => {
    const { listeners } = node;
    if (listeners === null) return false;
    for (let i = 0; i < listeners.length; i++) {
      const listener = listeners[i];
      if (!listener.internal && !listener.passive && (listener.type === type || (type === 'wheel' && listener.type === 'mousewheel'))) return true;
    }
    return false;
  };
  for (let node = target; node !== null; node = node.assignedSlot ?? node.parent ?? node.host ?? null) if (blocks(node)) return true;
  return target.doc.window !== null && blocks(target.doc.window);
}

function mouseWheel(place, deltaX, deltaY) {
  const { target, doc } = place;
  const goesOn = target === null || fireEvent(target, 'wheel', {
    __proto__: null, bubbles: true, cancelable: canBeCanceled('wheel', target), composed: true, interface: 'WheelEvent', init: place.initFor(target, { __proto__: null, deltaX, deltaY }),
  });
  if (goesOn && !place.modifiers.ctrlKey) scrollByWheel(target, doc, deltaX, deltaY);
}

// { type, x, y, button, buttons, clickCount, modifiers, deltaX, deltaY, pen: { pressure, tangentialPressure, tiltX, tiltY, twist } }
export function dispatchMouse(payload) {
  const { seen } = pointerState;
  const place = new PointerPlace(payload.x, payload.y, payload.modifiers, seen ? payload.x - pointerState.x : 0, seen ? payload.y - pointerState.y : 0);
  pointerState.seen = true;
  place.pen = payload.pen ?? null;
  pointerState.x = payload.x;
  pointerState.y = payload.y;
  if (place.remote !== null && !isDragging()) {
    hoverAt(place);
    if (payload.type === 'mousePressed') focusByPress(place.doc, place.target);
    return { __proto__: null, remote: place.remote };
  }
  if (payload.type === 'mouseWheel') {
    mouseWheel(place, payload.deltaX, payload.deltaY);
    return null;
  }
  const button = MOUSE_BUTTONS[payload.button];
  if (payload.type === 'mouseMoved') {
    if (payload.buttons !== null && !isDragging()) pointerState.buttons = payload.buttons;
    mouseMoved(place);
  } else if (button < 0) throw new InspectorFailure('A press and a release need a button');
  else if (payload.type === 'mousePressed') mousePressed(place, button, payload.clickCount);
  else mouseReleased(place, button, payload.clickCount);
  return null;
}

// -- capture, for the page ---------------------------------------------------------------------------------------------

export function setCapture(el) {
  if (pointerState.buttons === 0 || pointerState.captured === el) return;
  const old = pointerState.captured;
  pointerState.captured = el;
  const place = new PointerPlace(pointerState.x, pointerState.y, 0, 0, 0);
  if (old !== null && isConnected(old)) firePointer(place, old, 'lostpointercapture', null);
  firePointer(place, el, 'gotpointercapture', null);
}

export function releaseCapture(el) {
  if (pointerState.captured !== el) return;
  pointerState.captured = null;
  firePointer(new PointerPlace(pointerState.x, pointerState.y, 0, 0, 0), el, 'lostpointercapture', null);
}
