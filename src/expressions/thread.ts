// A thread that can be terminated: a Web Worker in a page, a worker thread under Node.
import type { IsolatedAnswer, IsolatedRequest } from './isolated.js';
import { nodeThreads, READY } from './thread-port.js';

export interface Thread {
  post(request: IsolatedRequest): void;
  /** Nothing waits for it: under Node, the process may end. */
  rest(): void;
  terminate(): void;
}

export interface ThreadEvents {
  /** It listens; what it needs is loaded. */
  onReady(): void;
  onAnswer(answer: IsolatedAnswer): void;
  onCrash(why: string): void;
}

export function openThread(events: ThreadEvents): Thread {
  return typeof Worker === 'function' ? webWorker(events) : nodeWorker(events);
}

function told({ onReady, onAnswer }: ThreadEvents, data: unknown): void {
  if (data === READY) onReady();
  else onAnswer(data as IsolatedAnswer);
}

function webWorker(events: ThreadEvents): Thread {
  // Written as bundlers expect it, so that they bring the thread's file along.
  const worker = new Worker(new URL('./isolated-thread.js', import.meta.url), { type: 'module', name: 'expressions' });
  worker.addEventListener('message', ({ data }) => told(events, data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    events.onCrash(event.message || 'its file could not be loaded');
  });
  return {
    post: (request) => worker.postMessage(request),
    rest: () => {},
    terminate: () => worker.terminate(),
  };
}

function nodeWorker(events: ThreadEvents): Thread {
  const threads = nodeThreads();
  if (!threads) throw new Error('there are no workers here');
  let isOver = false;
  // Run from its sources, as the tests do, the file beside this one is TypeScript, too.
  const file = import.meta.url.replace(/thread(\.[jt]s)$/, 'isolated-thread$1');
  const worker = new threads.Worker(new URL(file), {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const crash = (why: string): void => {
    if (!isOver) events.onCrash(why);
    isOver = true;
  };
  worker.on('message', (data: unknown) => told(events, data));
  worker.on('error', (error: Error) => crash(error.message));
  worker.on('exit', () => crash('it has ended'));
  return {
    post: (request) => {
      worker.ref();
      worker.postMessage(request);
    },
    rest: () => worker.unref(),
    terminate: () => {
      isOver = true;
      void worker.terminate();
    },
  };
}
