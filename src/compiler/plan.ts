// The checked structure that the engine runs on: activities and connectors by id, with defaults filled in and each
// subflow collapsed into one activity of its enclosing body. Plain data, derived from the definition alone.
import type {
  ActivityDefinition,
  ActivityType,
  BoundaryEventDefinition,
  ConnectorDefinition,
  FlowDefinition,
  JoinKind,
  LoopDefinition,
  SphereDefinition,
  SplitKind,
} from '../model/index.js';
import { successorsOf } from './layout.js';
import { ranksOf } from './rank.js';
import { atomicSubflows } from './atomic-groups.js';

/** `""` is the flow's own body; otherwise the id of a subflow. */
export type BodyId = string;

export interface PlannedConnector {
  readonly id: string;
  readonly from: string;
  /** Set when it leaves a boundary event of `from`. */
  readonly boundary?: string;
  readonly to: string;
  readonly condition?: string;
  readonly isDefault: boolean;
}

export interface PlannedBoundary {
  readonly definition: BoundaryEventDefinition;
  readonly interrupting: boolean;
  readonly outgoing: readonly PlannedConnector[];
  /** The event that this one is a part of, if it is not the first of those that happen together. */
  readonly head?: PlannedBoundary;
}

export interface PlannedActivity {
  readonly id: string;
  readonly name: string;
  readonly type: ActivityType;
  readonly body: BodyId;
  readonly definition: ActivityDefinition;
  readonly split: SplitKind;
  readonly join: JoinKind;
  readonly incoming: readonly PlannedConnector[];
  /** Connectors followed on completion, in list order. */
  readonly outgoing: readonly PlannedConnector[];
  readonly boundaries: readonly PlannedBoundary[];
  /** An event subflow's own events. */
  readonly triggers: readonly PlannedBoundary[];
  readonly loop?: LoopDefinition;
  /** Activity that undoes it. */
  readonly compensation?: string;
  /** A subflow that commits as a whole or not at all. */
  readonly atomic?: true;
  /** Not on any path from the start: it undoes another activity, or an event starts it. */
  readonly aside?: 'compensation' | 'event';
  /** A token comes to it from lower ranks only, or from its own in a cycle. */
  readonly rank: number;
  /** Machine states around it that count as active when it is; filled in by the layout. */
  readonly containers: readonly string[];
}

export interface PlannedBody {
  readonly id: BodyId;
  readonly activities: readonly string[];
  /** Where a run of the body begins. */
  readonly starts: readonly string[];
  /** What an event may start while the body runs. */
  readonly eventSubflows: readonly string[];
  /** Its members that are on no path from a start. */
  readonly asides: readonly string[];
}

export interface Plan {
  readonly flow: FlowDefinition;
  readonly activities: Readonly<Record<string, PlannedActivity>>;
  readonly bodies: Readonly<Record<BodyId, PlannedBody>>;
  /** Activities that people would count as progress. */
  readonly counted: readonly string[];
  /** Whether anything waits for a condition over the pool. */
  readonly watchesPool: boolean;
  /** Whether anything commits as a whole. */
  readonly hasAtomic: boolean;
  /** Compensation spheres, inner before outer. */
  readonly spheres: readonly SphereDefinition[];
}

type Draft = {
  -readonly [K in keyof PlannedActivity]: PlannedActivity[K] extends readonly (infer E)[] ? E[] : PlannedActivity[K];
};

