// Defines every element; `runtime` is what a page configures.
export { FlowActivity } from './flow-activity/define.js';
export { FlowButton } from './flow-button/define.js';
export { FlowProvider } from './flow-provider/define.js';
export { ProcessButton } from './process-button/define.js';
export { ProcessStatus } from './process-status/define.js';
export { ProcessTasks } from './process-tasks/define.js';
export { TaskForm } from './task-form/define.js';
export { localise, type TextKey, type Texts } from './localisation.js';
export type { FlowEventMap } from './events.js';
export type { Concurrency } from './button/press.js';
export type { ButtonState, DropReason, RunFailure, RunOutcome } from './button/press.js';
export { Runtime, runtime } from '../src/runtime/index.js';
