// Definition → checked plan → machine configuration. All diagnostics are collected; errors are thrown together.
import {
  FlowDefinitionError,
  hasErrors,
  sortDiagnostics,
  stopsAFlow,
  type Diagnostic,
  type FlowDefinition,
} from '../model/index.js';
import { validateDefinition } from '../model/validate-definition.js';
import { groupAtomicSpheres } from './atomic-groups.js';
import { checkCalls } from './check-calls.js';
import { checkExpressions } from './check-expressions.js';
import { checkEnvironments } from './check-environments.js';
import { checkIndexed } from './check-indexed.js';
import { checkInitialValues } from './check-initial.js';
import { checkKind } from './check-kind.js';
import { checkReachability } from './check-reachability.js';
import { checkSpheres } from './check-spheres.js';
import { checkStructure } from './check-structure.js';
import { checkWrites } from './check-writes.js';
import { contentHash } from './content-hash.js';
import { emitMachine, type MachineConfig } from './emit-machine.js';
import type { Region } from './layout.js';
import { planFlow, type Plan } from './plan.js';
import { checkSoundness } from './soundness/check-soundness.js';

/** A definition that is ready to run. Everything in it follows from `definition` alone. */
export interface CompiledFlow {
  readonly definition: FlowDefinition;
  /** Content hash of the definition; running instances are pinned to it. */
  readonly hash: string;
  /** Warnings, and the errors with which a flow can still run; with others it does not compile. */
  readonly diagnostics: readonly Diagnostic[];
  readonly plan: Plan;
  /** Configuration of the XState v5 machine: plain JSON. */
  readonly machine: MachineConfig;
  /** Per body (`""` = the flow's own), how its activities are laid out in machine states. */
  readonly layouts: Readonly<Record<string, Region>>;
}

const cache = new Map<string, CompiledFlow>();
const CACHE_SIZE = 200;

/** Compiles a definition, or throws `FlowDefinitionError` with every fault found. Cached by content hash. */
export async function compile(data: unknown): Promise<CompiledFlow> {
  const { flow, diagnostics } = await check(data);
  const hash = flow && contentHash(flow);
  if (!flow || hash === undefined || stopsAFlow(diagnostics)) throw new FlowDefinitionError(nameOf(data), diagnostics);
  const cached = cache.get(hash);
  if (cached) return cached;
  const compiled = emit(flow, hash, diagnostics);
  cache.set(hash, compiled);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!);
  return compiled;
}

/** All diagnostics of a definition, errors first; never throws. */
export async function checkDefinition(data: unknown): Promise<readonly Diagnostic[]> {
  return (await check(data)).diagnostics;
}

async function check(data: unknown): Promise<{ flow?: FlowDefinition; diagnostics: readonly Diagnostic[] }> {
  const { definition: flow, diagnostics: shape } = validateDefinition(data);
  if (!flow || hasErrors(shape)) return { diagnostics: sortDiagnostics(shape) };
  const known = cache.get(contentHash(flow));
  if (known) return { flow, diagnostics: known.diagnostics };
  const grouped = groupAtomicSpheres(flow);
  const structure = checkStructure(grouped);
  const deeper = hasErrors(structure) ? [] : checkPlan(planFlow(grouped));
  const diagnostics = [
    ...shape,
    ...structure,
    ...deeper,
    ...checkKind(flow),
    ...(await checkEnvironments(flow)),
    ...checkSpheres(flow),
    ...(await checkExpressions(flow)),
    ...(await checkInitialValues(flow)),
    ...checkIndexed(flow),
  ];
  return { flow, diagnostics: sortDiagnostics(flow.deadlocks === 'fail' ? diagnostics.map(endless) : diagnostics) };
}

/** BPMN lets a process go on for ever; what turns in a circle without a wait is stopped when it runs. */
const ENDLESS: ReadonlySet<string> = new Set(['FLOW-E105', 'FLOW-E304', 'FLOW-E305']);

function endless(diagnostic: Diagnostic): Diagnostic {
  return ENDLESS.has(diagnostic.code) ? { ...diagnostic, severity: 'warning' } : diagnostic;
}

function checkPlan(plan: Plan): Diagnostic[] {
  const reachability = checkReachability(plan);
  // An activity that is never reached would hide what else is wrong.
  if (reachability.some((d) => d.code !== 'FLOW-E105')) return reachability;
  return [...reachability, ...checkSoundness(plan), ...checkWrites(plan), ...checkCalls({ plan })];
}

function emit(definition: FlowDefinition, hash: string, diagnostics: readonly Diagnostic[]): CompiledFlow {
  const bare = planFlow(groupAtomicSpheres(definition));
  const { config, containers, layouts } = emitMachine(bare);
  const activities = Object.fromEntries(
    Object.entries(bare.activities).map(([id, a]) => [id, { ...a, containers: containers.get(id) ?? [] }]),
  );
  return { definition, hash, diagnostics, plan: { ...bare, activities }, machine: config, layouts };
}

function nameOf(data: unknown): string {
  const name = (data as { flow?: unknown } | null | undefined)?.flow;
  return typeof name === 'string' ? name : '(unnamed)';
}