/** Builds the plan. The definition must have passed `checkStructure`. */
export function planFlow(flow: FlowDefinition): Plan {
  const bodyOf = membership(flow);
  const activities: Record<string, Draft> = {};
  for (const definition of flow.activities) {
    if (definition.type === 'subflow') continue;
    activities[definition.id] = draftOf(definition, bodyOf(definition.id));
  }
  for (const [id, subflow] of Object.entries(flow.subflows ?? {})) {
    const own = flow.activities.find((a) => a.id === id);
    const definition: ActivityDefinition = {
      ...own,
      id,
      type: 'subflow',
      name: own?.name ?? subflow.name ?? id,
      ...(subflow.loop ? { loop: subflow.loop } : {}),
      ...(subflow.compensation === undefined ? {} : { compensation: subflow.compensation }),
      boundary: [...(own?.boundary ?? []), ...(subflow.boundary ?? [])],
    };
    activities[id] = draftOf(definition, bodyOf(id));
    if (subflow.trigger)
      Object.assign(activities[id]!, { triggers: plannedBoundaries([subflow.trigger].flat()), aside: 'event' });
  }
  for (const { compensation } of Object.values(activities)) {
    if (compensation !== undefined) activities[compensation]!.aside = 'compensation';
  }
  for (const id of atomicSubflows(flow)) activities[id]!.atomic = true;
  for (const connector of flow.connectors ?? []) connect(activities, connector);

  const bodies: Record<BodyId, PlannedBody> = {};
  const ids: BodyId[] = ['', ...Object.keys(flow.subflows ?? {})];
  for (const id of ids) {
    const members = Object.values(activities).filter((a) => a.body === id);
    const free = members.filter((a) => a.incoming.length === 0 && !a.aside).map((a) => a.id);
    const entry = id === '' ? undefined : groupEntry(flow, id);
    bodies[id] = {
      id,
      activities: members.map((a) => a.id),
      starts: entry !== undefined && activities[entry]?.body === id ? [entry] : free,
      eventSubflows: members.filter((a) => a.aside === 'event').map((a) => a.id),
      asides: members.filter((a) => a.aside).map((a) => a.id),
    };
  }
  const ranks = ranksOf(Object.keys(activities), (id) => successorsOf(activities[id]!));
  for (const [id, rank] of ranks) activities[id]!.rank = rank;
  const watchesPool = Object.values(activities).some(
    (a) =>
      a.definition.when !== undefined ||
      [...a.boundaries, ...a.triggers].some((b) => b.definition.event === 'condition'),
  );
  const hasAtomic = Object.values(activities).some((a) => a.atomic);
  const counted = Object.values(activities).filter((a) => isWork(a) && !isAside(activities, a.id));
  return {
    flow,
    activities,
    bodies,
    counted: counted.map((a) => a.id),
    watchesPool,
    hasAtomic,
    spheres: innermostFirst(flow),
  };
}

function isWork({ type }: Draft): boolean {
  return type !== 'route' && type !== 'subflow';
}

/** Undoes something, or lies in what an event may start: hopefully never to be done. */
function isAside(activities: Record<string, Draft>, id: string): boolean {
  for (let a = activities[id]; a; a = activities[a.body]) if (a.aside) return true;
  return false;
}

/** A sphere inside another has fewer activities in it. */
function innermostFirst(flow: FlowDefinition): readonly SphereDefinition[] {
  const size = (s: SphereDefinition): number => s.activities.flatMap((a) => [a, ...membersOf(flow, a)]).length;
  return (flow.spheres ?? []).filter((s) => s.kind === 'compensation').toSorted((a, b) => size(a) - size(b));
}

function draftOf(definition: ActivityDefinition, body: BodyId): Draft {
  return {
    id: definition.id,
    name: definition.name ?? definition.id,
    type: definition.type,
    body,
    definition,
    split: definition.split ?? 'or',
    join: definition.join ?? 'or',
    incoming: [],
    outgoing: [],
    boundaries: plannedBoundaries(definition.boundary ?? []),
    triggers: [],
    ...loopOf(definition),
    ...(definition.compensation === undefined ? {} : { compensation: definition.compensation }),
    rank: 0,
    containers: [],
  };
}

/** Who votes has a round each; all at the same time. */
function loopOf({ loop, votes, assign }: ActivityDefinition): { readonly loop?: LoopDefinition } {
  if (!votes || assign === undefined) return loop ? { loop } : {};
  const items = typeof assign === 'string' ? assign : assign.to;
  return { loop: { kind: 'forEach', items, item: 'voter', concurrency: 1000, max: 1000 } };
}

function plannedBoundaries(definitions: readonly BoundaryEventDefinition[]): PlannedBoundary[] {
  const heads = new Map<string, PlannedBoundary>();
  return definitions.map((definition) => {
    const always = definition.event === 'error' || definition.event === 'cancel';
    const { together } = definition;
    const head = together === undefined ? undefined : heads.get(together);
    const boundary: PlannedBoundary = {
      definition,
      interrupting: head?.interrupting ?? (definition.interrupting !== false || always),
      outgoing: [],
      ...(head ? { head } : {}),
    };
    if (together !== undefined && !head) heads.set(together, boundary);
    return boundary;
  });
}

