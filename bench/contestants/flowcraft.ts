import type { Contestant } from '../scenarios.js';

export const flowcraft: Contestant = {
  name: 'flowcraft',
  package: 'flowcraft',
  prepare: async ({ kind, size }, work) => {
    if (kind !== 'sequence' && kind !== 'split') return undefined;
    const { createFlow, FlowRuntime } = await import('flowcraft');
    const run = async (): Promise<{ output: null }> => ({ output: await work() });
    const ids = Array.from({ length: size }, (_, i) => `a${i}`);
    let flow = createFlow('bench');
    for (const id of kind === 'split' ? ['s', ...ids] : ids) flow = flow.node(id, run);
    if (kind === 'split') {
      flow = flow.node('j', run, { config: { joinStrategy: 'all' } } as never);
      for (const id of ids) flow = flow.edge('s', id).edge(id, 'j');
    } else {
      ids.slice(1).forEach((id, i) => (flow = flow.edge(ids[i]!, id)));
    }
    const runtime = new FlowRuntime({});
    return async () => {
      const result = await flow.run(runtime, {});
      if (result.status !== 'completed') throw new Error(result.status);
    };
  },
};
