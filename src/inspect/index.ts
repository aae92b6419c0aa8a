// Pictures of flows, without a page.
export { mermaidGraph } from './mermaid.js';
export {
  layOutFlow,
  type Box,
  type FlowLayout,
  type Layouter,
  type PlacedActivity,
  type PlacedConnector,
  type Point,
} from './layout.js';
export { svgGraph, type SvgOptions } from './svg-graph.js';
export { svgSequence } from './svg-sequence.js';
