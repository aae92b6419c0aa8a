// What the store knows of people's work: whose turn it is where they take turns, and how much they have to do. Only the
// executing tab asks, so reading and writing a turn need not be one transaction; one after the other, none is given twice.
import type { Staff } from '../../engine/index.js';
import { workload } from '../workload.js';
import type { Connection } from './connection.js';
import type { Records } from './records.js';

export function staffInStore(connection: Connection, records: Records): Staff {
  const turns = new Turns(connection);
  return {
    turn: (place) => turns.next(place),
    load: async () => workload((await records.instancesBy('open', 1)).map(({ state }) => state)),
  };
}

class Turns {
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
    await this.#connection.write((tx) => tx.objectStore('meta').put({ key, value: value + 1 }), ['meta']);
    return value;
  }
}
