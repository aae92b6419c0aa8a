// Schedules of the memory host: kept as long as the page, or the program, lives.
import { checkInput } from '../../engine/index.js';
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { FlowHost } from '../host.js';
import {
  checkKind,
  checkSettings,
  isSame,
  scheduledId,
  viewOfSchedule,
  type ScheduleRecord,
  type Scheduler,
  type ScheduleSettings,
  type ScheduleView,
} from './schedule.js';
import { dueAt, timesOf, type Times } from './times.js';

interface Kept {
  record: ScheduleRecord;
  readonly times: Times;
  disarm: () => void;
}

export class MemoryScheduler implements Scheduler {
  readonly #host: Pick<FlowHost, 'start'>;
  readonly #catalog: FlowCatalog;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(host: Pick<FlowHost, 'start'>, catalog: FlowCatalog, clock: Clock) {
    this.#host = host;
    this.#catalog = catalog;
    this.#clock = clock;
  }

  async put(settings: ScheduleSettings): Promise<ScheduleView> {
    checkSettings(settings);
    const { name } = settings;
    const same = this.#kept.get(name);
    if (same && isSame(same.record.settings, settings)) return viewOfSchedule(same.record);
    const flow = this.#catalog.named(settings.flow);
    checkKind(flow.definition);
    await checkInput(flow, settings.input ?? {});
    const createdAt = this.#clock.now();
    const times = await timesOf(settings, createdAt);
    this.#kept.get(name)?.disarm();
    const next = settings.at === undefined ? times.next(createdAt) : times.next(-Infinity);
    const record = { name, settings, hash: flow.hash, createdAt, started: 0, ...(next === undefined ? {} : { next }) };
    const kept: Kept = { record, times, disarm: () => {} };
    this.#kept.set(name, kept);
    this.#arm(kept);
    return viewOfSchedule(kept.record);
  }

  async list(): Promise<readonly ScheduleView[]> {
    const views = [...this.#kept.values()].map(({ record }) => viewOfSchedule(record));
    return views.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(name: string): Promise<void> {
    this.#kept.get(name)?.disarm();
    this.#kept.delete(name);
  }

  close(): void {
    for (const { disarm } of this.#kept.values()) disarm();
    this.#kept.clear();
  }

  #arm(kept: Kept): void {
    const { next } = kept.record;
    if (next !== undefined) kept.disarm = this.#clock.at(next, () => this.#look(kept));
  }

  #look(kept: Kept): void {
    const { settings, next: _, ...rest } = kept.record;
    const { starts, next } = dueAt(kept.record, kept.times, this.#clock.now());
    const { name, flow, input = {} } = settings;
    kept.record = {
      ...rest,
      settings,
      started: rest.started + starts.length,
      ...(starts.length > 0 ? { last: starts.at(-1)! } : {}),
      ...(next === undefined ? {} : { next }),
    };
    for (const at of starts) {
      // Nobody waits for it; what can be wrong was checked when the schedule was made.
      this.#host.start(flow, input, { id: scheduledId(name, at), startedBy: `schedule ${name}` }).catch(() => {});
    }
    this.#arm(kept);
  }
}
