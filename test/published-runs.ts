// Figures that long suites write into a page themselves, between two marks. The data of all runs stand there too, in a comment,
// so that the next run can add to them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const END = '<!-- end of figures -->';

export interface Place {
  /** From the root of the repository. */
  readonly page: string;
  /** The command that writes there. */
  readonly suite: string;
}

/** Adds a run to those before it; `tables` makes the Markdown of all of them. */
export function publishRun<Run>({ page, suite }: Place, run: Run, tables: (runs: readonly Run[]) => string): void {
  const file = new URL(`../${page}`, import.meta.url);
  const begin = `<!-- figures of ${suite}, written by the run itself -->`;
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`${page} has lost its marks: ${begin} … ${END}`);
  const data = /<!-- data (\[.*\]) -->/.exec(text.slice(from, to))?.[1] ?? '[]';
  const runs = [...(JSON.parse(data) as Run[]), run];
  const made = `${begin}\n${tables(runs)}\n<!-- data ${JSON.stringify(runs)} -->\n`;
  writeFileSync(file, text.slice(0, from) + made + text.slice(to));
}

/** The commit whose code runs; with a star when the working tree differs from it. */
export function codeOf(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    // Pages are written by the runs themselves.
    const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', ':!docs') !== '';
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? '*' : '');
  } catch {
    return '';
  }
}

/** Markdown: what has been counted in all runs together, and a table with a line for each run. */
export function figureTables(
  counted: readonly (readonly [what: string, value: string])[],
  columns: readonly (readonly [name: string, alignment: '---' | '---:'])[],
  lines: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    '',
    '| | all runs |',
    '| --- | ---: |',
    ...counted.map(line),
    '',
    line(columns.map(([name]) => name)),
    line(columns.map(([, alignment]) => alignment)),
    ...lines.map(line),
    '',
  ].join('\n');
}

export function totalOf<Run>(runs: readonly Run[], of: (run: Run) => number): string {
  return runs.reduce((sum, run) => sum + of(run), 0).toLocaleString('en');
}

export function sumOf(record: Readonly<Record<string, number>>): number {
  return Object.values(record).reduce((sum, n) => sum + n, 0);
}
