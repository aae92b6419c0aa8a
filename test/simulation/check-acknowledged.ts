// What an acknowledgement promises at the moment at which a page hears it: that it is durable. Looked up in the mirror of the
// disk, not asked from the host.
import type { FlowEvent } from '../../src/index.js';
import type { Act } from './page.js';
import type { Schedule } from './schedule.js';

export function checkAcknowledged({ committed, violations }: Schedule, act: Act): void {
  const { what, target } = act;
  const missing = (): void => void violations.push(`${what} ${target} was acknowledged before it was committed`);
  switch (what) {
    case 'start':
      if (!committed.instances.has(target)) missing();
      return;
    case 'complete': {
      const slash = target.lastIndexOf('/');
      const token = target.slice(slash + 1);
      const events = eventsOf({ committed }, target.slice(0, slash));
      // A person who comes at the same moment as another is refused, or sees that it is done.
      if (!events.some((e) => e.type === 'complete' && e.token === token)) missing();
      return;
    }
    case 'signal':
      if (!committed.everKept.has(target)) missing();
      return;
    case 'schedule':
      if (!committed.planned.has(target)) missing();
      return;
    case 'cancel':
    case 'retry':
      return;
  }
}

export function eventsOf({ committed }: Pick<Schedule, 'committed'>, instance: string): readonly FlowEvent[] {
  return committed.rows(instance).flatMap(({ row }) => row.records.map((r) => r.event));
}
