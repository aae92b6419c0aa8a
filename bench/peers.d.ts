// The others are installed by `npm run bench` only; the type check of the project does without them.
declare module 'bpmn-engine';
declare module 'flowcraft';
declare module 'sequential-workflow-machine';
declare module '@tanstack/workflow-core';
declare module '@shoelace-style/shoelace/dist/components/button/button.js';
