// The flow definitions of a page: given as objects, fetched, or standing in the document in
// `<script type="application/flow+json">`. Nothing is checked here beyond "is JSON and has a name"; the compiler checks.
import { didYouMean } from '../model/did-you-mean.js';
import type { FlowDefinition } from '../model/definition.js';
import { FlowError } from '../model/errors.js';
import type { PageState } from './page-state.js';

const SCRIPTS = 'script[type="application/flow+json"]';

export class Definitions {
  readonly #page: PageState;
  readonly #pending = new Set<Promise<void>>();
  /** Why a source gave nothing; told when a name is asked for that it might have had. */
  readonly #faults = new Map<unknown, string>();
  readonly #seen = new WeakSet<Element>();

  constructor(page: PageState) {
    this.#page = page;
    this.#read();
  }

  get names(): readonly string[] {
    return [...this.#page.known.keys()];
  }

  /** Waits for what is being fetched and for the document; rejects with FlowError `FLOW-UNKNOWN`. */
  async find(name: string): Promise<FlowDefinition> {
    for (const wait of [undefined, this.#fetched, () => parsed(this.#page.document), this.#fetched]) {
      await wait?.();
      this.#read();
      const found = this.#page.known.get(name);
      if (found) return found;
    }
    const near = didYouMean(name, this.names);
    const advice = near === undefined ? 'Define it first.' : `Did you mean "${near}"?`;
    const { length } = this.#page.nameless;
    const nameless = length > 0 ? [`Of what was defined, ${length} had no name in "flow".`] : [];
    const faults = [...nameless, ...this.#faults.values()].join(' ');
    throw new FlowError(
      'FLOW-UNKNOWN',
      `There is no flow "${name}" on this page. ${advice}${faults && ` ${faults}`}`,
      {
        flow: name,
      },
      { retryable: this.#faults.size > 0 },
    );
  }

  readonly #fetched = (): Promise<unknown> => Promise.all(this.#pending);

  #read(): void {
    const { unread, document } = this.#page;
    for (const source of document ? [document, ...unread] : unread) {
      if (source instanceof URL) this.#fetch(source);
      else this.#scan(source);
    }
    unread.clear();
  }

  #scan(root: ParentNode): void {
    for (const script of root.querySelectorAll(SCRIPTS)) {
      if (this.#seen.has(script)) continue;
      this.#seen.add(script);
      const src = script.getAttribute('src');
      try {
        if (src !== null) this.#fetch(new URL(src, script.baseURI));
        else this.#page.define(JSON.parse(script.textContent ?? '') as FlowDefinition);
      } catch (error) {
        this.#faults.set(script, `A <script type="application/flow+json"> cannot be used: ${(error as Error).message}`);
      }
    }
  }

  #fetch(url: URL): void {
    const load = async (): Promise<void> => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      this.#page.define((await response.json()) as FlowDefinition);
      this.#faults.delete(url.href);
    };
    const loading = load()
      .catch((error: unknown) => {
        this.#faults.set(url.href, `${url.pathname} could not be loaded: ${(error as Error).message}.`);
        // Another try when it is asked for again.
        this.#page.unread.add(url);
      })
      .finally(() => this.#pending.delete(loading));
    this.#pending.add(loading);
  }
}

/** Definitions may stand below the button that uses them. */
function parsed(document: Document | undefined): Promise<unknown> | undefined {
  if (document?.readyState !== 'loading') return undefined;
  return new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
}
