export * from './http.js';
export {
  invocable,
  type RegisteredImplementation,
  type ImplementationFunction,
  type Implementations,
  type InvocationContext,
  type Invocable,
  type TransactionalImplementation,
} from './implementation.js';
export * from './log.js';
export * from './registry.js';
export * from './store.js';
