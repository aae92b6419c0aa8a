// The public face of the engine: definitions in, hosts and machines out. No DOM is needed.
export * from './builder/index.js';
export * from './model/index.js';
export { flowSchema } from './model/flow-schema.js';
export { validateDefinition } from './model/validate-definition.js';
export { checkDefinition, compile } from './compiler/compile.js';
export { checkCalls } from './compiler/check-calls.js';
export { contentHash } from './compiler/content-hash.js';
export type { CompiledFlow } from './compiler/index.js';
export { compileExpression, evaluateCondition } from './expressions/index.js';
export { parseExpression } from './expressions/inspect-source.js';
export * from './engine/index.js';
export * from './activities/index.js';
export * from './hosts/index.js';
export * from './hosts/logs/index.js';
export { importDefinition, type ImportedDefinitions } from './import-definition.js';
export type { ReportEntry } from './bpmn/index.js';
