export { systemClock, type Clock } from './clock.js';
export * from './host.js';
export { mayDo } from './instance-view.js';
export { createMemoryHost, isOver, type MemoryHostOptions } from './memory-host.js';
