// Why an instance stands where it stands, in sentences: who or what has to do something before it goes on.
import type { CompiledFlow } from '../compiler/index.js';
import type { ActivityView, InstanceView, WaitView } from '../hosts/host.js';
import type { WaitingJoin } from './replay.js';

/**
 * A sentence or two; for an instance that has stopped, what stopped it. `time` writes a moment (epoch ms) for the reader; `joins`
 * are those that some ways have come to and others not yet (`waitingJoins`).
 */
export function whyItWaits(
  view: InstanceView,
  { plan }: CompiledFlow,
  time: (at: number) => string = (at) => new Date(at).toISOString(),
  joins: ReadonlyMap<string, WaitingJoin> = new Map(),
): string {
  const { status, failure, tasks, waits, progress } = view;
  const name = (id: string): string => `"${plan.activities[id]?.name ?? id}"`;
  if (failure) {
    const what = `${failure.code}: ${failure.message}`;
    const { attempt = 1 } = view.activities[failure.activity ?? ''] ?? {};
    const often = attempt > 1 ? `, after ${attempt} attempts` : '';
    return status === 'cancelled'
      ? `Cancelled: ${what}`
      : `Stopped at ${failure.activity === undefined ? 'the flow' : name(failure.activity)}${often}: ${what}`;
  }
  if (status === 'completed') return `Done: ${progress.done} of ${progress.total} activities.`;

  const waitsOf = (id: string, kind: WaitView['kind']): readonly WaitView[] =>
    waits.filter((w) => w.activity === id && w.kind === kind);
  /** Deadlines, reminders, messages that would interrupt it. */
  const unless = (id: string): string => {
    const earliest = Math.min(...waitsOf(id, 'timer').map((w) => w.at!));
    const events = [
      ...(Number.isFinite(earliest) ? [`at ${time(earliest)}`] : []),
      ...waitsOf(id, 'message').map((w) => `when the message "${w.name}" comes`),
    ];
    return events.length > 0 ? ` (something else happens ${events.join(' or ')})` : '';
  };
  const reasonOf = (id: string, is: ActivityView): string | undefined => {
    const activity = plan.activities[id];
    if (activity?.type === 'subflow') return undefined;
    if (tasks.some((t) => t.activity === id)) return undefined;
    if (is.state === 'compensating') return `${name(id)} to be undone`;
    if (is.state === 'ready') {
      const next = waitsOf(id, 'timer')[0];
      if (is.failure && next)
        return `another attempt of ${name(id)} at ${time(next.at!)}, after ${is.failure.code}: ${is.failure.message}`;
      return `the turn of ${name(id)}: another activity of its mutex is under way`;
    }
    if (is.state !== 'running') return undefined;
    if (activity?.type === 'wait' || activity?.type === 'receive') {
      const events = [
        ...waitsOf(id, 'timer').map((w) => `the timer of ${name(id)}, due at ${time(w.at!)}`),
        ...waitsOf(id, 'message').map(
          (w) => `the message "${w.name}"${w.key === undefined ? '' : ` with key "${w.key}"`} for ${name(id)}`,
        ),
      ];
      return events.length > 0 ? events.join(' or ') : `${name(id)}: its condition does not hold yet`;
    }
    const [missing] = waitsOf(id, 'implementation');
    if (missing) return `a page that can do ${name(id)} (${missing.why?.replace(/\.$/, '')})${unless(id)}`;
    const attempt = (is.attempt ?? 1) > 1 ? `, attempt ${is.attempt}` : '';
    const who = activity?.type === 'call' ? `the called flow of ${name(id)} to end` : `${name(id)} to answer${attempt}`;
    return who + unless(id);
  };
  const reasons = [
    ...tasks.map((t) => {
      const who = t.role === undefined ? 'a person' : `a person with role "${t.role}"`;
      return `${who} for "${t.name}"${t.claimedBy === undefined ? '' : ` (taken by ${t.claimedBy})`}${unless(t.activity)}`;
    }),
    ...Object.entries(view.activities)
      .map(([id, is]) => reasonOf(id, is))
      .filter((reason) => reason !== undefined),
  ];
  const names = (ways: readonly { readonly from: string }[]): string => ways.map((c) => name(c.from)).join(' and ');
  const held = [...joins].map(
    ([id, { arrived, missing }]) =>
      ` The join at ${name(id)} has what comes from ${names(arrived)}; what comes from ${names(missing)} has not come yet.`,
  );
  return (reasons.length > 0 ? `Waits for ${reasons.join('; ')}.` : 'Goes on.') + held.join('');
}
