// The documents as folders: every block that is a file, or that TypeScript checks, with a configuration that finds the
// sources of Millrace under the names that the package exports.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { allBlocks, folderOf, root, workspace, type Block } from './blocks.js';

/** Name that a page imports → source file. */
export function entries(): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default?: string }>;
  };
  return new Map(
    Object.entries(exports).flatMap(([name, target]): [string, string][] =>
      // Files, and typings without a module.
      typeof target === 'string' || target.default === undefined
        ? []
        : [[`millrace${name.slice(1)}`, sourceOf(target.default)]],
    ),
  );
}

function sourceOf(built: string): string {
  const source = built.replace('./dist/', '').replace(/\.js$/, '.ts');
  return source === 'millrace.ts' ? 'components/index.ts' : source;
}

export function isScript({ language }: Block): boolean {
  return ['ts', 'js', 'tsx', 'jsx'].includes(language);
}

/** The file that a block becomes: its own name, or one made of its line. */
export function fileOf(block: Block): string {
  const { file, is } = block.attributes;
  const name = file ?? `line-${block.line}.${is === undefined ? block.language : 'ts'}`;
  return join(folderOf(block.document), name);
}

/** Writes everything anew; gives the blocks by their file, those that TypeScript checks first. */
export function writeWorkspace(): ReadonlyMap<string, Block> {
  rmSync(workspace, { recursive: true, force: true });
  const written = new Map<string, Block>();
  for (const block of allBlocks()) {
    const { file, is } = block.attributes;
    const isWanted = file !== undefined || is !== undefined || isScript(block);
    if (!isWanted || block.attributes['not-run'] !== undefined) continue;
    const path = fileOf(block);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, contentOf(block));
    written.set(path, block);
  }
  const paths = Object.fromEntries([...entries()].map(([name, file]) => [name, [`../../${file}`]]));
  mkdirSync(workspace, { recursive: true });
  writeFileSync(
    join(workspace, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: {
        paths,
        allowJs: true,
        checkJs: true,
        types: ['node', 'mocha'],
        isolatedModules: false,
      },
      include: ['**/*.ts', '**/*.tsx', '**/*.js'],
    }),
  );
  return written;
}

function contentOf(block: Block): string {
  const { is, given = '' } = block.attributes;
  if (is !== undefined) {
    const from =
      is === 'SettingsFile' ? relative(folderOf(block.document), join(root, 'server/src/settings.js')) : 'millrace';
    return `import type { ${is} } from '${from}';\nexport const value: ${is} =\n${block.code.trimEnd()};\n`;
  }
  if (!isScript(block)) return block.code;
  const declared = given
    .split(';')
    .filter((one) => one.trim() !== '')
    .map((one) => `declare const ${one.trim()};\n`);
  return `${declared.join('')}${block.code}\nexport {};\n`;
}
