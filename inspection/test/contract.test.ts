// The unmodified receivers of Stately's inspector and of that of XState 4, attached to instances of our flows.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, describe, it } from 'node:test';
import { createWebSocketReceiver as statelyReceiver } from '@statelyai/inspect';
import { WebSocket } from 'ws';
import { compile, createMemoryHost, type FlowHost } from '../../src/index.js';
import { createInspection, serveBridge } from '../../src/inspect/index.js';
import { startBridge, type Bridge } from '../src/bridge.js';

// What the receivers and the page use, and Node 20 does not have.
Object.assign(globalThis, { WebSocket });

interface Received {
  readonly type: string;
  readonly sessionId: string;
  readonly name?: string;
  readonly id?: string;
  readonly parentId?: string;
  readonly parent?: string;
  readonly definition?: string;
  readonly snapshot?: { readonly status: string; readonly value: unknown; readonly context: Record<string, unknown> };
  readonly machine?: { readonly id: string; resolveState(state: unknown): { value: unknown } };
  readonly state?: { readonly value: unknown; readonly context: Record<string, unknown>; readonly done?: boolean };
  readonly event?: { readonly type?: string; readonly name?: string };
}

/** Its ESM build asks XState 4 for names that only the CommonJS build has. */
const { createWebSocketReceiver: xstate4Receiver } = createRequire(import.meta.url)('@xstate/inspect') as {
  createWebSocketReceiver(options: { server: string }): {
    subscribe(observer: (event: Received) => void): unknown;
    send(event: object): void;
  };
};

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A process that waits for somebody, on a host, and a bridge that serves it. */
async function stage(): Promise<{ readonly bridge: Bridge; readonly host: FlowHost; readonly id: string }> {
  const flow = await compile({
    flow: 'order',
    title: 'Order',
    kind: 'process',
    variables: { paid: { initial: false } },
    roles: { boss: {} },
    activities: [
      { id: 'Pay', type: 'service', implementation: { ref: 'pay' }, output: { paid: 'true' } },
      { id: 'Look', type: 'user', role: 'boss' },
    ],
    connectors: [{ id: 'c1', from: 'Pay', to: 'Look' }],
  });
  const host = createMemoryHost({ implementations: { pay: () => ({ ok: true }) } });
  await host.deploy(flow);
  const { id } = await host.start('order', {}, { id: 'one' });
  await host.settled();
  const bridge = await startBridge({ port: 0 });
  const inspection = createInspection({
    instances: (query) => host.list(query),
    history: (instance) => host.history(instance),
    flowOf: async () => flow,
    watch: async (listener) => host.watch(undefined, listener),
  });
  const disconnect = await serveBridge(inspection, bridge.address);
  ends.push(
    () => host.close(),
    () => bridge.close(),
    disconnect,
  );
  return { bridge, host, id };
}

