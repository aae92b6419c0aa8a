// What evaluates expressions. What looks into their source stands apart (`inspect-source.ts`): only the compiler needs it.
export * from './condition.js';
export * from './expression.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export type { ParseFault } from './library.js';
export { plainJson } from './plain-json.js';
