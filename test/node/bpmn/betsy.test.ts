// The executable processes of the betsy benchmark (uniba-dsg/betsy) run with the trace that the standard asks for.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { betsyProcesses, readModel, withoutData } from './public-models.js';
import { runBpmn } from './run-bpmn.js';

describe('the executable processes of betsy', { skip: withoutData }, () => {
  for (const { name, file, cases } of betsyProcesses()) {
    for (const { input, integerVariable, traces } of cases) {
      it(`${name} with ${input === null ? 'no input' : `"${input}"`} gives ${traces.join(', ')}`, async () => {
        const { view, trace } = await runBpmn(readModel(`betsy/${file}`), {
          input: { ...(input === null ? {} : { test: input }), integerVariable },
        });
        if (traces.includes('ERROR_runtime')) {
          assert.equal(view.status, 'failed');
          assert.equal(view.failure?.code, 'NoConnectorTrue');
          return;
        }
        if (traces.includes('EXECUTION_parallel')) {
          assert.equal(view.status, 'completed');
          return;
        }
        assert.equal(view.status, 'completed', view.failure?.message);
        assert.deepEqual(trace, [...traces].sort());
      });
    }
  }
});
