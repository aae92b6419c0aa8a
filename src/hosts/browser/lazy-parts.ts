// The parts of the host that most pages never use, loaded when they are asked for or when the store shows that they are needed.
import type { Json } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { FlowCatalog } from '../flow-catalog.js';
import type { RetentionPolicy } from '../management/index.js';
import type { Connection } from './connection.js';
import { forgetSeen } from './forget.js';
import type { GroupCommit } from './group-commit.js';
import type { Consumed } from './instance-runner-options.js';
import type { InstanceRunner } from './instance-runner.js';
import type { BrowserManagement } from './management.js';
import { Packing } from './packing.js';
import type { Records } from './records.js';
import type { BrowserScheduler } from './scheduler.js';
import type { ManagementOrder } from './schema.js';

export interface LazyPartsOptions {
  readonly connection: Connection;
  readonly records: Records;
  readonly commits: GroupCommit;
  readonly runner: InstanceRunner;
  readonly catalog: FlowCatalog;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly retention?: RetentionPolicy;
  readonly isExecuting: () => boolean;
  /** There is work in the store. */
  readonly wake: () => void;
  /** `here`, if this tab executes; else has the executing one carry out the order. */
  readonly have: (here: () => Promise<Json>, order: ManagementOrder) => Promise<Json | undefined>;
}

/** The page is not kept from starting its flows by tidying up, ms. */
const TIDY_FIRST = 30_000;
const TIDY_AGAIN = 3_600_000;
/** Nor by summing up what an earlier version has stored, ms. */
const PACK_FIRST = 2000;
/** Pause before what starts by the clock is looked for once more, when it could not be read or its part not be loaded, ms. */
const LOOK_AGAIN = 2000;

export class LazyParts {
  readonly #options: LazyPartsOptions;
  #scheduler: Promise<BrowserScheduler> | undefined;
  #management: Promise<BrowserManagement> | undefined;
  #tidying: (() => void) | undefined;
  readonly #packing: Packing;
  #packingSoon: (() => void) | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LazyPartsOptions) {
    this.#options = options;
    const { connection, runner } = options;
    this.#packing = new Packing({
      connection,
      epoch: () => runner.epoch,
      isExecuting: () => options.isExecuting(),
      commit: (unit, epoch) => runner.store(unit, epoch),
    });
  }

  /** This tab executes from now on. */
  begin(): void {
    const { records, clock } = this.#options;
    this.stop();
    this.#packingSoon = clock.at(clock.now() + PACK_FIRST, () => this.#packing.begin());
    records.nextSchedule().then(
      (next) => next !== undefined && this.look(),
      () => this.#lookLater(),
    );
    this.#tidyIn(TIDY_FIRST);
  }

  stop(): void {
    this.#tidying?.();
    this.#tidying = undefined;
    this.#packingSoon?.();
    clearTimeout(this.#looking);
    void this.#scheduler?.then((scheduler) => this.#options.isExecuting() || scheduler.stop());
  }

  /** In the executing tab: instances are in their store now that stood in the log only. */
  written(): void {
    this.#packing.note();
  }

  schedules(): Promise<BrowserScheduler> {
    const { wake, runner } = this.#options;
    this.#scheduler ??= import('./scheduler.js').then(
      ({ BrowserScheduler }) =>
        new BrowserScheduler({
          ...this.#options,
          order: (order) => this.#order(order),
          commit: (unit, epoch) => runner.store(unit, epoch),
          epoch: () => runner.epoch,
          asked: wake,
          changed: () => this.look(),
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
      () => this.#lookLater(),
    );
  }

  /** Not by the clock, which somebody may set back. */
  #lookLater(): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => this.look(), LOOK_AGAIN);
  }

  management(): Promise<BrowserManagement> {
    this.#management ??= import('./management.js').then(
      ({ BrowserManagement }) =>
        new BrowserManagement({
          ...this.#options,
          // What cannot be done now is done when instances are written.
          tidied: () => this.#packing.tidy().catch(() => {}),
          order: (order) => this.#order(order),
        }),
    );
    this.#management.catch(() => (this.#management = undefined));
    return this.#management;
  }

  async carryOut(order: ManagementOrder, consumed: Consumed): Promise<Json> {
    if (order.do === 'schedule' || order.do === 'unschedule') return (await this.schedules()).carryOut(order, consumed);
    return (await this.management()).carryOut(order, consumed);
  }

  async #order(order: ManagementOrder): Promise<Json> {
    return (await this.#options.have(() => this.carryOut(order, {}), order)) ?? null;
  }

  #tidyIn(pause: number): void {
    const { clock, isExecuting, retention } = this.#options;
    this.#tidying?.();
    this.#tidying = clock.at(clock.now() + pause, () => {
      const tidied: Promise<unknown> = retention
        ? this.carryOut({ do: 'prune', policy: retention }, {})
        : forgetSeen(this.#options);
      void tidied.catch(() => {}).then(() => isExecuting() && this.#tidyIn(TIDY_AGAIN));
    });
  }
}
