// What both sides of the thread share. The thread's own file must not come upon the one that opens threads: a bundler that
// follows the circle never ends (Turbopack), or warns of it (webpack).

/** What the thread says first. */
export const READY = 'ready';

/** The part of `node:worker_threads` that is used; asked for at run time, so that no bundler for pages meets it. */
interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(data: unknown): void;
  ref(): void;
  unref(): void;
  terminate(): unknown;
}
export interface NodeThreads {
  readonly Worker: new (url: URL, options: object) => NodeWorker;
  readonly parentPort: { on(event: string, listener: (data: never) => void): void; postMessage(data: unknown): void };
}

export function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined;
}
