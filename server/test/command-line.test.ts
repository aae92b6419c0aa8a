import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FlowDefinition } from '../../src/index.js';
import { untilStatus, startTestServer, type TestServer } from './harness.js';

const root = resolve(import.meta.dirname, '../..');

/** A customer orders, a shop confirms. */
const TWO_POOLS = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test">
  <collaboration id="c"><participant id="A" processRef="customer"/><participant id="B" processRef="shop"/>
    <messageFlow id="order" sourceRef="ask" targetRef="ordered"/><messageFlow id="confirmation" sourceRef="confirm" targetRef="confirmed"/></collaboration>
  <process id="customer" isExecutable="true"><startEvent id="s"/><sendTask id="ask"/><receiveTask id="confirmed"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="confirmed"/><sequenceFlow id="f3" sourceRef="confirmed" targetRef="e"/></process>
  <process id="shop" isExecutable="true"><startEvent id="ordered"><messageEventDefinition/></startEvent><endEvent id="confirm"><messageEventDefinition/></endEvent>
    <sequenceFlow id="g1" sourceRef="ordered" targetRef="confirm"/></process>
</definitions>`;

describe('millrace on the command line, with a server', () => {
  let t: TestServer;
  before(async () => {
    t = await startTestServer();
  });
  after(() => t.close());

  function millrace(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const env = { ...process.env, MILLRACE_SERVER: t.url, MILLRACE_API_KEY: t.keyOf('operator') };
    return new Promise((done) => {
      const all = ['--import', 'tsx', join(root, 'src/cli/bin.ts'), ...args];
      execFile(process.execPath, all, { cwd: root, env }, (error, out, err) =>
        done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });
  }

  it('deploys a file, lists what runs, follows it, cancels it', async () => {
    const deployed = await millrace('deploy', 'server/examples/leave-request.flow.json');
    assert.equal(deployed.code, 0, deployed.err);
    assert.match(deployed.out, /^leave-request:\n {2}1\.0\.0 +[0-9a-f]+ /);
    const { id } = await t.operator.start('leave-request', { days: 2 }, { key: 'L-1' });
    const listed = await millrace('instances', '--flow', 'leave-request', '--status', 'running');
    assert.match(listed.out, new RegExp(`running +${id} +leave-request 1\\.0\\.0 key L-1`));
    const following = millrace('tail', id);
    const cancelled = await millrace('cancel', id, '--reason', 'not needed');
    assert.match(cancelled.out, /cancelled/);
    const followed = await following;
    assert.equal(followed.code, 1, 'it has not completed');
    assert.match(followed.out.trim().split('\n').at(-1)!, /cancelled/);
  });

  it('deploys a BPMN file; a message to another pool starts the process of that pool', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    const file = join(folder, 'order.bpmn');
    await writeFile(file, TWO_POOLS);
    const deployed = await millrace('deploy', file).finally(() => rm(folder, { recursive: true }));
    assert.equal(deployed.code, 0, deployed.err);
    assert.match(deployed.out, /^customer:\n.*\n^shop:\n/m);
    assert.match(deployed.err, /in part: MessageEventDefinition (?:"ordered" \()?ordered/);
    const { id } = await t.operator.start('customer');
    await untilStatus(t.operator, id, 'completed');
    const listed = await millrace('instances', '--flow', 'shop', '--json');
    const shops = JSON.parse(listed.out) as { id: string; flow: string }[];
    assert.deepEqual(
      shops.map((s) => s.flow),
      ['shop'],
    );
    await untilStatus(t.operator, shops[0]!.id, 'completed');
  });

  it('takes up what has failed', async () => {
    await t.deploy({
      flow: 'stubborn',
      kind: 'process',
      activities: [{ id: 'Try', type: 'service', implementation: { ref: 'flaky' } }],
    });
    const { id } = await t.operator.start('stubborn');
    for (let i = 0; i < 2; i++) {
      await untilStatus(t.operator, id, 'failed');
      assert.equal((await millrace('retry', id)).code, 0);
    }
    const { code, out } = await millrace('tail', id);
    assert.deepEqual([code, /completed/.test(out)], [0, true]);
  });

  it('moves an instance to a newer version, or says why it cannot', async () => {
    const leave = JSON.parse(
      readFileSync(join(root, 'server/examples/leave-request.flow.json'), 'utf8'),
    ) as FlowDefinition;
    await t.deploy(leave);
    const { id } = await t.operator.start('leave-request', { days: 1 });
    const renamed = leave.activities.map((activity) =>
      activity.id === 'Decide' ? { ...activity, id: 'Judge' } : activity,
    );
    const connectors = [{ id: 'c1', from: 'Ask', to: 'Judge' }];
    await t.deploy({ ...leave, version: '2.0.0', activities: renamed, connectors });
    const refused = await millrace('migrate', id);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /stays as it is:\n {2}MIGRATE-ACTIVITY "Decide" is under way/);
    const moved = await millrace('migrate', id, '--activities', '{"Decide":"Judge"}', '--reason', 'renamed');
    assert.equal(moved.code, 0, moved.err);
    assert.match(moved.out, /moved from [0-9a-f]+ to [0-9a-f]+\n {2}i2 {2}Decide → Judge/);
    const { version, tasks } = await t.operator.instance(id);
    assert.deepEqual([version, tasks[0]?.activity], ['2.0.0', 'Judge']);
  });

  it('keeps an instance in a file, and takes it in again elsewhere', async () => {
    const flow: FlowDefinition = {
      flow: 'kept',
      kind: 'process',
      activities: [{ id: 'U', type: 'user', role: 'sales' }],
    };
    await t.deploy(flow);
    const { id } = await t.operator.start('kept');
    const archived = await millrace('archive', id);
    assert.equal(archived.code, 0, archived.err);
    const folder = await mkdtemp(join(tmpdir(), 'millrace-archive-'));
    const file = join(folder, 'kept.json');
    await writeFile(file, archived.out);
    const elsewhere = ['--api-key', t.keyOf('other-operator')];
    const early = await millrace('restore', file, ...elsewhere);
    assert.equal(early.code, 4);
    assert.match(early.err, /FLOW-UNKNOWN: .*Deploy the definition/);
    await t.as('other-operator').post('/v1/flows', flow);
    const restored = await millrace('restore', file, ...elsewhere);
    assert.equal(restored.code, 0, restored.err);
    assert.match(restored.out, new RegExp(`running +${id} `));
    await rm(folder, { recursive: true });
  });

  it('says what the server has refused in a sentence and with an exit code of its own, whatever was asked', async () => {
    const file = 'server/examples/leave-request.flow.json';
    const commands = [
      ['deploy', file],
      ['instances'],
      ['retry', 'nowhere'],
      ['cancel', 'nowhere'],
      ['tail'],
      ['tail', 'nowhere'],
    ];
    const ends = async (args: readonly string[], says: RegExp): Promise<void> => {
      const { code, out, err } = await millrace(...args);
      assert.deepEqual([code, out.replace('\n', '')], [4, ''], `${args.join(' ')}: ${err}`);
      assert.match(err, says, args.join(' '));
    };
    for (const command of commands) {
      await ends([...command, '--api-key', 'wrong'], /^FLOW-UNAUTHENTICATED: This API key is not known here/);
      await ends([...command, '--to', 'http://127.0.0.1:1'], /^FLOW-OFFLINE: .* cannot be reached/);
    }
    await ends(['deploy', file, '--api-key', t.keyOf('ada')], /^FLOW-FORBIDDEN: "ada" may not deploy/);
    for (const command of ['retry', 'cancel', 'tail']) await ends([command, 'nowhere'], /no instance "nowhere"/);
    const { id } = await t.operator.start('leave-request', { days: 1 });
    await ends(['cancel', id, '--api-key', t.keyOf('bob')], /FLOW-UNKNOWN-INSTANCE/);
    assert.equal((await t.operator.instance(id)).status, 'running');
  });

  it('does not pass over that there was nothing to take up or to cancel', async () => {
    const [one, other] = [
      await t.operator.start('leave-request', { days: 1 }),
      await t.operator.start('leave-request', { days: 2 }),
    ];
    const retried = await millrace('retry', one.id);
    assert.equal(retried.code, 1);
    assert.match(retried.err, /is running; only what has failed/);
    assert.equal((await millrace('cancel', one.id)).code, 0);
    const both = await millrace('cancel', one.id, other.id);
    assert.equal(both.code, 1, 'the first is cancelled already');
    assert.match(both.err, /nothing left to cancel/);
    assert.equal((await t.operator.instance(other.id)).status, 'cancelled', 'the second has had its turn');
  });
});
