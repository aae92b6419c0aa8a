// Summary packs: what lists show of many instances as one text, because the browser hands over one string in a fraction of the time
// that it takes for hundreds of objects, and parses it faster than it copies them. Pure functions.
import type { ActivityFold, InstanceHeader, ViewedRun, ViewedState } from '../instance-view.js';
import type { InstanceRecord, SummaryPack } from './schema.js';

/** What lists show of an instance, and find it by. */
export interface Summary {
  readonly id: string;
  readonly flow: string;
  readonly hash: string;
  /** Which of two is newer. */
  readonly rows: number;
  readonly header: InstanceHeader;
  readonly state: ViewedState;
  readonly fold: ActivityFold;
}

/** As long as a text may be; 128 usual instances take less. Chromium puts values of more than 64 KiB into files of their own. */
const LARGEST = 48_000;
/** Shorter ones are worth putting together. */
export const SMALL = LARGEST / 2;
/** Packs of one commit follow each other in steps of this. */
const STEP = 2 ** -16;

/** A pack without its number. */
export type Unnumbered = Omit<SummaryPack, 'seq'>;

/** One instance. What most of them have in common stands once in the pack. */
type Item = readonly [
  id: string,
  definition: number,
  rows: number,
  startedAt: number,
  changedAt: number,
  status: ViewedState['status'],
  v: number,
  pool: ViewedState['pool'],
  runs: ViewedState['runs'],
  fold: number,
  more?: More,
];
/** What few have. */
type More = Omit<InstanceHeader, 'id' | 'startedAt' | 'changedAt'> &
  Partial<Pick<ViewedState, 'output' | 'failure' | 'doers'>>;

interface Contents {
  readonly definitions: readonly (readonly [flow: string, hash: string])[];
  readonly folds: readonly ActivityFold[];
  readonly items: readonly Item[];
  /** Those with a call in flight are here as a whole: an executor takes all of them up when it begins. */
  readonly busy?: readonly InstanceRecord[];
  /** Ids of instances that are no more; what older packs have of them does not count. */
  readonly gone: readonly string[];
}

/** What lists show of these instances, and which are no more. */
export function packsOf(all: readonly Summary[], gone: readonly string[] = []): readonly Unnumbered[] {
  if (all.length + gone.length === 0) return [];
  const pack = packOf(all, gone);
  if (pack.size <= LARGEST || all.length < 2) return [pack];
  const half = all.length >> 1;
  return [...packsOf(all.slice(0, half), gone), ...packsOf(all.slice(half))];
}

/** All with the number of one commit, and yet one after the other. */
export function numbered(packs: readonly Unnumbered[], seq: number): readonly SummaryPack[] {
  return packs.map((pack, i) => ({ ...pack, seq: seq + i * STEP }));
}

function packOf(all: readonly Summary[], gone: readonly string[]): Unnumbered {
  const definitions = new Numbered<Contents['definitions'][number]>();
  const folds = new Numbered<ActivityFold>();
  const busy = all.filter(isBusy);
  const items = (busy.length === 0 ? all : all.filter((one) => !isBusy(one))).map(
    ({ id, flow, hash, rows, header, state, fold }): Item => {
      const { id: _, startedAt, changedAt, ...rest } = header;
      const { status, v, pool, output, failure, doers } = state;
      const more: More = {
        ...rest,
        ...(output && { output }),
        ...(failure && { failure }),
        ...(Object.keys(doers).length > 0 && { doers }),
      };
      const definition = definitions.numberOf(hash, [flow, hash]);
      const seen = folds.numberOf(JSON.stringify(fold), fold);
      const also: [] | [More] = Object.keys(more).length === 0 ? [] : [more];
      return [id, definition, rows, startedAt, changedAt, status, v, pool, runsSeen(state.runs), seen, ...also];
    },
  );
  const contents: Contents = { definitions: definitions.all, folds: folds.all, items, gone, busy };
  const text = JSON.stringify(contents);
  return { count: all.length, gone: gone.length, size: text.length, text };
}

/** Those that some packs, in order, have, by id; and those that they say are gone. */
export function readPacks(packs: readonly Pick<SummaryPack, 'text'>[]): {
  readonly summaries: Map<string, Summary>;
  readonly gone: ReadonlySet<string>;
} {
  const summaries = new Map<string, Summary>();
  const gone = new Set<string>();
  for (const { text } of packs) {
    const { definitions, folds, items, gone: ids, busy = [] } = JSON.parse(text) as Contents;
    for (const id of ids) {
      summaries.delete(id);
      gone.add(id);
    }
    for (const [id, definition, rows, startedAt, changedAt, status, v, pool, runs, fold, more] of items) {
      const [flow, hash] = definitions[definition]!;
      let header: InstanceHeader = { id, startedAt, changedAt };
      let state: ViewedState = { instance: id, status, v, pool, runs, doers: NONE };
      if (more) {
        const { output, failure, doers = NONE, ...rest } = more;
        header = { ...header, ...rest };
        state = { ...state, doers, ...(output && { output }), ...(failure && { failure }) };
      }
      summaries.set(id, { id, flow, hash, rows, header, state, fold: folds[fold]! });
    }
    for (const record of busy) summaries.set(record.id, record);
  }
  return { summaries, gone };
}

export function isBusy(summary: Summary): summary is InstanceRecord {
  return (summary as Partial<InstanceRecord>).busy === 1;
}

const NONE = {};

/** Runs that nobody sees are left out, and so is what is not seen of the others. */
function runsSeen(runs: ViewedState['runs']): ViewedState['runs'] {
  const seen: Record<string, ViewedRun> = {};
  for (const [key, run] of Object.entries(runs)) {
    const { token, activity, phase, input, timers, subscriptions, task, unavailable } = run;
    if (phase !== 'task' && !timers && !subscriptions && !unavailable) continue;
    seen[key] = {
      token,
      activity,
      phase,
      ...(phase === 'task' && input && { input }),
      ...(timers && { timers }),
      ...(subscriptions && { subscriptions }),
      ...(task && { task }),
      ...(unavailable && { unavailable }),
    };
  }
  return seen;
}

/** Values that occur often, each with a number. */
class Numbered<Value> {
  readonly all: Value[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(key: string, value: Value): number {
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.all.push(value) - 1));
    return number;
  }
}
