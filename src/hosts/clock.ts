// Time, injected. `setTimeout` knows nothing of a clock that is set, counts no sleep, and fires at once for more than 2^31-1 ms: so
// every wait goes in pieces, and the clock is looked at after each.

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back at or after `at`, never before; gives the function that disarms it. */
  at(at: number, callback: () => void): () => void;
}

/** Within this time a clock that was set, forward or back again, is noticed; ms. */
const LONGEST_PIECE = 60_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  at: (at, callback) => {
    let handle: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const left = at - Date.now();
      handle = setTimeout(() => (Date.now() >= at ? callback() : arm()), Math.min(Math.max(0, left), LONGEST_PIECE));
    };
    arm();
    return () => clearTimeout(handle);
  },
};
