// The flows of `crowd.ts`: one that waits for a moment, and one that takes messages for ever.
import type { FlowDefinition } from '../../src/index.js';

export const ALARM: FlowDefinition = {
  flow: 'alarm',
  kind: 'process',
  input: { at: true },
  activities: [{ id: 'Wait', type: 'wait', after: 'at' }],
};

export const BOARD: FlowDefinition = {
  flow: 'board',
  kind: 'process',
  input: { board: true },
  variables: { count: { initial: 0 }, mark: {} },
  activities: [
    {
      id: 'Note',
      type: 'receive',
      message: { name: 'note', key: 'board' },
      output: { count: 'count + 1' },
      loop: { kind: 'until', condition: 'count < 0', max: 1_000_000 },
    },
  ],
};

export const BOARDS: readonly string[] = Array.from({ length: 16 }, (_, i) => `board-${i}`);

/** The same for the same text. */
export function boardOf(text: string): string {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  return BOARDS[sum % BOARDS.length]!;
}
