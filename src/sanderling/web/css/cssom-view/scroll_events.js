// https://drafts.csswg.org/cssom-view/#scrolling-events
// The events of what was scrolled: one `scroll` however often that was in a task, and a `scrollend` behind it, since scrolling takes no time here.

import { fireEvent } from '../../dom/dispatch.js';
import { queueTask } from '../../html/tasks.js';

let scrolled = [];           // documents and elements that are to hear of it

function isWaiting(target) {
  for (let i = 0; i < scrolled.length; i++) if (scrolled[i] === target) return true;
  return false;
}

export function queueScrollEvents(target) {
  if (isWaiting(target)) return;
  const bubbles = target.nodeType === 9;
  const doc = bubbles ? target : target.doc;
  scrolled[scrolled.length] = target;
  queueTask(doc, () => {
    forget(target);
    fireEvent(target, 'scroll', { __proto__: null, bubbles });
    queueTask(doc, () => {
      // What was scrolled on meanwhile has not come to its end.
      if (!isWaiting(target)) fireEvent(target, 'scrollend', { __proto__: null, bubbles });
    });
  });
}

// What has lost its window hears of nothing: its task does not run.
function forget(target) {
  const kept = [];
  for (let i = 0; i < scrolled.length; i++) {
    const one = scrolled[i];
    if (one !== target && (one.nodeType === 9 ? one : one.doc).window !== null) kept[kept.length] = one;
  }
  scrolled = kept;
}
