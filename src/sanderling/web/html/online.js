// https://html.spec.whatwg.org/multipage/system-state.html#browser-state
// `navigator.onLine` and the events of its change, as the worker says.

import { onHost } from '../host.js';
import { fireEvent } from '../dom/dispatch.js';
import { onFrameDocument } from './frame_tree.js';
import { mainWindow } from './realm.js';
import { queueTask } from './tasks.js';

let isOnline = true;

function changeOnline(window, quiet) {
  window.navigator.onLine = isOnline;
  if (!quiet) queueTask(window.document, () => fireEvent(window, isOnline ? 'online' : 'offline'));
  for (let i = 0; i < window.children.length; i++) changeOnline(window.children[i], quiet);
}

onHost('network.online', ({ online, quiet }) => {
  const window = mainWindow();
  if (window === null || isOnline === online) return null;
  isOnline = online;
  changeOnline(window, quiet);
  return null;
});

onFrameDocument((window) => {
  window.navigator.onLine = isOnline;
});
