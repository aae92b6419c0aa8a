// BroadcastChannel between simulated tabs. Messages of one channel to another arrive in order; faults lose, repeat and delay them.
import { copyOf } from './store/shelf.js';
import { laneOf, type Lane, type Scheduler } from './scheduler.js';
import type { Tab } from './tab.js';
import { Target } from './store/target.js';

/** How often a message arrives, and how many ms later. */
export type MessageFate = () => readonly number[];

export class Channels {
  readonly scheduler: Scheduler;
  readonly fate: MessageFate;
  readonly #open = new Set<SimulatedChannel>();

  constructor(scheduler: Scheduler, fate: MessageFate) {
    this.scheduler = scheduler;
    this.fate = fate;
  }

  open(channel: SimulatedChannel): void {
    this.#open.add(channel);
  }

  close(channel: SimulatedChannel): void {
    this.#open.delete(channel);
  }

  others(channel: SimulatedChannel): readonly SimulatedChannel[] {
    return [...this.#open].filter((c) => c !== channel && c.name === channel.name);
  }

  isOpen(channel: SimulatedChannel): boolean {
    return this.#open.has(channel);
  }

  ownerDied(tab: Tab): void {
    for (const channel of this.#open) if (channel.tab === tab) this.#open.delete(channel);
  }
}

export class SimulatedChannel extends Target {
  onmessage: unknown = null;
  readonly #lanes = new Map<SimulatedChannel, Lane>();

  constructor(
    readonly tab: Tab,
    readonly name: string,
  ) {
    super();
    tab.browser.channels.open(this);
  }

  postMessage(data: unknown): void {
    const { channels } = this.tab.browser;
    if (!channels.isOpen(this)) throw new DOMException('The channel is closed.', 'InvalidStateError');
    for (const other of channels.others(this)) {
      let lane = this.#lanes.get(other);
      if (!lane) this.#lanes.set(other, (lane = laneOf(other.tab)));
      for (const delay of channels.fate()) {
        const copy = copyOf(data);
        const deliver = (): void => {
          if (channels.isOpen(other)) other.dispatch({ type: 'message', data: copy });
        };
        channels.scheduler.add(lane, deliver, delay);
      }
    }
  }

  close(): void {
    this.tab.browser.channels.close(this);
  }
}
