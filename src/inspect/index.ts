// Pictures of flows, without a page.
export { mermaidGraph } from './mermaid.js';
