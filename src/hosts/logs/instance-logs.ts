// The two logs over all instances of a host: looked through with a query, or given out as JSON lines. Instances are read
// one after the other, so that an export needs no more memory than its longest instance.
import type { Json } from '../../model/index.js';
import type { FlowHost, InstanceQuery, InstanceView } from '../host.js';
import { dataOf, type DataEntry } from './data-log.js';
import { redactor } from './redaction.js';
import { transactionsOf, type Outcome, type TransactionEntry } from './transaction-log.js';

/** `limit` counts entries, not instances. */
export interface LogQuery extends Pick<InstanceQuery, 'flow' | 'kind' | 'status' | 'key' | 'variables' | 'limit'> {
  readonly instance?: string;
  readonly activity?: string;
  /** Epoch ms: what went on at or after, and began before. */
  readonly from?: number;
  readonly before?: number;
}

export interface TransactionQuery extends LogQuery {
  readonly type?: TransactionEntry['type'];
  readonly outcome?: Outcome | readonly Outcome[];
  readonly by?: string;
}

export interface DataQuery extends LogQuery {
  readonly direction?: DataEntry['direction'];
}

export interface InstanceLogs {
  /** Oldest first; with a limit, the newest of them. */
  transactions(query?: TransactionQuery): Promise<readonly TransactionEntry[]>;
  data(query?: DataQuery): Promise<readonly DataEntry[]>;
  /** Every entry as a line of JSON with its line break, instance by instance. */
  lines(log: 'transactions', query?: TransactionQuery): AsyncGenerator<string, void>;
  lines(log: 'data', query?: DataQuery): AsyncGenerator<string, void>;
}

export interface InstanceLogsOptions {
  /** Paths of what no log shows: `card.number`, `*.iban`, `**.password`. */
  readonly redact?: readonly string[];
}

/** Where instances and their histories come from: a host, or several. */
export type LogSource = Pick<FlowHost, 'get' | 'list' | 'history'>;

export function createInstanceLogs(source: LogSource, { redact = [] }: InstanceLogsOptions = {}): InstanceLogs {
  const clean = redactor(redact);
  const logs = {
    transactions: async (view: InstanceView, query: TransactionQuery): Promise<readonly TransactionEntry[]> =>
      transactionsOf(view, await source.history(view.id))
        .filter((entry) => fits(entry, query))
        .map((entry) => shown(entry, clean)),
    data: async (view: InstanceView, query: DataQuery): Promise<readonly DataEntry[]> =>
      dataOf(view, await source.history(view.id), clean).filter((entry) => fitsData(entry, query)),
  };
  async function* each<Entry>(
    read: (view: InstanceView, query: LogQuery) => Promise<readonly Entry[]>,
    query: LogQuery,
  ): AsyncGenerator<Entry, void> {
    for (const view of await instancesOf(source, query)) yield* await read(view, query);
  }
  return {
    transactions: (query = {}) => collected(each(logs.transactions, query), (e) => e.startedAt, query.limit),
    data: (query = {}) => collected(each(logs.data, query), (e) => e.at, query.limit),
    async *lines(log: 'transactions' | 'data', query: LogQuery = {}) {
      const { limit = Infinity } = query;
      let count = 0;
      if (limit < 1) return;
      for await (const entry of each<TransactionEntry | DataEntry>(logs[log], query)) {
        yield `${JSON.stringify(entry)}\n`;
        if (++count >= limit) return;
      }
    },
  };
}

/** Oldest first. */
async function instancesOf(source: LogSource, query: LogQuery): Promise<readonly InstanceView[]> {
  const { instance, flow, kind, status, key, variables, from, before } = query;
  if (instance !== undefined) {
    const view = await source.get(instance);
    return view ? [view] : [];
  }
  const views = await source.list({
    ...(flow === undefined ? {} : { flow }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(key === undefined ? {} : { key }),
    ...(variables === undefined ? {} : { variables }),
    ...(from === undefined ? {} : { changedFrom: from }),
    ...(before === undefined ? {} : { startedBefore: before }),
  });
  return [...views].sort((a, b) => a.startedAt - b.startedAt);
}

async function collected<Entry>(
  entries: AsyncIterable<Entry>,
  at: (entry: Entry) => number,
  limit: number | undefined,
): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  all.sort((a, b) => at(a) - at(b));
  return limit === undefined ? all : all.slice(Math.max(0, all.length - limit));
}

function fits(entry: TransactionEntry, query: TransactionQuery): boolean {
  const { activity, type, outcome, by, from, before } = query;
  return (
    (activity === undefined || activity === entry.activity) &&
    (type === undefined || type === entry.type) &&
    (outcome === undefined || [outcome].flat().includes(entry.outcome)) &&
    (by === undefined || by === entry.by) &&
    (from === undefined || entry.endedAt === undefined || entry.endedAt >= from) &&
    (before === undefined || entry.startedAt < before)
  );
}

function fitsData(entry: DataEntry, { activity, direction, from, before }: DataQuery): boolean {
  return (
    (activity === undefined || activity === entry.activity) &&
    (direction === undefined || direction === entry.direction) &&
    (from === undefined || entry.at >= from) &&
    (before === undefined || entry.at < before)
  );
}

/** The details of a failure are data too. */
function shown(entry: TransactionEntry, clean: (data: Json) => Json): TransactionEntry {
  if (entry.failure?.details === undefined) return entry;
  return { ...entry, failure: { ...entry.failure, details: clean(entry.failure.details) } };
}
