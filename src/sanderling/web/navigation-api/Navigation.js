// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigation-interface
// The list of entries is the host's: it is asked for when a page looks, and after each change of this document's.

import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { hostCall, hostPost } from '../host.js';
import { Promise, PromisePrototypeThen, PromiseResolve, SafeMap } from '../primordials.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { documentBaseURL } from '../html/document_state.js';
import { navigateWindow } from '../html/navigate.js';
import { queueTask } from '../html/tasks.js';
import { serializeValue } from '../webmessaging/structured_clone.js';
import { NavigationHistoryEntryImpl, isLive, serializedStateOf } from './NavigationHistoryEntry.js';
import { NavigationActivationImpl } from './NavigateEvent.js';
import { NavigationTracker, abortNavigation, hasNoEvents, storeState, tellEntryChange } from './navigating.js';

class NavigationImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
    this.list = [];
    this.at = -1;
    this.ongoing = null;              // NavigateEventImpl
    this.transition = null;
    this.upcoming = null;             // NavigationTracker of a method, until its event is fired
    this.pending = null;              // the same, until its entry is there
    this.unfollowed = null;           // the same, where no events are fired
    this.traversals = new SafeMap();  // key to NavigationTracker
    this.focusChanged = false;
    this.activation = null;
    this.made = false;
  }

  current() {
    return this.at < 0 ? null : this.list[this.at];
  }

  indexOf(entry) {
    for (let i = 0; i < this.list.length; i++) if (this.list[i] === entry) return i;
    return -1;
  }

  wrapEntry(entry) {
    return entry === null ? undefined : wrap(entry);
  }

  entryFor(facts) {
    for (let i = 0; i < this.list.length; i++) {
      if (this.list[i].id === facts.id) {
        this.list[i].same = facts.same;
        this.list[i].step = facts.step;
        return this.list[i];
      }
    }
    const made = new NavigationHistoryEntryImpl(this, facts);
    made.step = facts.step;
    return made;
  }

  ask() {
    const known = [];
    for (let i = 0; i < this.list.length; i++) known[i] = this.list[i].id;
    return hostCall('navigation.entries', { frame: this.window.frameId, known });
  }

  // The entry that the host is at, which need not be current here yet.
  askForCurrent() {
    const { entries, index } = this.ask();
    return index < 0 ? null : this.entryFor(entries[index]);
  }

  // Take over the host's list. Gives the entries that are gone.
  refresh() {
    const answer = this.ask();
    const list = [];
    const gone = [];
    for (let i = 0; i < answer.entries.length; i++) list[i] = this.entryFor(answer.entries[i]);
    for (let i = 0; i < this.list.length; i++) {
      let stays = false;
      for (let j = 0; j < list.length && !stays; j++) stays = list[j] === this.list[i];
      if (!stays) gone[gone.length] = this.list[i];
    }
    this.list = list;
    this.at = answer.index;
    if (!this.made) {
      this.made = true;
      const { activation } = answer;
      const from = activation === null || activation === undefined || activation.from === null ? null : this.entryFor(activation.from);
      if (activation && this.at >= 0) this.activation = new NavigationActivationImpl(from, this.current(), activation.type);
    }
    return gone;
  }

  entryOf(id) {
    for (let i = 0; i < this.list.length; i++) if (this.list[i].id === id) return this.list[i];
    return null;
  }

  takeTraversal(key) {
    const tracker = this.traversals.get(key) ?? null;
    this.traversals.delete(key);
    return tracker;
  }
}

