// A flow as a sequence diagram tells it: who is asked for what, in which order, with frames for choices, parallel branches,
// loops and subflows. Read off the structure: what lies between a split and the place where its branches meet is a frame.
import { immediateDominators } from '../compiler/dominators.js';
import type { Plan, PlannedActivity, PlannedConnector } from '../compiler/index.js';

/** A lifeline: the flow itself, an implementation, a role, another flow, or whom messages go to. */
export interface Participant {
  readonly id: string;
  readonly kind: 'flow' | 'implementation' | 'role' | 'called flow' | 'message';
  readonly name: string;
}

export type Scene =
  | { readonly type: 'call'; readonly activity: string; readonly text: string; readonly to: Participant }
  | { readonly type: 'note'; readonly activity: string; readonly text: string }
  | {
      readonly type: 'frame';
      readonly kind: 'alt' | 'opt' | 'par' | 'loop' | 'sub' | 'event';
      readonly title: string;
      readonly branches: readonly { readonly title: string; readonly scenes: readonly Scene[] }[];
    };

export const FLOW: Participant = { id: 'flow', kind: 'flow', name: '' };
const END = '(end)';

export function scenesOf(plan: Plan): readonly Scene[] {
  return bodyScenes(plan, '');
}

function bodyScenes(plan: Plan, body: string): Scene[] {
  const { starts, eventSubflows } = plan.bodies[body]!;
  const walk = new Walk(plan, body);
  const main =
    starts.length === 1
      ? walk.from(starts[0]!, END)
      : [
          frame(
            'par',
            '',
            starts.map((id) => ({ title: '', scenes: walk.from(id, END) })),
          ),
        ];
  const events = eventSubflows.map((id) => {
    const { name, triggers } = plan.activities[id]!;
    const kinds = triggers.map((t) => t.definition.event).join(' or ');
    return frame('event', `on ${kinds}: ${name}`, [{ title: '', scenes: bodyScenes(plan, id) }]);
  });
  return [...main, ...events];
}

class Walk {
  readonly #plan: Plan;
  /** Where all ways from an activity meet again. */
  readonly #meets: ReadonlyMap<string, string>;
  readonly #told = new Set<string>();

  constructor(plan: Plan, body: string) {
    this.#plan = plan;
    const ids = plan.bodies[body]!.activities;
    const ends = ids.filter((id) => waysOut(plan.activities[id]!).length === 0);
    const before = (id: string): string[] => plan.activities[id]!.incoming.map((c) => c.from);
    this.#meets = immediateDominators({ root: END, successors: (id) => (id === END ? ends : before(id)) });
  }

  /** The story from an activity up to, and without, another. Iterative along a sequence. */
  from(first: string, until: string): Scene[] {
    const scenes: Scene[] = [];
    for (let id: string | undefined = first; id !== undefined && id !== until;) {
      const activity: PlannedActivity = this.#plan.activities[id]!;
      if (this.#told.has(id)) {
        scenes.push({ type: 'note', activity: id, text: `goes on with ${activity.name}` });
        return scenes;
      }
      this.#told.add(id);
      scenes.push(...sceneOf(this.#plan, activity));
      const ways: readonly PlannedConnector[] = waysOut(activity);
      if (ways.length === 0) return scenes;
      if (ways.length === 1 && activity.boundaries.length === 0) {
        id = ways[0]!.to;
        continue;
      }
      const meet: string | undefined = this.#meets.get(id);
      const split = this.#split(activity, meet ?? END);
      if (split) scenes.push(split);
      id = meet === END ? undefined : meet;
    }
    return scenes;
  }

  /** Undefined when nothing happens on any way. */
  #split(activity: PlannedActivity, meet: string): Scene | undefined {
    const branch = (title: string, c: PlannedConnector): { title: string; scenes: readonly Scene[] } => ({
      title: c.condition ?? (c.isDefault ? 'else' : title),
      scenes: c.to === meet ? [] : this.from(c.to, meet),
    });
    const branches = [
      ...activity.outgoing.map((c) => branch('', c)),
      ...activity.boundaries.flatMap((b) =>
        b.outgoing.map((c) => branch(`${activity.name}: ${b.definition.name ?? b.definition.event}`, c)),
      ),
    ];
    // One condition and a default exclude each other, too.
    const free = activity.outgoing.filter((c) => !c.isDefault);
    const isChoice =
      activity.split === 'xor' ||
      free.length === 0 ||
      (free.length === 1 &&
        activity.split === 'or' &&
        (free[0]!.condition !== undefined || activity.outgoing.length === 1));
    const filled = branches.filter((b) => b.scenes.length > 0);
    if (filled.length === 0) return undefined;
    if (isChoice && filled.length === 1) return frame('opt', filled[0]!.title, filled);
    return frame(isChoice ? 'alt' : 'par', '', branches);
  }
}

function waysOut(activity: PlannedActivity): readonly PlannedConnector[] {
  return [...activity.outgoing, ...activity.boundaries.flatMap((b) => b.outgoing)];
}

function sceneOf(plan: Plan, activity: PlannedActivity): Scene[] {
  const { loop, name } = activity;
  const scenes =
    activity.type === 'subflow'
      ? [frame('sub', name, [{ title: '', scenes: bodyScenes(plan, activity.id) }])]
      : plainScene(activity);
  if (!loop) return scenes;
  const title = loop.kind === 'forEach' ? `for each of ${loop.items}` : `${loop.kind} ${loop.condition}`;
  return [frame('loop', title, [{ title: '', scenes }])];
}

function plainScene(activity: PlannedActivity): Scene[] {
  const { id, name, type, definition: d } = activity;
  const to = participantOf(activity);
  if (to) return [{ type: 'call', activity: id, text: name, to }];
  switch (type) {
    case 'service':
    case 'script':
      return [{ type: 'note', activity: id, text: name }];
    case 'wait':
      return [{ type: 'note', activity: id, text: `${name}: ${d.after ?? d.until ?? d.when ?? 'waits'}` }];
    default:
      return d.throw ? [{ type: 'note', activity: id, text: `${name}: ${d.throw.event}` }] : [];
  }
}

/** Whom an activity asks; `bound`: the implementation that an expression has chosen. Undefined: it does its work itself. */
export function participantOf({ type, definition: d }: PlannedActivity, bound?: string): Participant | undefined {
  switch (type) {
    case 'service':
    case 'script': {
      const { implementation } = d;
      return implementation && participant('implementation', bound ?? implementation.select ?? implementation.ref);
    }
    case 'user':
      return participant('role', d.role ?? 'somebody');
    case 'call':
      return participant('called flow', d.calls ?? '');
    case 'send':
    case 'receive':
      return participant('message', d.message?.name ?? '');
    default:
      return undefined;
  }
}

function participant(kind: Participant['kind'], name: string): Participant {
  return { id: `${kind} ${name}`, kind, name };
}

function frame(
  kind: Extract<Scene, { type: 'frame' }>['kind'],
  title: string,
  branches: Extract<Scene, { type: 'frame' }>['branches'],
): Scene {
  return { type: 'frame', kind, title, branches };
}
