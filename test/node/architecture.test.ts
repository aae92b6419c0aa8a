// Dependencies point one way. The folders and what they may import are data; every import of every file is checked.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { init, parse } from 'es-module-lexer';
import { transformSync } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** Folder → the folders it may import besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/expressions': ['src/model'],
  'src/compiler': ['src/model', 'src/expressions'],
  'src/engine': ['src/model', 'src/expressions', 'src/compiler'],
  'src/activities': ['src/model', 'src/expressions', 'src/engine'],
  'src/hosts': ['src/model', 'src/expressions', 'src/compiler', 'src/engine', 'src/activities'],
  'src/runtime': ['src/model', 'src/expressions', 'src/compiler', 'src/engine', 'src/activities', 'src/hosts'],
  src: ['src/model', 'src/expressions', 'src/compiler', 'src/engine', 'src/activities', 'src/hosts', 'src/runtime'],
  components: ['src', 'src/runtime'],
  stories: ['src', 'src/runtime', 'components'],
  demo: ['src', 'src/runtime', 'components'],
};
/** The only files of `src` that the outside may import. */
const FACES = ['src/index.ts', 'src/runtime/index.ts'];

interface Import {
  readonly file: string;
  readonly target: string;
}

async function importsOf(folder: string): Promise<readonly Import[]> {
  await init;
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && !f.endsWith('.d.ts'),
  );
  return files.flatMap((file) => {
    const path = join(root, folder, file);
    // Type-only imports are arrows too, so they must survive the transform.
    const source = readFileSync(path, 'utf8')
      .replace(/import type /g, 'import ')
      .replace(/export type \{/g, 'export {');
    const { code } = transformSync(source, {
      loader: 'ts',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    });
    const [found] = parse(code);
    return found
      .map((i) => i.specifier)
      .filter((name) => name?.startsWith('.'))
      .map((name) => ({
        file: toPosix(relative(root, path)),
        target: toPosix(relative(root, resolve(dirname(path), name!))).replace(/\.js$/, '.ts'),
      }));
  });
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
    for (const folder of ['src', 'components', 'stories', 'demo']) {
      for (const { file, target } of await importsOf(folder)) {
        const from = layerOf(file);
        const to = layerOf(target);
        seen++;
        if (from === undefined || to === undefined || from === to) continue;
        if (!ALLOWED[from]!.includes(to)) wrong.push(`${file} imports ${target}`);
        else if (!from.startsWith('src') && to.startsWith('src') && !FACES.includes(target)) {
          wrong.push(`${file} imports ${target}, which is no public face`);
        }
      }
    }
    assert.ok(seen > 150, `only ${seen} imports were found`);
    assert.deepEqual(wrong, []);
  });

  it('imports no test from anywhere else', async () => {
    const wrong: string[] = [];
    for (const folder of ['src', 'components', 'demo']) {
      for (const { file, target } of await importsOf(folder)) {
        if (/(^|\/)test\/|\.test\.ts$/.test(target)) wrong.push(`${file} imports ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});
