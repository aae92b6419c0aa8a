// Explores the markings of what could not be reduced. Each edge has one consumer, so of the nodes that can fire it is enough
// to follow one, the lowest in rank, through all its choices, together with those on which it depends (persistent sets:
// Godefroid, 1996); tokens that have come to rest stay, so that a second one on the same way is noticed.
import type { Edge, Node, WorkflowGraph } from './workflow-graph.js';

/** Markings looked at before the question is left open. */
export const MARKINGS = 20_000;
const WIDEST_CHOICE = 10;

export interface Fault {
  readonly kind: 'deadlock' | 'unsynchronised';
  /** The join that waits for ever; or where a second token came. */
  readonly node: Node;
  /** Its incoming edges that stay empty; or the edge that holds two tokens. */
  readonly edges: readonly Edge[];
  /** Edges taken, from the start on. */
  readonly path: readonly Edge[];
}

export interface Exploration {
  readonly faults: readonly Fault[];
  /** False: the budget was used up, and there may be more. */
  readonly complete: boolean;
}

interface Marking {
  readonly tokens: ReadonlySet<Edge>;
  /** Partial joins that have fired → arrivals still to be swallowed. */
  readonly late: ReadonlyMap<Node, number>;
  readonly before?: Marking;
  readonly taken: readonly Edge[];
}

export function explore(graph: WorkflowGraph): Exploration {
  const start = [...graph.nodes].find((n) => n.kind === 'start')!;
  const rank = graph.ranks();
  const reaches = reachability();
  const racesFrom = racesIn(graph);
  const faults = new Map<Node, Fault>();
  const first: Marking = { tokens: new Set(start.outs), late: new Map(), taken: [...start.outs] };
  const seen = new Set([keyOf(first)]);
  const open: Marking[] = [first];
  let complete = true;
  for (let marking = open.pop(); marking; marking = open.pop()) {
    const enabled = enabledIn(marking, rank, reaches, racesFrom);
    if (enabled.length === 0) {
      const stuck = stuckAt(marking);
      if (stuck && !faults.has(stuck.node)) faults.set(stuck.node, stuck);
    }
    for (const { node, consumed } of enabled) {
      const next = fire(marking, node, consumed, reaches);
      complete &&= next !== undefined;
      for (const m of next ?? []) {
        if ('twice' in m) {
          const at = m.twice.to.kind === 'sink' ? node : m.twice.to;
          const path = pathTo(marking);
          if (!faults.has(at)) faults.set(at, { kind: 'unsynchronised', node: at, edges: [m.twice], path });
        } else if (!seen.has(keyOf(m))) {
          seen.add(keyOf(m));
          open.push(m);
        }
      }
    }
    if (seen.size > MARKINGS) return { faults: [...faults.values()], complete: false };
  }
  return { faults: [...faults.values()], complete };
}

function keyOf({ tokens, late }: Marking): string {
  const edges = [...tokens].map((e) => e.id).sort((a, b) => a - b);
  return `${edges.join(',')}|${[...late].map(([n, k]) => `${n.id}:${k}`).join(',')}`;
}

function pathTo(marking: Marking): Edge[] {
  const path: Edge[][] = [];
  for (let m: Marking | undefined = marking; m; m = m.before) path.push([...m.taken]);
  return path.reverse().flat();
}

interface Firing {
  readonly node: Node;
  readonly consumed: readonly Edge[];
  /** It need not wait for a token that could still come; what happens depends on which is first. */
  readonly hasty?: boolean;
}

/**
 * The node of lowest rank that can fire, inclusive and partial joins last, since others may still add to what they take;
 * besides, every inclusive join that may fire before a token that could still come to it, and all that race with one of these.
 */
function enabledIn(
  { tokens, late }: Marking,
  rank: ReadonlyMap<Node, number>,
  reaches: Reaches,
  racesFrom: (edge: Edge) => ReadonlySet<Node>,
): readonly Firing[] {
  const firings: Firing[] = [];
  let best: Firing | undefined;
  let lowest = Infinity;
  for (const node of new Set([...tokens].map((e) => e.to))) {
    if (node.kind === 'sink') continue;
    const firing = firingOf(node, tokens, late, reaches);
    if (!firing) continue;
    firings.push(firing);
    const patient = node.kind === 'join' && node.gate !== 'xor' && node.gate !== 'and';
    const order = rank.get(node)! + (patient ? 1e9 : 0);
    if (order < lowest) [best, lowest] = [firing, order];
  }
  if (!best) return [];
  const followed = new Set([best]);
  for (const one of followed) {
    const races = one.consumed.flatMap((e) => [...racesFrom(e)]);
    for (const other of firings) {
      if (other.hasty || other.consumed.some((e) => races.some((join) => racesFrom(e).has(join)))) followed.add(other);
    }
  }
  return [...followed];
}

/**
 * The inclusive joins in cycles to which a token on an edge can come. Such a join may start before a token that could come round
 * as well, so it matters which of two tokens moves first that both can come to it.
 */
