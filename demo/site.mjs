// The demo site: Vite serves the pages and the sources, and passes /api on, so that page and API share an origin.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

export async function startSite({ port = 0, apiPort }) {
  const server = await createServer({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    clearScreen: false,
    cacheDir: fileURLToPath(new URL('../node_modules/.vite-demo', import.meta.url)),
    server: {
      host: '127.0.0.1',
      port,
      strictPort: port !== 0,
      fs: { allow: [fileURLToPath(new URL('..', import.meta.url))] },
      proxy: { '/api': `http://127.0.0.1:${apiPort}` },
      hmr: false,
    },
    // price.html is the example of the README as a site has it; here it is served from the sources.
    resolve: {
      alias: { '/dist/millrace.js': fileURLToPath(new URL('../components/index.ts', import.meta.url)) },
    },
    optimizeDeps: {
      entries: ['!(price).html'],
      include: [
        'lit',
        'lit/directives/repeat.js',
        'lit/directives/guard.js',
        'lit/directives/keyed.js',
        'lit/directives/unsafe-html.js',
        'xstate',
        'idb',
        'jsonata',
        '@cfworker/json-schema',
      ],
    },
  });
  await server.listen();
  return { port: server.httpServer.address().port, close: () => server.close() };
}
