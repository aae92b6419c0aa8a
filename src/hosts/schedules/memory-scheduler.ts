// Schedules of the memory host: kept as long as the page, or the program, lives.
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { FlowHost } from '../host.js';
import { continued, movedOn, newSchedule } from './keeping.js';
import {
  viewOfSchedule,
  type ScheduleRecord,
  type Scheduler,
  type ScheduleSettings,
  type ScheduleView,
} from './schedule.js';
import type { Times } from './times.js';

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
    const made = await newSchedule(settings, this.#catalog, this.#clock.now());
    const { name } = settings;
    const before = this.#kept.get(name);
    const record = continued(before?.record, made.record);
    // The times of the same settings are counted from when they were put first.
    const times = before && record !== made.record ? before.times : made.times;
    before?.disarm();
    const kept: Kept = { record, times, disarm: () => {} };
    this.#kept.set(name, kept);
    this.#arm(kept);
    return viewOfSchedule(record);
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
    const { starts, moved } = movedOn(kept.record, kept.times, this.#clock.now());
    kept.record = moved;
    for (const { instance, input, options } of starts) {
      // Nobody waits for it; what can be wrong was checked when the schedule was made.
      this.#host.start(moved.settings.flow, input, { ...options, id: instance }).catch(() => {});
    }
    this.#arm(kept);
  }
}
