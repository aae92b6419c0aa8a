export { defineFlow } from './define-flow.js';
export type { ActivityOf, FromSchema, InputOf, OutputOf, TypedFlow, VariableOf } from './types.js';
