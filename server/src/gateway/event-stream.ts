// One server-sent event stream. Each event is the newest view of an instance, its id the number of the change, so that a
// client that comes back with `Last-Event-ID` gets the newest view of everything that changed meanwhile.
import type { ServerResponse } from 'node:http';
import type { InstanceView } from '../../../src/index.js';
import type { ChangedView, ReadModel } from '../read-model/read-model.js';
import type { Batch, Changes } from './changes.js';
import type { Principal } from './principal.js';
import type { Visibility } from './visibility.js';

/** Shorter than what proxies take for silence, ms. */
const HEARTBEAT = 15_000;

export interface StreamRequest {
  readonly principal: Principal;
  /** Only these instances; all visible ones when empty. */
  readonly instances: ReadonlySet<string>;
  readonly lastEventId?: number;
}

export class EventStream {
  readonly #response: ServerResponse;
  readonly #model: ReadModel;
  readonly #visibility: Visibility;
  readonly #request: StreamRequest;
  #cursor = 0;
  #pending: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(response: ServerResponse, model: ReadModel, visibility: Visibility, request: StreamRequest) {
    this.#response = response;
    this.#model = model;
    this.#visibility = visibility;
    this.#request = request;
  }

  /** Sends until the client goes away. */
  async run(changes: Changes): Promise<void> {
    const { lastEventId, instances, principal } = this.#request;
    const newest = await this.#model.newestChange();
    // A number from the future is from another database: whoever has it knows nothing of this one.
    this.#cursor = lastEventId === undefined ? newest : lastEventId > newest ? 0 : lastEventId;
    this.#response.write(`retry: 500\nid: ${this.#cursor}\nevent: open\ndata: {}\n\n`);
    const heartbeat = setInterval(() => this.#response.write(': still here\n\n'), HEARTBEAT);
    const { expires } = principal;
    // Whoever may no longer ask may no longer listen; with a new token the client comes back.
    const end = expires === undefined ? undefined : setTimeout(() => this.#response.end(), timeUntil(expires));
    const gone = new Promise<void>((resolve) => this.#response.once('close', resolve));
    const unlisten = changes.listen((batch) => this.#enqueue(() => this.#take(batch)));
    this.#enqueue(async () => {
      for (const id of instances) {
        const view = await this.#model.instance(principal.tenant, id);
        if (view && lastEventId === undefined)
          await this.#send({ change: this.#cursor, tenant: principal.tenant, view });
      }
      await this.#catchUp();
    });
    await gone;
    this.#isClosed = true;
    unlisten();
    clearInterval(heartbeat);
    clearTimeout(end);
  }

  #enqueue(work: () => Promise<void>): void {
    this.#pending = this.#pending.then(work).catch(() => {
      // The read model is away: the client comes back with its last id, and is told everything then.
      this.#response.end();
    });
  }

  async #take({ from, changes }: Batch): Promise<void> {
    if (this.#isClosed) return;
    if (this.#cursor < from) return this.#catchUp();
    for (const change of changes) if (change.change > this.#cursor) await this.#deliver(change);
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const changes = await this.#model.changedSince(this.#cursor, this.#request.principal.tenant);
      for (const change of changes) await this.#deliver(change);
      if (changes.length === 0 || this.#isClosed) return;
    }
  }

  async #deliver(changed: ChangedView): Promise<void> {
    this.#cursor = changed.change;
    const { principal, instances } = this.#request;
    if (changed.tenant !== principal.tenant) return;
    if (instances.size > 0 && !instances.has(changed.view.id)) return;
    await this.#send(changed);
  }

  async #send({ change, view }: ChangedView): Promise<void> {
    const shown = await this.#visibility.show(this.#request.principal, view);
    if (shown)
      await this.#write(`id: ${change}\nevent: view\ndata: ${JSON.stringify(shown satisfies InstanceView)}\n\n`);
  }

  /** Waits for a client that is slower than we are, so that nothing piles up. */
  async #write(text: string): Promise<void> {
    if (this.#isClosed || this.#response.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#response.once('drain', resolve);
      this.#response.once('close', resolve);
    });
  }
}

function timeUntil(at: number): number {
  return Math.min(Math.max(0, at - Date.now()), 2_147_483_647);
}
