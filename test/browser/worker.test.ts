import { expect } from '@open-wc/testing';
import { workerImplementations } from '../../src/activities/worker.js';
import { Runtime } from '../../src/runtime/index.js';
import { createMemoryHost, type FlowDefinition, type FlowHost } from '../../src/index.js';

const definition = (name: string, more: object = {}): FlowDefinition => ({
  flow: `in-worker-${name}`,
  kind: 'microflow',
  input: { n: { type: 'number' } },
  output: { result: 'result' },
  activities: [
    {
      id: 'A',
      type: 'service',
      implementation: { ref: name, arguments: { n: 'n' } },
      output: { result: '$output' },
      ...more,
    },
  ],
});

describe('implementations in a worker', () => {
  let host: FlowHost;
  beforeEach(() => {
    const make = (): Worker => new Worker(new URL('./worker-side.ts', import.meta.url), { type: 'module' });
    host = createMemoryHost({
      implementations: workerImplementations(make, ['fib', 'fail', 'wait', 'crash', 'absent']),
    });
  });
  afterEach(() => host.close());

  async function run(flow: FlowDefinition): Promise<{ status: string; result: unknown; code: string | undefined }> {
    await host.deploy(flow);
    const { id } = await host.start(flow.flow, { n: 20 });
    const view = await new Promise<NonNullable<Awaited<ReturnType<FlowHost['get']>>>>((resolve) => {
      const look = async (): Promise<void> => {
        const now = await host.get(id);
        if (now && now.status !== 'running') resolve(now);
      };
      host.watch(id, () => void look());
      void look();
    });
    return { status: view.status, result: view.output?.['result'], code: view.failure?.code };
  }

  it('give their result and know the call', async () => {
    const { status, result } = await run(definition('fib'));
    expect(status).to.equal('completed');
    expect((result as { value: number }).value).to.equal(6765);
    expect((result as { key: string }).key).to.match(/\/i1$/);
    expect((result as { isWorker: boolean }).isWorker).to.equal(true);
  });

  it('fail with the code that was thrown in the worker', async () => {
    expect((await run(definition('fail'))).code).to.equal('NoLuck');
    expect((await run(definition('absent'))).code).to.equal('FLOW-UNKNOWN-IMPLEMENTATION');
  });

  it('are told when their time is up', async () => {
    expect((await run(definition('wait', { timeout: 'PT0.1S' }))).code).to.equal('Timeout');
  });

  it('survive a crash of the worker: the call fails, the next one has a new worker', async () => {
    expect((await run(definition('crash'))).code).to.equal('WORKER-CRASHED');
    expect((await run(definition('fib'))).status).to.equal('completed');
  });

  it('are used by activities whose environment is the worker, and not by others', async () => {
    const worker = (): Worker => new Worker(new URL('./worker-side.ts', import.meta.url), { type: 'module' });
    const runtime = new Runtime({ worker });
    runtime.implement('fib', () => ({ isWorker: false }));
    runtime.define(definition('fib'), { ...definition('fib', { environment: 'worker' }), flow: 'heavy' });
    const [here, there] = await Promise.all(
      ['in-worker-fib', 'heavy'].map(async (name) => (await runtime.start(name, { n: 20 })).done),
    );
    expect(here!.output).to.deep.equal({ result: { isWorker: false } });
    expect((there!.output!['result'] as { isWorker: boolean }).isWorker).to.equal(true);
    await runtime.close();
  });
});
