// Immediate dominators of a rooted graph: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
// Iterative, because a chain of ten thousand activities must not overflow the stack.

export interface Graph {
  readonly root: string;
  successors(id: string): readonly string[];
}

/** id → immediate dominator, for every element reachable from the root except the root itself. */
export function immediateDominators(graph: Graph): Map<string, string> {
  const order = reversePostorder(graph);
  const index = new Map(order.map((id, i) => [id, i]));
  const predecessors: number[][] = order.map(() => []);
  order.forEach((id, i) => {
    for (const next of graph.successors(id)) predecessors[index.get(next)!]!.push(i);
  });
  const idom: number[] = order.map(() => -1);
  idom[0] = 0;
  const intersect = (a: number, b: number): number => {
    while (a !== b) {
      while (a > b) a = idom[a]!;
      while (b > a) b = idom[b]!;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      let next = -1;
      for (const p of predecessors[i]!) if (idom[p] !== -1) next = next === -1 ? p : intersect(p, next);
      if (next !== idom[i]) {
        idom[i] = next;
        changed = true;
      }
    }
  }
  const result = new Map<string, string>();
  for (let i = 1; i < order.length; i++) result.set(order[i]!, order[idom[i]!]!);
  return result;
}

/** Every element reachable from the root, each before its successors except along back edges. */
export function reversePostorder(graph: Graph): string[] {
  const seen = new Set([graph.root]);
  const post: string[] = [];
  const stack: { id: string; next: readonly string[]; i: number }[] = [
    { id: graph.root, next: graph.successors(graph.root), i: 0 },
  ];
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const child = top.next[top.i++];
    if (child === undefined) {
      post.push(top.id);
      stack.pop();
    } else if (!seen.has(child)) {
      seen.add(child);
      stack.push({ id: child, next: graph.successors(child), i: 0 });
    }
  }
  return post.reverse();
}
