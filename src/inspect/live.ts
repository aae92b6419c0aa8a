// What an inspector needs at once. Views that are opened now and then (`replay.ts`, `svg-sequence.ts`, `timeline.ts` …) are not
// in it: each of them is a chunk of its own.
export {
  layOutFlow,
  type Box,
  type FlowLayout,
  type Lane,
  type Layouter,
  type LayoutOptions,
  type PlacedActivity,
  type PlacedConnector,
  type Point,
} from './layout.js';
export { momentOf, stepInWords, type ActivityMoment, type Moment } from './moment.js';
export { labelOn, lineThrough } from './connector-line.js';
export { connectorsOf } from './connectors.js';
export type { Direction, Place } from './walk.js';
export { waysIn, type WayCount } from './ways.js';
