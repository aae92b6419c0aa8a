// What the elements' events carry. Names mean the same on every element, and the events bubble, so that listeners are typed
// wherever they stand: `document.addEventListener('flow-complete', ({ detail }) => detail.output)`.
import type { Diagnostic, InstanceHandle, InstanceView, Json, JsonObject, TaskView } from '../src/runtime/index.js';
import type { RunFailure } from './button/press.js';
import type { TaskForm } from './task-form/task-form.js';

export interface FlowEventMap {
  'flow-start': CustomEvent<{
    readonly flow: string;
    /** May be changed. */
    readonly input: Record<string, Json>;
  }>;
  'flow-started': CustomEvent<{
    readonly instance: InstanceHandle;
    readonly view: InstanceView;
    /** False: `start-once` has found one that runs already. */
    readonly isNew: boolean;
  }>;
  'flow-progress': CustomEvent<{
    readonly instance: InstanceHandle;
    readonly view: InstanceView;
    readonly progress: InstanceView['progress'];
  }>;
  'flow-complete': CustomEvent<{
    readonly instance: InstanceHandle;
    readonly view: InstanceView;
    readonly output: JsonObject;
  }>;
  'flow-error': CustomEvent<{
    /** Absent when it could not start. */
    readonly instance?: InstanceHandle;
    readonly view?: InstanceView;
    readonly error: RunFailure;
    readonly code: string;
    /** Every fault of a flow that does not compile. */
    readonly diagnostics?: readonly Diagnostic[];
  }>;
  'flow-cancel': CustomEvent<{
    readonly instance?: InstanceHandle;
    readonly view?: InstanceView;
    readonly reason?: string;
  }>;
  'task-open': CustomEvent<{ readonly task: TaskView; readonly form: TaskForm }>;
  'task-complete': CustomEvent<{ readonly task: TaskView; readonly output: JsonObject }>;
  'task-skip': CustomEvent<{ readonly task: TaskView }>;
  'task-error': CustomEvent<{ readonly task: TaskView; readonly error: RunFailure }>;
  'status-change': CustomEvent<{ readonly instance: InstanceHandle; readonly view: InstanceView }>;
  'graph-select': CustomEvent<{ readonly activity?: string; readonly connector?: string }>;
  'activity-end': CustomEvent<{ readonly instance: InstanceHandle; readonly view: InstanceView }>;
}

declare global {
  interface GlobalEventHandlersEventMap extends FlowEventMap {}
}
