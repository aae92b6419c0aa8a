// An agent: runs at a customer's site, asks the server for the activities that are its own, does them with the functions and
// connectors of that site. It opens connections outwards only.
import { join } from 'node:path';
import { toFailure, type Json, type Registry } from '../../../src/index.js';
import { GatewayClient } from '../../../src/hosts/remote/index.js';
import type { AgentCall, AgentOutcome } from '../flow-service/contract.js';
import { AgentJournal } from './journal.js';

export interface AgentOptions {
  readonly name: string;
  readonly url: string;
  readonly apiKey?: string;
  readonly token?: string | (() => string | Promise<string>);
  readonly registry: Registry;
  /** Folder of its journal. */
  readonly data: string;
  readonly log?: (line: string) => void;
}

const RENEW = 10_000;
const PAUSE = 1000;

/** Works until it is stopped. `stop` lets what is under way end. */
export function startAgent(options: AgentOptions): { stop(): Promise<void> } {
  const { name, url, apiKey, token, registry, log = () => {} } = options;
  const client = new GatewayClient(url, {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(token === undefined ? {} : { token }),
  });
  const journal = new AgentJournal(join(options.data, `agent-${name}.db`));
  const path = `/v1/agents/${encodeURIComponent(name)}`;
  const underWay = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  const stopping = new AbortController();

  const ask = <T>(operation: string, body: unknown, signal?: AbortSignal): Promise<T> =>
    client.ask<T>({ method: 'POST', path: `${path}/${operation}`, body, ...(signal ? { signal } : {}) });

  const work = async (call: AgentCall): Promise<void> => {
    const abort = new AbortController();
    underWay.set(call.key, abort);
    try {
      const outcome = journal.outcome(call.key) ?? (await perform(call, registry, abort.signal));
      if (abort.signal.aborted) return;
      journal.keep(call.key, outcome);
      await answer(call.key, outcome);
    } finally {
      underWay.delete(call.key);
    }
  };

  /** Until it gets through; the outcome is safe meanwhile, and the call is offered again anyway. */
  const answer = async (key: string, outcome: AgentOutcome): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await ask('finish', { key, ...outcome });
        journal.answered(key);
        return;
      } catch (error) {
        log(`${key}: ${(error as Error).message}`);
        await pause(PAUSE, stopping.signal);
      }
    }
  };

  const renewing = setInterval(() => {
    if (underWay.size === 0) return;
    ask<{ gone: readonly string[] }>('renew', { keys: [...underWay.keys()] }).then(
      ({ gone }) => {
        for (const key of gone) underWay.get(key)?.abort(new Error('The activity was cancelled.'));
      },
      (error: Error) => log(error.message),
    );
  }, RENEW);

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const calls = await ask<readonly AgentCall[]>('take', { max: 10 }, stopping.signal);
        for (const call of calls) {
          if (underWay.has(call.key)) continue;
          const done = work(call).finally(() => working.delete(done));
          working.add(done);
        }
      } catch (error) {
        if (stopping.signal.aborted) return;
        log((error as Error).message);
        await pause(PAUSE, stopping.signal);
      }
    }
  };

  // The server may not offer again what was done here before this one started: it may happen only once.
  for (const [key, outcome] of journal.unanswered()) {
    const said = answer(key, outcome).finally(() => working.delete(said));
    working.add(said);
  }
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      clearInterval(renewing);
      await running;
      await Promise.all(working);
      journal.close();
    },
  };
}

async function perform(call: AgentCall, registry: Registry, signal: AbortSignal): Promise<AgentOutcome> {
  const { instance, flow, activity, attempt, input, idempotencyKey } = call;
  try {
    const implementation = registry.resolve(call.implementation);
    const context = { signal, instance, flow, activity, attempt, input, idempotencyKey };
    const output = (await implementation(call.arguments, context)) as Json | undefined;
    return output === undefined ? {} : { output };
  } catch (error) {
    return { failure: toFailure(error, activity) };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
