// Two people, two browser profiles, one process on the server, the components of the page.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import type { FlowDefinition, HistoryRecord } from '../../src/index.js';
import { eventually, startTestServer, type TestServer } from './harness.js';
import { AUDIENCE, startIdentityProvider, type IdentityProvider } from './identity-provider.js';

const expense: FlowDefinition = {
  flow: 'expense',
  kind: 'process',
  title: 'Expense',
  input: { amount: { type: 'number' } },
  output: { approved: 'approved' },
  activities: [
    { id: 'Book', type: 'service', implementation: { ref: 'work' } },
    {
      id: 'Approve',
      name: 'Approve the expense',
      type: 'user',
      role: 'approver',
      input: { amount: 'amount' },
      form: { type: 'object', properties: { approved: { type: 'boolean', title: 'Approved' } } },
      output: { approved: '$output.approved' },
    },
    { id: 'Receipt', name: 'Hand in the receipt', type: 'user', role: 'staff' },
  ],
  connectors: [
    { id: 'c1', from: 'Book', to: 'Approve' },
    { id: 'c2', from: 'Approve', to: 'Receipt' },
  ],
};

const PAGE = `<!doctype html><html lang="en"><title>Expenses</title>
<form><input name="amount" type="number" value="42" aria-label="Amount">
<process-button process="expense" environment="server">Hand in</process-button></form>
<process-button process="own">Remind me</process-button>
<process-status process="expense"></process-status>
<process-tasks></process-tasks>
<flow-inspector></flow-inspector>
<script type="application/flow+json">{ "flow": "own", "kind": "process", "title": "Own", "activities": [
  { "id": "Remember", "name": "Remember the milk", "type": "user", "role": "staff" } ] }</script>
<script type="module" src="/page.js"></script>`;

const SCRIPT = `
import { runtime } from './components/index.ts';
import './components/flow-inspector/define.ts';
const { url, token, user } = await (await fetch('/session' + location.search)).json();
runtime.configure({ server: { url, token } });
runtime.user = user;
globalThis.runtime = runtime;
`;

