// What may get stuck is refused only where it must.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importBpmn } from '../../../src/bpmn/index.js';
import { checkDefinition, compile } from '../../../src/index.js';
import { flow, path, process, script } from './bpmn-text.js';
import { runBpmn } from './run-bpmn.js';

const joined = (split: string, a: string, b: string): string =>
  process(
    `<startEvent id="s"/><${split}Gateway id="g"/>${script('a')}${script('b')}<parallelGateway id="j"/><endEvent id="e"/>${flow('s', 'g')}${flow('g', 'a', a)}${flow('g', 'b', b)}${path('a', 'j')}${path('b', 'j', 'e')}`,
  );

describe('a BPMN process with a join that may wait for ever', () => {
  it('is refused when no run can get past it', async () => {
    const { definitions } = await importBpmn(joined('exclusive', 'x = 1', 'x = 2'));
    await assert.rejects(compile(definitions[0]), /FLOW-E301/);
  });

  it('runs when it depends on the data, with a warning', async () => {
    const file = joined('inclusive', 'x > 0', 'x > 1');
    const { definitions } = await importBpmn(file);
    const found = (await checkDefinition(definitions[0])).filter((d) => d.code === 'FLOW-E301');
    assert.deepEqual(
      found.map((d) => d.severity),
      ['warning'],
    );
    assert.equal((await runBpmn(file, { input: { x: 2 } })).view.status, 'completed');
    const stuck = await runBpmn(file, { input: { x: 1 } });
    assert.deepEqual([stuck.view.status, stuck.view.failure?.code], ['failed', 'Deadlock']);
  });
});
