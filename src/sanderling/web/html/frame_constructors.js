// https://webidl.spec.whatwg.org/#js-platform-objects
// The relevant global object of what `new frame.DOMParser()` makes is the frame's window. All windows of an isolate share interface objects; those whose
// constructors ask for their window stand in child frames as proxies that say it. Their prototypes, and so `instanceof`, are the shared ones.

import { ObjectDefineProperty, Proxy, ReflectConstruct } from '../primordials.js';
import { withWindow } from './realm.js';

const OF_THEIR_WINDOW = [
  'Audio', 'Comment', 'DocumentFragment', 'DOMParser', 'EventSource', 'FileReader', 'Image', 'Option', 'Range', 'Request', 'Text', 'WebSocket', 'Worker', 'XMLHttpRequest',
];

export function installFrameConstructors(window, global) {
  for (let i = 0; i < OF_THEIR_WINDOW.length; i++) {
    const name = OF_THEIR_WINDOW[i];
    const original = global[name];
    if (original === undefined) continue;
    const proxy = new Proxy(original, {
      __proto__: null,
      construct: (target, args, newTarget) => withWindow(window, () => ReflectConstruct(target, args, newTarget === proxy ? target : newTarget)),
    });
    ObjectDefineProperty(global, name, { __proto__: null, value: proxy, writable: true, enumerable: false, configurable: true });
  }
}
