// Runs a definition in the memory host until nothing more happens by itself: for tests and for the command line.
import {
  createHttpImplementation,
  createLogImplementation,
  createRegistry,
  invocable,
  type Implementations,
  type Registry,
} from '../activities/index.js';
import { compile } from '../compiler/compile.js';
import {
  createMemoryHost,
  systemClock,
  type InstanceView,
  type MemoryHost,
  type TaskView,
  type TraceEvent,
  type WaitView,
} from '../hosts/index.js';
import {
  FlowError,
  parseDuration,
  toFailure,
  type FailureData,
  type FlowDefinition,
  type JsonObject,
} from '../model/index.js';
import type { ScenarioStep } from './scenario.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

/** How long (ms of real time) an implementation may take to answer before time-outs, or what people do, come first. */
const PATIENCE = 2000;

export interface RunFlowOptions {
  readonly input?: JsonObject;
  /** What the variable pool holds at the start, instead of the variables' own initial values. */
  readonly variables?: JsonObject;
  /** By name; `http`, `log` are there already. */
  readonly implementations?: Implementations;
  /** Implementations that nobody has registered give null at once, and so do people's tasks when there is no scenario. */
  readonly stub?: boolean;
  /** Timers do not wait: when nothing else can happen, time jumps to the next one. Begins at 1970, or at `startAt` (epoch ms). */
  readonly virtualTime?: boolean;
  readonly startAt?: number;
  readonly scenario?: readonly ScenarioStep[];
  /** Flows that are called by name. */
  readonly flows?: readonly FlowDefinition[];
  /** Called with every change of an activity's state. */
  readonly trace?: (event: TraceEvent) => void;
}

export interface RunOutcome {
  /** `waiting`: it would go on by a person, a message or (without virtual time) a timer only. */
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'waiting';
  readonly output?: JsonObject;
  readonly variables: JsonObject;
  readonly failure?: FailureData;
  /** What it waits for. */
  readonly tasks: readonly TaskView[];
  readonly waits: readonly WaitView[];
  readonly trace: readonly TraceEvent[];
  /** Steps of the scenario that were refused, and why; the run went on without them. */
  readonly refused: readonly RefusedStep[];
  /** Steps of the scenario that never got their turn. */
  readonly left: readonly ScenarioStep[];
}

export interface RefusedStep {
  readonly step: ScenarioStep;
  readonly failure: FailureData;
}

/**
 * Runs the flow until it is over, or rests with nothing left of the scenario. Throws `FlowDefinitionError` for a definition
 * that does not compile and `FlowError` for input that is refused.
 */
export async function runFlow(definition: FlowDefinition, options: RunFlowOptions = {}): Promise<RunOutcome> {
  const trace: TraceEvent[] = [];
  let instances = 0;
  const clock = options.virtualTime ? createVirtualClock(options.startAt) : undefined;
  const host = createMemoryHost({
    clock: clock ?? systemClock,
    historyLimit: 0,
    // The same run gives the same trace.
    newId: () => String(++instances),
    implementations: registryOf(options),
    trace: (event) => {
      trace.push(event);
      options.trace?.(event);
    },
  });
  try {
    const flows = [...(options.flows ?? []), beginningWith(options.variables ?? {}, definition)];
    for (const flow of flows) await host.deploy(await compile(flow));
    const { id } = await host.start(definition.flow, options.input);
    const { left, refused } = await carryOn(host, id, clock, options);
    return { ...outcomeOf((await host.get(id))!), trace, refused, left };
  } finally {
    await host.close();
  }
}

function beginningWith(pool: JsonObject, definition: FlowDefinition): FlowDefinition {
  const variables = { ...definition.variables };
  for (const [name, initial] of Object.entries(pool)) variables[name] = { ...variables[name], initial };
  return Object.keys(pool).length === 0 ? definition : { ...definition, variables };
}

async function carryOn(
  host: MemoryHost,
  id: string,
  clock: VirtualClock | undefined,
  { scenario, stub }: RunFlowOptions,
): Promise<Pick<RunOutcome, 'left' | 'refused'>> {
  const left = [...(scenario ?? [])];
  const refused: RefusedStep[] = [];
  let since = clock?.now() ?? Date.now();
  for (;;) {
    // In real time and without a script, only implementations and timers can go on.
    const rests = clock || left.length > 0 ? await host.rests(PATIENCE) : (await host.settled(), true);
    const view = (await host.get(id))!;
    const open = view.status === 'running';
    const step = left[0];
    // Called flows have tasks of their own.
    const tasks = await host.tasks();
    // A failed instance can still be taken up again.
    if (step && (open || 'retry' in step || ('skip' in step && view.status === 'failed'))) {
      const due = since + (parseDuration(step.after ?? 'PT0S') ?? 0);
      const now = clock?.now() ?? Date.now();
      const failed = (error: unknown): true => {
        if (!(error instanceof FlowError)) throw error;
        refused.push({ step, failure: toFailure(error) });
        return true;
      };
      if (due <= now && (await applied(host, view, tasks, step).catch(failed))) {
        left.shift();
        since = now;
        continue;
      }
      if (due > now && (!clock || (clock.next() ?? Infinity) >= due)) {
        if (clock) clock.moveTo(due);
        else await pause(due - now, rests ? undefined : host.settled());
        continue;
      }
    }
    if (!open) return { left, refused };
    if (stub && !scenario && tasks.length > 0) {
      for (const task of tasks) await completeUnlessGone(host, task);
      continue;
    }
    const next = clock ? clock.next() : await nextTimer(host);
    if (next === undefined && rests) return { left, refused };
    if (next === undefined) await host.settled();
    else if (clock) clock.moveTo(next);
    else await pause(next - Date.now(), rests ? undefined : host.settled());
  }
}

