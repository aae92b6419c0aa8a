// `millrace export`: flow definitions as BPMN 2.0.
import { readFile } from 'node:fs/promises';
import { exportBpmn } from '../bpmn/index.js';
import { FlowError } from '../index.js';
import { EXIT, type Command } from './command.js';
import { loadDefinitions } from './load.js';

export const command: Command = {
  summary: 'flow definitions as BPMN 2.0 with a diagram',
  usage: `millrace export FILE [options]

Writes the definitions of FILE (.json, or a module that exports them) as one BPMN 2.0 file to standard output.

  --original FILE.bpmn   the file they were imported from: its diagram, extensions and notes are kept`,
  options: { original: { type: 'string' } },
  async run([file], { original }, { out }) {
    if (file === undefined) throw new FlowError('CLI-USAGE', 'Name a file: millrace export FILE');
    const { definitions } = await loadDefinitions(file);
    const kept = typeof original === 'string' ? await bytesOf(original) : undefined;
    out(await exportBpmn(definitions, kept === undefined ? {} : { original: kept }));
    return EXIT.ok;
  },
};

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new FlowError('CLI-FILE', `${file} cannot be read: ${(cause as Error).message}`, {}, { cause });
  }
}
