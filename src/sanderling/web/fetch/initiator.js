// https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-Initiator
// Which code made a request: found only while somebody watches the network.

import { onHost } from '../host.js';
import { callerStack } from '../console/console.js';
import { callFramesOf } from '../inspector/describe.js';

let tracesRequests = false;

export function setRequestTracing(on) {
  tracesRequests = on;
}

onHost('network.trace', (payload) => {
  setRequestTracing(payload.on);
  return null;
});

// Name the code in what is sent to the host. Nothing where no code of the page runs: then it was the parser.
export function traceRequest(payload) {
  if (!tracesRequests) return;
  const frames = callFramesOf(callerStack());
  if (frames.length > 0) payload.stack = frames;
}
