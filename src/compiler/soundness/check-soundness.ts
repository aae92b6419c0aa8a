// FLOW-E301 to E306 and W330: whether every body, whatever its conditions give, comes to an end without a join that waits for
// ever (deadlock) or an activity that runs several times where it was meant to run once (lack of synchronisation). Sound in
// the sense of van der Aalst ("The application of Petri nets to workflow management", 1998), with implicit termination.
import type { Diagnostic } from '../../model/index.js';
import type { Plan, PlannedActivity } from '../plan.js';
import { explore, type Fault } from './explore.js';
import { findCycles, type Cycle } from './cycles.js';
import { reduce, type Mismatch } from './reduce.js';
import { hasLoneConditions, workflowGraph, type Edge, type WorkflowGraph } from './workflow-graph.js';

/** The plan must have passed `checkReachability`. */
export function checkSoundness(plan: Plan): Diagnostic[] {
  return Object.keys(plan.bodies).flatMap((body) => checkBody(plan, body));
}

interface Finding {
  readonly kind: Fault['kind'];
  /** Where it shows. */
  readonly at: string;
  /** The split that causes it, if one does. */
  readonly cause?: string;
  /** Connectors concerned. */
  readonly connectors: readonly string[];
  readonly path: readonly string[];
}

function checkBody(plan: Plan, body: string): Diagnostic[] {
  const cycles = findCycles(plan, body);
  const found = checkGraph(plan, body, cycles, workflowGraph(plan, body));
  // What only a condition of its own can bring about is told, and does not keep the flow from running.
  if (found.length === 0 && hasLoneConditions(plan, body))
    for (const d of checkGraph(plan, body, cycles, workflowGraph(plan, body, 'free')))
      found.push({ ...d, severity: 'warning' });
  return [...found, ...cycles.flatMap((c) => cycleFaults(plan, c))];
}

function checkGraph(plan: Plan, body: string, cycles: readonly Cycle[], graph: WorkflowGraph): Diagnostic[] {
  const findings: Finding[] = reduce(graph).map((m) => findingOf(plan, body, m));
  const rest = [...graph.nodes].some((n) => n.kind === 'split' || n.kind === 'join');
  const exploration = rest ? explore(graph) : { faults: [], complete: true };
  for (const fault of exploration.faults) findings.push(exploredFinding(plan, fault));
  const found = distinct(findings).map((f) => diagnosticOf(plan, f, cycles));
  if (!exploration.complete && found.length === 0) {
    found.push({
      code: 'FLOW-W330',
      severity: 'warning',
      ids: [body || plan.flow.flow],
      message: `Whether ${body === '' ? `the flow "${plan.flow.flow}"` : `the subflow "${body}"`} always comes to an end could not be decided: it has too many possible states.`,
      suggestion: 'put parts of it into subflows, or gather parallel branches in joins of their own',
    });
  }
  return found;
}

function findingOf(plan: Plan, body: string, { kind, split, join, via }: Mismatch): Finding {
  const path = [...wayTo(plan, plan.bodies[body]!.starts, split.activity)];
  const last = wayTo(plan, [split.activity], join.activity).slice(1);
  const entering = new Set(plan.activities[join.activity]!.incoming.map((c) => c.id));
  const connectors = via.filter((id) => entering.has(id));
  return { kind, at: join.activity, cause: split.activity, connectors, path: [...path, ...last] };
}

function exploredFinding(plan: Plan, { kind, node, edges, path }: Fault): Finding {
  return {
    kind,
    at: node.activity,
    connectors: edges.flatMap((e) => e.via.slice(-1)),
    path: activitiesAlong(plan, path),
  };
}

/** What the connectors of a run lead to, in order. */
function activitiesAlong(plan: Plan, path: readonly Edge[]): string[] {
  const targets = new Map<string, string>();
  for (const a of Object.values(plan.activities)) for (const c of a.incoming) targets.set(c.id, a.id);
  const found = new Set<string>();
  for (const edge of path) {
    if (edge.from.activity !== '') found.add(edge.from.activity);
    for (const id of edge.via) {
      const target = targets.get(id);
      if (target !== undefined) found.add(target);
    }
  }
  return [...found];
}

function distinct(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const f of findings) if (!byPlace.has(`${f.kind} ${f.at}`)) byPlace.set(`${f.kind} ${f.at}`, f);
  return [...byPlace.values()];
}

