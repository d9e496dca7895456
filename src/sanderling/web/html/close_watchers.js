// https://html.spec.whatwg.org/multipage/interaction.html#close-requests-and-close-watchers
// What Escape closes: watchers in groups, a group for each act of the user, so that a page cannot keep somebody from leaving.

import { activationCount } from './user_activation.js';

class CloseWatcherManager {
  constructor() {
    this.groups = [];
    this.allowed = 1;              // allowed number of groups
    this.nextAllows = true;        // next user interaction allows a new group
    this.seen = 0;                 // activations known
    this.consumed = 0;             // the activation that history actions have used up
  }
}

class CloseWatcher {
  constructor(window, cancelAction, closeAction, isEnabled) {
    this.window = window;
    this.cancelAction = cancelAction;    // (canPreventClose) => whether to go on
    this.closeAction = closeAction;
    this.isEnabled = isEnabled;
    this.cancelling = false;             // is running cancel action
  }
}

// https://html.spec.whatwg.org/multipage/interaction.html#notify-the-close-watcher-manager-about-user-activation, done when it is needed
function managerOf(window) {
  const manager = window.closeWatchers ?? (window.closeWatchers = new CloseWatcherManager());
  const count = activationCount();
  if (count === manager.seen) return manager;
  manager.seen = count;
  if (manager.nextAllows) manager.allowed++;
  manager.nextAllows = false;
  return manager;
}

// https://html.spec.whatwg.org/multipage/interaction.html#establish-a-close-watcher
export function establishCloseWatcher(window, cancelAction, closeAction, isEnabled) {
  // 1-4.
  const watcher = new CloseWatcher(window, cancelAction, closeAction, isEnabled);
  const manager = managerOf(window);
  const { groups } = manager;
  // 5-6.
  if (groups.length < manager.allowed) groups[groups.length] = [watcher];
  else {
    const group = groups[groups.length - 1];
    group[group.length] = watcher;
  }
  // 7-8.
  manager.nextAllows = true;
  return watcher;
}

// https://html.spec.whatwg.org/multipage/interaction.html#close-watcher-is-active
export function isCloseWatcherActive(watcher) {
  const { groups } = managerOf(watcher.window);
  for (let i = 0; i < groups.length; i++) for (let j = 0; j < groups[i].length; j++) if (groups[i][j] === watcher) return true;
  return false;
}

// https://html.spec.whatwg.org/multipage/interaction.html#close-watcher-request-close: whether others may be asked, too
export function requestCloseOf(watcher, needsActivation) {
  // 1-4.
  const { window } = watcher;
  if (!isCloseWatcherActive(watcher) || !watcher.isEnabled() || watcher.cancelling || window.document === null || window.document.window !== window) return true;
  // 5.
  const manager = managerOf(window);
  const canPrevent = !needsActivation || (manager.groups.length < manager.allowed && manager.consumed !== manager.seen);
  // 6-8.
  watcher.cancelling = true;
  let goesOn;
  try {
    goesOn = watcher.cancelAction(canPrevent);
  } finally {
    watcher.cancelling = false;
  }
  // 9.
  if (!goesOn) {
    manager.consumed = manager.seen;
    return false;
  }
  // 10-11.
  closeCloseWatcher(watcher);
  return true;
}

// https://html.spec.whatwg.org/multipage/interaction.html#close-watcher-close
export function closeCloseWatcher(watcher) {
  const { window } = watcher;
  if (!isCloseWatcherActive(watcher) || window.document === null || window.document.window !== window) return;
  destroyCloseWatcher(watcher);
  watcher.closeAction();
}

// https://html.spec.whatwg.org/multipage/interaction.html#close-watcher-destroy
export function destroyCloseWatcher(watcher) {
  const manager = managerOf(watcher.window);
  const kept = [];
  for (let i = 0; i < manager.groups.length; i++) {
    const group = [];
    for (let j = 0; j < manager.groups[i].length; j++) if (manager.groups[i][j] !== watcher) group[group.length] = manager.groups[i][j];
    if (group.length > 0) kept[kept.length] = group;
  }
  manager.groups = kept;
}

// https://html.spec.whatwg.org/multipage/interaction.html#process-close-watchers: whether a close request went to one
export function processCloseWatchers(window) {
  const manager = managerOf(window);
  let processed = false;
  // 3.
  const { groups } = manager;
  if (groups.length > 0) {
    const group = groups[groups.length - 1];
    for (let i = group.length - 1; i >= 0; i--) {
      if (!group[i].isEnabled()) continue;
      processed = true;
      if (!requestCloseOf(group[i], true)) break;
    }
  }
  // 4.
  if (manager.allowed > 1) manager.allowed--;
  return processed;
}
