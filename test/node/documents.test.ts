// The documents say what is so: every link leads somewhere, every code block is what it says. How blocks are marked:
// test/documents/blocks.ts. Pages (html, css) are opened by test/e2e/documents.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { checkDefinition, type ActivityDefinition, type FlowDefinition, type FlowKind } from '../../src/index.js';
import {
  allBlocks,
  blocksOf,
  documents,
  folderOf,
  placeOf,
  root,
  textOf,
  workspace,
  type Block,
} from '../documents/blocks.js';
import { faultsIn } from '../documents/shell.js';
import { fileOf, isScript, writeWorkspace } from '../documents/workspace.js';

const blocks = allBlocks();
const tsx = import.meta.resolve('tsx');

describe('the documents', () => {
  let files: ReadonlyMap<string, Block>;

  before(() => {
    files = writeWorkspace();
    // `millrace` as somebody has it who has installed the package.
    const bin = join(workspace, 'bin/millrace');
    mkdirSync(dirname(bin), { recursive: true });
    writeFileSync(
      bin,
      `#!/bin/sh\nexec "${process.execPath}" --import "${tsx}" "${join(root, 'src/cli/bin.ts')}" "$@"\n`,
    );
    chmodSync(bin, 0o755);
  });

  it('have blocks in known languages, and a reason where one cannot run', () => {
    const known = ['ts', 'js', 'tsx', 'json', 'jsonc', 'html', 'css', 'sh', 'text', 'xml'];
    for (const block of blocks) {
      assert.ok(known.includes(block.language), `${placeOf(block)}: the language "${block.language}" is not checked`);
      const reason = block.attributes['not-run'];
      if (reason !== undefined) assert.ok(reason.length > 15, `${placeOf(block)}: say why it cannot run`);
    }
  });

  it('have links that lead to a file or a heading', () => {
    const lost: string[] = [];
    for (const document of documents()) {
      for (const [, target] of withoutCode(textOf(document)).matchAll(/\]\(<?([^)\s>]+)>?\)/g)) {
        if (/^[a-z]+:/.test(target!)) continue;
        const [path, anchor] = target!.split('#', 2);
        const file = path === '' ? document : join(dirname(document), path!);
        if (!existsSync(join(root, file))) lost.push(`${document}: ${target}`);
        else if (anchor && file.endsWith('.md') && !anchorsOf(file).has(anchor)) lost.push(`${document}: ${target}`);
      }
    }
    assert.deepEqual(lost, []);
  });

  it('have flows that compile without an error', async () => {
    for (const block of blocks.filter(isJson)) {
      const { is } = block.attributes;
      const value = read(block) as { flow?: unknown };
      const flow = is === undefined ? value : around(is, value);
      if (flow?.flow === undefined) continue;
      const errors = (await checkDefinition(flow as FlowDefinition)).filter(({ severity }) => severity === 'error');
      const expected = block.attributes['errors']?.split(' ') ?? [];
      const unexpected = errors.filter(({ code }) => !expected.includes(code));
      assert.deepEqual(unexpected, [], placeOf(block));
      assert.equal(errors.length >= expected.length, true, `${placeOf(block)}: ${expected.join(' ')}`);
    }
  });

  it('have JSON that is a flow, or says what it is', () => {
    for (const block of blocks.filter(isJson)) {
      const value = read(block) as { flow?: unknown } | undefined;
      const isMarked = block.attributes['is'] !== undefined || block.attributes['file'] !== undefined;
      assert.ok(isMarked || value?.flow !== undefined, `${placeOf(block)}: mark it with is="…" or file="…"`);
    }
  });

  it('have TypeScript, and pieces of JSON, with the right types', () => {
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', workspace, '--pretty', 'false'],
      {
        encoding: 'utf8',
        cwd: workspace,
      },
    );
    const faults = stdout.split('\n').flatMap((line) => {
      const [, path = '', text = line] = /^([^(\s]+)\(\d+,\d+\): (.*)$/.exec(line) ?? [];
      const block = files.get(join(workspace, path));
      if (block) return [`${placeOf(block)}: ${text}`];
      // The sources have a check of their own; packages of the server need not be installed.
      return text.includes('error TS') && path === '' ? [line] : [];
    });
    assert.deepEqual(faults, []);
    assert.ok(files.size > 10);
  });

  it('have commands that exist', async () => {
    for (const block of blocks.filter(({ language }) => language === 'sh'))
      assert.deepEqual(await faultsIn(block), [], placeOf(block));
  });

  for (const document of documents()) {
    const all = blocksOf(document);
    for (const [i, block] of all.entries()) {
      if (!block.words.has('run')) continue;
      it(`have an example at ${placeOf(block)} that runs and prints what the document says`, () => {
        const printed = block.language === 'sh' ? runShell(block) : runScript(block);
        const next = all[i + 1];
        if (next?.words.has('output')) assert.equal(printed.trim(), next.code.trim());
      });
    }
  }
});

