// `millrace cancel`: ends instances, undoing what they have done where the flow says how.
import type { Command } from './command.js';
import { operate } from './operate.js';
import { SERVER_USAGE, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'cancel instances on a server',
  usage: `millrace cancel ID… --to URL [options]

  --reason TEXT    why; kept in the history
${SERVER_USAGE}

Exit code 1 when one is over already, 4 when the server refuses it.`,
  options: { ...serverOptions, reason: { type: 'string' } },
  run(ids, values, output) {
    const { reason } = values as { reason?: string };
    return operate('cancel', ids, reason === undefined ? {} : { reason }, values, output);
  },
};
