// Flows as code, and back.
export { builderCode } from './builder-code.js';
export { pseudoCode } from './pseudo-code.js';
export { readBuilderCode } from './read-code.js';
