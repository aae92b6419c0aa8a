// A page of the elements as a site has it: one script, bundled and minified, beside pages of plain HTML, served on loopback.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export interface BundledPages {
  readonly origin: string;
  /** A folder that is removed at the end. */
  readonly folder: string;
  close(): void;
}

/** `pages`: path → what stands in its body. Each loads `script`, a path from the project's root. */
export async function servePages(script: string, pages: Readonly<Record<string, string>>): Promise<BundledPages> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-pages-'));
  await build({
    entryPoints: { script: resolve(import.meta.dirname, '../..', script) },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    outdir: folder,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname;
    const body = pages[path];
    response.setHeader('content-type', body === undefined ? 'text/javascript' : 'text/html');
    if (body === undefined) return void response.end(readFileSync(join(folder, path.slice(1))));
    response.end(`<!doctype html><html lang="en"><title>${path}</title><link rel="icon" href="data:,">
      <script type="module" src="/script.js"></script>${body}`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    close: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
