// What people and the outside do while a flow runs, as data: a list of steps, carried out one after the other, each as soon
// as the instance rests.
import { FlowError, parseDuration, type Json, type JsonObject } from '../model/index.js';
import { validateValue } from '../model/validate-value.js';
import type { Signal, User } from '../hosts/index.js';

/** `after` (ISO 8601 duration): how long after the step before. */
export type ScenarioStep = { readonly after?: string } & (
  | { readonly complete: string; readonly output?: Json; readonly user?: User }
  | { readonly claim: string; readonly user: User }
  | { readonly signal: Signal | string }
  | { readonly skip: string; readonly output?: Json }
  | { readonly retry: true | string; readonly variables?: JsonObject }
  | { readonly cancel: true | string }
  | { readonly wait: true }
);

const name = { type: 'string', minLength: 1 };
const step = (required: string, properties: object): object => ({
  type: 'object',
  properties: { after: { type: 'string' }, ...properties },
  required: [required],
  additionalProperties: false,
});
const user = {
  type: 'object',
  properties: { id: name, name: { type: 'string' }, roles: { type: 'array', items: name } },
  required: ['id', 'roles'],
};

const schemas: Readonly<Record<string, object>> = {
  complete: step('complete', { complete: name, output: true, user }),
  claim: { ...step('claim', { claim: name, user }), required: ['claim', 'user'] },
  signal: step('signal', {
    signal: {
      anyOf: [
        name,
        {
          type: 'object',
          properties: { name, key: { type: 'string' }, data: true, broadcast: { type: 'boolean' }, id: name },
          required: ['name'],
          additionalProperties: false,
        },
      ],
    },
  }),
  skip: step('skip', { skip: name, output: true }),
  retry: step('retry', { retry: { anyOf: [{ const: true }, name] }, variables: { type: 'object' } }),
  cancel: step('cancel', { cancel: { anyOf: [{ const: true }, { type: 'string' }] } }),
  wait: { ...step('wait', { wait: { const: true } }), required: ['wait', 'after'] },
};

/** Checks foreign data; throws FlowError `FLOW-SCENARIO` that names the step and what is wrong with it. */
export async function readScenario(data: unknown): Promise<readonly ScenarioStep[]> {
  const wrong = (message: string): FlowError => new FlowError('FLOW-SCENARIO', `The scenario ${message}`);
  if (!Array.isArray(data)) throw wrong('is not a list of steps.');
  for (const [i, item] of (data as unknown[]).entries()) {
    const kind = Object.keys((item ?? {}) as object).find((key) => schemas[key]);
    if (!kind) throw wrong(`has a step ${i + 1} that is none of ${Object.keys(schemas).join(', ')}.`);
    const [fault] = await validateValue(schemas[kind] as never, item);
    if (fault) throw wrong(`has a step ${i + 1} in which "${fault.path}" does not fit: ${fault.message}`);
    const { after } = item as { after?: string };
    if (after !== undefined && parseDuration(after) === undefined)
      throw wrong(`has a step ${i + 1} with "after": ${JSON.stringify(after)}, which is no ISO 8601 duration.`);
  }
  return data as readonly ScenarioStep[];
}
