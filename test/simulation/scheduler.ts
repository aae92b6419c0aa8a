// Simulated time and the order of everything that happens. What a browser would do on its own (events of the store, timers,
// messages, locks) is a task in a lane; a seeded choice takes one ready task at a time, and the promises that hang on it
// run out before the next. So one seed is one course of events.
import type { Random } from './random.js';

/** Who a task belongs to: it rests while its owner is frozen and is dropped when its owner is dead. */
export interface Owner {
  readonly isAlive: boolean;
  readonly isFrozen: boolean;
}

/** Tasks that keep their order. */
export interface Lane {
  /** Absent: the browser itself, which neither freezes nor dies with a tab. */
  readonly owner: Owner | undefined;
  readonly tasks: { readonly at: number; readonly run: () => void }[];
}

/** Tasks that a schedule may take; the usual ones take hundreds. */
const MOST = 60_000;

export function laneOf(owner?: Owner): Lane {
  return { owner, tasks: [] };
}

// The simulation replaces the global one.
const nextTurn = globalThis.setImmediate;

export class Scheduler {
  /** Monotonic time, ms. */
  now = 0;
  steps = 0;
  readonly #random: Random;
  readonly #lanes = new Set<Lane>();
  readonly #enter: (owner: Owner | undefined) => void;
  readonly #afterTurn: () => void;

  /** `enter` says whose code runs from now on; `afterTurn` is called when the promises of a task have run out. */
  constructor(random: Random, enter: (owner: Owner | undefined) => void, afterTurn: () => void) {
    this.#random = random;
    this.#enter = enter;
    this.#afterTurn = afterTurn;
  }

  /** Adds a task; within a lane tasks run in the order of their times, then of their addition. */
  add(lane: Lane, run: () => void, delay = 0): () => void {
    const task = { at: this.now + delay, run };
    let i = lane.tasks.length;
    while (i > 0 && lane.tasks[i - 1]!.at > task.at) i--;
    lane.tasks.splice(i, 0, task);
    this.#lanes.add(lane);
    return () => {
      const index = lane.tasks.indexOf(task);
      if (index >= 0) lane.tasks.splice(index, 1);
      if (lane.tasks.length === 0) this.#lanes.delete(lane);
    };
  }

  /** Runs one task. False: there is none, or none before `until`. */
  async step(until = Infinity): Promise<boolean> {
    const lane = this.#choose(until);
    if (!lane) return false;
    const { run } = lane.tasks.shift()!;
    if (lane.tasks.length === 0) this.#lanes.delete(lane);
    this.#enter(lane.owner);
    run();
    await new Promise((resolve) => nextTurn(resolve));
    this.#afterTurn();
    this.#enter(undefined);
    if (++this.steps > MOST) throw new Error(`it goes on for ever: ${MOST} tasks, and no end`);
    this.now += this.#random.below(2);
    return true;
  }

  #choose(until: number): Lane | undefined {
    const ready: Lane[] = [];
    let earliest = Infinity;
    for (const lane of this.#lanes) {
      if (lane.owner && !lane.owner.isAlive) this.#lanes.delete(lane);
      else if (!lane.owner?.isFrozen) {
        const { at } = lane.tasks[0]!;
        if (at <= this.now) ready.push(lane);
        else if (at < earliest) earliest = at;
      }
    }
    if (ready.length > 0) return this.#random.pick(ready);
    if (earliest > until || earliest === Infinity) {
      if (until !== Infinity) this.now = Math.max(this.now, until);
      return undefined;
    }
    this.now = earliest;
    return this.#choose(until);
  }
}
