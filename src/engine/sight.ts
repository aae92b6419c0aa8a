// What the expressions of a run see, and their evaluation with the place where they stand in every error.
import { compileExpression } from '../expressions/index.js';
import { FlowError, type Json, type JsonObject } from '../model/index.js';
import type { CompiledFlow } from '../compiler/index.js';
import { chain, inOrder, type MaybePromise } from './maybe-promise.js';
import type { FlowState, Run } from './state.js';

export type Bindings = Readonly<Record<string, Json>>;

/** What an evaluation may see: the pool with the loop variables around the run on top, and its input data object. */
export interface Sight {
  readonly flow: CompiledFlow;
  readonly state: FlowState;
  readonly variables: JsonObject;
  readonly now: number;
  readonly warnings: string[];
  /** What the host knows of people's work. */
  readonly staff?: Staff;
}

/** What a host knows beyond one instance, for tasks that are given to one of several people. */
export interface Staff {
  /** Counts up per place (flow and activity); 0 the first time. */
  turn(place: string): MaybePromise<number>;
  /** Open tasks per user id; who has none may be missing. */
  load(): MaybePromise<Readonly<Record<string, number>>>;
}

export function sightOf(
  flow: CompiledFlow,
  state: FlowState,
  run: Run | undefined,
  now: number,
  warnings: string[],
  staff?: Staff,
): Sight {
  let variables: JsonObject = state.pool;
  const around: JsonObject[] = [];
  for (let r = run; r; r = state.runs[r.owner ?? r.scope]) if (r.locals) around.push(r.locals);
  for (const locals of around.reverse()) variables = { ...variables, ...locals };
  return { flow, state, variables, now, warnings, ...(staff ? { staff } : {}) };
}

export function evaluate(
  sight: Sight,
  place: string,
  source: string,
  input: JsonObject,
  bindings: Bindings = {},
): MaybePromise<Json | undefined> {
  const explain = (error: unknown): never => {
    if (!(error instanceof FlowError)) throw error;
    throw new FlowError(
      error.code,
      `${error.message} (flow "${sight.flow.definition.flow}", ${place})`,
      {
        ...error.place,
        flow: sight.flow.definition.flow,
        activity: place,
        expression: source,
      },
      { cause: error },
    );
  };
  try {
    const isolated = sight.flow.definition.untrusted === true;
    const value = compileExpression(source, { isolated }).evaluate(input, { bindings, now: sight.now });
    return value instanceof Promise ? value.catch(explain) : value;
  } catch (error) {
    return explain(error);
  }
}

export function evaluateAll(
  sight: Sight,
  place: string,
  record: Readonly<Record<string, string>> | undefined,
  input: JsonObject,
  bindings: Bindings = {},
): MaybePromise<JsonObject> {
  const values: Record<string, Json> = {};
  return chain(
    inOrder(Object.entries(record ?? {}), ([name, source]) =>
      chain(evaluate(sight, place, source, input, bindings), (value) => {
        if (value === undefined) sight.warnings.push(`${place}: "${source}" gave nothing, so "${name}" is not set.`);
        else values[name] = value;
      }),
    ),
    () => values,
  );
}
