import { defineOnce } from '../define-once.js';
import { FlowProvider } from './flow-provider.js';

declare global {
  interface HTMLElementTagNameMap {
    'flow-provider': FlowProvider;
  }
}

defineOnce('flow-provider', FlowProvider);
export { FlowProvider };
