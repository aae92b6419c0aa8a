// Reduces a workflow graph while that keeps its soundness (Sadiq, Orlowska, "Analyzing process models using graph reduction
// techniques", 2000, with loops and inclusive gateways). A block-structured body comes down to nothing; what is left of
// others is explored.
import type { Edge, Node, WorkflowGraph } from './workflow-graph.js';

/** A fault that a rule has found at once: this split into that join. */
export interface Mismatch {
  readonly kind: 'deadlock' | 'unsynchronised';
  readonly split: Node;
  readonly join: Node;
  readonly via: readonly string[];
}

/** Reduces in place; the mismatches are merged too, so that more can be found behind them. */
export function reduce(graph: WorkflowGraph): readonly Mismatch[] {
  const found: Mismatch[] = [];
  const rules = rulesFor(graph);
  const open = [...graph.nodes];
  const look = (...nodes: Node[]): void => void open.push(...nodes);
  for (let node = open.pop(); node; node = open.pop()) {
    if (!graph.nodes.has(node)) continue;
    if (passes(node)) bypass(graph, node, look);
    else if (node.kind === 'split') reduceSplit(graph, node, rules, found, look);
    // Inclusive joins of one cycle may wait for each other, which one join would not.
    else if (node.kind === 'join' && !(node.gate === 'or' && rules.cyclic.has(node))) reduceJoin(graph, node, look);
  }
  return found;
}

interface Rules {
  readonly cyclic: ReadonlySet<Node>;
  /**
   * There are inclusive joins in cycles. One of them may start before a token that could come round the cycle as well
   * (BPMN 2.0.2, 13.4.3), so what happens between two parallel splits can matter, and they are not one.
   */
  readonly isDelicate: boolean;
}

function rulesFor(graph: WorkflowGraph): Rules {
  const cyclic = graph.cyclic();
  return { cyclic, isDelicate: [...cyclic].some((n) => n.kind === 'join' && n.gate === 'or') };
}

function passes(node: Node): boolean {
  if (node.ins.size !== 1 || node.outs.size !== 1) return false;
  if (typeof node.gate === 'object' && node.gate.n > 1) return false;
  const [into] = node.ins;
  const [out] = node.outs;
  // A closed circle cannot be reduced further.
  return (
    (node.kind === 'pass' || node.kind === 'split' || node.kind === 'join') && into!.from !== node && out!.to !== node
  );
}

function bypass(graph: WorkflowGraph, node: Node, look: (...nodes: Node[]) => void): void {
  const [into] = node.ins;
  const [out] = node.outs;
  graph.remove(node);
  graph.connect(into!.from, out!.to, [...into!.via, ...out!.via]);
  look(into!.from, out!.to);
}

function reduceSplit(
  graph: WorkflowGraph,
  split: Node,
  rules: Rules,
  found: Mismatch[],
  look: (...nodes: Node[]) => void,
): void {
  // A token that goes to rest concerns nobody: a parallel split can do without, unless it may send a second one there; and
  // ends of one choice are one.
  const resting = [...split.outs].filter((e) => e.to.kind === 'sink');
  const isOnce = split.gate === 'and' && !rules.cyclic.has(split);
  const spare = isOnce && resting.length < split.outs.size ? resting : resting.slice(1);
  for (const edge of spare) {
    graph.remove(edge.to);
    look(split);
  }
  // Of the ends of one choice, the one that notices a second token says all.
  const vanishing = split.gate === 'xor' ? [...split.outs].filter((e) => e.to.kind === 'nothing') : [];
  for (const edge of resting.length > 0 ? vanishing : vanishing.slice(1)) {
    graph.remove(edge.to);
    look(split);
  }
  if (!rules.isDelicate && split.gate === 'and') dropOptional(graph, split, rules, look);
  const byTarget = new Map<Node, Edge[]>();
  for (const edge of split.outs) byTarget.set(edge.to, [...(byTarget.get(edge.to) ?? []), edge]);
  for (const [target, edges] of byTarget) {
    const isOneStep = split.gate === 'xor' || !rules.isDelicate;
    if (
      isOneStep &&
      target.kind === 'split' &&
      target.gate === split.gate &&
      target !== split &&
      target.ins.size === 1
    ) {
      const via = edges[0]!.via;
      const outs = [...target.outs];
      graph.remove(target);
      for (const out of outs) graph.connect(split, out.to, [...via, ...out.via]);
      look(split);
      return;
    }
    if (target.kind !== 'join') continue;
    if (isLoop(split, target, edges)) {
      for (const edge of edges) graph.cut(edge);
      look(split, target);
      return;
    }
    if (edges.length > 1 && mergeable(graph, split, target, edges, found)) {
      look(split, target);
      return;
    }
  }
}

