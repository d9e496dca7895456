// https://w3c.github.io/uievents/#textevent

import { defineEventInterface, initializeEvent } from '../dom/Event.js';
import { UI_DEFAULTS, UIEventImpl } from './events.js';

export class TextEventImpl extends UIEventImpl {}

export const textEventInterface = defineEventInterface(`
[Exposed=Window]
interface TextEvent : UIEvent {
  readonly attribute DOMString data;
  undefined initTextEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional DOMString data = "undefined");
};
`, { __proto__: null, ...UI_DEFAULTS, data: '' }, TextEventImpl, {
  initTextEvent(self, type, bubbles, cancelable, view, data) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.init = { ...self.init, __proto__: null, view, data };
  },
});
