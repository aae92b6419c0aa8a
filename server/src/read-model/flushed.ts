// What SQLite has committed without waiting for the disk, brought there: off the event loop, which its own waiting would block, and
// for many commits at once. With a write-ahead log that is all a commit needs; the database itself it flushes when it takes the log over.
import { open, type FileHandle } from 'node:fs/promises';

/** Resolves when all that has been committed before is on the disk. */
export type Flush = () => Promise<void>;

/** The log is the file's for as long as a connection is open. Rejects when the disk refuses. */
export function flushOf(log: string): Flush & { close(): Promise<void> } {
  let file: Promise<FileHandle> | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    file ??= open(log, 'r+');
    file.catch(() => (file = undefined));
    const flushed = file.then((handle) => handle.datasync());
    running = flushed;
    const over = (): void => void (running = undefined);
    flushed.then(over, over);
    return flushed;
  };
  const flush = (): Promise<void> => {
    if (!running) return start();
    // One that is under way may have begun too early; those who come meanwhile share the one after it.
    const begin = (): Promise<void> => {
      next = undefined;
      return start();
    };
    return (next ??= running.then(begin, begin));
  };
  return Object.assign(flush, {
    async close() {
      await next?.catch(() => {});
      await running?.catch(() => {});
      await (await file?.catch(() => undefined))?.close();
    },
  });
}
