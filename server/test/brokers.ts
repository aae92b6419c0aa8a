// Message brokers for the tests: one from npm, which knows MQTT 3.1.1, and Mosquitto, which knows MQTT 5, where it is installed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { eventually, freePorts } from './harness.js';

export interface TestBroker {
  readonly url: string;
  readonly version: '3.1.1' | '5';
  /** Publishes as somebody else would. */
  publish(topic: string, data: unknown): Promise<void>;
  /** What has been published on a topic so far. */
  published(topic: string): readonly unknown[];
  close(): Promise<void>;
}

const MOSQUITTO = ['mosquitto', '/usr/sbin/mosquitto'].find((program) => spawnSync(program, ['-h']).status !== null);

/** Name, how to start it, and why its tests are left out, if they are. */
export const BROKERS: readonly (readonly [string, () => Promise<TestBroker>, string | false])[] = [
  ['a message bus (MQTT 3.1.1)', startAedes, false],
  [
    'Mosquitto (MQTT 5)',
    () => startMosquitto(MOSQUITTO!),
    MOSQUITTO === undefined && 'there is no Mosquitto here; apt-get install mosquitto',
  ],
];

async function startAedes(): Promise<TestBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return testBroker(url, '3.1.1', async () => {
    await new Promise<void>((closed) => broker.close(() => closed()));
    server.close();
  });
}

async function startMosquitto(program: string): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-broker-'));
  const [port] = await freePorts(1);
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\n`);
  const broker = spawn(program, ['-c', file], { stdio: 'ignore' });
  return testBroker(`mqtt://127.0.0.1:${port}`, '5', async () => {
    const ended = new Promise((resolve) => broker.once('exit', resolve));
    broker.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
}

async function testBroker(url: string, version: '3.1.1' | '5', stop: () => Promise<void>): Promise<TestBroker> {
  const protocolVersion = version === '5' ? 5 : 4;
  const client = await eventually('the broker is up', () =>
    connectAsync(url, { protocolVersion }, false).catch(() => undefined),
  );
  const all: { topic: string; data: unknown }[] = [];
  client.on('message', (topic, payload) => all.push({ topic, data: JSON.parse(payload.toString()) }));
  await client.subscribeAsync('#', { qos: 1 });
  return {
    url,
    version,
    async publish(topic, data) {
      await client.publishAsync(topic, JSON.stringify(data), { qos: 1 });
    },
    published: (topic) => all.filter((one) => one.topic === topic).map(({ data }) => data),
    async close() {
      await client.endAsync(true);
      await stop();
    },
  };
}
