// Where activities run. One that runs somewhere else than its flow takes its input data object along and nothing else: it is a
// small flow of its own there, with a history of its own, started under the idempotency key of the call.
import type { ActivityDefinition, FlowDefinition, JsonSchema } from './definition.js';

/** The name of a remote agent, if that is where the activity runs. */
export function agentNamed(environment: string | undefined): string | undefined {
  const isPlace = environment === undefined || environment === 'page' || environment === 'worker';
  return isPlace || environment === 'server' ? undefined : environment;
}

/** Whether an activity of this flow, when it runs in a page, is done by the server or behind it. */
export function leavesPage(flow: FlowDefinition, { environment }: ActivityDefinition): boolean {
  return flow.environment !== 'server' && (environment === 'server' || agentNamed(environment) !== undefined);
}

/** The flow that such an activity is at the server: `FLOW.ACTIVITY`. Its output is `{ result }`. */
export function activityAsFlow(flow: FlowDefinition, activity: ActivityDefinition): FlowDefinition {
  const { id, name, input = {}, implementation, retry, environment } = activity;
  const names = Object.keys(input);
  const agent = agentNamed(environment);
  const { ref, arguments: args, select, onResume } = implementation!;
  return {
    flow: `${flow.flow}.${id}`,
    ...(flow.version === undefined ? {} : { version: flow.version }),
    kind: 'microflow',
    title: `${flow.title ?? flow.flow}: ${name ?? id}`,
    environment: 'server',
    input: Object.fromEntries(names.map((parameter): [string, JsonSchema] => [parameter, true])),
    output: { result: 'result' },
    variables: { result: {} },
    activities: [
      {
        id,
        type: 'service',
        ...(name === undefined ? {} : { name }),
        ...(agent === undefined ? {} : { environment: agent }),
        input: Object.fromEntries(names.map((parameter) => [parameter, parameter])),
        implementation: {
          ref,
          ...(args === undefined ? {} : { arguments: args }),
          ...(select === undefined ? {} : { select }),
          ...(onResume === undefined ? {} : { onResume }),
        },
        ...(retry === undefined ? {} : { retry }),
        output: { result: '$output' },
      },
    ],
  };
}
