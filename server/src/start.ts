// `npm run server`: engine, flow service and gateway on loopback, each kept running, until Ctrl-C.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineIdentity } from './engine/identity.js';
import { engineNode } from './engine/node.js';
import { isHealthy } from './engine/health.js';
import { endLeftOvers, forgetPids, notePids } from './left-overs.js';
import { readSettings, withFirstKey, type Settings } from './settings.js';
import { supervise, type ProcessSpec, type Supervised } from './supervisor.js';

export interface RunningServer {
  readonly url: string;
  /** Process ids by name: `engine`, `flow-service`, `gateway`. */
  pids(): Readonly<Record<string, number | undefined>>;
  stop(): Promise<void>;
}

const PATIENCE = 120_000;

/**
 * Starts everything and resolves when the gateway answers. `log` hears of processes that end; `output` is the file
 * descriptor for what they print. When `signal` aborts before that, or the gateway does not answer, it rejects, and what it
 * had started has gone.
 */
export async function startServer(
  settings: Settings,
  log: (line: string) => void,
  { output, signal }: { readonly output?: number; readonly signal?: AbortSignal } = {},
): Promise<RunningServer> {
  mkdirSync(settings.data, { recursive: true });
  const identity = settings.engine.start ? engineIdentity(settings.data) : undefined;
  const { publicKey } = identity ?? settings.engine;
  const engine = { ...settings.engine, ...(publicKey === undefined ? {} : { publicKey }) };
  const resolved = join(settings.data, 'settings.json');
  writeFileSync(resolved, JSON.stringify({ ...settings, engine }, null, 2), { mode: 0o600 });
  const env = { MILLRACE_CONFIG: resolved };
  const loader = new URL('../../scripts/setup/typescript.mjs', import.meta.url).href;
  const node = (file: string): { program: string; args: string[] } => ({
    program: process.execPath,
    args: ['--import', loader, join(import.meta.dirname, file)],
  });
  await endLeftOvers(settings.data);
  signal?.throwIfAborted();
  const pids = (): Record<string, number | undefined> =>
    Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));
  const printing = { ...(output === undefined ? {} : { output }), started: () => notePids(settings.data, pids()) };
  const processes: Supervised[] = [
    ...(identity ? [supervise({ ...engineProcess(settings, identity.file), ...printing }, log)] : []),
    supervise({ name: 'flow-service', ...node('flow-service/main.ts'), env, ...printing }, log),
    supervise({ name: 'gateway', ...node('gateway/main.ts'), env, ...printing }, log),
  ];
  const stop = async (): Promise<void> => {
    // The engine last, so that the others can say goodbye to it.
    for (const running of [...processes].reverse()) await running.stop();
    forgetPids(settings.data);
  };
  const url = `http://${settings.gateway.host}:${settings.gateway.port}`;
  try {
    await ready(settings, url, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pids, stop };
}

function engineProcess({ data, engine, tracing }: Settings, identity: string): ProcessSpec {
  return engineNode({ folder: data, ports: engine.ports, identity, ...(tracing === undefined ? {} : { tracing }) });
}

async function ready({ engine }: Settings, url: string, signal?: AbortSignal): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    signal?.throwIfAborted();
    if ((await isHealthy(engine.admin)) && (await answers(`${url}/ready`))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server did not answer at ${url} within ${PATIENCE / 1000} s; what it printed says why.`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

if (process.argv[1] === import.meta.filename) {
  // Whoever reads what is printed may go first; the processes must be stopped all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const { settings, key } = withFirstKey(readSettings());
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const { signal } = stopping;
  const server = await startServer(settings, (line) => console.error(line), { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    process.exit(1);
  });
  const stop = (): void => void server.stop().then(() => process.exit(0));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  console.info(`\nMillrace server: ${server.url}  (description: ${server.url}/openapi.json)`);
  if (key !== undefined) console.info(`API key, kept in ${join(settings.data, 'api-key')}: ${key}`);
  console.info(`Data: ${settings.data}. Stop with Ctrl-C.\n`);
}
