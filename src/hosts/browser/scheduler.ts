// Schedules in the database. Any tab may put and remove them; the executing tab writes them, and starts what is due. A start goes
// into the inbox in the commit that moves the schedule on, so it is asked for once, whatever happens in between.
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowDefinition, Json } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
import { continued, movedOn, newSchedule } from '../schedules/keeping.js';
import {
  viewOfSchedule,
  type ScheduleRecord,
  type Scheduler,
  type ScheduleSettings,
  type ScheduleView,
} from '../schedules/schedule.js';
import { timesOf } from '../schedules/times.js';
import { Alarm } from './alarm.js';
import type { CommitUnit } from './commit-unit.js';
import type { Consumed } from './instance-runner-options.js';
import type { Records } from './records.js';
import type { ManagementOrder, ScheduleOrder } from './schema.js';

export interface BrowserSchedulerOptions {
  readonly records: Records;
  readonly catalog: FlowCatalog;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Has the order carried out, in this tab or in the executing one. */
  readonly order: (order: ManagementOrder) => Promise<Json>;
  /** Writes as long as this tab executes: rejects with `FLOW-FENCED` when another one has done so since `epoch`. */
  readonly commit: (unit: CommitUnit, epoch: number) => Promise<unknown>;
  readonly epoch: () => number;
  /** Starts have been put into the inbox. */
  readonly asked: () => void;
  /** There may be a first schedule to look at. */
  readonly changed: () => void;
}

/** Pause after a look that failed, ms. */
const LOOK_AGAIN = 5000;

export class BrowserScheduler implements Scheduler {
  readonly #options: BrowserSchedulerOptions;
  readonly #alarm: Alarm;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: BrowserSchedulerOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.look());
  }

  async put(settings: ScheduleSettings): Promise<ScheduleView> {
    const { catalog, clock, order } = this.#options;
    const { record, flow } = await newSchedule(settings, catalog, clock.now());
    const { definition } = flow;
    return (await order({ do: 'schedule', record, definition })) as unknown as ScheduleView;
  }

  async list(): Promise<readonly ScheduleView[]> {
    return (await this.#options.records.schedules()).map(viewOfSchedule);
  }

  async remove(name: string): Promise<void> {
    await this.#options.order({ do: 'unschedule', name });
  }

  // -- in the executing tab --------------------------------------------------------------------------------------------

  carryOut(order: ScheduleOrder, consumed: Consumed): Promise<Json> {
    return this.#inTurn(async (epoch) => {
      const { records, commit, changed } = this.#options;
      if (order.do === 'unschedule') {
        await commit({ unscheduled: order.name, ...consumed }, epoch);
        return null;
      }
      const { record, definition } = order;
      const schedule = continued(await records.schedule(record.name), record);
      await commit({ schedule, definition: definitionRow(record.hash, definition), ...consumed }, epoch);
      changed();
      return viewOfSchedule(schedule) as unknown as Json;
    });
  }

  /** Looks now, and from now on whenever something is due. */
  begin(): void {
    if (this.#alarm.isActive) this.look();
    else this.#alarm.begin();
  }

  stop(): void {
    this.#alarm.stop();
  }

  /** Starts what is due, and sets the alarm for what comes next. */
  look(): void {
    void this.#inTurn(async (epoch) => {
      if (!this.#alarm.isActive) return;
      const { records, clock } = this.#options;
      try {
        for (const record of await records.dueSchedules(clock.now())) await this.#start(record, epoch);
        const next = await records.nextSchedule();
        if (next !== undefined) this.#alarm.set(next);
      } catch {
        this.#alarm.set(clock.now() + LOOK_AGAIN);
      }
    });
  }

  /** One after the other, because each reads first and writes then. */
  #inTurn<T>(work: (epoch: number) => Promise<T>): Promise<T> {
    const begin = (): Promise<T> => work(this.#options.epoch());
    const done = this.#last.then(begin, begin);
    this.#last = done.catch(() => {});
    return done;
  }

  async #start(record: ScheduleRecord, epoch: number): Promise<void> {
    const { clock, newId, commit, asked } = this.#options;
    const at = clock.now();
    const { starts, moved } = movedOn(record, await timesOf(record.settings, record.createdAt), at);
    const newest = this.#newest(record.settings.flow);
    const { hash } = newest ?? record;
    const unit: CommitUnit = {
      schedule: { ...moved, hash },
      asked: starts.map((start) => ({ id: newId(), at, type: 'start', hash, ...start })),
      ...(newest && { definition: definitionRow(hash, newest.definition) }),
    };
    await commit(unit, epoch);
    if (starts.length > 0) asked();
  }

  /** The page may know a newer definition than the schedule was made with, or none at all. */
  #newest(flow: string): Pick<CompiledFlow, 'hash' | 'definition'> | undefined {
    try {
      return this.#options.catalog.named(flow);
    } catch {
      return undefined;
    }
  }
}

function definitionRow(hash: string, definition: FlowDefinition): NonNullable<CommitUnit['definition']> {
  return { hash, definition: definition as never };
}
