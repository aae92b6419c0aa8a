// What `millrace retry` and `millrace cancel` share: one operation on each named instance.
import { FlowError, type InstanceView, type JsonObject } from '../index.js';
import { EXIT, type Output, type Values } from './command.js';
import { asking, lineOf, serverOf } from './server-options.js';

/** Which instances it has nothing to do for, and why. */
const NOTHING_TO_DO: Readonly<Record<string, (view: InstanceView) => string | undefined>> = {
  retry: ({ status }) =>
    status === 'failed' ? undefined : `is ${status}; only what has failed can be taken up again.`,
  cancel: ({ status }) =>
    status === 'completed' || status === 'cancelled' ? `is ${status}; there is nothing left to cancel.` : undefined,
};

/** Does it for all that it can be done for; the exit code is that of the first for which it could not. */
export async function operate(
  operation: 'retry' | 'cancel',
  ids: readonly string[],
  body: JsonObject,
  values: Values,
  output: Output,
): Promise<number> {
  if (ids.length === 0) throw new FlowError('CLI-USAGE', `Name at least one instance: millrace ${operation} ID…`);
  const { client } = serverOf(values);
  let first: number = EXIT.ok;
  for (const id of ids) {
    const path = `/v1/instances/${encodeURIComponent(id)}`;
    const code = await asking(output, async () => {
      const idle = NOTHING_TO_DO[operation]!(await client.ask<InstanceView>({ path }));
      if (idle !== undefined) {
        output.err(`${id} ${idle}`);
        return EXIT.failed;
      }
      const key = crypto.randomUUID();
      const view = await client.ask<InstanceView>({ method: 'POST', path: `${path}/${operation}`, body, key });
      output.out(values['json'] ? JSON.stringify(view) : lineOf(view));
      return EXIT.ok;
    });
    if (first === EXIT.ok) first = code;
  }
  return first;
}
