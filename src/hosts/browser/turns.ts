// Whose turn it is where people take turns, counted in the store. Only the executing tab asks, so reading and writing need not be
// one transaction; asked for one after the other, no turn is given twice.
import { unheeded, type Connection } from './connection.js';

export class Turns {
  readonly #connection: Connection;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Counts up; 0 the first time. */
  next(place: string): Promise<number> {
    const turn = this.#last.then(() => this.#count(`turn ${place}`));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #count(key: string): Promise<number> {
    const value = (await this.#connection.read((db) => db.get('meta', key)))?.value ?? 0;
    await this.#connection.write((tx) => unheeded(tx.objectStore('meta').put({ key, value: value + 1 })), ['meta']);
    return value;
  }
}
