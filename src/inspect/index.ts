// Pictures of flows and of what happened to their instances, without a page.
export * from './live.js';
export { walk } from './walk.js';
export { whyItWaits } from './why.js';
export { mermaidGraph } from './mermaid.js';
export { loopsIn, replayOf, waitingJoins, type Replay, type WaitingJoin } from './replay.js';
export { svgGraph, type SvgOptions } from './svg-graph.js';
export { sequenceRules, svgSequence, type SequenceOptions } from './svg-sequence.js';
export { durationInWords, timelineOf, type Bar, type Stretch, type Timeline } from './timeline.js';
export { dataOf, evaluationsOf, tokensIn, type DataEntry, type Evaluation } from './evaluations.js';
export { draftOf, type FlowDraft } from './draft.js';
export { exportedSource, exportInstance, readExported, type ExportedInstance } from './exported.js';
export { redactedHistory, redactedView } from './redacted.js';
export { happeningsIn, type Happening } from './happenings.js';
export { svgHappenings, type HappeningsOptions } from './svg-happenings.js';
export * from './protocol/index.js';
export * from './code/index.js';
