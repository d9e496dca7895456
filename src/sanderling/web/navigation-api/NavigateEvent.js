// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigateevent-interface

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { serializeURL } from '../url/parser.js';
import { domException } from '../dom/DOMException.js';
import { EventImpl, defineEventInterface } from '../dom/Event.js';
import { restoreEntryScroll } from '../html/History.js';
import { scrollToFragment } from '../html/document_state.js';
import { deserializeValue } from '../webmessaging/structured_clone.js';
import { isLive, navigationStateOf } from './NavigationHistoryEntry.js';

export class NavigationDestinationImpl extends Impl {
  // `entry`: where it is one of the list. `again`: the current one, where that is loaded again.
  constructor(url, entry, serialized, same, again) {
    super();
    this.again = again;
    this.url = url;
    this.entry = entry;
    this.serialized = serialized;
    this.same = same;
  }
}

function hasEntry(destination) {
  return destination.entry !== null && isLive(destination.entry.navigation);
}

defineInterface(`
[Exposed=Window]
interface NavigationDestination {
  readonly attribute USVString url;
  readonly attribute DOMString key;
  readonly attribute DOMString id;
  readonly attribute long long index;
  readonly attribute boolean sameDocument;
  any getState();
};
`, {
  url: (self) => serializeURL(self.url),
  key: (self) => (hasEntry(self) ? self.entry.key : ''),
  id: (self) => (hasEntry(self) ? self.entry.id : ''),
  index: (self) => (hasEntry(self) ? self.entry.navigation.indexOf(self.entry) : -1),
  sameDocument: (self) => self.same,
  getState(self) {
    if (self.serialized !== null) return deserializeValue(self.serialized).value;
    const entry = self.entry ?? self.again;
    return entry === null ? undefined : navigationStateOf(entry);
  },
}, NavigationDestinationImpl);

export class NavigateEventImpl extends EventImpl {
  constructor(type, bubbles, cancelable, composed) {
    super(type, bubbles, cancelable, composed);
    this.navigation = null;
    this.interception = 'none';       // none, intercepted, committed, scrolled, finished
    this.interceptHandlers = [];
    this.focusReset = null;
    this.scrolling = null;
    this.classic = null;              // serialised state of history.pushState()
    this.destinationURL = null;       // record
    this.abortSignal = null;
    this.tracker = null;
  }
}

