// The reference models of the BPMN Model Interchange Working Group import, each with a report, and compile.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importBpmn } from '../../../src/bpmn/index.js';
import { compile, importDefinition } from '../../../src/index.js';
import { modelsIn, readModel, withoutData } from './public-models.js';

describe('the reference models of the Model Interchange Working Group', { skip: withoutData }, () => {
  for (const file of modelsIn('miwg')) {
    it(`${file} becomes flows that compile, and a report with ids, kinds and lines`, async () => {
      const { definitions, report } = await importBpmn(readModel(`miwg/${file}`));
      assert.ok(definitions.length > 0);
      for (const definition of definitions) await compile(definition);
      for (const entry of report) {
        assert.ok(entry.kind && entry.consequence, JSON.stringify(entry));
        assert.ok(entry.line === undefined || entry.line > 0);
      }
    });
  }

  it('are read by the one import for all kinds of files', async () => {
    const { definitions, report } = await importDefinition(readModel('miwg/A.1.0.bpmn'));
    assert.deepEqual(definitions[0]!.activities.length, 5);
    assert.ok(report);
  });
});
