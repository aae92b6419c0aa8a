// What is measured: the same work for everybody, with every activity counted.
export interface Scenario {
  readonly name: string;
  /** Activities that one run executes. */
  readonly activities: number;
  readonly kind: 'sequence' | 'split' | 'loop' | 'inclusive' | 'forEach' | 'conditions';
  readonly size: number;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'sequence of 100', kind: 'sequence', size: 100, activities: 100 },
  { name: 'and-split of 4', kind: 'split', size: 4, activities: 6 },
  { name: 'and-split of 16', kind: 'split', size: 16, activities: 18 },
  { name: 'and-split of 64', kind: 'split', size: 64, activities: 66 },
  { name: 'exclusive loop, 100 rounds', kind: 'loop', size: 100, activities: 101 },
  { name: 'inclusive split, 3 of 4', kind: 'inclusive', size: 4, activities: 5 },
  { name: 'forEach over 1,000', kind: 'forEach', size: 1000, activities: 1000 },
  { name: '100 decisions by JSONata', kind: 'conditions', size: 100, activities: 200 },
];

/** Something that can run a scenario; undefined where it has no such construct. */
export interface Contestant {
  readonly name: string;
  /** npm package, for its version. */
  readonly package?: string;
  /** Gives a function that runs the scenario once and resolves when it is over; `work` is to be called per activity. */
  prepare(scenario: Scenario, work: () => Promise<null>): Promise<(() => Promise<void>) | undefined>;
}
