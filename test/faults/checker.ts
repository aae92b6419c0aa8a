// The independent checker. It reads what pages were promised, what the API has seen and what the store holds, and uses the
// engine for one thing only: to replay journals. Each violation is a sentence.
import { compile, contentHash, replayEvent, type CompiledFlow, type FlowState } from '../../src/index.js';
import type { InstanceRecord } from '../../src/hosts/browser/schema.js';
import type { ReadRow } from '../stored-journal.js';
import { LOAD, type LoadFlow } from './flows.js';
import type { Acknowledgement, Call, Dump } from './protocol.js';

export class Checker {
  readonly #load: readonly LoadFlow[];
  readonly #flows = new Map<string, Promise<CompiledFlow>>();
  /** Keys of activities that the store has said are completed, with how many calls the API had seen then. */
  readonly #completed = new Map<string, number>();
  /** The last row known of each instance, to see that histories only grow. */
  readonly #tips = new Map<string, { readonly row: number; readonly hash: string }>();
  /** Journal rows replayed so far. */
  replayed = 0;

  /** `load`: what was started, and what must come of it. */
  constructor(load: readonly LoadFlow[] = LOAD) {
    this.#load = load;
  }

  /** What must hold at any moment. `calls`: all that the API has seen so far. */
  async check(dump: Dump, acknowledgements: readonly Acknowledgement[], calls: readonly Call[]): Promise<string[]> {
    const journals = journalsOf(dump);
    return [
      ...this.#acknowledged(dump, journals, acknowledgements),
      ...(await this.#histories(dump, journals)),
      ...this.#runs(journals, calls),
      ...effectsOf(journals, calls),
      ...compensations(calls),
      ...dump.wrongLists,
    ];
  }

  /** What must hold once everything has been given its time. */
  checkEnd(dump: Dump, calls: readonly Call[]): string[] {
    const violations: string[] = [];
    const answered = new Map<string, Set<string>>();
    for (const { key, activity, phase, status } of calls) {
      if (phase !== 'answered' || status === 503) continue;
      const of = `${key.slice(0, key.lastIndexOf('/'))} ${activity}`;
      answered.set(of, (answered.get(of) ?? new Set()).add(key));
    }
    if (dump.inbox.length > 0) violations.push(`${dump.inbox.length} requests were never dealt with.`);
    for (const { id, flow, status, state } of dump.instances) {
      const expected = this.#load.find(({ definition }) => definition.flow === flow)!;
      if (status !== expected.ends)
        violations.push(
          `${id} is ${status} (${state.failure?.message ?? 'no failure'}), and should be ${expected.ends}.`,
        );
      if (expected.ends === 'failed' && state.failure?.compensated !== true)
        violations.push(`${id} has failed, and was not undone.`);
      for (const [activity, times] of Object.entries(expected.calls)) {
        const keys = answered.get(`${id} ${activity}`)?.size ?? 0;
        if (keys !== times) violations.push(`${id}: ${activity} was done with ${keys} keys instead of ${times}.`);
      }
    }
    return violations;
  }

  #acknowledged(
    dump: Dump,
    journals: ReadonlyMap<string, readonly ReadRow[]>,
    acknowledgements: readonly Acknowledgement[],
  ): string[] {
    const violations: string[] = [];
    const instances = new Set(dump.instances.map(({ id }) => id));
    const completed = new Set<string>();
    const taken = new Map<string, number>();
    for (const [id, rows] of journals) {
      for (const { event } of rows.flatMap(({ records }) => records)) {
        if (event.type === 'complete') completed.add(`${id}/${event.token}`);
        if (event.type === 'message') taken.set(String(event.data), (taken.get(String(event.data)) ?? 0) + 1);
      }
    }
    const kept = new Set(dump.signals.map(({ signal }) => signal.id));
    for (const ack of acknowledgements) {
      if (ack.kind === 'start' && !instances.has(ack.instance))
        violations.push(`The start of ${ack.instance} was lost.`);
      if (ack.kind === 'complete' && !completed.has(`${ack.instance}/${ack.token}`))
        violations.push(`The completion of ${ack.instance}/${ack.token} was lost.`);
      if (ack.kind === 'signal' && !kept.has(ack.id) && !taken.has(ack.id))
        violations.push(`The signal ${ack.id} was lost.`);
    }
    for (const [id, times] of taken) {
      if (times > 1 || kept.has(id))
        violations.push(`The signal ${id} was taken ${times} times, kept: ${kept.has(id)}.`);
    }
    return violations;
  }

