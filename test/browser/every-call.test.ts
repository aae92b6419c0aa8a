// A fault at every call of IndexedDB that a mixed flow makes, one per run: the calls of a run in peace are counted, then each of
// them fails in one run. `npm test` takes a sample of them; `EVERY_CALL=1` takes all, in all ways.
import { expect } from '@open-wc/testing';
import { createBrowserHost, type BrowserHost } from '../../src/hosts/browser/index.js';
import type { FlowError, Implementations, InstanceView } from '../../src/index.js';
import { Checker } from '../faults/checker.js';
import '../faults/dump.js';
import type { LoadFlow } from '../faults/flows.js';
import type { Acknowledgement, Call } from '../faults/protocol.js';
import { fakeClock } from '../node/fake-clock.js';
import { flowOf } from '../node/flow-of.js';
import { eventually, hostHarness, until } from './host-harness.js';
import { FaultyStorage, inject, patchStorage, STORAGE_FAULTS } from './faulty-storage.js';

const person = { type: 'user', role: 'clerk', implementation: undefined } as const;
/** Parallel paths and their join, a loop, a person, a timer, a message, and a compensation. */
const mixed: LoadFlow = {
  definition: flowOf(
    'S -> P -> J; S -> Q -> J; J -> L -> U -> W -> M -> A -> B -> Refused',
    {
      flow: 'mixed',
      roles: { clerk: {} },
      input: { order: true },
      variables: { n: { initial: 0 } },
      spheres: [{ id: 'trip', kind: 'compensation', activities: ['A', 'B', 'Refused'] }],
    },
    {
      S: { type: 'route', split: 'and', implementation: undefined },
      J: { join: 'and' },
      L: { output: { n: 'n + 1' }, loop: { kind: 'until', condition: 'n >= 2' } },
      U: person,
      W: { type: 'wait', after: 'PT1H', implementation: undefined },
      M: { type: 'receive', message: { name: 'paid', key: 'order' }, implementation: undefined },
      A: { compensation: 'undoA' },
      B: { compensation: 'undoB' },
      undoA: {},
      undoB: {},
    },
  ),
  calls: { P: 1, Q: 1, J: 1, L: 2, A: 1, B: 1, Refused: 1, undoA: 1, undoB: 1 },
  ends: 'failed',
  weight: 1,
};
const clerk = { id: 'ada', roles: ['clerk'] };
const ID = 'order-1';
const A_WHILE = 600_000;
/** Nobody waits longer for a page that works again, ms. */
const PATIENCE = 120_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One instance of the mixed flow, asked for in one tab and executed in another, with what was promised and called. */
class Course {
  readonly #name = `every-call-${crypto.randomUUID()}`;
  readonly #clock = fakeClock();
  readonly #acknowledgements: Acknowledgement[] = [];
  readonly #calls: Call[] = [];
  readonly #hosts: BrowserHost[] = [];
  readonly violations: string[] = [];
  readonly #end = performance.now() + PATIENCE;

  constructor(readonly storage: FaultyStorage) {}

