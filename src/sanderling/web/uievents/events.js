// https://w3c.github.io/uievents/
// User interface events: UI, focus, mouse, pointer, wheel, keyboard, input, composition.

import { positionedBox } from '../css/cssom-view/geometry.js';
import { EventImpl, defineEventInterface, initializeEvent } from '../dom/Event.js';

const NO_MODIFIERS = {
  __proto__: null, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false,
};

export class UIEventImpl extends EventImpl {}

const HOVERS = { __proto__: null, mousemove: true, mouseover: true, mouseout: true, mouseenter: true, mouseleave: true };

// https://w3c.github.io/uievents/#dom-uievent-which: buttons count from 1 there. What the mouse does by moving tells of the one that is held, as browsers do.
function whichOf(self) {
  const { which, keyCode, button, buttons } = self.init;
  if (button === undefined) return which > 0 ? which : keyCode ?? 0;
  if (!self.isTrusted || HOVERS[self.type] === undefined) return button + 1;
  if ((buttons & 1) !== 0) return 1;
  return (buttons & 4) !== 0 ? 2 : (buttons & 2) !== 0 ? 3 : 0;
}

export const UI_DEFAULTS = { __proto__: null, view: null, detail: 0 };

export const uiEventInterface = defineEventInterface(`
dictionary UIEventInit : EventInit { Window? view = null; long detail = 0; unsigned long which = 0; };
[Exposed=Window]
interface UIEvent : Event {
  constructor(DOMString type, optional UIEventInit eventInitDict = {});
  readonly attribute Window? view;
  readonly attribute long detail;
  readonly attribute unsigned long which;
  undefined initUIEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional long detail = 0);
};
`, UI_DEFAULTS, UIEventImpl, {
  which: whichOf,
  initUIEvent(self, type, bubbles, cancelable, view, detail) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.init = { ...self.init, __proto__: null, view, detail };
  },
});

export class FocusEventImpl extends UIEventImpl {}

export const focusEventInterface = defineEventInterface(`
dictionary FocusEventInit : UIEventInit { EventTarget? relatedTarget = null; };
[Exposed=Window]
interface FocusEvent : UIEvent {
  constructor(DOMString type, optional FocusEventInit eventInitDict = {});
  readonly attribute EventTarget? relatedTarget;
};
`, UI_DEFAULTS, FocusEventImpl, { relatedTarget: (self) => self.relatedTarget });

const EXTRA_MODIFIERS = [
  'modifierAltGraph', 'modifierCapsLock', 'modifierFn', 'modifierFnLock', 'modifierHyper', 'modifierNumLock', 'modifierScrollLock', 'modifierSuper', 'modifierSymbol', 'modifierSymbolLock',
];

// https://w3c.github.io/uievents/#dom-mouseevent-getmodifierstate
function getModifierState(self, key) {
  switch (key) {
    case 'Control': return self.init.ctrlKey === true;
    case 'Shift': return self.init.shiftKey === true;
    case 'Alt': return self.init.altKey === true;
    case 'Meta': return self.init.metaKey === true;
    default:
      for (let i = 0; i < EXTRA_MODIFIERS.length; i++) if (EXTRA_MODIFIERS[i] === 'modifier' + key) return self.init['modifier' + key] === true;
      return false;
  }
}

function pageX(self) {
  return self.init.clientX + (self.init.view === null ? 0 : self.init.view.scrollX);
}

function pageY(self) {
  return self.init.clientY + (self.init.view === null ? 0 : self.init.view.scrollY);
}

// https://w3c.github.io/uievents/#dom-mouseevent-layerx: where they count from; null: from the page's corner
function eventLayer(self) {
  return self.target !== null && self.target.nodeType === 1 ? positionedBox(self.target) : null;
}

export class MouseEventImpl extends UIEventImpl {}
MouseEventImpl.prototype.isMouse = true;

const MOUSE_DEFAULTS = { __proto__: null, ...UI_DEFAULTS, ...NO_MODIFIERS, screenX: 0, screenY: 0, clientX: 0, clientY: 0, button: 0, buttons: 0, movementX: 0, movementY: 0 };

