// Dependencies point one way. The folders and what they may import are data; every import of every file is checked.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { init, parse } from 'es-module-lexer';
import { transformSync } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

const BELOW_RUNTIME = ['src/model', 'src/expressions', 'src/compiler', 'src/engine', 'src/activities', 'src/hosts'];

/** Folder → the folders it may import besides itself. A folder that is not here has no place in the architecture yet. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/expressions': ['src/model'],
  'src/builder': ['src/model'],
  'src/compiler': ['src/model', 'src/expressions'],
  'src/engine': ['src/model', 'src/expressions', 'src/compiler'],
  'src/activities': ['src/model', 'src/expressions', 'src/engine'],
  'src/hosts': ['src/model', 'src/expressions', 'src/compiler', 'src/engine', 'src/activities'],
  'src/runtime': [...BELOW_RUNTIME, 'src/bpmn'],
  'src/bpmn': ['src/model'],
  'src/vite': ['src'],
  'src/inspect': ['src/model', 'src/builder', 'src/compiler', 'src/engine', 'src/hosts'],
  'src/testing': ['src/model', 'src/compiler', 'src/activities', 'src/hosts'],
  'src/cli': ['src', 'src/hosts', 'src/testing', 'src/inspect', 'src/bpmn'],
  src: [...BELOW_RUNTIME, 'src/builder', 'src/runtime', 'src/bpmn'],
  components: ['src', 'src/runtime', 'src/inspect'],
  server: ['src', 'src/hosts'],
  inspection: ['src', 'src/inspect'],
  stories: ['src', 'src/runtime', 'src/inspect', 'components', 'src/bpmn'],
  demo: ['src', 'src/runtime', 'src/inspect', 'components', 'src/bpmn'],
};
const ROOTS = [...new Set(Object.keys(ALLOWED).map((folder) => folder.split('/')[0]!))];
/** The only files of `src` that the outside may import. */
const FACES = [
  'src/index.ts',
  'src/runtime/index.ts',
  'src/inspect/index.ts',
  'src/bpmn/index.ts',
  'src/vite/index.ts',
  'src/testing/index.ts',
  'src/hosts/kit.ts',
  'src/hosts/remote/index.ts',
  // What the inspector has at once, and what it loads when a view is opened: a face each, so that each is a chunk.
  'src/inspect/live.ts',
  'src/inspect/code/index.ts',
  'src/inspect/draft.ts',
  'src/inspect/evaluations.ts',
  'src/inspect/exported.ts',
  'src/inspect/lay-out-aside.ts',
  'src/inspect/redacted.ts',
  'src/inspect/protocol/index.ts',
  'src/inspect/replay.ts',
  'src/inspect/svg-happenings.ts',
  'src/inspect/svg-sequence.ts',
  'src/inspect/timeline.ts',
  'src/inspect/walk.ts',
  'src/inspect/why.ts',
];

interface Import {
  readonly file: string;
  readonly target: string;
}

async function importsOf(folder: string): Promise<readonly Import[]> {
  await init;
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.m?ts$|\.mjs$/.test(file) && !/\.test\.ts$|\.d\.m?ts$|(^|[\\/])node_modules[\\/]/.test(file),
  );
  return files.flatMap((file) => {
    const path = join(root, folder, file);
    return specifiersOf(readFileSync(path, 'utf8'))
      .filter((name) => name.startsWith('.'))
      .map((name) => ({
        file: toPosix(relative(root, path)),
        target: toPosix(relative(root, resolve(dirname(path), name))).replace(/\.js$/, '.ts'),
      }));
  });
}

/** Type-only imports are arrows too, so they must survive the transform; `import('…').Type` does not. */
function specifiersOf(source: string): readonly string[] {
  const kept = source.replace(/\b(import|export) type (?=[\w{*])/g, (all, word: string, at: number) =>
    word === 'export' && /\w/.test(source[at + all.length]!) ? all : `${word} `,
  );
  const { code } = transformSync(kept, {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const [found] = parse(code);
  const queries = [...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((match) => match[1]!);
  return [...new Set([...found.flatMap(({ specifier }) => specifier ?? []), ...queries])];
}

function toPosix(path: string): string {
  return path.replaceAll('\\', '/');
}

function layerOf(file: string): string | undefined {
  return Object.keys(ALLOWED)
    .filter((folder) => (folder === 'src' ? posix.dirname(file) === 'src' : file.startsWith(`${folder}/`)))
    .sort((a, b) => b.length - a.length)[0];
}

describe('the architecture', () => {
  it('has no import against the direction of its layers', async () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const { file, target } of (await Promise.all(ROOTS.map(importsOf))).flat()) {
      const from = layerOf(file);
      const to = layerOf(target);
      seen++;
      if (from === undefined) wrong.push(`${file} lies in no layer`);
      else if (target.endsWith('.test.ts')) wrong.push(`${file} imports the test ${target}`);
      else if (from === to) continue;
      else if (to === undefined || !ALLOWED[from]!.includes(to)) wrong.push(`${file} imports ${target}`);
      else if (!from.startsWith('src') && to.startsWith('src') && !FACES.includes(target)) {
        wrong.push(`${file} imports ${target}, which is no public face`);
      }
    }
    assert.ok(seen > 150, `only ${seen} imports were found`);
    assert.deepEqual(wrong, []);
  });

  it('has layers without a cycle', () => {
    const done = new Set<string>();
    const visit = (folder: string, path: readonly string[]): void => {
      assert.ok(!path.includes(folder), `${[...path, folder].join(' → ')} is a cycle`);
      if (done.has(folder)) return;
      for (const below of ALLOWED[folder] ?? []) visit(below, [...path, folder]);
      done.add(folder);
    };
    for (const folder of Object.keys(ALLOWED)) visit(folder, []);
  });

  // Turbopack never comes to an end with such a circle.
  it('lets no thread come upon the file that opens it', async () => {
    await init;
    const reached = new Set(['src/expressions/isolated-thread.ts', 'src/inspect/layout-thread.ts']);
    for (const file of reached) {
      const source = readFileSync(join(root, file), 'utf8');
      assert.ok(!/\bnew Worker\(/.test(source), `${[...reached].join(', ')} open a thread`);
      const [imports] = parse(transformSync(source, { loader: 'ts' }).code);
      for (const { specifier } of imports)
        if (specifier?.startsWith('.')) reached.add(posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts'));
    }
    assert.ok(reached.size > 5, 'imports were followed');
  });

  it('sees every way to import', () => {
    const source = `
      import { a } from './value.js';
      import type { B } from './type.js';
      import { type C } from './inline-type.js';
      export type { D } from './exported-type.js';
      export type * from './all-types.js';
      export type Local = import('./query.js').E;
      const later = () => import('./dynamic.js');
      import './effect.js';`;
    const names = ['value', 'type', 'inline-type', 'exported-type', 'all-types', 'query', 'dynamic', 'effect'];
    assert.deepEqual([...specifiersOf(source)].sort(), names.map((name) => `./${name}.js`).sort());
  });
});
