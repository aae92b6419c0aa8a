import { serveImplementations } from '../../src/activities/worker.js';

const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));

serveImplementations({
  fib: ({ n }, { idempotencyKey }) => ({
    value: fib(Number(n)),
    key: idempotencyKey,
    isWorker: typeof document === 'undefined',
  }),
  fail: () => {
    throw Object.assign(new Error('No luck.'), { code: 'NoLuck', retryable: false });
  },
  wait: (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  crash: () => {
    setTimeout(() => {
      throw new Error('boom');
    });
    return new Promise(() => {});
  },
});
