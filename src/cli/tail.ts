// `millrace tail`: a line for every change, as it happens.
import { createRemoteHost } from '../hosts/remote/index.js';
import type { FlowError, InstanceView } from '../index.js';
import { EXIT, type Command } from './command.js';
import { asking, lineOf, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'follow instances on a server as they change',
  usage: `millrace tail [ID…] --to URL [options]

Prints a line for every change; comes back by itself when the server was away. With ids, it ends when all of them have
come to rest: with exit code 1 when one of them has not completed. Without, it ends with Ctrl-C. With exit code 4 when the server
refuses the caller, or does not know an instance.

${SERVER_USAGE}`,
  options: serverOptions,
  async run(ids, values, output) {
    const { url, credentials, client } = serverOf(values);
    return asking(output, async () => {
      // Wrong credentials and wrong ids are told now, not waited for for ever.
      await client.ask({ path: '/v1/me' });
      for (const id of ids) await client.ask({ path: `/v1/instances/${encodeURIComponent(id)}` });
      let end: () => void = () => {};
      let refuse: (error: FlowError) => void = () => {};
      const ended = new Promise<void>((resolve, reject) => ([end, refuse] = [resolve, reject]));
      const onRefused = (error: FlowError): void => refuse(error);
      const host = createRemoteHost({ url, ...credentials, outbox: false, onRefused });
      const ends = new Map<string, InstanceView>();
      const take = (view: InstanceView): void => {
        output.out(values['json'] ? JSON.stringify(view) : `${lineOf(view)}${doing(view)}`);
        if (view.status !== 'running' && ids.includes(view.id)) ends.set(view.id, view);
        if (ids.length > 0 && ends.size === new Set(ids).size) end();
      };
      try {
        if (ids.length === 0) host.watch(undefined, take);
        for (const id of new Set(ids)) host.watch(id, take);
        process.once('SIGINT', () => end());
        await ended;
      } finally {
        await host.close();
      }
      return [...ends.values()].every(({ status }) => status === 'completed') ? EXIT.ok : EXIT.failed;
    });
  },
};

/** What it is at. */
function doing({ activities, status }: InstanceView): string {
  if (status !== 'running') return '';
  const busy = Object.entries(activities).filter(([, { state }]) => state === 'running' || state === 'ready');
  return busy.length === 0 ? '' : `  ${busy.map(([id, { state }]) => `${id} ${state}`).join(', ')}`;
}
