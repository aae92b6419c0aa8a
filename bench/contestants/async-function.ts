// The limit: nobody is faster than the code one would write by hand, which cannot be drawn, watched or resumed.
import type { Contestant } from '../scenarios.js';

export const asyncFunction: Contestant = {
  name: 'async function by hand',
  prepare: async ({ kind, size }, work) => {
    switch (kind) {
      case 'split':
        return async () => {
          await work();
          await Promise.all(Array.from({ length: size }, work));
          await work();
        };
      case 'loop':
        return async () => {
          for (let n = 0; n < size; n++) await work();
          await work();
        };
      case 'inclusive':
        return async () => {
          await work();
          await Promise.all([true, true, true, false].map((taken) => (taken ? work() : null)));
          await work();
        };
      case 'forEach':
        return async () => void (await Promise.all(Array.from({ length: size }, work)));
      default:
        return async () => {
          for (let n = 0; n < (kind === 'conditions' ? size * 2 : size); n++) await work();
        };
    }
  },
};
