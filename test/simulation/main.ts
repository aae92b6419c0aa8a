// `npm run test:simulation`: runs schedules with consecutive seeds and says which promise broke, in which one.
// `--schedules N` (default 20,000), `--first N`, `--seed N` (one schedule, told in full), `--jobs N` (processes).
import './globals.js';
import { compile } from '../../src/index.js';
import { Schedule, type Figures, type Outcome } from './schedule.js';

/** What a parent process is told. */
export interface Report {
  readonly schedules: number;
  readonly failed: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly figures: Readonly<Record<keyof Figures, number>>;
  readonly milliseconds: number;
}

let unhandled: string[] = [];
process.on(
  'unhandledRejection',
  (error) => void unhandled.push(`nobody handled ${(error as Error)?.stack ?? String(error)}`),
);

export async function runOne(seed: number, log?: (text: string) => void): Promise<Outcome> {
  unhandled = [];
  const outcome = await Schedule.run(seed, compile, log);
  return unhandled.length === 0 ? outcome : { ...outcome, violations: [...outcome.violations, ...unhandled] };
}

/** `beat` is called after each. */
export async function runMany(
  first: number,
  count: number,
  untilFailures = Infinity,
  beat: () => void = () => {},
): Promise<Report> {
  const started = performance.now();
  const failed: Report['failed'][number][] = [];
  const sums: Record<string, number> = {};
  let schedules = 0;
  for (let seed = first; seed < first + count && failed.length < untilFailures; seed++, schedules++) {
    const { violations, figures } = await runOne(seed);
    for (const [name, n] of Object.entries(figures)) sums[name] = (sums[name] ?? 0) + n;
    beat();
    if (violations.length > 0) failed.push({ seed, violations });
  }
  return { schedules, failed, figures: sums as Report['figures'], milliseconds: performance.now() - started };
}
