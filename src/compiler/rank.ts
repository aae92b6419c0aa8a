// Ranks of activities: a token can only come from a lower rank to a higher one, or stay in the cycle that it is in. They are
// the topological order of the strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972).

/** Node → rank; the members of a cycle have the same. Iterative, because a flow can be long. */
export function ranksOf(
  nodes: readonly string[],
  successors: (node: string) => readonly string[],
): ReadonlyMap<string, number> {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const component = new Map<string, number>();
  const open: string[] = [];
  let components = 0;
  for (const root of nodes) {
    if (order.has(root)) continue;
    const path: { node: string; next: readonly string[]; i: number }[] = [];
    const enter = (node: string): void => {
      order.set(node, order.size);
      low.set(node, order.get(node)!);
      open.push(node);
      path.push({ node, next: successors(node), i: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node } = top;
      const next = top.next[top.i++];
      if (next !== undefined) {
        if (!order.has(next)) enter(next);
        else if (!component.has(next)) low.set(node, Math.min(low.get(node)!, order.get(next)!));
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(node)!));
      if (low.get(node) !== order.get(node)) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        component.set(member, components);
        if (member === node) break;
      }
      components++;
    }
  }
  // Components are found last first.
  return new Map([...component].map(([node, c]) => [node, components - c]));
}
