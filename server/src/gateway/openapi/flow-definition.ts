// The flow language for the OpenAPI document: the JSON Schema of definitions, in parts with names, so that a client can be
// written, and a flow, without anything else. What the parts mean is said here in a line each.
import { flowSchema, type JsonObject } from '../../../../src/index.js';
import type { Schema } from '../schemas.js';

const REFERENCE = '#/components/schemas/';

const at = (schema: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inner, name) => (inner as JsonObject | undefined)?.[name], schema);

const activity = at(flowSchema, 'properties', 'activities', 'items');
const subflow = at(flowSchema, 'properties', 'subflows', 'additionalProperties');
const boundaryEvent = at(activity, 'properties', 'boundary', 'items');

/** Parts that stand under a name of their own. The schema uses the same object wherever it means the same. */
const PARTS: Readonly<Record<string, unknown>> = {
  FlowDefinition: flowSchema,
  Activity: activity,
  Connector: at(flowSchema, 'properties', 'connectors', 'items'),
  Subflow: subflow,
  Sphere: at(flowSchema, 'properties', 'spheres', 'items'),
  Implementation: at(activity, 'properties', 'implementation'),
  Retry: at(activity, 'properties', 'retry'),
  Loop: at(activity, 'properties', 'loop'),
  BoundaryEvent: boundaryEvent,
  MessageReference: at(activity, 'properties', 'message'),
  Throw: at(activity, 'properties', 'throw'),
};

/** What properties mean, by `Part.property`. */
export const MEANINGS: Readonly<Record<string, string>> = {
  'FlowDefinition.flow': 'Its name. Deploying another definition of this name makes a new version.',
  'FlowDefinition.kind':
    '`process`: long-running, may wait for people, timers and messages. `microflow`: one shot, waits for none of them.',
  'FlowDefinition.input':
    'The flow’s input data object: name to JSON Schema. Inputs become variables of the same name.',
  'FlowDefinition.output': 'The flow’s output data object: name to JSONata over the variables.',
  'FlowDefinition.variables': 'Variables besides the inputs, with what they hold at the start (`initial`).',
  'FlowDefinition.activities': 'One that no connector enters is a start; one that none leaves is an end.',
  'FlowDefinition.subflows': 'Groups of activities that are entered and left at one place.',
  'FlowDefinition.spheres': 'Activities with one joint outcome.',
  'FlowDefinition.roles': 'Roles that user activities name.',
  'Activity.id': 'Connectors name it.',
  'Activity.name': 'What people read.',
  'Activity.type':
    '`service` calls its `implementation`; `user` makes a task for its `role`; `receive` waits for its `message`, `send` sends it; ' +
    '`wait` waits (`after`, `until`, `when`); `script` only has `output`; `call` starts the flow that `calls` names and waits for it; ' +
    '`subflow` stands for one of `subflows`; `route` only splits and joins.',
  'Activity.input':
    'The input data object: parameter to JSONata over the variables. For `call`: the input of the called flow; for `user`: the task’s `data`.',
  'Activity.output':
    'Variable to JSONata over the variables and `$output`, which is what the implementation, the person or the message gave.',
  'Activity.split':
    'Which connectors are followed: `or` (default) every one whose condition is true, `xor` the first of them, `and` all.',
  'Activity.join':
    'What it waits for: `or` (default) all that can still arrive, `xor` nothing, `and` all, `n` so many.',
  'Activity.timeout': 'Fails with the code `Timeout` after it.',
  'Activity.role': 'Of a user activity: who may do it.',
  'Activity.form': 'Of a user activity: a JSON Schema of its answer, or a selector of a template in a page.',
  'Activity.excludes': 'Who has done these may not do this one.',
  'Activity.sameAs': 'Only who has done that one may do this one.',
  'Activity.boundary': 'Events that take over from it; a connector leaves them `from` `ACTIVITY.EVENT`.',
  'Activity.compensation': 'The activity that undoes it.',
  'Activity.throw': 'Of a `route`: ends its path with an error, an escalation, a compensation or a cancel.',
  'Activity.after': 'Of a `wait`: ISO 8601 duration, or JSONata that gives one.',
  'Activity.until': 'Of a `wait`: JSONata that gives a date-time.',
  'Activity.when': 'Of a `wait`: JSONata; waits until it is true.',
  'Activity.calls': 'Of a `call`: name of a deployed flow.',
  'Implementation.ref':
    'What to call: `log`, `http` (arguments `method`, `url`, `query`, `headers`, `body`; origins that the server’s settings allow), a function or connector of the server (`NAME.ACTION`), ' +
    '`start-flow`, or `AGENT/NAME` for an agent.',
  'Implementation.arguments': 'Name to JSONata over the variables and the activity’s input.',
  'Implementation.result': 'JSONata over `$result`; what it gives is `$output`.',
  'Implementation.select': 'JSONata that gives the `ref` while the flow runs.',
  'Implementation.onResume':
    'When a crash hides whether it was done: `keyed` (default) calls again with the same idempotency key, `once` and `fail` ask a person.',
  'Connector.from': 'An activity, or `ACTIVITY.EVENT` of a boundary event.',
  'Connector.condition': 'JSONata over the variables. Default: true.',
  'Connector.default': 'Followed when no connector with a condition is.',
  'MessageReference.key': 'JSONata: only a message with this key fits.',
};

/** The components of the flow language, by name. */
export function definitionSchemas(): Readonly<Record<string, Schema>> {
  const names = new Map(Object.entries(PARTS).map(([name, part]) => [part, name]));
  const withNames = (part: unknown, isTop: boolean): unknown => {
    const name = isTop ? undefined : names.get(part);
    if (name !== undefined) return { $ref: REFERENCE + name };
    if (Array.isArray(part)) return part.map((one) => withNames(one, false));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, withNames(inner, false)]));
  };
  return Object.fromEntries(
    Object.entries(PARTS).map(([name, part]) => {
      const { $schema: _, ...schema } = withNames(part, true) as Schema & { readonly properties: Schema };
      return [name, { ...schema, properties: explained(name, schema.properties) }];
    }),
  );
}

function explained(part: string, properties: Schema): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const description = MEANINGS[`${part}.${name}`];
      return [name, description === undefined ? schema : { ...(schema as Schema), description }];
    }),
  );
}
