// dist: one file per module with its types, and `millrace.js` for a page without a build step (its parts load on demand).
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { frameworkTypes } from './framework-types.mjs';
import { noticesFor } from './notices.mjs';
import { htmlData } from './html-data.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const tsc = spawnSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`],
  { stdio: 'inherit' },
);
if (tsc.status !== 0) process.exit(1);
// For completion in editors: `"$schema": "…/millrace/dist/flow.schema.json"`.
const { flowSchema } = await import(`${new URL('../dist/src/model/flow-schema.js', import.meta.url)}`);
writeFileSync(`${root}dist/flow.schema.json`, `${JSON.stringify(flowSchema, null, 2)}\n`);
const cem = spawnSync(process.execPath, [`${root}node_modules/@custom-elements-manifest/analyzer/cem.js`, 'analyze'], {
  stdio: 'inherit',
  cwd: root,
});
if (cem.status !== 0) process.exit(1);
const manifest = JSON.parse(readFileSync(`${root}custom-elements.json`, 'utf8'));
writeFileSync(`${root}dist/html-data.json`, `${JSON.stringify(htmlData(manifest), null, 2)}\n`);
mkdirSync(`${root}dist/frameworks`);
for (const [name, text] of Object.entries(frameworkTypes(manifest))) {
  writeFileSync(`${root}dist/frameworks/${name}.d.ts`, text);
  // Whoever imports the typings like any other module gets a page that builds.
  writeFileSync(`${root}dist/frameworks/${name}.js`, 'export {};\n');
}
const { metafile } = await build({
  entryPoints: {
    millrace: `${root}components/index.ts`,
    // Looked for beside the chunk that opens it.
    'isolated-thread': `${root}src/expressions/isolated-thread.ts`,
  },
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  sourcemap: true,
  metafile: true,
  target: 'es2022',
  outdir: `${root}dist`,
  chunkNames: 'millrace-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
writeFileSync(`${root}dist/THIRD-PARTY-NOTICES.txt`, noticesFor(metafile, root));
