// Schedules in the database. Any tab may put and remove them; the executing tab asks for the starts that are due. A start goes
// into the inbox in the transaction that moves the schedule on, so it is asked for once, whatever happens in between.
import type { CompiledFlow } from '../../compiler/index.js';
import { checkInput } from '../../engine/index.js';
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
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
} from '../schedules/schedule.js';
import { dueAt, timesOf } from '../schedules/times.js';
import { Alarm } from './alarm.js';
import { unheeded, type Connection } from './connection.js';
import type { Records } from './records.js';
import type { InboxRow } from './schema.js';

export interface BrowserSchedulerOptions {
  readonly connection: Connection;
  readonly records: Records;
  readonly catalog: FlowCatalog;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Starts have been put into the inbox. */
  readonly asked: () => void;
  /** Schedules have changed: whoever executes looks at them. */
  readonly changed: () => void;
}

/** Pause after a look that failed, ms. */
const LOOK_AGAIN = 5000;

export class BrowserScheduler implements Scheduler {
  readonly #options: BrowserSchedulerOptions;
  readonly #alarm: Alarm;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: BrowserSchedulerOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.look());
  }

  async put(settings: ScheduleSettings): Promise<ScheduleView> {
    const { connection, records, catalog, clock, changed } = this.#options;
    checkSettings(settings);
    const flow = catalog.named(settings.flow);
    checkKind(flow.definition);
    await checkInput(flow, settings.input ?? {});
    const { name } = settings;
    const { hash } = flow;
    const createdAt = clock.now();
    const times = await timesOf(settings, createdAt);
    const next = settings.at === undefined ? times.next(createdAt) : times.next(-Infinity);
    const record = { name, settings, hash, createdAt, started: 0, ...(next === undefined ? {} : { next }) };
    const definition = await connection.sealed('definitions', { hash, definition: flow.definition });
    for (;;) {
      const before = await records.schedule(name);
      // A page puts its schedules whenever it is loaded; that must not move their times.
      const kept = before && isSame(before.settings, settings) ? { ...before, hash } : record;
      const row = await connection.sealed('schedules', kept);
      const isKept = await connection.write(
        async (tx) => {
          // It may have started something meanwhile.
          if (!isAsItWas(before, await tx.objectStore('schedules').get(name))) return false;
          unheeded(tx.objectStore('definitions').put(definition));
          unheeded(tx.objectStore('schedules').put(row));
          return true;
        },
        ['schedules', 'definitions'],
      );
      if (!isKept) continue;
      changed();
      return viewOfSchedule(kept);
    }
  }

  async list(): Promise<readonly ScheduleView[]> {
    return (await this.#options.records.schedules()).map(viewOfSchedule);
  }

  async remove(name: string): Promise<void> {
    await this.#options.connection.write((tx) => unheeded(tx.objectStore('schedules').delete(name)), ['schedules']);
  }

  // -- in the executing tab --------------------------------------------------------------------------------------------

  /** Looks now, and from now on whenever something is due. */
  begin(): void {
    if (this.#alarm.isActive) this.look();
    else this.#alarm.begin();
  }

  stop(): void {
    this.#alarm.stop();
  }

  /** Starts what is due, and sets the alarm for what comes next. One look at a time. */
  look(): void {
    this.#looking = this.#looking.then(async () => {
      if (!this.#alarm.isActive) return;
      const { records, clock } = this.#options;
      try {
        for (const record of await records.dueSchedules(clock.now())) await this.#start(record);
        const next = await records.nextSchedule();
        if (next !== undefined) this.#alarm.set(next);
      } catch {
        this.#alarm.set(clock.now() + LOOK_AGAIN);
      }
    });
  }

  async #start(record: ScheduleRecord): Promise<void> {
    const { connection, clock, newId, asked } = this.#options;
    const { name, settings } = record;
    const times = await timesOf(settings, record.createdAt);
    const now = clock.now();
    const { starts, next } = dueAt(record, times, now);
    const newest = this.#newest(settings.flow);
    const { hash } = newest ?? record;
    const definition = newest && (await connection.sealed('definitions', { hash, definition: newest.definition }));
    const requests = await Promise.all(
      starts.map((at) =>
        connection.sealed<InboxRow>('inbox', {
          id: newId(),
          at: now,
          type: 'start',
          instance: scheduledId(name, at),
          hash,
          input: settings.input ?? {},
          options: { startedBy: `schedule ${name}` },
        }),
      ),
    );
    await connection.write(
      async (tx) => {
        const schedules = tx.objectStore('schedules');
        const current = await schedules.get(name);
        // Replaced, removed, or another tab was faster.
        if (!current || !isAsItWas(record, current)) return;
        const { next: _, ...rest } = current;
        unheeded(
          schedules.put({
            ...rest,
            hash,
            started: rest.started + starts.length,
            ...(starts.length > 0 ? { last: starts.at(-1)! } : {}),
            ...(next === undefined ? {} : { next }),
          }),
        );
        if (definition) unheeded(tx.objectStore('definitions').put(definition));
        for (const request of requests) unheeded(tx.objectStore('inbox').add(request));
      },
      ['schedules', 'inbox', 'definitions'],
    );
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

/** Neither replaced nor moved on. */
function isAsItWas(before: ScheduleRecord | undefined, now: ScheduleRecord | undefined): boolean {
  return before?.next === now?.next && before?.createdAt === now?.createdAt;
}
