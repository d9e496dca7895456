// https://dom.spec.whatwg.org/#interface-abortcontroller

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { AbortSignalImpl, signalAbort } from './AbortSignal.js';

export class AbortControllerImpl extends Impl {
  constructor(signal = new AbortSignalImpl()) {
    super();
    this.signal = signal;
  }
}

export const abortControllerInterface = defineInterface(`
[Exposed=*]
interface AbortController {
  constructor();
  [SameObject] readonly attribute AbortSignal signal;
  undefined abort(optional any reason);
};
`, {
  constructor: () => new AbortControllerImpl(),
  signal: (self) => self.signal,
  abort: (self, reason) => signalAbort(self.signal, reason),
}, AbortControllerImpl);
