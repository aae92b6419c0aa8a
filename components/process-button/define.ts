import { defineOnce } from '../define-once.js';
import { resumeWithPage } from '../resume-with-page.js';
import { ProcessButton } from './process-button.js';

declare global {
  interface HTMLElementTagNameMap {
    'process-button': ProcessButton;
  }
}

defineOnce('process-button', ProcessButton);
resumeWithPage();
export { ProcessButton };
export type { FlowEventMap } from '../events.js';
