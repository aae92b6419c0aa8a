import { defineOnce } from '../define-once.js';
import { FlowGraph } from './flow-graph.js';

declare global {
  interface HTMLElementTagNameMap {
    'flow-graph': FlowGraph;
  }
}

defineOnce('flow-graph', FlowGraph);
export { FlowGraph };
