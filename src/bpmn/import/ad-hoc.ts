// Ad-hoc sub-processes (BPMN 2.0.2, 13.3.5): who starts them chooses the activities, in the variable named after the
// sub-process; without a choice all of them start. When the completion condition is true nothing more starts, and what runs
// is cancelled, if `cancelRemainingInstances` says so.
import type { BpmnElement } from '../elements.js';
import type { Graph } from './graph.js';
import type { ConnectorDraft, Scene } from './scene.js';
import { use } from './rare-tools.js';

export function adHoc(scene: Scene, graph: Graph, members: string[]): void {
  const { container: node } = graph;
  const id = use.keyOf(node);
  const { connectors, activities } = scene.draft;
  const inside = new Set(members);
  const own = connectors.filter((c) => inside.has(c.to));
  const entered = new Set(own.map((c) => c.to));
  const aside = new Set([
    ...graph.nodes.filter(use.isEventSubProcess).map(use.keyOf),
    ...activities.flatMap((a) => a.compensation ?? []),
  ]);
  const heads = members.filter((m) => !entered.has(m) && !aside.has(m));
  const isSequential = use.text(node, 'ordering') === 'Sequential';
  const open = completion(scene, node, members);
  const chosen = (head: string): string => `($exists(\`${id}\`) ? ${JSON.stringify(head)} in \`${id}\` : true)`;
  scene.draft.variables.set(id, {});
  scene.report.inPart(
    node,
    `All its activities are done, each once, unless the variable "${id}" says which: their ids, in a list.`,
  );
  if (open !== undefined)
    for (const c of own)
      if (c.default !== true) c.condition = c.condition === undefined ? open : `(${c.condition}) and ${open}`;
  if (isSequential && own.length === 0) return inLine(scene, id, heads, members, chosen, open);
  const start = `${id}.choice`;
  activities.push({ id: start, type: 'route' });
  members.push(start);
  for (const head of heads) connectors.push({ id: `${start}.${head}`, from: start, to: head, condition: chosen(head) });
  if (!isSequential) return;
  for (const activity of activities) if (inside.has(activity.id) && activity.type !== 'route') activity.mutex = id;
}

/** One after the other: before each, a decision whether it is done at all. */
function inLine(
  scene: Scene,
  id: string,
  heads: readonly string[],
  members: string[],
  chosen: (head: string) => string,
  open: string | undefined,
): void {
  const turns = heads.map((_, i) => `${id}.turn${i + 1}`);
  for (const [i, head] of heads.entries()) {
    const turn = turns[i]!;
    const next = turns[i + 1];
    scene.draft.activities.push({
      id: turn,
      type: 'route',
      split: 'xor',
      ...(i === 0 ? {} : { join: 'xor' as const }),
    });
    members.push(turn);
    const condition = i === 0 || open === undefined ? chosen(head) : `${open} and ${chosen(head)}`;
    const ways: ConnectorDraft[] = [{ id: `${turn}.${head}`, from: turn, to: head, condition }];
    if (next !== undefined)
      ways.push(
        { id: `${turn}.next`, from: turn, to: next, default: true },
        { id: `${head}.next`, from: head, to: next },
      );
    scene.draft.connectors.push(...ways);
  }
}

/** What has to hold for anything more to start; undefined: always. */
function completion(scene: Scene, node: BpmnElement, members: string[]): string | undefined {
  const expression = use.one(node, 'completionCondition');
  const condition = use.expressionOf(scene, expression, { names: true });
  if (condition === undefined && use.bodyOf(expression) !== undefined)
    scene.report.inPart(
      node,
      `Its completion condition cannot be evaluated: ${use.bodyOf(expression)!} It ends when all is done.`,
    );
  // That it always holds says no more than that it may end when it is over.
  if (condition === undefined || condition === 'true') return undefined;
  const open = `$not(${condition})`;
  if (use.flag(node, 'cancelRemainingInstances') === false) return open;
  const done = `${use.keyOf(node)}.completed`;
  const end = `${done}.end`;
  scene.draft.activities.push({ id: done, type: 'subflow' }, { id: end, type: 'route' });
  scene.draft.subflows.set(done, { activities: [end], trigger: { id: 'condition', event: 'condition', condition } });
  members.push(done);
  return open;
}
