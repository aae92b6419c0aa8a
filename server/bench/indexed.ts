// What a search for a variable costs among many instances, with and without an index. `node --import tsx server/bench/indexed.ts [instances]`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { foundBy, matchesQuery } from '../../src/hosts/kit.js';
import { compile, type FlowDefinition, type InstanceView } from '../../src/index.js';
import { openReadModel, type ReadModel } from '../src/read-model/read-model.js';
import { NO_POSTGRES, POSTGRES, startPostgres } from '../test/postgres.js';

const SEARCHES: readonly Readonly<Record<string, string>>[] = [
  { customer: 'c7' },
  { customer: 'nobody' },
  { region: 'r1' },
];
const COUNT = Number(process.argv[2] ?? 50_000);
const definitionOf = (flow: string, indexed: object): FlowDefinition => ({
  flow,
  kind: 'process',
  variables: { customer: indexed, region: indexed },
  activities: [{ id: 'A', type: 'script', output: {} }],
});
const indexed = await compile(definitionOf('indexed', { indexed: true }));
const plain = await compile(definitionOf('plain', {}));

const folder = mkdtempSync(join(tmpdir(), 'millrace-indexed-'));
const postgres = POSTGRES === undefined ? undefined : await startPostgres(POSTGRES);
if (!postgres) console.log(NO_POSTGRES);
console.log('| database | variable | found | ms with an index | ms without |\n|---|---|---|---|---|');
for (const [name, address] of [
  ['SQLite', `sqlite:${join(folder, 'model.db')}`],
  ['PostgreSQL', postgres?.address],
] as const) {
  if (address === undefined) continue;
  const model = await openReadModel(address);
  await fill(model);
  // As PostgreSQL does by itself after a while.
  if (name === 'PostgreSQL') await sql`analyze`.execute(model.db);
  for (const variables of SEARCHES) {
    const [fast, slow] = [await search(model, 'indexed', variables), await search(model, 'plain', variables)];
    if (fast.found !== slow.found) throw new Error(`${fast.found} and ${slow.found} are found`);
    console.log(
      `| ${name} | ${JSON.stringify(variables)} | ${fast.found} | ${fast.ms.toFixed(1)} | ${slow.ms.toFixed(1)} |`,
    );
  }
  await model.close();
}
await postgres?.close();
rmSync(folder, { recursive: true, force: true });

/** Half of the instances are of either flow; a customer has ten of each, a region a third. */
async function fill(model: ReadModel): Promise<void> {
  for (const { definition, hash } of [indexed, plain])
    await model.define({ tenant: 'default', hash, definition, at: 1 });
  for (let at = 0; at < COUNT; at += 1000) {
    const some = Array.from({ length: Math.min(1000, COUNT - at) }, (_, i) => write(model, at + i));
    await Promise.all(some);
  }
}

function write(model: ReadModel, i: number): Promise<void> {
  const { definition, hash } = i % 2 === 0 ? indexed : plain;
  const n = i >> 1;
  const variables = { customer: `c${n % (COUNT / 20)}`, region: `r${n % 3}`, text: 'x'.repeat(300) };
  const found = foundBy(i % 2 === 0 ? indexed : plain, variables);
  const view: InstanceView = {
    id: `i${i}`,
    flow: definition.flow,
    title: definition.flow,
    version: '1',
    hash,
    kind: 'process',
    status: 'running',
    v: 1,
    variables,
    activities: {},
    tasks: [],
    waits: [],
    progress: { done: 0, total: 1 },
    startedAt: 1_000_000 + i,
    changedAt: 1_000_000 + i,
  };
  return model.write({ tenant: 'default', view, records: [], ...(found ? { found } : {}) });
}

/** The first page of 100, as the gateway reads it; the median of nine times. */
async function search(
  model: ReadModel,
  flow: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly found: number; readonly ms: number }> {
  const times: number[] = [];
  let found = 0;
  for (let i = 0; i < 9; i++) {
    const started = performance.now();
    found = 0;
    for await (const view of model.instances('default', { flow, variables })) {
      if (!matchesQuery({ variables }, view, { status: view.status, pool: view.variables }, view)) continue;
      if (++found >= 100) break;
    }
    times.push(performance.now() - started);
  }
  return { found, ms: times.sort((a, b) => a - b)[4]! };
}
