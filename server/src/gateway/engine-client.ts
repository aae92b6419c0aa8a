// The gateway's way to the engine. Every call is safe to repeat (starts by the instance's id, everything else by an
// idempotency key), so a call that meets a dying node is made again, at the next address, until time is up.
import { randomUUID } from 'node:crypto';
import {
  FlowError,
  type FlowDefinition,
  type InstanceView,
  type JsonObject,
  type StartOptions,
} from '../../../src/index.js';
import { taskAddress, type MigrationPlan } from '../../../src/hosts/kit.js';
import type { Answer } from '../answer.js';
import { unwrap } from '../answer.js';
import * as contract from '../flow-service/contract.js';
import type {
  AgentCall,
  AgentOutcome,
  DeployedVersion,
  ScheduleSettings,
  ScheduleView,
  Signal,
  StartInstance,
  Taken,
  TaskCommand,
  Woken,
} from '../flow-service/contract.js';
import type { GivenOut, TakenIn } from '../flow-service/archive.js';
import type { Migration } from '../flow-service/migrate.js';
import type { Operation } from '../flow-service/objects.js';
import { postJson } from './post-json.js';

/** How long a caller is kept waiting while the engine does not answer, ms. */
const PATIENCE = 25_000;
const BETWEEN_TRIES = 100;
/** Safe to repeat as they are: a key would be kept for nothing. */
const REPEATABLE = new Set(['get', 'giveOut', 'versions', 'start', 'waiting', 'take', 'renew', 'finish']);

export interface StartRequest extends Pick<StartOptions, 'key' | 'once' | 'startedBy'> {
  readonly flow: string;
  readonly hash: string;
  readonly id: string;
  readonly input: JsonObject;
}

