// `millrace deploy`: sends definitions to a server.
import { FlowError } from '../index.js';
import { EXIT, type Command } from './command.js';
import { entryInWords } from './import.js';
import { loadDefinitions } from './load.js';
import { asking, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

interface Version {
  readonly flow: string;
  readonly version: string;
  readonly hash: string;
  readonly deployedAt: number;
}

export const command: Command = {
  summary: 'deploy definitions to a server',
  usage: `millrace deploy FILE… --to URL [options]

Deploys flow definitions (.json, .bpmn, or modules that export them). New instances start with what was deployed last;
running ones keep theirs. Lists the versions of each flow, newest first; what of a BPMN file does not come along as it
stands goes to standard error.

${SERVER_USAGE}

Exit code 1 when a definition has errors, 4 when the server refuses it; nothing after it is deployed.`,
  options: serverOptions,
  async run(files, values, output) {
    if (files.length === 0) throw new FlowError('CLI-USAGE', 'Name at least one file: millrace deploy FILE… --to URL');
    const { client } = serverOf(values);
    const loaded = await Promise.all(files.map(loadDefinitions));
    const deployed: (Version & { readonly versions: readonly Version[] })[] = [];
    const code = await asking(output, async () => {
      for (const definition of loaded.flatMap(({ definitions }) => definitions)) {
        const one = await client.ask<Version>({ method: 'POST', path: '/v1/flows', body: definition });
        const path = `/v1/flows/${encodeURIComponent(one.flow)}/versions`;
        deployed.push({ ...one, versions: await client.ask<readonly Version[]>({ path }) });
      }
      return EXIT.ok;
    });
    for (const entry of loaded.flatMap(({ report }) => report ?? [])) output.err(entryInWords(entry));
    // What came before a refusal has been deployed.
    if (values['json']) output.out(JSON.stringify(deployed, null, 2));
    for (const { flow, versions } of values['json'] ? [] : deployed) {
      output.out(`${flow}:`);
      for (const { version, hash, deployedAt } of versions)
        output.out(`  ${version.padEnd(10)} ${hash}  ${new Date(deployedAt).toISOString()}`);
    }
    return code;
  },
};
