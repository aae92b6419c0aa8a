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
export { sequenceRules, svgSequence, type SequenceOptions } from './svg-sequence.js';
export { waysIn, type WayCount } from './ways.js';
export { durationInWords, timelineOf, type Bar, type Stretch, type Timeline } from './timeline.js';
export { whyItWaits } from './why.js';
