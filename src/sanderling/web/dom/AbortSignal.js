// https://dom.spec.whatwg.org/#interface-AbortSignal

import { defineInterface } from '../webidl/interface.js';
import { EventTargetImpl } from './EventTarget.js';
import { fireEvent } from './dispatch.js';
import { domException } from './DOMException.js';
import { setTimer } from '../timers.js';

export class AbortSignalImpl extends EventTargetImpl {
  constructor() {
    super();
    this.aborted = false;
    this.reason = undefined;
    this.algorithms = null;        // array of functions
    this.dependent = false;
    this.sources = [];             // AbortSignalImpls
    this.dependents = [];
  }
}

export function addAbortAlgorithm(signal, algorithm) {
  if (signal.aborted) return;
  const list = signal.algorithms ?? (signal.algorithms = []);
  list[list.length] = algorithm;
}

export function removeAbortAlgorithm(signal, algorithm) {
  if (signal.algorithms === null) return;
  const kept = [];
  for (let i = 0; i < signal.algorithms.length; i++) if (signal.algorithms[i] !== algorithm) kept[kept.length] = signal.algorithms[i];
  signal.algorithms = kept;
}

// https://dom.spec.whatwg.org/#abortsignal-signal-abort
export function signalAbort(signal, reason) {
  // 1-2.
  if (signal.aborted) return;
  signal.aborted = true;
  signal.reason = reason === undefined ? domException('AbortError', 'signal is aborted without reason') : reason;
  // 3-4.
  const toAbort = [];
  for (let i = 0; i < signal.dependents.length; i++) {
    const other = signal.dependents[i];
    if (other.aborted) continue;
    other.aborted = true;
    other.reason = signal.reason;
    toAbort[toAbort.length] = other;
  }
  // 5-6.
  runAbortSteps(signal);
  for (let i = 0; i < toAbort.length; i++) runAbortSteps(toAbort[i]);
}

function runAbortSteps(signal) {
  const { algorithms } = signal;
  signal.algorithms = null;
  if (algorithms !== null) for (let i = 0; i < algorithms.length; i++) algorithms[i]();
  fireEvent(signal, 'abort');
}

// https://dom.spec.whatwg.org/#create-a-dependent-abort-signal
// `result`: a new one of the interface that is wanted.
export function dependentSignal(signals, result = new AbortSignalImpl()) {
  for (let i = 0; i < signals.length; i++) {
    if (signals[i].aborted) {
      result.aborted = true;
      result.reason = signals[i].reason;
      return result;
    }
  }
  result.dependent = true;
  for (let i = 0; i < signals.length; i++) {
    const sources = signals[i].dependent ? signals[i].sources : [signals[i]];
    for (let j = 0; j < sources.length; j++) {
      result.sources[result.sources.length] = sources[j];
      sources[j].dependents[sources[j].dependents.length] = result;
    }
  }
  return result;
}

export const abortSignalInterface = defineInterface(`
[Exposed=*]
interface AbortSignal : EventTarget {
  [NewObject] static AbortSignal abort(optional any reason);
  [NewObject] static AbortSignal timeout([EnforceRange] unsigned long long milliseconds);
  [NewObject] static AbortSignal any(sequence<AbortSignal> signals);
  readonly attribute boolean aborted;
  readonly attribute any reason;
  undefined throwIfAborted();
  attribute EventHandler onabort;
};
`, {
  abort(reason) {
    const signal = new AbortSignalImpl();
    signal.aborted = true;
    signal.reason = reason === undefined ? domException('AbortError', 'signal is aborted without reason') : reason;
    return signal;
  },
  timeout(ms) {
    const signal = new AbortSignalImpl();
    setTimer(() => signalAbort(signal, domException('TimeoutError', 'signal timed out')), ms);
    return signal;
  },
  any: (signals) => dependentSignal(signals),
  aborted: (self) => self.aborted,
  reason: (self) => self.reason,
  throwIfAborted(self) {
    if (self.aborted) throw self.reason;
  },
}, AbortSignalImpl);
