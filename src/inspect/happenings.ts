// What really happened in an instance, as a sequence diagram tells it: who was asked for what and when, what came back and
// how long it took, what people decided in between.
import type { CompiledFlow, PlannedActivity } from '../compiler/index.js';
import type { HistoryRecord } from '../hosts/host.js';
import { participantOf, type Participant } from './scenes.js';
import { durationInWords } from './timeline.js';

export interface Happening {
  /** `ask` goes from the flow to somebody, `answer` and `failure` come back, `note` stands at the flow. */
  readonly type: 'ask' | 'answer' | 'failure' | 'note';
  readonly at: number;
  /** The step that it belongs to, from 1. */
  readonly step: number;
  readonly activity?: string;
  readonly with?: Participant;
  readonly text: string;
}

interface Open {
  readonly since: number;
  readonly with: Participant;
}

const INTERVENTIONS = new Set(['retry', 'skip', 'edit', 'cancel', 'claim', 'release', 'delegate', 'migrated']);

export function happeningsIn(
  { plan, definition }: CompiledFlow,
  history: readonly HistoryRecord[],
): readonly Happening[] {
  const found: Happening[] = [];
  const open = new Map<string, Open>();
  /** What a run was bound to, where an expression chooses. */
  const bound = new Map<string, string>();
  history.forEach((record, i) => {
    const { at, event, changes } = record;
    const add = (type: Happening['type'], text: string, more: Partial<Happening> = {}): void =>
      void found.push({ type, at, step: i + 1, text, ...more });
    if (event.type === 'begin') add('note', `begins: ${definition.title ?? definition.flow}`);
    if (event.type === 'prepared' && event.prepared.ref !== undefined) bound.set(event.token, event.prepared.ref);
    if (INTERVENTIONS.has(event.type) || 'by' in event) add('note', interventionIn(record));
    for (const { activity: id, token, state, attempt, failure } of changes) {
      const activity = plan.activities[id];
      if (!activity) {
        if (state === 'completed') add('note', `${id} happens`, { activity: id });
        continue;
      }
      if (token === undefined || activity.type === 'subflow') continue;
      const asked = open.get(token);
      const why = failure ? `${failure.code}: ${failure.message}` : '';
      if (asked && (state === 'completed' || state === 'failed' || state === 'terminated' || failure)) {
        const took = durationInWords(at - asked.since);
        const who = 'user' in event && event.user !== undefined ? ` by ${event.user}` : '';
        const type = state === 'completed' ? 'answer' : 'failure';
        const text = state === 'completed' ? `${took}${who}` : `${why || state} (${took})`;
        add(type, text, { activity: id, with: asked.with });
        open.delete(token);
        continue;
      }
      const isAsked = activity.type === 'user' ? state === 'ready' : state === 'running';
      const partner = participantOf(activity, bound.get(token));
      if (isAsked && partner) {
        if (asked) continue;
        const again = (attempt ?? 1) > 1 ? `, attempt ${attempt}` : '';
        add('ask', `${activity.name}${again}`, { activity: id, with: partner });
        open.set(token, { since: at, with: partner });
      } else if (!partner && state === 'running' && activity.type === 'wait') {
        add('note', `${activity.name} waits`, { activity: id });
      } else if (!partner && state === 'completed' && isTold(activity)) {
        add('note', activity.name, { activity: id });
      } else if (why) {
        add('note', `${activity.name}: ${why}`, { activity: id });
      }
    }
    if (event.type === 'output') add('note', event.failure ? `fails: ${event.failure.message}` : 'ends');
  });
  return found;
}

/** A route that only decides is seen by where it leads. */
function isTold({ type, definition }: PlannedActivity): boolean {
  return type !== 'route' || definition.throw !== undefined;
}

function interventionIn({ event }: HistoryRecord): string {
  const { by, user, reason } = event as { readonly by?: string; readonly user?: string; readonly reason?: string };
  return `${by ?? user ?? 'somebody'}: ${event.type}${reason === undefined ? '' : ` (${reason})`}`;
}
