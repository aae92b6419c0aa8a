// What each entry costs a page: its static import closure, minified and gzipped, from an esbuild metafile. Chunks that are
// loaded on demand count only where `lazy` names them (a part of a path; an empty one names all).
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const budgets = JSON.parse(readFileSync(new URL('../bench/budgets.json', import.meta.url), 'utf8'));
const entries = {
  'flow-button (at load)': { from: 'components/flow-button/define.ts' },
  'process-button (at load)': { from: 'components/process-button/define.ts' },
  'process-status (at load)': { from: 'components/process-status/define.ts' },
  'flow-graph (at load)': { from: 'components/flow-graph/define.ts' },
  'flow-inspector (at load)': { from: 'components/flow-inspector/define.ts' },
  'inspector-panel (at load)': { from: 'components/inspector-panel/define.ts' },
  'flow-activity (at load)': { from: 'components/flow-activity/define.ts' },
  'process-tasks (at load)': { from: 'components/process-tasks/define.ts' },
  'task-form (at load)': { from: 'components/task-form/define.ts' },
  'flow-provider (at load)': { from: 'components/flow-provider/define.ts' },
  'autoload (at load)': { from: 'components/autoload.ts' },
  'components (all, at load)': { from: 'components/index.ts' },
  'runtime (at load)': { from: 'src/runtime/index.ts' },
  'engine (runs compiled flows; easy expressions)': { from: ['src/hosts/index.ts', 'src/activities/index.ts'] },
  'engine (runs compiled flows; with jsonata)': {
    from: ['src/hosts/index.ts', 'src/activities/index.ts'],
    lazy: ['node_modules/jsonata/'],
  },
  'engine and compiler (with jsonata)': { from: 'src/index.ts', lazy: ['node_modules/jsonata/', 'src/compiler/'] },
  'engine and compiler (without jsonata)': { from: 'src/index.ts', lazy: ['src/compiler/'] },
  'everything without a page (also schema validation)': { from: 'src/index.ts', lazy: [''] },
  'worker (either side)': { from: 'src/activities/worker.ts' },
  'remote host (with its outbox)': { from: 'src/hosts/remote/index.ts', lazy: ['node_modules/idb/'] },
  'pictures of flows (at load)': { from: 'src/inspect/index.ts' },
  'test kit (at load)': { from: 'src/testing/index.ts' },
  'BPMN import (with its XML reader)': { from: 'src/bpmn/index.ts' },
  'BPMN import (also FEEL, JUEL … and broken rules)': {
    from: 'src/bpmn/index.ts',
    lazy: ['src/bpmn/expressions/', 'src/bpmn/rules/'],
  },
  'browser host (with all of the above)': { from: 'src/hosts/browser/index.ts', lazy: [''] },
};

/** Entries that run in Node when a site is built; no page loads them. */
const BUILD_TIME = new Set(['src/vite/index.ts']);
/** The same as `components`, bundled. */
const BUNDLE = 'millrace.ts';

// A new entry of the package is a new promise about its size.
const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const measured = new Set(Object.values(entries).flatMap(({ from }) => from));
for (const { default: file } of Object.values(exports)) {
  // Typings, beside which there is an empty module.
  if (!file?.endsWith('.js') || file.startsWith('./dist/frameworks/')) continue;
  const source = file.replace('./dist/', '').replace(/\.js$/, '.ts');
  if (!measured.has(source) && !BUILD_TIME.has(source) && source !== BUNDLE)
    throw new Error(`package.json exports ${file}: measure ${source} in scripts/size.mjs too.`);
}

const rows = [];
for (const [name, { from, lazy = [] }] of Object.entries(entries)) {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents: [from]
        .flat()
        .map((file) => `export * from './${file}';`)
        .join('\n'),
      resolveDir: '.',
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    metafile: true,
    write: false,
    outdir: 'out',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  const texts = new Map(outputFiles.map((f) => [f.path.replaceAll('\\', '/').split('/out/').pop(), f.contents]));
  const closure = new Set();
  const add = (path) => {
    if (closure.has(path)) return;
    closure.add(path);
    for (const { path: next, kind } of metafile.outputs[path].imports) {
      const inputs = Object.keys(metafile.outputs[next].inputs);
      if (kind === 'import-statement' || lazy.some((part) => inputs.some((input) => input.includes(part)))) add(next);
    }
  };
  add('out/stdin.js');
  const files = [...closure].map((path) => texts.get(path.slice(4)));
  const gzip = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0) / 1024;
  const min = files.reduce((sum, file) => sum + file.length, 0) / 1024;
  const budget = budgets.gzipKiB[name];
  rows.push({
    name,
    minKiB: round(min),
    gzipKiB: round(gzip),
    budgetKiB: budget ?? null,
    ok: budget === undefined || gzip <= budget,
  });
}

if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2));
else {
  console.log('entry'.padEnd(48), 'min KiB'.padStart(8), 'gzip KiB'.padStart(8), 'budget'.padStart(8));
  for (const r of rows)
    console.log(
      r.name.padEnd(48),
      String(r.minKiB).padStart(8),
      String(r.gzipKiB).padStart(8),
      String(r.budgetKiB ?? '-').padStart(8),
      r.ok ? '' : 'TOO LARGE',
    );
}
process.exitCode = rows.every((r) => r.ok) ? 0 : 1;

function round(n) {
  return Math.round(n * 10) / 10;
}
