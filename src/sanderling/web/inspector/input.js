// https://w3c.github.io/uievents/ and https://w3c.github.io/pointerevents/
// What a user does, as trusted events: mouse by coordinates of the flat layout, keys, text. CDP's Input domain.

import { onHost } from '../host.js';
import { StringPrototypeCodePointAt, StringPrototypeSlice } from '../primordials.js';
import { fireEvent } from '../dom/dispatch.js';
import { isInclusiveAncestor } from '../dom/tree.js';
import { mainWindow, withWindow } from '../html/realm.js';
import { blurElement, focusElement, isFocusableArea } from '../html/focus.js';
import { setHoveredElement, setPressedElement } from '../html/interaction_state.js';
import { hitTest } from '../css/cssom-view/geometry.js';
import { isEditable, isMutable } from '../html/forms/states.js';
import { hasTextSelection, valueMode } from '../html/forms/input_types.js';
import { setUserValue } from '../html/forms/text_control.js';
import { submitImplicitly } from '../html/forms/submit.js';
import { InspectorFailure } from './describe.js';

const BUTTONS = { __proto__: null, none: -1, left: 0, middle: 1, right: 2, back: 3, forward: 4 };
const BUTTON_BITS = [1, 4, 2, 8, 16];

let pressed = null;                // where the left button went down
let heldButtons = 0;

function modifiersOf(bits) {
  return { __proto__: null, altKey: (bits & 1) !== 0, ctrlKey: (bits & 2) !== 0, metaKey: (bits & 4) !== 0, shiftKey: (bits & 8) !== 0 };
}

function fireMouse(target, type, init, options) {
  const pointer = options.pointer === true;
  return fireEvent(target, type, {
    __proto__: null, bubbles: options.bubbles !== false, cancelable: options.cancelable !== false, composed: options.bubbles !== false,
    interface: pointer || type === 'click' || type === 'auxclick' || type === 'contextmenu' ? 'PointerEvent' : 'MouseEvent', relatedTarget: options.related ?? undefined,
    init: pointer || type === 'click' ? { ...init, __proto__: null, pointerId: 1, pointerType: 'mouse', isPrimary: true } : init,
  });
}

// Boundary events, of https://w3c.github.io/uievents/#events-mouseevent-event-order
function movePointer(doc, target, init) {
  const old = doc.hoveredElement ?? null;
  if (old !== target) {
    setHoveredElement(doc, target);
    if (old !== null) {
      fireMouse(old, 'pointerout', init, { __proto__: null, pointer: true, related: target });
      fireMouse(old, 'mouseout', init, { __proto__: null, related: target });
      for (let node = old; node !== null && node.nodeType === 1; node = node.parent) {
        if (target !== null && isInclusiveAncestor(node, target)) break;
        fireMouse(node, 'pointerleave', init, { __proto__: null, pointer: true, bubbles: false, cancelable: false, related: target });
        fireMouse(node, 'mouseleave', init, { __proto__: null, bubbles: false, cancelable: false, related: target });
      }
    }
    if (target !== null) {
      fireMouse(target, 'pointerover', init, { __proto__: null, pointer: true, related: old });
      fireMouse(target, 'mouseover', init, { __proto__: null, related: old });
      const entered = [];
      for (let node = target; node !== null && node.nodeType === 1; node = node.parent) {
        if (old !== null && isInclusiveAncestor(node, old)) break;
        entered[entered.length] = node;
      }
      for (let i = entered.length - 1; i >= 0; i--) {
        fireMouse(entered[i], 'pointerenter', init, { __proto__: null, pointer: true, bubbles: false, cancelable: false, related: old });
        fireMouse(entered[i], 'mouseenter', init, { __proto__: null, bubbles: false, cancelable: false, related: old });
      }
    }
  }
  if (target !== null) {
    fireMouse(target, 'pointermove', init, { __proto__: null, pointer: true });
    fireMouse(target, 'mousemove', init, { __proto__: null });
  }
}

function commonPressed(a, b) {
  for (let node = a; node !== null && node.nodeType === 1; node = node.parent) if (isInclusiveAncestor(node, b)) return node;
  return null;
}

// https://html.spec.whatwg.org/multipage/interaction.html#data-model: a press moves the focus to the nearest focusable area
function focusByPress(doc, target) {
  for (let node = target; node !== null && node.nodeType === 1; node = node.parent) {
    if (isFocusableArea(node, false)) {
      focusElement(node);
      return;
    }
  }
  if (doc.focusedElement !== null && doc.focusedElement !== undefined) blurElement(doc.focusedElement);
}

