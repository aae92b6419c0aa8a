// `npm run server -- connector [NAME[.ACTION]] [ARGUMENTS]`: a connector tried alone. Without a name: what there is; with a
// name: its actions and a test of the connection; with an action: a call.
import { randomUUID } from 'node:crypto';
import { FlowError, type JsonObject } from '../../../src/index.js';
import { readSettings, type Settings } from '../settings.js';
import { callAction, connect, KINDS } from './connectors.js';

const PATIENCE = 30_000;

export async function tryConnector(
  settings: Settings,
  [target, json = '{}']: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { connectors, folder } = settings;
  if (target === undefined) {
    print('Kinds:');
    for (const [kind, { summary }] of Object.entries(KINDS)) print(`  ${kind.padEnd(10)} ${summary}`);
    print('In a page: npm run server -- connector page');
    print('Configured (under "connectors" in the settings):');
    for (const [name, { kind }] of Object.entries(connectors)) print(`  ${name.padEnd(10)} ${kind}`);
    return;
  }
  const name = Object.keys(connectors).find((one) => target === one || target.startsWith(`${one}.`));
  if (name === undefined) {
    const known = Object.keys(connectors).join(', ') || 'none';
    throw new FlowError('FLOW-SETTINGS', `There is no connector "${target}" in the settings; there are: ${known}.`);
  }
  const connected = await connect(name, connectors[name]!, folder);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const action = target.slice(name.length + 1);
    if (action !== '') {
      if (!connected.actions[action])
        throw new FlowError(
          'FLOW-SETTINGS',
          `"${name}" has no action "${action}"; npm run server -- connector ${name}`,
        );
      const args = argumentsOf(json);
      const result = await callAction(name, connected, action, args, { signal, idempotencyKey: `try/${randomUUID()}` });
      print(JSON.stringify(result ?? null, null, 2));
      return;
    }
    for (const [id, { summary, effect, arguments: schema }] of Object.entries(connected.actions)) {
      print(`${name}.${id}  (${effect}) ${summary}`);
      print(`  ${JSON.stringify(schema)}`);
    }
    print(`test: ${await connected.test(signal)}`);
  } finally {
    await connected.close();
  }
}

function argumentsOf(json: string): JsonObject {
  try {
    return JSON.parse(json) as JsonObject;
  } catch (cause) {
    const { message } = cause as Error;
    throw new FlowError(
      'FLOW-ARGUMENTS',
      `The arguments are no JSON: ${message}. Try '{"name": "value"}'.`,
      {},
      { cause },
    );
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    await tryConnector(readSettings(), process.argv.slice(2), (line) => console.log(line));
  } catch (error) {
    console.error(error instanceof FlowError ? `${error.code}: ${error.message}` : error);
    process.exitCode = 1;
  }
}
