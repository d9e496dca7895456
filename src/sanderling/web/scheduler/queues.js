// https://wicg.github.io/scheduling-apis/#sec-scheduling-tasks-and-continuations
// The tasks of `scheduler`, by effective priority: what blocks the user and continuations of what the user sees go before the platform's own tasks and timers,
// what the user sees takes its turn among timers, what belongs to the background waits until nothing else is due (timers.js calls).

import { nowMs, runMicrotasks } from '../host.js';
import { asPlatform } from '../html/realm.js';
import { reportException } from '../html/report.js';
import { setScheduledTasks } from '../html/tasks.js';
import { nextTimerOrder } from '../timers.js';

// https://wicg.github.io/scheduling-apis/#scheduler-task-queue-effective-priority; a continuation's is one higher
const EFFECTIVE_PRIORITY = { __proto__: null, 'background': 0, 'user-visible': 2, 'user-blocking': 4 };
const VISIBLE_TASKS = 2;
const HIGHEST_LEVEL = 5;

const taskLevels = [];      // by effective priority: { tasks, head }, oldest first
for (let i = 0; i <= HIGHEST_LEVEL; i++) taskLevels[i] = { __proto__: null, tasks: [], head: 0 };
const FIRST_ROUND_MS = 50;
let urgentEnd = nowMs() + FIRST_ROUND_MS;      // until when urgent tasks go first: others want their turn

function taskLevelOf(priority, continuation) {
  return taskLevels[EFFECTIVE_PRIORITY[priority] + (continuation ? 1 : 0)];
}

// `source` has the priority: a TaskSignalImpl, or an object with nothing else. What is returned can be dropped.
export function enqueueScheduled(doc, source, continuation, steps) {
  const task = { __proto__: null, due: nowMs(), order: nextTimerOrder(), doc, source, continuation, steps };
  const { tasks } = taskLevelOf(source.priority, continuation);
  tasks[tasks.length] = task;
  return task;
}

export function dropScheduled(task) {
  task.steps = null;
}

function firstTaskOf(level) {
  const { tasks } = level;
  while (level.head < tasks.length) {
    const task = tasks[level.head];
    if (task.steps !== null && task.doc.window !== null) return task;
    tasks[level.head++] = null;
  }
  tasks.length = 0;
  level.head = 0;
  return null;
}

function firstTaskBetween(high, low) {
  for (let i = high; i >= low; i--) {
    const task = firstTaskOf(taskLevels[i]);
    if (task !== null) return task;
  }
  return null;
}

const MAX_RUN_KEPT = 1000;

// Those that have run go, also where each puts another one behind it and the level is never empty.
function dropRun(level) {
  const { tasks, head } = level;
  let kept = 0;
  for (let i = head; i < tasks.length; i++) tasks[kept++] = tasks[i];
  tasks.length = kept;
  level.head = 0;
}

// The first of its level.
function runScheduled(task) {
  const level = taskLevelOf(task.source.priority, task.continuation);
  level.tasks[level.head++] = null;
  if (level.head > MAX_RUN_KEPT && level.head * 2 > level.tasks.length) dropRun(level);
  const { steps, doc } = task;
  const { window } = doc;
  task.steps = null;
  try {
    asPlatform(window, steps);
  } catch (error) {
    reportException(error, window);
  }
  runMicrotasks();
}

function mergedByOrder(a, b) {
  const merged = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) merged[merged.length] = j === b.length || (i < a.length && a[i].order < b[j].order) ? a[i++] : b[j++];
  return merged;
}

// The priority of the signal is another one now.
export function moveTasksOf(source, previous) {
  for (let i = 0; i < 2; i++) {
    const from = taskLevelOf(previous, i === 1);
    const to = taskLevelOf(source.priority, i === 1);
    const kept = [];
    const moved = [];
    for (let j = from.head; j < from.tasks.length; j++) {
      const task = from.tasks[j];
      const list = task.source === source ? moved : kept;
      list[list.length] = task;
    }
    if (moved.length === 0) continue;
    const rest = [];
    for (let j = to.head; j < to.tasks.length; j++) rest[rest.length] = to.tasks[j];
    from.tasks = kept;
    to.tasks = mergedByOrder(rest, moved);
    from.head = to.head = 0;
  }
}

setScheduledTasks({
  __proto__: null,
  waits: () => firstTaskBetween(HIGHEST_LEVEL, 0) !== null,
  beginRound(end) {
    urgentEnd = end;
  },
  runUrgent() {
    while (nowMs() < urgentEnd) {
      const task = firstTaskBetween(HIGHEST_LEVEL, VISIBLE_TASKS + 1);
      if (task === null) return;
      runScheduled(task);
    }
  },
  normal: () => firstTaskOf(taskLevels[VISIBLE_TASKS]),
  run: runScheduled,
  background: () => (firstTaskBetween(HIGHEST_LEVEL, VISIBLE_TASKS) === null ? firstTaskBetween(VISIBLE_TASKS - 1, 0) : null),
});
