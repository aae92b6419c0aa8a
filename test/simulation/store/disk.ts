// The disk under the simulated IndexedDB: databases that outlive every tab, the order of their transactions, and what goes
// wrong with them. Transactions whose stores overlap run one after the other unless all only read.
import type { Random } from '../random.js';
import { laneOf, type Lane, type Owner, type Scheduler } from '../scheduler.js';
import type { Connection } from './connection.js';
import type { Shelf } from './shelf.js';
import type { Transaction } from './transaction.js';

export interface StoreFaults {
  /** An error instead of the request's result; the transaction aborts. */
  request(tx: Transaction): DOMException | undefined;
  /** `refused`: nothing is written. `unheard`: everything is written, but the page is told that the connection is lost. */
  commit(tx: Transaction): 'done' | 'unheard' | { readonly refused: DOMException };
  open(): DOMException | undefined;
}

export interface DatabaseFile {
  readonly name: string;
  version: number;
  shelves: Map<string, Shelf>;
  readonly connections: Set<Connection>;
  /** Transactions that are not over, in order of creation. */
  live: Transaction[];
  /** Runs opens and deletions one after the other. */
  readonly opening: (() => void)[];
  isOpening: boolean;
  /** Who is upgrading it, and how to go back as long as that is not durable. */
  upgrader: Owner | undefined;
  revert: (() => void) | undefined;
}

export class Disk {
  readonly files = new Map<string, DatabaseFile>();
  /** Called when the writes of a transaction have become durable. */
  committed: (tx: Transaction) => void = () => {};
  readonly backend: Lane = laneOf();
  /** Transactions whose code may issue requests until the present task has ended. */
  readonly #active = new Set<Transaction>();

  constructor(
    readonly scheduler: Scheduler,
    readonly random: Random,
    readonly faults: StoreFaults,
  ) {}

  file(name: string): DatabaseFile {
    let file = this.files.get(name);
    if (!file) {
      file = {
        name,
        version: 0,
        shelves: new Map(),
        connections: new Set(),
        live: [],
        opening: [],
        isOpening: false,
        upgrader: undefined,
        revert: undefined,
      };
      this.files.set(name, file);
    }
    return file;
  }

  activate(tx: Transaction): void {
    this.#active.add(tx);
  }

  /** The promises of a task have run out: its transactions take no more requests. */
  afterTurn(): void {
    for (const tx of this.#active) tx.rest();
    this.#active.clear();
  }

  canRun(tx: Transaction): boolean {
    for (const other of tx.file.live) {
      if (other === tx) return true;
      if (other.mode === 'readonly' && tx.mode === 'readonly') continue;
      if (other.objectStoreNames.some((name) => tx.objectStoreNames.includes(name))) return false;
    }
    return true;
  }

  over(tx: Transaction): void {
    tx.file.live = tx.file.live.filter((t) => t !== tx);
    for (const other of tx.file.live) other.proceed();
  }

  /** What the browser does with the store when a tab has died: nobody knows whether what was being committed made it. */
  ownerDied(owner: Owner): void {
    for (const file of this.files.values()) {
      for (const tx of file.live.slice()) if (tx.connection.owner === owner) tx.orphaned(this.random.chance(0.5));
      for (const connection of [...file.connections]) if (connection.owner === owner) connection.close();
      if (file.upgrader === owner) {
        file.revert?.();
        opened(file);
      }
    }
  }
}

/** Runs the next opening or deletion, if none is under way. */
export function openNext(file: DatabaseFile): void {
  if (file.isOpening) return;
  const go = file.opening.shift();
  if (!go) return;
  file.isOpening = true;
  go();
}

export function opened(file: DatabaseFile): void {
  file.isOpening = false;
  file.upgrader = undefined;
  file.revert = undefined;
  openNext(file);
}
