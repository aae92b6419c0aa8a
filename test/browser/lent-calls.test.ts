import { expect } from '@open-wc/testing';
import type { FlowDefinition, ImplementationFunction, Registry } from '../../src/index.js';
import type { BrowserHost } from '../../src/hosts/browser/index.js';
import { eventually, hostHarness, until } from './host-harness.js';

const booking = (onResume: 'keyed' | 'once' = 'keyed'): FlowDefinition => ({
  flow: 'booking',
  kind: 'process',
  output: { place: 'place' },
  variables: { place: {} },
  activities: [
    {
      id: 'Book',
      type: 'service',
      implementation: { ref: 'book', onResume },
      output: { place: '$output' },
      boundary: [{ id: 'enough', event: 'message', message: { name: 'enough' } }],
    },
    { id: 'Note', type: 'script', output: {} },
    { id: 'Stop', type: 'script', output: {} },
  ],
  connectors: [
    { id: 'c1', from: 'Book', to: 'Note' },
    { id: 'c2', from: 'Book.enough', to: 'Stop' },
  ],
});

describe('an implementation that the executing tab does not have', () => {
  const harness = hostHarness();
  let calls: string[];
  beforeEach(() => (calls = []));

  const book: ImplementationFunction = (_, { idempotencyKey }) => (calls.push(idempotencyKey), 'seat 7');
  const never: ImplementationFunction = (_, { idempotencyKey, signal }) => (
    calls.push(idempotencyKey),
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  );

  /** A tab that executes and cannot book, with one instance that wants to. */
  async function wanting(definition: FlowDefinition = booking()): Promise<BrowserHost> {
    const executor = await harness.open({}, definition);
    await eventually(() => executor.isExecutor);
    await executor.start('booking', {}, { id: 'one' });
    const view = await until(executor, 'one', (v) => v.waits.some(({ kind }) => kind === 'implementation'));
    expect(view.status).to.equal('running');
    const wait = view.waits.find(({ kind }) => kind === 'implementation')!;
    expect(wait).to.include({ activity: 'Book', name: 'book' });
    expect(wait.why).to.match(/no implementation "book"/);
    return executor;
  }

  it('is waited for, and called in a tab that has it as soon as there is one', async () => {
    const executor = await wanting();
    const other = await harness.open({ implementations: { book } });
    const { output } = await until(executor, 'one', (v) => v.status === 'completed');
    expect(output).to.deep.equal({ place: 'seat 7' });
    expect(calls).to.have.length(1);
    expect(other.isExecutor).to.equal(false);
  });

  it('is called once, however many tabs have it', async () => {
    const executor = await wanting();
    await Promise.all([1, 2, 3].map(() => harness.open({ implementations: { book } })));
    await until(executor, 'one', (v) => v.status === 'completed');
    expect(calls).to.have.length(1);
  });

  /** What a page registers when it comes to it. */
  function registeredLate(): {
    readonly late: Record<string, ImplementationFunction>;
    readonly implementations: Registry;
  } {
    const late: Record<string, ImplementationFunction> = {};
    const resolve = (name: string): ImplementationFunction => {
      if (late[name]) return late[name];
      throw Object.assign(new Error(`no implementation "${name}"`), { code: 'FLOW-UNKNOWN-IMPLEMENTATION' });
    };
    return { late, implementations: { register: () => {}, resolve } };
  }

  it('is called here when it is registered after all', async () => {
    const executor = await harness.open({}, booking());
    await executor.close();
    const { late, implementations } = registeredLate();
    const host = await harness.open({ implementations }, booking());
    await eventually(() => host.isExecutor);
    await host.start('booking', {}, { id: 'one' });
    await until(host, 'one', (v) => v.waits.some(({ kind }) => kind === 'implementation'));
    late['book'] = book;
    const view = await until(host, 'one', (v) => v.status === 'completed');
    expect(view.waits).to.deep.equal([]);
    expect(calls).to.have.length(1);
  });

  it('is not called here any more when another tab has answered', async () => {
    const flow: FlowDefinition = {
      flow: 'booking',
      kind: 'process',
      activities: [
        { id: 'Book', type: 'service', implementation: { ref: 'book' } },
        { id: 'Rest', type: 'wait', after: 'P1D' },
      ],
      connectors: [{ id: 'c1', from: 'Book', to: 'Rest' }],
    };
    const { late, implementations } = registeredLate();
    const executor = await harness.open({ implementations }, flow);
    await eventually(() => executor.isExecutor);
    await executor.start('booking', {}, { id: 'one' });
    await until(executor, 'one', (v) => v.waits.length === 1);
    await harness.open({ implementations: { book } });
    await until(executor, 'one', (v) => v.waits.some(({ kind }) => kind === 'timer'));
    late['book'] = book;
    // It looks again when a tab is opened; what it would call then is called before it hears of the next start.
    await harness.open({});
    await executor.start('booking', {}, { id: 'two' });
    await until(executor, 'two', (v) => v.waits.some(({ kind }) => kind === 'timer'));
    await eventually(() => calls.includes('two/i1'));
    expect(calls.filter((key) => key.startsWith('one/'))).to.have.length(1);
  });

  it('is called again, with the same key, when the tab that had it goes', async () => {
    const executor = await wanting();
    const first = await harness.open({ implementations: { book: never } });
    await eventually(() => calls.length === 1);
    await first.close();
    await harness.open({ implementations: { book } });
    await until(executor, 'one', (v) => v.status === 'completed');
    expect(calls).to.have.length(2);
    expect(calls[0]).to.equal(calls[1]);
  });

  it('is not called again when it may be called once only: somebody is asked', async () => {
    const executor = await wanting(booking('once'));
    const first = await harness.open({ implementations: { book: never } });
    await eventually(() => calls.length === 1);
    await first.close();
    await harness.open({ implementations: { book } });
    const { failure } = await until(executor, 'one', (v) => v.status === 'failed');
    expect(failure!.code).to.equal('Indeterminate');
    expect(calls).to.have.length(1);
  });

  it('is aborted in the other tab when nobody needs it any more', async () => {
    let isAborted = false;
    const executor = await wanting();
    await harness.open({
      implementations: {
        book: (args, context) => {
          context.signal.addEventListener('abort', () => (isAborted = true));
          return never(args, context);
        },
      },
    });
    await eventually(() => calls.length === 1);
    await executor.send({ type: 'signal', signal: { name: 'enough' } });
    const view = await until(executor, 'one', (v) => v.status === 'completed');
    expect(view.activities['Stop']!.state).to.equal('completed');
    await eventually(() => isAborted);
  });

  it('goes on being done there when another tab takes over meanwhile', async () => {
    let answer: (place: string) => void = () => {};
    const executor = await wanting();
    const other = await harness.open({
      implementations: {
        book: (_, { idempotencyKey }) => (calls.push(idempotencyKey), new Promise<string>((r) => (answer = r))),
      },
    });
    await eventually(() => calls.length === 1);
    await executor.close();
    await eventually(() => other.isExecutor);
    answer('seat 9');
    const { output } = await until(other, 'one', (v) => v.status === 'completed');
    expect(output).to.deep.equal({ place: 'seat 9' });
    expect(calls).to.have.length(1);
  });
});
