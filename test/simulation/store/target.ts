// Event targets of the simulated browser: listeners in order, and `on…` properties. Nothing bubbles on its own.

export interface SimulatedEvent {
  readonly type: string;
  readonly [detail: string]: unknown;
}

type Listener = (event: SimulatedEvent) => void;

export class Target {
  readonly #listeners = new Map<string, Set<Listener>>();

  addEventListener(type: string, listener: Listener): void {
    let all = this.#listeners.get(type);
    if (!all) this.#listeners.set(type, (all = new Set()));
    all.add(listener);
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  dispatch(event: SimulatedEvent): void {
    const handler = (this as unknown as Record<string, unknown>)[`on${event.type}`];
    if (typeof handler === 'function') (handler as Listener).call(this, event);
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener.call(this, event);
  }
}
