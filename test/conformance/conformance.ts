// The host conformance suite: the same behaviours for every host, run by whichever test runner the host needs.
import { comingBack, managing, peopleAndMessages, starting, trouble } from './behaviours/index.js';
import type { Behaviour, HostAdapter } from './world.js';

export const behaviours: readonly Behaviour[] = [
  ...starting,
  ...peopleAndMessages,
  ...trouble,
  ...comingBack,
  ...managing,
];

/** Registers a test per behaviour that the host has the abilities for; `it` is the runner's own. */
export function hostConformance(adapter: HostAdapter, it: (what: string, test: () => Promise<void>) => unknown): void {
  for (const { what, needs = [], run } of behaviours) {
    if (!needs.every((ability) => adapter.abilities.includes(ability))) continue;
    it(what, async () => {
      const world = await adapter.open();
      try {
        await run(world);
      } finally {
        await world.close();
      }
    });
  }
}
