// What many stored instances cost, each beside what reading them all with IndexedDB and nothing else costs in the same page.
import { createBrowserHost, type BrowserHost } from '../../src/hosts/browser/index.js';
import type { FlowDefinition } from '../../src/index.js';
import { answer } from './journalled.js';

const waiting: FlowDefinition = {
  flow: 'waiting',
  kind: 'process',
  roles: { r: {} },
  activities: [{ id: 'task', type: 'user', role: 'r' }],
};
const calling: FlowDefinition = {
  flow: 'calling',
  kind: 'process',
  activities: [{ id: 'call', type: 'service', implementation: { ref: 'work' } }],
};
const again: FlowDefinition = {
  flow: 'again',
  kind: 'process',
  roles: { r: {} },
  variables: { isDone: { initial: false } },
  activities: [
    {
      id: 'task',
      type: 'user',
      role: 'r',
      output: { isDone: '$output.isDone = true' },
      loop: { kind: 'until', condition: 'isDone', max: 1_000_000 },
    },
  ],
};

export type Times = Readonly<Record<string, readonly number[]>>;

/** Milliseconds by what was done, everything once a round. */
async function interleaved(rounds: number, all: Readonly<Record<string, () => Promise<unknown>>>): Promise<Times> {
  const times = Object.fromEntries(Object.keys(all).map((what) => [what, [] as number[]]));
  for (let round = 0; round <= rounds; round++)
    for (const [what, act] of Object.entries(all)) {
      const from = performance.now();
      const took = await act();
      if (round > 0) times[what]!.push(typeof took === 'number' ? took : performance.now() - from);
    }
  return times;
}

/** Reads what the store has of the instances. */
async function readAll(name: string): Promise<unknown[]> {
  const db = await answer(indexedDB.open(name));
  const all = await answer(db.transaction('instances').objectStore('instances').getAll());
  db.close();
  return all;
}

async function executing(name: string, work: () => Promise<null> = async () => null): Promise<BrowserHost> {
  const host = await createBrowserHost({ name, durability: 'relaxed', implementations: { work } });
  for (const flow of [waiting, calling, again]) await host.deploy(flow);
  while (!host.isExecutor) await new Promise((resolve) => setTimeout(resolve));
  return host;
}

async function startMany(host: BrowserHost, flow: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += 250)
    await Promise.all(Array.from({ length: Math.min(250, count - done) }, () => host.start(flow)));
}

/** Instances are written some time after their steps; until then nothing of it is to be measured. */
async function written(name: string, count: number): Promise<void> {
  while ((await readAll(name)).length < count) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Starts so many that wait for a person, and leaves them in the database `name`. */
export async function storeWaiting(name: string, count: number): Promise<void> {
  const host = await executing(name);
  await startMany(host, 'waiting', count);
  await written(name, count);
  await host.close();
}

/** Lists of what `storeWaiting` has stored, beside `getAll`. */
export async function lists(name: string, rounds: number): Promise<Times> {
  const host = await executing(name);
  const times = await interleaved(rounds, {
    getAll: () => readAll(name),
    'the newest 50': () => host.list({ limit: 50 }),
    'all of them': () => host.list(),
    'all open tasks': () => host.tasks(),
  });
  await host.close();
  return times;
}

/** Until all calls that were in flight have begun again in a new executor, beside `getAll`. */
export async function resumes(name: string, count: number, rounds: number): Promise<Times> {
  const first = await executing(name, () => new Promise<never>(() => {}));
  await startMany(first, 'calling', count);
  await written(name, count);
  await first.close();
  return interleaved(rounds, {
    getAll: () => readAll(name),
    resume: async () => {
      let begun = 0;
      let isBegun!: () => void;
      const all = new Promise<void>((resolve) => (isBegun = resolve));
      const from = performance.now();
      const host = await createBrowserHost({
        name,
        durability: 'relaxed',
        implementations: { work: () => (++begun === count && isBegun(), new Promise<never>(() => {})) },
      });
      await all;
      const took = performance.now() - from;
      await host.close();
      return took;
    },
  });
}

/** From opening the host to the first call of a flow, with what `storeWaiting` has stored and with nothing. */
export async function firstFlows(name: string, rounds: number): Promise<Times> {
  const first = (database: string) => async (): Promise<number> => {
    let isCalled!: () => void;
    const called = new Promise<void>((resolve) => (isCalled = resolve));
    const from = performance.now();
    const host = await createBrowserHost({ name: database, implementations: { work: () => (isCalled(), null) } });
    await host.deploy(calling);
    await host.start('calling');
    await called;
    const took = performance.now() - from;
    await host.close();
    return took;
  };
  await (await executing(`${name}-empty`)).close();
  return interleaved(rounds, { 'an empty store': first(`${name}-empty`), 'a full store': first(name) });
}

/** Opening the host and doing a step of an instance with so many events behind it. */
export async function longHistory(name: string, events: number, rounds: number): Promise<Times> {
  const host = await executing(name);
  const { id } = await host.start('again');
  const complete = async (by: BrowserHost): Promise<void> => {
    const [task] = (await by.get(id))!.tasks;
    await by.send({ type: 'complete', task: task!.id });
  };
  for (let i = 0; i < events; i++) await complete(host);
  await host.close();
  return interleaved(rounds, {
    resume: async () => {
      const from = performance.now();
      const later = await createBrowserHost({ name });
      await complete(later);
      const took = performance.now() - from;
      await later.close();
      return took;
    },
  });
}

let kept: BrowserHost | undefined;
let inAll = 0;

/** Starts so many more that wait, and keeps the page that executes them; the heap is measured before and after. */
export async function keepWaiting(name: string, count: number): Promise<void> {
  kept ??= await executing(name);
  await startMany(kept, 'waiting', count);
  await written(name, (inAll += count));
}