  /** Journals have no gap and no fork, only grow, and replay to exactly what is stored. */
  async #histories(dump: Dump, journals: ReadonlyMap<string, readonly ReadRow[]>): Promise<string[]> {
    const violations: string[] = [];
    for (const { hash, definition } of dump.definitions) {
      if (!this.#flows.has(hash)) this.#flows.set(hash, compile(definition));
    }
    for (const record of dump.instances) {
      const rows = journals.get(record.id) ?? [];
      const tip = this.#tips.get(record.id);
      // What was checked before and has not changed is not replayed once more.
      const last = rows.at(-1);
      if (tip && tip.row === rows.length && tip.hash === last?.hash) continue;
      const flow = await this.#flows.get(record.hash);
      violations.push(...(flow ? chained(record, rows) : [`The definition of ${record.id} is missing.`]));
      if (tip && rows[tip.row - 1]?.hash !== tip.hash) violations.push(`The history of ${record.id} was rewritten.`);
      if (flow) violations.push(...replays(flow, record, rows));
      this.replayed += rows.length;
      if (last) this.#tips.set(record.id, { row: last.row, hash: last.hash });
    }
    for (const id of journals.keys()) {
      if (!dump.instances.some((record) => record.id === id)) violations.push(`${id} has a journal and no record.`);
    }
    for (const id of this.#tips.keys()) if (!journals.has(id)) violations.push(`${id} has gone.`);
    return violations;
  }

  /** What the store had called completed is not called any more. */
  #runs(journals: ReadonlyMap<string, readonly ReadRow[]>, calls: readonly Call[]): string[] {
    const violations: string[] = [];
    for (const [i, { key, activity, phase }] of calls.entries()) {
      const since = this.#completed.get(key);
      if (phase === 'received' && since !== undefined && i >= since)
        violations.push(`${activity} of ${key} ran again after it had completed.`);
    }
    for (const [id, rows] of journals) {
      for (const { state, token } of rows.flatMap(({ records }) => records.flatMap(({ changes }) => changes))) {
        const key = `${id}/${token}`;
        if (state === 'completed' && !this.#completed.has(key)) this.#completed.set(key, calls.length);
      }
    }
    return violations;
  }
}

function journalsOf({ journal }: Dump): Map<string, ReadRow[]> {
  const journals = new Map<string, ReadRow[]>();
  for (const row of journal) journals.set(row.id, [...(journals.get(row.id) ?? []), row]);
  for (const rows of journals.values()) rows.sort((a, b) => a.row - b.row);
  return journals;
}

function chained(record: InstanceRecord, rows: readonly ReadRow[]): string[] {
  let previous = record.hash;
  let epoch = 0;
  for (const [i, row] of rows.entries()) {
    if (row.row !== i + 1) return [`The journal of ${record.id} has a gap before row ${row.row}.`];
    if (row.previous !== previous) return [`The journal of ${record.id} forks at row ${row.row}.`];
    if (row.hash !== contentHash({ row: row.row, records: row.records, previous } as never))
      return [`Row ${row.row} of the journal of ${record.id} was changed.`];
    if (row.epoch < epoch) return [`An old executor wrote row ${row.row} of ${record.id}.`];
    [previous, epoch] = [row.hash, row.epoch];
  }
  // While a call is under way, the record may be some steps behind.
  const isBehind = record.busy === 1 && rows.length > record.rows;
  if ((rows.length !== record.rows && !isBehind) || rows[record.rows - 1]?.hash !== record.lastHash)
    return [`The record of ${record.id} does not belong to its journal.`];
  return [];
}

function replays(flow: CompiledFlow, record: InstanceRecord, rows: readonly ReadRow[]): string[] {
  const violations: string[] = [];
  let state: FlowState | undefined;
  let stored: FlowState | undefined;
  for (const { row, event } of rows.flatMap((r) => r.records.map((step) => ({ row: r.row, event: step.event })))) {
    if (event.type === 'timer') {
      if (event.now < event.at) violations.push(`A timer of ${record.id} fired ${event.at - event.now} ms early.`);
      const armed = state?.runs[event.token]?.timers?.[event.id];
      if (armed !== event.at) violations.push(`A timer of ${record.id} fired that was not armed, or twice.`);
    }
    state = replayEvent(flow, state, event);
    if (row <= record.rows) stored = state;
  }
  if (JSON.stringify(stored) !== JSON.stringify(record.state))
    violations.push(`The journal of ${record.id} does not replay to what is stored.`);
  return violations;
}

/** Whatever the API was asked for stands in a journal: nothing was called before it was committed, or with another key. */
function effectsOf(journals: ReadonlyMap<string, readonly ReadRow[]>, calls: readonly Call[]): string[] {
  const violations = new Set<string>();
  const committed = new Map<string, string>();
  for (const [id, rows] of journals) {
    for (const { activity, token } of rows.flatMap(({ records }) => records.flatMap(({ changes }) => changes)))
      if (token !== undefined) committed.set(`${id}/${token}`, activity);
  }
  for (const { key, activity } of calls) {
    if (committed.get(key) !== activity) violations.add(`${activity} was called as ${key}, which no journal knows.`);
  }
  return [...violations];
}

/** A compensation begins with what completed last, and only when that is undone comes the next. */
function compensations(calls: readonly Call[]): string[] {
  const violations: string[] = [];
  const undone = new Set<string>();
  const refused = new Set<string>();
  for (const { key, activity, phase, status } of calls) {
    const instance = key.slice(0, key.lastIndexOf('/'));
    if (phase === 'answered' && status === 409) refused.add(instance);
    if (activity === 'undoB' && phase === 'answered' && status === 200) undone.add(instance);
    if (activity === 'undoB' && phase === 'received' && !refused.has(instance))
      violations.push(`${instance} was undone early.`);
    if (activity === 'undoA' && phase === 'received' && !undone.has(instance))
      violations.push(`${instance}: A was undone before B.`);
  }
  return violations;
}