/** Id of the innermost subflow an activity or subflow lies in. */
function membership(flow: FlowDefinition): (id: string) => BodyId {
  const owner = new Map<string, BodyId>();
  for (const [id, subflow] of Object.entries(flow.subflows ?? {}))
    for (const member of subflow.activities) owner.set(member, id);
  return (id) => owner.get(id) ?? '';
}

/** Splits `activity.boundary` into its parts; both ids may themselves contain dots. */
export function sourceOf(flow: FlowDefinition, from: string): { activity: string; boundary?: string } | undefined {
  const known = (id: string): boolean => flow.activities.some((a) => a.id === id) || flow.subflows?.[id] !== undefined;
  if (known(from)) return { activity: from };
  for (let dot = from.lastIndexOf('.'); dot > 0; dot = from.lastIndexOf('.', dot - 1)) {
    const activity = from.slice(0, dot);
    const boundary = from.slice(dot + 1);
    const declared = [
      ...(flow.activities.find((a) => a.id === activity)?.boundary ?? []),
      ...(flow.subflows?.[activity]?.boundary ?? []),
    ];
    if (known(activity) && declared.some((b) => b.id === boundary)) return { activity, boundary };
  }
  return undefined;
}

/**
 * A connector that crosses the border of a grouped subflow belongs to the subflow: it is lifted to the outermost
 * activities that lie in the same body.
 */
function connect(activities: Record<string, Draft>, connector: ConnectorDefinition): void {
  const { activity, boundary } = splitSource(activities, connector.from);
  const chain = (id: string): string[] => {
    const path = [id];
    for (let a = activities[id]; a && a.body !== ''; a = activities[a.body]) path.push(a.body);
    return path;
  };
  const sources = chain(activity);
  const targets = chain(connector.to);
  while (sources.length > 1 && targets.length > 1 && sources.at(-1) === targets.at(-1)) {
    sources.pop();
    targets.pop();
  }
  const from = activities[sources.at(-1)!]!;
  const to = activities[targets.at(-1)!]!;
  const planned: PlannedConnector = {
    id: connector.id,
    from: from.id,
    ...(boundary !== undefined && from.id === activity ? { boundary } : {}),
    to: to.id,
    ...(connector.condition === undefined ? {} : { condition: connector.condition }),
    isDefault: connector.default === true,
  };
  if (planned.boundary === undefined) from.outgoing.push(planned);
  else (from.boundaries.find((b) => b.definition.id === boundary)!.outgoing as PlannedConnector[]).push(planned);
  to.incoming.push(planned);
  // A grouped subflow splits and joins the way its exit and entry do.
  if (from.id !== activity && from.definition.split === undefined) from.split = activities[activity]!.split;
  if (to.id !== connector.to && to.definition.join === undefined) to.join = activities[connector.to]!.join;
}

function splitSource(activities: Record<string, Draft>, from: string): { activity: string; boundary?: string } {
  if (activities[from]) return { activity: from };
  for (let dot = from.lastIndexOf('.'); dot > 0; dot = from.lastIndexOf('.', dot - 1)) {
    const [activity, boundary] = [from.slice(0, dot), from.slice(dot + 1)];
    if (activities[activity]?.boundaries.some((b) => b.definition.id === boundary)) return { activity, boundary };
  }
  return { activity: from };
}

/** The member of a grouped subflow that connectors from outside enter. */
function groupEntry(flow: FlowDefinition, id: BodyId): string | undefined {
  const inside = new Set(membersOf(flow, id));
  const crossing = (flow.connectors ?? []).find(
    (c) => inside.has(c.to) && !inside.has(sourceOf(flow, c.from)?.activity ?? c.from),
  );
  if (!crossing) return undefined;
  const direct = new Set(flow.subflows?.[id]?.activities ?? []);
  if (direct.has(crossing.to)) return crossing.to;
  // The entry lies in a subflow inside this one.
  return [...direct].find((d) => flow.subflows?.[d] && membersOf(flow, d).includes(crossing.to));
}

/** Everything inside a subflow, also in those nested in it. Of one that lies in itself (FLOW-E106), one round. */
export function membersOf(flow: FlowDefinition, id: BodyId, around: readonly BodyId[] = [id]): string[] {
  return (flow.subflows?.[id]?.activities ?? []).flatMap((m) =>
    flow.subflows?.[m] && !around.includes(m) ? [m, ...membersOf(flow, m, [...around, m])] : [m],
  );
}
