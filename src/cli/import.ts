// `millrace import`: a BPMN 2.0 file as flow definitions.
import { readFile } from 'node:fs/promises';
import { importBpmn, type ReportEntry } from '../bpmn/index.js';
import { FlowError } from '../index.js';
import { EXIT, type Command } from './command.js';

export const command: Command = {
  summary: 'BPMN 2.0 as flow definitions, with a report',
  usage: `millrace import FILE.bpmn [options]

Writes the flow definition, or a list of them, to standard output, and every element that does not come along
as it stands to standard error. docs/bpmn.md says what runs and what is reported.

  --json            { "definitions": […], "report": [{ id, kind, line, outcome, consequence }] } to standard output
  --rules report    import a file that breaks rules of the standard as far as it can be

Exit code 2 when the file is refused.`,
  options: { json: { type: 'boolean' }, rules: { type: 'string' } },
  async run([file], { json, rules }, { out, err }) {
    if (file === undefined) throw new FlowError('CLI-USAGE', 'Name a file: millrace import FILE.bpmn');
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new FlowError('CLI-FILE', `${file} cannot be read: ${(cause as Error).message}`, {}, { cause });
    });
    const { definitions, report } = await importBpmn(bytes, { rules: rules === 'report' ? 'report' : 'reject' });
    if (json) {
      out(JSON.stringify({ definitions, report }, null, 2));
      return EXIT.ok;
    }
    out(JSON.stringify(definitions.length === 1 ? definitions[0] : definitions, null, 2));
    for (const entry of report) err(entryInWords(entry));
    return EXIT.ok;
  },
};

export function entryInWords({ line, outcome, kind, id, name, consequence }: ReportEntry): string {
  return `${line === undefined ? '' : `line ${line}: `}${outcome}: ${kind} ${name === undefined ? id : `"${name}" (${id})`}: ${consequence}`;
}
