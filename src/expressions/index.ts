export * from './condition.js';
export * from './expression.js';
export * from './inspect-source.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export type { ParseFault } from './library.js';
export { plainJson } from './plain-json.js';
