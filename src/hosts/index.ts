export { systemClock, type Clock } from './clock.js';
export * from './host.js';
export type { ManagedHost } from './managed-host.js';
export type { MissedPolicy, Scheduler, ScheduleSettings, ScheduleView } from './schedules/index.js';
export { isOver, mayDo } from './instance-view.js';
export { createMemoryHost, type MemoryHost, type MemoryHostOptions, type TraceEvent } from './memory-host.js';