function racesIn(graph: WorkflowGraph): (edge: Edge) => ReadonlySet<Node> {
  const joins = [...graph.cyclic()].filter((n) => n.kind === 'join' && n.gate === 'or');
  const before = new Map(joins.map((join) => [join, edgesBefore(join)]));
  const known = new Map<Edge, ReadonlySet<Node>>();
  return (edge) => {
    let races = known.get(edge);
    if (!races) known.set(edge, (races = new Set(joins.filter((join) => before.get(join)!.has(edge)))));
    return races;
  };
}

function edgesBefore(join: Node): ReadonlySet<Edge> {
  const found = new Set<Edge>();
  const open = [...join.ins];
  for (let edge = open.pop(); edge; edge = open.pop()) {
    if (found.has(edge)) continue;
    found.add(edge);
    open.push(...edge.from.ins);
  }
  return found;
}

function firingOf(
  node: Node,
  tokens: ReadonlySet<Edge>,
  late: ReadonlyMap<Node, number>,
  reaches: Reaches,
): Firing | undefined {
  const filled = [...node.ins].filter((e) => tokens.has(e));
  if (node.kind !== 'join' || node.gate === 'xor' || late.has(node)) return { node, consumed: filled.slice(0, 1) };
  const all = { node, consumed: filled };
  if (filled.length === node.ins.size) return all;
  if (node.gate === 'and') return undefined;
  if (typeof node.gate === 'object') return filled.length >= node.gate.n ? all : undefined;
  const empty = [...node.ins].filter((e) => !filled.includes(e));
  let hasty = false;
  for (const token of tokens) {
    if (token.to === node) continue;
    const reached = reaches(node, token);
    if (!empty.some((e) => reached.has(e))) continue;
    if (!filled.some((e) => reached.has(e))) return undefined;
    hasty = true;
  }
  return { ...all, hasty };
}

/** The markings that follow, or the edge that would hold two tokens. Undefined: too many choices to list. */
function fire(
  marking: Marking,
  node: Node,
  consumed: readonly Edge[],
  reaches: Reaches,
): (Marking | { readonly twice: Edge })[] | undefined {
  const rest = new Set(marking.tokens);
  for (const edge of consumed) rest.delete(edge);
  const late = new Map(marking.late);
  const waiting = late.get(node);
  if (waiting !== undefined) {
    if (waiting > 1) late.set(node, waiting - 1);
    else late.delete(node);
    return [{ tokens: rest, late, before: marking, taken: [] }];
  }
  if (node.kind === 'last') return [{ tokens: new Set(), late: new Map(), before: marking, taken: [] }];
  if (typeof node.gate === 'object' && node.kind === 'join') {
    const missing = node.ins.size - consumed.length;
    if (missing > 0 && !node.gate.cancelRemaining) late.set(node, missing);
    if (node.gate.cancelRemaining) {
      for (const token of rest)
        if (token.to !== node && [...reaches(node, token)].some((e) => !consumed.includes(e))) rest.delete(token);
    }
  }
  const choices = choicesOf(node);
  return choices?.map((outs) => {
    const twice = outs.find((e) => rest.has(e));
    if (twice) return { twice };
    const kept = outs.filter((e) => e.to.kind !== 'nothing');
    return { tokens: new Set([...rest, ...kept]), late, before: marking, taken: outs };
  });
}

function choicesOf(node: Node): readonly (readonly Edge[])[] | undefined {
  const outs = [...node.outs];
  if (node.kind !== 'split' || node.gate === 'and') return [outs];
  if (node.gate === 'xor') return outs.map((e) => [e]);
  if (outs.length > WIDEST_CHOICE) return undefined;
  const subsets: Edge[][] = [];
  for (let bits = 1; bits < 1 << outs.length; bits++) subsets.push(outs.filter((_, i) => bits & (1 << i)));
  return subsets;
}

/** Nothing can fire: fine when all tokens rest. */
function stuckAt(marking: Marking): Fault | undefined {
  for (const { to: node } of marking.tokens) {
    if (node.kind === 'sink') continue;
    const edges = [...node.ins].filter((e) => !marking.tokens.has(e));
    return { kind: 'deadlock', node, edges, path: pathTo(marking) };
  }
  return undefined;
}

/** The incoming edges of a join to which a token on an edge can come without passing the join. */
type Reaches = (join: Node, token: Edge) => ReadonlySet<Edge>;

function reachability(): Reaches {
  const known = new Map<Node, Map<Edge, ReadonlySet<Edge>>>();
  return (join, token) => {
    let ofJoin = known.get(join);
    if (!ofJoin) known.set(join, (ofJoin = new Map()));
    let reached = ofJoin.get(token);
    if (!reached) {
      const found = new Set<Edge>();
      const seen = new Set([token]);
      const open = [token];
      for (let edge = open.pop(); edge; edge = open.pop()) {
        if (edge.to === join) {
          found.add(edge);
          continue;
        }
        for (const out of edge.to.outs) {
          if (seen.has(out)) continue;
          seen.add(out);
          open.push(out);
        }
      }
      ofJoin.set(token, (reached = found));
    }
    return reached;
  };
}
