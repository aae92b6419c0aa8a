// `npm run bench`: Millrace and others side by side, in one run, in Node and in Chromium. `--json` prints the figures, `--rounds N` sets
// the rounds, `--stored N` how many instances are in the browser's storage, `--skip-browser` leaves Chromium out; docs/benchmarks.md is
// written by a run with `--write`. Fails when time grows faster than bench/budgets.json allows.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findOrInstallBrowser } from '../scripts/setup/browser.mjs';
import { checkDefinition } from '../src/index.js';
import { measureInBrowser } from './browser/run.js';
import { asyncFunction } from './contestants/async-function.js';
import { bpmnEngine } from './contestants/bpmn-engine.js';
import { flowcraft } from './contestants/flowcraft.js';
import { flowFor, millrace } from './contestants/millrace.js';
import { sequentialWorkflowMachine } from './contestants/sequential-workflow-machine.js';
import { tanstackWorkflow } from './contestants/tanstack-workflow.js';
import { xstate } from './contestants/xstate.js';
import { growth, measure, type Result } from './measure.js';
import { measureMemory } from './memory.js';
import { report, type EntrySize, type Figures } from './report.js';
import { SCENARIOS, type Contestant, type Scenario } from './scenarios.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '40' },
    stored: { type: 'string', default: '10000' },
    'skip-browser': { type: 'boolean' },
    write: { type: 'boolean' },
  },
});
const rounds = Number(values.rounds);
const contestants: readonly Contestant[] = [
  millrace,
  asyncFunction,
  xstate,
  flowcraft,
  tanstackWorkflow,
  sequentialWorkflowMachine,
  bpmnEngine,
];
const root = fileURLToPath(new URL('..', import.meta.url));

// First, before others have had anything compiled in another way.
console.error('growth');
const sized =
  (kind: Scenario['kind']) =>
  (size: number): Scenario => ({ name: `${kind} ${size}`, kind, size, activities: size });
const sizes = [100, 500, 1000, 5000];
const growths = {
  sequence: await growth(sized('sequence'), sizes, millrace, rounds),
  forEach: await growth(sized('forEach'), sizes, millrace, rounds),
};

const results: Result[] = [];
for (const scenario of SCENARIOS) {
  console.error(`in Node: ${scenario.name}`);
  results.push(...(await measure(scenario, contestants, rounds)));
}
console.error('compiling');

const compiles: { activities: number; ms: number }[] = [];
for (const size of [10, 100, 1000, 10_000]) {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    // Another name, because what has been compiled is kept.
    const flow = flowFor({ name: `compile ${size} ${round}`, kind: 'sequence', size, activities: size });
    const from = performance.now();
    await checkDefinition(flow);
    times.push(performance.now() - from);
  }
  compiles.push({ activities: size, ms: times.sort((a, b) => a - b)[2]! });
}

const { growthRatio } = JSON.parse(readFileSync(new URL('budgets.json', import.meta.url), 'utf8')) as {
  growthRatio: Record<string, number>;
};
const tooSteep = Object.entries(growths).flatMap(([kind, found]) =>
  found
    .filter((g) => g.ratio > growthRatio[kind]!)
    .map((g) => `${kind} from ${g.size} to ${g.size * 2}: ${g.ratio.toFixed(2)} times the time`),
);

const figures: Figures = {
  rounds,
  machine: { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
  versions: Object.fromEntries(
    contestants.flatMap((c) => (c.package === undefined ? [] : [[c.name, versionOf(c.package)]])),
  ),
  results,
  growths,
  growthRatio,
  compiles,
  memory: await measureMemory(),
  sizes: JSON.parse(
    execFileSync(process.execPath, ['scripts/size.mjs', '--json'], { cwd: root, encoding: 'utf8' }),
  ) as EntrySize[],
  ...(values['skip-browser']
    ? {}
    : {
        browser: await measureInBrowser({
          root,
          executable: findOrInstallBrowser(),
          rounds,
          stored: Number(values.stored),
        }),
      }),
};
if (values.json) console.log(JSON.stringify(figures, null, 2));
else console.log(report(figures));
if (values.write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), report(figures));
for (const line of tooSteep) console.error(`too steep: ${line}`);
// Once all is printed; one of the contestants keeps its timers for an hour.
process.stdout.write('', () => process.exit(tooSteep.length > 0 ? 1 : 0));

function versionOf(name: string): string {
  const file = name === 'millrace' ? '../package.json' : `node_modules/${name}/package.json`;
  return (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { version: string }).version;
}
