// The parts of the host that most pages never use, loaded when they are asked for or when the store shows that they are needed.
import type { Json } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { RetentionPolicy } from '../management/index.js';
import type { Connection } from './connection.js';
import type { Consumed, InstanceRunner } from './instance-runner.js';
import type { BrowserManagement } from './management.js';
import type { Records } from './records.js';
import type { BrowserScheduler } from './scheduler.js';
import type { ManagementOrder } from './schema.js';

export interface LazyPartsOptions {
  readonly connection: Connection;
  readonly records: Records;
  readonly runner: InstanceRunner;
  readonly catalog: FlowCatalog;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly retention?: RetentionPolicy;
  readonly isExecuting: () => boolean;
  /** There is work in the store. */
  readonly wake: () => void;
  /** Tells the other tabs that schedules have changed. */
  readonly rescheduled: () => void;
  /** Has the executing tab carry out an order. */
  readonly ask: (order: ManagementOrder) => Promise<Json | undefined>;
}

/** The page is not kept from starting its flows by tidying up, ms. */
const TIDY_FIRST = 30_000;
const TIDY_AGAIN = 3_600_000;

export class LazyParts {
  readonly #options: LazyPartsOptions;
  #scheduler: Promise<BrowserScheduler> | undefined;
  #management: Promise<BrowserManagement> | undefined;
  #tidying: (() => void) | undefined;

  constructor(options: LazyPartsOptions) {
    this.#options = options;
  }

  /** This tab executes from now on. */
  begin(): void {
    const { records, retention } = this.#options;
    records.nextSchedule().then(
      (next) => next !== undefined && this.look(),
      () => {},
    );
    if (retention) this.#tidyIn(TIDY_FIRST, retention);
  }

  stop(): void {
    this.#tidying?.();
    this.#tidying = undefined;
    void this.#scheduler?.then((scheduler) => this.#options.isExecuting() || scheduler.stop());
  }

  schedules(): Promise<BrowserScheduler> {
    const { wake, rescheduled } = this.#options;
    this.#scheduler ??= import('./scheduler.js').then(
      ({ BrowserScheduler }) =>
        new BrowserScheduler({
          ...this.#options,
          asked: wake,
          changed: () => {
            rescheduled();
            this.look();
          },
        }),
    );
    // Offline now, perhaps not a moment later.
    this.#scheduler.catch(() => (this.#scheduler = undefined));
    return this.#scheduler;
  }

  /** Whoever executes looks at what is to be started by the clock. */
  look(): void {
    if (!this.#options.isExecuting()) return;
    this.schedules().then(
      (scheduler) => this.#options.isExecuting() && scheduler.begin(),
      () => {},
    );
  }

  management(): Promise<BrowserManagement> {
    const { isExecuting, ask } = this.#options;
    this.#management ??= import('./management.js').then(
      ({ BrowserManagement }) =>
        new BrowserManagement({
          ...this.#options,
          order: async (order) => (isExecuting() ? this.carryOut(order, {}) : ((await ask(order)) ?? null)),
        }),
    );
    this.#management.catch(() => (this.#management = undefined));
    return this.#management;
  }

  async carryOut(order: ManagementOrder, consumed: Consumed): Promise<Json> {
    return (await this.management()).carryOut(order, consumed);
  }

  #tidyIn(pause: number, policy: RetentionPolicy): void {
    const { clock, isExecuting } = this.#options;
    this.#tidying?.();
    this.#tidying = clock.at(clock.now() + pause, () => {
      const tidied = this.carryOut({ do: 'prune', policy }, {}).catch(() => {});
      void tidied.then(() => isExecuting() && this.#tidyIn(TIDY_AGAIN, policy));
    });
  }
}