/** Real time passes; no longer than until the calls under way have ended. */
async function pause(time: number, ended: Promise<void> = new Promise(() => {})): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(Math.max(1, time), 2 ** 31 - 1));
  });
  await Promise.race([over, ended]);
  clearTimeout(timer);
}

/** What one person does may withdraw the tasks of others: the rest of a `forEach` that is complete. */
async function completeUnlessGone(host: MemoryHost, { id }: TaskView): Promise<void> {
  try {
    await host.send({ type: 'complete', task: id });
  } catch (error) {
    if (!(error instanceof FlowError && error.code === 'FLOW-TASK-GONE')) throw error;
  }
}

async function nextTimer(host: MemoryHost): Promise<number | undefined> {
  const running = await host.list({ status: 'running' });
  const due = running.flatMap((v) => v.waits.map((w) => w.at)).filter((at) => at !== undefined);
  return due.length > 0 ? Math.min(...due) : undefined;
}

/** False when there is nothing yet that the step could be done to. */
async function applied(
  host: MemoryHost,
  view: InstanceView,
  tasks: readonly TaskView[],
  step: ScenarioStep,
): Promise<boolean> {
  if ('wait' in step) return true;
  if ('signal' in step) {
    await host.send({ type: 'signal', signal: typeof step.signal === 'string' ? { name: step.signal } : step.signal });
    return true;
  }
  if ('cancel' in step) {
    await host.cancel(view.id, ...(typeof step.cancel === 'string' ? [step.cancel] : []));
    return true;
  }
  if ('retry' in step) {
    if (view.status !== 'failed') return false;
    const token = typeof step.retry === 'string' ? tokenOf(view, step.retry) : undefined;
    await host.retry(view.id, {
      ...(token === undefined ? {} : { token }),
      ...(step.variables ? { variables: step.variables } : {}),
    });
    return true;
  }
  if ('skip' in step) {
    const token = tokenOf(view, step.skip);
    if (token === undefined) return false;
    await host.send({ type: 'skip', instance: view.id, token, ...outputOf(step) });
    return true;
  }
  const wanted = 'complete' in step ? step.complete : step.claim;
  const task = tasks.find((t) => t.activity === wanted || t.name === wanted);
  if (!task) return false;
  if ('claim' in step) await host.send({ type: 'claim', task: task.id, user: step.user });
  else
    await host.send({ type: 'complete', task: task.id, ...outputOf(step), ...(step.user ? { user: step.user } : {}) });
  return true;
}

function outputOf({ output }: { readonly output?: RunOutcome['variables'][string] }): {
  readonly output?: RunOutcome['variables'][string];
} {
  return output === undefined ? {} : { output };
}

/** Of an activity that is under way. */
function tokenOf(view: InstanceView, activity: string): string | undefined {
  const { state, token } = view.activities[activity] ?? {};
  return state === 'running' || state === 'ready' || state === 'failed' ? token : undefined;
}

function outcomeOf(view: InstanceView): Omit<RunOutcome, 'trace' | 'left' | 'refused'> {
  const { status, output, failure, variables, tasks, waits } = view;
  return {
    outcome: status === 'running' ? 'waiting' : status,
    variables,
    tasks,
    waits,
    ...(output ? { output } : {}),
    ...(failure ? { failure } : {}),
  };
}

function registryOf({ implementations, stub }: RunFlowOptions): Registry {
  const known: Implementations = {
    log: createLogImplementation(() => {}),
    // A stubbed run reaches nobody.
    ...(stub ? {} : { http: createHttpImplementation() }),
    ...implementations,
  };
  const registry = createRegistry(known);
  if (!stub) return registry;
  return { ...registry, resolve: (name) => (known[name] ? registry.resolve(name) : stubbed) };
}

/** It can take part in transactions too. */
const stubbed = invocable({ prepare: () => null, commit: () => {}, rollback: () => {} });

/** For `trace` filters: the activities that completed, in order, boundary events as `activity.event`. */
export function completedIn(trace: readonly TraceEvent[]): readonly string[] {
  return trace.filter((event) => event.state === 'completed').map((event) => event.activity);
}
