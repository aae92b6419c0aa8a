// Compiled flows by content hash. They are fetched outside the engine's journal: a hash always gives the same definition, so
// a replay sees what the first run saw.
import { compile, FlowError, type CompiledFlow, type FlowDefinition } from '../../../src/index.js';
import { DEFINITION, keyOf } from './contract.js';

const KEPT = 500;

export class FlowLibrary {
  readonly #fetch: (tenant: string, hash: string) => Promise<FlowDefinition | null>;
  readonly #flows = new Map<string, Promise<CompiledFlow>>();

  constructor(fetchDefinition: (tenant: string, hash: string) => Promise<FlowDefinition | null>) {
    this.#fetch = fetchDefinition;
  }

  byHash(tenant: string, hash: string): Promise<CompiledFlow> {
    const key = keyOf(tenant, hash);
    let flow = this.#flows.get(key);
    if (!flow) {
      flow = this.#load(tenant, hash);
      flow.catch(() => this.#flows.delete(key));
      this.#flows.set(key, flow);
      if (this.#flows.size > KEPT) this.#flows.delete(this.#flows.keys().next().value!);
    }
    return flow;
  }

  async #load(tenant: string, hash: string): Promise<CompiledFlow> {
    const definition = await this.#fetch(tenant, hash);
    if (definition) return compile(definition);
    throw new FlowError('FLOW-UNKNOWN', `There is no definition with the hash ${hash}; deploy it first.`);
  }
}

/** Asks the engine. Rejects when it cannot be reached, which makes the engine try the caller again. */
export function definitionsFrom(
  ingress: readonly string[],
): (tenant: string, hash: string) => Promise<FlowDefinition | null> {
  return async (tenant, hash) => {
    let last: unknown;
    for (const address of ingress) {
      try {
        const url = `${address}/${DEFINITION}/${encodeURIComponent(keyOf(tenant, hash))}/get`;
        const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(10_000) });
        if (response.ok) return (await response.json()) as FlowDefinition | null;
        last = new Error(`the engine answered ${response.status}`);
      } catch (error) {
        last = error;
      }
    }
    throw new Error(`The definition ${hash} could not be read.`, { cause: last });
  };
}
