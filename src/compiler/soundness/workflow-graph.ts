// The workflow graph of a body: what soundness is decided on. Every activity becomes a join, its work, and its splits, each a
// node of one kind; conditions are taken for free choices. Edges hold the tokens.
import { ranksOf } from '../rank.js';
import type { BodyId, Plan, PlannedActivity, PlannedConnector } from '../plan.js';

export type Gate = 'xor' | 'and' | 'or' | { readonly n: number; readonly cancelRemaining: boolean };

export interface Node {
  readonly id: number;
  /** `sink`: where tokens rest for ever; `last`: which ends everything else; `nothing`: a choice not to have one. */
  readonly kind: 'start' | 'pass' | 'split' | 'join' | 'sink' | 'last' | 'nothing';
  readonly gate: Gate;
  readonly activity: string;
  readonly ins: Set<Edge>;
  readonly outs: Set<Edge>;
}

export interface Edge {
  readonly id: number;
  readonly from: Node;
  readonly to: Node;
  /** Connectors and boundary events that it stands for. */
  readonly via: readonly string[];
}

export class WorkflowGraph {
  readonly nodes = new Set<Node>();
  #next = 0;

  add(kind: Node['kind'], gate: Gate, activity: string): Node {
    const node: Node = { id: this.#next++, kind, gate, activity, ins: new Set(), outs: new Set() };
    this.nodes.add(node);
    return node;
  }

  connect(from: Node, to: Node, via: readonly string[] = []): Edge {
    const edge: Edge = { id: this.#next++, from, to, via };
    from.outs.add(edge);
    to.ins.add(edge);
    return edge;
  }

  cut(edge: Edge): void {
    edge.from.outs.delete(edge);
    edge.to.ins.delete(edge);
  }

  /** Tokens come to a node from lower ranks only, or from its own in a cycle. */
  ranks(): ReadonlyMap<Node, number> {
    const byId = new Map([...this.nodes].map((n) => [String(n.id), n]));
    const ranks = ranksOf([...byId.keys()], (id) => [...byId.get(id)!.outs].map((e) => String(e.to.id)));
    return new Map([...ranks].map(([id, rank]) => [byId.get(id)!, rank]));
  }

  /** The nodes that lie in cycles. */
  cyclic(): ReadonlySet<Node> {
    const groups = new Map<number, Node[]>();
    for (const [node, rank] of this.ranks()) groups.set(rank, [...(groups.get(rank) ?? []), node]);
    return new Set([...groups.values()].filter((g) => g.length > 1).flat());
  }

  /** The node goes, with every edge at it. */
  remove(node: Node): void {
    for (const edge of [...node.ins, ...node.outs]) this.cut(edge);
    this.nodes.delete(node);
  }
}

/** Whether the connector is its activity's only one and its condition, if it is false, ends the path. */
function standsAlone({ definition, outgoing, split }: PlannedActivity): boolean {
  const condition = outgoing.length === 1 && split === 'or' ? outgoing[0]!.condition : undefined;
  return condition !== undefined && condition.trim() !== 'true' && definition.noneTrue !== 'fail';
}

export function hasLoneConditions(plan: Plan, body: BodyId): boolean {
  return plan.bodies[body]!.activities.some((id) => standsAlone(plan.activities[id]!));
}

/**
 * The graph of one body, without what stands aside (compensation activities, event subflows). A condition that stands alone
 * is taken to be true, unless it may end the path.
 */
export function workflowGraph(plan: Plan, body: BodyId, lone: 'true' | 'free' = 'true'): WorkflowGraph {
  const { activities: ids, starts, asides } = plan.bodies[body]!;
  const graph = new WorkflowGraph();
  const entries = new Map<string, Node>();
  const joins = new Map<string, Node>();
  const activities = ids.filter((id) => !asides.includes(id)).map((id) => plan.activities[id]!);
  const start = graph.add('start', 'and', '');
  for (const activity of activities) {
    const { id, incoming, join } = activity;
    const work = graph.add('pass', 'xor', id);
    const gate = typeof join === 'object' ? { n: join.n, cancelRemaining: join.cancelRemaining === true } : join;
    // What runs once for each token that comes is looked at from there on, on its own.
    const merges = isMultiMerge(activity);
    if (merges) graph.connect(start, work);
    const before = incoming.length > 1 && !merges ? graph.add('join', gate, id) : work;
    if (!merges) joins.set(id, before);
    if (before !== work) graph.connect(before, work);
    // A start is activated at once, whatever else may come to it by connectors.
    const entry = starts.includes(id) && incoming.length > 0 && !merges ? graph.add('join', 'xor', id) : undefined;
    if (entry) {
      for (const edge of work.ins) {
        graph.cut(edge);
        graph.connect(edge.from, entry);
      }
      if (before === work) joins.set(id, entry);
      graph.connect(entry, work);
    }
    if (starts.includes(id) && !merges) graph.connect(start, entry ?? work);
    entries.set(id, work);
  }
  for (const activity of activities)
    new Exits(graph, joins, activity, lone === 'free' && standsAlone(activity)).from(entries.get(activity.id)!);
  return graph;
}

function isMultiMerge({ definition, join, incoming }: PlannedActivity): boolean {
  return definition.multiMerge === true && join === 'xor' && incoming.length > 1;
}

/** What an activity does with its token when it is done, or when a boundary event happens. */
class Exits {
  readonly #graph: WorkflowGraph;
  readonly #joins: ReadonlyMap<string, Node>;
  readonly #activity: PlannedActivity;
  readonly #mayEnd: boolean;

  constructor(graph: WorkflowGraph, joins: ReadonlyMap<string, Node>, activity: PlannedActivity, mayEnd: boolean) {
    this.#graph = graph;
    this.#joins = joins;
    this.#activity = activity;
    this.#mayEnd = mayEnd;
  }

  from(work: Node): void {
    const { boundaries, id, definition } = this.#activity;
    const interrupting = boundaries.filter((b) => b.interrupting);
    const beside = boundaries.filter((b) => !b.interrupting && b.outgoing.length > 0);
    let exit = work;
    if (interrupting.length > 0) {
      const either = this.#split('xor', exit);
      for (const b of interrupting) this.#lead(either, b.outgoing, 'and', `${id}.${b.definition.id}`);
      exit = this.#node(either);
    }
    if (beside.length > 0) {
      const both = this.#split('and', exit);
      for (const b of beside) {
        const happens = this.#split('xor', both);
        this.#nothing(happens);
        this.#lead(happens, b.outgoing, 'and', `${id}.${b.definition.id}`);
      }
      exit = this.#node(both);
    }
    const { outgoing, split } = this.#activity;
    if (definition.terminate) this.#graph.connect(exit, this.#graph.add('last', 'xor', id));
    else if (this.#mayEnd) this.#perhaps(exit, outgoing[0]!);
    else this.#lead(exit, outgoing, split);
  }

  /** Out along connectors, the way the split says. */
  #lead(from: Node, connectors: readonly PlannedConnector[], split: 'xor' | 'and' | 'or', via?: string): void {
    const first = via === undefined ? from : this.#node(from, [via]);
    if (connectors.length === 0) return this.#end(first);
    if (connectors.length === 1) return this.#follow(first, connectors[0]!);
    if (split !== 'or') {
      const node = this.#split(split, first);
      for (const c of connectors) this.#follow(node, c);
      return;
    }
    const always = connectors.filter((c) => c.condition === undefined && !c.isDefault);
    const sometimes = connectors.filter((c) => c.condition !== undefined);
    const otherwise = connectors.filter((c) => c.isDefault);
    // Without conditions the default is followed too.
    if (sometimes.length === 0) return this.#lead(first, connectors, 'and');
    const all = always.length > 0 ? this.#split('and', first) : first;
    for (const c of always) this.#follow(all, c);
    if (always.length > 0 && otherwise.length === 0) {
      for (const c of sometimes) this.#perhaps(all, c);
      return;
    }
    const either = otherwise.length > 0 ? this.#split('xor', all) : all;
    for (const c of otherwise) this.#follow(either, c);
    const some = sometimes.length > 1 ? this.#split('or', either) : either;
    for (const c of sometimes) this.#follow(some, c);
  }

  /** Along the connector, or the path ends. */
  #perhaps(from: Node, connector: PlannedConnector): void {
    const perhaps = this.#split('xor', from);
    this.#nothing(perhaps);
    this.#follow(perhaps, connector);
  }

  #follow(from: Node, connector: PlannedConnector): void {
    const to = this.#joins.get(connector.to);
    if (to) this.#graph.connect(from, to, [connector.id]);
    else this.#end(from, [connector.id]);
  }

  #split(gate: Gate, from: Node): Node {
    const node = this.#graph.add('split', gate, this.#activity.id);
    this.#graph.connect(from, node);
    return node;
  }

  #node(from: Node, via: readonly string[] = []): Node {
    const node = this.#graph.add('pass', 'xor', this.#activity.id);
    this.#graph.connect(from, node, via);
    return node;
  }

  #nothing(from: Node): void {
    this.#graph.connect(from, this.#graph.add('nothing', 'xor', this.#activity.id));
  }

  #end(from: Node, via: readonly string[] = []): void {
    this.#graph.connect(from, this.#graph.add('sink', 'xor', this.#activity.id), via);
  }
}
