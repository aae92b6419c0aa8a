// The independent checker: after a schedule it reads what is on the disk, the log of the outside interface and the log of what
// was acknowledged, and says which promise does not hold. It shares no code with the host; with the engine only `replayEvent`.
import { contentHash, replayEvent, type FlowState } from '../../src/index.js';
import type { CompiledFlow } from '../../src/index.js';
import type { InstanceRecord } from '../../src/hosts/browser/schema.js';
import { eventsOf } from './check-acknowledged.js';
import { checkCompensation } from './check-compensation.js';
import { checkCourse } from './check-course.js';
import { checkSchedules } from './check-schedules.js';
import type { Browser } from './browser.js';
import type { Committed, CommittedRow } from './committed.js';
import type { Outside } from './outside.js';
import type { Act } from './page.js';
import type { Schedule } from './schedule.js';

export function checkHistory(schedule: Schedule): void {
  const { committed, outside, acts, violations } = schedule;
  const say = (text: string): void => void violations.push(text);
  for (const record of committed.instances.values()) {
    const flow = schedule.flowOf(record.flow);
    const rows = committed.rows(record.id);
    checkJournal(record, flow.compiled, rows, say);
    checkTimers(record.id, rows, schedule.browser, say);
    checkCourse(record, flow.flow?.body, rows, say);
    checkCompensation(record, flow.flow, rows, outside, say);
  }
  checkCallsOfFlows(committed, say);
  checkActs(schedule, acts, say);
  checkSignals(committed, acts, say);
  checkCalls(committed, outside, acts, say);
  checkSchedules(schedule);
}

type Say = (text: string) => void;

/** Rows are there without a gap, chained, and give exactly the stored state when they are replayed. */
function checkJournal(record: InstanceRecord, flow: CompiledFlow, rows: readonly CommittedRow[], say: Say): void {
  let state: FlowState | undefined;
  let stored: FlowState | undefined;
  let previous = flow.hash;
  let epoch = 0;
  for (const [i, { row }] of rows.entries()) {
    if (row.row !== i + 1) return say(`${record.id}: row ${row.row} stands where row ${i + 1} should`);
    if (row.previous !== previous) say(`${record.id}: row ${row.row} does not follow from the row before it`);
    const { hash, records } = row;
    if (hash !== contentHash({ row: row.row, records, previous })) say(`${record.id}: row ${row.row} is damaged`);
    if (row.epoch < epoch) say(`${record.id}: row ${row.row} was written by an executor that had been replaced`);
    previous = hash;
    epoch = row.epoch;
    for (const { event } of records) state = replayEvent(flow, state, event);
    // Later steps are in the log, until the next checkpoint.
    if (row.row === record.rows) stored = state;
  }
  if (JSON.stringify(stored) !== JSON.stringify(record.state))
    say(`${record.id}: the journal does not replay to the stored state`);
}

/** Armed at the moment that was meant, never early, never twice. What fires was due at some moment since it was armed. */
function checkTimers(instance: string, rows: readonly CommittedRow[], browser: Browser, say: Say): void {
  const armed = new Map<string, { readonly at: number; readonly moment: number }>();
  const fired = new Set<string>();
  for (const { row, moment } of rows) {
    for (const { event } of row.records) {
      if (event.type === 'prepared')
        for (const [id, at] of Object.entries(event.prepared.timers ?? {}))
          armed.set(`${event.token} ${id}`, { at, moment });
      if (event.type !== 'timer') continue;
      const name = `${event.token} ${event.id}`;
      const { at, moment: since } = armed.get(name) ?? { at: event.at, moment: rows[0]!.moment };
      if (at !== event.at) say(`${instance}: timer ${name} fired for ${event.at} and not for ${at}`);
      const early = at - Math.min(event.now, browser.latestBetween(since, moment));
      if (early > 0) say(`${instance}: timer ${name} fired ${early} ms early`);
      if (event.id !== 'backoff' && event.id !== 'timeout' && fired.has(name))
        say(`${instance}: timer ${name} fired twice`);
      fired.add(name);
    }
  }
}

