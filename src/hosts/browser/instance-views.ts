// What people see of the stored instances: one, those that a query finds, open tasks, histories.
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { HistoryRecord, InstanceQuery, InstanceView, TaskView, User } from '../host.js';
import { matchesQuery } from '../instance-query.js';
import { isOver, mayDo, tasksOf, viewOf } from '../instance-view.js';
import type { Connection } from './connection.js';
import { IndexedVariables } from './indexed-variables.js';
import { historyOf } from './instance-record.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';
import { FEW, Summaries } from './summaries.js';
import type { Summary } from './summary-pack.js';

const OVER: readonly string[] = ['completed', 'cancelled'];

export class InstanceViews {
  readonly #records: Records;
  readonly #summaries: Summaries;
  readonly #indexed: IndexedVariables;
  readonly #catalog: FlowCatalog;

  constructor(connection: Connection, records: Records, catalog: FlowCatalog) {
    this.#records = records;
    this.#summaries = new Summaries(connection, records);
    this.#indexed = new IndexedVariables(connection, records);
    this.#catalog = catalog;
  }

  async of(record: InstanceRecord): Promise<InstanceView> {
    return viewOf(await this.#catalog.pinned(record.hash), record.state, record.header, record.fold);
  }

  async get(id: string): Promise<InstanceView | undefined> {
    const record = await this.#records.instance(id);
    return record && this.of(record);
  }

  async list(query: InstanceQuery): Promise<readonly InstanceView[]> {
    const isMeant = (r: Summary): boolean => matchesQuery(query, { flow: r.flow, kind: 'process' }, r.state, r.header);
    const { flow, key, limit } = query;
    const indexed = key === undefined ? await this.#indexed.find(query) : undefined;
    const newest =
      !indexed && limit !== undefined && key === undefined && (await this.#records.newest(flow, limit, isMeant));
    const found: readonly Summary[] =
      newest ||
      (indexed ?? (await this.#candidates(query)))
        .filter(isMeant)
        .sort((x, y) => y.header.startedAt - x.header.startedAt)
        .slice(0, limit);
    const flows = await this.#flowsOf(found);
    return found.map(({ hash, state, header, fold }) => viewOf(flows.get(hash)!, state, header, fold));
  }

  /** By hash: one promise for each of thousands of instances costs more than what it waits for. */
  async #flowsOf(records: readonly Summary[]): Promise<ReadonlyMap<string, CompiledFlow>> {
    const hashes = [...new Set(records.map(({ hash }) => hash))];
    return new Map(await Promise.all(hashes.map(async (hash) => [hash, await this.#catalog.pinned(hash)] as const)));
  }

  /** By an index that leaves few; else from the summaries of all. */
  async #candidates({ flow, key, status }: InstanceQuery): Promise<readonly Summary[]> {
    if (flow !== undefined && key !== undefined) return this.#records.instancesBy('key', [flow, key]);
    const wanted = status === undefined ? OVER : [status].flat();
    if (!wanted.some((one) => OVER.includes(one))) return this.#open();
    if (flow !== undefined && (await this.#summaries.areFew('flow', flow, FEW)))
      return this.#records.instancesBy('flow', flow);
    return (await this.#summaries.all()) ?? this.#records.instances();
  }

  async #open(): Promise<readonly Summary[]> {
    const all = (await this.#summaries.areFew('open', 1, FEW)) ? undefined : await this.#summaries.all();
    return all?.filter(({ state }) => !isOver(state)) ?? this.#records.instancesBy('open', 1);
  }

  async tasks(user: User | undefined): Promise<readonly TaskView[]> {
    const waiting = (await this.#open()).filter(({ state }) =>
      Object.values(state.runs).some((run) => run.phase === 'task'),
    );
    const flows = await this.#flowsOf(waiting);
    const all = waiting.flatMap(({ hash, state }) => tasksOf(flows.get(hash)!, state));
    return user ? all.filter((t) => mayDo(t, user)) : all;
  }

  async history(id: string): Promise<readonly HistoryRecord[]> {
    return historyOf(await this.#records.journal(id));
  }

  async flowOf(id: string): Promise<CompiledFlow | undefined> {
    const record = await this.#records.instance(id);
    return record && this.#catalog.pinned(record.hash);
  }
}
