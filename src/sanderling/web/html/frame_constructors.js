// https://webidl.spec.whatwg.org/#js-platform-objects
// The relevant global object of what `new frame.DOMParser()` makes is the frame's window. All windows of an isolate share interface objects; those whose
// constructors ask for their window stand in child frames as proxies that say it. Their prototypes, and so `instanceof`, are the shared ones.

import { ObjectDefineProperty, Proxy, ReflectConstruct } from '../primordials.js';
import { isLazyOn } from '../webidl/exposed.js';
import { withWindow } from './realm.js';

const OF_THEIR_WINDOW = [
  'Audio', 'Comment', 'CustomEvent', 'DocumentFragment', 'DOMParser', 'Event', 'EventSource', 'FileReader', 'Image', 'Observable', 'Option', 'Range', 'Request', 'Text', 'WebSocket', 'Worker', 'XMLHttpRequest',
];

function ofWindow(window, original) {
  const proxy = new Proxy(original, {
    __proto__: null,
    construct: (target, args, newTarget) => withWindow(window, () => ReflectConstruct(target, args, newTarget === proxy ? target : newTarget)),
  });
  return proxy;
}

// Those that are not made yet wait until somebody reads them: frameConstructor().
export function installFrameConstructors(window, global) {
  for (let i = 0; i < OF_THEIR_WINDOW.length; i++) {
    const name = OF_THEIR_WINDOW[i];
    if (isLazyOn(global, name)) continue;
    ObjectDefineProperty(global, name, { __proto__: null, value: ofWindow(window, global[name]), writable: true, enumerable: false, configurable: true });
  }
}

// What the global object of `window` has for the interface object `object`.
export function frameConstructor(window, name, object) {
  if (window.parent === null) return object;
  for (let i = 0; i < OF_THEIR_WINDOW.length; i++) if (OF_THEIR_WINDOW[i] === name) return ofWindow(window, object);
  return object;
}
