// The definitions that a host knows: the newest of each name, for starts, and every one by its content hash, for instances
// that are pinned to theirs.
import { compileOnDemand, type CompiledFlow } from '../compiler/index.js';
import { didYouMean, FlowError, type FlowDefinition } from '../model/index.js';

export class FlowCatalog {
  readonly #named = new Map<string, CompiledFlow>();
  readonly #pinned = new Map<string, Promise<CompiledFlow>>();
  readonly #stored: (hash: string) => Promise<FlowDefinition | undefined>;

  /** `stored`: where a definition is looked up that has not been deployed since the page was opened. */
  constructor(stored: (hash: string) => Promise<FlowDefinition | undefined> = async () => undefined) {
    this.#stored = stored;
  }

  async deploy(flow: FlowDefinition | CompiledFlow): Promise<CompiledFlow> {
    const compiled = 'plan' in flow ? flow : await compileOnDemand(flow);
    this.#named.set(compiled.definition.flow, compiled);
    this.know(compiled);
    return compiled;
  }

  /** Makes it known by its hash only. */
  know(compiled: CompiledFlow): void {
    this.#pinned.set(compiled.hash, Promise.resolve(compiled));
  }

  /** Throws FlowError `FLOW-UNKNOWN` with the nearest name. */
  named(name: string): CompiledFlow {
    const flow = this.#named.get(name);
    if (flow) return flow;
    const near = didYouMean(name, [...this.#named.keys()]);
    throw new FlowError(
      'FLOW-UNKNOWN',
      `There is no flow "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`}`,
      { flow: name },
    );
  }

  /** Rejects with `FLOW-UNKNOWN` when it is stored nowhere and not at hand. */
  pinned(hash: string, atHand?: FlowDefinition): Promise<CompiledFlow> {
    let flow = this.#pinned.get(hash);
    if (!flow) {
      const found = atHand ? Promise.resolve(atHand) : this.#stored(hash);
      flow = found.then((definition) => {
        if (definition) return compileOnDemand(definition);
        throw new FlowError('FLOW-UNKNOWN', `The definition ${hash} of a stored instance is missing.`);
      });
      flow.catch(() => this.#pinned.delete(hash));
      this.#pinned.set(hash, flow);
    }
    return flow;
  }
}
