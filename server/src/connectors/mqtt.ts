// A message bus that speaks MQTT (Mosquitto, EMQX, HiveMQ, those of the clouds). Publishes, and brings messages in: as messages that
// flows wait for, or as starts of flows. A message is acknowledged to the broker when the server has it for good.
import { createHash } from 'node:crypto';
import { connect, connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { FlowError, type Json, type JsonObject } from '../../../src/index.js';
import { isTenant } from '../flow-service/contract.js';
import {
  schemaOf,
  text,
  type Action,
  type CallContext,
  type Connected,
  type ConnectorKind,
  type Incoming,
} from './connector.js';

/** User property in which a publisher says which messages are one. */
const KEY = 'idempotency-key';
const PATIENCE = 10_000;
/** A broker keeps what is meant for us this long while we are away, seconds. */
const KEPT = 7 * 86_400;

interface Subscription {
  readonly topic: string;
  readonly message?: string;
  readonly flow?: string;
  /** Path of the correlation key in the data, or `#N`: level N of the topic, from 1. */
  readonly key?: string;
  /** Whose flows it is for. */
  readonly tenant?: string;
  /** Path of what says which messages are one, for publishers that do not say it in a user property. */
  readonly id?: string;
}

export const mqtt: ConnectorKind = {
  summary: 'a message bus (MQTT): publishes, and brings messages in',
  settings: schemaOf(
    {
      url: { type: 'string', description: '`mqtt://host:1883`, `mqtts://…` or `wss://…`.' },
      version: {
        enum: ['5', '3.1.1'],
        description: 'Default 5. Before it, a message cannot carry its idempotency key.',
      },
      username: text,
      password: text,
      clientId: { type: 'string', description: 'Who we are to the broker; one per flow service. Needed to subscribe.' },
      subscribe: {
        type: 'array',
        items: schemaOf({ topic: text, message: text, flow: text, key: text, id: text, tenant: text }, ['topic']),
        description: 'What is brought in: as a `message`, with its `key`, or as a start of a `flow`.',
      },
    },
    ['url'],
  ),
  async connect(settings) {
    const { subscribe = [], clientId } = settings as { subscribe?: readonly Subscription[]; clientId?: string };
    for (const { topic, message, flow, tenant } of subscribe) {
      if (tenant !== undefined && !isTenant(tenant))
        throw new FlowError('FLOW-SETTINGS', `The subscription of "${topic}": "${tenant}" is no name of a tenant.`);
      if ((message === undefined) === (flow === undefined))
        throw new FlowError('FLOW-SETTINGS', `The subscription of "${topic}" needs either "message" or "flow".`);
    }
    if (subscribe.length > 0 && clientId === undefined)
      throw new FlowError(
        'FLOW-SETTINGS',
        'A connector that subscribes needs a "clientId", by which it is known again.',
      );
    return new MqttConnection(settings, subscribe);
  },
};

class MqttConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>> = {
    publish: {
      summary: 'publishes `data` as JSON (or `text` as it is) on a topic',
      effect: 'post',
      arguments: schemaOf(
        { topic: text, data: { description: 'Any JSON value.' }, text, retain: { type: 'boolean' } },
        ['topic'],
      ),
    },
  };
  readonly #settings: JsonObject;
  readonly #subscriptions: readonly Subscription[];
  #client: Promise<MqttClient> | undefined;
  #listening: MqttClient | undefined;

  constructor(settings: JsonObject, subscriptions: readonly Subscription[]) {
    this.#settings = settings;
    this.#subscriptions = subscriptions;
  }

  async call(_: string, args: JsonObject, { signal, idempotencyKey }: CallContext): Promise<Json> {
    signal.throwIfAborted();
    const { topic, data, retain } = args as { topic: string; data?: Json; retain?: boolean };
    const payload = typeof args['text'] === 'string' ? args['text'] : JSON.stringify(data ?? null);
    try {
      const client = await this.#open();
      const properties = { userProperties: { [KEY]: idempotencyKey }, contentType: contentType(args) };
      const about = this.#isOld ? {} : { properties };
      // Resolves with the broker's acknowledgement.
      await client.publishAsync(topic, payload, { qos: 1, retain: retain ?? false, ...about });
      return { topic };
    } catch (cause) {
      throw new FlowError('MQTT-NETWORK', (cause as Error).message, {}, { cause, retryable: true });
    }
  }

  async listen(deliver: (incoming: Incoming) => Promise<void>): Promise<void> {
    if (this.#subscriptions.length === 0) return;
    // The broker keeps the session, so that what comes while we are away is not lost.
    const client = connect(String(this.#settings['url']), {
      ...this.#options(),
      clientId: String(this.#settings['clientId']),
      clean: false,
      ...(this.#isOld ? {} : { properties: { sessionExpiryInterval: KEPT } }),
    });
    this.#listening = client;
    // Set before anything can arrive. Calling back acknowledges; without it, the broker sends it again.
    client.handleMessage = (packet, acknowledge) => {
      void this.#deliver(packet as IPublishPacket, deliver).then(() => acknowledge());
    };
    client.on('error', ({ message }) => console.error(JSON.stringify({ level: 'warn', connector: 'mqtt', message })));
    await new Promise((connected) => client.once('connect', connected));
    for (const [i, { topic }] of this.#subscriptions.entries()) {
      const properties = this.#isOld ? {} : { properties: { subscriptionIdentifier: i + 1 } };
      await client.subscribeAsync(topic, { qos: 1, ...properties });
    }
  }

  async test(): Promise<string> {
    try {
      return (await this.#open()).connected ? 'connected' : 'not connected';
    } catch (cause) {
      throw new FlowError('MQTT-NETWORK', (cause as Error).message, {}, { cause, retryable: true });
    }
  }

  async close(): Promise<void> {
    const opened = await this.#client?.catch(() => undefined);
    for (const client of [opened, this.#listening]) await client?.endAsync(true);
  }

  /** The connection for publishing; made when first used, and anew when it could not be made. */
  #open(): Promise<MqttClient> {
    if (!this.#client) {
      const opening = connectAsync(String(this.#settings['url']), this.#options(), false);
      opening.then(
        (client) => client.on('error', () => {}),
        () => (this.#client = undefined),
      );
      this.#client = opening;
    }
    return this.#client;
  }

  get #isOld(): boolean {
    return this.#settings['version'] === '3.1.1';
  }

  #options(): IClientOptions {
    const { username, password } = this.#settings as { username?: string; password?: string };
    return {
      protocolVersion: this.#isOld ? 4 : 5,
      connectTimeout: PATIENCE,
      reconnectPeriod: 1000,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
  }

  /** The broker may send a message once for each subscription that it fits, and says for which. */
  #meant({ topic, properties }: IPublishPacket): readonly Subscription[] {
    const told = [properties?.subscriptionIdentifier ?? []].flat();
    return this.#subscriptions.filter((one, i) => (told.length > 0 ? told.includes(i + 1) : isIn(topic, one.topic)));
  }

  async #deliver(packet: IPublishPacket, deliver: (incoming: Incoming) => Promise<void>): Promise<void> {
    const { topic } = packet;
    const data = dataOf(packet);
    const told = packet.properties?.userProperties?.[KEY];
    for (const subscription of this.#meant(packet)) {
      const id = idOf(subscription, subscription.id === undefined ? told : at(data, subscription.id));
      const { tenant } = subscription;
      const about = { ...(id === undefined ? {} : { id }), ...(tenant === undefined ? {} : { tenant }) };
      if (subscription.flow === undefined) {
        const key = keyOf(subscription, topic, data);
        await deliver({ message: subscription.message!, data, ...about, ...(key === undefined ? {} : { key }) });
      } else {
        await deliver({ flow: subscription.flow, input: inputOf(data), ...about });
      }
    }
  }
}

/** One per message and subscription: a message may wake one flow and start another. */
function idOf({ topic, message, flow, tenant }: Subscription, given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([topic, message, flow, given, ...(tenant === undefined ? [] : [tenant])]))
    .digest('base64url');
}

function contentType(args: JsonObject): string {
  return typeof args['text'] === 'string' ? 'text/plain' : 'application/json';
}

/** JSON where it is some, else its text. */
function dataOf({ payload }: IPublishPacket): Json {
  const content = payload.toString();
  try {
    return JSON.parse(content) as Json;
  } catch {
    return content;
  }
}

function inputOf(data: Json): JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as JsonObject) : { data };
}

function keyOf({ key }: Subscription, topic: string, data: Json): string | undefined {
  if (key === undefined) return undefined;
  const level = /^#(\d+)$/.exec(key)?.[1];
  const found = level === undefined ? at(data, key) : topic.split('/')[Number(level) - 1];
  return found === undefined || found === null ? undefined : String(found);
}

function at(data: Json, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], data);
}

/** MQTT 5, section 4.7; a shared subscription (`$share/GROUP/FILTER`) is its filter. */
function isIn(topic: string, filter: string): boolean {
  const levels = filter.replace(/^\$share\/[^/]+\//, '').split('/');
  const given = topic.split('/');
  if (levels.at(-1) === '#') return levels.slice(0, -1).every((level, i) => level === '+' || level === given[i]);
  return levels.length === given.length && levels.every((level, i) => level === '+' || level === given[i]);
}
