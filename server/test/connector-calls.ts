// Calls the actions of a connector as an activity would, without a server.
import type { FlowError, Json, JsonObject } from '../../src/index.js';
import { callAction, connect, type ConnectorSettings } from '../src/connectors/connectors.js';

/** Relative paths in settings are those of the folder. */
export function callsIn(
  folder: string,
): (settings: ConnectorSettings, action: string, args: JsonObject) => Promise<Json | void> {
  return async (settings, action, args) => {
    const connected = await connect('c', settings, folder);
    const context = { signal: AbortSignal.timeout(30_000), idempotencyKey: 'i/1' };
    return callAction('c', connected, action, args, context).finally(() => connected.close());
  };
}

export function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing',
    (error: FlowError) => error.code,
  );
}
