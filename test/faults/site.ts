// The site of the fault suite: the page with the bundled host, an empty page that reads the database, and the API, which writes
// down every call it gets. The API is slow now and then, busy now and then, and refuses what is called `Refused`.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { randomFrom, type Call } from './protocol.js';

export interface Site {
  readonly url: string;
  readonly calls: Call[];
  /** Resolves when the API has got so many more calls. */
  afterCalls(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Longest time that the API takes, ms. */
const SLOW = 60;
/** How often it is busy (503). */
const BUSY = 0.05;

const page = (script: string): string =>
  `<!doctype html><title>Faults</title><link rel="icon" href="data:,">${script && `<script type="module" src="/${script}.js"></script>`}`;
const PAGES: Readonly<Record<string, string>> = {
  '/': page('tab'),
  '/dump': page('dump'),
  '/crowd': page('crowd'),
  '/empty': page(''),
};

export async function startSite(seed: number): Promise<Site> {
  const scripts: Readonly<Record<string, string>> = {
    '/tab.js': await bundled('./tab.ts'),
    '/dump.js': await bundled('./dump.ts'),
    '/crowd.js': await bundled('./crowd.ts'),
  };
  const random = randomFrom(seed);
  const calls: Call[] = [];
  let waiting: { at: number; reached: () => void }[] = [];
  const note = (call: Call): void => {
    calls.push(call);
    for (const { reached } of waiting.filter(({ at }) => at <= calls.length)) reached();
    waiting = waiting.filter(({ at }) => at > calls.length);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url!.split('?')[0]!;
    const [script, html] = [scripts[path], PAGES[path]];
    if (script !== undefined || html !== undefined) {
      const type = script === undefined ? 'text/html' : 'text/javascript';
      return void response.writeHead(200, { 'content-type': type }).end(script ?? html);
    }
    const call = { activity: path.slice(5), key: String(request.headers['idempotency-key']) };
    note({ ...call, phase: 'received' });
    const status = random() < BUSY ? 503 : call.activity === 'Refused' ? 409 : 200;
    await new Promise((resolve) => setTimeout(resolve, random() ** 3 * SLOW));
    note({ ...call, phase: 'answered', status });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`,
    calls,
    afterCalls: (count) => new Promise((reached) => waiting.push({ at: calls.length + count, reached })),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
