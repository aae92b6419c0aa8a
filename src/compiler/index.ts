export * from './check-expressions.js';
export * from './compile.js';
export { canonical, contentHash } from './content-hash.js';
export {
  CANCELLED,
  COMPLETED,
  IDLE,
  regionsOf,
  stateKey,
  type AtParams,
  type MachineConfig,
  type StateConfig,
} from './emit-machine.js';
export { immediateDominators, type Graph } from './dominators.js';
export { currentMember, successorsOf, type ActivityMember, type Block, type Region } from './layout.js';
export * from './plan.js';