export const mouseEventInterface = defineEventInterface(`
dictionary EventModifierInit : UIEventInit {
  boolean ctrlKey = false; boolean shiftKey = false; boolean altKey = false; boolean metaKey = false;
  boolean modifierAltGraph = false; boolean modifierCapsLock = false; boolean modifierFn = false; boolean modifierFnLock = false; boolean modifierHyper = false;
  boolean modifierNumLock = false; boolean modifierScrollLock = false; boolean modifierSuper = false; boolean modifierSymbol = false; boolean modifierSymbolLock = false;
};
dictionary MouseEventInit : EventModifierInit {
  double screenX = 0; double screenY = 0; double clientX = 0; double clientY = 0; short button = 0; unsigned short buttons = 0; EventTarget? relatedTarget = null;
  double movementX = 0; double movementY = 0;
};
[Exposed=Window]
interface MouseEvent : UIEvent {
  constructor(DOMString type, optional MouseEventInit eventInitDict = {});
  readonly attribute double screenX;
  readonly attribute double screenY;
  readonly attribute double clientX;
  readonly attribute double clientY;
  readonly attribute double pageX;
  readonly attribute double pageY;
  readonly attribute double x;
  readonly attribute double y;
  readonly attribute double offsetX;
  readonly attribute double offsetY;
  readonly attribute long layerX;
  readonly attribute long layerY;
  readonly attribute double movementX;
  readonly attribute double movementY;
  readonly attribute boolean ctrlKey;
  readonly attribute boolean shiftKey;
  readonly attribute boolean altKey;
  readonly attribute boolean metaKey;
  readonly attribute short button;
  readonly attribute unsigned short buttons;
  readonly attribute EventTarget? relatedTarget;
  boolean getModifierState(DOMString keyArg);
  undefined initMouseEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional long detail = 0,
    optional long screenX = 0, optional long screenY = 0, optional long clientX = 0, optional long clientY = 0, optional boolean ctrlKey = false, optional boolean altKey = false,
    optional boolean shiftKey = false, optional boolean metaKey = false, optional short button = 0, optional EventTarget? relatedTarget = null);
};
`, MOUSE_DEFAULTS, MouseEventImpl, {
  relatedTarget: (self) => self.relatedTarget,
  pageX,
  pageY,
  x: (self) => self.init.clientX,
  y: (self) => self.init.clientY,
  // Those of the user know where they are in their target.
  offsetX: (self) => self.init.offsetX ?? self.init.clientX,
  offsetY: (self) => self.init.offsetY ?? self.init.clientY,
  layerX: (self) => (pageX(self) - (eventLayer(self)?.x ?? 0)) | 0,
  layerY: (self) => (pageY(self) - (eventLayer(self)?.y ?? 0)) | 0,
  getModifierState,
  initMouseEvent(self, type, bubbles, cancelable, view, detail, screenX, screenY, clientX, clientY, ctrlKey, altKey, shiftKey, metaKey, button, relatedTarget) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.relatedTarget = relatedTarget;
    self.init = {
      __proto__: null, ...MOUSE_DEFAULTS, view, detail, screenX, screenY, clientX, clientY, ctrlKey, altKey, shiftKey, metaKey, button,
    };
  },
});

// https://w3c.github.io/pointerevents/#pointerevent-interface
export class PointerEventImpl extends MouseEventImpl {}

export const pointerEventInterface = defineEventInterface(`
dictionary PointerEventInit : MouseEventInit {
  long pointerId = 0; double width = 1; double height = 1; float pressure = 0; float tangentialPressure = 0; long tiltX = 0; long tiltY = 0; long twist = 0;
  double altitudeAngle = 1.5707963267948966; double azimuthAngle = 0; DOMString pointerType = ""; boolean isPrimary = false;
  sequence<PointerEvent> coalescedEvents = []; sequence<PointerEvent> predictedEvents = [];
};
[Exposed=Window]
interface PointerEvent : MouseEvent {
  constructor(DOMString type, optional PointerEventInit eventInitDict = {});
  readonly attribute long pointerId;
  readonly attribute double width;
  readonly attribute double height;
  readonly attribute float pressure;
  readonly attribute float tangentialPressure;
  readonly attribute long tiltX;
  readonly attribute long tiltY;
  readonly attribute long twist;
  readonly attribute double altitudeAngle;
  readonly attribute double azimuthAngle;
  readonly attribute DOMString pointerType;
  readonly attribute boolean isPrimary;
  sequence<PointerEvent> getCoalescedEvents();
  sequence<PointerEvent> getPredictedEvents();
};
`, {
  __proto__: null, ...MOUSE_DEFAULTS, pointerId: 0, width: 1, height: 1, pressure: 0, tangentialPressure: 0, tiltX: 0, tiltY: 0, twist: 0, altitudeAngle: 1.5707963267948966,
  azimuthAngle: 0, pointerType: '', isPrimary: false,
}, PointerEventImpl, {
  getCoalescedEvents: (self) => self.init.coalescedEvents ?? [],
  getPredictedEvents: (self) => self.init.predictedEvents ?? [],
});

export class WheelEventImpl extends MouseEventImpl {}
WheelEventImpl.prototype.isMouse = false;

export const wheelEventInterface = defineEventInterface(`
dictionary WheelEventInit : MouseEventInit { double deltaX = 0.0; double deltaY = 0.0; double deltaZ = 0.0; unsigned long deltaMode = 0; };
[Exposed=Window]
interface WheelEvent : MouseEvent {
  constructor(DOMString type, optional WheelEventInit eventInitDict = {});
  const unsigned long DOM_DELTA_PIXEL = 0x00;
  const unsigned long DOM_DELTA_LINE = 0x01;
  const unsigned long DOM_DELTA_PAGE = 0x02;
  readonly attribute double deltaX;
  readonly attribute double deltaY;
  readonly attribute double deltaZ;
  readonly attribute unsigned long deltaMode;
};
`, { __proto__: null, ...MOUSE_DEFAULTS, deltaX: 0, deltaY: 0, deltaZ: 0, deltaMode: 0 }, WheelEventImpl);

