// https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworkerglobalscope-interface
// The global object of a shared web worker, and its `connect` events: they wait until the script has run.

import { hostPost, onHost } from '../host.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { fireEvent } from '../dom/dispatch.js';
import { mainWindow } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { portOfChannel } from '../webmessaging/remote_ports.js';
import { WorkerGlobalScopeImpl, closeWorker } from './WorkerGlobalScope.js';

export class SharedWorkerGlobalScopeImpl extends WorkerGlobalScopeImpl {}
SharedWorkerGlobalScopeImpl.prototype.isShared = true;

export const sharedWorkerGlobalScopeInterface = defineInterface(`
[Global=(Worker,SharedWorker), Exposed=SharedWorker]
interface SharedWorkerGlobalScope : WorkerGlobalScope {
  [Replaceable] readonly attribute DOMString name;
  undefined close();
  attribute EventHandler onconnect;
};
`, {
  name: (self) => self.name,
  close: closeWorker,
}, SharedWorkerGlobalScopeImpl);

let earlyPorts = [];       // of documents that connected before the script has run; null from then on

// https://html.spec.whatwg.org/multipage/workers.html#run-a-worker
function queueConnect(port) {
  const scope = mainWindow();
  queueTask(scope.document, () => {
    if (scope.closing) return;
    fireEvent(scope, 'connect', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data: '', ports: [port], source: wrap(port) } });
  });
}

// Gives whether they had to wait until now.
export function letDocumentsIn() {
  if (earlyPorts === null) return false;
  const ports = earlyPorts;
  earlyPorts = null;
  for (let i = 0; i < ports.length; i++) queueConnect(ports[i]);
  return true;
}

onHost('sharedworker.connected', (payload) => {
  // The port is there from now on: what was sent through it comes right behind, and waits in it.
  const port = portOfChannel(payload.channel);
  if (earlyPorts === null) queueConnect(port);
  else earlyPorts[earlyPorts.length] = port;
  return null;
});
