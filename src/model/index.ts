// What everyone shares. The check of a definition's shape stands apart (`validate-definition.ts`): only the compiler needs it.
export * from './definition.js';
export * from './diagnostic.js';
export * from './did-you-mean.js';
export * from './durations.js';
export * from './environment.js';
export * from './errors.js';
export * from './validate-value.js';
