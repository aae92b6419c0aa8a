// The page's face: one runtime for all components, shared even when the module is loaded twice.
import { Runtime } from './runtime.js';

export { Runtime, type InstanceHandle, type RuntimeSettings } from './runtime.js';
export type {
  FlowHost,
  HostCommand,
  InstanceQuery,
  InstanceView,
  StartOptions,
  TaskView,
  User,
} from '../hosts/index.js';
export type { FlowDefinition, Json, JsonObject } from '../model/index.js';
export type { ImplementationFunction, InvocationContext } from '../activities/index.js';

const SHARED = Symbol.for('millrace.runtime');

/** The page's runtime. */
export const runtime: Runtime = ((globalThis as { [SHARED]?: Runtime })[SHARED] ??= new Runtime());
