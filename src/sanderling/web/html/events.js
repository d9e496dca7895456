// https://html.spec.whatwg.org/multipage/indices.html#events-2
// Event interfaces of HTML, Web Storage, XMLHttpRequest and CSS that carry nothing but their dictionary.

import { ObjectDefineProperty, ObjectHasOwn } from '../primordials.js';
import { retarget } from '../dom/dispatch.js';
import { EventImpl, defineEventInterface, initializeEvent } from '../dom/Event.js';

class ErrorEventImpl extends EventImpl {}
defineEventInterface(`
dictionary ErrorEventInit : EventInit { DOMString message = ""; USVString filename = ""; unsigned long lineno = 0; unsigned long colno = 0; any error; };
[Exposed=*]
interface ErrorEvent : Event {
  constructor(DOMString type, optional ErrorEventInit eventInitDict = {});
  readonly attribute DOMString message;
  readonly attribute USVString filename;
  readonly attribute unsigned long lineno;
  readonly attribute unsigned long colno;
  readonly attribute any error;
};
`, { __proto__: null, message: '', filename: '', lineno: 0, colno: 0, error: undefined }, ErrorEventImpl);

class PromiseRejectionEventImpl extends EventImpl {}
defineEventInterface(`
dictionary PromiseRejectionEventInit : EventInit { required any promise; any reason; };
[Exposed=*]
interface PromiseRejectionEvent : Event {
  constructor(DOMString type, PromiseRejectionEventInit eventInitDict);
  readonly attribute any promise;
  readonly attribute any reason;
};
`, { __proto__: null, promise: undefined, reason: undefined }, PromiseRejectionEventImpl);

class PageTransitionEventImpl extends EventImpl {}
defineEventInterface(`
dictionary PageTransitionEventInit : EventInit { boolean persisted = false; };
[Exposed=Window]
interface PageTransitionEvent : Event {
  constructor(DOMString type, optional PageTransitionEventInit eventInitDict = {});
  readonly attribute boolean persisted;
};
`, { __proto__: null, persisted: false }, PageTransitionEventImpl);

class HashChangeEventImpl extends EventImpl {}
defineEventInterface(`
dictionary HashChangeEventInit : EventInit { USVString oldURL = ""; USVString newURL = ""; };
[Exposed=Window]
interface HashChangeEvent : Event {
  constructor(DOMString type, optional HashChangeEventInit eventInitDict = {});
  readonly attribute USVString oldURL;
  readonly attribute USVString newURL;
};
`, { __proto__: null, oldURL: '', newURL: '' }, HashChangeEventImpl);

class SecurityPolicyViolationEventImpl extends EventImpl {}
// https://www.w3.org/TR/CSP3/#violation-events
defineEventInterface(`
enum SecurityPolicyViolationEventDisposition { "enforce", "report" };
dictionary SecurityPolicyViolationEventInit : EventInit {
  USVString documentURI = ""; USVString referrer = ""; USVString blockedURI = ""; DOMString violatedDirective = ""; DOMString effectiveDirective = ""; DOMString originalPolicy = "";
  USVString sourceFile = ""; DOMString sample = ""; SecurityPolicyViolationEventDisposition disposition = "enforce"; unsigned short statusCode = 0; unsigned long lineNumber = 0;
  unsigned long columnNumber = 0;
};
[Exposed=Window]
interface SecurityPolicyViolationEvent : Event {
  constructor(DOMString type, optional SecurityPolicyViolationEventInit eventInitDict = {});
  readonly attribute USVString documentURI;
  readonly attribute USVString referrer;
  readonly attribute USVString blockedURI;
  readonly attribute DOMString effectiveDirective;
  readonly attribute DOMString violatedDirective;
  readonly attribute DOMString originalPolicy;
  readonly attribute USVString sourceFile;
  readonly attribute DOMString sample;
  readonly attribute SecurityPolicyViolationEventDisposition disposition;
  readonly attribute unsigned short statusCode;
  readonly attribute unsigned long lineNumber;
  readonly attribute unsigned long columnNumber;
};
`, {
  __proto__: null, documentURI: '', referrer: '', blockedURI: '', effectiveDirective: '', violatedDirective: '', originalPolicy: '', sourceFile: '', sample: '', disposition: 'enforce',
  statusCode: 0, lineNumber: 0, columnNumber: 0,
}, SecurityPolicyViolationEventImpl);