// { type, x, y, button, buttons, clickCount, modifiers, deltaX, deltaY }
onHost('input.mouse', (payload) => {
  const window = mainWindow();
  return withWindow(window, () => {
    const doc = window.document;
    const target = hitTest(doc, payload.x, payload.y);
    const button = BUTTONS[payload.button];
    const bit = button >= 0 ? BUTTON_BITS[button] : 0;
    const init = {
      __proto__: null, ...modifiersOf(payload.modifiers), view: window, detail: 0, clientX: payload.x, clientY: payload.y, screenX: payload.x, screenY: payload.y,
      button: button < 0 ? 0 : button, buttons: heldButtons,
    };
    switch (payload.type) {
      case 'mouseMoved':
        movePointer(doc, target, { ...init, __proto__: null, button: 0, buttons: payload.buttons ?? heldButtons });
        return {};
      case 'mousePressed': {
        if (doc.hoveredElement !== target) movePointer(doc, target, { ...init, __proto__: null, button: 0 });
        heldButtons |= bit;
        if (target === null) return {};
        const down = { ...init, __proto__: null, buttons: heldButtons, detail: payload.clickCount };
        const wanted = fireMouse(target, 'pointerdown', { ...down, __proto__: null, detail: 0 }, { __proto__: null, pointer: true });
        setPressedElement(doc, target);
        pressed = target;
        if (!wanted) return {};
        if (fireMouse(target, 'mousedown', down, { __proto__: null })) focusByPress(doc, target);
        if (button === 2) fireMouse(target, 'contextmenu', { ...down, __proto__: null, detail: 0 }, { __proto__: null, pointer: true });
        return {};
      }
      case 'mouseReleased': {
        heldButtons &= ~bit;
        setPressedElement(doc, null);
        const start = pressed;
        pressed = null;
        if (target === null) return {};
        const up = { ...init, __proto__: null, buttons: heldButtons, detail: payload.clickCount };
        fireMouse(target, 'pointerup', { ...up, __proto__: null, detail: 0 }, { __proto__: null, pointer: true });
        fireMouse(target, 'mouseup', up, { __proto__: null });
        if (payload.clickCount < 1 || start === null) return {};
        // The click goes to the nearest element that holds both ends.
        const clicked = commonPressed(start, target);
        if (clicked === null) return {};
        fireMouse(clicked, button === 0 ? 'click' : 'auxclick', up, { __proto__: null });
        if (button === 0 && payload.clickCount === 2) fireMouse(clicked, 'dblclick', up, { __proto__: null });
        return {};
      }
      default: {   // mouseWheel
        const goesOn = target === null || fireEvent(target, 'wheel', {
          __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'WheelEvent',
          init: { ...init, __proto__: null, button: 0, deltaX: payload.deltaX, deltaY: payload.deltaY },
        });
        if (goesOn) window.globalObject.scrollBy(payload.deltaX, payload.deltaY);
        return {};
      }
    }
  });
});

// -- text --------------------------------------------------------------------------------------------------------------

function isTextField(el) {
  return el !== null && (el.localName === 'textarea' || (el.localName === 'input' && valueMode(el.state.type) === 'value')) && isMutable(el);
}

function fireInput(el, type, inputType, data, cancelable) {
  return fireEvent(el, type, {
    __proto__: null, bubbles: true, cancelable, composed: true, interface: 'InputEvent', init: { __proto__: null, view: el.doc.window, data, inputType, isComposing: false },
  });
}

// Replace characters of a text field, from `start` to `end`.
function replaceText(el, start, end, text, inputType) {
  if (!fireInput(el, 'beforeinput', inputType, text === '' ? null : text, true)) return;
  const { value } = el.state;
  setUserValue(el, StringPrototypeSlice(value, 0, start) + text + StringPrototypeSlice(value, end));
  if (el.state.selection !== undefined && el.state.selection !== null) {
    const at = start + text.length;
    el.state.selection.start = at;
    el.state.selection.end = at;
  }
  fireInput(el, 'input', inputType, text === '' ? null : text, false);
}

function typingSelection(el) {
  const { value } = el.state;
  if (el.localName === 'input' && !hasTextSelection(el.state.type)) return { __proto__: null, start: el.allSelected === true ? 0 : value.length, end: value.length };
  return el.state.selection;
}

function typeText(doc, text) {
  const el = doc.focusedElement ?? null;
  if (el === null) return;
  if (isTextField(el)) {
    const { start, end } = typingSelection(el);
    replaceText(el, start, end, text, 'insertText');
    return;
  }
  if (isEditable(el)) throw new InspectorFailure('typing into editable elements is not supported here yet');
}

function answeringInput(handler) {
  return (payload) => {
    const window = mainWindow();
    try {
      return withWindow(window, () => handler(payload, window.document));
    } catch (error) {
      if (error instanceof InspectorFailure) return { __proto__: null, failure: error.failure };
      throw error;
    }
  };
}

onHost('input.text', answeringInput((payload, doc) => {
  typeText(doc, payload.text);
  return {};
}));

// -- keys --------------------------------------------------------------------------------------------------------------

