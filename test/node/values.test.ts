import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compile,
  createMemoryHost,
  type FlowDefinition,
  type FlowError,
  type FlowHost,
  type InstanceView,
} from '../../src/index.js';
import { flowOf, run } from './flow-of.js';

const amount = {
  schema: { type: 'object', properties: { net: { type: 'number', minimum: 0 } }, required: ['net'] },
} as const;

async function refusal(action: Promise<unknown>): Promise<FlowError> {
  return action.then(
    () => assert.fail('nothing was refused'),
    (error: FlowError) => error,
  );
}

async function viewWhen(host: FlowHost, id: string, holds: (view: InstanceView) => boolean): Promise<InstanceView> {
  for (;;) {
    const view = (await host.get(id))!;
    if (holds(view)) return view;
    await new Promise(setImmediate);
  }
}

describe('values and their schemas', () => {
  it('a schema that cannot be used is named, with what is wrong with it', async () => {
    const flow = flowOf('', { variables: { name: { schema: { pattern: '(' } } } }, { A: { output: { name: '"x"' } } });
    const { view } = await run(flow);
    assert.equal(view.failure?.code, 'FLOW-VALUE');
    assert.match(
      view.failure!.message,
      /"name" assigned by "A" cannot be checked: its schema is at fault\. .*Unterminated/,
    );
  });

  it('an assignment that breaks its variable’s schema fails the activity, which an error boundary can take', async () => {
    const flow = (boundary: boolean): FlowDefinition =>
      flowOf(
        boundary ? 'A -> B; A.bad -> H' : 'A -> B',
        { variables: { amount } },
        {
          A: {
            output: { amount: '{"net": -1}' },
            ...(boundary ? { boundary: [{ id: 'bad', event: 'error', code: 'FLOW-VALUE' }] } : {}),
          },
        },
      );
    const { view } = await run(flow(false));
    assert.equal(view.failure?.code, 'FLOW-VALUE');
    assert.match(view.failure!.message, /"amount\.net" assigned by "A" does not fit \(minimum\)/);
    assert.deepEqual(view.failure!.details, { name: 'amount', path: 'amount.net', rule: 'minimum' });
    assert.equal(view.variables['amount'], undefined);
    assert.deepEqual((await run(flow(true))).trace, ['A.bad', 'H']);
  });

  it('what a forEach collects is checked as a whole', async () => {
    const { view } = await run(
      flowOf(
        'A -> B',
        { variables: { all: { schema: { type: 'array', maxItems: 2 } } } },
        { A: { loop: { kind: 'forEach', items: '3', collect: 'all' } } },
      ),
    );
    assert.equal(view.failure?.code, 'FLOW-VALUE');
  });

  it('input is checked against the variable of the same name too', async () => {
    const host = createMemoryHost();
    await host.deploy(
      await compile(
        flowOf(
          '',
          { variables: { amount }, input: { amount: true } },
          { A: { type: 'script', implementation: undefined } },
        ),
      ),
    );
    assert.equal((await refusal(host.start('test', { amount: { net: 'much' } }))).code, 'FLOW-VALUE');
  });

  it('a task is not completed with what breaks its form’s schema or a variable’s, and stays open', async () => {
    const host = createMemoryHost();
    await host.deploy(
      await compile(
        flowOf(
          '',
          { roles: { r: {} }, variables: { amount } },
          {
            U: {
              type: 'user',
              role: 'r',
              implementation: undefined,
              form: {
                type: 'object',
                properties: { net: { type: 'number' }, note: { type: 'string' } },
                required: ['note'],
              },
              output: { amount: '{"net": $output.net}' },
            },
          },
        ),
      ),
    );
    const { id } = await host.start('test');
    const { tasks } = await viewWhen(host, id, (v) => v.tasks.length === 1);
    const task = tasks[0]!.id;
    const missing = await refusal(host.send({ type: 'complete', task, output: { net: 3 } }));
    assert.equal(missing.code, 'FLOW-VALUE');
    assert.equal((missing.details as { rule: string }).rule, 'required');
    const negative = await refusal(host.send({ type: 'complete', task, output: { net: -3, note: 'x' } }));
    assert.deepEqual(negative.details, { name: 'amount', path: 'amount.net', rule: 'minimum' });
    assert.equal((await host.get(id))!.tasks.length, 1);
    await host.send({ type: 'complete', task, output: { net: 3, note: 'x' } });
    assert.deepEqual((await viewWhen(host, id, (v) => v.status === 'completed')).variables, { amount: { net: 3 } });
  });

  it('variables edited for a retry are checked too', async () => {
    const host = createMemoryHost({ implementations: { bad: () => Promise.reject(new Error('no')) } });
    await host.deploy(await compile(flowOf('', { variables: { amount } }, { A: { implementation: { ref: 'bad' } } })));
    const { id } = await host.start('test');
    await viewWhen(host, id, (v) => v.status === 'failed');
    assert.equal((await refusal(host.retry(id, { variables: { amount: 1 } }))).code, 'FLOW-VALUE');
    assert.equal((await host.get(id))!.status, 'failed');
  });

  it('an expression that fails when a message has come fails the activity instead of hanging it', async () => {
    const host = createMemoryHost();
    await host.deploy(
      await compile(
        flowOf(
          '',
          { variables: { x: {} } },
          {
            R: {
              type: 'receive',
              implementation: undefined,
              message: { name: 'm' },
              output: { x: '$number($output.n)' },
            },
          },
        ),
      ),
    );
    const { id } = await host.start('test');
    await host.send({ type: 'signal', signal: { name: 'm', data: { n: 'none' } } });
    await viewWhen(host, id, (v) => v.status === 'failed');
  });
});
