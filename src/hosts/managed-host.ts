// What hosts can do that keep their instances themselves (memory, browser), besides running them. Each part is loaded when it
// is asked for: a page that only starts flows does not pay for it.
import type { FlowHost } from './host.js';
import type { Management } from './management/index.js';
import type { Scheduler } from './schedules/index.js';

export interface ManagedHost extends FlowHost {
  /** Flows that start by the clock. */
  schedules(): Promise<Scheduler>;
  /** Export and import of instances, retention, migration. */
  management(): Promise<Management>;
}
