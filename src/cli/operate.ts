// What `millrace retry` and `millrace cancel` share: one operation on each named instance.
import { FlowError, type InstanceView, type JsonObject } from '../index.js';
import { EXIT, type Output, type Values } from './command.js';
import { lineOf, serverOf } from './server-options.js';

export async function operate(
  operation: 'retry' | 'cancel',
  ids: readonly string[],
  body: JsonObject,
  values: Values,
  { out }: Output,
): Promise<number> {
  if (ids.length === 0) throw new FlowError('CLI-USAGE', `Name at least one instance: millrace ${operation} ID…`);
  const { client } = serverOf(values);
  for (const id of ids) {
    const path = `/v1/instances/${encodeURIComponent(id)}/${operation}`;
    const view = await client.ask<InstanceView>({ method: 'POST', path, body, key: crypto.randomUUID() });
    out(values['json'] ? JSON.stringify(view) : lineOf(view));
  }
  return EXIT.ok;
}
