// https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigate-event-firing
// What navigations of a window do to its navigation API, once a page has looked at that.

import { hostPost } from '../host.js';
import { jsonText } from '../json.js';
import { Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply } from '../primordials.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { domException } from '../dom/DOMException.js';
import { AbortSignalImpl, signalAbort } from '../dom/AbortSignal.js';
import { dispatchEvent, fireEvent, makeEvent } from '../dom/dispatch.js';
import { canRewrite, updateHistory } from '../html/History.js';
import { autofocusDelegate, blurElement, focusElement } from '../html/focus.js';
import { originURL } from '../html/frame_tree.js';
import { isInitialBlank } from '../html/loading.js';
import { describeThrown } from '../html/report.js';
import { hasTransientActivation } from '../html/user_activation.js';
import { encodeSerialized } from '../webmessaging/wire.js';
import { wrap } from '../webidl/wrapper.js';
import { FormDataImpl } from '../xhr/FormData.js';
import { serializedStateOf } from './NavigationHistoryEntry.js';
import { NavigationDestinationImpl, NavigationTransitionImpl, scrollForEvent } from './NavigateEvent.js';

export function navigationDeferred() {
  const out = { __proto__: null, promise: null, resolve: null, reject: null };
  out.promise = new Promise((resolve, reject) => {
    out.resolve = resolve;
    out.reject = reject;
  });
  return out;
}

