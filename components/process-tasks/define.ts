import { defineOnce } from '../define-once.js';
import { resumeWithPage } from '../resume-with-page.js';
import '../task-form/define.js';
import { ProcessTasks } from './process-tasks.js';

declare global {
  interface HTMLElementTagNameMap {
    'process-tasks': ProcessTasks;
  }
}

defineOnce('process-tasks', ProcessTasks);
resumeWithPage();
export { ProcessTasks };
export type { FlowEventMap } from '../events.js';
