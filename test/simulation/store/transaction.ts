// A simulated IndexedDB transaction: requests are carried out in order, once no other transaction is in the way; it commits
// on its own when nothing is left to do, aborts as a whole, and tells so after the fact.
import { laneOf, type Lane } from '../scheduler.js';
import type { Connection } from './connection.js';
import type { DatabaseFile } from './disk.js';
import type { Key, KeyRange } from './keys.js';
import { ObjectStore } from './object-store.js';
import { Request } from './request.js';
import { Target } from './target.js';

interface Pending {
  readonly request: Request;
  readonly work: () => unknown;
}

export interface Write {
  readonly store: string;
  readonly key?: Key;
  readonly value?: unknown;
  /** Of a deletion; absent: everything. */
  readonly range?: KeyRange | undefined;
}

export class Transaction extends Target {
  readonly connection: Connection;
  readonly file: DatabaseFile;
  readonly objectStoreNames: readonly string[];
  readonly mode: 'readonly' | 'readwrite' | 'versionchange';
  readonly durability: string;
  error: DOMException | null = null;
  /** What undoes its writes, oldest first. */
  readonly takenBack: (() => void)[] = [];
  /** What it has written, in order; without a value it is deleted. */
  readonly writes: Write[] = [];
  #state: 'active' | 'inactive' | 'committing' | 'over' = 'active';
  #queue: Pending[] = [];
  #isScheduled = false;
  readonly #lane: Lane;

  constructor(connection: Connection, names: readonly string[], mode: Transaction['mode'], durability: string) {
    super();
    this.connection = connection;
    this.file = connection.file;
    this.objectStoreNames = names;
    this.mode = mode;
    this.durability = durability;
    this.#lane = laneOf(connection.owner);
    this.file.live.push(this);
    connection.disk.activate(this);
  }

  get db(): Connection {
    return this.connection;
  }

  get isActive(): boolean {
    return this.#state === 'active';
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  objectStore(name: string): ObjectStore {
    if (this.#state === 'over') throw new DOMException('The transaction is over.', 'InvalidStateError');
    const shelf = this.file.shelves.get(name);
    if (!shelf || !(this.mode === 'versionchange' || this.objectStoreNames.includes(name)))
      throw new DOMException(`There is no store "${name}" in this transaction.`, 'NotFoundError');
    return new ObjectStore(this, shelf);
  }

  /** Queues work of a request; it may only be asked for while the transaction is active. */
  ask(source: unknown, work: () => unknown, request = new Request(source, this)): Request {
    if (this.#state !== 'active') throw new DOMException('The transaction is not active.', 'TransactionInactiveError');
    request.readyState = 'pending';
    this.#queue.push({ request, work });
    this.proceed();
    return request;
  }

  commit(): void {
    if (this.#state !== 'active') throw new DOMException('The transaction is not active.', 'InvalidStateError');
    this.#state = 'committing';
    this.proceed();
  }

  abort(): void {
    if (this.#state === 'over' || this.#state === 'committing')
      throw new DOMException('The transaction is over.', 'InvalidStateError');
    this.#end(null);
  }

  /** The browser gives it up, as when the connection is lost. */
  giveUp(error: DOMException): void {
    if (this.#state !== 'over') this.#end(error);
  }

  /** Its tab is dead. What it had asked to commit may have been carried out or not. */
  orphaned(carriedOut: boolean): void {
    if (this.#state === 'committing' && carriedOut && this.connection.disk.canRun(this)) {
      try {
        for (const { work } of this.#queue) work();
        this.#durable();
      } catch {
        this.#takeBack();
      }
    } else if (this.#state !== 'over') this.#takeBack();
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.connection.disk.over(this);
  }

  /** The task in which it was active has ended. */
  rest(): void {
    if (this.#state !== 'active') return;
    this.#state = 'inactive';
    this.proceed();
  }

  /** Takes the next thing up if there is one and nobody is in the way. */
  proceed(): void {
    const { disk } = this.connection;
    if (this.#isScheduled || this.#state === 'over' || !disk.canRun(this)) return;
    if (this.#queue.length > 0) {
      this.#isScheduled = true;
      disk.scheduler.add(this.#lane, () => this.#work(), disk.random.below(3));
    } else if (this.#state === 'inactive' || this.#state === 'committing') {
      this.#state = 'committing';
      this.#isScheduled = true;
      // Reading needs no disk; a commit is the browser's own business once it was asked for.
      if (this.mode === 'readonly') disk.scheduler.add(this.#lane, () => this.#complete());
      else disk.scheduler.add(laneOf(), () => this.#write(), disk.random.below(4));
    }
  }

  #work(): void {
    this.#isScheduled = false;
    if (this.#state === 'over') return;
    const { disk } = this.connection;
    const isCommitting = this.#state === 'committing';
    if (!isCommitting) this.#state = 'active';
    disk.activate(this);
    for (let n = disk.random.chance(0.8) ? this.#queue.length : 1; n > 0 && this.#queue.length > 0; n--) {
      const { request, work } = this.#queue.shift()!;
      const error = disk.faults.request(this) ?? this.#attempt(request, work);
      if (error) {
        request.fail(error);
        this.dispatch({ type: 'error', target: request });
        this.#end(error);
        return;
      }
      request.succeed();
    }
    this.proceed();
  }

  #attempt(request: Request, work: () => unknown): DOMException | undefined {
    try {
      request.result = work();
      return undefined;
    } catch (error) {
      return error as DOMException;
    }
  }

  #write(): void {
    this.#isScheduled = false;
    if (this.isOver) return;
    const fate = this.connection.disk.faults.commit(this);
    if (typeof fate === 'object') return this.#end(fate.refused);
    this.#durable();
    if (fate === 'unheard') {
      this.takenBack.length = 0;
      this.#end(new DOMException('Connection to Indexed Database server lost.', 'UnknownError'));
      return;
    }
    this.#state = 'over';
    this.connection.disk.over(this);
    this.connection.disk.scheduler.add(this.#lane, () => this.dispatch({ type: 'complete', target: this }));
  }

  #complete(): void {
    this.#isScheduled = false;
    if (this.isOver) return;
    this.#state = 'over';
    this.connection.disk.over(this);
    this.dispatch({ type: 'complete', target: this });
  }

  #durable(): void {
    if (this.mode === 'versionchange') this.file.revert = undefined;
    if (this.writes.length > 0) this.connection.disk.committed(this);
  }

  #takeBack(): void {
    for (const undo of this.takenBack.reverse()) undo();
    this.takenBack.length = 0;
  }

  #end(error: DOMException | null): void {
    this.error = error;
    this.#takeBack();
    this.#state = 'over';
    const queue = this.#queue;
    this.#queue = [];
    const { disk } = this.connection;
    disk.over(this);
    disk.scheduler.add(this.#lane, () => {
      for (const { request } of queue) request.fail(new DOMException('The transaction was aborted.', 'AbortError'));
      this.dispatch({ type: 'abort', target: this });
    });
  }
}
