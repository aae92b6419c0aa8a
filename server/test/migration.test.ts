// Moving instances on the server to another version of their flow. What can be moved where is the core's affair
// (test/node/migration.test.ts); here it is done with a durable instance, over the gateway.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition, HistoryRecord, InstanceView } from '../../src/index.js';
import type { MigrationPlan } from '../../src/hosts/kit.js';
import { eventually, startTestServer, untilStatus, type TestServer } from './harness.js';

const service = (id: string, ms = 0): FlowDefinition['activities'][number] => ({
  id,
  type: 'service',
  implementation: { ref: 'work', arguments: { ms: String(ms) } },
});
const order = (version: string, task: string, ...more: readonly string[]): FlowDefinition => {
  const ids = ['Price', task, ...more, 'Ship'];
  return {
    flow: 'order',
    version,
    kind: 'process',
    activities: ids.map((id) => (id === task ? { id, type: 'user', role: 'sales' } : service(id))),
    connectors: ids.slice(1).map((to, i) => ({ id: `${ids[i]}-${to}`, from: ids[i]!, to })),
  };
};

describe('an instance on the server', () => {
  let t: TestServer;
  const hashes: Record<string, string> = {};
  const deploy = async (flow: FlowDefinition): Promise<void> => {
    hashes[flow.version!] = (await t.operator.post<{ hash: string }>('/v1/flows', flow)).body.hash;
  };
  before(async () => {
    t = await startTestServer();
    await deploy(order('1', 'Approve'));
  });
  after(() => t.close());

  const waiting = async (): Promise<InstanceView> => {
    await deploy(order('1', 'Approve'));
    const { id } = await t.operator.start('order');
    return eventually('it waits for a person', async () => {
      const view = await t.operator.instance(id);
      return view.tasks.length > 0 && view;
    });
  };
  const migrate = (id: string, body: object): ReturnType<TestServer['operator']['post']> =>
    t.operator.post(`/v1/instances/${id}/migrate`, body);

  it('goes on by the newer version from where it is, over a kill, and the history says who moved it', async () => {
    const view = await waiting();
    await deploy(order('2', 'Decide', 'Insure'));
    const activities = { Approve: 'Decide' };
    const dry = (await migrate(view.id, { activities, dryRun: true })).body as MigrationPlan;
    assert.deepEqual([dry.isPossible, dry.from, dry.to], [true, hashes['1'], hashes['2']]);
    assert.equal((await t.operator.instance(view.id)).hash, hashes['1'], 'a dry run has changed something');
    const { status, body: plan } = await migrate(view.id, { activities, reason: 'insurance is law now' });
    assert.deepEqual([status, plan], [200, dry]);
    const moved = await t.operator.instance(view.id);
    assert.deepEqual([moved.hash, moved.version, moved.tasks[0]?.activity], [hashes['2'], '2', 'Decide']);
    const killed = t.server.pids();
    for (const pid of Object.values(killed)) process.kill(pid!, 'SIGKILL');
    await eventually('it is back', async () => {
      const ready = await fetch(`${t.url}/ready`).catch(() => undefined);
      return ready?.ok === true && Object.entries(t.server.pids()).every(([name, pid]) => pid !== killed[name]);
    });
    assert.equal((await t.as('ada').post(`/v1/tasks/${moved.tasks[0]!.id}/complete`)).status, 204);
    await untilStatus(t.operator, view.id, 'completed');
    const done = t.calls().filter(({ key, phase }) => key.startsWith(`${view.id}/`) && phase === 'done');
    assert.deepEqual(
      done.map(({ name }) => name),
      ['Price', 'Insure', 'Ship'],
    );
    const { body } = await t.operator.get<readonly HistoryRecord[]>(`/v1/instances/${view.id}/history`);
    assert.deepEqual(
      body.map(({ seq }) => seq),
      body.map((_, i) => i + 1),
    );
    const [record] = body.flatMap(({ event }) => (event.type === 'migrated' ? [event] : []));
    assert.deepEqual([record?.by, record?.reason, record?.to], ['operator', 'insurance is law now', hashes['2']]);
  });

  it('stays as it is when it cannot be moved, and says every reason', async () => {
    const view = await waiting();
    await deploy(order('2', 'Decide', 'Insure'));
    const { status, body } = await migrate(view.id, { to: hashes['2'] });
    const problem = body as { code: string; details: readonly { code: string }[] };
    assert.deepEqual(
      [status, problem.code, problem.details.map(({ code }) => code)],
      [409, 'FLOW-MIGRATION', ['MIGRATE-ACTIVITY']],
    );
    assert.deepEqual(await t.operator.instance(view.id), view);
    assert.equal((await migrate(view.id, { to: 'unknown' })).status, 404);
    assert.equal((await t.as('ada').post(`/v1/instances/${view.id}/migrate`)).status, 403);
    assert.equal((await t.as('stranger').post(`/v1/instances/${view.id}/migrate`)).status, 404);
  });

  it('takes the answer of a call that was under way when it was moved', async () => {
    const flow = (version: string, ...more: readonly string[]): FlowDefinition => {
      const ids = ['Slow', ...more];
      const activities = [service('Slow', 2000), ...more.map((id) => service(id))];
      return {
        flow: 'slow',
        version,
        kind: 'process',
        activities,
        connectors: ids.slice(1).map((to, i) => ({ id: to, from: ids[i]!, to })),
      };
    };
    await deploy(flow('1'));
    const { id } = await t.operator.start('slow');
    await eventually('the call is under way', () => t.calls().some(({ key }) => key.startsWith(`${id}/`)));
    await deploy(flow('2', 'Then'));
    assert.equal((await migrate(id, {})).status, 200);
    await untilStatus(t.operator, id, 'completed');
    const begun = t.calls().filter(({ key, phase }) => key.startsWith(`${id}/`) && phase === 'begun');
    assert.deepEqual(
      begun.map(({ name }) => name),
      ['Slow', 'Then'],
    );
  });
});
