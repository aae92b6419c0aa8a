// The Vite plugin compiles BPMN and JSON files when a site is built.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'vite';
import { createMemoryHost, type CompiledFlow } from '../../../src/index.js';
import { millrace } from '../../../src/vite/index.js';
import { flow, path, process } from './bpmn-text.js';

const LOAN = process(
  `<startEvent id="s"/><exclusiveGateway id="g" default="g-e"/><scriptTask id="t" scriptFormat="jsonata"><script>{ "ok": true }</script></scriptTask><endEvent id="e"/>${path('s', 'g', 'e')}${flow('g', 't', 'score >= 600')}${flow('t', 'e')}`,
);

describe('the Vite plugin', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    await writeFile(join(folder, 'loan.bpmn'), LOAN);
    await writeFile(join(folder, 'bad.bpmn'), LOAN.replace('sourceRef="s"', 'sourceRef="nobody"'));
    await writeFile(
      join(folder, 'note.flow.json'),
      '{"flow":"note","kind":"process","activities":[{"id":"A","type":"script"}]}',
    );
  });
  after(() => rm(folder, { recursive: true }));

  const load = async (file: string): Promise<{ default: CompiledFlow; flows: readonly CompiledFlow[] }> => {
    const result = await millrace().load.call({}, join(folder, file));
    return (await import(`data:text/javascript,${encodeURIComponent(result!.code)}`)) as never;
  };

  it('gives a compiled flow that runs', async () => {
    const { default: loan } = await load('loan.bpmn');
    const host = createMemoryHost();
    await host.deploy(loan);
    const { id } = await host.start('p', { score: 700 });
    await host.settled();
    assert.deepEqual((await host.get(id))!.variables, { score: 700, ok: true });
    await host.close();
  });

  it('gives microflows when asked to, and reads JSON', async () => {
    assert.equal((await load('loan.bpmn?kind=microflow')).default.definition.kind, 'microflow');
    assert.equal((await load('note.flow.json')).default.definition.flow, 'note');
    assert.equal(await millrace().load.call({}, join(folder, 'loan.bpmn?raw')), undefined);
  });

  it('keeps parts that are shared in memory shared', async () => {
    const { default: loan } = await load('loan.bpmn');
    assert.equal(loan.plan.flow, loan.definition);
    assert.equal(
      loan.plan.activities['g']!.definition,
      loan.definition.activities.find((a) => a.id === 'g'),
    );
  });

  it('leaves reader and compiler out of the page', async () => {
    await writeFile(join(folder, 'page.js'), `import loan from './loan.bpmn'; globalThis.loan = loan;`);
    const output = await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [millrace()],
      build: { write: false, rollupOptions: { input: join(folder, 'page.js') } },
    });
    const chunks = [output].flat().flatMap((o) => ('output' in o ? o.output : []));
    const code = chunks.map((c) => ('code' in c ? c.code : '')).join('');
    assert.match(code, /score >= 600/);
    assert.ok(!/moddle|FLOW-E101/.test(code));
    assert.ok(code.length < 20_000, String(code.length));
  });

  it('stops the build with the rule that a file breaks', async () => {
    await assert.rejects(load('bad.bpmn'), { code: 'BPMN-RULE' });
  });
});
