import {
  compile,
  createMemoryHost,
  type ActivityDefinition,
  type ConnectorDefinition,
  type FlowDefinition,
} from '../../src/index.js';
import type { Contestant, Scenario } from '../scenarios.js';

export const millrace: Contestant = {
  name: 'Millrace',
  package: 'millrace',
  prepare: async (scenario, work) => {
    const host = createMemoryHost({ implementations: { work }, keepFinished: 1 });
    const flow = flowFor(scenario);
    await host.deploy(await compile(flow));
    return async () => {
      const { id } = await host.start(flow.flow, { items: Array.from({ length: scenario.size }, (_, i) => i) });
      await new Promise<void>((resolve, reject) => {
        const stop = host.watch(id, look);
        function look({ status, failure }: { status: string; failure?: { message: string } }): void {
          if (status === 'running') return;
          stop();
          if (status === 'completed') resolve();
          else reject(new Error(failure?.message ?? status));
        }
        void host.get(id).then((view) => look(view!));
      });
    };
  },
};

const service = (id: string, more: Partial<ActivityDefinition> = {}): ActivityDefinition => ({
  id,
  type: 'service',
  implementation: { ref: 'work' },
  ...more,
});
const link = (from: string, to: string, more: Partial<ConnectorDefinition> = {}): ConnectorDefinition => ({
  id: `${from}-${to}`,
  from,
  to,
  ...more,
});

export function flowFor({ kind, size, name }: Scenario): FlowDefinition {
  const ids = Array.from({ length: size }, (_, i) => `a${i}`);
  const flow = (
    activities: readonly ActivityDefinition[],
    connectors: readonly ConnectorDefinition[],
    more: Partial<FlowDefinition> = {},
  ): FlowDefinition => ({ flow: name, kind: 'microflow', input: { items: true }, activities, connectors, ...more });
  switch (kind) {
    case 'split':
      return flow(
        [service('s', { split: 'and' }), ...ids.map((id) => service(id)), service('j', { join: 'and' })],
        ids.flatMap((id) => [link('s', id), link(id, 'j')]),
      );
    case 'loop':
      return flow(
        [
          { id: 'start', type: 'route' },
          service('a', { join: 'xor', split: 'xor', output: { n: 'n + 1' } }),
          service('end'),
        ],
        [link('start', 'a'), link('a', 'a', { condition: `n < ${size}` }), link('a', 'end', { default: true })],
        { variables: { n: { initial: 0 } } },
      );
    case 'inclusive':
      return flow(
        [service('s', { split: 'or' }), ...ids.map((id) => service(id)), service('j', { join: 'or' })],
        ids.flatMap((id, i) => [link('s', id, { condition: i < 3 ? 'true' : 'false' }), link(id, 'j')]),
      );
    case 'forEach':
      return flow([service('a', { loop: { kind: 'forEach', items: 'items' } })], []);
    case 'conditions':
      return flow(
        ids.flatMap((id) => [service(id, { split: 'xor', join: 'xor' }), service(`${id}y`), service(`${id}n`)]),
        ids.flatMap((id, i) => [
          link(id, `${id}y`, { condition: `$count(items[$ > ${i}]) > ${size}` }),
          link(id, `${id}n`, { default: true }),
          ...(i + 1 < size ? [link(`${id}y`, `a${i + 1}`), link(`${id}n`, `a${i + 1}`)] : []),
        ]),
      );
    default:
      return flow(
        ids.map((id) => service(id)),
        ids.slice(1).map((id, i) => link(ids[i]!, id)),
      );
  }
}
