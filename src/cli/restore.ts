// `millrace restore`: takes archived instances in at a server.
import { readFile } from 'node:fs/promises';
import { FlowError, type InstanceView } from '../index.js';
import { EXIT, type Command } from './command.js';
import { parseJson } from './load.js';
import { asking, lineOf, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'take archived instances in at a server',
  usage: `millrace restore FILE… --to URL [options]

Takes in what "millrace archive" or a page has written; each goes on there from where it was. The version that it keeps to must have
been deployed.

${SERVER_USAGE}

Exit code 4 when the server refuses one; those after it are not sent.`,
  options: serverOptions,
  async run(files, values, output) {
    if (files.length === 0) throw new FlowError('CLI-USAGE', 'Name at least one file: millrace restore FILE…');
    const { client } = serverOf(values);
    for (const file of files) {
      const body = parseJson(await textOf(file), file);
      const code = await asking(output, async () => {
        const view = await client.ask<InstanceView>({ method: 'POST', path: '/v1/archives', body });
        output.out(values['json'] ? JSON.stringify(view) : lineOf(view));
        return EXIT.ok;
      });
      if (code !== EXIT.ok) return code;
    }
    return EXIT.ok;
  },
};

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowError('CLI-FILE', `${file} cannot be read: ${(cause as Error).message}`, {}, { cause });
  }
}
