// Notices that a site's data was cleared. Every store gets a number of its own; the page remembers it, and so does its
// localStorage, where the browser does not clear that too. Another number means that what was kept is gone.
import { FlowError } from '../../model/index.js';
import { whenTaken, type Connection } from './connection.js';

export class StoreIdentity {
  readonly #connection: Connection;
  readonly #item: string;
  readonly #wiped: ((loss: FlowError) => void) | undefined;
  #known: number | undefined;

  constructor(connection: Connection, name: string, wiped?: (loss: FlowError) => void) {
    this.#connection = connection;
    this.#wiped = wiped;
    this.#item = `millrace:${name}:store`;
    this.#known = remembered(this.#item);
  }

  /** Tells when the store is not the one that was known; each loss is told once. */
  async check(): Promise<void> {
    const number = await this.#number();
    const known = this.#known;
    if (known === number) return;
    this.#known = number;
    remember(this.#item, number);
    if (known === undefined) return;
    this.#wiped?.(
      new FlowError(
        'FLOW-STORAGE-WIPED',
        "The site's data was cleared, and with it the processes that this browser had kept. New ones are kept again from now on.",
      ),
    );
  }

  async #number(): Promise<number> {
    for (;;) {
      const found = await this.#connection.read((db) => db.get('meta', 'store'));
      if (found) return found.value;
      const value = 1 + Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
      let isKnown = false;
      try {
        await this.#connection.write(
          (tx) => whenTaken(tx.objectStore('meta').add({ key: 'store', value }), () => (isKnown = true)),
          ['meta'],
        );
        return value;
      } catch (error) {
        // Another tab was faster.
        if (!isKnown) throw error;
      }
    }
  }
}

function remembered(item: string): number | undefined {
  try {
    return Number(localStorage.getItem(item)) || undefined;
  } catch {
    // Not allowed, or there is none.
    return undefined;
  }
}

function remember(item: string, number: number): void {
  try {
    localStorage.setItem(item, String(number));
  } catch {
    // What is only known while the page is open is better than nothing.
  }
}