export class DragEventImpl extends MouseEventImpl {}

export const dragEventInterface = defineEventInterface(`
dictionary DragEventInit : MouseEventInit { DataTransfer? dataTransfer = null; };
[Exposed=Window]
interface DragEvent : MouseEvent {
  constructor(DOMString type, optional DragEventInit eventInitDict = {});
  readonly attribute DataTransfer? dataTransfer;
};
`, { __proto__: null, ...MOUSE_DEFAULTS, dataTransfer: null }, DragEventImpl);

export class KeyboardEventImpl extends UIEventImpl {}

export const keyboardEventInterface = defineEventInterface(`
dictionary KeyboardEventInit : EventModifierInit {
  DOMString key = ""; DOMString code = ""; unsigned long location = 0; boolean repeat = false; boolean isComposing = false; unsigned long charCode = 0; unsigned long keyCode = 0;
};
[Exposed=Window]
interface KeyboardEvent : UIEvent {
  constructor(DOMString type, optional KeyboardEventInit eventInitDict = {});
  const unsigned long DOM_KEY_LOCATION_STANDARD = 0x00;
  const unsigned long DOM_KEY_LOCATION_LEFT = 0x01;
  const unsigned long DOM_KEY_LOCATION_RIGHT = 0x02;
  const unsigned long DOM_KEY_LOCATION_NUMPAD = 0x03;
  readonly attribute DOMString key;
  readonly attribute DOMString code;
  readonly attribute unsigned long location;
  readonly attribute boolean ctrlKey;
  readonly attribute boolean shiftKey;
  readonly attribute boolean altKey;
  readonly attribute boolean metaKey;
  readonly attribute boolean repeat;
  readonly attribute boolean isComposing;
  readonly attribute unsigned long charCode;
  readonly attribute unsigned long keyCode;
  boolean getModifierState(DOMString keyArg);
  undefined initKeyboardEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional DOMString key = "",
    optional unsigned long location = 0, optional boolean ctrlKey = false, optional boolean altKey = false, optional boolean shiftKey = false, optional boolean metaKey = false);
};
`, {
  __proto__: null, ...UI_DEFAULTS, ...NO_MODIFIERS, key: '', code: '', location: 0, repeat: false, isComposing: false, charCode: 0, keyCode: 0,
}, KeyboardEventImpl, {
  getModifierState,
  initKeyboardEvent(self, type, bubbles, cancelable, view, key, location, ctrlKey, altKey, shiftKey, metaKey) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.init = { ...self.init, __proto__: null, view, key, location, ctrlKey, altKey, shiftKey, metaKey };
  },
});

// https://w3c.github.io/input-events/
export class InputEventImpl extends UIEventImpl {}

export const inputEventInterface = defineEventInterface(`
dictionary InputEventInit : UIEventInit {
  DOMString? data = null; boolean isComposing = false; DOMString inputType = ""; DataTransfer? dataTransfer = null; sequence<StaticRange> targetRanges = [];
};
[Exposed=Window]
interface InputEvent : UIEvent {
  constructor(DOMString type, optional InputEventInit eventInitDict = {});
  readonly attribute DOMString? data;
  readonly attribute boolean isComposing;
  readonly attribute DOMString inputType;
  readonly attribute DataTransfer? dataTransfer;
  sequence<StaticRange> getTargetRanges();
};
`, { __proto__: null, ...UI_DEFAULTS, data: null, isComposing: false, inputType: '', dataTransfer: null }, InputEventImpl, {
  getTargetRanges: (self) => self.init.targetRanges ?? [],
});

export class CompositionEventImpl extends UIEventImpl {}

export const compositionEventInterface = defineEventInterface(`
dictionary CompositionEventInit : UIEventInit { DOMString data = ""; };
[Exposed=Window]
interface CompositionEvent : UIEvent {
  constructor(DOMString type, optional CompositionEventInit eventInitDict = {});
  readonly attribute DOMString data;
  undefined initCompositionEvent(DOMString typeArg, optional boolean bubblesArg = false, optional boolean cancelableArg = false, optional Window? viewArg = null, optional DOMString dataArg = "");
};
`, { __proto__: null, ...UI_DEFAULTS, data: '' }, CompositionEventImpl, {
  // https://w3c.github.io/uievents/#dom-compositionevent-initcompositionevent
  initCompositionEvent(self, type, bubbles, cancelable, view, data) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.init = { __proto__: null, ...UI_DEFAULTS, view, data };
  },
});
