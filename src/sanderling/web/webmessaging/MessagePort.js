// https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels
// Both ends of a channel live in this isolate, or one end is a gateway (remote_ports.js) to a port in another.

import { Impl } from '../webidl/impl.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { hooks } from '../webidl/runtime.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { queueTask } from '../html/tasks.js';
import { deserializeValue, serializeValue } from './structured_clone.js';

export class MessagePortImpl extends EventTargetImpl {
  constructor() {
    super();
    this.other = null;           // the entangled MessagePortImpl
    this.queue = [];             // serialized messages that wait for start()
    this.enabled = false;
    this.detached = false;
    this.gateway = null;         // (serialized) => undefined: this is no page's port, but the way to one in another isolate
    this.onClosed = null;        // of a gateway: the entangled port was closed
    this.listener = null;        // { message(value), error() }: this is no page's port, but carries a transferred stream
  }
}

export function entanglePorts(a, b) {
  a.other = b;
  b.other = a;
}

// https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps
function postToPort(self, message, transfer) {
  const target = self.other;
  let doomed = false;
  for (let i = 0; i < transfer.length; i++) {
    if (transfer[i] === self.wrapper) throw domException('DataCloneError', "Failed to execute 'postMessage' on 'MessagePort': Port at index " + i + ' contains the source port.');
    if (target !== null && transfer[i] === target.wrapper) doomed = true;
  }
  const serialized = serializeValue(message, transfer);
  if (target === null || doomed) return;
  deliverToPort(target, serialized);
}

export function deliverToPort(port, serialized) {
  if (port.gateway !== null) {
    port.gateway(serialized);
    return;
  }
  port.queue[port.queue.length] = serialized;
  if (port.enabled) schedulePort(port);
}

// One task per message.
function schedulePort(port) {
  queueTask(null, () => {
    if (!port.enabled || port.queue.length === 0) return;
    const serialized = port.queue[0];
    const rest = [];
    for (let i = 1; i < port.queue.length; i++) rest[i - 1] = port.queue[i];
    port.queue = rest;
    let opened;
    try {
      opened = deserializeValue(serialized);
    } catch {
      if (port.listener !== null) port.listener.error();
      else fireEvent(port, 'messageerror', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null } });
      return;
    }
    if (port.listener !== null) port.listener.message(opened.value);
    else fireEvent(port, 'message', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data: opened.value, ports: opened.ports } });
  });
}

function startPort(port) {
  if (port.enabled || port.detached) return;
  port.enabled = true;
  for (let i = 0; i < port.queue.length; i++) schedulePort(port);
}

// For a port that no page sees: it starts, and its messages go to these functions.
export function listenToPort(port, message, error) {
  port.listener = { __proto__: null, message, error };
  startPort(port);
}

// https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-close
export function closePort(port) {
  const { other } = port;
  port.detached = true;
  port.enabled = false;
  port.queue = [];
  port.other = null;
  if (other === null) return;
  other.other = null;
  if (other.onClosed !== null) other.onClosed();
  else queueTask(null, () => fireEvent(other, 'close'));
}

// https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps: what waits and the other end go along
export function detachPort(port) {
  const holder = { __proto__: null, queue: port.queue, other: port.other };
  port.detached = true;
  port.enabled = false;
  port.queue = [];
  port.other = null;
  if (holder.other !== null) {
    // Until the port arrives, messages are kept for it.
    const keeper = new MessagePortImpl();
    keeper.queue = holder.queue;
    entanglePorts(keeper, holder.other);
    holder.keeper = keeper;
  } else holder.keeper = null;
  return holder;
}

export function receivePort(holder) {
  const { keeper } = holder;
  if (keeper === null) {
    const port = new MessagePortImpl();
    port.queue = holder.queue;
    return port;
  }
  return keeper;
}

defineTypes('dictionary MessagePortPostOptions { sequence<object> transfer = []; };');

export const messagePortInterface = defineInterface(`
[Exposed=*, Transferable]
interface MessagePort : EventTarget {
  undefined postMessage(any message, sequence<object> transfer);
  undefined postMessage(any message, optional MessagePortPostOptions options = {});
  undefined start();
  undefined close();
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
  attribute EventHandler onclose;
};
`, {
  'postMessage:0': postToPort,
  'postMessage:1': (self, message, options) => postToPort(self, message, options.transfer),
  start: startPort,
  close: closePort,
  // The first use of onmessage starts the port.
  onmessage: {
    get: (self) => hooks.getHandler(self, 'message'),
    set(self, value) {
      hooks.setHandler(self, 'message', value);
      startPort(self);
    },
  },
}, MessagePortImpl);

export class MessageChannelImpl extends Impl {
  constructor() {
    super();
    this.port1 = new MessagePortImpl();
    this.port2 = new MessagePortImpl();
    entanglePorts(this.port1, this.port2);
  }
}

export const messageChannelInterface = defineInterface(`
[Exposed=*]
interface MessageChannel {
  constructor();
  readonly attribute MessagePort port1;
  readonly attribute MessagePort port2;
};
`, {
  constructor: () => new MessageChannelImpl(),
  port1: (self) => self.port1,
  port2: (self) => self.port2,
}, MessageChannelImpl);
