// Every construct runs as the table in docs/bpmn.md says, and the table says what the tests have seen.
// `UPDATE_DOCS=1` writes the table.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { importBpmn } from '../../../src/bpmn/index.js';
import { allRules } from '../../../src/bpmn/rules/index.js';
import type { Rule } from '../../../src/bpmn/rules/rule.js';
import { RULE_TEXTS } from '../../../src/bpmn/rules/texts.js';
import { process as processOf } from './bpmn-text.js';
import { CONSTRUCTS, type Construct } from './constructs.js';
import { runBpmn } from './run-bpmn.js';

const DOCS = join(resolve(import.meta.dirname, '../../..'), 'docs/bpmn.md');

describe('a BPMN process runs by the standard', () => {
  for (const construct of CONSTRUCTS) {
    it(`${construct.group}: ${construct.name}`, async () => {
      const { content, roots = '', input = {}, trace, status = 'completed', send = [] } = construct;
      const messages = [...send];
      const run = await runBpmn(processOf(content, roots), {
        input,
        implementations: { work: () => null, rule: () => null },
        idle: async (host, view) => {
          const name = messages.shift();
          if (name !== undefined)
            await host.send({ type: 'signal', signal: { name: name.replace('!', ''), broadcast: name.endsWith('!') } });
          else if (view.tasks[0]) await host.send({ type: 'complete', task: view.tasks[0].id });
          else return false;
          return true;
        },
      });
      assert.equal(run.view.status, status, run.view.failure?.message ?? JSON.stringify(run.view.waits));
      assert.deepEqual(run.trace, trace.map((id) => `SCRIPT_${id}`).sort());
    });
  }
});

describe('docs/bpmn.md', () => {
  it('has the table of constructs and of rules that the tests give', async () => {
    const rows: string[] = [];
    for (const construct of CONSTRUCTS)
      rows.push(`| ${construct.group} | ${construct.name} | ${await outcomeOf(construct)} | ${construct.note ?? ''} |`);
    const rules = [...(await allRules())]
      .sort(byPlace)
      .map(
        ({ id, executableOnly }) =>
          `| ${id}${executableOnly ? ' *' : ''} | ${RULE_TEXTS[id]![1]} | ${RULE_TEXTS[id]![0]} |`,
      );
    const text = readFileSync(DOCS, 'utf8');
    const made = section(section(text, 'constructs', ['| | construct | | |', '|---|---|---|---|', ...rows]), 'rules', [
      '| rule | | section |',
      '|---|---|---|',
      ...rules,
    ]);
    if (process.env['UPDATE_DOCS']) writeFileSync(DOCS, made);
    else assert.equal(text, made, 'run UPDATE_DOCS=1 node --import tsx --test test/node/bpmn/constructs.test.ts');
  });
});

/** As they stand in the texts. */
function byPlace(a: Rule, b: Rule): number {
  const all = Object.keys(RULE_TEXTS);
  return all.indexOf(a.id) - all.indexOf(b.id);
}

async function outcomeOf({ content, roots = '' }: Construct): Promise<string> {
  const { report } = await importBpmn(processOf(content, roots));
  // That a script goes to an implementation is so in all of these processes.
  const said = report.filter((r) => r.kind !== 'script');
  if (said.some((r) => r.outcome === 'in part')) return 'runs in part';
  return said.length > 0 ? 'reported' : 'runs';
}

function section(text: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  assert.ok(from >= 0 && to > from, `docs/bpmn.md has no section ${name}`);
  return `${text.slice(0, from)}${begin}${lines.join('\n')}\n${text.slice(to)}`;
}
