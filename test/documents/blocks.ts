// The code blocks of the documents. After its language a fence may say more, which readers of the page do not see:
//   file="NAME"        the block is this file, beside the other files of its document
//   given="x: T; y: U" names that the reader has, and the example does not make (ts, js)
//   is="TYPE"          which type of Millrace a piece of JSON has, when it is no whole flow
//   errors="CODE"         the mistakes that a flow is meant to have (json)
//   run                it runs, and ends well; a `text output` block that follows is what it prints
//   does="press A; see B"    what somebody does in the page and sees there (html); all that there is: act.ts
//   not-run="REASON"   why nobody can run it here
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
/** Ignored by git, and inside the project, so that packages are found from there. */
export const workspace = join(root, '.cache/documents');

export interface Block {
  /** Path of the document. */
  readonly document: string;
  readonly line: number;
  readonly language: string;
  readonly words: ReadonlySet<string>;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly code: string;
}

export function documents(): readonly string[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file).replaceAll('\\', '/'));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...inDocs.sort()];
}

export function textOf(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

export function blocksOf(document: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = textOf(document).split('\n');
  for (let i = 0; i < lines.length; i++) {
    const open = /^(\s*)(`{3,})(.*)$/.exec(lines[i]!);
    if (!open) continue;
    const [, indent, fence, info] = open;
    const from = i + 1;
    while (++i < lines.length && lines[i]!.trim() !== fence);
    const code = lines.slice(from, i).map((line) => (line.startsWith(indent!) ? line.slice(indent!.length) : line));
    const { language, words, attributes } = readInfo(info!);
    blocks.push({ document, line: from, language, words, attributes, code: `${code.join('\n')}\n` });
  }
  return blocks;
}

export const allBlocks = (): readonly Block[] => documents().flatMap(blocksOf);

/** Folder of a document in the workspace. */
export function folderOf(document: string): string {
  return join(
    workspace,
    document
      .replace(/\.md$/, '')
      .replace(/^docs\//, '')
      .replaceAll('/', '-'),
  );
}

export function placeOf({ document, line }: Block): string {
  return `${document}:${line}`;
}

function readInfo(info: string): Pick<Block, 'language' | 'words' | 'attributes'> {
  const attributes: Record<string, string> = {};
  const rest = info.replaceAll(/([\w-]+)="([^"]*)"/g, (_, name: string, value: string) => {
    attributes[name] = value;
    return '';
  });
  const [language = '', ...words] = rest.trim().split(/\s+/);
  return { language, words: new Set(words), attributes };
}
