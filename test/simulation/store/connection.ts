// Opening and closing simulated databases: one upgrade at a time, which waits until older connections are closed.
import { laneOf, type Owner } from '../scheduler.js';
import { opened as done, openNext as next, type DatabaseFile, type Disk } from './disk.js';
import type { KeyPath } from './keys.js';
import { ObjectStore } from './object-store.js';
import { OpenRequest } from './request.js';
import { Shelf } from './shelf.js';
import { Target } from './target.js';
import { Transaction } from './transaction.js';

/** `IDBDatabase`. */
export class Connection extends Target {
  #isClosed = false;
  #upgrade: Transaction | undefined;

  constructor(
    readonly disk: Disk,
    readonly file: DatabaseFile,
    readonly owner: Owner,
  ) {
    super();
    file.connections.add(this);
  }

  get name(): string {
    return this.file.name;
  }

  get version(): number {
    return this.file.version;
  }

  get objectStoreNames(): string[] {
    return new NameList(...[...this.file.shelves.keys()].sort());
  }

  transaction(
    names: string | readonly string[],
    mode: 'readonly' | 'readwrite' = 'readonly',
    options: { readonly durability?: string } = {},
  ): Transaction {
    if (this.#isClosed || this.#upgrade)
      throw new DOMException('The database connection is closing.', 'InvalidStateError');
    const all = typeof names === 'string' ? [names] : [...new Set(names)].sort();
    for (const name of all)
      if (!this.file.shelves.has(name)) throw new DOMException(`There is no store "${name}".`, 'NotFoundError');
    return new Transaction(this, all, mode, options.durability ?? 'default');
  }

  createObjectStore(name: string, options: { keyPath?: KeyPath | null; autoIncrement?: boolean } = {}): ObjectStore {
    if (!this.#upgrade) throw new DOMException('Stores are made in upgrades.', 'InvalidStateError');
    const shelf = new Shelf(name, options.keyPath ?? null, options.autoIncrement ?? false);
    this.file.shelves.set(name, shelf);
    return new ObjectStore(this.#upgrade, shelf);
  }

  deleteObjectStore(name: string): void {
    this.file.shelves.delete(name);
  }

  close(): void {
    this.#isClosed = true;
    this.file.connections.delete(this);
    next(this.file);
  }

  /** The browser loses it: what was under way is given up, and the page is told. */
  lose(): void {
    const error = new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    for (const tx of this.file.live.slice()) if (tx.connection === this) tx.giveUp(error);
    this.close();
    this.disk.scheduler.add(laneOf(this.owner), () => this.dispatch({ type: 'close' }));
  }

  /** Runs the upgrade and then `opened`, or `failed`. */
  upgradeTo(version: number, request: OpenRequest, opened: () => void, failed: (error: DOMException) => void): void {
    const { file } = this;
    const [oldVersion, oldShelves] = [file.version, new Map(file.shelves)];
    const tx = new Transaction(this, [], 'versionchange', 'default');
    this.#upgrade = tx;
    file.version = version;
    request.result = this;
    request.transaction = tx;
    tx.addEventListener('complete', () => {
      this.#upgrade = undefined;
      opened();
    });
    file.revert = () => {
      file.version = oldVersion;
      file.shelves = oldShelves;
    };
    tx.addEventListener('abort', () => {
      file.revert?.();
      this.close();
      failed(tx.error ?? new DOMException('The upgrade was aborted.', 'AbortError'));
    });
    request.dispatch({ type: 'upgradeneeded', target: request, oldVersion, newVersion: version });
  }
}

class NameList extends Array<string> {
  contains(name: string): boolean {
    return this.includes(name);
  }
}

/** `indexedDB` of one tab. */
export class Factory {
  constructor(
    readonly disk: Disk,
    readonly owner: Owner,
  ) {}

  open(name: string, version?: number): OpenRequest {
    const request = new OpenRequest(null, null);
    const file = this.disk.file(name);
    const lane = laneOf(this.owner);
    const { scheduler, random, faults } = this.disk;
    file.opening.push(() => {
      if (!this.owner.isAlive) return done(file);
      const fail = (error: DOMException): void => {
        scheduler.add(lane, () => request.fail(error));
        done(file);
      };
      const error = faults.open();
      if (error) return fail(error);
      const wanted = version ?? Math.max(1, file.version);
      if (wanted < file.version) return fail(new DOMException('A newer version exists.', 'VersionError'));
      const upgraded = (connection: Connection): void => {
        request.result = connection;
        request.transaction = null;
        done(file);
        request.succeed();
      };
      if (wanted === file.version) {
        const connection = new Connection(this.disk, file, this.owner);
        // Whoever dies or freezes meanwhile must not keep others from opening.
        done(file);
        return void scheduler.add(lane, () => {
          request.result = connection;
          request.succeed();
        });
      }
      file.upgrader = this.owner;
      this.#whenAlone(file, request, wanted, () => {
        const connection = new Connection(this.disk, file, this.owner);
        scheduler.add(lane, () => connection.upgradeTo(wanted, request, () => upgraded(connection), fail));
      });
    });
    scheduler.add(laneOf(this.owner), () => next(file), random.below(3));
    return request;
  }

  deleteDatabase(name: string): OpenRequest {
    const request = new OpenRequest(null, null);
    const file = this.disk.file(name);
    file.opening.push(() => {
      file.upgrader = this.owner;
      this.#whenAlone(file, request, null, () => {
        file.version = 0;
        file.shelves = new Map();
        done(file);
        this.disk.scheduler.add(laneOf(this.owner), () => request.succeed());
      });
    });
    this.disk.scheduler.add(laneOf(this.owner), () => next(file));
    return request;
  }

  #whenAlone(file: DatabaseFile, request: OpenRequest, newVersion: number | null, go: () => void): void {
    const { scheduler } = this.disk;
    for (const connection of file.connections) {
      const event = { type: 'versionchange', oldVersion: file.version, newVersion };
      scheduler.add(laneOf(connection.owner), () => connection.dispatch(event));
    }
    const look = (): void => {
      if (!this.owner.isAlive) return;
      if (file.connections.size === 0) go();
      else scheduler.add(this.disk.backend, look, 5);
    };
    look();
    if (file.connections.size > 0)
      scheduler.add(laneOf(this.owner), () => {
        const event = { type: 'blocked', target: request, oldVersion: file.version, newVersion };
        if (file.connections.size > 0) request.dispatch(event);
      });
  }
}
