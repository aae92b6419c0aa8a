import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExecutorLock } from '../../src/hosts/browser/executor-lock.js';

interface Asked {
  readonly granted: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

describe('the lock of the executor', () => {
  it('is not held when it was taken away before the page, frozen, heard that it had it; then it is asked for again', async (test) => {
    const asked: Asked[] = [];
    const locks = {
      request: (_: string, __: object, granted: () => Promise<void>) =>
        new Promise<void>((_resolve, reject) => asked.push({ granted, reject })),
    };
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
    test.after(() => {
      if (before) Object.defineProperty(globalThis, 'navigator', before);
      else Reflect.deleteProperty(globalThis, 'navigator');
    });
    let executions = 0;
    const acquired = async (): Promise<void> => void executions++;
    const lock = new ExecutorLock({ name: 'x', acquired, lost: () => {}, waiting: () => {} });
    test.after(() => lock.close());
    asked[0]!.reject(new DOMException('The lock was stolen.', 'AbortError'));
    await new Promise(setImmediate);
    void asked[0]!.granted();
    await new Promise(setImmediate);
    assert.equal(executions, 0);
    assert.equal(asked.length, 2);
    void asked[1]!.granted();
    await new Promise(setImmediate);
    assert.equal(executions, 1);
    assert.ok(lock.isHeld);
  });
});
