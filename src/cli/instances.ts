// `millrace instances`: what runs on a server, and what has run.
import type { InstanceView } from '../index.js';
import { EXIT, type Command } from './command.js';
import { asking, lineOf, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

const FILTERS = ['flow', 'status', 'key', 'started-by', 'role', 'limit'] as const;

export const command: Command = {
  summary: 'list instances on a server, newest first',
  usage: `millrace instances --to URL [options]

  --flow NAME         only of this flow
  --status LIST       running, completed, failed, cancelled; several with commas between them
  --key KEY           with this business key
  --started-by USER   started by this user
  --role ROLE         with an open task for this role
  --limit N           at most so many
${SERVER_USAGE}`,
  options: { ...serverOptions, ...Object.fromEntries(FILTERS.map((name) => [name, { type: 'string' as const }])) },
  async run(_, values, output) {
    const query = new URLSearchParams();
    for (const name of FILTERS) {
      const value = values[name];
      if (typeof value === 'string') query.set(name === 'started-by' ? 'startedBy' : name, value);
    }
    const { client } = serverOf(values);
    return asking(output, async () => {
      const found = await client.ask<readonly InstanceView[]>({ path: `/v1/instances?${query}` });
      if (values['json']) output.out(JSON.stringify(found, null, 2));
      else for (const view of found) output.out(lineOf(view));
      return EXIT.ok;
    });
  },
};
