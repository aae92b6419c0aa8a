// The figures of a run: what was done to the browser, what was promised, what came of it.
import { sumOf } from '../published-runs.js';
import type { FaultKind } from './faults.js';
import type { Acknowledgement, Call, Dump } from './protocol.js';

export class Figures {
  cycles = 0;
  instances = 0;
  /** Journal rows that were replayed and compared. */
  rows = 0;
  calls = 0;
  /** Stores that the browser itself has thrown away, and how many of these losses a host has told its page. */
  lost = 0;
  told = 0;
  /** Calls that came again with the key of an earlier one: in flight when their tab ended, or refused as busy. */
  repeated = 0;
  /** Executors, one after the other, that have written. */
  executors = 0;
  readonly faults: Partial<Record<FaultKind | 'kill', number>> = {};
  readonly acknowledged: Record<Acknowledgement['kind'], number> = { start: 0, complete: 0, signal: 0 };
  readonly refusals: Record<string, number> = {};
  readonly violations: string[] = [];

  get acknowledgements(): number {
    return sumOf(this.acknowledged);
  }

  count(kind: FaultKind | 'kill'): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }

  acknowledge(kind: Acknowledgement['kind']): void {
    this.acknowledged[kind]++;
  }

  refusal(code: string, times: number): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + times;
  }

  violation(seed: number, what: string): void {
    const line = `seed ${seed}: ${what}`;
    if (this.violations.includes(line)) return;
    this.violations.push(line);
    console.error(`VIOLATION ${line}`);
  }

  addRound(dump: Dump, calls: readonly Call[], rows: number): void {
    this.instances += dump.instances.length;
    this.rows += rows;
    this.executors += new Set(dump.journal.map(({ epoch }) => epoch)).size;
    const received = calls.filter(({ phase }) => phase === 'received');
    this.calls += received.length;
    this.repeated += received.length - new Set(received.map(({ key }) => key)).size;
  }
}
