// What a browser host can be told when it is opened, and what it is then.
import type { Implementations, Registry } from '../../activities/index.js';
import type { FlowError } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { ManagedHost } from '../managed-host.js';
import type { RetentionPolicy } from '../management/index.js';

export interface BrowserHost extends ManagedHost {
  /** Whether this tab executes. */
  readonly isExecutor: boolean;
}

export interface BrowserHostOptions {
  readonly implementations?: Implementations | Registry;
  /** Name of the database, of the lock and of the channel. Default `millrace`. */
  readonly name?: string;
  /** `strict` (default) flushes to disk before anything is acknowledged; `relaxed` leaves that to the operating system. */
  readonly durability?: 'strict' | 'relaxed';
  /** AES-GCM: everything is stored encrypted, but for what the stores find it by. Rejects with `FLOW-STORAGE-KEY` if it does not fit. */
  readonly encryptionKey?: CryptoKey;
  /** What is removed by itself, now and then. Default: nothing. */
  readonly retention?: RetentionPolicy;
  /** Called when the site's data has been cleared, with `FLOW-STORAGE-WIPED`; instances that were known are gone. */
  readonly wiped?: (error: FlowError) => void;
  readonly clock?: Clock;
  readonly newId?: () => string;
}