function isJson({ language }: Block): boolean {
  return language === 'json' || language === 'jsonc';
}

function read(block: Block): unknown {
  const code = block.language === 'jsonc' ? block.code.replaceAll(/(?<=[\s,{[])\/\/.*$/gm, '') : block.code;
  try {
    return JSON.parse(code);
  } catch (error) {
    assert.fail(`${placeOf(block)}: ${(error as Error).message}`);
  }
}

/** The smallest flow around a piece of one. Undefined for what is no piece of a flow, which only the types check. */
function around(is: string, value: unknown): FlowDefinition | undefined {
  const base = { flow: 'example', kind: 'process' as FlowKind };
  const listed = (activities: readonly ActivityDefinition[]): FlowDefinition => ({
    ...base,
    activities: [...activities, ...activities.flatMap((a) => undoneBy(a))],
    roles: Object.fromEntries(activities.flatMap(({ role }) => (role === undefined ? [] : [[role, {}]]))),
  });
  switch (is) {
    case 'ActivityDefinition':
      return listed([value as ActivityDefinition]);
    case 'Implementation':
      return listed([{ id: 'A', type: 'service', implementation: value as { ref: string } }]);
    default:
      return undefined;
  }
}

/** What the piece speaks of and the whole flow would have. */
function undoneBy({ compensation }: ActivityDefinition): readonly ActivityDefinition[] {
  return compensation === undefined ? [] : [{ id: compensation, type: 'script' }];
}

function runScript(block: Block): string {
  assert.ok(isScript(block), placeOf(block));
  const file = fileOf(block);
  const args = ['--import', tsx, ...(file.endsWith('.test.ts') ? ['--test'] : []), file];
  return outputOf(block, spawnSync(process.execPath, args, options(block)));
}

function runShell(block: Block): string {
  return outputOf(block, spawnSync('bash', ['-ec', block.code], options(block)));
}

function options({ document }: Block): { cwd: string; encoding: 'utf8'; env: NodeJS.ProcessEnv } {
  // A test inside a test would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const path = `${join(workspace, 'bin')}${delimiter}${env['PATH']}`;
  return {
    cwd: folderOf(document),
    encoding: 'utf8',
    env: { ...env, PATH: path, TSX_TSCONFIG_PATH: join(workspace, 'tsconfig.json') },
  };
}

function outputOf(
  block: Block,
  { status, stdout, stderr }: { status: number | null; stdout: string; stderr: string },
): string {
  assert.equal(
    status,
    Number(block.attributes['exit'] ?? 0),
    `${placeOf(block)} ended with ${status}:\n${stdout}${stderr}`,
  );
  return stdout;
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** As GitHub makes them. */
function anchorsOf(document: string): ReadonlySet<string> {
  const headings = textOf(document)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#{1,6} (.*)$/gm);
  return new Set(
    Array.from(headings, ([, text]) =>
      text!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}
