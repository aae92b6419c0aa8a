// Durable steps in the page: so many instances at once, twenty activities each, beside the limits of `journalled.ts`. And what it
// costs to come back to many instances that wait.
import { createBrowserHost, type BrowserHost } from '../../src/hosts/browser/index.js';
import type { FlowDefinition } from '../../src/index.js';
import { answer, commit, journalled, openStore } from './journalled.js';

const OURS = 'Millrace';
const STEPS = 20;
const ids = Array.from({ length: STEPS }, (_, i) => `a${i}`);
const flow: FlowDefinition = {
  flow: 'steps',
  kind: 'process',
  activities: ids.map((id) => ({ id, type: 'service', implementation: { ref: 'work' } })),
  connectors: ids.slice(1).map((id, i) => ({ id, from: ids[i]!, to: id })),
};
const waiting: FlowDefinition = {
  flow: 'waiting',
  kind: 'process',
  roles: { r: {} },
  activities: [{ id: 'task', type: 'user', role: 'r' }],
};

export interface PersistenceResult {
  readonly instances: number;
  /** Activities of each. */
  readonly steps: number;
  /** Milliseconds for all instances, by contestant. */
  readonly times: Readonly<Record<string, readonly number[]>>;
}

export async function persistence(counts: readonly number[], rounds: number): Promise<readonly PersistenceResult[]> {
  const name = `bench-${Date.now()}`;
  const host = await createBrowserHost({ name, implementations: { work: async () => null } });
  await host.deploy(flow);
  const db = await openStore(`${name}-raw`);
  let n = 0;
  const contestants: Readonly<Record<string, () => Promise<void>>> = {
    [OURS]: () => ended(host),
    'journalled function': () =>
      journalled(db, `j${n++}`, async (step) => void (await repeat(() => step(async () => null)))),
    'raw IndexedDB': async () => {
      const instance = `r${n++}`;
      await repeat((i) => commit(db, instance, i, { i }));
    },
  };
  const results: PersistenceResult[] = [];
  for (const instances of counts) {
    const times = Object.fromEntries(Object.keys(contestants).map((one) => [one, [] as number[]]));
    for (let round = 0; round <= rounds; round++) {
      for (const [one, run] of Object.entries(contestants)) {
        // What one has left behind is not for the next one to clear away.
        globalThis.gc?.();
        const from = performance.now();
        await Promise.all(Array.from({ length: instances }, run));
        if (round > 0) times[one]!.push(performance.now() - from);
        // Instances are written some time after their steps; the others are not to be kept waiting by it.
        if (one === OURS) await written(name);
      }
    }
    results.push({ instances, steps: STEPS, times });
  }
  await host.close();
  db.close();
  return results;
}

/** Resolves when all that the log has is written. */
async function written(name: string): Promise<void> {
  const db = await answer(indexedDB.open(name));
  for (;;) {
    const log = (await answer(db.transaction('log').objectStore('log').getAll())) as { rows: unknown[] }[];
    if (log.every(({ rows }) => rows.length === 0)) return db.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function repeat(act: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < STEPS; i++) await act(i);
}

async function ended(host: BrowserHost): Promise<void> {
  const { id } = await host.start('steps');
  await new Promise<void>((resolve, reject) => {
    const look = ({ status }: { status: string }): void => {
      if (status === 'completed') resolve();
      else if (status !== 'running') reject(new Error(status));
    };
    host.watch(id, look);
    void host.get(id).then((view) => look(view!));
  });
}

/** Stores instances that wait for a person, in packs. */
export async function fill(count: number): Promise<void> {
  const host = await createBrowserHost({ durability: 'relaxed' });
  await host.deploy(waiting);
  for (let done = 0; done < count; done += 250)
    await Promise.all(Array.from({ length: Math.min(250, count - done) }, () => host.start('waiting')));
  await host.close();
}

export interface ComeBack {
  readonly instances: number;
  readonly open: number;
  readonly list: number;
  readonly tasks: number;
  readonly complete: number;
}

/** With what `fill` has stored: opening the host, a page of the list, the tasks, and taking up one of the instances to its end. */
export async function comeBack(): Promise<ComeBack> {
  const marks = [performance.now()];
  const mark = (): number => marks.push(performance.now());
  const host = await createBrowserHost();
  mark();
  await host.list({ limit: 50 });
  mark();
  const tasks = await host.tasks();
  mark();
  await host.send({ type: 'complete', task: tasks[0]!.id });
  await new Promise<void>((resolve) => {
    const look = ({ status }: { status: string }): void => void (status === 'completed' && resolve());
    host.watch(tasks[0]!.instance, look);
    void host.get(tasks[0]!.instance).then((view) => look(view!));
  });
  mark();
  await host.close();
  const [open, list, tasked, complete] = marks.slice(1).map((at, i) => at - marks[i]!);
  return { instances: tasks.length, open: open!, list: list!, tasks: tasked!, complete: complete! };
}
