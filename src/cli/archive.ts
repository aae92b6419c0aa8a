// `millrace archive`: an instance on a server as a file.
import { FlowError } from '../index.js';
import { EXIT, type Command } from './command.js';
import { asking, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'an instance on a server as JSON: definition, state, history',
  usage: `millrace archive ID --to URL [options] > FILE

Writes all of the instance to standard output; "millrace restore" takes it in, on this server or another one. It goes on where it
is: cancel it when it is to go on elsewhere.

${SERVER_USAGE}

Exit code 4 when the server refuses it.`,
  options: serverOptions,
  async run([id, ...others], values, output) {
    if (id === undefined || others.length > 0)
      throw new FlowError('CLI-USAGE', 'Name one instance: millrace archive ID > FILE');
    const { client } = serverOf(values);
    return asking(output, async () => {
      output.out(JSON.stringify(await client.ask({ path: `/v1/instances/${encodeURIComponent(id)}/archive` })));
      return EXIT.ok;
    });
  },
};