function diagnosticOf(plan: Plan, finding: Finding, cycles: readonly Cycle[]): Diagnostic {
  const { at, cause, connectors, path } = finding;
  const ids = [...new Set([at, ...(cause === undefined ? [] : [cause]), ...connectors])];
  const { name, join } = plan.activities[at]!;
  const around = cycles.find((c) => c.members.has(at) || (cause !== undefined && c.members.has(cause)));
  const common = { severity: 'error', ids, path } as const;
  if (around && isParallelInside(plan, around)) {
    if (around.entries.length > 1)
      return {
        code: 'FLOW-E306',
        ...common,
        message: `The cycle through "${name}" is entered at ${listed(around.entries)} and runs parallel branches: they get in each other's way.`,
        suggestion: 'let the cycle be entered at one activity',
      };
    return {
      code: 'FLOW-E303',
      ...common,
      message: `A connector goes back from a parallel branch to before its split, at "${name}": the branch would run again beside itself.`,
      suggestion: 'gather the branches in a join before going back',
    };
  }
  if (finding.kind === 'deadlock') {
    const sends = cause === undefined ? '' : `, but "${plan.activities[cause]!.name}" does not send a token to each`;
    return {
      code: 'FLOW-E301',
      ...common,
      severity: plan.flow.deadlocks === 'fail' && !isCertain(plan, finding) ? 'warning' : 'error',
      message: `The join "${name}" can wait for ever${connectors.length > 0 ? `: it needs ${listed(connectors)}` : ''}${sends}.`,
      suggestion:
        join === 'or' ? 'let it wait for fewer branches' : 'use "join": "or", which ignores what cannot come any more',
    };
  }
  return {
    code: 'FLOW-E302',
    ...common,
    message: `"${name}" can run several times, because parallel paths come to it without being joined.`,
    suggestion: 'use "join": "or" or "and", or say "multiMerge": true if that is meant',
  };
}

/** Whether every run that comes to the split gets stuck at the join: one token goes out of it, and all are waited for. */
function isCertain(plan: Plan, { at, cause }: Finding): boolean {
  return cause !== undefined && plan.activities[cause]!.split === 'xor' && plan.activities[at]!.join === 'and';
}

/** FLOW-E304 and E305: cycles that nothing leaves, or in which nothing is ever done. */
function cycleFaults(plan: Plan, { members, exits, idle }: Cycle): Diagnostic[] {
  const ids = [...members];
  if (exits.length === 0) {
    return [
      {
        code: 'FLOW-E304',
        severity: 'error',
        ids,
        message: `Nothing leaves the loop of ${listed(ids)}.`,
        suggestion: 'add a connector that leaves it, with a condition',
      },
    ];
  }
  if (idle.length === 0) return [];
  return [
    {
      code: 'FLOW-E305',
      severity: 'error',
      ids: idle,
      message: `The loop of ${listed(idle)} does nothing and waits for nothing, so that it cannot come to another decision.`,
      suggestion: 'put an activity into it, for example a wait',
    },
  ];
}

function isParallelInside(plan: Plan, { members }: Cycle): boolean {
  const inside = ({ outgoing, boundaries }: PlannedActivity): number =>
    [...outgoing, ...boundaries.flatMap((b) => b.outgoing)].filter((c) => members.has(c.to)).length;
  return [...members].some((id) => {
    const a = plan.activities[id]!;
    const parallel = (a.split !== 'xor' && a.outgoing.length > 1) || a.boundaries.some((b) => !b.interrupting);
    return parallel && inside(a) > 0;
  });
}

/** A shortest way through the flow. */
function wayTo(plan: Plan, from: readonly string[], to: string): string[] {
  const before = new Map<string, string | undefined>(from.map((id) => [id, undefined]));
  const open = [...from];
  for (let i = 0; i < open.length && !(before.has(to) && (i > 0 || !from.includes(to))); i++) {
    const { outgoing, boundaries } = plan.activities[open[i]!]!;
    for (const c of [...outgoing, ...boundaries.flatMap((b) => b.outgoing)]) {
      if (before.has(c.to)) continue;
      before.set(c.to, open[i]);
      open.push(c.to);
    }
  }
  const path: string[] = [];
  for (let id: string | undefined = to; id !== undefined; id = before.get(id)) path.push(id);
  return path.reverse();
}

function listed(ids: readonly string[]): string {
  const quoted = ids.slice(0, 4).map((id) => `"${id}"`);
  return ids.length > 4 ? `${quoted.join(', ')} and ${ids.length - 4} more` : quoted.join(', ');
}
