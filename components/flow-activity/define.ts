import { defineOnce } from '../define-once.js';
import { FlowActivity } from './flow-activity.js';

declare global {
  interface HTMLElementTagNameMap {
    'flow-activity': FlowActivity;
  }
}

defineOnce('flow-activity', FlowActivity);
export { FlowActivity };
export type { FlowEventMap } from '../events.js';
