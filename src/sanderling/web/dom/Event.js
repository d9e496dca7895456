// https://dom.spec.whatwg.org/#interface-event

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { nowMs } from '../host.js';
import { PathEntry } from './dispatch.js';
import { laterThanMain, timeOrigin } from '../html/clock.js';
import { currentWindow } from '../html/realm.js';

export class EventImpl extends Impl {
  constructor(type, bubbles, cancelable, composed) {
    super();
    this.type = type;
    this.bubbles = bubbles;
    this.cancelable = cancelable;
    this.composed = composed;
    this.target = null;
    this.relatedTarget = null;
    this.currentTarget = null;
    this.eventPhase = 0;
    this.path = null;             // while dispatched: PathEntry list, or the targets themselves where nothing is retargeted
    this.initialized = true;
    this.dispatching = false;
    this.stopPropagation = false;
    this.stopImmediate = false;
    this.canceled = false;
    this.inPassive = false;
    this.isTrusted = false;
    this.timeStamp = nowMs() - timeOrigin();      // on the main document's clock, unless `stamped`
    this.stamped = false;
    this.init = null;             // the converted dictionary of subinterfaces; their attributes read it
  }
}

EventImpl.prototype.listenersThrew = false;      // "legacyOutputDidListenersThrowFlag"

// Code of a window makes the event: its time stands on the clock of that window, whoever reads it.
export function stampEvent(event) {
  event.timeStamp -= laterThanMain(currentWindow());
  event.stamped = true;
  return event;
}

export function initializeEvent(event, type, bubbles, cancelable) {
  event.initialized = true;
  event.stopPropagation = false;
  event.stopImmediate = false;
  event.canceled = false;
  event.isTrusted = false;
  event.target = null;
  event.type = type;
  event.bubbles = bubbles;
  event.cancelable = cancelable;
}

// https://dom.spec.whatwg.org/#set-the-canceled-flag
function setCanceled(self) {
  if (self.cancelable && !self.inPassive) self.canceled = true;
}

// https://dom.spec.whatwg.org/#dom-event-composedpath
function composedPath(self) {
  const out = [];
  const { path } = self;
  if (path === null || path.length === 0) return out;
  if (!(path[0] instanceof PathEntry)) {
    for (let i = 0; i < path.length; i++) out[i] = path[i];
    return out;
  }
  const current = self.currentTarget;
  let currentIndex = 0;
  let hiddenLevel = 0;
  // 6-9.
  for (let i = path.length - 1; i >= 0; i--) {
    if (path[i].rootOfClosed) hiddenLevel++;
    if (path[i].target === current) {
      currentIndex = i;
      break;
    }
    if (path[i].slotInClosed) hiddenLevel--;
  }
  // 10-
  let level = hiddenLevel;
  let max = hiddenLevel;
  const before = [];
  for (let i = currentIndex - 1; i >= 0; i--) {
    if (path[i].rootOfClosed) level++;
    if (level <= max) before[before.length] = path[i].target;
    if (path[i].slotInClosed) {
      level--;
      if (level < max) max = level;
    }
  }
  for (let i = before.length - 1; i >= 0; i--) out[out.length] = before[i];
  out[out.length] = current;
  level = hiddenLevel;
  max = hiddenLevel;
  for (let i = currentIndex + 1; i < path.length; i++) {
    if (path[i].slotInClosed) level++;
    if (level <= max) out[out.length] = path[i].target;
    if (path[i].rootOfClosed) {
      level--;
      if (level < max) max = level;
    }
  }
  return out;
}

export const eventInterface = defineInterface(`
dictionary EventInit { boolean bubbles = false; boolean cancelable = false; boolean composed = false; };
[Exposed=*]
interface Event {
  constructor(DOMString type, optional EventInit eventInitDict = {});
  readonly attribute DOMString type;
  readonly attribute EventTarget? target;
  readonly attribute EventTarget? srcElement;
  readonly attribute EventTarget? currentTarget;
  sequence<EventTarget> composedPath();
  const unsigned short NONE = 0;
  const unsigned short CAPTURING_PHASE = 1;
  const unsigned short AT_TARGET = 2;
  const unsigned short BUBBLING_PHASE = 3;
  readonly attribute unsigned short eventPhase;
  undefined stopPropagation();
  attribute boolean cancelBubble;
  undefined stopImmediatePropagation();
  readonly attribute boolean bubbles;
  readonly attribute boolean cancelable;
  attribute boolean returnValue;
  undefined preventDefault();
  readonly attribute boolean defaultPrevented;
  readonly attribute boolean composed;
  [LegacyUnforgeable] readonly attribute boolean isTrusted;
  readonly attribute double timeStamp;
  undefined initEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false);
};
`, {
  constructor: (type, init) => stampEvent(new EventImpl(type, init.bubbles, init.cancelable, init.composed)),
  type: (self) => self.type,
  target: (self) => self.target,
  srcElement: (self) => self.target,
  currentTarget: (self) => self.currentTarget,
  composedPath,
  eventPhase: (self) => self.eventPhase,
  stopPropagation(self) {
    self.stopPropagation = true;
  },
  cancelBubble: {
    get: (self) => self.stopPropagation,
    set(self, value) {
      if (value) self.stopPropagation = true;
    },
  },
  stopImmediatePropagation(self) {
    self.stopPropagation = true;
    self.stopImmediate = true;
  },
  bubbles: (self) => self.bubbles,
  cancelable: (self) => self.cancelable,
  returnValue: {
    get: (self) => !self.canceled,
    set(self, value) {
      if (!value) setCanceled(self);
    },
  },
  preventDefault: setCanceled,
  defaultPrevented: (self) => self.canceled,
  composed: (self) => self.composed,
  isTrusted: (self) => self.isTrusted,
  // An event of the platform's is seen by code of the window that it is fired at: on the clock of whose code asks.
  timeStamp: (self) => (self.stamped ? self.timeStamp : self.timeStamp - laterThanMain(currentWindow())),
  initEvent(self, type, bubbles, cancelable) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
  },
}, EventImpl);

// Event interfaces that only carry what their dictionary says: constructor(type, init), and one attribute per name of `defaults`, which also
// gives the values of events that the platform makes (fireEvent) or that createEvent() gives.
export function defineEventInterface(idl, defaults, ImplClass, more) {
  const members = {
    __proto__: null,
    constructor(type, init) {
      const event = new ImplClass(type, init.bubbles, init.cancelable, init.composed);
      event.init = init;
      if (init.relatedTarget !== undefined) event.relatedTarget = init.relatedTarget;
      return stampEvent(event);
    },
    ...more,
  };
  for (const name in defaults) if (members[name] === undefined) members[name] = (self) => self.init[name];
  const iface = defineInterface(idl, members, ImplClass);
  iface.eventClass = ImplClass;
  iface.eventDefaults = defaults;
  return iface;
}
eventInterface.eventClass = EventImpl;
eventInterface.eventDefaults = { __proto__: null };
