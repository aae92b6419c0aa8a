// docs/benchmarks.md: the figures of one run, with versions and machine.
import type { BrowserResults } from './browser/run.js';
import type { Times } from './browser/stored.js';
import { median, type Result } from './measure.js';
import type { MemoryResult } from './memory.js';
import { SCENARIOS } from './scenarios.js';

export interface EntrySize {
  readonly name: string;
  readonly gzipKiB: number;
  readonly budgetKiB: number | null;
}

export interface Figures {
  readonly rounds: number;
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
  readonly growths: Readonly<Record<string, readonly { readonly size: number; readonly ratio: number }[]>>;
  readonly growthRatio: Readonly<Record<string, number>>;
  readonly compiles: readonly { readonly activities: number; readonly ms: number }[];
  readonly memory: readonly MemoryResult[];
  readonly sizes: readonly EntrySize[];
  readonly browser?: BrowserResults;
}

const OURS = 'Millrace';

export function report(figures: Figures): string {
  const { rounds, machine, versions, results, browser } = figures;
  return `# Benchmarks

Written by \`npm run bench -- --write\`: interleaved rounds (${rounds} each), the same work for everybody, every activity counted. Only the ratios say something: absolute
times belong to the machine (${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${browser ? `, Chromium ${browser.browser}` : ''}).
Versions: ${Object.entries(versions)
    .map(([name, v]) => `${name} ${v}`)
    .join(', ')}.

## One run, in memory, in Node

The last column is the time of Millrace divided by that of the row: below 1, Millrace is faster.

${stepTable(results)}

Where a contestant is missing it has no such construct, or none that does the same work.

## Growth

Time of twice the work, divided by the time of the work; 2 is linear, and more than ${figures.growthRatio['sequence']} fails the run.

${growthTable(figures)}

## Compiling

All checks, soundness included; a definition that has been compiled is found again by its content hash.

${row(['activities', ...figures.compiles.map((c) => c.activities.toLocaleString('en'))])}
${line(figures.compiles.length + 1)}
${row(['time', ...figures.compiles.map((c) => time(c.ms))])}

## Memory

In Node, after collecting garbage, as the difference of many.

${row(['', 'KiB'])}
${line(2)}
${figures.memory.map(({ what, kib }) => row([what, kib.toFixed(1)])).join('\n')}

## What a page loads

Minified and gzipped, at load; what an entry loads when it is needed is not counted. Above its budget an entry fails the tests.

${row(['entry', 'KiB', 'budget'])}
${line(3)}
${figures.sizes.map(({ name, gzipKiB, budgetKiB }) => row([name, String(gzipKiB), budgetKiB === null ? '' : String(budgetKiB)])).join('\n')}
${browser ? browserSections(browser) : ''}`;
}

