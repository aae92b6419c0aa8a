// Events that happen again, events that count only together, event subflows with several events, compensation nobody waits
// for, and escalation out of a called flow.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compile,
  createMemoryHost,
  type ActivityDefinition,
  type BoundaryEventDefinition,
  type FlowDefinition,
  type InstanceView,
} from '../../src/index.js';
import { fakeClock } from './fake-clock.js';
import { flowOf, run } from './flow-of.js';

const route: Partial<ActivityDefinition> = { type: 'route', implementation: undefined };
const user: Partial<ActivityDefinition> = { type: 'user', role: 'all', implementation: undefined };

interface Running {
  readonly trace: () => Promise<string[]>;
  readonly view: () => Promise<InstanceView>;
  readonly pass: (ms: number) => Promise<void>;
  readonly signal: (name: string) => Promise<void>;
  readonly complete: (activity: string) => Promise<void>;
}

/** Starts the first of the flows; what is asked for is completed activities. */
async function running(...flows: readonly FlowDefinition[]): Promise<Running> {
  const clock = fakeClock();
  const host = createMemoryHost({ implementations: { do: () => null }, clock });
  for (const flow of flows) await host.deploy(await compile(flow));
  const { id } = await host.start(flows[0]!.flow);
  await host.settled();
  return {
    trace: async () =>
      (await host.history(id)).flatMap((r) => r.changes.filter((c) => c.state === 'completed').map((c) => c.activity)),
    view: async () => (await host.get(id))!,
    pass: async (ms) => {
      clock.advance(ms);
      await host.settled();
    },
    signal: async (name) => {
      await host.send({ type: 'signal', signal: { name } });
      await host.settled();
    },
    complete: async (activity) => {
      const task = (await host.tasks()).find((t) => t.activity === activity)!;
      await host.send({ type: 'complete', task: task.id });
      await host.settled();
    },
  };
}

describe('a timer with a cycle', () => {
  const reminding = (cycle: string, interrupting = false): FlowDefinition =>
    flowOf('U -> Z; U.t -> R', {}, { U: { ...user, boundary: [{ id: 't', event: 'timer', cycle, interrupting }] } });

  it('happens as often as it says while its activity lasts', async () => {
    const { pass, trace } = await running(reminding('R3/PT10S'));
    for (let i = 0; i < 10; i++) await pass(10_000);
    assert.deepEqual(
      (await trace()).filter((a) => a === 'R'),
      ['R', 'R', 'R'],
    );
  });
  it('ends with its activity', async () => {
    const { pass, complete, trace, view } = await running(reminding('R/PT10S'));
    await pass(10_000);
    await pass(10_000);
    await complete('U');
    await pass(100_000);
    assert.deepEqual(await trace(), ['U.t', 'R', 'U.t', 'R', 'U', 'Z']);
    assert.equal((await view()).status, 'completed');
  });
  it('keeps to its times, however late one of them was noticed', async () => {
    const at = (time: number): string => new Date(time * 1000).toISOString();
    const { pass, view } = await running(reminding(`R/${at(5)}/PT10S`));
    const due = async (): Promise<unknown> =>
      (await view()).waits.flatMap((w) => (w.kind === 'timer' ? w.at! / 1000 : []));
    assert.deepEqual(await due(), [5]);
    await pass(8000);
    assert.deepEqual(await due(), [15]);
    // Those of the meantime are not made up for.
    await pass(40_000);
    assert.deepEqual(await due(), [55]);
  });
  it('that began in the past has the next of its times', async () => {
    const { view } = await running(reminding('R/1969-12-31T23:59:57Z/PT10S'));
    assert.deepEqual(
      (await view()).waits.map((w) => (w.kind === 'timer' ? w.at : undefined)),
      [7000],
    );
  });
  it('happens once where it interrupts', async () => {
    const { pass, trace, view } = await running(reminding('R3/PT10S', true));
    for (let i = 0; i < 5; i++) await pass(10_000);
    assert.deepEqual(await trace(), ['U.t', 'R']);
    assert.equal((await view()).status, 'completed');
  });
  it('may be an expression', async () => {
    const flow = { ...reminding('"R2/PT" & seconds & "S"'), variables: { seconds: { initial: 5 } } };
    const { pass, trace } = await running(flow);
    for (let i = 0; i < 5; i++) await pass(5_000);
    assert.deepEqual(
      (await trace()).filter((a) => a === 'R'),
      ['R', 'R'],
    );
  });
  it('says what is wrong when it is no repeating interval', async () => {
    const { view } = await running(reminding('"every now and then"'));
    assert.equal((await view()).failure?.code, 'FLOW-E405');
  });
});