function liveEntries(self) {
  return isLive(self) && !hasNoEvents(self.window);
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api-early-error-result
function earlyError(error) {
  const tracker = new NavigationTracker(undefined, null);
  tracker.reject(error);
  return resultOf(tracker);
}

function resultOf(tracker) {
  return { committed: tracker.committed.promise, finished: tracker.finished.promise };
}

function checkUsable(self) {
  if (!isLive(self)) return domException('InvalidStateError', 'The document is not fully active.');
  if (self.window.document.unloading) return domException('InvalidStateError', 'The document is being left.');
  return null;
}

function serializedState(options) {
  return options.state === undefined ? undefined : serializeValue(options.state, []);
}

// Navigate for a method: who did not follow it gets an error.
function goFor(self, tracker, url, options) {
  self.upcoming = tracker;
  self.unfollowed = null;
  navigateWindow(self.window, url, { ...options, __proto__: null, source: self.window, state: tracker.serialized, byMethod: true });
  if (self.upcoming !== tracker && self.unfollowed !== tracker) return resultOf(tracker);
  self.upcoming = null;
  if (self.unfollowed === tracker) return resultOf(tracker);
  tracker.reject(domException('AbortError', 'Navigation was aborted'));
  return resultOf(tracker);
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#performing-a-navigation-api-traversal
function traverseToKey(self, key, options) {
  const failed = checkUsable(self);
  if (failed !== null) return earlyError(failed);
  const current = self.current();
  if (current === null) return earlyError(domException('InvalidStateError', 'There is no entry.'));
  if (current.key === key) {
    const tracker = new NavigationTracker(options.info, null);
    tracker.committed.resolve(wrap(current));
    tracker.finished.resolve(wrap(current));
    return resultOf(tracker);
  }
  let tracker = self.traversals.get(key);
  if (tracker !== undefined) return resultOf(tracker);
  tracker = new NavigationTracker(options.info, null);
  self.traversals.set(key, tracker);
  // 12. What happens in the document until then comes first, and may take the entry away.
  queueTask(self.window.document, () => {
    if (self.traversals.get(key) !== tracker) return;
    self.refresh();
    for (let i = 0; i < self.list.length; i++) {
      if (self.list[i].key !== key) continue;
      hostPost('history.go', { frame: self.window.frameId, delta: self.list[i].step });
      return;
    }
    self.traversals.delete(key);
    tracker.reject(domException('AbortError', 'The entry is gone.'));
  });
  return resultOf(tracker);
}

function traverseBy(self, delta, options) {
  const failed = checkUsable(self);
  if (failed !== null) return earlyError(failed);
  const entry = self.list[self.at + delta];
  if (self.at < 0 || entry === undefined) return earlyError(domException('InvalidStateError', 'Cannot go ' + (delta < 0 ? 'back' : 'forward')));
  return traverseToKey(self, entry.key, options);
}

defineInterface(`
dictionary NavigationUpdateCurrentEntryOptions { required any state; };
dictionary NavigationOptions { any info; };
enum NavigationHistoryBehavior { "auto", "push", "replace" };
dictionary NavigationNavigateOptions : NavigationOptions { any state; NavigationHistoryBehavior history = "auto"; };
dictionary NavigationReloadOptions : NavigationOptions { any state; };
[Exposed=Window]
interface Navigation : EventTarget {
  sequence<NavigationHistoryEntry> entries();
  readonly attribute NavigationHistoryEntry? currentEntry;
  undefined updateCurrentEntry(NavigationUpdateCurrentEntryOptions options);
  readonly attribute NavigationTransition? transition;
  readonly attribute NavigationActivation? activation;
  readonly attribute boolean canGoBack;
  readonly attribute boolean canGoForward;
  any navigate(USVString url, optional NavigationNavigateOptions options = {});
  any reload(optional NavigationReloadOptions options = {});
  any traverseTo(DOMString key, optional NavigationOptions options = {});
  any back(optional NavigationOptions options = {});
  any forward(optional NavigationOptions options = {});
  attribute EventHandler onnavigate;
  attribute EventHandler onnavigatesuccess;
  attribute EventHandler onnavigateerror;
  attribute EventHandler oncurrententrychange;
};
`, {
  entries: (self) => (liveEntries(self) ? self.list : []),
  currentEntry: (self) => (liveEntries(self) ? self.current() : null),
  // https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-updatecurrententry
  updateCurrentEntry(self, options) {
    if (!liveEntries(self) || self.current() === null) throw domException('InvalidStateError', 'There is no current entry.');
    const serialized = serializeValue(options.state, []);
    storeState(self, self.current(), serialized);
    tellEntryChange(self, null, self.current());
  },
  transition: (self) => self.transition,
  activation: (self) => (liveEntries(self) ? self.activation : null),
  canGoBack: (self) => liveEntries(self) && self.at > 0,
  canGoForward: (self) => liveEntries(self) && self.at >= 0 && self.at < self.list.length - 1,
  // https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-navigate
  navigate(self, address, options) {
    const doc = self.window.document;
    // 1-2.
    const url = parseURL(address, documentBaseURL(doc));
    if (url === null) return earlyError(domException('SyntaxError', "Invalid URL '" + address + "'."));
    // 3-4.
    if (options.history === 'push' && (url.scheme === 'javascript' || (serializeURL(doc.url) === 'about:blank' && hasNoEvents(self.window)))) {
      return earlyError(domException('NotSupportedError', 'The navigation cannot make a new entry.'));
    }
    // 5-6.
    let serialized;
    try {
      serialized = serializedState(options);
    } catch (error) {
      return earlyError(error);
    }
    // 7-8.
    const failed = checkUsable(self);
    if (failed !== null) return earlyError(failed);
    // 9-
    return goFor(self, new NavigationTracker(options.info, serialized ?? null), url, { __proto__: null, replace: options.history === 'replace', pushes: options.history === 'push' });
  },
  // https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-reload
  reload(self, options) {
    let serialized;
    try {
      serialized = serializedState(options);
    } catch (error) {
      return earlyError(error);
    }
    const failed = checkUsable(self);
    if (failed !== null) return earlyError(failed);
    const tracker = new NavigationTracker(options.info, serialized ?? (self.current() === null ? null : serializedStateOf(self.current())));
    return goFor(self, tracker, self.window.document.url, { __proto__: null, reload: true });
  },
  traverseTo(self, key, options) {
    const failed = checkUsable(self);
    if (failed !== null) return earlyError(failed);
    for (let i = 0; i < self.list.length; i++) if (self.list[i].key === key) return traverseToKey(self, key, options);
    return earlyError(domException('InvalidStateError', 'Invalid key'));
  },
  back: (self, options) => traverseBy(self, -1, options),
  forward: (self, options) => traverseBy(self, 1, options),
}, NavigationImpl);

defineInterface(`
partial interface Window {
  [Replaceable] readonly attribute Navigation navigation;
};
`, {
  navigation(self) {
    if (self.navigationApi === null) {
      self.navigationApi = new NavigationImpl(self);
      self.navigationApi.refresh();
      hostPost('document.asksBeforeUnload', null);       // it is told of traversals
    }
    return self.navigationApi;
  },
});

// The window of the initial about:blank stays, and has another document now.
export function beginEntries(navigation) {
  navigation.ongoing = navigation.transition = navigation.activation = null;
  navigation.list = [];
  navigation.at = -1;
  navigation.made = false;
  navigation.refresh();
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#inform-the-navigation-api-about-aborting-navigation
export function stopNavigations(window) {
  abortNavigation(window.navigationApi);
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#inform-the-navigation-api-about-child-navigable-destruction
// Page code hears of it once the change of the tree is done.
export function endNavigations(window) {
  const reason = domException('AbortError', 'Navigation was aborted');
  PromisePrototypeThen(PromiseResolve(Promise, undefined), () => endAll(window.navigationApi, reason));
}

function endAll(navigation, reason) {
  // 1.
  abortNavigation(navigation, reason);
  // 2.
  const waiting = navigation.traversals;
  navigation.traversals = new SafeMap();
  waiting.forEach((tracker) => tracker.reject(reason));
}
