import { expect } from '@open-wc/testing';
import type { FlowDefinition } from '../../src/index.js';
import { eventually, hostHarness, until } from './host-harness.js';

const paying = (onResume: 'once' | 'fail'): FlowDefinition => ({
  flow: 'paying',
  kind: 'process',
  activities: [
    {
      id: 'Pay',
      type: 'service',
      implementation: { ref: 'pay', onResume },
      boundary: [{ id: 'failed', event: 'error' }],
    },
    { id: 'Look', type: 'service', implementation: { ref: 'look' } },
  ],
  connectors: [{ id: 'c1', from: 'Pay.failed', to: 'Look' }],
});

describe('an activity whose outcome is unknown after a crash', () => {
  const harness = hostHarness();

  async function crashed(onResume: 'once' | 'fail'): Promise<{ id: string; calls: string[] }> {
    const calls: string[] = [];
    const never = { pay: () => (calls.push('pay'), new Promise<null>(() => {})), look: () => null };
    const first = await harness.open({ implementations: never }, paying(onResume));
    const { id } = await first.start('paying');
    await eventually(() => calls.length === 1);
    await first.close();
    return { id, calls };
  }

  it('asks a person with "once", whatever boundary events there are', async () => {
    const { id, calls } = await crashed('once');
    const second = await harness.open({
      implementations: { pay: () => (calls.push('again'), null), look: () => null },
    });
    const view = await until(second, id, (v) => v.status === 'failed');
    expect(view.failure!.code).to.equal('Indeterminate');
    await second.send({ type: 'skip', instance: id, token: view.activities['Pay']!.token!, by: 'ada', reason: 'paid' });
    await until(second, id, (v) => v.status === 'completed');
    const skip = (await second.history(id)).map((r) => r.event).find((e) => e.type === 'skip');
    expect(skip).to.include({ by: 'ada', reason: 'paid' });
    expect(calls).to.deep.equal(['pay']);
  });

  it('is an error that a boundary event takes with "fail"', async () => {
    const { id, calls } = await crashed('fail');
    const second = await harness.open({ implementations: { pay: () => null, look: () => (calls.push('look'), null) } });
    const view = await until(second, id, (v) => v.status === 'completed');
    expect(view.activities['Look']!.state).to.equal('completed');
    expect(calls).to.deep.equal(['pay', 'look']);
  });
});
