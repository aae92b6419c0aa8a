// The open tasks of a user, told anew after every change of a process or of the user. Changes that come while the list is
// being read lead to one more reading, not to one each.
import type { TaskView } from '../hosts/host.js';
import type { Runtime } from './runtime.js';

export async function watchTasks(
  runtime: Runtime,
  listener: (tasks: readonly TaskView[]) => void,
  failed: (error: unknown) => void,
  ended: AbortSignal,
): Promise<void> {
  let isReading = false;
  let isStale = false;
  const read = async (): Promise<void> => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isStale && !ended.aborted) {
        isStale = false;
        const tasks = await runtime.tasks();
        // A newer answer is on its way when something changed meanwhile.
        if (!isStale && !ended.aborted) listener(tasks);
      }
    } catch (error) {
      if (!ended.aborted) failed(error);
    } finally {
      isReading = false;
    }
  };
  const unwatch = await runtime.watch(() => void read());
  if (ended.aborted) return unwatch();
  ended.addEventListener('abort', unwatch);
  runtime.addEventListener('user-change', () => void read(), { signal: ended });
  await read();
}
