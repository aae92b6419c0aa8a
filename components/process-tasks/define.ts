import { defineOnce } from '../define-once.js';
import { ProcessTasks } from './process-tasks.js';

declare global {
  interface HTMLElementTagNameMap {
    'process-tasks': ProcessTasks;
  }
}

defineOnce('process-tasks', ProcessTasks);
export { ProcessTasks };
