// https://drafts.csswg.org/cssom-view/#scrolling-events
// The events of what was scrolled: one `scroll` however often that was in a task, and a `scrollend` behind it, since scrolling takes no time here.

import { fireEvent } from '../../dom/dispatch.js';
import { queueTask } from '../../html/tasks.js';
import { SafeWeakSet } from '../../primordials.js';

const scrolled = new SafeWeakSet();      // documents and elements that are to hear of it; those of a document that has lost its window never do

export function queueScrollEvents(target) {
  if (scrolled.has(target)) return;
  const bubbles = target.nodeType === 9;
  const doc = bubbles ? target : target.doc;
  scrolled.add(target);
  queueTask(doc, () => {
    scrolled.delete(target);
    fireEvent(target, 'scroll', { __proto__: null, bubbles });
    queueTask(doc, () => {
      // What was scrolled on meanwhile has not come to its end.
      if (!scrolled.has(target)) fireEvent(target, 'scrollend', { __proto__: null, bubbles });
    });
  });
}
