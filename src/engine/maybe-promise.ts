// Expressions of the easy kind are evaluated at once, the rest asynchronously. Code that serves both stays synchronous
// as long as it can: a flow without hard expressions runs a step without leaving the call.

export type MaybePromise<T> = T | Promise<T>;

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

export function chain<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** `next` for each item in order, each after the one before it is done. */
export function inOrder<T>(items: Iterable<T>, next: (item: T) => MaybePromise<void>): MaybePromise<void> {
  const iterator = items[Symbol.iterator]();
  const go = (): MaybePromise<void> => {
    for (let item = iterator.next(); !item.done; item = iterator.next()) {
      const result = next(item.value);
      if (isPromise(result)) return result.then(go);
    }
  };
  return go();
}
