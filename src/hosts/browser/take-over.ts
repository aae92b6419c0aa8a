// The first commit of a new executor.
import { wrap } from 'idb';
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
    wrap(tx.objectStore('meta').get('epoch')),
    wrap(tx.objectStore('log').openKeyCursor(null, 'prev')),
  ]);
  const epoch = (before?.value ?? now) + 1;
  const seq = ((last?.key as number | undefined) ?? 0) + 1;
  tx.objectStore('log').add({ seq, epoch, batch: 0, rows: [] });
  tx.objectStore('meta').put({ key: 'epoch', value: epoch });
  return { epoch, seq };
}
