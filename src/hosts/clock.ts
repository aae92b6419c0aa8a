// Time, injected. `setTimeout` fires at once for more than 2^31-1 ms, so long waits go in pieces.

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back at or after `at`, never before; gives the function that disarms it. */
  at(at: number, callback: () => void): () => void;
}

const LONGEST_TIMEOUT = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  at: (at, callback) => {
    let handle: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const left = at - Date.now();
      handle = setTimeout(() => (Date.now() >= at ? callback() : arm()), Math.min(Math.max(0, left), LONGEST_TIMEOUT));
    };
    arm();
    return () => clearTimeout(handle);
  },
};
