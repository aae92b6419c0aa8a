// `defineFlow`: the flow language with TypeScript's help. It gives the same JSON that one writes by hand.
import type { ActivityDefinition, ConnectorDefinition, Expression, FlowDefinition, Json } from '../model/index.js';
import type { JsonSchema, RoleDefinition, VariableDefinition } from '../model/index.js';
import type { ActivityOptions, FlowOptions, InputFrom, TypedFlow } from './types.js';

type None = Record<never, never>;

/**
 * Activities are given by id, connectors as `[from, to]`, `[from, to, condition]` or, for the default, `[from, to, 'else']`.
 * Names of activities, boundary events, variables and roles are checked by the compiler of TypeScript; the rest, as for
 * every definition, by `compile`. Connectors get the ids `from-to`, with a number where there are several.
 */
export function defineFlow<
  const A extends Readonly<Record<string, ActivityOptions<string, V, I, R>>>,
  const I extends Readonly<Record<string, JsonSchema>> = None,
  const V extends Readonly<Record<string, VariableDefinition>> = None,
  const R extends Readonly<Record<string, RoleDefinition>> = None,
  const O extends Readonly<Record<string, Expression>> = None,
  const S extends object = None,
>(
  options: FlowOptions<I, V, R, A, S, O>,
): TypedFlow<
  InputFrom<I>,
  { readonly [K in keyof O]?: Json },
  (keyof V & string) | (keyof I & string),
  (keyof A & string) | (keyof S & string)
> {
  const { activities, connect, ...rest } = options;
  const definition: FlowDefinition = {
    ...(rest as Omit<FlowDefinition, 'activities' | 'connectors'>),
    activities: Object.entries(activities).map(([id, a]) => ({ id, ...a }) as ActivityDefinition),
    ...(connect ? { connectors: connectorsOf(connect) } : {}),
  };
  return definition;
}

function connectorsOf(
  connections: readonly (readonly [from: string, to: string, condition?: string])[],
): ConnectorDefinition[] {
  const taken = new Map<string, number>();
  return connections.map(([from, to, condition]) => {
    const name = `${from}-${to}`;
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    const kind = condition === undefined ? {} : condition === 'else' ? { default: true } : { condition };
    return { id: times === 1 ? name : `${name}-${times}`, from, to, ...kind };
  });
}
