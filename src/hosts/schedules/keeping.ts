// A schedule as hosts keep it: made from what is asked for, continued when the same is asked for again, moved on when its times
// have come.
import type { CompiledFlow } from '../../compiler/index.js';
import { checkInput } from '../../engine/index.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { StartOptions } from '../host.js';
import {
  checkKind,
  checkSettings,
  isSame,
  scheduledId,
  type ScheduleRecord,
  type ScheduleSettings,
} from './schedule.js';
import { dueAt, timesOf, type Times } from './times.js';

/** Rejects with `FLOW-UNKNOWN`, `FLOW-KIND`, `FLOW-INPUT` or `FLOW-SCHEDULE`. */
export async function newSchedule(
  settings: ScheduleSettings,
  catalog: FlowCatalog,
  createdAt: number,
): Promise<{ readonly record: ScheduleRecord; readonly flow: CompiledFlow; readonly times: Times }> {
  checkSettings(settings);
  const flow = catalog.named(settings.flow);
  checkKind(flow.definition);
  await checkInput(flow, settings.input ?? {});
  const times = await timesOf(settings, createdAt);
  const next = settings.at === undefined ? times.next(createdAt) : times.next(-Infinity);
  const { name } = settings;
  const record = { name, settings, hash: flow.hash, createdAt, started: 0, ...(next === undefined ? {} : { next }) };
  return { record, flow, times };
}

/** A page puts its schedules whenever it is loaded; that must not move their times. */
export function continued(before: ScheduleRecord | undefined, record: ScheduleRecord): ScheduleRecord {
  return before && isSame(before.settings, record.settings) ? { ...before, hash: record.hash } : record;
}

/** What is to be started now, oldest first, and the schedule after that. */
export function movedOn(
  record: ScheduleRecord,
  times: Times,
  now: number,
): { readonly starts: readonly ScheduledStart[]; readonly moved: ScheduleRecord } {
  const { name, settings, next: _, ...rest } = record;
  const { starts, next } = dueAt(record, times, now);
  const last = starts.at(-1);
  return {
    starts: starts.map((at) => ({
      instance: scheduledId(name, at),
      input: settings.input ?? {},
      options: { startedBy: `schedule ${name}` },
    })),
    moved: {
      ...rest,
      name,
      settings,
      started: rest.started + starts.length,
      ...(last === undefined ? {} : { last }),
      ...(next === undefined ? {} : { next }),
    },
  };
}

export interface ScheduledStart {
  readonly instance: string;
  readonly input: NonNullable<ScheduleSettings['input']>;
  readonly options: StartOptions;
}
