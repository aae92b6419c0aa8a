// What people see of the stored instances: one, those that a query finds, open tasks, histories.
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { HistoryRecord, InstanceQuery, InstanceView, TaskView, User } from '../host.js';
import { matchesQuery } from '../instance-query.js';
import { mayDo, viewOf } from '../instance-view.js';
import { historyOf } from './instance-record.js';
import type { Records } from './records.js';
import type { InstanceRecord } from './schema.js';

export class InstanceViews {
  readonly #records: Records;
  readonly #catalog: FlowCatalog;

  constructor(records: Records, catalog: FlowCatalog) {
    this.#records = records;
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
    const records = await (query.flow === undefined
      ? this.#records.instances()
      : this.#records.instancesBy('flow', query.flow));
    const found = records
      .filter((r) => matchesQuery(query, { flow: r.flow, kind: 'process' }, r.state, r.header))
      .sort((a, b) => b.header.startedAt - a.header.startedAt);
    return Promise.all(found.slice(0, query.limit).map((r) => this.of(r)));
  }

  async tasks(user: User | undefined): Promise<readonly TaskView[]> {
    const open = await this.#records.instancesBy('open', 1);
    const all = (await Promise.all(open.map((r) => this.of(r)))).flatMap((v) => v.tasks);
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
