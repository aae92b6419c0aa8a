export { accepts } from './accepts.js';
export { advance, initialState } from './advance.js';
export { apply, begin, type Applied } from './apply.js';
export { checkInput } from './check-values.js';
export * from './instance.js';
export { machineOf, snapshotOf, type MachineInput } from './machine.js';
export { isPromise, type MaybePromise } from './maybe-promise.js';
export * from './state.js';
export { stateValueOf, type StateValue } from './state-value.js';
