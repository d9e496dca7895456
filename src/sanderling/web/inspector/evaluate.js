// https://playwright.dev/docs/evaluating: the evaluation behind the Python API
// An expression, or a function with one argument, in the main world of a window. A promise is awaited, and its outcome posted.

import { hostPost, onHost, evalScript } from '../host.js';
import { PromisePrototypeThen, PromiseResolve, Promise, ReflectApply, SafeMap } from '../primordials.js';
import { windowOfFrame, withWindow, mainWindow } from '../html/realm.js';
import { describeError, readValue, writeValue } from './values.js';
import { evaluateExpressionIn, evaluateIn } from '../html/frame_scripts.js';

const handles = new SafeMap();
let nextHandle = 1;

export function handleFor(value) {
  const id = nextHandle++;
  handles.set(id, value);
  return id;
}

onHost('handle.release', (payload) => {
  handles.delete(payload.id);
  return null;
});

// Payload: { id, frame, source, isFunction, args: [...], asHandle }. Result: { value } | { error } | { pending: true }.
onHost('evaluate', (payload) => {
  const window = windowOfFrame(payload.frame) ?? mainWindow();
  return withWindow(window, () => {
    let result;
    try {
      result = evaluateSource(window, payload);
    } catch (error) {
      return { __proto__: null, error: describeError(error) };
    }
    if (isThenable(result)) {
      const finish = (outcome) => {
        hostPost('evaluated', { __proto__: null, id: payload.id, ...outcome });
      };
      // The page's own `then` may be called here: an endless one is caught by the deadline of the entry.
      PromisePrototypeThen(
        PromiseResolve(Promise, result),
        (value) => finish(pack(value, payload.asHandle)),
        (error) => finish({ __proto__: null, error: describeError(error) }),
      );
      return { __proto__: null, pending: true };
    }
    return pack(result, payload.asHandle);
  });
});

function evaluateSource(window, payload) {
  if (!payload.isFunction) {
    const value = evaluateIn(window, payload.source, 'sanderling:evaluate');
    // A string that evaluates to a function is called, as in Playwright.
    if (typeof value === 'function' && payload.maybeFunction) return ReflectApply(value, undefined, readArguments(payload));
    return value;
  }
  const fn = evaluateExpressionIn(window, payload.source, 'sanderling:evaluate');
  return ReflectApply(fn, undefined, readArguments(payload));
}

function readArguments(payload) {
  const args = [];
  for (let i = 0; i < payload.args.length; i++) args[i] = readValue(payload.args[i], (id) => handles.get(id));
  return args;
}

function isThenable(value) {
  return value !== null && typeof value === 'object' && typeof value.then === 'function';
}

function pack(value, asHandle) {
  if (asHandle) return { __proto__: null, handle: handleFor(value) };
  try {
    return { __proto__: null, value: writeValue(value) };
  } catch (error) {
    return { __proto__: null, error: describeError(error) };
  }
}