  async run(): Promise<void> {
    const stop = inject(this.#name, this.storage);
    try {
      const executor = await this.#open();
      while (!executor.isExecutor && this.#isPatient) await pause(1);
      await this.#drive(await this.#open());
      // Instances are written some time after their steps.
      while (!this.storage.put.has('journal') && this.#isPatient) await pause(5);
    } finally {
      stop();
      for (const host of this.#hosts) await host.close();
    }
    await this.#check();
    indexedDB.deleteDatabase(this.#name);
  }

  async #open(): Promise<BrowserHost> {
    const host = await this.#persist(() =>
      createBrowserHost({ name: this.#name, clock: this.#clock, implementations: this.#implementations() }),
    );
    this.#hosts.push(host!);
    await host!.deploy(mixed.definition);
    return host!;
  }

  async #drive(page: BrowserHost): Promise<void> {
    if (await this.#persist(() => page.start('mixed', { order: ID }, { id: ID })))
      this.#acknowledgements.push({ kind: 'start', instance: ID });
    while (this.#isPatient) {
      const view = await this.#persist(() => page.get(ID));
      if (view?.failure?.compensated) return;
      if (view) await this.#act(page, view);
      await pause(2);
    }
  }

  get #isPatient(): boolean {
    return performance.now() < this.#end;
  }

  async #act(page: BrowserHost, { tasks, waits }: InstanceView): Promise<void> {
    for (const { id, token } of tasks) {
      const done = await this.#persist(async () => {
        await page.send({ type: 'complete', task: id, user: clerk });
        return true;
      });
      if (done) this.#acknowledgements.push({ kind: 'complete', instance: ID, token });
    }
    // Both tabs say that it was paid.
    if (waits.some(({ kind }) => kind === 'message'))
      for (const tab of this.#hosts) {
        const signal = { name: 'paid', key: ID, id: 'paid-1', data: 'paid-1' };
        await this.#persist(() => tab.send({ type: 'signal', signal }));
        this.#acknowledgements.push({ kind: 'signal', id: 'paid-1' });
      }
    else if (tasks.length === 0) this.#clock.advance(A_WHILE);
  }

  /** As a person would: what was refused with a reason is asked for again. Undefined: it has been done already. */
  async #persist<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await work();
      } catch (thrown) {
        const { code, message } = thrown as FlowError;
        if (code === 'FLOW-TASK-GONE' || !this.#isPatient) return undefined;
        if (!String(code).startsWith('FLOW-STORAGE-') && code !== 'FLOW-FENCED') {
          this.violations.push(`refused without a typed error: ${code} ${message}`);
          return undefined;
        }
        await pause(5);
      }
    }
  }

  #implementations(): Implementations {
    const api = async (_: unknown, { idempotencyKey: key, activity }: { idempotencyKey: string; activity: string }) => {
      this.#calls.push({ activity, key, phase: 'received' });
      await pause(0);
      const isRefused = activity === 'Refused';
      this.#calls.push({ activity, key, phase: 'answered', status: isRefused ? 409 : 200 });
      if (isRefused) throw Object.assign(new Error('No.'), { code: 'Refused', retryable: false });
      return null;
    };
    return { do: api };
  }

  async #check(): Promise<void> {
    if (!this.#isPatient) this.violations.push('it did not come to its end');
    const checker = new Checker([mixed]);
    const dump = (await globalThis.readStore(this.#name))!;
    this.violations.push(
      ...(await checker.check(dump, this.#acknowledgements, this.#calls)),
      ...checker.checkEnd(dump, this.#calls),
    );
  }
}

/** Courses side by side: a host that has met a fault waits before it looks again. */
const SIDE_BY_SIDE = 24;
/** Of the calls, how many `npm test` tries. */
const SAMPLE = 40;

describe('a fault at each call of IndexedDB', () => {
  const harness = hostHarness();
  before(patchStorage);

  it('keeps no timer from firing that could not be read when it fell due', async () => {
    const clock = fakeClock();
    const wait = flowOf('W', {}, { W: { type: 'wait', after: 'PT1H', implementation: undefined } });
    const host = await harness.open({ clock }, wait);
    await eventually(() => host.isExecutor);
    const { id } = await host.start('test');
    await until(host, id, ({ waits }) => waits.length > 0);
    const storage = new FaultyStorage(1, 'aborts');
    const stop = inject(harness.name, storage);
    clock.advance(3_600_000);
    await eventually(() => storage.hit !== undefined);
    stop();
    await eventually(async () => {
      clock.advance(1000);
      return (await host.get(id))!.status === 'completed';
    });
  });

  it('ends in a commit or a typed error, loses nothing, and the page goes on', async function () {
    const isLong = (globalThis as { everyCall?: boolean }).everyCall ?? false;
    this.timeout(isLong ? 3_600_000 : 600_000);
    const peace = new FaultyStorage(0, 'throws');
    const course = new Course(peace);
    await course.run();
    expect(course.violations).to.deep.equal([]);

    const inAllWays = (at: number): readonly FaultyStorage[] =>
      STORAGE_FAULTS.map((fault) => new FaultyStorage(at, fault));
    const each = Array.from({ length: peace.calls }, (_, i) => inAllWays(i + 1)).flat();
    // Where instances are written there are few calls, which a sample would miss.
    const writing = [...peace.put.values()].flatMap(inAllWays);
    const left = isLong ? each : [...each.filter((_, i) => i % Math.ceil(each.length / SAMPLE) === 0), ...writing];
    const violations: string[] = [];
    const now = new Set<FaultyStorage>();
    const unhandled = ({ reason }: PromiseRejectionEvent): void => {
      const suspects = [...now].filter(({ hit }) => hit).map(({ at, fault, hit }) => `call ${at} (${hit}) ${fault}`);
      violations.push(`nobody handled ${String(reason)}: ${suspects.join(', ')}`);
    };
    addEventListener('unhandledrejection', unhandled);
    const hits: Record<string, number> = {};
    const lane = async (): Promise<void> => {
      for (let storage = left.pop(); storage; storage = left.pop()) {
        const faulty = new Course(storage);
        now.add(storage);
        await faulty.run();
        now.delete(storage);
        const { at, fault, hit = 'none' } = storage;
        hits[hit] = (hits[hit] ?? 0) + 1;
        violations.push(...faulty.violations.map((what) => `call ${at} (${hit}) ${fault}: ${what}`));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    removeEventListener('unhandledrejection', unhandled);
    expect(violations).to.deep.equal([]);
    // Firefox is never told to commit; see src/hosts/browser/connection.ts.
    const commit = navigator.userAgent.includes('Firefox/') ? [] : ['commit'];
    expect(Object.keys(hits)).to.include.members(['transaction', 'add', 'getAll', ...commit]);
    console.log(`${peace.calls} calls; hit ${JSON.stringify(hits)}`);
  });
});