/** Waits until what has come satisfies. */
async function until(satisfied: () => boolean): Promise<void> {
  while (!satisfied()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function complete(host: FlowHost): Promise<void> {
  const [task] = await host.tasks();
  await host.send({ type: 'complete', task: task!.id });
}

describe('the unmodified receiver of @statelyai/inspect', () => {
  it('hears of a flow, its activities, every event and every state, also when it comes late', async () => {
    const { bridge, host, id } = await stage();
    const all: Received[] = [];
    statelyReceiver({ server: bridge.address }).subscribe((event) => void all.push(event as unknown as Received));
    await until(() => all.some((e) => e.type === '@xstate.actor' && e.name === 'Look'));
    const flow = all.find((e) => e.type === '@xstate.actor' && e.sessionId === id)!;
    assert.equal(flow.name, 'Order');
    assert.equal((JSON.parse(flow.definition!) as { id: string }).id, 'order');
    assert.equal(all.find((e) => e.name === 'Pay')!.parentId, id);
    const states = (): readonly Received[] => all.filter((e) => e.type === '@xstate.snapshot' && e.sessionId === id);
    assert.equal(states().at(-1)!.snapshot!.value, 'Look');
    assert.equal(states().at(-1)!.snapshot!.context['paid'], true);
    await complete(host);
    await until(() => states().at(-1)?.snapshot?.status === 'done');
    assert.ok(all.some((e) => e.type === '@xstate.event' && e.event?.type === 'complete'));
  });
});

describe('the unmodified receiver of @xstate/inspect 0.8', () => {
  it('hears the same on its own wire, and its XState 4 understands machine and states', async () => {
    const { bridge, host, id } = await stage();
    const all: Received[] = [];
    xstate4Receiver({ server: bridge.address.replace('ws://', '') }).subscribe((event) => void all.push(event));
    await until(() => all.some((e) => e.type === 'service.register' && e.id === 'Look'));
    const flow = all.find((e) => e.type === 'service.register' && e.sessionId === id)!;
    assert.equal(flow.machine!.id, 'order');
    const states = (): readonly Received[] => all.filter((e) => e.type === 'service.state' && e.sessionId === id);
    assert.equal(flow.machine!.resolveState(states().at(-1)!.state).value, 'Look');
    assert.equal(all.find((e) => e.id === 'Pay')!.parent, id);
    await complete(host);
    await until(() => states().at(-1)?.state?.done === true);
    assert.ok(all.some((e) => e.type === 'service.event' && e.event?.name === 'complete'));
    await until(() => all.some((e) => e.type === 'service.stop'));
  });

  it('cannot steer an instance', async () => {
    const { bridge, host, id } = await stage();
    const all: Received[] = [];
    const receiver = xstate4Receiver({ server: bridge.address.replace('ws://', '') });
    receiver.subscribe((event) => void all.push(event));
    await until(() => all.length > 0);
    receiver.send({ type: 'xstate.event', event: '{"name":"cancel"}', service: id });
    await complete(host);
    await until(() => all.some((e) => e.type === 'service.state' && e.state?.done === true));
    assert.equal((await host.get(id))!.status, 'completed');
  });
});

describe('the bridge', () => {
  async function answer(url: string, headers: Record<string, string> = {}): Promise<string> {
    const socket = new WebSocket(url, { headers });
    const said = await new Promise<string>((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('error', (error) => resolve(error.message));
    });
    socket.terminate();
    return said;
  }

  it('admits nobody without its token, no origin that was not named, and no other name for this machine', async () => {
    const bridge = await startBridge({ port: 0, origins: ['http://127.0.0.1:5173'] });
    ends.push(() => bridge.close());
    const bare = `ws://127.0.0.1:${bridge.port}/`;
    assert.match(await answer(bare), /403/);
    assert.match(await answer(`${bare}?token=${'x'.repeat(bridge.token.length)}`), /403/);
    assert.match(await answer(bridge.address, { origin: 'https://example.com' }), /403/);
    assert.match(await answer(bridge.address, { host: 'example.com' }), /403/);
    assert.equal(await answer(bridge.address, { origin: 'http://127.0.0.1:5173' }), 'open');
    assert.equal(await answer(bridge.address), 'open');
  });

  it('survives what is no address, and pages that say what is no message', async () => {
    const bridge = await startBridge({ port: 0 });
    ends.push(() => bridge.close());
    assert.match(await answer(`ws://127.0.0.1:${bridge.port}//`), /403/);
    const page = new WebSocket(bridge.address.replace('/?', '/page?'));
    await new Promise((resolve) => page.on('open', resolve));
    page.send('{');
    page.send('{"client": 1}');
    page.send('{"client": 1, "message": {"type": "constructor"}}');
    await new Promise((resolve) => (page.ping(), page.on('pong', resolve)));
    page.terminate();
    assert.equal(await answer(bridge.address), 'open');
  });

  it('is not asked on another machine', async () => {
    const inspection = { attach: () => () => {} };
    await assert.rejects(serveBridge(inspection, 'ws://example.com/?token=x'), /is not on this machine/);
  });
});
