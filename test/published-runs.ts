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

/** Adds a run to those before it; `tables` says what is shown of all of them. */
export function publishRun<Run>(
  { page, suite }: Place,
  run: Run,
  tables: (runs: readonly Run[]) => RunTables<Run>,
): void {
  const file = new URL(`../${page}`, import.meta.url);
  const begin = `<!-- figures of ${suite}, written by the run itself -->`;
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`${page} has lost its marks: ${begin} … ${END}`);
  const data = /<!-- data (\[.*\]) -->/.exec(text.slice(from, to))?.[1] ?? '[]';
  const runs = [...(JSON.parse(data) as Run[]), run];
  const made = `${begin}\n${rendered(tables(runs), runs)}\n<!-- data ${JSON.stringify(runs)} -->\n`;
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

/** A record stands for its sum. */
type Count = number | Readonly<Record<string, number>>;

/** What a page shows of runs: figures of all of them together, and columns of a table with a line for each. Text stands on the left. */
export interface RunTables<Run> {
  readonly counted: readonly {
    readonly what: string;
    readonly of: (run: Run) => Count;
    readonly isMain?: boolean;
  }[];
  readonly columns: Readonly<Record<string, (run: Run) => string | Count>>;
}

/** Markdown. */
export function rendered<Run>({ counted, columns }: RunTables<Run>, runs: readonly Run[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const plain = (cell: string | Count): string => String(typeof cell === 'object' ? sumOf(cell) : cell);
  const isText = (of: (run: Run) => string | Count): boolean => runs.every((run) => typeof of(run) === 'string');
  return [
    '',
    '| | all runs |',
    '| --- | ---: |',
    ...counted.map(({ what, of, isMain }) => {
      const total = runs.reduce((sum, run) => sum + Number(plain(of(run))), 0).toLocaleString('en');
      return line(isMain ? [`**${what}**`, `**${total}**`] : [what, total]);
    }),
    '',
    line(Object.keys(columns)),
    line(Object.values(columns).map((of) => (isText(of) ? '---' : '---:'))),
    ...runs.map((run) => line(Object.values(columns).map((of) => plain(of(run))))),
    '',
  ].join('\n');
}

export function sumOf(record: Readonly<Record<string, number>>): number {
  return Object.values(record).reduce((sum, n) => sum + n, 0);
}
