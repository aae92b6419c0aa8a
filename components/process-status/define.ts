import { defineOnce } from '../define-once.js';
import { resumeWithPage } from '../resume-with-page.js';
import { ProcessStatus } from './process-status.js';

declare global {
  interface HTMLElementTagNameMap {
    'process-status': ProcessStatus;
  }
}

defineOnce('process-status', ProcessStatus);
resumeWithPage();
export { ProcessStatus };
export type { FlowEventMap } from '../events.js';
