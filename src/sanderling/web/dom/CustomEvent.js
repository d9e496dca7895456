// https://dom.spec.whatwg.org/#interface-customevent

import { defineInterface } from '../webidl/interface.js';
import { EventImpl, initializeEvent, stampEvent } from './Event.js';

export class CustomEventImpl extends EventImpl {
  constructor(type, bubbles, cancelable, composed) {
    super(type, bubbles, cancelable, composed);
    this.detail = null;
  }
}

export const customEventInterface = defineInterface(`
dictionary CustomEventInit : EventInit { any detail = null; };
[Exposed=*]
interface CustomEvent : Event {
  constructor(DOMString type, optional CustomEventInit eventInitDict = {});
  readonly attribute any detail;
  undefined initCustomEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional any detail = null);
};
`, {
  constructor(type, init) {
    const event = new CustomEventImpl(type, init.bubbles, init.cancelable, init.composed);
    event.detail = init.detail;
    return stampEvent(event);
  },
  detail: (self) => self.detail,
  initCustomEvent(self, type, bubbles, cancelable, detail) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.detail = detail;
  },
}, CustomEventImpl);
customEventInterface.eventClass = CustomEventImpl;
customEventInterface.eventDefaults = { __proto__: null };
