// https://wicg.github.io/scheduling-apis/#sec-controlling-tasks

import { AbortControllerImpl } from '../dom/AbortController.js';
import { AbortSignalImpl, dependentSignal } from '../dom/AbortSignal.js';
import { domException } from '../dom/DOMException.js';
import { EventImpl, defineEventInterface } from '../dom/Event.js';
import { fireEvent } from '../dom/dispatch.js';
import { defineInterface } from '../webidl/interface.js';
import { moveTasksOf } from './queues.js';

export class TaskSignalImpl extends AbortSignalImpl {
  constructor(priority) {
    super();
    this.priority = priority;
    this.prioritySource = null;          // TaskSignalImpl that a dependent one follows
    this.priorityDependents = [];
    this.priorityChanging = false;
  }
}

class TaskControllerImpl extends AbortControllerImpl {
  constructor(priority) {
    super(new TaskSignalImpl(priority));
  }
}

// https://wicg.github.io/scheduling-apis/#create-a-dependent-task-signal
function dependentTaskSignal(signals, { priority }) {
  // 1-2.
  const result = dependentSignal(signals, new TaskSignalImpl('user-visible'));
  // 3.
  result.dependent = true;
  // 4.
  if (typeof priority === 'string') {
    result.priority = priority;
    return result;
  }
  // 5. A signal that depends on others and has no source of its priority keeps the one it has.
  result.priority = priority.priority;
  const source = priority.dependent ? priority.prioritySource : priority;
  if (source !== null) {
    result.prioritySource = source;
    source.priorityDependents[source.priorityDependents.length] = result;
  }
  return result;
}

// https://wicg.github.io/scheduling-apis/#tasksignal-signal-priority-change
function signalPriorityChange(signal, priority) {
  // 1.
  if (signal.priorityChanging) throw domException('NotAllowedError', "Failed to execute 'setPriority' on 'TaskController': Cannot change priority when a prioritychange event is in progress.");
  // 2.
  if (signal.priority === priority) return;
  // 3-5.
  signal.priorityChanging = true;
  const previousPriority = signal.priority;
  signal.priority = priority;
  // 6. The only algorithm is the queues'.
  moveTasksOf(signal, previousPriority);
  // 7.
  fireEvent(signal, 'prioritychange', { __proto__: null, interface: 'TaskPriorityChangeEvent', init: { __proto__: null, previousPriority } });
  // 8.
  for (let i = 0; i < signal.priorityDependents.length; i++) signalPriorityChange(signal.priorityDependents[i], priority);
  // 9.
  signal.priorityChanging = false;
}

defineInterface(`
enum TaskPriority { "user-blocking", "user-visible", "background" };
dictionary TaskSignalAnyInit { (TaskPriority or TaskSignal) priority = "user-visible"; };
[Exposed=(Window,Worker)]
interface TaskSignal : AbortSignal {
  [NewObject] static TaskSignal any(sequence<AbortSignal> signals, optional TaskSignalAnyInit init = {});
  readonly attribute TaskPriority priority;
  attribute EventHandler onprioritychange;
};
`, {
  any: dependentTaskSignal,
  priority: (self) => self.priority,
}, TaskSignalImpl);

defineInterface(`
dictionary TaskControllerInit { TaskPriority priority = "user-visible"; };
[Exposed=(Window,Worker)]
interface TaskController : AbortController {
  constructor(optional TaskControllerInit init = {});
  undefined setPriority(TaskPriority priority);
};
`, {
  constructor: (init) => new TaskControllerImpl(init.priority),
  setPriority: (self, priority) => signalPriorityChange(self.signal, priority),
}, TaskControllerImpl);

class TaskPriorityChangeEventImpl extends EventImpl {}

defineEventInterface(`
dictionary TaskPriorityChangeEventInit : EventInit { required TaskPriority previousPriority; };
[Exposed=(Window,Worker)]
interface TaskPriorityChangeEvent : Event {
  constructor(DOMString type, TaskPriorityChangeEventInit priorityChangeEventInitDict);
  readonly attribute TaskPriority previousPriority;
};
`, { __proto__: null, previousPriority: 'user-visible' }, TaskPriorityChangeEventImpl);
