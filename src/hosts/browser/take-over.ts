// Becoming the executor.
import { unheeded, type Connection } from './connection.js';

/** What whoever takes over goes by. */
export interface Tenure {
  readonly epoch: number;
  /** Number of the commit that says so. */
  readonly seq: number;
}

/**
 * Raises the epoch, and takes the next number of the log: whoever executed before can write nothing any more. A store made anew
 * begins with another epoch (`now`) than the one before it ever had.
 */
export async function takeOver(connection: Connection, now: number): Promise<Tenure> {
  for (;;) {
    const [before, last] = await connection.read((db) => {
      const tx = db.transaction(['meta', 'log']);
      return Promise.all([tx.objectStore('meta').get('epoch'), tx.objectStore('log').openKeyCursor(null, 'prev')]);
    });
    const epoch = (before?.value ?? now) + 1;
    const seq = (last?.key ?? 0) + 1;
    let isTaken = false;
    try {
      await connection.write(
        (tx) => {
          tx.objectStore('log')
            .add({ seq, epoch, batch: 0, rows: [] })
            .catch((error: unknown) => (isTaken = (error as { name?: string }).name === 'ConstraintError'));
          unheeded(tx.objectStore('meta').put({ key: 'epoch', value: epoch }));
        },
        ['meta', 'log'],
      );
      return { epoch, seq };
    } catch (error) {
      // Somebody has written meanwhile.
      if (!isTaken) throw error;
    }
  }
}
