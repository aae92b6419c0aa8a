import { defineOnce } from '../define-once.js';
import { TaskForm } from './task-form.js';

declare global {
  interface HTMLElementTagNameMap {
    'task-form': TaskForm;
  }
}

defineOnce('task-form', TaskForm);
export { TaskForm };
export type { FlowEventMap } from '../events.js';
