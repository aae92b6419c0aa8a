import { defineOnce } from '../define-once.js';
import { FlowInspector } from './flow-inspector.js';

declare global {
  interface HTMLElementTagNameMap {
    'flow-inspector': FlowInspector;
  }
}

defineOnce('flow-inspector', FlowInspector);
export { FlowInspector };
