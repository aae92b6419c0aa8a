// What those who run compiled flows need. The compiler itself stands apart (`compile.ts`, behind `compileOnDemand`), so
// that a page which brings its flows compiled loads none of it.
export { compileOnDemand } from './compile-on-demand.js';
export type { CompiledFlow } from './compile.js';
export type { AtParams, MachineConfig, StateConfig } from './emit-machine.js';
export { currentMembers, type ActivityMember, type Block, type Member, type Region } from './layout.js';
export { CANCELLED, COMPLETED, IDLE, stateKey } from './state-keys.js';
export type { BodyId, Plan, PlannedActivity, PlannedBody, PlannedBoundary, PlannedConnector } from './plan.js';