function browserSections(browser: BrowserResults): string {
  const upgrades = Object.entries(browser.upgrades).map(([kind, times]) => [kind, median(times)] as const);
  const own = upgrades[0]![1];
  const delays = [...browser.interactions].sort((a, b) => a - b);
  return `
## One run, in memory, in Chromium

${stepTable(browser.steps)}

## Durable steps in Chromium

Processes of ${browser.persistence[0]!.steps} activities, so many at once; a step is one activity with everything that is stored for it, flushed to disk
(\`durability: "strict"\`). The journalled function is what one would write by hand; raw IndexedDB is one transaction per step and nothing else.
The start of an instance is one transaction more; what is written behind the log, half a second later, is not in these times. The first row
is that of five profiles with empty stores, where raw IndexedDB is faster than later. Garbage is collected before each turn, so that nobody clears away another's.

${row(['instances', '', 'per step', 'Millrace / this'])}
${line(4)}
${browser.persistence
  .flatMap(({ instances, steps, times }, nth) =>
    Object.entries(times).map(([who, all], i) =>
      row([
        i === 0 ? `${instances}${nth === 0 ? ', empty stores' : ''}` : '',
        who,
        time(median(all) / instances / steps),
        (median(times[OURS]!) / median(all)).toFixed(2),
      ]),
    ),
  )
  .join('\n')}

## Coming back to ${browser.stored.toLocaleString('en')} stored instances

Each waits for a person. Medians of ${browser.comeBack.length} page loads.

${row(['', 'time'])}
${line(2)}
${(
  [
    ['open', 'opening the host, as the executor'],
    ['list', 'the newest 50'],
    ['tasks', 'all open tasks'],
    ['complete', 'completing one, to its end'],
  ] as const
)
  .map(([key, what]) => row([what, time(median(browser.comeBack.map((one) => one[key])))]))
  .join('\n')}

The same beside the plainest thing that IndexedDB has for it, in the same page, in turn. \`getAll\` reads the records of all ${browser.stored.toLocaleString('en')} and does nothing with them.

${row(['', 'time', 'of', 'ratio', 'quartiles'])}
${line(5)}
${[
  ...beside(browser.lists, 'getAll'),
  ...beside(
    {
      ...browser.resumes,
      [`taking up ${browser.stored.toLocaleString('en')} calls in flight`]: browser.resumes['resume']!,
      resume: [],
    },
    'getAll',
  ),
  ...beside(
    {
      'an empty store': browser.firstFlows['an empty store']!,
      'the first call of a flow after opening': browser.firstFlows['a full store']!,
    },
    'an empty store',
  ),
].join('\n')}

An instance with 10,000 past events: opening the host and the next step take ${time(median(browser.longHistory['resume']!))}, at the 95th percentile
${time(percentile(browser.longHistory['resume']!, 0.95))}. An instance that waits keeps ${(browser.waitingBytes / 1024).toFixed(2)} KiB of the heap of the page that executes it.

## Elements

A thousand of each from one piece of HTML, rendered and laid out:

${row(['', 'time', 'flow-button with a label / this'])}
${line(3)}
${upgrades.map(([kind, ms]) => row([kind, time(ms), (own / ms).toFixed(2)])).join('\n')}

From a click to the page being inert ${time(median(browser.clicks.inert))} (always within the task of the click); to the first activity
${time(median(browser.clicks.activity))}.

With ${browser.stored.toLocaleString('en')} stored instances, a work list on the page and the processor slowed down four times, the slowest of ${delays.length} measured interactions took
${time(delays.at(-1) ?? 0)}, the median ${time(median(delays))} (as the browser measures INP, in steps of 8 ms; those below 16 ms are not told).
`;
}

/** Rows of what was measured beside `base` in the same rounds. */
function beside(times: Times, base: string): readonly string[] {
  const of = times[base]!;
  return Object.entries(times)
    .filter(([what, all]) => what !== base && all.length > 0)
    .map(([what, all]) => {
      const ratios = all.map((ms, i) => ms / of[i]!);
      const at = (q: number): string => percentile(ratios, q).toFixed(2);
      return row([what, time(median(all)), base, at(0.5), `${at(0.25)} to ${at(0.75)}`]);
    });
}

function percentile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;
}

function stepTable(results: readonly Result[]): string {
  const rows = SCENARIOS.flatMap((scenario) => {
    const of = results.filter((r) => r.scenario === scenario.name);
    const ours = of.find((r) => r.contestant === OURS);
    return of.map((r, i) =>
      row([
        i === 0 ? scenario.name : '',
        r.contestant,
        time(r.median),
        `${time(r.spread[0])} to ${time(r.spread[1])}`,
        ours ? (ours.median / r.median).toFixed(2) : '',
      ]),
    );
  });
  return `${row(['scenario', '', 'median', 'quartiles', 'Millrace / this'])}\n${line(5)}\n${rows.join('\n')}`;
}

function growthTable({ growths }: Figures): string {
  const [first] = Object.values(growths);
  return [
    row(['activities', ...first!.map((g) => `${g.size} → ${g.size * 2}`)]),
    line(first!.length + 1),
    ...Object.entries(growths).map(([kind, found]) => row([kind, ...found.map((g) => g.ratio.toFixed(2))])),
  ].join('\n');
}

function time(ms: number): string {
  return ms < 1 ? `${(ms * 1000).toFixed(0)} µs` : `${ms.toFixed(1)} ms`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function line(columns: number): string {
  return `|${'---|'.repeat(columns)}`;
}
