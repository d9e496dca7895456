// https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts
// The channels of this isolate reach each other here; those of the context's other isolates are told by the worker (`browser/broadcasts.py`), which knows for
// each name who listens. A channel whose origin is opaque shares it with nobody outside.

import { hostPost, onHost } from '../host.js';
import { JSONStringify, SafeMap } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { onFrameDocument, originURL } from '../html/frame_tree.js';
import { currentWindow } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { serializeOrigin } from '../url/parser.js';
import { decodeFromRemote, encodeForRemote } from './remote_ports.js';
import { deserializeValue, serializeValue } from './structured_clone.js';

const broadcastChannels = new SafeMap();   // key to the open channels of that name, the eldest first

export class BroadcastChannelImpl extends EventTargetImpl {
  constructor(window, name) {
    super();
    this.window = window;
    this.doc = window.document;
    this.handlers = null;
    this.name = name;
    this.key = JSONStringify(name);        // crosses to the worker as it is, lone surrogates and all
    this.originURL = originURL(this.doc);
    this.origin = serializeOrigin(this.originURL);
    this.closed = false;
  }
}

// https://html.spec.whatwg.org/multipage/web-messaging.html#eligible-for-messaging
function mayBroadcast(channel) {
  const { window, doc } = channel;
  return window.isWorkerScope === true ? !window.closing : doc.window === window && window.document === doc && window.remote === null;
}

// Opaque origins are equal where they are the same document's, or were handed on from it.
function sameBroadcastOrigin(a, b) {
  return a.origin === b.origin && (a.origin !== 'null' || a.doc === b.doc || (a.originURL === b.originURL && !a.doc.opaqueOrigin && !b.doc.opaqueOrigin));
}

function openBroadcast(name) {
  const channel = new BroadcastChannelImpl(currentWindow(), name);
  if (!mayBroadcast(channel)) return channel;
  const known = broadcastChannels.get(channel.key);
  const first = !isListenedTo(channel.key);
  if (known === undefined) broadcastChannels.set(channel.key, [channel]);
  else known[known.length] = channel;
  if (first && channel.origin !== 'null') hostPost('broadcast.open', { __proto__: null, name: channel.key });
  return channel;
}

// Whether the worker is to tell us of messages.
function isListenedTo(key) {
  const channels = broadcastChannels.get(key);
  for (let i = 0; channels !== undefined && i < channels.length; i++) if (channels[i].origin !== 'null') return true;
  return false;
}

function forgetBroadcast(channel) {
  const { key } = channel;
  const channels = broadcastChannels.get(key) ?? [];
  const kept = [];
  for (let i = 0; i < channels.length; i++) if (channels[i] !== channel) kept[kept.length] = channels[i];
  if (kept.length === channels.length) return;
  if (kept.length === 0) broadcastChannels.delete(key);
  else broadcastChannels.set(key, kept);
  if (channel.origin !== 'null' && !isListenedTo(key)) hostPost('broadcast.close', { __proto__: null, name: key });
}

// https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage
function postBroadcast(self, message) {
  // 1.
  if (!mayBroadcast(self)) return;
  // 2.
  if (self.closed) throw domException('InvalidStateError', "Failed to execute 'postMessage' on 'BroadcastChannel': Channel is closed");
  // 3.
  const { json, bytes } = encodeForRemote(serializeValue(message, []));
  // 6-8. Each destination reads the message anew: what is read twice would share its buffers.
  const channels = broadcastChannels.get(self.key);
  for (let i = 0; i < channels.length; i++) {
    if (channels[i] !== self && sameBroadcastOrigin(channels[i], self)) queueBroadcast(channels[i], self.origin, json, bytes);
  }
  if (self.origin !== 'null') hostPost('broadcast.post', { __proto__: null, name: self.key, message: json }, bytes);
}

// 9.
function queueBroadcast(channel, origin, json, bytes) {
  queueTask(channel.doc, () => {
    // 9.1. A channel that may not get messages any more is as good as closed.
    if (channel.closed || !mayBroadcast(channel)) return;
    // 9.2-9.3.
    let data;
    try {
      data = deserializeValue(decodeFromRemote(json, [], bytes)).value;
    } catch {
      fireEvent(channel, 'messageerror', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, origin } });
      return;
    }
    // 9.4.
    fireEvent(channel, 'message', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data, origin } });
  });
}

onHost('broadcast.deliver', (payload, bytes) => {
  const channels = broadcastChannels.get(payload.name);
  for (let i = 0; channels !== undefined && i < channels.length; i++) {
    if (channels[i].origin === payload.origin) queueBroadcast(channels[i], payload.origin, payload.message, bytes);
  }
  return null;
});

// The channels of a document that is gone hear nothing any more.
onFrameDocument((window) => {
  const gone = [];
  broadcastChannels.forEach((channels) => {
    for (let i = 0; i < channels.length; i++) {
      if (channels[i].window === window && (window.closed || window.document !== channels[i].doc)) gone[gone.length] = channels[i];
    }
  });
  for (let i = 0; i < gone.length; i++) forgetBroadcast(gone[i]);
});

export const broadcastChannelInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface BroadcastChannel : EventTarget {
  constructor(DOMString name);
  readonly attribute DOMString name;
  undefined postMessage(any message);
  undefined close();
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
};
`, {
  constructor: openBroadcast,
  name: (self) => self.name,
  postMessage: postBroadcast,
  close(self) {
    self.closed = true;
    forgetBroadcast(self);
  },
}, BroadcastChannelImpl);
