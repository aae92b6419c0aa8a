// Writes the figures of a run into docs/reliability.md: one line per run, and the sums of all of them.
import { codeOf, publishRun, type RunTables } from '../published-runs.js';
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

function tables(runs: readonly Run[]): RunTables<Run> {
  const faults = [...new Set(runs.flatMap((run) => Object.keys(run.faults)))].sort();
  return {
    counted: [
      { what: 'cycles, each ended by a SIGKILL of the whole browser', of: (r) => r.cycles },
      ...faults
        .filter((kind) => kind !== 'kill')
        .map((kind) => ({ what: `other faults: ${kind}`, of: (r: Run) => r.faults[kind] ?? 0 })),
      { what: 'acknowledged starts', of: (r) => r.acknowledged['start'] ?? 0 },
      { what: 'acknowledged task completions', of: (r) => r.acknowledged['complete'] ?? 0 },
      { what: 'acknowledged signals', of: (r) => r.acknowledged['signal'] ?? 0 },
      { what: 'acknowledgements in all', of: (r) => r.acknowledged, isMain: true },
      { what: 'instances brought to their end', of: (r) => r.instances },
      { what: 'calls that the API got', of: (r) => r.calls },
      { what: 'of these again, with the same key (in flight at a fault, or answered 503)', of: (r) => r.repeated },
      { what: 'journal rows replayed and compared', of: (r) => r.rows },
      { what: 'stores that the browser itself threw away (see below)', of: (r) => r.lost ?? 0 },
      { what: 'of these losses told to the page', of: (r) => r.told ?? 0 },
      { what: 'violations', of: (r) => r.violations, isMain: true },
    ],
    columns: {
      run: (r) => r.day,
      code: (r) => r.code ?? '',
      seeds: (r) => r.seeds,
      cycles: (r) => r.cycles,
      acknowledgements: (r) => r.acknowledged,
      instances: (r) => r.instances,
      violations: (r) => r.violations,
    },
  };
}