describe('two people on two computers', () => {
  let t: TestServer;
  let identity: IdentityProvider;
  let site: Server;
  const contexts: BrowserContext[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'millrace-people-'));

  before(async () => {
    identity = await startIdentityProvider();
    const root = resolve(import.meta.dirname, '../..');
    const { outputFiles } = await build({
      stdin: { contents: SCRIPT, resolveDir: root, loader: 'ts' },
      bundle: true,
      splitting: true,
      format: 'esm',
      write: false,
      outdir: '/out',
      entryNames: 'page',
      target: 'es2022',
      tsconfig: join(root, 'tsconfig.json'),
    });
    const files = new Map(outputFiles.map(({ path, text }) => [path.slice('/out'.length), text]));
    site = createServer((request, response) => {
      const url = new URL(request.url!, 'http://site');
      const file = files.get(url.pathname === '/page.js' ? '/page.js' : url.pathname) ?? files.get('/stdin.js');
      if (url.pathname === '/') response.setHeader('content-type', 'text/html').end(PAGE);
      else if (url.pathname === '/session') void session(url).then((body) => response.end(JSON.stringify(body)));
      else response.setHeader('content-type', 'text/javascript').end(file);
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const session = async (url: URL): Promise<object> => {
      const user = { id: url.searchParams.get('user')!, roles: [url.searchParams.get('role')!] };
      return { url: t.url, user, token: await identity.token({ sub: user.id, roles: user.roles }) };
    };
    t = await startTestServer({
      cors: [origin],
      auth: { jwt: { issuer: identity.issuer, audience: AUDIENCE, jwks: identity.jwks } },
    });
    await t.deploy(expense);
  });
  after(async () => {
    for (const context of contexts) await context.close();
    site.close();
    identity.close();
    await t.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function open(user: string, role: string): Promise<Page> {
    const context = await chromium.launchPersistentContext(join(folder, user), {
      executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    contexts.push(context);
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/?user=${user}&role=${role}`);
    return page;
  }

  it('finish one process, each with the tasks of their role', async () => {
    const ada = await open('ada', 'staff');
    const eve = await open('eve', 'approver');
    await ada.getByRole('button', { name: 'Hand in' }).click();
    // Eve's list changes by itself; Ada has nothing to approve.
    const task = eve.locator('process-tasks').getByRole('button', { name: /^Open/ });
    await task.waitFor();
    assert.equal(await ada.locator('process-tasks').getByRole('button', { name: /^Open/ }).count(), 0);
    // The page has no definition of it; what the steps are called, the server knows.
    const step = (name: string): Locator =>
      ada.locator('process-status').getByRole('listitem').filter({ hasText: name });
    await step('Hand in the receipt').waitFor();
    assert.equal(await step('Approve the expense').getAttribute('aria-current'), 'step');
    await task.click();
    await eve.getByLabel('Approved').check();
    await eve.locator('task-form').getByRole('button', { name: 'Done' }).click();
    const receipt = ada.locator('process-tasks').getByRole('button', { name: /^Open/ });
    await receipt.click();
    await ada.locator('task-form').getByRole('button', { name: 'Done' }).click();
    const done = await eventually('the process is over', async () => {
      const { body } = await t.operator.get<{ status: string; output: unknown; startedBy: string }[]>('/v1/instances');
      return body[0]?.status === 'completed' && body[0];
    });
    assert.deepEqual(done.output, { approved: true });
    assert.equal(done.startedBy, 'ada');
    await ada.locator('process-tasks').getByText('Nothing to do').waitFor();
    // A process of this browser alone stands in the same list.
    await ada.getByRole('button', { name: 'Remind me' }).click();
    await ada.locator('process-tasks').getByText('Remember the milk').first().waitFor();
    assert.equal(await eve.locator('process-tasks').getByText('Remember the milk').count(), 0);
    if (process.env['SCREENSHOTS']) {
      await eve.screenshot({ path: join(process.env['SCREENSHOTS'], 'eve.png') });
      await ada.screenshot({ path: join(process.env['SCREENSHOTS'], 'ada.png') });
    }
  });

  it('are helped by a third, who sees in the inspector what has failed and takes it up again', async () => {
    await t.deploy({
      flow: 'stubborn',
      kind: 'process',
      title: 'Stubborn',
      activities: [{ id: 'Try', name: 'Try hard', type: 'service', implementation: { ref: 'flaky' } }],
    });
    const olga = await open('olga', 'operator');
    const inspector = olga.locator('flow-inspector');
    const { id } = await t.operator.start('stubborn');
    await inspector.getByRole('button', { name: /^Stubborn/ }).click();
    for (let tries = 0; tries < 2; tries++) {
      await inspector.getByText('Stopped at "Try hard"').waitFor();
      const { v } = await t.operator.instance(id);
      await inspector.getByRole('group').getByRole('button', { name: 'Try again' }).click();
      const question = inspector.locator('form.act');
      await question.getByLabel('Why').fill('The supplier is back.');
      await question.getByRole('button', { name: 'Try again' }).click();
      await question.waitFor({ state: 'detached' });
      await eventually('it has been tried again', async () => {
        const view = await t.operator.instance(id);
        return view.v > v && view.status !== 'running';
      });
    }
    await inspector.getByText('Done: 1 of 1').waitFor();
    const { body } = await t.operator.get<HistoryRecord[]>(`/v1/instances/${id}/history`);
    const retries = body.flatMap(({ event }) => (event.type === 'retry' ? `${event.by}: ${event.reason}` : []));
    assert.deepEqual(retries, ['olga: The supplier is back.', 'olga: The supplier is back.']);
  });

  it('are looked after in the inspector: a task is handed over, and its process moved to a newer version', async () => {
    const { id } = await t.operator.start('expense', { amount: 7 });
    const olaf = await open('olaf', 'operator');
    const inspector = olaf.locator('flow-inspector');
    await inspector.getByRole('button', { name: /^Expense ▶/ }).click();
    const act = async (name: string, fill: (question: Locator) => Promise<void>, verb: string): Promise<void> => {
      await inspector.getByRole('group', { name: 'What can be done' }).getByRole('button', { name }).click();
      const question = inspector.locator('form.act');
      await fill(question);
      await question.getByRole('button', { name: verb }).click();
      await question.waitFor({ state: 'detached' });
    };
    await act(
      'Hand over …',
      async (question) => {
        await question.getByLabel('To (empty: to all)').fill('zoe');
        await question.getByLabel('Why').fill('She knows it.');
      },
      'Hand it over',
    );
    const claimed = await eventually('it is hers', async () => {
      const view = await t.operator.instance(id);
      return view.tasks[0]?.claimedBy !== undefined && view;
    });
    assert.equal(claimed.tasks[0]!.claimedBy, 'zoe');
    await t.deploy({ ...expense, version: '2.0.0' });
    await act(
      'Other version …',
      async (question) => {
        await question.getByText('It can be moved.').waitFor();
        await question.getByLabel('Why').fill('The rules are new.');
        if (process.env['SCREENSHOTS'])
          await olaf.screenshot({ path: join(process.env['SCREENSHOTS'], 'olaf.png'), fullPage: true });
      },
      'Move it',
    );
    await eventually('it has moved', async () => (await t.operator.instance(id)).version === '2.0.0');
    const { body } = await t.operator.get<HistoryRecord[]>(`/v1/instances/${id}/history`);
    const said = body.flatMap(({ event }) =>
      event.type === 'claim' || event.type === 'migrated' ? `${event.type} by ${event.by}: ${event.reason}` : [],
    );
    assert.deepEqual(said, ['claim by olaf: She knows it.', 'migrated by olaf: The rules are new.']);
  });
});
