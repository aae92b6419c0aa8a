// A flow as the TypeScript that one would write for it with `defineFlow`. `read-code.ts` reads it back.
import type { ConnectorDefinition, FlowDefinition } from '../../model/index.js';

/** Wider lines are broken. */
const WIDTH = 100;

/** Connectors with ids or fields that `connect` does not give make it a plain definition. */
export function builderCode(definition: FlowDefinition): string {
  const name = nameOf(definition.flow);
  const { activities, connectors = [], ...rest } = definition;
  const isBuilt = connectors.every(isConnection(connectors)) && !activities.some((a) => isOddKey(a.id));
  if (!isBuilt)
    return `import type { FlowDefinition } from 'millrace';\n\nexport const ${name}: FlowDefinition = ${literal(definition, '')};\n`;
  const options = {
    ...rest,
    activities: Object.fromEntries(activities.map(({ id, ...activity }) => [id, activity])),
    ...(definition.connectors ? { connect: connectors.map(connectionOf) } : {}),
  };
  return `import { defineFlow } from 'millrace';\n\nexport const ${name} = defineFlow(${literal(options, '')});\n`;
}

function connectionOf({ from, to, condition, default: isDefault }: ConnectorDefinition): readonly string[] {
  if (isDefault) return [from, to, 'else'];
  return condition === undefined ? [from, to] : [from, to, condition];
}

/** Whether `connect` gives just this connector. */
function isConnection(all: readonly ConnectorDefinition[]) {
  const taken = new Map<string, number>();
  const ids = new Map(
    all.map(({ from, to, id }) => {
      const name = `${from}-${to}`;
      const times = (taken.get(name) ?? 0) + 1;
      taken.set(name, times);
      return [id, times === 1 ? name : `${name}-${times}`];
    }),
  );
  return ({ id, from: _from, to: _to, condition, default: isDefault, ...more }: ConnectorDefinition): boolean =>
    ids.get(id) === id &&
    Object.keys(more).length === 0 &&
    condition !== 'else' &&
    (isDefault === undefined || (isDefault && condition === undefined));
}

/** Objects put such keys elsewhere. */
function isOddKey(key: string): boolean {
  return /^\d+$/.test(key) || key === '__proto__';
}

function nameOf(flow: string): string {
  const name = flow.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '');
  return /^[A-Za-z_$]/.test(name) ? name : `flow${name}`;
}

function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => literal(item, inner))
    : Object.entries(value)
        .filter(([, v]) => v !== undefined)
        .map(([key, v]) => `${keyOf(key)}: ${literal(v, inner)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  // Activities and connectors one by one, whatever fits.
  const isListing = isList && value.length > 1 && value.some((item) => typeof item === 'object');
  const isLong = isListing || indent.length + line.length > WIDTH || line.includes('\n') || indent === '';
  return isLong ? `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}` : line;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return inside.includes("'") && !text.includes('"') ? `"${inside}"` : `'${inside.replaceAll("'", "\\'")}'`;
}
