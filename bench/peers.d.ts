// The others are installed by `npm run bench` only; the type check of the project does without them.
declare module 'bpmn-engine';
declare module 'flowcraft';
declare module 'sequential-workflow-machine';
