// `millrace retry`: takes failed activities up again.
import type { JsonObject } from '../index.js';
import type { Command } from './command.js';
import { parseJson } from './load.js';
import { operate } from './operate.js';
import { SERVER_USAGE, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'take failed instances on a server up again',
  usage: `millrace retry ID… --to URL [options]

Takes failed activities up again, from where they failed; what has completed is not done again.

  --variables JSON   variables to write first
  --token TOKEN      only the activity run with this token
${SERVER_USAGE}

Exit code 1 when one has not failed, 4 when the server refuses it.`,
  options: { ...serverOptions, variables: { type: 'string' }, token: { type: 'string' } },
  run(ids, values, output) {
    const { variables, token } = values as { variables?: string; token?: string };
    const body = {
      ...(variables === undefined ? {} : { variables: parseJson(variables, '--variables') as JsonObject }),
      ...(token === undefined ? {} : { token }),
    };
    return operate('retry', ids, body, values, output);
  },
};