/** However often a call is repeated, it is one instance. */
function checkCallsOfFlows(committed: Committed, say: Say): void {
  const callers = new Set<string>();
  for (const { header } of committed.instances.values()) {
    if (!header.parent) continue;
    const caller = `${header.parent.instance}/${header.parent.token}`;
    if (callers.has(caller)) say(`${caller} called two instances`);
    callers.add(caller);
  }
}

function checkActs(schedule: Schedule, acts: readonly Act[], say: Say): void {
  const { committed } = schedule;
  for (const { what, target, tab, state, isAnswerable } of acts)
    if (state === 'asked' && isAnswerable()) say(`tab ${tab} never heard what became of its ${what} ${target}`);
  for (const { what, target, state } of acts) {
    if (state !== 'acknowledged') continue;
    if (what === 'start' && !committed.instances.has(target)) say(`the acknowledged start of ${target} is lost`);
    if (what === 'cancel') {
      const record = committed.instances.get(target);
      if (record && record.status !== 'cancelled' && record.status !== 'completed' && !wasSettled(schedule, target))
        say(`the acknowledged cancelling of ${target} is lost`);
    }
  }
  const completed = new Map<string, number>();
  for (const id of committed.instances.keys())
    for (const event of eventsOf(schedule, id))
      if (event.type === 'complete') {
        const task = `${id}/${event.token}`;
        completed.set(task, (completed.get(task) ?? 0) + 1);
      }
  for (const [task, times] of completed) if (times > 1) say(`the task ${task} was completed ${times} times`);
  const wanted = new Map<string, number>();
  for (const { what, target, state } of acts)
    if (what === 'complete' && state === 'acknowledged') wanted.set(target, (wanted.get(target) ?? 0) + 1);
  for (const [task, times] of wanted) {
    if (!completed.has(task)) say(`the acknowledged completion of ${task} is lost`);
    if (times > 1) say(`the task ${task} was acknowledged to ${times} people`);
  }
}

function wasSettled(schedule: Schedule, instance: string): boolean {
  return eventsOf(schedule, instance).some((e) => e.type === 'cancel');
}

/** Each takes effect once, or is kept for who may yet wait for it. */
function checkSignals(committed: Committed, acts: readonly Act[], say: Say): void {
  const taken = new Map<string, number>();
  for (const rows of committed.journals.values())
    for (const { row } of rows)
      for (const { event } of row.records) {
        if (event.type !== 'message') continue;
        const { id, key } = (event.data ?? {}) as { id?: string; key?: string };
        if (id !== undefined) taken.set(id, (taken.get(id) ?? 0) + 1);
        if (key !== undefined && row.id.split('.')[0] !== key) say(`the signal ${id} for ${key} reached ${row.id}`);
      }
  const kept = new Set(committed.signals.values());
  if (kept.size < committed.signals.size) say('a signal is kept twice');
  for (const [id, times] of taken) {
    if (times > 1) say(`the signal ${id} took effect ${times} times`);
    if (kept.has(id)) say(`the signal ${id} took effect and is still kept`);
  }
  for (const { what, target, state } of acts) {
    if (what === 'signal' && state === 'acknowledged' && !taken.has(target) && !kept.has(target))
      say(`the acknowledged signal ${target} is lost`);
  }
}

/** In doubt a call is repeated with the same key; what may happen once is not repeated unless a person asks for it. */
function checkCalls(committed: Committed, outside: Outside, acts: readonly Act[], say: Say): void {
  const once = new Map<string, number>();
  for (const call of outside.calls) {
    if (!call.activity.startsWith('Once')) continue;
    const name = `${call.key} attempt ${call.attempt}`;
    once.set(name, (once.get(name) ?? 0) + 1);
  }
  for (const [name, times] of once) if (times > 1) say(`what may be called once was called ${times} times: ${name}`);
  // What the journal says came back is what the interface had answered.
  for (const [id, rows] of committed.journals)
    for (const { row } of rows)
      for (const { event } of row.records) {
        if (event.type !== 'result' || typeof event.output !== 'number') continue;
        const key = `${id}/${event.token}`;
        const answers = [outside.done.get(key), outside.done.get(`prepare ${key}`)];
        if (!answers.includes(event.output)) say(`${key} has the result ${event.output}, which nobody gave`);
      }
  void acts;
}
