export * from './definition.js';
export * from './diagnostic.js';
export * from './errors.js';
