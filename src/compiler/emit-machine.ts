// Emits the XState v5 machine configuration: plain JSON, states named after the activities. Control is decided by the
// token game (`engine/`), which the machine calls through one action and one guard: `advance` commits the step an event
// makes, `at` asks where the token of a region is after it. So every transition is an ordinary guarded XState
// transition between siblings, and a whole step is one microstep except where a parallel block is entered or left.
import type { Plan } from './plan.js';
import { successorsOf, type Block, type Member, type Region } from './layout.js';
import { blockId, layoutBody } from './lay-out-body.js';
import { CANCELLED, COMPLETED, IDLE, stateKey } from './state-keys.js';

export interface MachineConfig {
  readonly id: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateConfig>>;
  readonly on: Readonly<Record<string, unknown>>;
}
export interface StateConfig {
  readonly type?: 'parallel' | 'final';
  readonly initial?: string;
  readonly states?: Readonly<Record<string, StateConfig>>;
  readonly on?: Readonly<Record<string, readonly TransitionConfig[]>>;
  readonly always?: readonly TransitionConfig[];
  readonly description?: string;
  readonly meta?: { readonly activity?: string; readonly type?: string; readonly block?: string };
}
export interface TransitionConfig {
  readonly target?: string | readonly string[];
  readonly guard?: { readonly type: 'at'; readonly params: AtParams };
  readonly actions?: 'advance';
}

/** After the step, does `region` show `state` (and no longer `left`)? */
export interface AtParams {
  readonly region: string;
  readonly state: string;
  readonly left?: string;
  /** And, inside the block that `state` is, do these regions show these members? By region id. */
  readonly within?: Readonly<Record<string, string>>;
}

export interface EmittedMachine {
  readonly config: MachineConfig;
  /** Per activity, the blocks around it. */
  readonly containers: ReadonlyMap<string, readonly string[]>;
  readonly layouts: Readonly<Record<string, Region>>;
}

export function emitMachine(plan: Plan): EmittedMachine {
  const containers = new Map<string, readonly string[]>();
  const layouts: Record<string, Region> = {};
  for (const body of Object.keys(plan.bodies)) {
    const layout = layoutBody(plan, body);
    layouts[body] = layout.main;
    for (const [id, around] of layout.containers) containers.set(id, around);
  }
  const ends = [move('', COMPLETED), move('', CANCELLED)];
  const main = regionStates(plan, layouts, layouts['']!, ends);
  const config: MachineConfig = {
    id: plan.flow.flow,
    initial: IDLE,
    on: { '*': { actions: 'advance' } },
    states: { ...main, [COMPLETED]: { type: 'final' }, [CANCELLED]: { type: 'final' } },
  };
  return { config, containers, layouts };
}

function regionStates(
  plan: Plan,
  layouts: Record<string, Region>,
  region: Region,
  ends: readonly TransitionConfig[] = [],
): Record<string, StateConfig> {
  const members = new Map(region.members.map((m) => [m.id, m]));
  const blockOf = new Map<string, string>();
  for (const m of region.members) if (m.kind === 'block') for (const id of activitiesIn(m)) blockOf.set(id, m.id);
  const into = (member: Member, left?: string): TransitionConfig[] => [
    ...(member.kind === 'block' ? [moveIntoAll(region.id, member, left)] : []),
    move(region.id, member.id, left),
  ];
  const states: Record<string, StateConfig> = {
    [IDLE]: { always: [...ends, ...region.members.flatMap((m) => into(m))] },
  };
  /** Members one connector away, then the way out; XState takes the first whose guard holds. */
  const leaving = (self: string, next: readonly string[]): readonly TransitionConfig[] => {
    const targets = new Set<string>();
    for (const id of next) {
      const member = members.has(id) ? id : blockOf.get(id);
      if (member !== undefined && member !== self) targets.add(member);
    }
    if (members.has(blockId(self))) targets.add(blockId(self));
    return [...[...targets].flatMap((t) => into(members.get(t)!, self)), move(region.id, IDLE, self)];
  };
  for (const member of region.members) {
    if (member.kind === 'activity') {
      const activity = plan.activities[member.id]!;
      const inner = activity.type === 'subflow' ? layouts[activity.id] : undefined;
      states[stateKey(member.id)] = {
        ...(activity.name === activity.id ? {} : { description: activity.name }),
        meta: { activity: activity.id, type: activity.type },
        on: { '*': leaving(member.id, successorsOf(activity)) },
        ...(inner ? { initial: IDLE, states: regionStates(plan, layouts, inner) } : {}),
      };
    } else {
      const exits = [...activitiesIn(member)].flatMap((id) => successorsOf(plan.activities[id]!));
      const out = leaving(member.id, exits);
      states[stateKey(member.id)] = {
        type: 'parallel',
        meta: { block: member.id },
        // Also without an event: the branches may have left in the microstep before.
        always: out.map(({ target, guard }) => ({ target, guard })),
        states: Object.fromEntries(
          member.regions.map((r) => [
            regionKey(r),
            { initial: IDLE, states: regionStates(plan, layouts, r) } satisfies StateConfig,
          ]),
        ),
      };
    }
  }
  return states;
}

/**
 * Into the first members of all branches of a block at once: the usual case of a parallel split. Otherwise each branch
 * would make a transition of its own, and XState compares all transitions of a microstep with each other.
 */
function moveIntoAll(region: string, block: Block, left?: string): TransitionConfig {
  const first = (r: Region): string => r.members[0]!.id;
  const within = Object.fromEntries(block.regions.map((r) => [r.id, first(r)]));
  return {
    ...move(region, block.id, left, within),
    target: block.regions.map((r) => [stateKey(block.id), regionKey(r), stateKey(first(r))].join('.')),
  };
}

/** To `state` when the region shows it after the step, which it did not before (`left`). */
function move(
  region: string,
  state: string,
  left?: string,
  within?: Readonly<Record<string, string>>,
): TransitionConfig {
  const params = { region, state, ...(left === undefined ? {} : { left }), ...(within ? { within } : {}) };
  const guard = { type: 'at' as const, params };
  return { target: stateKey(state), guard, ...(left === undefined ? {} : { actions: 'advance' as const }) };
}

function regionKey(region: Region): string {
  return `(${stateKey(region.key)})`;
}

function activitiesIn(block: Block): Set<string> {
  const found = new Set<string>();
  const walk = (regions: readonly Region[]): void => {
    for (const r of regions)
      for (const m of r.members)
        if (m.kind === 'activity') found.add(m.id);
        else walk(m.regions);
  };
  walk(block.regions);
  return found;
}
