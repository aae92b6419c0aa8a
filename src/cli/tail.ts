// `millrace tail`: a line for every change, as it happens.
import { createRemoteHost } from '../hosts/remote/index.js';
import type { InstanceView } from '../index.js';
import { EXIT, type Command } from './command.js';
import { lineOf, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'follow instances on a server as they change',
  usage: `millrace tail [ID…] --to URL [options]

Prints a line for every change; comes back by itself when the server was away. With ids, it ends when all of them have
come to rest: with exit code 1 when one of them has not completed. Without, it ends with Ctrl-C.

${SERVER_USAGE}`,
  options: serverOptions,
  async run(ids, values, { out }) {
    const { url, credentials, client } = serverOf(values);
    // Wrong credentials are told now, not tried again for ever.
    await client.ask({ path: '/v1/me' });
    const host = createRemoteHost({ url, ...credentials, outbox: false });
    try {
      const ends = new Map<string, InstanceView>();
      await new Promise<void>((resolve) => {
        const take = (view: InstanceView): void => {
          out(values['json'] ? JSON.stringify(view) : `${lineOf(view)}${doing(view)}`);
          if (view.status !== 'running' && ids.includes(view.id)) ends.set(view.id, view);
          if (ids.length > 0 && ends.size === new Set(ids).size) resolve();
        };
        if (ids.length === 0) host.watch(undefined, take);
        for (const id of new Set(ids)) host.watch(id, take);
        process.once('SIGINT', () => resolve());
      });
      return [...ends.values()].every(({ status }) => status === 'completed') ? EXIT.ok : EXIT.failed;
    } finally {
      await host.close();
    }
  },
};

/** What it is at. */
function doing({ activities, status }: InstanceView): string {
  if (status !== 'running') return '';
  const busy = Object.entries(activities).filter(([, { state }]) => state === 'running' || state === 'ready');
  return busy.length === 0 ? '' : `  ${busy.map(([id, { state }]) => `${id} ${state}`).join(', ')}`;
}
