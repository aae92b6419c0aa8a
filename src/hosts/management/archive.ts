// An instance as a JSON value that can be kept in a file and taken in elsewhere: definition, state and journal. It is only
// taken in when its journal is unbroken and leads to its state.
import { contentHash } from '../../compiler/content-hash.js';
import { compileOnDemand, type CompiledFlow } from '../../compiler/index.js';
import { replayEvent, type FlowState, type StepRecord } from '../../engine/index.js';
import { FlowError, type FlowDefinition, type Json } from '../../model/index.js';
import type { ActivityFold, InstanceHeader } from '../instance-view.js';

/** What one commit has added to a journal. */
export interface JournalEntry {
  /** 1, 2, 3 … */
  readonly row: number;
  /** Epoch ms. */
  readonly at: number;
  readonly records: readonly StepRecord[];
  /** Hash of the row before it; of the definition, before the first. */
  readonly previous: string;
  readonly hash: string;
}

export interface ArchivedInstance {
  readonly definition: FlowDefinition;
  readonly header: InstanceHeader;
  readonly state: FlowState;
  /** Newest state per activity. */
  readonly fold: ActivityFold;
  readonly journal: readonly JournalEntry[];
  /** Calls that may not be repeated, and have begun. */
  readonly begun: readonly { readonly token: string; readonly attempt: number }[];
}

export interface InstanceArchive extends ArchivedInstance {
  readonly format: 'millrace-instance';
  readonly version: 1;
  /** Of everything else; two archives with the same hash are the same. */
  readonly hash: string;
}

export function archiveOf(instance: ArchivedInstance): InstanceArchive {
  const { definition, header, state, fold, journal, begun } = instance;
  const content = {
    format: 'millrace-instance',
    version: 1,
    definition,
    header,
    state: settled(state),
    fold,
    journal,
    begun,
  } as const;
  // Plain JSON from here on, as it comes back from a file.
  const plain = JSON.parse(JSON.stringify(content)) as typeof content;
  return { ...plain, hash: contentHash(plain as unknown as Json) };
}

/** Rejects with `FLOW-ARCHIVE` that says what is wrong, or FlowDefinitionError. */
export async function checkArchive(archive: InstanceArchive): Promise<CompiledFlow> {
  const { format, version, hash, ...content } = (archive ?? {}) as InstanceArchive;
  if (format !== 'millrace-instance' || version !== 1) throw refused('it is no exported instance of a known version');
  const { definition, header, state, journal } = content;
  const whole = { format, version, ...content };
  if (contentHash(whole as unknown as Json) !== hash) throw refused('it was changed or damaged: its hash does not fit');
  if (header.id !== state.instance) throw refused('its header and its state are of different instances');
  for (const [i, { row, records, previous, hash: its }] of journal.entries()) {
    const before = journal[i - 1];
    const isFirstKept = i === 0 && records[0]?.event.type === 'compacted';
    const fits = before === undefined || (before.hash === previous && before.row + 1 === row);
    if (!fits || (!isFirstKept && contentHash({ row, records, previous } as unknown as Json) !== its))
      throw refused(`its journal is broken at row ${row}`);
  }
  const flow = await compileOnDemand(definition);
  if (digest(replayed(flow, journal)) !== digest(state)) throw refused('its journal does not lead to its state');
  return flow;
}

/** What happened before the last change of definition is in the state that came with it. */
function replayed(flow: CompiledFlow, journal: readonly JournalEntry[]): FlowState | undefined {
  const events = journal.flatMap(({ records }) => records.map(({ event }) => event));
  let state: FlowState | undefined;
  const from = Math.max(
    0,
    events.findLastIndex(({ type }) => type === 'migrated'),
  );
  for (const event of events.slice(from)) state = replayEvent(flow, state, event);
  return state;
}

/** Where a journal begins; `hash` of its first row when that row is a cut, which the rows that it stands for had led to. */
export interface JournalOrigin {
  readonly row: number;
  readonly previous: string;
  readonly hash?: string;
}

/** Commits as rows of a journal, each with the hash of the one before. */
export function chained(
  commits: Iterable<Pick<JournalEntry, 'at' | 'records'>>,
  { row: first, previous: before, hash: cut }: JournalOrigin,
): readonly JournalEntry[] {
  const journal: JournalEntry[] = [];
  let previous = before;
  for (const { at, records } of commits) {
    const row = first + journal.length;
    const content = JSON.parse(JSON.stringify({ row, records, previous })) as Json;
    const hash = journal.length === 0 && cut !== undefined ? cut : contentHash(content);
    journal.push({ row, at, records, previous, hash });
    previous = hash;
  }
  return journal;
}

/** Effects and changes belong to the step that has led here, not to the state. */
function settled(state: FlowState): FlowState {
  return { ...state, effects: [], changes: [] };
}

function digest(state: FlowState | undefined): string | undefined {
  // Early versions also stored which activities are active, which the runs say.
  const bare = state && { ...settled(state), active: undefined };
  return bare && contentHash(JSON.parse(JSON.stringify(bare)) as Json);
}

function refused(why: string): FlowError {
  return new FlowError('FLOW-ARCHIVE', `This instance cannot be taken in: ${why}.`);
}
