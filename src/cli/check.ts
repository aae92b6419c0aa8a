// `millrace check`: all diagnostics of definitions.
import {
  checkCalls,
  compile,
  FlowDefinitionError,
  FlowError,
  formatDiagnostic,
  hasErrors,
  sortDiagnostics,
  type FlowDefinition,
} from '../index.js';
import { EXIT, type Command } from './command.js';
import { loadDefinitions } from './load.js';

export const command: Command = {
  summary: 'check definitions: every error and warning',
  usage: `millrace check FILE… [--json]

Checks flow definitions (.json, or modules that export them) and lists everything found, also
in how the flows of these files call each other. Each code is explained in docs/diagnostics.md.

  --json    one JSON array: { file, flow, ok, diagnostics: [{ code, severity, ids, message, suggestion }] }

Exit code 1 when there is an error, 0 with warnings only.`,
  options: { json: { type: 'boolean' } },
  async run(files, { json }, { out }) {
    if (files.length === 0) throw new FlowError('CLI-USAGE', 'Name at least one file: millrace check FILE…');
    const given: { file: string; definition: FlowDefinition }[] = [];
    for (const file of files)
      for (const definition of (await loadDefinitions(file)).definitions) given.push({ file, definition });
    const compiled = await Promise.all(given.map(({ definition }) => compile(definition).catch(refused)));
    const flows = compiled.filter((flow) => 'plan' in flow);
    const results = given.map(({ file, definition }, i) => {
      const flow = compiled[i]!;
      const calls = 'plan' in flow ? checkCalls(flow, flows) : [];
      const diagnostics = sortDiagnostics([...flow.diagnostics, ...calls]);
      return { file, flow: definition.flow, ok: !hasErrors(diagnostics), diagnostics };
    });
    if (json) {
      out(JSON.stringify(results, null, 2));
    } else {
      for (const { file, flow, diagnostics } of results) {
        out(`${file}: ${flow}: ${diagnostics.length === 0 ? 'nothing found' : summary(diagnostics)}`);
        for (const diagnostic of diagnostics) out(`  ${diagnostic.severity.padEnd(7)} ${formatDiagnostic(diagnostic)}`);
      }
    }
    return results.every((r) => r.ok) ? EXIT.ok : EXIT.failed;
  },
};

function refused(error: unknown): FlowDefinitionError {
  if (error instanceof FlowDefinitionError) return error;
  throw error;
}

function summary(diagnostics: readonly { readonly severity: string }[]): string {
  const count = (severity: string): string => {
    const n = diagnostics.filter((d) => d.severity === severity).length;
    return n === 0 ? '' : `${n} ${severity}${n === 1 ? '' : 's'}`;
  };
  return [count('error'), count('warning')].filter(Boolean).join(', ');
}
