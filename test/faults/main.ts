// `npm run test:faults [-- --cycles N --seed S --write]`: rounds of cycles until there are N; exits with 1 when anything was
// violated. `--write` adds the figures to docs/reliability.md.
import { parseArgs } from 'node:util';
import { Figures } from './figures.js';
import { writeReport } from './report.js';
import { runRound } from './round.js';

/** Cycles per profile. */
const ROUND = 10;

const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '10' }, seed: { type: 'string' }, write: { type: 'boolean' } },
});
const cycles = Number(values.cycles);
const first = Number(values.seed ?? Date.now() % 1_000_000);
const figures = new Figures();
for (let done = 0, seed = first; done < cycles; done += ROUND, seed++) {
  await runRound({ seed, cycles: Math.min(ROUND, cycles - done), figures, say: (line) => console.log(line) });
}
const rounds = Math.ceil(cycles / ROUND);
if (values.write) writeReport(figures, rounds > 1 ? `${first} to ${first + rounds - 1}` : String(first));
const { violations, ...rest } = figures;
console.log(
  JSON.stringify({ ...rest, acknowledgements: figures.acknowledgements, violations: violations.length }, null, 1),
);
process.exitCode = violations.length > 0 ? 1 : 0;
