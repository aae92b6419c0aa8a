// The ids of signals, and refusals of requests, are remembered so that what comes again is known. Not for ever.
import type { Clock } from '../clock.js';
import { DAY, SIGNALS_DAYS, type RetentionPolicy } from '../management/retention-policy.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Records } from './records.js';

/** At most so many in a commit. */
const MOST_AT_ONCE = 1000;

/** In the executing tab. */
export async function forgetSeen(
  { records, runner, clock }: { readonly records: Records; readonly runner: InstanceRunner; readonly clock: Clock },
  { signals = SIGNALS_DAYS }: RetentionPolicy = {},
): Promise<void> {
  const { epoch } = runner;
  const gone = await records.seenBefore(clock.now() - signals * DAY);
  for (let i = 0; i < gone.length; i += MOST_AT_ONCE)
    await runner.store({ forgotten: gone.slice(i, i + MOST_AT_ONCE) }, epoch);
}
