// Looking around on the graph: the walk with the arrow keys, and what can be said about the connector under the pointer or the
// focus. Loaded when somebody begins to.
import { html, nothing, type TemplateResult } from 'lit';
import { connectorsOf } from '../../src/inspect/live.js';
import type { GraphContent } from './graph-view.js';

export { walk } from '../../src/inspect/walk.js';

export function factsOf({ flow, ways, variablesAt }: GraphContent, connector: string): TemplateResult | undefined {
  const way = connectorsOf(flow.plan).find((c) => c.id === connector);
  if (!way) return undefined;
  const name = (id: string): string => flow.plan.activities[id]!.name;
  const { decided = 0, held, taken = 0 } = ways.get(way.id) ?? {};
  const told = !variablesAt
    ? ''
    : decided === 0
      ? 'not decided yet'
      : `${taken > 0 ? 'taken' : 'not taken'}${taken > 1 ? ` ${taken} times` : ''}`;
  const condition = way.condition === undefined ? (way.isDefault ? 'otherwise' : 'always') : `if ${way.condition}`;
  const variables = decided > 0 && way.condition !== undefined ? variablesAt!(decided) : {};
  // Names in the source that are variables; what stands in quotes is none.
  const words = (way.condition ?? '').replaceAll(/"[^"]*"|'[^']*'/g, '').match(/(?<![$.\w])[A-Za-z_]\w*/g) ?? [];
  const read = [...new Set(words)].filter((word) => word in variables);
  const values = read.map((word) => `${word} = ${JSON.stringify(variables[word])}`).join(', ');
  return html`${name(way.from)} → ${name(way.to)}:
    <code>${condition}</code
    >${held === undefined ? nothing : html` was <strong>${String(held)}</strong>`}${values ? html` (${values})` : nothing}${told ? `, ${told}` : ''}${decided > 0 ? `, decided in step ${decided}` : ''}.`;
}
