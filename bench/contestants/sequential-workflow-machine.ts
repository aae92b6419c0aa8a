import type { Contestant } from '../scenarios.js';

export const sequentialWorkflowMachine: Contestant = {
  name: 'sequential-workflow-machine',
  package: 'sequential-workflow-machine',
  prepare: async ({ kind, size }, work) => {
    if (kind !== 'sequence') return undefined;
    const { createActivitySet, createAtomActivity, createWorkflowMachineBuilder } =
      await import('sequential-workflow-machine');
    const activity = createAtomActivity('work', { init: () => ({}), handler: async () => void (await work()) });
    const machine = createWorkflowMachineBuilder(createActivitySet([activity])).build({
      properties: {},
      sequence: Array.from({ length: size }, (_, i) => ({
        id: `a${i}`,
        componentType: 'task',
        type: 'work',
        name: `a${i}`,
        properties: {},
      })),
    });
    return () =>
      new Promise<void>((resolve) => {
        const interpreter = machine.create({ init: () => ({}) });
        interpreter.onDone(() => resolve());
        interpreter.start();
      });
  },
};
