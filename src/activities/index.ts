export * from './http.js';
export type { Implementations, ImplementationFunction, InvocationContext } from './implementation.js';
export * from './log.js';
export * from './registry.js';
