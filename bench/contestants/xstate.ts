// A machine as one writes it by hand: a state per activity, each with an invoked promise.
import { assign, createActor, createMachine, fromPromise, waitFor } from 'xstate';
import type { Contestant } from '../scenarios.js';

export const xstate: Contestant = {
  name: 'XState by hand',
  package: 'xstate',
  prepare: async ({ kind, size }, work) => {
    const src = fromPromise(work);
    const step = (onDone: unknown): object => ({ invoke: { src, onDone } });
    const ids = Array.from({ length: size }, (_, i) => `a${i}`);
    let states: Record<string, object> | undefined;
    let initial = 'a0';
    if (kind === 'sequence') {
      states = Object.fromEntries(ids.map((id, i) => [id, step(ids[i + 1] ?? 'done')]));
    } else if (kind === 'split') {
      initial = 's';
      const branch = (id: string): [string, object] => [
        id,
        { initial: 'run', states: { run: step('over'), over: { type: 'final' } } },
      ];
      states = {
        s: step('p'),
        p: { type: 'parallel', states: Object.fromEntries(ids.map(branch)), onDone: 'j' },
        j: step('done'),
      };
    } else if (kind === 'loop') {
      const count = assign({ n: ({ context }: { context: { n: number } }) => context.n + 1 });
      const again = ({ context }: { context: { n: number } }): boolean => context.n + 1 < size;
      states = {
        a0: step([
          { target: 'a0', reenter: true, guard: again, actions: count },
          { target: 'end', actions: count },
        ]),
        end: step('done'),
      };
    }
    if (!states) return undefined;
    const machine = createMachine({
      initial,
      context: { n: 0 },
      states: { ...states, done: { type: 'final' } },
    } as never);
    return async () => {
      const actor = createActor(machine).start();
      await waitFor(actor, (snapshot) => (snapshot as { status: string }).status === 'done');
    };
  },
};