describe('an event subflow', () => {
  const events = (trigger: readonly BoundaryEventDefinition[], together?: string): FlowDefinition =>
    flowOf(
      'U -> Z',
      {
        subflows: {
          E: {
            activities: ['H'],
            trigger: trigger.map((t) => ({ interrupting: false, ...t, ...(together ? { together } : {}) })),
          },
        },
      },
      { U: user, H: {} },
    );
  const both: readonly BoundaryEventDefinition[] = [
    { id: 'a', event: 'message', message: { name: 'a' } },
    { id: 'b', event: 'message', message: { name: 'b' } },
  ];

  it('starts with each of its events, as often as they happen', async () => {
    const { signal, trace } = await running(events(both));
    for (const name of ['a', 'b', 'b', 'a']) await signal(name);
    assert.deepEqual((await trace()).filter((t) => t === 'H').length, 4);
  });
  it('whose events count only together starts when all have happened, and again when all have once more', async () => {
    const { signal, trace } = await running(events(both, 'all'));
    await signal('a');
    assert.equal((await trace()).includes('H'), false);
    await signal('b');
    assert.equal((await trace()).filter((t) => t === 'H').length, 1);
    await signal('b');
    await signal('a');
    assert.equal((await trace()).filter((t) => t === 'H').length, 2);
  });
  it('is started by a cycle again and again', async () => {
    const { pass, complete, trace, view } = await running(events([{ id: 't', event: 'timer', cycle: 'R/PT1M' }]));
    for (let i = 0; i < 3; i++) await pass(60_000);
    await complete('U');
    assert.equal((await trace()).filter((t) => t === 'H').length, 3);
    assert.equal((await view()).status, 'completed');
  });
});

describe('boundary events that count only together', () => {
  const flow = (interrupting: boolean): FlowDefinition =>
    flowOf(
      'U -> Z; U.a -> H [go = true]; U.a -> N [else]',
      { variables: { go: {}, said: {} } },
      {
        U: {
          ...user,
          boundary: [
            { id: 'a', event: 'message', message: { name: 'a' }, interrupting, together: 'both' },
            { id: 'b', event: 'message', message: { name: 'b' }, together: 'both', output: { go: 'true' } },
          ],
        },
      },
    );
  it('happen when the last of them has, with the connectors of the first', async () => {
    const { signal, trace, view } = await running(flow(true));
    await signal('b');
    assert.deepEqual(await trace(), []);
    await signal('a');
    assert.deepEqual(await trace(), ['U.a', 'H']);
    assert.equal((await view()).status, 'completed');
  });
  it('that do not interrupt happen again, each time together', async () => {
    const { signal, complete, trace } = await running(flow(false));
    for (const name of ['a', 'b', 'b', 'a', 'a']) await signal(name);
    await complete('U');
    assert.deepEqual(await trace(), ['U.a', 'H', 'U.a', 'H', 'U', 'Z']);
  });
});

describe('a compensation that nobody waits for', () => {
  it('goes on beside what follows the throw', async () => {
    const flow = flowOf(
      'A -> T -> B',
      {},
      {
        A: { compensation: 'undoA' },
        undoA: user,
        T: { ...route, throw: { event: 'compensation', wait: false } },
      },
    );
    const { trace, view, complete } = await running(flow);
    assert.deepEqual(await trace(), ['A', 'T', 'B']);
    assert.equal((await view()).status, 'running');
    await complete('undoA');
    assert.deepEqual(await trace(), ['A', 'T', 'B', 'undoA']);
    assert.equal((await view()).status, 'completed');
  });
  it('ends with its scope', async () => {
    const flow = flowOf(
      'A -> T -> X; A -> B',
      {},
      {
        A: { compensation: 'undoA' },
        undoA: user,
        T: { ...route, throw: { event: 'compensation', wait: false } },
        X: { ...route, terminate: true },
        B: user,
      },
    );
    const { view } = await running(flow);
    assert.equal((await view()).status, 'completed');
  });
});

describe('an escalation out of a called flow', () => {
  const child: FlowDefinition = {
    ...flowOf('T -> B', {}, { T: { ...route, throw: { event: 'escalation', code: 'big' } }, B: user }),
    flow: 'child',
  };
  const parent = (interrupting: boolean, name = 'test', calls = 'child', boundary = true): FlowDefinition => ({
    ...flowOf(
      boundary ? 'C -> Z; C.up -> H' : 'C -> Z',
      {},
      {
        C: {
          type: 'call',
          implementation: undefined,
          calls,
          ...(boundary ? { boundary: [{ id: 'up', event: 'escalation', interrupting }] } : {}),
        },
      },
    ),
    flow: name,
  });

  it('is taken on the boundary of the call, which goes on', async () => {
    const { trace, complete, view } = await running(parent(false), child);
    assert.deepEqual(await trace(), ['C.up', 'H']);
    await complete('B');
    assert.deepEqual(await trace(), ['C.up', 'H', 'C', 'Z']);
    assert.equal((await view()).status, 'completed');
  });
  it('ends the call where the event interrupts', async () => {
    const { trace, view } = await running(parent(true), child);
    assert.deepEqual(await trace(), ['C.up', 'H']);
    assert.equal((await view()).status, 'completed');
  });
  it('goes further out when the caller does not take it', async () => {
    const middle = parent(false, 'middle', 'child', false);
    const { trace } = await running(parent(false, 'test', 'middle'), middle, child);
    assert.deepEqual(await trace(), ['C.up', 'H']);
  });
  it('is nobody else’s business in a flow that nobody calls', async () => {
    const { trace, view } = await run({
      ...child,
      activities: child.activities.filter((a) => a.id !== 'B'),
      connectors: [],
    });
    assert.deepEqual(trace, ['T']);
    assert.equal(view.status, 'completed');
  });
});
