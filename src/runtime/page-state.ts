// What a page has told its runtime, kept as it is until the first flow runs. Shared by all runtimes of a page.
import type { RegisteredImplementation } from '../activities/implementation.js';
import type { CompiledFlow } from '../compiler/index.js';
import type { RetentionPolicy } from '../hosts/management/index.js';
import type { Credentials } from '../hosts/remote/gateway-client.js';
import type { FlowDefinition } from '../model/definition.js';
import type { FlowError } from '../model/errors.js';
import { BackgroundRuns } from './background-runs.js';
import type { Hosting } from './hosting.js';

/** What `define` takes: a definition (compiled or not), several, or where to fetch one or several (JSON or BPMN 2.0). */
export type DefinitionSource =
  | FlowDefinition
  | CompiledFlow
  | readonly (FlowDefinition | CompiledFlow)[]
  | URL
  | string;

export interface RuntimeSettings {
  /** Origins that the `http` implementation may call besides the page's own; `*` allows all. */
  readonly allowedOrigins?: readonly string[];
  /** What relative URLs in flows are relative to. Default: the page. */
  readonly baseUrl?: string;
  /** Whether `http` sends cookies and the like. Default `omit`. */
  readonly credentials?: RequestCredentials;
  /** Name of the database in which processes are kept. Default `millrace`. */
  readonly database?: string;
  /** `strict` (default) flushes every acknowledged step to disk. */
  readonly durability?: 'strict' | 'relaxed';
  /** Told when the site's data has been cleared (`FLOW-STORAGE-WIPED`): the processes that were kept are gone. */
  readonly onStorageWiped?: (error: FlowError) => void;
  /** Whether the browser is asked, at the first process, not to clear the site's data by itself. Default true. */
  readonly persist?: boolean;
  /** Processes are stored encrypted with this AES-GCM key. */
  readonly encryptionKey?: CryptoKey;
  /** Which finished processes, and how much of long journals, the browser's storage keeps. Default: all. */
  readonly retention?: RetentionPolicy;
  /** Paths of data that `logs()` never shows, e.g. `card.number`, `*.iban`, `**.password`. */
  readonly redact?: readonly string[];
  /** Makes the worker for what runs in the environment `worker`; with the first call, and anew after it has crashed. */
  readonly worker?: () => Worker;
  /** The server for what runs in the environment `server`. */
  readonly server?: ServerSettings;
}

export interface ServerSettings extends Credentials {
  /** The gateway, e.g. `https://flows.example.com`. */
  readonly url: string;
}

export class PageState {
  readonly known = new Map<string, FlowDefinition>();
  /** Flows that came compiled, by their definition. */
  readonly compiled = new WeakMap<FlowDefinition, CompiledFlow>();
  /** Addresses of definitions, and parts of the document to look for them, that have not been read yet. */
  readonly unread = new Set<URL | ParentNode>();
  readonly functions = new Map<string, RegisteredImplementation>();
  /** What was given as a definition and has no name; told when a flow is looked for in vain. */
  readonly nameless: unknown[] = [];
  readonly background = new BackgroundRuns();
  settings: RuntimeSettings = {};
  /** Set when a host has been opened, which no longer notices other settings: the error that says so. */
  late: ((names: readonly string[]) => Error) | undefined;
  #hosting: Promise<Hosting> | undefined;

  /** `document`: where `<script type="application/flow+json">` is looked up. */
  constructor(readonly document?: Document) {}

  define(source: DefinitionSource): void {
    if (typeof source === 'string' || source instanceof URL) {
      this.unread.add(new URL(source, globalThis.document?.baseURI));
      return;
    }
    for (const given of [source].flat() as (FlowDefinition | CompiledFlow)[]) {
      const definition = isCompiled(given) ? given.definition : given;
      if (isCompiled(given)) this.compiled.set(definition, given);
      const name: unknown = (definition as FlowDefinition | null)?.flow;
      if (typeof name === 'string') this.known.set(name, definition);
      else this.nameless.push(definition);
    }
  }

  configure(settings: RuntimeSettings): void {
    const next = { ...this.settings, ...settings };
    if (this.late && JSON.stringify(next) !== JSON.stringify(this.settings)) throw this.late(Object.keys(settings));
    this.settings = next;
  }

  /** Whether this browser has ever kept a process of this page. */
  async hasProcesses(): Promise<boolean> {
    try {
      const names = (await indexedDB.databases()).map(({ name }) => name);
      return names.includes(this.settings.database ?? 'millrace');
    } catch {
      // Not told: opening will show it, or fail with an error that people understand.
      return typeof indexedDB !== 'undefined';
    }
  }

  /** Everything that runs flows, loaded on first use. */
  hosting(): Promise<Hosting> {
    if (!this.#hosting) {
      this.#hosting = import('./hosting.js').then(({ Hosting }) => new Hosting(this));
      // Offline now, perhaps not at the next click.
      this.#hosting.catch(() => (this.#hosting = undefined));
    }
    return this.#hosting;
  }

  async close(): Promise<void> {
    if (this.#hosting) await (await this.#hosting).close();
    this.late = undefined;
  }
}

function isCompiled(given: FlowDefinition | CompiledFlow | null): given is CompiledFlow {
  return typeof given === 'object' && given !== null && 'plan' in given;
}
