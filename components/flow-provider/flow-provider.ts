// `<flow-provider>`: what the elements inside it work with, in plain HTML: definitions, the user, settings. Without one they
// use the page's runtime.
import { ReactiveElement, type PropertyDeclarations, type PropertyValues } from '@lit/reactive-element';
import { runtime as page, Runtime, type RuntimeSettings, type User } from '../../src/runtime/index.js';

/**
 * Gives the elements inside it their runtime.
 *
 * It shares definitions, functions and storage with the page, and has a user of its own. With `database` everything is its
 * own. Definitions stand inside it in `<script type="application/flow+json">`, or come from `src`.
 *
 * @tag flow-provider
 * @attr {string} src - Address of a JSON file with one definition or several.
 * @attr {string} user - Id of the user. A convenience, not a protection.
 * @attr {string} user-name - Name of the user, for people.
 * @attr {string} roles - Roles of the user, separated by spaces.
 * @attr {string} allowed-origins - Origins that flows may call besides the page's own, separated by spaces.
 * @attr {string} base-url - What relative addresses in flows are relative to. Default: the page.
 * @attr {string} database - Name of the database for processes.
 * @slot - Everything that is to use it.
 */
export class FlowProvider extends ReactiveElement {
  static override properties: PropertyDeclarations = {
    src: {},
    user: {},
    userName: { attribute: 'user-name' },
    roles: {},
    allowedOrigins: { attribute: 'allowed-origins' },
    baseUrl: { attribute: 'base-url' },
    database: {},
  };

  declare src: string | undefined;
  declare user: string | undefined;
  declare userName: string | undefined;
  declare roles: string | undefined;
  declare allowedOrigins: string | undefined;
  declare baseUrl: string | undefined;
  declare database: string | undefined;
  #runtime: Runtime | undefined;
  #isOwn = false;

  /** The runtime of the elements inside; may be set to one that the page has made. */
  get runtime(): Runtime {
    if (!this.#runtime) {
      this.#isOwn = true;
      const settings = this.#settings;
      // The page's storage, or one of its own; either way nobody else's user.
      this.#runtime = this.database ? new Runtime(settings) : page.as(page.user);
      if (!this.database && Object.keys(settings).length > 0) page.configure(settings);
      this.#applyUser(this.#runtime);
    }
    this.#runtime.defineFrom(this);
    return this.#runtime;
  }

  set runtime(runtime: Runtime) {
    this.#runtime = runtime;
    this.#isOwn = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.display ||= 'contents';
    page.addEventListener('user-change', this.#onPageUser);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { runtime } = this;
    if (changed.has('src') && this.src) runtime.define(new URL(this.src, this.baseURI));
    if (['user', 'userName', 'roles'].some((name) => changed.has(name as 'user'))) this.#applyUser(runtime);
  }

  /** The attributes' user, else the page's. */
  #applyUser(runtime: Runtime): void {
    if (!this.#isOwn) return;
    const user = this.user ? userOf(this) : page.user;
    if (JSON.stringify(user) !== JSON.stringify(runtime.user)) runtime.user = user;
  }

  readonly #onPageUser = (): void => {
    if (this.#runtime) this.#applyUser(this.#runtime);
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    page.removeEventListener('user-change', this.#onPageUser);
    // A database of its own has no other user; moved within the page it is opened again.
    queueMicrotask(() => {
      if (!this.isConnected && this.#isOwn && this.database) void this.#runtime?.close();
    });
  }

  get #settings(): RuntimeSettings {
    return {
      ...(this.database ? { database: this.database } : {}),
      ...(this.baseUrl ? { baseUrl: new URL(this.baseUrl, this.baseURI).href } : {}),
      ...(this.allowedOrigins ? { allowedOrigins: words(this.allowedOrigins) } : {}),
    };
  }
}

/** The user that `user`, `user-name` and `roles` attributes speak of. */
export function userOf(element: {
  readonly user?: string | undefined;
  readonly userName?: string | undefined;
  readonly roles?: string | undefined;
}): User {
  return {
    id: element.user ?? '',
    roles: words(element.roles ?? ''),
    ...(element.userName ? { name: element.userName } : {}),
  };
}

function words(list: string): string[] {
  return list.split(/[\s,]+/).filter(Boolean);
}
