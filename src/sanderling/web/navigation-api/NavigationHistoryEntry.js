// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigationhistoryentry-interface

import { JSONParse } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { serializeURL } from '../url/parser.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { bytesOfBase64 } from '../FileAPI/base64.js';
import { deserializeValue } from '../webmessaging/structured_clone.js';
import { decodeSerialized } from '../webmessaging/wire.js';

export class NavigationHistoryEntryImpl extends EventTargetImpl {
  constructor(navigation, facts) {
    super();
    this.navigation = navigation;
    this.key = facts.key;
    this.id = facts.id;
    this.url = facts.url;
    this.same = facts.same;           // of the document that is here
    this.step = 0;                    // how far it is in the joint session history
    this.sent = facts;                // its state as the host gave it
    this.serialized = null;           // its state, where it was set here
  }
}

export function isLive(navigation) {
  const { window } = navigation;
  return window.navigationApi === navigation && !window.closed && window.document.window === window;
}

// What the host sent is decoded when somebody asks.
export function serializedStateOf(entry) {
  const { sent } = entry;
  if (entry.serialized === null && sent.state !== null) {
    entry.serialized = decodeSerialized(JSONParse(sent.state), sent.bytes === null ? undefined : bytesOfBase64(sent.bytes), []);
  }
  return entry.serialized;
}

// The value of a state; each reader gets one of his own.
export function navigationStateOf(entry) {
  const serialized = serializedStateOf(entry);
  return serialized === null ? undefined : deserializeValue(serialized).value;
}

defineInterface(`
[Exposed=Window]
interface NavigationHistoryEntry : EventTarget {
  readonly attribute USVString? url;
  readonly attribute DOMString key;
  readonly attribute DOMString id;
  readonly attribute long long index;
  readonly attribute boolean sameDocument;
  any getState();
  attribute EventHandler ondispose;
};
`, {
  url(self) {
    if (!isLive(self.navigation)) return null;         // as in Chromium; the standard has an empty string
    return self === self.navigation.current() ? serializeURL(self.navigation.window.document.url) : self.url;
  },
  key: (self) => (isLive(self.navigation) ? self.key : ''),
  id: (self) => (isLive(self.navigation) ? self.id : ''),
  index: (self) => (isLive(self.navigation) ? self.navigation.indexOf(self) : -1),
  sameDocument: (self) => isLive(self.navigation) && self.same,
  getState: (self) => (isLive(self.navigation) ? navigationStateOf(self) : undefined),
}, NavigationHistoryEntryImpl);
