// Starts a flow at the times of a cron expression. Each start has the id of its time, so that none happens twice; times that
// passed while the server was down are made up for once.
import { handlers, object, rpc, type ObjectContext, type ObjectSharedContext } from '@restatedev/restate-sdk';
import { Cron } from 'croner';
import { FlowError } from '../../../src/index.js';
import { keyOf, SCHEDULE, splitKey, type ScheduleSettings, type ScheduleView } from './contract.js';
import { Flow, Instance, Projection, Schedule, type ScheduleObject } from './objects.js';

interface Stored {
  readonly settings: ScheduleSettings;
  /** Grows with every change, so that a tick armed before it is stale. */
  readonly generation: number;
  readonly next?: number;
}

const { exclusive, shared } = handlers.object;

export function createScheduleObject(): ReturnType<typeof build> {
  return build();
}

function build() {
  const implementation: ScheduleObject = {
    set: exclusive(set),
    get: shared({ journalRetention: 0 }, async (ctx: ObjectSharedContext) => {
      const stored = await ctx.get<Stored>('schedule');
      return stored ? viewOf(ctx, stored) : null;
    }),
    remove: exclusive(remove),
    tick: exclusive({ ingressPrivate: true }, tick),
  };
  return object({ name: SCHEDULE, handlers: implementation });
}

/** The first time after `from`, epoch ms; throws FlowError `FLOW-CRON`. */
export function nextTime({ cron, timezone }: ScheduleSettings, from: number): number | undefined {
  if (timezone !== undefined && !isTimezone(timezone))
    throw new FlowError('FLOW-CRON', `"${timezone}" is no time zone; write it as in "Europe/Berlin".`);
  try {
    const schedule = new Cron(cron, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
    return schedule.nextRun(new Date(from))?.getTime();
  } catch (cause) {
    throw new FlowError('FLOW-CRON', `"${cron}" is no cron expression: ${(cause as Error).message}`, {}, { cause });
  }
}

function isTimezone(name: string): boolean {
  try {
    return new Date().toLocaleString('en', { timeZone: name }) !== '';
  } catch {
    return false;
  }
}

async function set(ctx: ObjectContext, settings: ScheduleSettings): Promise<ScheduleView> {
  const before = await ctx.get<Stored>('schedule');
  const now = await ctx.date.now();
  return arm(ctx, settings, (before?.generation ?? 0) + 1, now, now);
}

async function remove(ctx: ObjectContext): Promise<void> {
  const before = await ctx.get<Stored>('schedule');
  if (!before) return;
  ctx.clear('schedule');
  const { tenant, rest: name } = splitKey(ctx.key);
  ctx.serviceSendClient(Projection).schedule({ tenant, name, view: null });
}

async function tick(ctx: ObjectContext, { at, generation }: { at: number; generation: number }): Promise<void> {
  const stored = await ctx.get<Stored>('schedule');
  // A schedule that was removed and made anew counts its generations from the beginning.
  if (stored?.generation !== generation || stored.next !== at) return;
  const now = await ctx.date.now();
  if (now < at) {
    ctx.objectSendClient(Schedule, ctx.key).tick({ at, generation }, rpc.sendOpts({ delay: at - now }));
    return;
  }
  const { tenant, rest: name } = splitKey(ctx.key);
  const { flow, input } = stored.settings;
  const newest = (await ctx.objectClient(Flow, keyOf(tenant, flow)).versions()).at(-1);
  if (newest) {
    const id = `${name}@${new Date(at).toISOString()}`;
    ctx.objectSendClient(Instance, keyOf(tenant, id)).start({
      hash: newest.hash,
      input: input ?? {},
      options: { startedBy: `schedule ${name}` },
      depth: 0,
      at: now,
      mayCall: true,
    });
  }
  arm(ctx, stored.settings, generation, Math.max(at, now), now);
}

function arm(
  ctx: ObjectContext,
  settings: ScheduleSettings,
  generation: number,
  from: number,
  now: number,
): ScheduleView {
  const next = nextTime(settings, from);
  const stored: Stored = { settings, generation, ...(next === undefined ? {} : { next }) };
  ctx.set('schedule', stored);
  if (next !== undefined) {
    const delay = Math.max(0, next - now);
    ctx.objectSendClient(Schedule, ctx.key).tick({ at: next, generation }, rpc.sendOpts({ delay }));
  }
  const view = viewOf(ctx, stored);
  ctx.serviceSendClient(Projection).schedule({ tenant: splitKey(ctx.key).tenant, name: view.name, view });
  return view;
}

function viewOf(ctx: ObjectContext | ObjectSharedContext, { settings, next }: Stored): ScheduleView {
  return { name: splitKey(ctx.key).rest, ...settings, ...(next === undefined ? {} : { next }) };
}