/** An inclusive join that a parallel split reaches anyway, or perhaps already, gains nothing from another way that it perhaps takes. */
function dropOptional(graph: WorkflowGraph, split: Node, rules: Rules, look: (...nodes: Node[]) => void): void {
  const reached = new Set([...split.outs].map((e) => e.to).filter(isInclusive));
  for (const { to: perhaps } of [...split.outs]) {
    if (perhaps.kind !== 'split' || perhaps.gate !== 'xor' || perhaps.ins.size !== 1 || perhaps.outs.size !== 2)
      continue;
    const [nothing, ahead] = [...perhaps.outs].sort((a) => (a.to.kind === 'nothing' ? -1 : 1));
    if (nothing!.to.kind !== 'nothing' || !isInclusive(ahead!.to) || rules.cyclic.has(ahead!.to)) continue;
    if (!reached.has(ahead!.to)) {
      reached.add(ahead!.to);
      continue;
    }
    graph.remove(nothing!.to);
    graph.remove(perhaps);
    look(split, ahead!.to);
  }
}

function isInclusive(node: Node): boolean {
  return node.kind === 'join' && node.gate === 'or';
}

/** A loop that does nothing else: what comes back by choice meets what comes in by choice. */
function isLoop(split: Node, join: Node, back: readonly Edge[]): boolean {
  if (split.gate !== 'xor' || (join.gate !== 'xor' && join.gate !== 'or')) return false;
  const [ahead] = join.outs;
  if (ahead!.to !== split || split.outs.size === back.length || join.ins.size === back.length) return false;
  // An inclusive join in a larger cycle may have to wait for what comes round that one.
  return join.gate === 'xor' || !comesBack(split, join);
}

/** Whether there is another way back than the direct one. */
function comesBack(split: Node, join: Node): boolean {
  const seen = new Set<Node>([split]);
  const open = [...split.outs].map((e) => e.to).filter((n) => n !== join);
  for (let node = open.pop(); node; node = open.pop()) {
    if (node === join) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const { to } of node.outs) open.push(to);
  }
  return false;
}

/** Several edges from one split to one join: one edge, if the join takes them the way the split gives them. */
function mergeable(graph: WorkflowGraph, split: Node, join: Node, edges: readonly Edge[], found: Mismatch[]): boolean {
  const partial = typeof join.gate === 'object';
  if (partial && edges.length < join.ins.size) return false;
  const via = edges.flatMap((e) => e.via);
  if (partial) {
    const { n } = join.gate as { n: number };
    if (split.gate === 'or' || n > edges.length) return false;
    if (split.gate === 'xor' && n > 1) found.push({ kind: 'deadlock', split, join, via });
  } else if (join.gate === 'xor' && split.gate !== 'xor') {
    found.push({ kind: 'unsynchronised', split, join, via });
  } else if (join.gate === 'and' && split.gate !== 'and') {
    found.push({ kind: 'deadlock', split, join, via });
  }
  for (const edge of edges) graph.cut(edge);
  graph.connect(split, join, via);
  return true;
}

/** A join whose token goes straight into a join of the same kind is part of that one. */
function reduceJoin(graph: WorkflowGraph, join: Node, look: (...nodes: Node[]) => void): void {
  const [out] = join.outs;
  const next = out?.to;
  if (!next || next === join || next.kind !== 'join' || next.gate !== join.gate || typeof join.gate === 'object')
    return;
  if ([...join.ins].some((e) => e.from === next)) return;
  const ins = [...join.ins];
  graph.remove(join);
  for (const into of ins) graph.connect(into.from, next, [...into.via, ...out.via]);
  look(next, ...ins.map((e) => e.from));
}
