// `millrace migrate`: moves instances on a server to another version of their flow, or says why they cannot.
import { FlowError, type Json, type JsonObject } from '../index.js';
import type { MigrationPlan } from '../hosts/index.js';
import { EXIT, type Command } from './command.js';
import { parseJson } from './load.js';
import { asking, SERVER_USAGE, serverOf, serverOptions } from './server-options.js';

export const command: Command = {
  summary: 'move instances on a server to another version of their flow',
  usage: `millrace migrate ID… --to URL [options]

Moves instances to the version that was deployed last, from where they are. All or nothing for each of them: what has no place
there is told, and then it stays as it is.

  --version HASH      another deployed version; "millrace deploy" lists them
  --activities JSON   activities that have another id there: {"old": "new"}
  --dry-run           only say what would happen
  --reason TEXT       why; kept in the history
${SERVER_USAGE}

Exit code 1 when one cannot be moved, 4 when the server refuses it.`,
  options: {
    ...serverOptions,
    version: { type: 'string' },
    activities: { type: 'string' },
    reason: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  async run(ids, values, output) {
    if (ids.length === 0) throw new FlowError('CLI-USAGE', 'Name at least one instance: millrace migrate ID…');
    const { version: to, activities, reason } = values as { version?: string; activities?: string; reason?: string };
    const { client } = serverOf(values);
    const dryRun = values['dry-run'] === true;
    const body: JsonObject = {
      ...(to === undefined ? {} : { to }),
      ...(activities === undefined ? {} : { activities: parseJson(activities, '--activities') as Json }),
    };
    let first: number = EXIT.ok;
    for (const id of ids) {
      const path = `/v1/instances/${encodeURIComponent(id)}/migrate`;
      const code = await asking(output, async () => {
        // Asked first, so that what is not possible is a list of reasons and no refusal.
        const plan = await client.ask<MigrationPlan>({ method: 'POST', path, body: { ...body, dryRun: true } });
        if (plan.isPossible && !dryRun) {
          const wanted = { ...body, to: plan.to, ...(reason === undefined ? {} : { reason }) };
          await client.ask({ method: 'POST', path, body: wanted, key: crypto.randomUUID() });
        }
        if (values['json']) output.out(JSON.stringify(plan));
        else describe(plan, dryRun, output.out, output.err);
        return plan.isPossible ? EXIT.ok : EXIT.failed;
      });
      if (first === EXIT.ok) first = code;
    }
    return first;
  },
};

function describe(
  { instance, isPossible, from, to, moves, refused, notes }: MigrationPlan,
  dryRun: boolean,
  out: (line: string) => void,
  err: (line: string) => void,
): void {
  if (!isPossible) {
    err(`${instance} stays as it is:`);
    for (const { code, message } of refused) err(`  ${code} ${message}`);
    return;
  }
  out(`${instance} ${dryRun ? 'can be moved' : 'moved'} from ${from} to ${to}`);
  for (const { token, from: old, to: other } of moves) out(`  ${token}  ${old}${other === old ? '' : ` → ${other}`}`);
  for (const note of notes) out(`  ${note}`);
}
