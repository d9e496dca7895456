// https://websockets.spec.whatwg.org/#the-closeevent-interface

import { EventImpl, defineEventInterface } from '../dom/Event.js';

class CloseEventImpl extends EventImpl {}
defineEventInterface(`
dictionary CloseEventInit : EventInit { boolean wasClean = false; unsigned short code = 0; USVString reason = ""; };
[Exposed=*]
interface CloseEvent : Event {
  constructor(DOMString type, optional CloseEventInit eventInitDict = {});
  readonly attribute boolean wasClean;
  readonly attribute unsigned short code;
  readonly attribute USVString reason;
};
`, { __proto__: null, wasClean: false, code: 0, reason: '' }, CloseEventImpl);
