// Rows that are read without a key, or with the wrong one.
import { FlowError } from '../../model/index.js';

/** What is read without a key must not be sealed. */
export function unsealed<Row extends object>(row: Row): Row {
  if ('sealed' in row) throw wrongKey();
  return row;
}

export function wrongKey(cause?: unknown): FlowError {
  return new FlowError(
    'FLOW-STORAGE-KEY',
    'The stored processes are encrypted, and not with this key, or damaged. Give the host the key that they were stored with.',
    {},
    { cause },
  );
}
