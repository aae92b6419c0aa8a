// Defines every element; `runtime` is what a page configures.
export { FlowButton } from './flow-button/define.js';
export { ProcessButton } from './process-button/define.js';
export { ProcessTasks } from './process-tasks/define.js';
export { localise } from './localisation.js';
export { runtime } from '../src/runtime/index.js';