export class EngineClient {
  readonly #addresses: readonly string[];
  #preferred = 0;

  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
  }

  async deploy(tenant: string, hash: string, definition: FlowDefinition): Promise<DeployedVersion> {
    return this.#call(contract.FLOW, contract.keyOf(tenant, definition.flow), 'deploy', { hash, definition });
  }

  async versions(tenant: string, flow: string): Promise<readonly DeployedVersion[]> {
    return this.#call(contract.FLOW, contract.keyOf(tenant, flow), 'versions');
  }

  /** Starts it, or gives what exists. Flows of short calls have come to rest by then, unless `once` is asked. */
  async start(tenant: string, { hash, flow, id, input, key, once, startedBy }: StartRequest): Promise<InstanceView> {
    const isOnce = once === true && key !== undefined;
    const request: StartInstance = {
      hash,
      input,
      options: { ...(key === undefined ? {} : { key }), ...(startedBy === undefined ? {} : { startedBy }) },
      depth: 0,
      at: Date.now(),
      mayCall: !isOnce,
    };
    const { keyOf, BUSINESS_KEY, INSTANCE } = contract;
    const answer: Answer<InstanceView> = isOnce
      ? await this.#call(BUSINESS_KEY, keyOf(tenant, flow, key), 'start', { ...request, id, flow })
      : await this.#call(INSTANCE, keyOf(tenant, id), 'start', request);
    return unwrap(answer);
  }

  async get(tenant: string, id: string): Promise<InstanceView | undefined> {
    const view = await this.#call<InstanceView | null>(contract.INSTANCE, contract.keyOf(tenant, id), 'get');
    return view ?? undefined;
  }

  async operate(tenant: string, id: string, operation: Operation, idempotencyKey?: string): Promise<Taken> {
    return unwrap(
      await this.#call<Answer<Taken>>(
        contract.INSTANCE,
        contract.keyOf(tenant, id),
        'operate',
        operation,
        idempotencyKey,
      ),
    );
  }

  /** Moves an instance to another version, or says what would become of it. */
  async migrate(tenant: string, id: string, request: Migration, idempotencyKey?: string): Promise<MigrationPlan> {
    const { INSTANCE, keyOf } = contract;
    return unwrap(
      await this.#call<Answer<MigrationPlan>>(INSTANCE, keyOf(tenant, id), 'migrate', request, idempotencyKey),
    );
  }

  /** All of an instance but its definition and history. */
  async giveOut(tenant: string, id: string): Promise<GivenOut | undefined> {
    const { INSTANCE, keyOf } = contract;
    return (await this.#call<GivenOut | null>(INSTANCE, keyOf(tenant, id), 'giveOut')) ?? undefined;
  }

  /** Rejects with `FLOW-EXISTS` when its id is taken. */
  async takeIn(tenant: string, id: string, taken: TakenIn, idempotencyKey?: string): Promise<InstanceView> {
    const { INSTANCE, keyOf } = contract;
    return unwrap(await this.#call<Answer<InstanceView>>(INSTANCE, keyOf(tenant, id), 'takeIn', taken, idempotencyKey));
  }

  async command(tenant: string, command: TaskCommand, idempotencyKey?: string): Promise<Taken> {
    const { instance } = taskAddress(command.task);
    return unwrap(
      await this.#call<Answer<Taken>>(
        contract.INSTANCE,
        contract.keyOf(tenant, instance),
        'command',
        command,
        idempotencyKey,
      ),
    );
  }

  async signal(tenant: string, signal: Signal, idempotencyKey?: string): Promise<readonly Woken[]> {
    return this.#call(contract.MESSAGE, contract.keyOf(tenant, signal.name), 'signal', signal, idempotencyKey);
  }

  async setSchedule(tenant: string, name: string, settings: ScheduleSettings): Promise<ScheduleView> {
    return this.#call(contract.SCHEDULE, contract.keyOf(tenant, name), 'set', settings);
  }

  async removeSchedule(tenant: string, name: string): Promise<void> {
    await this.#call(contract.SCHEDULE, contract.keyOf(tenant, name), 'remove');
  }

  async takeCalls(tenant: string, agent: string, max: number): Promise<readonly AgentCall[]> {
    // Without a look first, every agent that waits would cost a turn several times a second.
    const waiting = await this.#call<number>(contract.AGENT, contract.keyOf(tenant, agent), 'waiting');
    return waiting > 0 ? this.#call(contract.AGENT, contract.keyOf(tenant, agent), 'take', { max }) : [];
  }

  async renewCalls(tenant: string, agent: string, keys: readonly string[]): Promise<readonly string[]> {
    return this.#call(contract.AGENT, contract.keyOf(tenant, agent), 'renew', { keys });
  }

  async finishCall(tenant: string, agent: string, key: string, outcome: AgentOutcome): Promise<void> {
    await this.#call(contract.AGENT, contract.keyOf(tenant, agent), 'finish', { key, outcome });
  }

  async isReady(): Promise<boolean> {
    try {
      await this.#call(contract.FLOW, contract.keyOf('default', 'ready'), 'versions', undefined, undefined, 2000);
      return true;
    } catch {
      return false;
    }
  }

  async #call<T>(
    object: string,
    key: string,
    handler: string,
    body?: unknown,
    idempotencyKey: string = randomUUID(),
    patience: number = PATIENCE,
  ): Promise<T> {
    const end = Date.now() + patience;
    let last: unknown;
    for (;;) {
      const left = end - Date.now();
      if (left <= 0) break;
      const address = this.#addresses[this.#preferred % this.#addresses.length]!;
      try {
        const url = `${address}/${object}/${encodeURIComponent(key)}/${handler}`;
        const headers: Record<string, string> = REPEATABLE.has(handler) ? {} : { 'idempotency-key': idempotencyKey };
        const { status, text } = await postJson(url, body, headers, left);
        if (status >= 200 && status < 300) return (text === '' ? undefined : JSON.parse(text)) as T;
        last = new Error(`${handler} answered ${status}: ${text}`);
        if (status < 500 && status !== 429 && status !== 404) break;
      } catch (error) {
        last = error;
      }
      this.#preferred++;
      await new Promise((resolve) => setTimeout(resolve, Math.min(BETWEEN_TRIES, Math.max(0, end - Date.now()))));
    }
    throw new FlowError(
      'FLOW-UNAVAILABLE',
      'The engine does not answer. Try again in a moment.',
      {},
      {
        cause: last,
        retryable: true,
      },
    );
  }
}
