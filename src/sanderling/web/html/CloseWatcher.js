// https://html.spec.whatwg.org/multipage/interaction.html#the-closewatcher-interface

import { defineInterface } from '../webidl/interface.js';
import { addAbortAlgorithm } from '../dom/AbortSignal.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { closeCloseWatcher, destroyCloseWatcher, establishCloseWatcher, requestCloseOf } from './close_watchers.js';
import { currentWindow } from './realm.js';

class CloseWatcherImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.watcher = establishCloseWatcher(
      window,
      (canPreventClose) => fireEvent(this, 'cancel', { __proto__: null, cancelable: canPreventClose }),
      () => fireEvent(this, 'close'),
      () => true,
    );
  }
}

defineInterface(`
dictionary CloseWatcherOptions { AbortSignal signal; };
[Exposed=Window]
interface CloseWatcher : EventTarget {
  constructor(optional CloseWatcherOptions options = {});
  undefined requestClose();
  undefined close();
  undefined destroy();
  attribute EventHandler oncancel;
  attribute EventHandler onclose;
};
`, {
  constructor(options) {
    // 1.
    const window = currentWindow();
    if (window.document === null || window.document.window !== window) {
      throw domException('InvalidStateError', "Failed to construct 'CloseWatcher': The document is not fully active.");
    }
    // 2-4.
    const self = new CloseWatcherImpl(window);
    const { signal } = options;
    if (signal !== undefined) {
      if (signal.aborted) destroyCloseWatcher(self.watcher);
      else addAbortAlgorithm(signal, () => destroyCloseWatcher(self.watcher));
    }
    return self;
  },
  requestClose(self) {
    // As Chromium and the tests have it: without an activation of the user, what a script requests cannot be canceled.
    requestCloseOf(self.watcher, true);
  },
  close: (self) => closeCloseWatcher(self.watcher),
  destroy: (self) => destroyCloseWatcher(self.watcher),
}, CloseWatcherImpl);
