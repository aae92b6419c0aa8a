import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { main } from '../../src/cli/main.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A line of `run --json`: an activity's change, or the outcome. */
interface Line {
  readonly activity?: string;
  readonly state?: string;
  readonly at?: number;
  readonly outcome?: string;
  readonly output?: unknown;
  readonly variables?: Record<string, unknown>;
  readonly tasks?: { role: string }[];
  readonly refused?: { failure: { code: string } }[];
  readonly left?: unknown;
}

async function millrace(...args: string[]): Promise<{ code: number; out: string; err: string; lines: Line[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, { out: (t) => void out.push(t), err: (t) => void err.push(t) });
  const lines = args.includes('--json') && args[0] === 'run' ? out.map((l) => JSON.parse(l) as Line) : [];
  return { code, out: out.join('\n'), err: err.join('\n'), lines };
}

const loan = {
  flow: 'loan',
  kind: 'process',
  input: { amount: { type: 'number' } },
  variables: { ok: { initial: false }, score: {} },
  roles: { boss: {} },
  output: { decision: 'ok' },
  activities: [
    {
      id: 'Score',
      type: 'service',
      implementation: { ref: 'score', arguments: { amount: 'amount' } },
      output: { score: '$output' },
    },
    { id: 'Approve', type: 'user', role: 'boss', output: { ok: '$output.ok' } },
    { id: 'Rest', type: 'wait', after: 'P3D' },
    { id: 'Pay', type: 'service', implementation: { ref: 'pay' } },
    { id: 'No', type: 'route' },
  ],
  connectors: [
    { id: '1', from: 'Score', to: 'Approve' },
    { id: '2', from: 'Approve', to: 'Rest', condition: 'ok' },
    { id: '3', from: 'Approve', to: 'No', default: true },
    { id: '4', from: 'Rest', to: 'Pay' },
  ],
};
const loanFile = file('loan.flow.json', loan);