function markHandled(promise) {
  PromisePrototypeThen(promise, undefined, () => undefined);
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api-method-tracker
export class NavigationTracker {
  constructor(info, serialized) {
    this.info = info;
    this.serialized = serialized;
    this.committedTo = null;
    this.committed = navigationDeferred();
    this.finished = navigationDeferred();
    // Whoever looks at one of the two does not want to hear of the other.
    markHandled(this.finished.promise);
  }

  reject(reason) {
    // What is there already stays: the first of the two calls counts.
    if (this.committedTo !== null) this.committed.resolve(wrap(this.committedTo));
    this.committed.reject(reason);
    this.finished.reject(reason);
  }
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#has-entries-and-events-disabled
export function hasNoEvents(window) {
  const doc = window.document;
  return window.closed || doc.window !== window || isInitialBlank(doc) || serializeOrigin(originURL(doc)) === 'null' || (serializeURL(doc.url) === 'about:blank' && (window.parent === null || window.navigations === 0));
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#abort-the-ongoing-navigation
export function abortNavigation(navigation, given) {
  const event = navigation.ongoing;
  if (event === null) return;
  const reason = given === undefined ? domException('AbortError', 'Navigation was aborted') : given;
  // 6.
  if (event.dispatching) event.canceled = true;
  navigation.ongoing = null;
  signalAbort(event.abortSignal, reason);
  failNavigation(navigation, event, reason);
}

function failNavigation(navigation, event, reason) {
  const { tracker } = event;
  const facts = describeThrown(reason);
  const message = 'Uncaught ' + (facts.name === '' ? facts.message : facts.name + ': ' + facts.message);
  if (tracker !== null) tracker.reject(reason);
  fireEvent(navigation, 'navigateerror', {
    __proto__: null, interface: 'ErrorEvent', init: { __proto__: null, message, filename: facts.url === '' ? navigation.window.document.urlText() : facts.url, lineno: facts.line, colno: facts.column, error: reason },
  });
  const { transition } = navigation;
  if (transition !== null) {
    navigation.transition = null;
    transition.finished.reject(reason);
  }
}

// `what`: { type, url, sameDocument, classic, state, entry, info, userInvolved, element, entries, download }. Gives the event, when nobody prevented it.
function dispatchNavigate(window, what, tracker) {
  const navigation = window.navigationApi;
  const doc = window.document;
  const { type, url } = what;
  const state = tracker !== null && tracker.serialized !== null ? tracker.serialized : what.state ?? null;
  // 7. of "fire a push/replace/reload navigate event": what is loaded again has its state
  const destination = new NavigationDestinationImpl(url, what.entry ?? null, state, what.sameDocument, type === 'reload' ? navigation.current() : null);
  const event = makeEvent('navigate', {
    __proto__: null, interface: 'NavigateEvent', cancelable: type !== 'traverse' || (window.parent === null && what.sameDocument && (tracker !== null || hasTransientActivation())),
    init: {
      __proto__: null, navigationType: type, destination, signal: new AbortSignalImpl(), downloadRequest: what.download ?? null, info: tracker === null ? undefined : tracker.info,
      canIntercept: canRewrite(doc.url, url) && (what.sameDocument || type !== 'traverse'),
      hashChange: what.sameDocument && type !== 'reload' && !what.classic && serializeURL(url, true) === serializeURL(doc.url, true) && url.fragment !== doc.url.fragment,
      userInitiated: what.userInvolved === true && hasTransientActivation(), formData: what.entries === undefined ? null : new FormDataImpl(what.entries), sourceElement: what.element === undefined || what.element.doc !== doc ? null : what.element,
    },
  });
  event.isTrusted = true;
  event.navigation = navigation;
  event.destinationURL = url;
  event.classic = what.classic ?? null;
  event.abortSignal = event.init.signal;
  event.tracker = tracker;
  navigation.ongoing = event;
  navigation.focusChanged = false;
  // A listener may have taken the frame out.
  if (dispatchEvent(event, navigation) && !window.closed) return event;
  if (navigation.ongoing === event) abortNavigation(navigation);
  return null;
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#fire-a-push/replace/reload-navigate-event
// Tells whether the caller goes on: the navigation was neither prevented nor intercepted.
export function fireNavigate(window, what) {
  const navigation = window.navigationApi;
  const tracker = navigation.upcoming;
  navigation.upcoming = null;
  // As in Chromium, a listener's own pushState() is not told to listeners again.
  const nested = navigation.ongoing !== null && navigation.ongoing.dispatching && what.classic !== null;
  abortNavigation(navigation);
  if (nested || hasNoEvents(window)) {
    navigation.unfollowed = tracker;
    return true;
  }
  const from = navigation.current();
  const event = dispatchNavigate(window, what, tracker);
  if (event === null || navigation.ongoing !== event) return false;
  if (event.interception === 'none') {
    if (what.sameDocument) {
      navigation.pending = tracker;
      settleHandlers(navigation, event);
    } else if (what.download !== undefined) navigation.ongoing = null;
    // Else the document is to be left. Until then it goes on, and may be stopped.
    return true;
  }
  event.interception = 'committed';
  navigation.transition = new NavigationTransitionImpl(what.type, from, navigationDeferred());
  markHandled(navigation.transition.finished.promise);
  navigation.pending = tracker;
  if (what.type === 'push' || what.type === 'replace') updateHistory(window, event.destinationURL, event.classic, what.type === 'push');
  else {
    noteCommitted(navigation, 'reload');
    if (from !== null) tellEntryChange(navigation, 'reload', from);
  }
  if (navigation.ongoing === event) runHandlers(navigation, event);
  tellCommitted(navigation, tracker);
  return false;
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#notify-about-the-committed-to-entry
function noteCommitted(navigation, type) {
  const tracker = navigation.pending;
  navigation.pending = null;
  if (tracker === null) return;
  const entry = navigation.current();
  tracker.committedTo = entry;
  if (type !== 'traverse' && tracker.serialized !== null) storeState(navigation, entry, tracker.serialized);
}

// Reactions to the commitment come after the event that tells of it, and after the handlers have begun.
function tellCommitted(navigation, tracker) {
  if (tracker !== null && tracker.committedTo !== null) tracker.committed.resolve(navigation.wrapEntry(tracker.committedTo));
}

export function storeState(navigation, entry, serialized) {
  entry.serialized = serialized;
  const { json, bytes } = encodeSerialized(serialized);
  hostPost('navigation.state', { frame: navigation.window.frameId, state: jsonText(json) }, bytes);
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#update-the-navigation-api-entries-for-a-same-document-navigation
// `keepsState`: by a fragment, the new entry has the state of the one before (navigate to a fragment, step 1).
export function entryChanged(window, type, keepsState = false) {
  const navigation = window.navigationApi;
  const from = navigation.current();
  const tracker = navigation.pending;
  const gone = navigation.refresh();
  if (keepsState && from !== null && (tracker === null || tracker.serialized === null)) {
    const state = serializedStateOf(from);
    if (state !== null) storeState(navigation, navigation.current(), state);
  }
  noteCommitted(navigation, type);
  if (hasNoEvents(window)) return;
  if (from !== null) tellEntryChange(navigation, type, from);
  for (let i = 0; i < gone.length; i++) fireEvent(gone[i], 'dispose');
  if (navigation.ongoing === null || navigation.ongoing.interception === 'none') tellCommitted(navigation, tracker);
}

export function tellEntryChange(navigation, type, from) {
  fireEvent(navigation, 'currententrychange', { __proto__: null, interface: 'NavigationCurrentEntryChangeEvent', init: { __proto__: null, navigationType: type, from } });
}

function runHandlers(navigation, event) {
  const { interceptHandlers: handlers } = event;
  const promises = [];
  for (let i = 0; i < handlers.length; i++) {
    try {
      promises[i] = PromisePrototypeThen(PromiseResolve(Promise, ReflectApply(handlers[i], undefined, [])), () => undefined);
    } catch (error) {
      promises[i] = PromiseReject(Promise, error);
    }
  }
  settleHandlers(navigation, event, promises);
}

function settleHandlers(navigation, event, promises = []) {
  let left = promises.length;
  let failed = false;
  const done = () => {
    if (--left <= 0 && !failed) finishNavigation(navigation, event);
  };
  const fail = (reason) => {
    if (failed) return;
    failed = true;
    if (navigation.ongoing !== event) return;
    navigation.ongoing = null;
    afterTransition(navigation, event, false);
    failNavigation(navigation, event, reason);
  };
  if (left === 0) PromisePrototypeThen(PromisePrototypeThen(PromiseResolve(Promise, undefined), () => undefined), done);
  else for (let i = 0; i < promises.length; i++) PromisePrototypeThen(promises[i], done, fail);
}

function finishNavigation(navigation, event) {
  if (navigation.ongoing !== event || event.abortSignal.aborted) return;
  navigation.ongoing = null;
  afterTransition(navigation, event, true);
  const { transition } = navigation;
  if (event.tracker !== null) event.tracker.finished.resolve(navigation.wrapEntry(event.tracker.committedTo));
  fireEvent(navigation, 'navigatesuccess');
  if (transition !== null) {
    if (navigation.transition === transition) navigation.transition = null;
    transition.finished.resolve(undefined);
  }
}

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigateevent-finish
function afterTransition(navigation, event, fulfilled) {
  if (event.interception !== 'committed' && event.interception !== 'scrolled') return;
  if (event.focusReset !== 'manual' && !navigation.focusChanged) {
    const doc = navigation.window.document;
    const target = autofocusDelegate(doc);
    if (target !== null) focusElement(target);
    else if (doc.focusedElement !== null) blurElement(doc.focusedElement);
  }
  if (fulfilled && event.interception === 'committed' && event.scrolling !== 'manual') scrollForEvent(event);
  event.interception = 'finished';
}

// -- traversals within the document ------------------------------------------------------------------------------------

// The host has gone to another entry; nothing here shows that yet. Gives { prevented, event, from, type }.
export function beginTraversal(window, url) {
  const navigation = window.navigationApi;
  const entry = navigation.askForCurrent();
  const tracker = entry === null ? null : navigation.takeTraversal(entry.key);
  const out = { __proto__: null, prevented: false, event: null, from: navigation.current(), tracker };
  abortNavigation(navigation);
  if (hasNoEvents(window) || entry === null) return out;
  const event = dispatchNavigate(window, { __proto__: null, type: 'traverse', url, sameDocument: true, entry }, tracker);
  if (event === null || navigation.ongoing !== event) out.prevented = true;
  else out.event = event;
  return out;
}

export function commitTraversal(window, traversal) {
  const navigation = window.navigationApi;
  const { event, from } = traversal;
  if (event !== null && event.interception !== 'none') {
    event.interception = 'committed';
    navigation.transition = new NavigationTransitionImpl('traverse', from, navigationDeferred());
    markHandled(navigation.transition.finished.promise);
  }
  navigation.refresh();
  const { tracker } = traversal;
  navigation.pending = tracker;
  noteCommitted(navigation, 'traverse');
  if (from !== null) tellEntryChange(navigation, 'traverse', from);
  if (event === null) {
    if (tracker !== null) tracker.finished.resolve(navigation.wrapEntry(tracker.committedTo));
  } else if (navigation.ongoing === event) runHandlers(navigation, event);
  tellCommitted(navigation, tracker);
}

// The document is about to be left for another one of its session history.
export function fireAway(window, id) {
  const navigation = window.navigationApi;
  abortNavigation(navigation);
  if (hasNoEvents(window)) return;
  const entry = navigation.entryOf(id);
  if (entry === null) return;
  dispatchNavigate(window, { __proto__: null, type: 'traverse', url: parseURL(entry.url), sameDocument: false, entry }, navigation.takeTraversal(entry.key));
}
