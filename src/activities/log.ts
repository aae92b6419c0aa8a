// The `log` implementation: hands its arguments to a sink and gives them back.
import type { JsonObject } from '../model/index.js';
import type { ImplementationFunction } from './implementation.js';

/** Where entries go. The default is the console, because writing there is what the author of the flow asked for. */
export type LogSink = (entry: JsonObject, activity: string) => void;

export function createLogImplementation(
  sink: LogSink = (entry, activity) => console.info(`[millrace] ${activity}`, entry),
): ImplementationFunction {
  return (args, context) => {
    sink(args, context.activity);
    return args;
  };
}
