export { systemClock, type Clock } from './clock.js';
export * from './host.js';
export { mayDo } from './instance-view.js';
export { createMemoryHost, isOver, type MemoryHost, type MemoryHostOptions, type TraceEvent } from './memory-host.js';
