import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  createInstanceLogs,
  createMemoryHost,
  type InstanceLogs,
  type Json,
  type MemoryHost,
} from '../../src/index.js';
import { redactor, REDACTED } from '../../src/hosts/logs/redaction.js';
import { fakeClock } from './fake-clock.js';
import { flowOf } from './flow-of.js';

const order = flowOf(
  'Charge -> Approve -> Ship',
  { flow: 'order', roles: { clerk: {} }, output: { paid: 'receipt.id' } },
  {
    Charge: {
      implementation: { ref: 'charge', arguments: { card: 'card', amount: 'amount' } },
      output: { receipt: '$output' },
      retry: { maxAttempts: 2, backoff: 'PT10S' },
    },
    Approve: { type: 'user', role: 'clerk', output: { note: '$output.note' } },
    Ship: { implementation: { ref: 'ship' } },
  },
);
const clerk = { id: 'ada', roles: ['clerk'] };

describe('the logs', () => {
  /** Charged at the second attempt, approved after a minute. */
  async function ordered(redact: readonly string[] = []): Promise<{ host: MemoryHost; logs: InstanceLogs }> {
    const clock = fakeClock();
    let attempts = 0;
    const host = createMemoryHost({
      clock,
      implementations: {
        charge: () => {
          if (++attempts % 2 === 1) throw Object.assign(new Error('no line'), { code: 'Down', details: { pin: 1 } });
          return { id: 'r1', pin: 9 };
        },
        ship: () => null,
      },
    });
    await host.deploy(order);
    for (const id of ['o1', 'o2']) {
      await host.start('order', { card: { number: '4111' }, amount: 5 }, { id, key: `key-${id}`, startedBy: 'bob' });
      await host.settled();
      clock.advance(10_000);
      await host.settled();
      clock.advance(60_000);
      await host.send({ type: 'complete', task: (await host.tasks())[0]!.id, user: clerk, output: { note: 'fine' } });
      await host.settled();
    }
    return { host, logs: createInstanceLogs(host, { redact }) };
  }

  it('tell what an instance did, when, for how long, with which outcome and by whom', async () => {
    const { logs } = await ordered();
    const entries = await logs.transactions({ instance: 'o1' });
    assert.deepEqual(
      entries.map((e) => [e.type, e.activity, e.attempt, e.startedAt, e.duration, e.outcome, e.by]),
      [
        ['instance', undefined, undefined, 0, 70_000, 'completed', 'bob'],
        ['activity', 'Charge', 1, 0, 0, 'failed', undefined],
        ['activity', 'Charge', 2, 10_000, 0, 'completed', undefined],
        ['activity', 'Approve', undefined, 10_000, 60_000, 'completed', 'ada'],
        ['activity', 'Ship', 1, 70_000, 0, 'completed', undefined],
      ],
    );
    assert.equal(entries[1]!.failure!.code, 'Down');
  });

  it('are looked through by flow, activity, outcome, person and time', async () => {
    const { logs } = await ordered();
    const ids = async (query: object): Promise<readonly string[]> =>
      (await logs.transactions(query)).map((e) => `${e.instance} ${e.activity ?? e.type}`);
    assert.deepEqual(await ids({ outcome: 'failed' }), ['o1 Charge', 'o2 Charge']);
    assert.deepEqual(await ids({ by: 'ada', key: 'key-o2' }), ['o2 Approve']);
    assert.deepEqual(await ids({ flow: 'order', activity: 'Ship', from: 70_001 }), ['o2 Ship']);
    assert.deepEqual(await ids({ type: 'instance', before: 70_000 }), ['o1 instance']);
    assert.deepEqual(await ids({ flow: 'other' }), []);
    assert.deepEqual(await ids({ limit: 1 }), ['o2 Ship']);
  });

  it('tell inputs, outputs and what was written to variables', async () => {
    const { logs } = await ordered();
    const entries = await logs.data({ instance: 'o1' });
    assert.deepEqual(entries.map(({ activity, direction, data }) => [activity, direction, data]).slice(0, 2), [
      [undefined, 'in', { card: { number: '4111' }, amount: 5 }],
      ['Charge', 'in', { card: { number: '4111' }, amount: 5 }],
    ]);
    const outs = await logs.data({ instance: 'o1', direction: 'out' });
    assert.deepEqual(
      outs.map((e) => [e.activity, (e.data as { code?: string } | null)?.code ?? e.data]),
      [
        ['Charge', 'Down'],
        ['Charge', { id: 'r1', pin: 9 }],
        ['Approve', { note: 'fine' }],
        ['Ship', null],
        [undefined, { paid: 'r1' }],
      ],
    );
    const writes = await logs.data({ instance: 'o1', direction: 'variables' });
    assert.deepEqual(
      writes.map((e) => e.data),
      [{ receipt: { id: 'r1', pin: 9 } }, { note: 'fine' }],
    );
  });

  it('never show what a path redacts', async () => {
    const { logs } = await ordered(['card.number', '**.pin']);
    let text = '';
    for await (const line of logs.lines('data')) text += line;
    for await (const line of logs.lines('transactions')) text += line;
    assert.ok(!text.includes('4111') && !text.includes('"pin":9') && !text.includes('"pin":1'));
    assert.ok(text.includes(`"number":"${REDACTED}"`));
  });

  it('are given out as one JSON value a line', async () => {
    const { logs } = await ordered();
    const lines: string[] = [];
    for await (const line of logs.lines('transactions', { type: 'activity' })) lines.push(line);
    assert.equal(lines.length, 8);
    for (const line of lines) assert.equal(line.indexOf('\n'), line.length - 1);
    assert.deepEqual(JSON.parse(lines[0]!), (await logs.transactions({ type: 'activity' }))[0]);
  });

  it('name who intervened and why', async () => {
    const { host, logs } = await ordered();
    await host.start('order', { card: {}, amount: 1 }, { id: 'o3' });
    await host.settled();
    await host.send({ type: 'edit', instance: 'o3', variables: { amount: 2 }, by: 'ada', reason: 'typo' });
    await host.cancel('o3', 'a duplicate', 'ada');
    const did = await logs.transactions({ instance: 'o3', type: 'intervention' });
    assert.deepEqual(
      did.map((e) => [e.what, e.by, e.reason]),
      [
        ['edit', 'ada', 'typo'],
        ['cancel', 'ada', 'a duplicate'],
      ],
    );
  });
});

describe('redaction', () => {
  it('replaces exactly what the paths name', () => {
    const data = { a: { iban: 1, b: [{ iban: 2 }] }, iban: 3, list: [{ x: 1, y: 2 }] };
    const R = REDACTED;
    assert.deepEqual(redactor(['*.iban'])(data), { ...data, a: { ...data.a, iban: R } });
    assert.deepEqual(redactor(['**.iban'])(data), { ...data, a: { iban: R, b: [{ iban: R }] }, iban: R });
    assert.deepEqual(redactor(['list.*.x', 'a'])(data), { ...data, a: R, list: [{ x: R, y: 2 }] });
    assert.deepEqual(redactor(['iban.deeper', 'nowhere'])(data), data);
  });

  it('leaves no value of a redacted name anywhere, whatever the data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        const seen: Json[] = [];
        const look = (value: Json): void => {
          if (value === null || typeof value !== 'object') return;
          for (const [name, inner] of Object.entries(value)) {
            if (name === 'secret') seen.push(inner as Json);
            look(inner as Json);
          }
        };
        look(redactor(['**.secret'])({ secret: given, list: [{ secret: given }], other: given } as Json));
        assert.ok(seen.length >= 2 && seen.every((value) => value === REDACTED));
      }),
    );
  });
});
