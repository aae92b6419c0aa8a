// What connectors bring in from outside, handed to the engine: messages to whoever waits for them, and starts of flows. Goes on
// until the engine has it; what is brought again under the same id has the effect of one.
import { randomUUID } from 'node:crypto';
import { FlowError } from '../../../src/index.js';
import type { Connected, Incoming } from '../connectors/connector.js';
import { EngineClient } from '../gateway/engine-client.js';
import type { Settings } from '../settings.js';
import { DEFAULT_TENANT } from './contract.js';

const PAUSE = 1000;

/** Has all of them listen. One that cannot now is tried again; its messages wait at the other side. */
export function bringIn(connectors: Readonly<Record<string, Connected>>, settings: Settings): void {
  const engine = new EngineClient(settings.engine.ingress);
  for (const [name, connected] of Object.entries(connectors)) {
    if (!connected.listen) continue;
    const own = settings.connectors[name]?.tenant ?? DEFAULT_TENANT;
    const take = (incoming: Incoming): Promise<void> => {
      const { id = randomUUID(), tenant = own } = incoming;
      const once = { ...incoming, id, tenant };
      return persist(name, () => hand(engine, name, once));
    };
    void persist(name, () => connected.listen!(take));
  }
}

interface Addressed {
  readonly id: string;
  readonly tenant: string;
}

async function hand(engine: EngineClient, connector: string, incoming: Incoming & Addressed): Promise<void> {
  const { id, tenant } = incoming;
  if ('message' in incoming) {
    const { message: name, key, data } = incoming;
    await engine.signal(tenant, { id, name, data, ...(key === undefined ? {} : { key }) }, id);
    return;
  }
  const { flow, input } = incoming;
  const newest = (await engine.versions(tenant, flow)).at(-1);
  if (!newest) throw new Error(`the flow "${flow}" is not deployed`);
  await engine.start(tenant, { flow, hash: newest.hash, input, id, startedBy: `connector ${connector}` });
}

/** Tried until it is done, or refused for good: the other side must not forget what nobody has. */
async function persist(connector: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isRefused = error instanceof FlowError && !error.retryable;
      const { message: reason } = error as Error;
      console.error(JSON.stringify({ level: isRefused ? 'error' : 'warn', connector, refused: isRefused, reason }));
      if (isRefused) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