class PopStateEventImpl extends EventImpl {}
defineEventInterface(`
dictionary PopStateEventInit : EventInit { any state = null; boolean hasUAVisualTransition = false; };
[Exposed=Window]
interface PopStateEvent : Event {
  constructor(DOMString type, optional PopStateEventInit eventInitDict = {});
  readonly attribute any state;
  readonly attribute boolean hasUAVisualTransition;
};
`, { __proto__: null, state: null, hasUAVisualTransition: false }, PopStateEventImpl);

class BeforeUnloadEventImpl extends EventImpl {
  constructor(type, bubbles, cancelable, composed) {
    super(type, bubbles, cancelable, composed);
    this.returnText = '';
  }
}
defineEventInterface(`
[Exposed=Window]
interface BeforeUnloadEvent : Event {
  attribute any returnValue;
};
`, { __proto__: null }, BeforeUnloadEventImpl, {
  returnValue: {
    get: (self) => self.returnText,
    set(self, value) {
      self.returnText = '' + value;
    },
  },
});

class SubmitEventImpl extends EventImpl {}
defineEventInterface(`
dictionary SubmitEventInit : EventInit { HTMLElement? submitter = null; };
[Exposed=Window]
interface SubmitEvent : Event {
  constructor(DOMString type, optional SubmitEventInit eventInitDict = {});
  readonly attribute HTMLElement? submitter;
};
`, { __proto__: null, submitter: null }, SubmitEventImpl);

class FormDataEventImpl extends EventImpl {}
defineEventInterface(`
dictionary FormDataEventInit : EventInit { required FormData formData; };
[Exposed=Window]
interface FormDataEvent : Event {
  constructor(DOMString type, FormDataEventInit eventInitDict);
  readonly attribute FormData formData;
};
`, { __proto__: null, formData: null }, FormDataEventImpl);

// https://html.spec.whatwg.org/multipage/interaction.html#dom-toggleevent-source: as the current target may see it
export function retargetedSource(self) {
  const { source } = self.init;
  return source === null || self.currentTarget === null ? source : retarget(source, self.currentTarget);
}

class ToggleEventImpl extends EventImpl {}
defineEventInterface(`
dictionary ToggleEventInit : EventInit { DOMString oldState = ""; DOMString newState = ""; Element? source = null; };
[Exposed=Window]
interface ToggleEvent : Event {
  constructor(DOMString type, optional ToggleEventInit eventInitDict = {});
  readonly attribute DOMString oldState;
  readonly attribute DOMString newState;
  readonly attribute Element? source;
};
`, { __proto__: null, oldState: '', newState: '', source: null }, ToggleEventImpl, { __proto__: null, source: retargetedSource });

class StorageEventImpl extends EventImpl {}
defineEventInterface(`
dictionary StorageEventInit : EventInit { DOMString? key = null; DOMString? oldValue = null; DOMString? newValue = null; USVString url = ""; Storage? storageArea = null; };
[Exposed=Window]
interface StorageEvent : Event {
  constructor(DOMString type, optional StorageEventInit eventInitDict = {});
  readonly attribute DOMString? key;
  readonly attribute DOMString? oldValue;
  readonly attribute DOMString? newValue;
  readonly attribute USVString url;
  readonly attribute Storage? storageArea;
  undefined initStorageEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional DOMString? key = null,
    optional DOMString? oldValue = null, optional DOMString? newValue = null, optional USVString url = "", optional Storage? storageArea = null);
};
`, { __proto__: null, key: null, oldValue: null, newValue: null, url: '', storageArea: null }, StorageEventImpl, {
  initStorageEvent(self, type, bubbles, cancelable, key, oldValue, newValue, url, storageArea) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.init = { __proto__: null, key, oldValue, newValue, url, storageArea };
  },
});

