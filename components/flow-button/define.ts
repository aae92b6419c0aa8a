import { defineOnce } from '../define-once.js';
import { FlowButton } from './flow-button.js';

declare global {
  interface HTMLElementTagNameMap {
    'flow-button': FlowButton;
  }
}

defineOnce('flow-button', FlowButton);
export { FlowButton };
export type { FlowEventMap } from '../events.js';
