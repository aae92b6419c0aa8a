// The test kit: run a flow in virtual time with fake implementations, and look at what became of it.
export { completedIn, runFlow, type RefusedStep, type RunFlowOptions, type RunOutcome } from './run-flow.js';
export { readScenario, type ScenarioStep } from './scenario.js';
export { createVirtualClock, type VirtualClock } from './virtual-clock.js';
