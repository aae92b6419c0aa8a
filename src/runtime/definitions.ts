// The flow definitions of a page: given as objects, fetched (JSON, or BPMN 2.0, whose reader is loaded then), or standing in the
// document in `<script type="application/flow+json">`. A name that ends like a file, `loan.bpmn`, is fetched, too. Nothing is
// checked here beyond "is JSON and has a name"; the compiler checks.
import { didYouMean } from '../model/did-you-mean.js';
import type { FlowDefinition, FlowKind } from '../model/definition.js';
import { FlowError } from '../model/errors.js';
import type { PageState } from './page-state.js';

const FILE = /\.(?:bpmn|flow\.json)(?:[?#].*)?$/i;
const SCRIPTS = 'script[type="application/flow+json"]';

export class Definitions {
  readonly #page: PageState;
  readonly #pending = new Set<Promise<void>>();
  /** Why a source gave nothing; told when a name is asked for that it might have had. */
  readonly #faults = new Map<unknown, string>();
  readonly #seen = new WeakSet<Element>();
  readonly #files = new Map<string, Promise<FileContents>>();

  constructor(page: PageState) {
    this.#page = page;
    this.#read();
  }

  get names(): readonly string[] {
    return [...this.#page.known.keys()];
  }

  /**
   * Waits for what is being fetched and for the document; rejects with FlowError `FLOW-UNKNOWN`. A BPMN file does not say which
   * kind its flow is: it is a process, or what it is asked for.
   */
  async find(name: string, kind?: FlowKind): Promise<FlowDefinition> {
    if (FILE.test(name)) return this.#file(name, kind);
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

  async #file(name: string, kind: FlowKind | undefined): Promise<FlowDefinition> {
    const url = new URL(name, globalThis.document?.baseURI);
    const reading = this.#files.get(url.href) ?? fetched(url);
    this.#files.set(url.href, reading);
    try {
      const { definitions, isBpmn } = await reading;
      const of = (flow: FlowDefinition): FlowDefinition =>
        !isBpmn || kind === undefined || flow.kind === kind ? flow : { ...flow, kind };
      // Those that it calls are found by their own names.
      for (const flow of definitions) if (!this.#page.known.has(flow.flow)) this.#page.define(of(flow));
      return of(definitions[0]!);
    } catch (error) {
      // Another try when it is asked for again.
      this.#files.delete(url.href);
      if (error instanceof FlowError && error.code !== 'FLOW-UNKNOWN') throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new FlowError(
        'FLOW-UNKNOWN',
        `${url.pathname} could not be loaded: ${reason}.`,
        { flow: name },
        { retryable: true },
      );
    }
  }

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
      this.#page.define((await fetched(url)).definitions);
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

interface FileContents {
  readonly definitions: readonly FlowDefinition[];
  readonly isBpmn: boolean;
}

async function fetched(url: URL): Promise<FileContents> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isBpmn = bytes.find((byte) => byte > 0x20 && byte < 0x80) === 0x3c;
  // What another origin serves may be anybody's; after redirects, too.
  const isForeign = new URL(response.url || url).origin !== globalThis.location?.origin;
  const of = (flow: FlowDefinition): FlowDefinition => (isForeign ? { ...flow, untrusted: true } : flow);
  if (!isBpmn) {
    const data = [JSON.parse(new TextDecoder().decode(bytes))].flat() as FlowDefinition[];
    return { definitions: data.map(of), isBpmn };
  }
  const { importBpmn } = await import('../bpmn/index.js');
  const definitions = (await importBpmn(bytes)).definitions.map(of);
  if (definitions.length === 0) throw new FlowError('BPMN-EMPTY', `${url.pathname} has no process that could run.`);
  return { definitions, isBpmn };
}

/** Definitions may stand below the button that uses them. */
function parsed(document: Document | undefined): Promise<unknown> | undefined {
  if (document?.readyState !== 'loading') return undefined;
  return new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
}
