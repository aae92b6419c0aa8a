// Flows that start by the clock: what is asked for, and what there is to see of it.
import { contentHash } from '../../compiler/content-hash.js';
import type { FlowDefinition, Json, JsonObject } from '../../model/index.js';
import { FlowError, parseDuration } from '../../model/index.js';
import type { InstanceView } from '../host.js';

/** Times that came while nothing ran: forgotten; one start for all of them; a start for each. */
export type MissedPolicy = 'skip' | 'once' | 'all';

/** Exactly one of `at`, `every` and `cron`. Times are epoch ms or ISO 8601 with an offset. */
export interface ScheduleSettings {
  /** Another schedule of this name is replaced; the same one again changes nothing. Letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  readonly flow: string;
  readonly input?: JsonObject;
  /** Once. */
  readonly at?: number | string;
  /** Again and again, this long apart (`PT1H`), counted from `from`. */
  readonly every?: string;
  /** Five fields, or six with seconds first: `0 7 * * 1-5`. */
  readonly cron?: string;
  /** IANA name in which `cron` is read, e.g. `Europe/Berlin`. Default: that of the computer. */
  readonly timezone?: string;
  /** No start before, none after. */
  readonly from?: number | string;
  readonly until?: number | string;
  /** Default `once`. */
  readonly missed?: MissedPolicy;
  /** How late a start may be without counting as missed, for `skip`. Default `PT1M`. */
  readonly tolerance?: string;
}

export interface ScheduleView extends ScheduleSettings {
  /** Epoch ms; absent when there is no further time. */
  readonly next?: number;
  /** The time of the newest start. */
  readonly last?: number;
  /** How many it has started. */
  readonly started: number;
}

export interface Scheduler {
  /** Rejects with `FLOW-UNKNOWN`, `FLOW-KIND`, `FLOW-INPUT` or `FLOW-SCHEDULE`. */
  put(settings: ScheduleSettings): Promise<ScheduleView>;
  /** By name. */
  list(): Promise<readonly ScheduleView[]>;
  /** Instances that it has started go on. */
  remove(name: string): Promise<void>;
}

/** A schedule as a host keeps it. */
export interface ScheduleRecord {
  readonly name: string;
  readonly settings: ScheduleSettings;
  /** Of the definition to use when the page knows no newer one. */
  readonly hash: string;
  readonly createdAt: number;
  readonly next?: number;
  readonly last?: number;
  readonly started: number;
}

/** Throws FlowError `FLOW-SCHEDULE` that says what is wrong; whether `cron` can be read shows when its times are asked for. */
export function checkSettings(settings: ScheduleSettings): void {
  const { name, at, every, cron, tolerance, from, until, missed = 'once' } = settings;
  const wrong = (what: string): FlowError => scheduleError(name, what);
  if (!/^[\w.-]{1,100}$/.test(name)) throw wrong('its name may have letters, digits, ".", "_" and "-" only');
  if ([at, every, cron].filter((when) => when !== undefined).length !== 1)
    throw wrong('it needs one of "at", "every" and "cron"');
  if (every !== undefined && !((parseDuration(every) ?? 0) > 0)) throw wrong(`"${every}" is no duration like PT1H`);
  if (tolerance !== undefined && parseDuration(tolerance) === undefined)
    throw wrong(`"${tolerance}" is no duration like PT1M`);
  if (!['skip', 'once', 'all'].includes(missed)) throw wrong('"missed" is "skip", "once" or "all"');
  for (const moment of [at, from, until]) {
    if (moment !== undefined && Number.isNaN(momentOf(moment))) throw wrong(`"${moment}" is no time`);
  }
}

export function scheduleError(name: string, what: string, cause?: unknown): FlowError {
  return new FlowError('FLOW-SCHEDULE', `The schedule "${name}" cannot be kept: ${what}.`, {}, { cause });
}

/** Only processes: a microflow is nothing without the page that waits for it. */
export function checkKind({ flow, kind }: Pick<FlowDefinition, 'flow' | 'kind'>): void {
  if (kind === 'process') return;
  throw new FlowError('FLOW-KIND', `The flow "${flow}" is a ${kind}; only a process can start by the clock.`, { flow });
}

export function momentOf(time: number | string): number {
  return typeof time === 'number' ? time : Date.parse(time);
}

export function isSame(a: ScheduleSettings, b: ScheduleSettings): boolean {
  return contentHash(a as unknown as Json) === contentHash(b as unknown as Json);
}

/** The id of the instance that starts at this time: no matter how often it is tried, there is only one. */
export function scheduledId(name: string, at: number): InstanceView['id'] {
  return `${name}@${new Date(at).toISOString()}`;
}

export function viewOfSchedule({ settings, next, last, started }: ScheduleRecord): ScheduleView {
  return {
    ...settings,
    started,
    ...(next === undefined ? {} : { next }),
    ...(last === undefined ? {} : { last }),
  };
}
