// A server of one's own for a test file: engine, flow service and gateway on free ports, with an API of instruments that note
// every call they get, and clients for people with roles.
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowDefinition, InstanceView, TaskView } from '../../src/index.js';
import { describedFetch } from './described.js';
import { readSettings, sha256, type ApiKey, type SettingsFile } from '../src/settings.js';
import { startServer, type RunningServer } from '../src/start.js';

export interface Answered<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Client {
  get<T = unknown>(path: string): Promise<Answered<T>>;
  post<T = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered<T>>;
  start(flow: string, input?: unknown, more?: object): Promise<InstanceView>;
  instance(id: string): Promise<InstanceView>;
  tasks(): Promise<readonly TaskView[]>;
}

export interface TestServer {
  readonly url: string;
  readonly folder: string;
  readonly server: RunningServer;
  /** May do everything. */
  readonly operator: Client;
  /** The client of somebody with these roles; the key exists from the start. */
  as(key: string): Client;
  keyOf(name: string): string;
  deploy(...flows: readonly FlowDefinition[]): Promise<void>;
  /** Calls that the instruments got, in order, with their idempotency keys. */
  calls(): readonly { readonly name: string; readonly key: string; readonly phase: 'begun' | 'done' }[];
  /** What the gateway has logged. */
  log(): readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

const PEOPLE: readonly (Omit<ApiKey, 'sha256'> & { readonly id: string })[] = [
  { id: 'operator', roles: ['operator'], delegate: true },
  { id: 'ada', roles: ['sales'] },
  { id: 'bob', roles: ['sales'] },
  { id: 'eve', roles: ['approver'] },
  { id: 'stranger', roles: [] },
  { id: 'warehouse', roles: ['agent:warehouse'] },
  { id: 'other-operator', roles: ['operator', 'sales'], tenant: 'other' },
];

/** Implementations of the test flows. They note their calls in a file, because they run in another process. */
const INSTRUMENTS = `
import { appendFileSync } from 'node:fs';
const note = (name, key, phase) => appendFileSync(process.env.MILLRACE_TEST_CALLS, JSON.stringify({ name, key, phase }) + '\\n');
const pause = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); });
});
export async function work(args, { activity, idempotencyKey, signal }) {
  note(activity, idempotencyKey, 'begun');
  await pause(Number(args.ms ?? 0), signal);
  note(activity, idempotencyKey, 'done');
  return { key: idempotencyKey, ...args };
}
export async function refuse(args, { activity, idempotencyKey }) {
  note(activity, idempotencyKey, 'begun');
  throw Object.assign(new Error('No stock.'), { code: 'NoStock', retryable: false });
}
export async function nothing(args, { idempotencyKey }) {
  return { key: idempotencyKey };
}
let left = 2;
export async function flaky(args, { activity, idempotencyKey }) {
  note(activity, idempotencyKey, 'begun');
  if (left-- > 0) throw new Error('Not yet.');
  return 'at last';
}
`;

export async function startTestServer({ engine, auth, ...rest }: SettingsFile = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-server-'));
  const [gateway, ingress, admin, node, service] = await freePorts(5);
  writeFileSync(join(folder, 'instruments.mjs'), INSTRUMENTS);
  const calls = join(folder, 'calls.jsonl');
  appendFileSync(calls, '');
  process.env['MILLRACE_TEST_CALLS'] = calls;
  const apiKeys = PEOPLE.map((p) => ({ ...p, sha256: sha256(keyOf(p.id)) }));
  const settings = readSettings({
    data: folder,
    gateway: { port: gateway! },
    engine: { ports: { ingress: ingress!, admin: admin!, node: node! }, ...engine },
    flowService: { port: service! },
    implementations: 'instruments.mjs',
    limits: { requestsPerMinute: 100_000 },
    logLevel: 'warn',
    ...rest,
    auth: { apiKeys, ...auth },
  });
  const printed = join(folder, 'printed.log');
  const output = openSync(printed, 'a');
  const server = await startServer(settings, () => {}, { output }).catch((error: unknown) => {
    throw new Error(readFileSync(printed, 'utf8'), { cause: error });
  });
  const as = (name: string): Client => clientOf(server.url, { 'x-api-key': keyOf(name) });
  const operator = as('operator');
  return {
    url: server.url,
    folder,
    server,
    operator,
    as,
    keyOf,
    async deploy(...flows) {
      for (const flow of flows) {
        const { status, body } = await operator.post('/v1/flows', flow);
        if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      }
    },
    calls: () =>
      readFileSync(calls, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as ReturnType<TestServer['calls']>[number]),
    log: () =>
      readFileSync(printed, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{"level":'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async close() {
      await server.stop();
      closeSync(output);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function keyOf(name: string): string {
  return `key-of-${name}`;
}

export function clientOf(url: string, credentials: Record<string, string>): Client {
  const fetch = describedFetch(url);
  const ask = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...credentials, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T, headers: response.headers };
  };
  const client: Client = {
    get: (path) => ask('GET', path),
    post: (path, body = {}, headers) => ask('POST', path, body, headers),
    async start(flow, input = {}, more = {}) {
      const { status, body } = await client.post<InstanceView>('/v1/instances', { flow, input, ...more });
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body;
    },
    instance: async (id) => (await client.get<InstanceView>(`/v1/instances/${encodeURIComponent(id)}`)).body,
    tasks: async () => (await client.get<readonly TaskView[]>('/v1/tasks')).body,
  };
  return client;
}

/** Waits until it holds, however slow the machine is; gives what it found. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeout = 90_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Waited ${timeout} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function untilStatus(client: Client, id: string, status: string): Promise<InstanceView> {
  return eventually(`${id} is ${status}`, async () => {
    const view = await client.instance(id);
    return view.status === status && view;
  });
}

export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