// What its methods begin with.
function checkOwn(self) {
  const { navigation } = self;
  if (navigation !== null && navigation.window.navigationApi !== navigation) throw domException('InvalidStateError', 'The document is not fully active.');
  if (!self.isTrusted) throw domException('SecurityError', 'The event was not made by a navigation.');
  if (self.canceled) throw domException('InvalidStateError', 'The event was canceled.');
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#process-scroll-behavior
export function scrollForEvent(event) {
  event.interception = 'scrolled';
  const { navigationType } = event.init;
  const { window } = event.navigation;
  if (navigationType === 'traverse') restoreEntryScroll(window);
  else {
    if (window.document.url.fragment === null) window.scrollX = window.scrollY = 0;
    else scrollToFragment(window.document);
  }
}

export const navigateEventInterface = defineEventInterface(`
enum NavigationType { "push", "replace", "reload", "traverse" };
enum NavigationFocusReset { "after-transition", "manual" };
enum NavigationScrollBehavior { "after-transition", "manual" };
callback NavigationInterceptHandler = Promise<undefined> ();
dictionary NavigationInterceptOptions {
  NavigationInterceptHandler handler;
  NavigationFocusReset focusReset;
  NavigationScrollBehavior scroll;
};
dictionary NavigateEventInit : EventInit {
  NavigationType navigationType = "push";
  required NavigationDestination destination;
  boolean canIntercept = false;
  boolean userInitiated = false;
  boolean hashChange = false;
  required AbortSignal signal;
  FormData? formData = null;
  DOMString? downloadRequest = null;
  any info;
  boolean hasUAVisualTransition = false;
  Element? sourceElement = null;
};
[Exposed=Window]
interface NavigateEvent : Event {
  constructor(DOMString type, NavigateEventInit eventInitDict);
  readonly attribute NavigationType navigationType;
  readonly attribute NavigationDestination destination;
  readonly attribute boolean canIntercept;
  readonly attribute boolean userInitiated;
  readonly attribute boolean hashChange;
  readonly attribute AbortSignal signal;
  readonly attribute FormData? formData;
  readonly attribute DOMString? downloadRequest;
  readonly attribute any info;
  readonly attribute boolean hasUAVisualTransition;
  readonly attribute Element? sourceElement;
  undefined intercept(optional NavigationInterceptOptions options = {});
  undefined scroll();
};
`, {
  __proto__: null, navigationType: 'push', destination: null, canIntercept: false, userInitiated: false, hashChange: false, signal: null, formData: null, downloadRequest: null, info: undefined,
  hasUAVisualTransition: false, sourceElement: null,
}, NavigateEventImpl, {
  // https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigateevent-intercept
  intercept(self, options) {
    // 1.
    checkOwn(self);
    // 2.
    if (!self.init.canIntercept) throw domException('SecurityError', 'A navigation with URL \'' + serializeURL(self.init.destination.url) + '\' cannot be intercepted.');
    // 3.
    if (!self.dispatching) throw domException('InvalidStateError', 'intercept() may only be called while the event is being dispatched.');
    // 6.
    self.interception = 'intercepted';
    // 7.
    if (options.handler !== undefined) self.interceptHandlers[self.interceptHandlers.length] = options.handler;
    // 8-9.
    if (options.focusReset !== undefined) self.focusReset = options.focusReset;
    if (options.scroll !== undefined) self.scrolling = options.scroll;
  },
  // https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigateevent-scroll
  scroll(self) {
    checkOwn(self);
    if (self.interception !== 'committed') throw domException('InvalidStateError', 'The navigation has not been committed, or has scrolled already.');
    scrollForEvent(self);
  },
});

class NavigationCurrentEntryChangeEventImpl extends EventImpl {}

defineEventInterface(`
dictionary NavigationCurrentEntryChangeEventInit : EventInit { NavigationType? navigationType = null; required NavigationHistoryEntry from; };
[Exposed=Window]
interface NavigationCurrentEntryChangeEvent : Event {
  constructor(DOMString type, NavigationCurrentEntryChangeEventInit eventInitDict);
  readonly attribute NavigationType? navigationType;
  readonly attribute NavigationHistoryEntry from;
};
`, { __proto__: null, navigationType: null, from: null }, NavigationCurrentEntryChangeEventImpl);

export class NavigationTransitionImpl extends Impl {
  constructor(navigationType, from, finished) {
    super();
    this.navigationType = navigationType;
    this.from = from;
    this.finished = finished;
  }
}

defineInterface(`
[Exposed=Window]
interface NavigationTransition {
  readonly attribute NavigationType navigationType;
  readonly attribute NavigationHistoryEntry from;
  readonly attribute any finished;
};
`, {
  navigationType: (self) => self.navigationType,
  from: (self) => self.from,
  finished: (self) => self.finished.promise,
}, NavigationTransitionImpl);

export class NavigationActivationImpl extends Impl {
  constructor(from, entry, navigationType) {
    super();
    this.from = from;
    this.entry = entry;
    this.navigationType = navigationType;
  }
}

defineInterface(`
[Exposed=Window]
interface NavigationActivation {
  readonly attribute NavigationHistoryEntry? from;
  readonly attribute NavigationHistoryEntry entry;
  readonly attribute NavigationType navigationType;
};
`, {
  from: (self) => self.from,
  entry: (self) => self.entry,
  navigationType: (self) => self.navigationType,
}, NavigationActivationImpl);
