// Whole processes played through: what runs when tokens, events, failures and compensations meet. What is to happen is derived
// from the standard, not from what any engine does.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { process } from './bpmn-text.js';
import { runBpmn } from './run-bpmn.js';
import { KINDS } from './scenarios/index.js';
import { ROOTS, type Scenario } from './scenarios/parts.js';

async function play({ content, roots = '', input = {}, send = [], trace: expected, status }: Scenario): Promise<void> {
  const left = [...send];
  const { view, trace } = await runBpmn(process(content, ROOTS + roots), {
    input,
    // Some begin or end where only a drawing may.
    rules: 'report',
    idle: async (host) => {
      const name = left.shift();
      if (name === undefined) return false;
      const broadcast = name.endsWith('!') ? { broadcast: true } : {};
      await host.send({ type: 'signal', signal: { name: name.replace('!', ''), ...broadcast } });
      return true;
    },
  });
  assert.equal(view.status, status ?? 'completed', view.failure?.message ?? JSON.stringify(view.waits));
  assert.deepEqual(
    trace.map((t) => t.replace('SCRIPT_', '')),
    [...expected].sort(),
  );
}

for (const [kind, scenarios] of Object.entries(KINDS))
  describe(`a BPMN process with ${kind}`, () => {
    for (const scenario of scenarios) it(scenario.name, () => play(scenario));
  });
