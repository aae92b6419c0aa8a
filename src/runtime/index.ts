// The page's face: one runtime for all components, shared even when the module is loaded twice.
import { Runtime } from './runtime.js';

export { Runtime, type RuntimeOptions } from './runtime.js';
export type { BusMessage, BusSource } from '../activities/bus.js';
export type { DefinitionSource, RuntimeSettings, ServerSettings } from './page-state.js';
export type { Environment, HostKind, StartRequest } from './hosting.js';
export type { BackgroundRun, BackgroundRuns } from './background-runs.js';
export type { InstanceHandle } from './instance-handle.js';
export { newId } from './new-id.js';
export { FlowError, FlowDefinitionError, type FailureData } from '../model/errors.js';
export type { CompiledFlow } from '../compiler/index.js';
export type {
  FlowHost,
  HistoryRecord,
  HostCommand,
  InstanceQuery,
  InstanceView,
  RetryOptions,
  StartOptions,
  TaskView,
  User,
} from '../hosts/host.js';
export type {
  InstanceArchive,
  Management,
  MigrationOptions,
  MigrationPlan,
  PruneResult,
  RetentionPolicy,
} from '../hosts/management/index.js';
export type { Scheduler, ScheduleSettings, ScheduleView } from '../hosts/schedules/index.js';
export type {
  DataEntry,
  DataQuery,
  InstanceLogs,
  LogQuery,
  TransactionEntry,
  TransactionQuery,
} from '../hosts/logs/index.js';
export type { Diagnostic } from '../model/diagnostic.js';
export type { FlowDefinition, FlowKind, Json, JsonObject, JsonSchema } from '../model/definition.js';
export type {
  ImplementationFunction,
  Implementations,
  InvocationContext,
  RegisteredImplementation,
  TransactionalImplementation,
} from '../activities/implementation.js';

const SHARED = Symbol.for('millrace.runtime');

/** The page's runtime. Definitions in `<script type="application/flow+json">` elements of the document are its own. */
export const runtime: Runtime = ((globalThis as { [SHARED]?: Runtime })[SHARED] ??= new Runtime(
  globalThis.document ? { document: globalThis.document } : {},
));
