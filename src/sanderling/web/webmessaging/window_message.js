// https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps

import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { parseURL, serializeOrigin } from '../url/parser.js';
import { queueTask } from '../html/tasks.js';
import { originURL } from '../html/frame_tree.js';
import { postToRemote } from '../html/remote_window.js';
import { globalOf } from '../html/globals.js';
import { deserializeValue, serializeValue } from './structured_clone.js';

function originOfWindow(window) {
  return serializeOrigin(originURL(window.document));
}

export function postMessageToWindow(source, target, message, targetOrigin, transfer) {
  // A frame whose document has gone to another isolate since somebody took its window.
  if (target.remote !== null) {
    postToRemote(target.remote, message, targetOrigin, transfer);
    return;
  }
  // 4-5.
  let wanted = null;
  if (targetOrigin === '/') wanted = originOfWindow(source);
  else if (targetOrigin !== '*') {
    const record = parseURL(targetOrigin, null);
    if (record === null) throw domException('SyntaxError', "Failed to execute 'postMessage' on 'Window': Invalid target origin '" + targetOrigin + "' in a call to 'postMessage'.");
    wanted = serializeOrigin(record);
  }
  // 6-7.
  const serialized = serializeValue(message, transfer);
  const origin = originOfWindow(source);
  // 8.
  queueTask(target.document, () => {
    // An opaque origin is the same as itself only: where source and target are the same window.
    if (wanted !== null && (wanted !== originOfWindow(target) || (wanted === 'null' && source !== target))) return;
    const from = globalOf(source);
    let opened;
    try {
      opened = deserializeValue(serialized);
    } catch {
      fireEvent(target, 'messageerror', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, origin, source: from } });
      return;
    }
    fireEvent(target, 'message', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data: opened.value, origin, source: from, ports: opened.ports } });
  });
}
