// Writes the figures of a run into docs/reliability.md: one line per run, and the sums of all of them.
import { codeOf, figureTables, publishRun, sumOf, totalOf } from '../published-runs.js';
import type { Figures } from './figures.js';

interface Run {
  readonly day: string;
  /** The commit whose code ran; with a star when the working tree differed from it. */
  readonly code?: string;
  readonly seeds: string;
  readonly cycles: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly instances: number;
  readonly calls: number;
  readonly repeated: number;
  readonly rows: number;
  /** Stores that the browser itself has thrown away, and how many of these losses pages were told. */
  readonly lost?: number;
  readonly told?: number;
  readonly violations: number;
}

export function writeReport(figures: Figures, seeds: string): void {
  const { cycles, faults, acknowledged, instances, calls, repeated, rows, lost, told, violations } = figures;
  const run: Run = {
    day: new Date().toISOString().slice(0, 10),
    code: codeOf(),
    seeds,
    cycles,
    faults: faults as Record<string, number>,
    acknowledged,
    instances,
    calls,
    repeated,
    rows,
    lost,
    told,
    violations: violations.length,
  };
  publishRun({ page: 'docs/reliability.md', suite: 'test:faults' }, run, tables);
}

function tables(runs: readonly Run[]): string {
  const total = (of: (run: Run) => number): string => totalOf(runs, of);
  const faults = [...new Set(runs.flatMap((run) => Object.keys(run.faults)))].sort();
  const rows: readonly (readonly [string, string])[] = [
    ['cycles, each ended by a SIGKILL of the whole browser', total((r) => r.cycles)],
    ...faults
      .filter((kind) => kind !== 'kill')
      .map((kind) => [`other faults: ${kind}`, total((r) => r.faults[kind] ?? 0)] as const),
    ['acknowledged starts', total((r) => r.acknowledged['start'] ?? 0)],
    ['acknowledged task completions', total((r) => r.acknowledged['complete'] ?? 0)],
    ['acknowledged signals', total((r) => r.acknowledged['signal'] ?? 0)],
    ['**acknowledgements in all**', `**${total((r) => sumOf(r.acknowledged))}**`],
    ['instances brought to their end', total((r) => r.instances)],
    ['calls that the API got', total((r) => r.calls)],
    ['of these again, with the same key (in flight at a fault, or answered 503)', total((r) => r.repeated)],
    ['journal rows replayed and compared', total((r) => r.rows)],
    ['stores that the browser itself threw away (see below)', total((r) => r.lost ?? 0)],
    ['of these losses told to the page', total((r) => r.told ?? 0)],
    ['**violations**', `**${total((r) => r.violations)}**`],
  ];
  return figureTables(
    rows,
    [
      ['run', '---'],
      ['code', '---'],
      ['seeds', '---'],
      ['cycles', '---:'],
      ['acknowledgements', '---:'],
      ['instances', '---:'],
      ['violations', '---:'],
    ],
    runs.map((r) => [r.day, r.code ?? '', r.seeds, r.cycles, sumOf(r.acknowledged), r.instances, r.violations]),
  );
}
