export { systemClock, type Clock } from './clock.js';
export * from './host.js';
export type { MemoryHostOptions } from './memory-host-options.js';
export type { ManagedHost } from './managed-host.js';
export type {
  InstanceArchive,
  Management,
  MigrationOptions,
  MigrationPlan,
  PruneResult,
  RetentionPolicy,
} from './management/index.js';
export type { MissedPolicy, Scheduler, ScheduleSettings, ScheduleView } from './schedules/index.js';
export { isOver, mayDo } from './instance-view.js';
export { createMemoryHost, type MemoryHost } from './memory-host.js';
export type { TraceEvent } from './trace.js';
