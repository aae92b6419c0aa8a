import assert from 'node:assert/strict';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createRegistry, type FlowDefinition, type ImplementationFunction } from '../../src/index.js';
import { startAgent } from '../src/agent/agent.js';
import { clientOf, eventually, startTestServer, untilStatus, type TestServer } from './harness.js';

const ship: FlowDefinition = {
  flow: 'ship',
  kind: 'process',
  output: { label: 'label' },
  activities: [
    {
      id: 'Print',
      type: 'service',
      implementation: { ref: 'warehouse/print', arguments: { to: "'Ada'" } },
      output: { label: '$output.label' },
    },
  ],
};

describe('an agent at another site', () => {
  let t: TestServer;
  before(async () => {
    t = await startTestServer();
    await t.deploy(ship);
  });
  after(() => t.close());

  const agents: { stop(): Promise<void> }[] = [];
  after(() => Promise.all(agents.map((agent) => agent.stop())));
  const start = (print: ImplementationFunction): { stop(): Promise<void> } => {
    const registry = createRegistry({ print });
    const agent = startAgent({ name: 'warehouse', url: t.url, apiKey: t.keyOf('warehouse'), registry, data: t.folder });
    agents.push(agent);
    return agent;
  };

  it('does the activities that are its own, once, and nobody else can', async () => {
    const first = await t.operator.start('ship');
    assert.equal((await t.operator.post('/v1/agents/warehouse/take', { wait: 0 })).status, 403);
    const keys: string[] = [];
    start(async ({ to }, { idempotencyKey }) => {
      keys.push(idempotencyKey);
      return { label: `for ${String(to)}` };
    });
    const second = await t.operator.start('ship');
    for (const { id } of [first, second])
      assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { label: 'for Ada' });
    assert.deepEqual(keys.sort(), [`${first.id}/i1`, `${second.id}/i1`].sort());
  });

  it('reports a failure with its code, and is told when a call is no longer wanted', async () => {
    for (const agent of agents.splice(0)) await agent.stop();
    const agent = start(async () => {
      throw Object.assign(new Error('No paper.'), { code: 'NoPaper', retryable: false });
    });
    const { id } = await t.operator.start('ship');
    assert.equal((await untilStatus(t.operator, id, 'failed')).failure?.code, 'NoPaper');
    await agent.stop();
    agents.splice(0);
    const waiting = await t.operator.start('ship');
    const warehouse = clientOf(t.url, { 'x-api-key': t.keyOf('warehouse') });
    const [call] = await eventually('the call is offered', async () => {
      const { body } = await warehouse.post<{ key: string; instance: string }[]>('/v1/agents/warehouse/take');
      return body.some(({ instance }) => instance === waiting.id) && body;
    });
    await t.operator.post(`/v1/instances/${waiting.id}/cancel`);
    await eventually('it is gone', async () => {
      const { body } = await warehouse.post<{ gone: string[] }>('/v1/agents/warehouse/renew', { keys: [call!.key] });
      return body.gone.includes(call!.key);
    });
    assert.equal((await warehouse.post('/v1/agents/warehouse/finish', { key: call!.key, output: 1 })).status, 204);
    assert.equal((await t.operator.instance(waiting.id)).status, 'cancelled');
  });

  it('answers again what it has done and could not say, and does not do it again', async () => {
    let printed = 0;
    let isCut = false;
    // The line breaks while it prints; then it is stopped, and started anew with the same journal.
    const gateway = createServer((request, response) => {
      if (isCut) return request.destroy();
      const { pathname } = new URL(t.url + request.url);
      const onward = forward(t.url + pathname, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
    await new Promise<void>((listening) => gateway.listen(0, '127.0.0.1', listening));
    const print = (): { label: string } => {
      isCut = true;
      return { label: `copy ${++printed}` };
    };
    const options = {
      name: 'warehouse',
      apiKey: t.keyOf('warehouse'),
      registry: createRegistry({ print }),
      data: t.folder,
    };
    const failed: string[] = [];
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    const first = startAgent({ ...options, url, log: (line) => failed.push(line) });
    const { id } = await t.operator.start('ship');
    await eventually('its answer does not get through', () => failed.some((line) => line.startsWith(`${id}/`)));
    await first.stop();
    gateway.close();
    const second = startAgent({ ...options, url: t.url });
    assert.deepEqual((await untilStatus(t.operator, id, 'completed')).output, { label: 'copy 1' });
    assert.equal(printed, 1);
    await second.stop();
  });
});
