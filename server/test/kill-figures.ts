// What a run of the kill test has done and found, and its lines in docs/server.md.
import { figureTables, sumOf, totalOf } from '../../test/published-runs.js';

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

/** Markdown: the sums of all runs, and a line for each. */
export function tables(runs: readonly KillRun[]): string {
  const total = (of: (run: KillRun) => number): string => totalOf(runs, of);
  const parts = [...new Set(runs.flatMap(({ kills }) => Object.keys(kills)))].sort();
  const rows: readonly (readonly [string, string])[] = [
    ['cycles', total((r) => r.cycles)],
    ...parts.map((part) => [`kills: ${part}`, total((r) => r.kills[part] ?? 0)] as const),
    ['acknowledged starts', total((r) => r.acknowledged.start)],
    ['acknowledged task completions', total((r) => r.acknowledged.completion)],
    ['acknowledged messages', total((r) => r.acknowledged.signal)],
    ['**acknowledgements in all**', `**${total((r) => sumOf(r.acknowledged))}**`],
    ['instances brought to their end', total((r) => r.instances)],
    ['event streams resumed', total((r) => r.resumed)],
    ['calls of implementations', total((r) => r.calls)],
    ['of these again, with the same key (under way at a kill)', total((r) => r.repeated)],
    ['**violations**', `**${total((r) => r.violations)}**`],
  ];
  return figureTables(
    rows,
    [
      ['run', '---'],
      ['code', '---'],
      ['seed', '---'],
      ['cycles', '---:'],
      ['kills', '---:'],
      ['acknowledgements', '---:'],
      ['instances', '---:'],
      ['violations', '---:'],
    ],
    runs.map((r) => [
      r.day,
      r.code,
      r.seed,
      r.cycles,
      sumOf(r.kills),
      sumOf(r.acknowledged),
      r.instances,
      r.violations,
    ]),
  );
}
