// Interleaved rounds: everybody runs once per round, in turn, so that a noisy moment hits all alike. Medians and spread.
import type { Contestant, Scenario } from './scenarios.js';

export interface Result {
  readonly contestant: string;
  readonly scenario: string;
  /** Milliseconds of one run. */
  readonly median: number;
  /** First and third quartile. */
  readonly spread: readonly [number, number];
}

/** Shortest time that is measured, ms. */
const SAMPLE = 0.5;

export async function measure(
  scenario: Scenario,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<Result[]> {
  let done = 0;
  const work = async (): Promise<null> => {
    done++;
    return null;
  };
  const runners: { contestant: Contestant; run: () => Promise<void>; repeat: number; times: number[] }[] = [];
  for (const contestant of contestants) {
    const run = await contestant.prepare(scenario, work);
    if (run) runners.push({ contestant, run, repeat: 1, times: [] });
  }
  const warmUp = Math.ceil(rounds / 4);
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const runner of runners) {
      const { contestant, run, repeat, times } = runner;
      done = 0;
      const from = performance.now();
      for (let n = 0; n < repeat; n++) await run();
      const took = (performance.now() - from) / repeat;
      if (done !== scenario.activities * repeat)
        throw new Error(`${contestant.name} did ${done} of ${scenario.activities} activities of "${scenario.name}".`);
      if (round >= warmUp) times.push(took);
      // Clocks are coarse, those of browsers above all: what is quick is timed as several runs.
      else runner.repeat = Math.min(200, Math.max(1, Math.ceil(SAMPLE / Math.max(took, SAMPLE / 200))));
    }
  }
  return runners.map(({ contestant, times }) => {
    const sorted = times.sort((a, b) => a - b);
    const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))]!;
    return { contestant: contestant.name, scenario: scenario.name, median: at(0.5), spread: [at(0.25), at(0.75)] };
  });
}

/** Activities and runs of one sample, at least. */
const GROWTH_ACTIVITIES = 5000;
const GROWTH_RUNS = 4;

/** How much longer twice the work takes: total time of 2n over n, both interleaved; the median of the rounds' ratios. */
export async function growth(
  of: (n: number) => Scenario,
  sizes: readonly number[],
  contestant: Contestant,
  rounds: number,
): Promise<{ size: number; ratio: number }[]> {
  const found: { size: number; ratio: number }[] = [];
  for (const size of sizes) {
    const ratios: number[] = [];
    const once = (await contestant.prepare(of(size), async () => null))!;
    const twice = (await contestant.prepare(of(size * 2), async () => null))!;
    // As many runs of each as fill a sample in which collecting garbage has its fair share; in time of the processor, because
    // others on the machine would rather disturb the longer one.
    const repeat = Math.max(GROWTH_RUNS, Math.ceil(GROWTH_ACTIVITIES / size));
    const timed = async (run: () => Promise<void>): Promise<number> => {
      const from = process.cpuUsage();
      for (let n = 0; n < repeat; n++) await run();
      const { user, system } = process.cpuUsage(from);
      return user + system;
    };
    const warmUp = Math.ceil(rounds / 2);
    for (let round = 0; round < warmUp + rounds; round++) {
      const single = await timed(once);
      const double = await timed(twice);
      if (round >= warmUp) ratios.push(double / single);
    }
    found.push({ size, ratio: median(ratios) });
  }
  return found;
}

export function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}
