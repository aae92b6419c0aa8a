// The first commit of a new executor.
import { unheeded } from './connection.js';
import type { WriteTransaction } from './schema.js';

/**
 * Raises the epoch, and takes the next number of the log: whoever executed before can write nothing any more. A store made anew
 * begins with another epoch than the one before it ever had.
 */
export async function takeOver(
  tx: WriteTransaction,
  now: number,
): Promise<{ readonly epoch: number; readonly seq: number }> {
  const [before, last] = await Promise.all([
    tx.objectStore('meta').get('epoch'),
    tx.objectStore('log').openKeyCursor(null, 'prev'),
  ]);
  const epoch = (before?.value ?? now) + 1;
  const seq = (last?.key ?? 0) + 1;
  unheeded(tx.objectStore('log').add({ seq, epoch, batch: 0, rows: [] }));
  unheeded(tx.objectStore('meta').put({ key: 'epoch', value: epoch }));
  return { epoch, seq };
}