// What a key does by default where no character is typed.
function performKey(doc, el, payload) {
  if (payload.key === 'Tab') {
    moveFocusByTab(doc, (payload.modifiers & 8) !== 0);
    return;
  }
  if (el === null || !isTextField(el)) return;
  const { start, end } = typingSelection(el);
  const { length } = el.state.value;
  const shift = (payload.modifiers & 8) !== 0;
  const move = (to) => {
    if (el.state.selection === undefined) return;
    if (shift) {
      el.state.selection.start = start < to ? start : to;
      el.state.selection.end = end > to ? end : to;
    } else {
      el.state.selection.start = to;
      el.state.selection.end = to;
    }
  };
  switch (payload.key) {
    case 'Backspace':
      if (start !== end) replaceText(el, start, end, '', 'deleteContentBackward');
      else if (start > 0) replaceText(el, start - 1, start, '', 'deleteContentBackward');
      break;
    case 'Delete':
      if (start !== end) replaceText(el, start, end, '', 'deleteContentForward');
      else if (end < length) replaceText(el, start, end + 1, '', 'deleteContentForward');
      break;
    case 'ArrowLeft': move(start > 0 ? start - 1 : 0); break;
    case 'ArrowRight': move(end < length ? end + 1 : length); break;
    case 'Home': move(0); break;
    case 'End': move(length); break;
    case 'a':
      if ((payload.modifiers & 6) !== 0 && el.state.selection !== undefined) {
        el.state.selection.start = 0;
        el.state.selection.end = length;
      }
      break;
    default:
  }
}

// Sequential focus navigation in tree order; positive tabindex values are not sorted first.
function moveFocusByTab(doc, backwards) {
  const all = [];
  const visit = (parent) => {
    for (let node = parent.first; node !== null; node = node.next) {
      if (node.nodeType !== 1) continue;
      if (isFocusableArea(node, false)) all[all.length] = node;
      visit(node);
    }
  };
  visit(doc);
  if (all.length === 0) return;
  let at = -1;
  for (let i = 0; i < all.length; i++) if (all[i] === doc.focusedElement) at = i;
  const next = backwards ? (at <= 0 ? all.length - 1 : at - 1) : (at + 1) % all.length;
  focusElement(all[next]);
}

// { type, key, code, keyCode, text, modifiers, location, repeat }
onHost('input.key', answeringInput((payload, doc) => {
  const target = doc.focusedElement ?? doc.bodyElement() ?? doc.documentElement();
  if (target === null) return {};
  const init = {
    __proto__: null, ...modifiersOf(payload.modifiers), view: doc.window, detail: 0, key: payload.key, code: payload.code, location: payload.location, repeat: payload.repeat,
    isComposing: false, keyCode: payload.keyCode, charCode: 0, which: payload.keyCode,
  };
  const fire = (type, more) => fireEvent(target, type, {
    __proto__: null, bubbles: true, cancelable: true, composed: true, interface: 'KeyboardEvent', init: { ...init, __proto__: null, ...more },
  });
  if (payload.type === 'keyUp') {
    const goesOn = fire('keyup', {});
    if (goesOn && payload.key === ' ' && isPressable(doc.focusedElement ?? null)) clickByKey(doc.focusedElement);
    return {};
  }
  if (payload.type !== 'char' && !fire('keydown', {})) return {};
  if (payload.text === '') {
    if (payload.type !== 'char') performKey(doc, doc.focusedElement ?? null, payload);
    return {};
  }
  const code = payload.text === '\r' ? 13 : StringPrototypeCodePointAt(payload.text, 0);
  if (!fire('keypress', { __proto__: null, charCode: code, keyCode: code, which: code })) return {};
  const el = doc.focusedElement ?? null;
  if (payload.text === '\r') {
    if (el === null) return {};
    if (el.localName === 'textarea' && isMutable(el)) replaceText(el, el.state.selection.start, el.state.selection.end, '\n', 'insertLineBreak');
    else if (isPressable(el) || el.localName === 'a') clickByKey(el);
    else if (el.localName === 'input') submitImplicitly(el);
    return {};
  }
  if ((payload.modifiers & 6) !== 0) performKey(doc, el, payload);
  else typeText(doc, payload.text);
  return {};
}));

function clickByKey(el) {
  fireMouse(el, 'click', { __proto__: null, view: el.doc.window, detail: 0, clientX: 0, clientY: 0, button: 0, buttons: 0 }, { __proto__: null });
}

const PRESSABLE_INPUTS = { __proto__: null, button: true, submit: true, reset: true, checkbox: true, radio: true, image: true, color: true, file: true };

function isPressable(el) {
  return el !== null && (el.localName === 'button' || el.localName === 'summary' || (el.localName === 'input' && PRESSABLE_INPUTS[el.state.type] === true));
}
