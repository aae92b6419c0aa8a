// What a behaviour of the conformance suite sees of a host: the seam at which every host is plugged in. A host's adapter says
// what it is able to do and opens worlds; behaviours that need more are not run against it.
import type { FlowDefinition, FlowHost, InstanceView, TaskView } from '../../src/index.js';

/**
 * `managed`: it is a ManagedHost. `clock`: time moves only by `pass`. `durable`: `reopen` is there. `atomic`: the instrument `take` can prepare, commit and
 * roll back.
 */
export type Ability = 'clock' | 'durable' | 'atomic' | 'managed';

/** One call that an instrument got. */
export interface Call {
  /** The activity, or `commit A`, `rollback A`. */
  readonly what: string;
  readonly key: string;
}

export interface World {
  /** Another one after `reopen`. */
  readonly host: FlowHost;
  now(): number;
  /** Lets so much time pass: moves the clock, or waits. */
  pass(ms: number): Promise<void>;
  /** What the instruments were asked to do, in order. */
  calls(): readonly Call[];
  /** Lets the calls of `hold` return, also those to come. */
  letGo(): Promise<void>;
  /** The page goes and comes back. What it deploys then: by default what it had deployed before. */
  reopen(deploy?: readonly FlowDefinition[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an empty host with these implementations: `work` gives back its arguments, with `key`, its idempotency key; `refuse` fails for good with
 * code `NoStock`; `flaky` fails the first two times it is asked for an activity of an instance; `hold` waits for `letGo` (and ends
 * when it is aborted); `take` is like `work`, with `prepare`, `commit` and `rollback`.
 */
export interface HostAdapter {
  readonly name: string;
  readonly abilities: readonly Ability[];
  open(): Promise<World>;
}

/** One promise of every host. */
export interface Behaviour {
  /** A sentence about what a user notices. */
  readonly what: string;
  readonly needs?: readonly Ability[];
  readonly run: (world: World) => Promise<void>;
}

export const ada = { id: 'ada', roles: ['sales'] } as const;
export const bob = { id: 'bob', roles: ['sales'] } as const;

/** Waits until it holds; gives what was found. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patience = 20_000,
): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function until(
  world: World,
  id: string,
  what: string,
  holds: (view: InstanceView) => boolean,
): Promise<InstanceView> {
  return eventually(what, async () => {
    const view = await world.host.get(id);
    return view !== undefined && holds(view) && view;
  });
}

export function untilStatus(world: World, id: string, status: InstanceView['status']): Promise<InstanceView> {
  return until(world, id, `it is ${status}`, (view) => view.status === status);
}

/** The task of this activity, once it is there. */
export async function untilTask(world: World, id: string, activity: string): Promise<TaskView> {
  const view = await until(world, id, `somebody may do ${activity}`, ({ tasks }) =>
    tasks.some((task) => task.activity === activity),
  );
  return view.tasks.find((task) => task.activity === activity)!;
}

export async function untilWaiting(world: World, id: string, activity: string): Promise<InstanceView> {
  return until(world, id, `it waits in ${activity}`, ({ waits }) => waits.some((wait) => wait.activity === activity));
}

/** Deploys a flow and starts it. */
export async function begin(
  world: World,
  flow: FlowDefinition,
  ...[input, options]: Parameters<FlowHost['start']> extends [string, ...infer Rest] ? Rest : never
): Promise<InstanceView> {
  await world.host.deploy(flow);
  return world.host.start(flow.flow, input, options);
}

/** Names of the activities that were called, in order. */
export function called(world: World): string[] {
  return world.calls().map(({ what }) => what);
}
