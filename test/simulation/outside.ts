// The world outside of the browser: an interface that flows call. It keeps its own log of what was asked of it, honours
// idempotency keys, is slow, fails, and sometimes does what it was asked without its answer arriving.
import type { Implementations, InvocationContext, Json, JsonObject } from '../../src/index.js';
import type { Committed } from './committed.js';
import { presentTab } from './globals.js';
import type { Random } from './random.js';
import { laneOf } from './scheduler.js';

export interface Call {
  readonly key: string;
  readonly instance: string;
  readonly activity: string;
  readonly attempt: number;
  readonly act: 'call' | 'prepare' | 'commit' | 'rollback';
  /** Number of commits before it. */
  readonly order: number;
}

export class Outside {
  readonly calls: Call[] = [];
  /** What was done, by key: it is done once. */
  readonly done = new Map<string, number>();
  /** From now on everything is answered. */
  isKind = false;
  readonly #random: Random;
  readonly #committed: Committed;
  readonly #violations: string[];

  constructor(random: Random, committed: Committed, violations: string[]) {
    this.#random = random;
    this.#committed = committed;
    this.#violations = violations;
  }

  /** For the host of the tab that is present when one of them is called. `isWhole`: also those that any other page can call for it. */
  implementations(isWhole: boolean): Implementations {
    return {
      ...(isWhole && { api: (args, context) => this.#asked('call', args, context) }),
      part: {
        prepare: (args, context) => this.#asked('prepare', args, context),
        commit: async (_, context) => void (await this.#asked('commit', {}, context)),
        rollback: async (_, context) => void (await this.#asked('rollback', {}, context)),
      },
    };
  }

  #asked(act: Call['act'], args: JsonObject, context: InvocationContext): Promise<Json> {
    const { idempotencyKey: key, instance, activity, attempt } = context;
    this.calls.push({ key, instance, activity, attempt, act, order: this.#committed.order });
    this.#checkCall(act, key, context);
    const refuses = args['refuse'] === true;
    const ways = this.#ways(act, activity);
    const way = this.isKind ? 'answers' : this.#random.pick(ways);
    if (way === 'fails') return this.#after(() => Promise.reject(failure('Busy', true)));
    if (way === 'silent') return new Promise(() => {});
    if (refuses) return this.#after(() => Promise.reject(failure('Refused', false)));
    const name = act === 'call' ? key : `${act} ${key}`;
    let value = this.done.get(name);
    if (value === undefined) this.done.set(name, (value = this.done.size + 1));
    const answer = value;
    if (way === 'unheard') return this.#after(() => Promise.reject(failure('Network', true)));
    if (way === 'silent but done') return new Promise(() => {});
    if (way === 'at once') return Promise.resolve(answer);
    return this.#after(() => Promise.resolve(answer), way === 'takes long' ? 150_000 : 300);
  }

  #ways(act: Call['act'], activity: string): readonly string[] {
    const fine = ['answers', 'answers', 'answers', 'at once'];
    if (act !== 'call') return [...fine, 'fails', 'unheard'];
    if (activity.startsWith('Slow')) return [...fine, 'fails', 'unheard', 'silent', 'silent but done'];
    if (activity.startsWith('Long')) return [...fine, 'takes long', 'takes long', 'takes long'];
    return [...fine, ...fine, 'fails', 'unheard'];
  }

  #after(answer: () => Promise<Json>, longest = 300): Promise<Json> {
    const tab = presentTab();
    return new Promise((resolve, reject) => {
      const tell = (): void => void answer().then(resolve, reject);
      tab.browser.scheduler.add(laneOf(tab), tell, this.#random.below(longest));
    });
  }

  /** What is called must have been decided for good, and must not be done already. */
  #checkCall(act: Call['act'], key: string, { instance, activity }: InvocationContext): void {
    const token = key.slice(instance.length + 1);
    const events = this.#committed.rows(instance).flatMap(({ row }) => row.records);
    const isKnown = events.some((r) => r.changes.some((c) => c.token === token && c.activity === activity));
    if (!isKnown) this.#violations.push(`${activity} was called with ${key} before that was committed`);
    const isDone = events.some((r) => r.changes.some((c) => c.token === token && c.state === 'completed'));
    if (isDone && act !== 'commit' && act !== 'rollback')
      this.#violations.push(`${activity} (${key}) was called again after it had completed`);
  }
}

function failure(code: string, retryable: boolean): Error {
  return Object.assign(new Error(`The interface says: ${code}.`), { code, retryable });
}
