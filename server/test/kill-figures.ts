// What a run of the kill test has done and found, and its lines in docs/server.md.
type Promised = 'start' | 'completion' | 'signal';

export interface KillRun {
  readonly day: string;
  readonly code: string;
  readonly seed: string;
  readonly cycles: number;
  readonly kills: Readonly<Record<string, number>>;
  /** How many of each were promised, by the server or, while it was away, by the outbox. */
  readonly acknowledged: Readonly<Record<Promised, number>>;
  readonly instances: number;
  readonly calls: number;
  readonly repeated: number;
  readonly resumed: number;
  readonly violations: number;
}

export class KillFigures {
  cycles = 0;
  /** Brought to their end. */
  instances = 0;
  calls = 0;
  /** Calls that came again with the key of an earlier one. */
  repeated = 0;
  /** Streams that went on where an earlier one had ended. */
  resumed = 0;
  readonly violations: string[] = [];
  readonly kills: Record<string, number> = {};
  readonly #promised: Record<Promised, Set<string>> = { start: new Set(), completion: new Set(), signal: new Set() };

  killed(part: string): void {
    this.kills[part] = (this.kills[part] ?? 0) + 1;
  }

  /** The same twice is one promise. */
  acknowledged(what: Promised, id: string): void {
    this.#promised[what].add(id);
  }

  violation(what: string): void {
    if (this.violations.includes(what)) return;
    this.violations.push(what);
    console.error(`VIOLATION ${what}`);
  }

  run(seed: string, code: string): KillRun {
    const { start, completion, signal } = this.#promised;
    const { cycles, kills, instances, calls, repeated, resumed, violations } = this;
    return {
      day: new Date().toISOString().slice(0, 10),
      code,
      seed,
      cycles,
      kills,
      acknowledged: { start: start.size, completion: completion.size, signal: signal.size },
      instances,
      calls,
      repeated,
      resumed,
      violations: violations.length,
    };
  }
}

/** As the tests that publish it render it: only tests themselves join the server and what lies outside. */
interface Counted {
  readonly what: string;
  readonly of: (run: KillRun) => number | Readonly<Record<string, number>>;
  readonly isMain?: boolean;
}

/** What docs/server.md shows of all runs together, and of each. */
export function tables(runs: readonly KillRun[]): {
  readonly counted: readonly Counted[];
  readonly columns: Readonly<Record<string, (run: KillRun) => string | ReturnType<Counted['of']>>>;
} {
  const parts = [...new Set(runs.flatMap(({ kills }) => Object.keys(kills)))].sort();
  return {
    counted: [
      { what: 'cycles', of: (r) => r.cycles },
      ...parts.map((part) => ({ what: `kills: ${part}`, of: (r: KillRun) => r.kills[part] ?? 0 })),
      { what: 'acknowledged starts', of: (r) => r.acknowledged.start },
      { what: 'acknowledged task completions', of: (r) => r.acknowledged.completion },
      { what: 'acknowledged messages', of: (r) => r.acknowledged.signal },
      { what: 'acknowledgements in all', of: (r) => r.acknowledged, isMain: true },
      { what: 'instances brought to their end', of: (r) => r.instances },
      { what: 'event streams resumed', of: (r) => r.resumed },
      { what: 'calls of implementations', of: (r) => r.calls },
      { what: 'of these again, with the same key (under way at a kill)', of: (r) => r.repeated },
      { what: 'violations', of: (r) => r.violations, isMain: true },
    ],
    columns: {
      run: (r) => r.day,
      code: (r) => r.code,
      seed: (r) => r.seed,
      cycles: (r) => r.cycles,
      kills: (r) => r.kills,
      acknowledgements: (r) => r.acknowledged,
      instances: (r) => r.instances,
      violations: (r) => r.violations,
    },
  };
}
