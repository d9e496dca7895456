// https://w3c.github.io/touch-events/#extensions-to-the-globaleventhandlers-mixin
// What windows have on some devices only. Pages tell a touch screen by the presence of `ontouchstart`: the handlers are there exactly while touch is
// emulated, and `window.orientation` is while the device is a mobile one.

import { ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ReflectDeleteProperty } from '../primordials.js';
import { onInterface } from '../webidl/interface.js';
import { emulated } from './emulated.js';

const TOUCH_HANDLERS = ['ontouchstart', 'ontouchend', 'ontouchmove', 'ontouchcancel'];
const TOUCH_INTERFACES = ['HTMLElement', 'SVGElement', 'Document'];
let touchShown = false;
const takenHandlers = [];          // { object, key, descriptor } of prototypes
const windowTouchHandlers = [];    // { key, descriptor } for each window's global
let windowMembers = null;          // what new windows get

// While the snapshot is built: take them away. `members` are those of every window.
export function takeTouchHandlers(members) {
  windowMembers = members;
  for (let i = 0; i < TOUCH_HANDLERS.length; i++) {
    const key = TOUCH_HANDLERS[i];
    if (members[key] !== undefined) {
      windowTouchHandlers[windowTouchHandlers.length] = { __proto__: null, key, descriptor: members[key] };
      ReflectDeleteProperty(members, key);
    }
  }
  for (let i = 0; i < TOUCH_INTERFACES.length; i++) onInterface(TOUCH_INTERFACES[i], takeFromInterface);
}

function takeFromInterface(record) {
  const object = record.madePrototype;
  for (let i = 0; i < TOUCH_HANDLERS.length; i++) {
    const key = TOUCH_HANDLERS[i];
    const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
    if (descriptor === undefined) continue;
    takenHandlers[takenHandlers.length] = { __proto__: null, object, key, descriptor };
    if (!touchShown) ReflectDeleteProperty(object, key);
  }
}

export function showTouchHandlers(global) {
  touchShown = true;
  for (let i = 0; i < windowTouchHandlers.length; i++) {
    const { key, descriptor } = windowTouchHandlers[i];
    windowMembers[key] = descriptor;
    ObjectDefineProperty(global, key, descriptor);
  }
  for (let i = 0; i < takenHandlers.length; i++) ObjectDefineProperty(takenHandlers[i].object, takenHandlers[i].key, takenHandlers[i].descriptor);
}

// https://dom.spec.whatwg.org/#dom-document-createevent: TouchEvent is made where legacy touch event APIs are exposed
export function touchIsShown() {
  return touchShown;
}

export function hideTouchHandlers(global) {
  touchShown = false;
  for (let i = 0; i < windowTouchHandlers.length; i++) {
    ReflectDeleteProperty(windowMembers, windowTouchHandlers[i].key);
    ReflectDeleteProperty(global, windowTouchHandlers[i].key);
  }
  for (let i = 0; i < takenHandlers.length; i++) ReflectDeleteProperty(takenHandlers[i].object, takenHandlers[i].key);
}

// https://compat.spec.whatwg.org/#windoworientation-interface
export function showOrientation(global, shown) {
  if (!shown) {
    ReflectDeleteProperty(windowMembers, 'orientation');
    ReflectDeleteProperty(global, 'orientation');
    return;
  }
  const descriptor = ObjectGetOwnPropertyDescriptor({
    get orientation() {
      const angle = emulated.orientation === null ? 0 : emulated.orientation.angle;
      return angle === 270 ? -90 : angle;
    },
  }, 'orientation');
  windowMembers.orientation = descriptor;
  ObjectDefineProperty(global, 'orientation', descriptor);
}
