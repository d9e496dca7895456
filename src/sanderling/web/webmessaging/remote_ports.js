// https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps
// Ports that moved to another isolate. Each end of such a channel has a gateway in its isolate, a port that no page sees: what is delivered to it goes to the
// worker, which knows the other end. A port that moves on leaves its gateways as relays.

import { hostPost, onHost } from '../host.js';
import { SafeMap } from '../primordials.js';
import { fireEvent } from '../dom/dispatch.js';
import { queueTask } from '../html/tasks.js';
import { MessagePortImpl, deliverToPort, detachPort, entanglePorts } from './MessagePort.js';
import { decodeSerialized, encodeSerialized } from './wire.js';

const gateways = new SafeMap();    // channel to the gateway in this isolate
let channelPrefix = '';
let nextChannel = 1;

export function startRemotePorts(page, agent) {
  channelPrefix = page + ':' + agent + ':';
}

// { json, bytes, ports, sent }: `sent()` is called when the message has been posted.
export function encodeForRemote(serialized) {
  const { json, bytes } = encodeSerialized(serialized);
  const holders = serialized.holders ?? holdersOfRelayed(serialized.ports);
  const ports = [];
  for (let i = 0; i < holders.length; i++) ports[i] = channelPrefix + nextChannel++;
  const sent = () => {
    for (let i = 0; i < holders.length; i++) sendPort(holders[i], ports[i]);
  };
  return { __proto__: null, json, bytes, ports, sent };
}

// A message that only passes through here: its ports, which nobody has seen, move on.
function holdersOfRelayed(ports) {
  const holders = [];
  for (let i = 0; i < ports.length; i++) holders[i] = detachPort(ports[i]());
  return holders;
}

function postToChannel(channel, serialized) {
  const { json, bytes, ports, sent } = encodeForRemote(serialized);
  hostPost('port.message', { channel, message: json, ports }, bytes);
  sent();
}

function sendPort(holder, channel) {
  const { keeper } = holder;
  if (keeper === null) {             // the other end is closed already
    for (let i = 0; i < holder.queue.length; i++) postToChannel(channel, holder.queue[i]);
    hostPost('port.close', { channel });
    return;
  }
  makeGateway(keeper, channel);
  const { queue } = keeper;
  keeper.queue = [];
  for (let i = 0; i < queue.length; i++) postToChannel(channel, queue[i]);
}

function makeGateway(port, channel) {
  port.gateway = (serialized) => postToChannel(channel, serialized);
  port.onClosed = () => {
    gateways.delete(channel);
    hostPost('port.close', { channel });
  };
  gateways.set(channel, port);
}

// A port goes to another isolate without a message: { channel, sent }, as above.
export function sendPortAlone(port) {
  const channel = channelPrefix + nextChannel++;
  const holder = detachPort(port);
  return { __proto__: null, channel, sent: () => sendPort(holder, channel) };
}

export function portOfChannel(channel) {
  const gateway = new MessagePortImpl();
  makeGateway(gateway, channel);
  const port = new MessagePortImpl();
  entanglePorts(port, gateway);
  return port;
}

// What deserializeValue takes, of a message from elsewhere.
export function decodeFromRemote(message, channels, bytes) {
  const ports = [];
  for (let i = 0; i < channels.length; i++) {
    const port = portOfChannel(channels[i]);
    ports[i] = () => port;
  }
  return decodeSerialized(message, bytes, ports);
}

onHost('port.deliver', (payload, bytes) => {
  const gateway = gateways.get(payload.channel);
  if (gateway === undefined || gateway.other === null) return null;
  deliverToPort(gateway.other, decodeFromRemote(payload.message, payload.ports, bytes));
  return null;
});

onHost('port.closed', (payload) => {
  const gateway = gateways.get(payload.channel);
  if (gateway === undefined) return null;
  gateways.delete(payload.channel);
  const { other } = gateway;
  if (other === null) return null;
  other.other = null;
  if (other.onClosed !== null) other.onClosed();
  else queueTask(null, () => fireEvent(other, 'close'));
  return null;
});
