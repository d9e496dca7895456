// https://drafts.csswg.org/cssom-view/#the-mediaquerylist-interface

import { defineInterface } from '../../webidl/interface.js';
import { EventTargetImpl, addListener, Listener, removeListener } from '../../dom/EventTarget.js';
import { EventImpl, defineEventInterface } from '../../dom/Event.js';
import { fireEvent } from '../../dom/dispatch.js';
import { ArrayPrototypeJoin, WeakRef, WeakRefPrototypeDeref } from '../../primordials.js';
import { sizeFrame } from '../cssom-view/geometry.js';
import { matchesMedia, parseMediaQueries } from './media_queries.js';

class MediaQueryListImpl extends EventTargetImpl {
  constructor(window, media) {
    super();
    this.window = window;
    this.media = media;
    this.last = matchesMedia(media, window);
  }
}

let watchedQueries = [];      // WeakRefs of all that exist

const PRUNE_EVERY = 256;      // lists, for pages that ask without end

function pruneQueries() {
  const kept = [];
  for (let i = 0; i < watchedQueries.length; i++) if (WeakRefPrototypeDeref(watchedQueries[i]) !== undefined) kept[kept.length] = watchedQueries[i];
  watchedQueries = kept;
}

export function mediaQueryList(window, query) {
  const list = new MediaQueryListImpl(window, ArrayPrototypeJoin(parseMediaQueries(query), ', '));
  watchedQueries[watchedQueries.length] = new WeakRef(list);
  if (watchedQueries.length % PRUNE_EVERY === 0) pruneQueries();
  return list;
}

// https://drafts.csswg.org/cssom-view/#evaluate-media-queries-and-report-changes, after the window's size changed
export function reportMediaChanges(window) {
  const kept = [];
  const all = watchedQueries;
  watchedQueries = kept;
  for (let i = 0; i < all.length; i++) {
    const list = WeakRefPrototypeDeref(all[i]);
    if (list === undefined) continue;
    kept[kept.length] = all[i];
    if (list.window !== window) continue;
    const matches = matchesMedia(list.media, window);
    if (matches === list.last) continue;
    list.last = matches;
    fireEvent(list, 'change', { __proto__: null, interface: 'MediaQueryListEvent', init: { media: list.media, matches } });
  }
}

defineInterface(`
[Exposed=Window]
interface MediaQueryList : EventTarget {
  readonly attribute CSSOMString media;
  readonly attribute boolean matches;
  undefined addListener(EventListener? callback);
  undefined removeListener(EventListener? callback);
  attribute EventHandler onchange;
};
`, {
  media: (self) => self.media,
  matches(self) {
    if (self.window.frameElement !== null) sizeFrame(self.window);
    return matchesMedia(self.media, self.window);
  },
  addListener(self, callback) {
    if (callback !== null) addListener(self, new Listener('change', callback, false, false, false));
  },
  removeListener(self, callback) {
    const { listeners } = self;
    if (callback === null || listeners === null) return;
    for (let i = 0; i < listeners.length; i++) {
      const listener = listeners[i];
      if (listener.type === 'change' && listener.callback === callback && !listener.capture) {
        removeListener(self, listener);
        return;
      }
    }
  },
}, MediaQueryListImpl);

class MediaQueryListEventImpl extends EventImpl {}

defineEventInterface(`
dictionary MediaQueryListEventInit : EventInit { CSSOMString media = ""; boolean matches = false; };
[Exposed=Window]
interface MediaQueryListEvent : Event {
  constructor(CSSOMString type, optional MediaQueryListEventInit eventInitDict = {});
  readonly attribute CSSOMString media;
  readonly attribute boolean matches;
};
`, { __proto__: null, media: '', matches: false }, MediaQueryListEventImpl);
