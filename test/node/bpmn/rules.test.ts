// A file that breaks a rule of the standard is refused, with the rule and the element.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importBpmn, type ReportEntry } from '../../../src/bpmn/index.js';
import { allRules } from '../../../src/bpmn/rules/index.js';
import { RULE_TEXTS } from '../../../src/bpmn/rules/texts.js';
import { FlowError } from '../../../src/index.js';
import { flow, path, process } from './bpmn-text.js';
import { ACTIVITY_BREAKERS } from './rule-breakers/activities.js';
import { DOCUMENT_BREAKERS } from './rule-breakers/documents.js';
import { EVENT_BREAKERS } from './rule-breakers/events.js';
import { SE, T, type Breakers } from './rule-breakers/files.js';
import { SEQUENCE_FLOW_BREAKERS } from './rule-breakers/sequence-flows.js';

const BROKEN: Breakers = {
  ...DOCUMENT_BREAKERS,
  ...SEQUENCE_FLOW_BREAKERS,
  ...EVENT_BREAKERS,
  ...ACTIVITY_BREAKERS,
};

async function brokenRules(xml: string): Promise<readonly ReportEntry[]> {
  try {
    await importBpmn(xml);
    return [];
  } catch (error) {
    assert.ok(error instanceof FlowError && error.code === 'BPMN-RULE', String(error));
    return error.details as unknown as readonly ReportEntry[];
  }
}

const RULES = await allRules();

describe('a file that breaks a rule of BPMN is refused', () => {
  for (const { id } of RULES) {
    const [, text] = RULE_TEXTS[id]!;
    it(`${id} ${text}`, async () => {
      const examples = BROKEN[id];
      assert.ok(examples, `no example of ${id}`);
      for (const [file, element] of examples) {
        const broken = await brokenRules(file);
        const mine = broken.filter((b) => b.rule === id);
        assert.ok(mine.length > 0, `${id} is not seen in ${file}; seen: ${broken.map((b) => b.rule).join()}`);
        if (element)
          assert.ok(
            mine.some((b) => b.id === element),
            `${mine.map((b) => b.id).join()} instead of ${element}`,
          );
      }
    });
  }

  it('with all the rules it breaks and their lines', async () => {
    await assert.rejects(importBpmn(process(`${SE}\n${T}\n${flow('s', 'e')}`)), (error: FlowError) => {
      assert.equal(error.code, 'BPMN-RULE');
      assert.match(error.message, /BPMN-S16.*Task t, line 4/s);
      assert.match(error.message, /BPMN-S17/);
      return true;
    });
  });

  it('unless it is to be imported as far as it can be, with the rules in the report', async () => {
    const { definitions: found, report } = await importBpmn(process(`${SE}${T}${path('s', 'e')}`), { rules: 'report' });
    assert.deepEqual(
      found[0]!.activities.map((a) => a.id),
      ['s', 'e'],
    );
    assert.ok(report.some((r) => r.rule === 'BPMN-S16' && r.id === 't'));
    assert.ok(report.some((r) => r.outcome === 'left out' && r.id === 't'));
  });
});
