// `npm run bench`: Millrace and others side by side, in one run. `--json` prints the figures, `--rounds N` sets the rounds;
// docs/benchmarks.md is written by a run with `--write`. Fails when time grows faster than bench/budgets.json allows.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { checkDefinition } from '../src/index.js';
import { asyncFunction } from './contestants/async-function.js';
import { bpmnEngine } from './contestants/bpmn-engine.js';
import { flowcraft } from './contestants/flowcraft.js';
import { flowFor, millrace } from './contestants/millrace.js';
import { sequentialWorkflowMachine } from './contestants/sequential-workflow-machine.js';
import { xstate } from './contestants/xstate.js';
import { growth, measure, type Result } from './measure.js';
import { SCENARIOS, type Contestant, type Scenario } from './scenarios.js';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '40' }, write: { type: 'boolean' } },
});
const rounds = Number(values.rounds);
const contestants: readonly Contestant[] = [
  millrace,
  asyncFunction,
  xstate,
  flowcraft,
  sequentialWorkflowMachine,
  bpmnEngine,
];

const results: Result[] = [];
for (const scenario of SCENARIOS) results.push(...(await measure(scenario, contestants, rounds)));

const sized =
  (kind: Scenario['kind']) =>
  (size: number): Scenario => ({ name: `${kind} ${size}`, kind, size, activities: size });
const sizes = [100, 500, 1000, 5000];
const growths = {
  sequence: await growth(sized('sequence'), sizes, millrace, Math.max(5, rounds / 4)),
  forEach: await growth(sized('forEach'), sizes, millrace, Math.max(5, rounds / 4)),
};

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

const versions = Object.fromEntries(
  contestants.flatMap((c) => (c.package === undefined ? [] : [[c.name, versionOf(c.package)]])),
);
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
if (values.json) console.log(JSON.stringify({ machine, versions, results, growths, compiles }, null, 2));
else console.log(report());
if (values.write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), report());
for (const line of tooSteep) console.error(`too steep: ${line}`);
process.exitCode = tooSteep.length > 0 ? 1 : 0;

function versionOf(name: string): string {
  const file = name === 'millrace' ? '../package.json' : `node_modules/${name}/package.json`;
  return (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { version: string }).version;
}

function report(): string {
  const us = (ms: number): string => (ms < 1 ? `${(ms * 1000).toFixed(0)} µs` : `${ms.toFixed(1)} ms`);
  const rows = SCENARIOS.flatMap((scenario) => {
    const of = results.filter((r) => r.scenario === scenario.name);
    const ours = of.find((r) => r.contestant === millrace.name)!;
    return of.map(
      (r) =>
        `| ${r === of[0] ? scenario.name : ''} | ${r.contestant} | ${us(r.median)} | ${us(r.spread[0])} to ${us(r.spread[1])} | ${(ours.median / r.median).toFixed(2)} |`,
    );
  });
  return `# Benchmarks

Written by \`npm run bench -- --write\`: interleaved rounds (${rounds} each), the same work for everybody, every activity counted. Only the ratios say something: absolute
times belong to the machine (${machine.cpu}, ${machine.cores} cores, Node ${machine.node}).
Versions: ${Object.entries(versions)
    .map(([name, v]) => `${name} ${v}`)
    .join(', ')}.

## One run, in memory

The last column is the time of Millrace divided by that of the row: below 1, Millrace is faster.

| scenario | | median | quartiles | Millrace / this |
|---|---|---|---|---|
${rows.join('\n')}

Where a contestant is missing it has no such construct, or none that does the same work.

## Growth

Time of twice the work, divided by the time of the work; 2 is linear, and more than ${growthRatio['sequence']} fails the run.

| activities | ${growths.sequence.map((g) => `${g.size} → ${g.size * 2}`).join(' | ')} |
|---|${growths.sequence.map(() => '---').join('|')}|
| sequence | ${growths.sequence.map((g) => g.ratio.toFixed(2)).join(' | ')} |
| forEach | ${growths.forEach.map((g) => g.ratio.toFixed(2)).join(' | ')} |

## Compiling

All checks, soundness included; a definition that has been compiled is found again by its content hash.

| activities | ${compiles.map((c) => c.activities.toLocaleString('en')).join(' | ')} |
|---|${compiles.map(() => '---').join('|')}|
| time | ${compiles.map((c) => us(c.ms)).join(' | ')} |
`;
}
