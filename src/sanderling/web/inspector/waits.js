// https://playwright.dev/docs/api/class-page#page-wait-for-selector
// Waits of the Python API: for a selector, for a predicate. They are looked at when the DOM has changed and at animation frames; nothing polls the page
// from outside. Playwright's meanings: a strict order of states, `visible` has a box and is not visibility:hidden.

import { hostPost, onHost, setEntryEnd } from '../host.js';
import { windowOfFrame, mainWindow, withWindow } from '../html/realm.js';
import { querySelectorEvery } from '../css/selectors/query.js';
import { reportTitleIfChanged } from '../html/start.js';
import { isVisible } from '../css/cssom/rendered.js';
import { startFrames } from '../timers.js';
import { describeError, readValue, writeValue } from './values.js';
import { evaluateExpressionIn, evaluateIn } from '../html/frame_scripts.js';
import { PromisePrototypeThen, ReflectApply } from '../primordials.js';

let waits = [];
let lastVersion = -1;

function finishWait(wait, outcome) {
  wait.done = true;
  hostPost('waited', { __proto__: null, id: wait.id, ...outcome });
}

// Look at every wait; those that are satisfied leave.
function checkWaits(predicates) {
  let kept = 0;
  for (let i = 0; i < waits.length; i++) {
    const wait = waits[i];
    if (!wait.done && (predicates || wait.kind === 'selector')) {
      const window = windowOfFrame(wait.frame) ?? mainWindow();
      withWindow(window, () => wait.look(window));
    }
    if (!wait.done) waits[kept++] = wait;
  }
  waits.length = kept;
}

function onFrame() {
  checkWaits(true);
  if (needFrames()) startFrames(onFrame);
}

function needFrames() {
  for (let i = 0; i < waits.length; i++) if (waits[i].kind === 'function') return true;
  return false;
}

class SelectorWait {
  constructor(payload) {
    this.id = payload.id;
    this.frame = payload.frame;
    this.kind = 'selector';
    this.selector = payload.selector;
    this.state = payload.state;
    this.done = false;
  }

  look(window) {
    let found;
    try {
      found = querySelectorEvery(window.document, this.selector);
    } catch (error) {
      finishWait(this, { __proto__: null, error: describeError(error) });
      return;
    }
    const first = found.length > 0 ? found[0] : null;
    let satisfied;
    if (this.state === 'attached') satisfied = first !== null;
    else if (this.state === 'detached') satisfied = first === null;
    else if (this.state === 'visible') satisfied = first !== null && isVisible(first);
    else satisfied = first === null || !isVisible(first);
    if (satisfied) finishWait(this, { __proto__: null, value: true });
  }
}

class FunctionWait {
  constructor(payload) {
    this.id = payload.id;
    this.frame = payload.frame;
    this.kind = 'function';
    this.source = payload.source;
    this.isFunction = payload.isFunction;
    this.args = payload.args;
    this.pending = false;
    this.done = false;
  }

  look(window) {
    if (this.pending) return;
    let value;
    try {
      value = this.isFunction ? evaluateExpressionIn(window, this.source, 'sanderling:wait') : evaluateIn(window, this.source, 'sanderling:wait');
      if (typeof value === 'function') {
        const args = [];
        for (let i = 0; i < this.args.length; i++) args[i] = readValue(this.args[i], () => undefined);
        value = ReflectApply(value, undefined, args);
      }
    } catch (error) {
      finishWait(this, { __proto__: null, error: describeError(error) });
      return;
    }
    if (value !== null && typeof value === 'object' && typeof value.then === 'function') {
      this.pending = true;
      PromisePrototypeThen(value, (result) => { this.pending = false; this.settle(result); },
        (error) => { this.pending = false; finishWait(this, { __proto__: null, error: describeError(error) }); });
      return;
    }
    this.settle(value);
  }

  settle(value) {
    if (!value || this.done) return;
    try {
      finishWait(this, { __proto__: null, value: writeValue(value) });
    } catch (error) {
      finishWait(this, { __proto__: null, error: describeError(error) });
    }
  }
}

onHost('wait', (payload) => {
  const wait = payload.selector !== undefined ? new SelectorWait(payload) : new FunctionWait(payload);
  waits[waits.length] = wait;
  checkWaits(true);
  if (needFrames()) startFrames(onFrame);
  return null;
});

onHost('wait.cancel', (payload) => {
  let kept = 0;
  for (let i = 0; i < waits.length; i++) if (waits[i].id !== payload.id) waits[kept++] = waits[i];
  waits.length = kept;
  return null;
});

// At the end of every entry: did the DOM change? The host hears it (quiet windows), and waits for selectors are looked at.
setEntryEnd(() => {
  const window = mainWindow();
  if (window === null) return false;
  const version = window.document.version;
  if (version === lastVersion) return false;
  lastVersion = version;
  if (waits.length > 0) checkWaits(false);
  reportTitleIfChanged();
  return true;
});