describe('millrace run', () => {
  it('writes a line per change of an activity, then the outcome, with stubs, a script and virtual time', async () => {
    const script = file('script.json', [
      { complete: 'Approve', output: { ok: true }, user: { id: 'ann', roles: ['boss'] } },
    ]);
    const { code, lines } = await millrace(
      'run',
      loanFile,
      '--input',
      '{"amount": 5}',
      '--stub',
      '--virtual-time',
      '--json',
      '--script',
      script,
    );
    assert.equal(code, 0);
    const completed = lines.filter((l) => l.state === 'completed').map((l) => l.activity);
    assert.deepEqual(completed, ['Score', 'Approve', 'Rest', 'Pay']);
    assert.deepEqual(lines.at(-1), {
      outcome: 'completed',
      output: { decision: true },
      variables: { ok: true, score: null, amount: 5 },
    });
    assert.equal(lines.find((l) => l.activity === 'Rest' && l.state === 'completed')?.at, 3 * 86_400_000);
  });

  it('leaves tasks alone that are withdrawn while stubbed people do theirs', async () => {
    const flow = file('quorum.json', {
      flow: 'quorum',
      kind: 'process',
      roles: { clerk: {} },
      activities: [
        { id: 'M', type: 'user', role: 'clerk', loop: { kind: 'forEach', items: '3', completion: 'done >= 2' } },
      ],
    });
    const { code, err, lines } = await millrace('run', flow, '--stub', '--virtual-time', '--json');
    assert.deepEqual([code, err, lines.at(-1)?.outcome], [0, '', 'completed']);
    assert.deepEqual(
      lines.filter((l) => l.state === 'completed' || l.state === 'terminated').map((l) => l.state),
      ['completed', 'terminated', 'completed'],
    );
  });

  it('is the same every time', async () => {
    const args = ['run', loanFile, '--stub', '--virtual-time', '--json'];
    assert.deepEqual((await millrace(...args)).out, (await millrace(...args)).out);
  });

  it('takes implementations from a module', async () => {
    const module = file(
      'functions.mjs',
      'export const score = ({ amount }) => amount * 2; export const pay = () => null;',
    );
    const { lines } = await millrace(
      'run',
      loanFile,
      '--input',
      '{"amount": 5}',
      '--implementations',
      module,
      '--json',
    );
    assert.ok(lines.some((l) => l.activity === 'Score' && l.state === 'completed'));
    assert.equal(lines.at(-1)?.outcome, 'waiting');
    assert.equal(lines.at(-1)?.variables?.['score'], 10);
    assert.equal(lines.at(-1)?.tasks?.[0]?.role, 'boss');
  });

  it('ends with 3 when it waits and 1 when it fails, and says why', async () => {
    const module = file('half.mjs', 'export const score = () => 1;');
    const waiting = await millrace('run', loanFile, '--implementations', module);
    assert.equal(waiting.code, 3);
    assert.match(waiting.out, /-- waiting\n {3}for a person with role "boss": Approve/);
    const failing = await millrace('run', loanFile);
    assert.equal(failing.code, 1);
    assert.match(failing.out, /-- failed: FLOW-UNKNOWN-IMPLEMENTATION: There is no implementation "score"/);
  });

  it('delivers signals, cancels, skips and retries by script', async () => {
    const flow = file('signal.json', {
      flow: 's',
      kind: 'process',
      variables: { paid: {} },
      activities: [
        { id: 'R', type: 'receive', message: { name: 'paid' }, output: { paid: '$output.sum' } },
        { id: 'X', type: 'service', implementation: { ref: 'nobody' } },
      ],
      connectors: [{ id: '1', from: 'R', to: 'X' }],
    });
    const script = file('signals.json', [
      { signal: { name: 'paid', data: { sum: 7 } } },
      { retry: true },
      { skip: 'X' },
    ]);
    const { code, lines } = await millrace('run', flow, '--json', '--script', script);
    assert.deepEqual(
      lines.filter((l) => l.activity === 'X').map((l) => l.state),
      ['running', 'failed', 'running', 'failed', 'completed'],
    );
    assert.equal(code, 0);
    assert.equal(lines.at(-1)?.variables?.['paid'], 7);
    const cancelled = await millrace('run', flow, '--json', '--script', file('c.json', [{ cancel: 'enough' }]));
    assert.equal(cancelled.lines.at(-1)?.outcome, 'cancelled');
    assert.equal(cancelled.code, 1);
  });

  it('tells of the steps of a script that never got their turn', async () => {
    const script = file('idle.json', [{ complete: 'Nobody' }]);
    const { lines } = await millrace('run', loanFile, '--stub', '--json', '--script', script);
    assert.deepEqual(lines.at(-1)?.left, [{ complete: 'Nobody' }]);
    assert.equal(lines.at(-1)?.outcome, 'waiting');
  });

  it('goes on when a step of the script is refused, says so and ends with 1', async () => {
    const script = file('refused.json', [
      { complete: 'Approve', output: { ok: true }, user: { id: 'eve', roles: ['guest'] } },
      { complete: 'Approve', output: { ok: true }, user: { id: 'ann', roles: ['boss'] } },
    ]);
    const args = ['run', loanFile, '--stub', '--virtual-time', '--script', script];
    const { code, lines } = await millrace(...args, '--json');
    assert.equal(code, 1);
    assert.equal(lines.at(-1)?.outcome, 'completed');
    assert.deepEqual(
      lines.at(-1)?.refused?.map((r) => r.failure.code),
      ['FLOW-TASK-REFUSED'],
    );
    assert.match((await millrace(...args)).out, /refused \{"complete":"Approve".*FLOW-TASK-REFUSED/);
  });

  it('begins with the variables that it is given', async () => {
    const flow = file('pool.json', {
      flow: 'pool',
      kind: 'microflow',
      variables: { n: { initial: 1 } },
      output: { n: 'n' },
      activities: [{ id: 'A', type: 'script', output: { n: 'n + 1' } }],
    });
    const { lines } = await millrace('run', flow, '--variables', '{"n": 41}', '--json');
    assert.deepEqual(lines.at(-1)?.output, { n: 42 });
    assert.equal((await millrace('run', flow, '--variables', '3')).code, 2);
  });

  it('runs flows that call each other from several files', async () => {
    const outer = file('outer.json', {
      flow: 'outer',
      kind: 'process',
      variables: { r: {} },
      output: { r: 'r' },
      activities: [{ id: 'C', type: 'call', calls: 'inner', output: { r: '$output.v' } }],
    });
    const inner = file('inner.json', {
      flow: 'inner',
      kind: 'process',
      output: { v: '42' },
      activities: [{ id: 'W', type: 'wait', after: 'PT1H' }],
    });
    const { lines } = await millrace('run', outer, inner, '--virtual-time', '--json');
    assert.deepEqual(lines.at(-1)?.output, { r: 42 });
  });
});

describe('millrace check', () => {
  it('is content with a sound flow', async () => {
    const { code, out } = await millrace('check', loanFile);
    assert.equal(code, 0);
    assert.match(out, /loan: nothing found$/);
  });

  it('lists what is wrong, for people and for programs, and ends with 1', async () => {
    const bad = file('bad.json', {
      flow: 'bad',
      kind: 'process',
      activities: [{ id: 'A', type: 'service' }],
      connectors: [{ id: 'c', from: 'A', to: 'Z' }],
    });
    const people = await millrace('check', bad);
    assert.equal(people.code, 1);
    assert.match(people.out, /FLOW-E102/);
    const [result] = JSON.parse((await millrace('check', bad, '--json')).out) as {
      ok: boolean;
      diagnostics: { code: string; ids: string[] }[];
    }[];
    assert.equal(result?.ok, false);
    assert.ok(result?.diagnostics.some((d) => d.code === 'FLOW-E109' && d.ids[0] === 'A'));
  });

  it('sees flows of several files that call each other without end', async () => {
    const calling = (flow: string, calls: string): string =>
      file(`${flow}.json`, { flow, kind: 'process', activities: [{ id: 'A', type: 'call', calls }] });
    const { out, code } = await millrace('check', calling('ping', 'pong'), calling('pong', 'ping'));
    assert.equal(code, 1);
    assert.match(out, /FLOW-E107 .*ping → pong → ping/);
    assert.match(out, /FLOW-E107 .*pong → ping → pong/);
  });
});

describe('millrace diagram', () => {
  it('draws Mermaid text with conditions, and gives the XState machine', async () => {
    const { out } = await millrace('diagram', loanFile);
    assert.match(out, /flowchart TD/);
    assert.match(out, /a1 -->\|"ok"\| a2/);
    const machine = JSON.parse((await millrace('diagram', loanFile, '--format', 'xstate')).out) as { states: object };
    assert.ok('Approve' in machine.states);
  });
});

describe('millrace', () => {
  it('says what is wrong with a command in a sentence and ends with 2', async () => {
    for (const [args, message] of [
      [['rnu'], /Did you mean "run"/],
      [['run'], /Name a file/],
      [['run', 'missing.json'], /There is no file missing\.json/],
      [['run', loanFile, '--input', '[1]'], /--input is to be a JSON object/],
      [['run', loanFile, '--fast'], /Unknown option '--fast'[^]*millrace run --help/],
      [['run', loanFile, '--script', file('bad-script.json', [{ complet: 'A' }])], /step 1 that is none of complete/],
      [['check', file('text.json', 'no json')], /text\.json: This is no JSON/],
      [['check', file('none.json', [])], /none\.json: This list holds no flow definition/],
      [['diagram', loanFile, '--format', 'png'], /There is no format "png"/],
    ] as const) {
      const { code, err } = await millrace(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, message);
    }
  });

  it('ends without a complaint when nobody reads on', async () => {
    const bin = resolve(import.meta.dirname, '../../src/cli/bin.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', bin, 'check', ...Array<string>(20).fill(loanFile)]);
    child.stdout.destroy();
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    const [code] = (await once(child, 'close')) as [number];
    assert.deepEqual([code, complaint], [0, '']);
  });

  it('is a program', () => {
    const bin = resolve(import.meta.dirname, '../../src/cli/bin.ts');
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', bin, '--version'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
