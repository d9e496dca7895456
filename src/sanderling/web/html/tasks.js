// https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-task
// Tasks queued by the platform itself. They run after the current entry's script, each with a microtask checkpoint; the timer source
// tells the host that there are some, so that it comes back at once.

import { runMicrotasks } from '../host.js';
import { asPlatform, mainWindow } from './realm.js';
import { reportException } from './report.js';

let queue = [];
let spare = [];
let runningTask = 0;         // which of the batch
let scheduled = null;        // the queues of the page's `scheduler`, once that is used (scheduler/queues.js)

export function setScheduledTasks(queues) {
  scheduled = queues;
}

export function scheduledTasks() {
  return scheduled;
}

// `doc` may be null. A task of a document that has lost its window is dropped (HTML: it is not fully active).
export function queueTask(doc, steps) {
  queue[queue.length] = { __proto__: null, doc, steps };
}

// Has no other task run in this round?
export function isFirstTask() {
  return runningTask === 0;
}

export function hasTasks() {
  return queue.length > 0;
}

// Run what was queued before this call; what those tasks queue comes next time.
export function runTasks() {
  const batch = queue;
  queue = spare;
  for (let i = 0; i < batch.length; i++) {
    if (scheduled !== null) scheduled.runUrgent();
    const task = batch[i];
    runningTask = i;
    const window = task.doc === null ? mainWindow() : task.doc.window;
    if (window === null) continue;
    try {
      asPlatform(window, task.steps);
    } catch (error) {
      reportException(error, window);
    }
    runMicrotasks();
  }
  batch.length = 0;
  spare = batch;
}