// https://html.spec.whatwg.org/multipage/comms.html#the-messageevent-interface
class MessageEventImpl extends EventImpl {}
defineEventInterface(`
dictionary MessageEventInit : EventInit { any data = null; USVString origin = ""; DOMString lastEventId = ""; any source = null; sequence<MessagePort> ports = []; };
[Exposed=*]
interface MessageEvent : Event {
  constructor(DOMString type, optional MessageEventInit eventInitDict = {});
  readonly attribute any data;
  readonly attribute USVString origin;
  readonly attribute DOMString lastEventId;
  readonly attribute any source;
  readonly attribute FrozenArray<MessagePort> ports;
  undefined initMessageEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional any data = null, optional USVString origin = "",
    optional DOMString lastEventId = "", optional any source = null, optional sequence<MessagePort> ports = []);
};
`, { __proto__: null, data: null, origin: '', lastEventId: '', source: null, ports: [] }, MessageEventImpl, {
  ports(self) {
    const { ports } = self.init;
    if (!ObjectHasOwn(ports, 'frozen')) ObjectDefineProperty(ports, 'frozen', { __proto__: null, value: null, writable: true });     // pages get the same array each time
    return ports;
  },
  initMessageEvent(self, type, bubbles, cancelable, data, origin, lastEventId, source, ports) {
    if (self.dispatching) return;
    initializeEvent(self, type, bubbles, cancelable);
    self.init = { __proto__: null, data, origin, lastEventId, source, ports };
  },
});

// https://xhr.spec.whatwg.org/#interface-progressevent
class ProgressEventImpl extends EventImpl {}
defineEventInterface(`
dictionary ProgressEventInit : EventInit { boolean lengthComputable = false; double loaded = 0; double total = 0; };
[Exposed=*]
interface ProgressEvent : Event {
  constructor(DOMString type, optional ProgressEventInit eventInitDict = {});
  readonly attribute boolean lengthComputable;
  readonly attribute double loaded;
  readonly attribute double total;
};
`, { __proto__: null, lengthComputable: false, loaded: 0, total: 0 }, ProgressEventImpl);

// https://drafts.csswg.org/css-animations-1/#interface-animationevent
class AnimationEventImpl extends EventImpl {}
defineEventInterface(`
dictionary AnimationEventInit : EventInit { DOMString animationName = ""; double elapsedTime = 0.0; DOMString pseudoElement = ""; };
[Exposed=Window]
interface AnimationEvent : Event {
  constructor(DOMString type, optional AnimationEventInit animationEventInitDict = {});
  readonly attribute DOMString animationName;
  readonly attribute double elapsedTime;
  readonly attribute DOMString pseudoElement;
};
`, { __proto__: null, animationName: '', elapsedTime: 0, pseudoElement: '' }, AnimationEventImpl);

// https://drafts.csswg.org/css-transitions/#interface-transitionevent
class TransitionEventImpl extends EventImpl {}
defineEventInterface(`
dictionary TransitionEventInit : EventInit { DOMString propertyName = ""; double elapsedTime = 0.0; DOMString pseudoElement = ""; };
[Exposed=Window]
interface TransitionEvent : Event {
  constructor(DOMString type, optional TransitionEventInit transitionEventInitDict = {});
  readonly attribute DOMString propertyName;
  readonly attribute double elapsedTime;
  readonly attribute DOMString pseudoElement;
};
`, { __proto__: null, propertyName: '', elapsedTime: 0, pseudoElement: '' }, TransitionEventImpl);
