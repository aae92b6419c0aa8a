// The HTML and CSS blocks as pages: served from the workspace with the sources of Millrace under the package's names, and with
// the demo's API behind /api.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { blocksOf, folderOf, root, workspace, type Block } from './blocks.js';
import { entries, writeWorkspace } from './workspace.js';

export interface Pages {
  /** Address of a block's page. */
  urlOf(block: Block): string;
  close(): Promise<void>;
}

export async function servePages(apiPort: number): Promise<Pages> {
  writeWorkspace();
  const aliases = [...entries()].map(([name, file]) => ({
    find: new RegExp(`^${name}$`),
    replacement: join(root, file),
  }));
  const server = await createServer({
    configFile: false,
    root: workspace,
    logLevel: 'error',
    cacheDir: join(root, 'node_modules/.vite-documents'),
    server: {
      host: '127.0.0.1',
      port: 0,
      fs: { allow: [root] },
      proxy: { '/api': `http://127.0.0.1:${apiPort}` },
      hmr: false,
    },
    // `<script src="…/millrace.js">`, as a site has it that uses no bundler.
    resolve: { alias: [...aliases, { find: /^.*\/millrace\.js$/, replacement: join(root, 'components/index.ts') }] },
    optimizeDeps: {
      noDiscovery: true,
      include: [
        'lit',
        'lit/directives/repeat.js',
        'xstate',
        'idb',
        'jsonata',
        '@cfworker/json-schema',
        '@lit/reactive-element',
      ],
    },
  });
  await server.listen();
  return { urlOf: (block) => write(block, server), close: () => server.close() };
}

function write(block: Block, server: ViteDevServer): string {
  const name = block.attributes['file'] ?? `line-${block.line}.html`;
  const file = join(folderOf(block.document), name);
  mkdirSync(dirname(file), { recursive: true });
  // A document may show several versions of a file.
  writeFileSync(file, block.attributes['file'] ? block.code : pageOf(block));
  const { port } = server.httpServer!.address() as { port: number };
  return `http://127.0.0.1:${port}/${relative(workspace, file).replaceAll('\\', '/')}`;
}

/** A fragment becomes a page with the elements, and with the flows that its document has shown before. */
function pageOf(block: Block): string {
  const flows = blocksOf(block.document)
    .filter(({ line, language, code }) => line < block.line && language === 'json' && /^\s*{[^]*"flow":/.test(code))
    .map(({ code }) => `<script type="application/flow+json">${code}</script>`);
  const elements = `<script type="module">import 'millrace/components/autoload';</script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Example</title><link rel="icon" href="data:,">
${flows.join('\n')}${elements}</head><body>
${block.code}</body></html>`;
}
