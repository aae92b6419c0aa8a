// Durable execution by replay; every activity is a step of its log, kept in memory here as ours is.
import type { Contestant } from '../scenarios.js';

export const tanstackWorkflow: Contestant = {
  name: 'TanStack Workflow',
  package: '@tanstack/workflow-core',
  prepare: async ({ kind, size }, work) => {
    if (kind !== 'sequence' && kind !== 'split' && kind !== 'loop' && kind !== 'inclusive') return undefined;
    const { createWorkflow, inMemoryRunStore, runWorkflow } = await import('@tanstack/workflow-core');
    const ids = Array.from({ length: kind === 'inclusive' ? 3 : size }, (_, i) => `a${i}`);
    type Steps = { step(id: string, work: () => Promise<null>): Promise<null> };
    const workflow = createWorkflow({ id: 'bench' }).handler(async (ctx: Steps) => {
      if (kind === 'sequence' || kind === 'loop') for (const id of ids) await ctx.step(id, work);
      if (kind === 'loop') await ctx.step('end', work);
      if (kind === 'sequence' || kind === 'loop') return;
      await ctx.step('s', work);
      await Promise.all(ids.map((id) => ctx.step(id, work)));
      await ctx.step('j', work);
    });
    return async () => {
      // As long as a run lasts its store is its own; finished runs would be kept for an hour.
      for await (const event of runWorkflow({ workflow, input: {}, runStore: inMemoryRunStore() }))
        if (event.type === 'RUN_ERRORED') throw new Error(JSON.stringify(event));
    };
  },
};
