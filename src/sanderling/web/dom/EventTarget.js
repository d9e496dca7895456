// https://dom.spec.whatwg.org/#interface-eventtarget

import { hostPost } from '../host.js';
import { ReflectApply, TypeError } from '../primordials.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { addAbortAlgorithm } from './AbortSignal.js';
import { dispatchEvent } from './dispatch.js';
import { domException } from './DOMException.js';
import { currentWindow } from '../html/realm.js';
import { watchResources } from '../resource-timing/buffer.js';
import { MOTION_EVENTS } from '../css/animations/motion.js';
import { watchMotion } from '../css/animations/watch.js';

export class EventTargetImpl extends Impl {
  constructor() {
    super();
    this.listeners = null;   // array of Listener, in order of registration; null: none ever
    this.handlers = null;    // event handlers by name, see handlers.js
  }
}
EventTargetImpl.prototype.activation = null;

export class Listener {
  constructor(type, callback, capture, passive, once) {
    this.type = type;
    this.callback = callback;     // the page's function or object; or a function of ours, with `internal`
    this.capture = capture;
    this.passive = passive;
    this.once = once;
    this.removed = false;
    this.internal = false;
    this.window = null;           // whose code added it
  }
}

// How many listeners were ever added per type: a path of a type without any costs nothing.
export const listenerTypes = { __proto__: null };

export function addListener(target, listener) {
  if (listener.callback === null) return;
  const list = target.listeners;
  if (listenerTypes[listener.type] !== true) {
    listenerTypes[listener.type] = true;
    if (listener.type === 'beforeunload') hostPost('document.asksBeforeUnload', null);   // else a navigation need not ask
    else if (listener.type === 'resourcetimingbufferfull') watchResources();
    else if (listener.type === 'mousewheel') listenerTypes.wheel = true;       // its legacy name
  }
  const moved = MOTION_EVENTS[listener.type];
  if (moved !== undefined) {
    listenerTypes[moved] = true;
    watchMotion(target);
  }
  listener.window = currentWindow();
  if (list === null) {
    target.listeners = [listener];
    return;
  }
  // 4.
  for (let i = 0; i < list.length; i++) {
    const other = list[i];
    if (other.type === listener.type && other.callback === listener.callback && other.capture === listener.capture) return;
  }
  list[list.length] = listener;
}

export function removeListener(target, listener) {
  listener.removed = true;
  const list = target.listeners;
  if (list === null) return;
  // A list that is being walked stays as it is: walkers hold the old one.
  const kept = [];
  for (let i = 0; i < list.length; i++) if (list[i] !== listener) kept[kept.length] = list[i];
  target.listeners = kept.length === 0 ? null : kept;
}

// A listener of ours: a function that gets the event impl.
export function addInternalListener(target, type, callback, capture) {
  const listener = new Listener(type, callback, capture === true, false, false);
  listener.internal = true;
  addListener(target, listener);
  return listener;
}

// https://dom.spec.whatwg.org/#default-passive-value
export function defaultPassive(type, target) {
  if (type !== 'touchstart' && type !== 'touchmove' && type !== 'wheel' && type !== 'mousewheel') return false;
  if (target.isWindow === true) return true;
  if (target.nodeType === undefined) return false;
  const doc = target.nodeType === 9 ? target : target.doc;
  return target === doc || target === doc.documentElement() || target === doc.bodyElement();
}

defineTypes(`
dictionary EventListenerOptions { boolean capture = false; };
dictionary AddEventListenerOptions : EventListenerOptions { boolean passive; boolean once = false; AbortSignal signal; };
callback interface EventListener { undefined handleEvent(Event event); };
`);

export const eventTargetInterface = defineInterface(`
[Exposed=*]
interface EventTarget {
  constructor();
  undefined addEventListener(DOMString type, EventListener? callback, optional (AddEventListenerOptions or boolean) options = {});
  undefined removeEventListener(DOMString type, EventListener? callback, optional (EventListenerOptions or boolean) options = {});
  boolean dispatchEvent(Event event);
};
`, {
  constructor() {
    return new EventTargetImpl();
  },
  addEventListener(self, type, callback, options) {
    const flags = typeof options === 'boolean';
    const capture = flags ? options : options.capture;
    const passive = flags ? undefined : options.passive;
    const signal = flags ? undefined : options.signal;
    if (signal !== undefined && signal.aborted) return;
    if (callback === null) return;
    const listener = new Listener(type, callback, capture, passive ?? defaultPassive(type, self), flags ? false : options.once);
    addListener(self, listener);
    if (signal !== undefined) addAbortAlgorithm(signal, () => removeListener(self, listener));
  },
  removeEventListener(self, type, callback, options) {
    const capture = typeof options === 'boolean' ? options : options.capture;
    const list = self.listeners;
    if (list === null) return;
    for (let i = 0; i < list.length; i++) {
      const other = list[i];
      if (other.type === type && other.callback === callback && other.capture === capture && !other.internal) {
        removeListener(self, other);
        return;
      }
    }
  },
  dispatchEvent(self, event) {
    if (event.dispatching || !event.initialized) throw domException('InvalidStateError', 'The event is already being dispatched.');
    event.isTrusted = false;
    return dispatchEvent(event, self);
  },
}, EventTargetImpl);

// Call a page's callback interface: a function, or an object with the operation.
export function callListener(callback, name, self, args) {
  if (typeof callback === 'function') return ReflectApply(callback, self, args);
  const method = callback[name];
  if (typeof method !== 'function') throw new TypeError('EventListener.' + name + ' is not a function');
  return ReflectApply(method, callback, args);
}
