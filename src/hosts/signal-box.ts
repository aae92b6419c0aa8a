// Correlation of signals with waiters by name and key. A signal that nobody waits for is kept until somebody does; it
// wakes one waiter, a broadcast wakes all and is not kept.
import type { InstanceMessage, Subscription } from '../engine/index.js';
import type { Signal } from './host.js';

export interface Waiter {
  readonly instance: string;
  readonly token: string;
  readonly id: string;
  readonly subscription: Subscription;
}

export function matches(subscription: Subscription, signal: Signal): boolean {
  return subscription.name === signal.name && (subscription.key === undefined || subscription.key === signal.key);
}

/** What a waiter is told: the data, who has sent it and why. */
export function signalMessage(token: string, id: string, signal: Signal): InstanceMessage {
  const { name: _, key: __, broadcast: ___, id: ____, ...told } = signal;
  return { type: 'message', token, id, ...told };
}

export class SignalBox {
  readonly #waiters: Waiter[] = [];
  readonly #kept: Signal[] = [];
  readonly #seen = new Set<string>();

  /** The waiters that a signal wakes, first come first served. Without any it is kept, unless it is a broadcast. */
  signal(signal: Signal): readonly Waiter[] {
    if (signal.id !== undefined) {
      if (this.#seen.has(signal.id)) return [];
      this.#seen.add(signal.id);
    }
    const waiting = this.#waiters.filter((w) => matches(w.subscription, signal));
    const woken = signal.broadcast ? waiting : waiting.slice(0, 1);
    for (const waiter of woken) this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    if (woken.length === 0 && !signal.broadcast) this.#kept.push(signal);
    return woken;
  }

  /** Registers a waiter, or gives the kept signal that it need not wait for. */
  subscribe(waiter: Waiter): Signal | undefined {
    const index = this.#kept.findIndex((s) => matches(waiter.subscription, s));
    if (index >= 0) return this.#kept.splice(index, 1)[0];
    this.#waiters.push(waiter);
    return undefined;
  }

  unsubscribe(instance: string, token: string): void {
    for (let i = this.#waiters.length - 1; i >= 0; i--) {
      const w = this.#waiters[i]!;
      if (w.instance === instance && w.token === token) this.#waiters.splice(i, 1);
    }
  }
}
