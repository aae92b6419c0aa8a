// FLOW-W501: two activities that may run at the same time write one variable, so that the slower one decides.
import type { Diagnostic } from '../model/index.js';
import { immediateDominators } from './dominators.js';
import { successorsOf } from './layout.js';
import type { Plan } from './plan.js';

const START = '(start)';
/** Pairs looked at per variable; one that everybody writes is reported by its first pairs. */
const MOST_PAIRS = 200;

export function checkWrites(plan: Plan): Diagnostic[] {
  const writers = new Map<string, string[]>();
  for (const { id, definition, loop } of Object.values(plan.activities)) {
    const collects = loop?.kind === 'forEach' && loop.collect !== undefined ? [loop.collect] : [];
    for (const name of new Set([...Object.keys(definition.output ?? {}), ...collects]))
      writers.set(name, [...(writers.get(name) ?? []), id]);
  }
  const together = mayRunTogether(plan);
  const found: Diagnostic[] = [];
  for (const [name, ids] of writers) {
    let pairs = 0;
    for (let i = 0; i < ids.length && pairs < MOST_PAIRS; i++) {
      for (let j = i + 1; j < ids.length && pairs < MOST_PAIRS; j++, pairs++) {
        if (!together(ids[i]!, ids[j]!)) continue;
        found.push({
          code: 'FLOW-W501',
          severity: 'warning',
          ids: [ids[i]!, ids[j]!],
          message: `"${ids[i]}" and "${ids[j]}" may run at the same time and both write the variable "${name}".`,
          suggestion: 'let each write a variable of its own and bring them together after the join',
        });
      }
    }
  }
  return found;
}

/** Whether two activities lie on different branches of a parallel split: the last activity that leads to both decides. */
function mayRunTogether(plan: Plan): (a: string, b: string) => boolean {
  const trees = new Map<string, Map<string, string>>();
  const treeOf = (body: string): Map<string, string> => {
    let tree = trees.get(body);
    if (!tree) {
      const { starts } = plan.bodies[body]!;
      const successors = (id: string): readonly string[] =>
        id === START ? starts : successorsOf(plan.activities[id]!);
      trees.set(body, (tree = immediateDominators({ root: START, successors })));
    }
    return tree;
  };
  const above = (tree: Map<string, string>, id: string): string[] => {
    const path = [id];
    for (let d = tree.get(id); d !== undefined; d = tree.get(d)) path.push(d);
    return path;
  };
  return (a, b) => {
    const [x, y] = inOneBody(plan, a, b) ?? [];
    if (x === undefined || y === undefined || x === y) return false;
    const tree = treeOf(plan.activities[x]!.body);
    // What stands aside is not in the tree.
    if (!tree.has(x) || !tree.has(y)) return false;
    const [ways, others] = [above(tree, x), new Set(above(tree, y))];
    const fork = ways.find((id) => others.has(id))!;
    if (fork === x || fork === y) return false;
    return isParallel(plan, fork, plan.activities[x]!.body) && !leadsTo(plan, x, y) && !leadsTo(plan, y, x);
  };
}

function isParallel(plan: Plan, fork: string, body: string): boolean {
  if (fork === START) return plan.bodies[body]!.starts.length > 1;
  const { split, outgoing, boundaries } = plan.activities[fork]!;
  if (boundaries.some((b) => !b.interrupting && b.outgoing.length > 0)) return true;
  if (split === 'xor') return false;
  // One default beside one condition is a choice.
  const free = outgoing.filter((c) => !c.isDefault);
  return free.length > 1 || (free.length === 1 && free[0]!.condition === undefined && outgoing.length > 1);
}

/** The two, or the subflows around them that lie in the same body. */
function inOneBody(plan: Plan, a: string, b: string): readonly [string, string] | undefined {
  const around = (id: string): string[] => {
    const path: string[] = [];
    for (let at = plan.activities[id]; at; at = plan.activities[at.body]) path.push(at.id);
    return path;
  };
  const others = around(b);
  for (const x of around(a)) {
    const y = others.find((id) => plan.activities[id]!.body === plan.activities[x]!.body);
    if (y !== undefined) return [x, y];
  }
  return undefined;
}

function leadsTo(plan: Plan, from: string, to: string): boolean {
  const most = plan.activities[to]!.rank;
  const seen = new Set<string>();
  const open = [...successorsOf(plan.activities[from]!)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id) || plan.activities[id]!.rank > most) continue;
    seen.add(id);
    open.push(...successorsOf(plan.activities[id]!));
  }
  return false;
}
