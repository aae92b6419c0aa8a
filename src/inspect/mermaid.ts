// A flow as Mermaid text: https://mermaid.js.org/syntax/flowchart.html. Ids are numbered, because an activity's own id may
// hold anything; what people read is in the labels.
import type { CompiledFlow, PlannedActivity, PlannedBoundary } from '../compiler/index.js';

/** `flowchart TD` with activities by type, subflows as boxes, boundary events beside their activity, conditions as labels. */
export function mermaidGraph({ plan, definition }: CompiledFlow): string {
  const numbers = new Map(Object.keys(plan.activities).map((id, i) => [id, `a${i}`]));
  const idOf = (id: string): string => numbers.get(id)!;
  const eventId = (activity: string, i: number): string => `${idOf(activity)}e${i}`;
  const lines: string[] = [
    `---`,
    `title: ${JSON.stringify(definition.title ?? definition.flow)}`,
    `---`,
    'flowchart TD',
  ];

  const draw = (activity: PlannedActivity, indent: string): void => {
    if (activity.type === 'subflow') {
      lines.push(`${indent}subgraph ${idOf(activity.id)}[${label(titleOf(activity))}]`);
      for (const id of plan.bodies[activity.id]!.activities) draw(plan.activities[id]!, `${indent}  `);
      lines.push(`${indent}end`);
    } else {
      const [open, close] = shapeOf(activity);
      lines.push(`${indent}${idOf(activity.id)}${open}${label(titleOf(activity))}${close}`);
    }
    activity.boundaries.forEach((b, i) => {
      lines.push(`${indent}${eventId(activity.id, i)}([${label(eventTitle(b))}])`);
      lines.push(`${indent}${idOf(activity.id)} ${b.interrupting ? '-.-' : '-..-'} ${eventId(activity.id, i)}`);
    });
  };
  for (const id of plan.bodies['']!.activities) draw(plan.activities[id]!, '  ');

  for (const activity of Object.values(plan.activities)) {
    for (const c of activity.outgoing)
      lines.push(`  ${idOf(activity.id)} -->${textOf(c.condition, c.isDefault)} ${idOf(c.to)}`);
    activity.boundaries.forEach((b, i) => {
      for (const c of b.outgoing)
        lines.push(`  ${eventId(activity.id, i)} -->${textOf(c.condition, c.isDefault)} ${idOf(c.to)}`);
    });
    if (activity.compensation !== undefined)
      lines.push(`  ${idOf(activity.id)} -. undone by .-> ${idOf(activity.compensation)}`);
  }
  return lines.join('\n');
}

function shapeOf({ type, split, outgoing, incoming }: PlannedActivity): readonly [string, string] {
  if (type === 'route') return outgoing.length > 1 || incoming.length > 1 || split !== 'or' ? ['{', '}'] : ['((', '))'];
  if (type === 'user') return ['[/', '/]'];
  if (type === 'wait' || type === 'receive') return ['{{', '}}'];
  if (type === 'call') return ['[[', ']]'];
  return ['[', ']'];
}

function titleOf({ name, type, loop, join, incoming, triggers, definition }: PlannedActivity): string {
  const marks = [
    type === 'user' && definition.role !== undefined ? `for ${definition.role}` : '',
    loop ? `${loop.kind} ${loop.kind === 'forEach' ? loop.items : loop.condition}` : '',
    incoming.length > 1 && typeof join === 'object' ? `${join.n} of ${incoming.length}` : '',
    triggers.length > 0 ? `on ${triggers.map(eventTitle).join(' or ')}` : '',
  ].filter(Boolean);
  return marks.length > 0 ? `${name}\n${marks.join(', ')}` : name;
}

function eventTitle({ definition: b }: PlannedBoundary): string {
  return b.name ?? ('code' in b && b.code !== undefined ? `${b.event} ${b.code}` : b.event);
}

function textOf(condition: string | undefined, isDefault: boolean): string {
  const text = condition ?? (isDefault ? 'else' : undefined);
  return text === undefined ? '' : `|${label(text)}|`;
}

/** Quoted; what Mermaid would take for markup is written as its entity codes. */
function label(text: string): string {
  const safe = text.replaceAll(/[#"<>&;]/g, (c) => `#${c.codePointAt(0)};`).replaceAll('\n', '<br>');
  return `"${safe}"`;
}
