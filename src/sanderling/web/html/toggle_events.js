// https://html.spec.whatwg.org/multipage/interaction.html#the-toggleevent-interface
// What details, dialogs and popovers tell of their opening and closing.

import { fireEvent } from '../dom/dispatch.js';
import { queueTask } from './tasks.js';

// Gives whether nobody prevented it.
export function fireToggleEvent(el, type, oldState, newState, source, cancelable) {
  return fireEvent(el, type, { __proto__: null, cancelable, interface: 'ToggleEvent', init: { __proto__: null, oldState, newState, source } });
}

// https://html.spec.whatwg.org/multipage/interactive-elements.html#queue-a-details-toggle-event-task and those of dialogs and popovers.
// `state.toggle` is the task tracker: a second change before the event is fired makes one event of both.
export function queueToggleEvent(el, state, from, to, source) {
  let oldState = from;
  // 1.
  if (state.toggle !== null) {
    ({ oldState } = state.toggle);
    state.toggle.cancelled = true;
  }
  // 2-3.
  const mine = { __proto__: null, oldState, cancelled: false };
  state.toggle = mine;
  queueTask(el.doc, () => {
    if (mine.cancelled) return;
    state.toggle = null;
    fireToggleEvent(el, 'toggle', oldState, to, source, false);
  });
}
