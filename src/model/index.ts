export * from './definition.js';
export * from './diagnostic.js';
export * from './did-you-mean.js';
export * from './durations.js';
export * from './errors.js';
export { flowSchema } from './flow-schema.js';
export * from './validate-definition.js';
export * from './validate-value.js';
