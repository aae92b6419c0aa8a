// Whether an instance took a course that its flow allows: every branch of an and-split once and its join once, one branch of an
// exclusive one, loops as often as they were meant to. It counts completions in the journal and knows nothing of tokens.
import type { InstanceRecord } from '../../src/hosts/browser/schema.js';
import type { CommittedRow } from './committed.js';
import type { Block } from './flows.js';

export function checkCourse(
  { id, status }: InstanceRecord,
  body: Block | undefined,
  rows: readonly CommittedRow[],
  say: (text: string) => void,
): void {
  if (!body) return;
  const completed = new Map<string, number>();
  const tokens = new Set<string>();
  for (const { row } of rows)
    for (const { changes } of row.records)
      for (const { activity, state, token } of changes) {
        if (state !== 'completed') continue;
        completed.set(activity, (completed.get(activity) ?? 0) + 1);
        const run = `${activity} ${token}`;
        if (token !== undefined && !activity.includes('.')) {
          if (tokens.has(run)) say(`${id}: ${run} completed twice`);
          tokens.add(run);
        }
      }
  const isRetried = rows.some(({ row }) => row.records.some((r) => r.event.type === 'retry'));
  const isWhole = status === 'completed';
  const check = (block: Block, times: number): void => {
    switch (block.kind) {
      case 'one':
        return expect(block.id, times);
      case 'sequence':
        for (const part of block.parts) check(part, times);
        return;
      case 'loop': {
        // Every round completes. Its counter is a variable of the flow and goes on counting when the loop is entered again.
        const rounds = times > 0 ? block.rounds + times - 1 : 0;
        expect(block.id, rounds);
        return check(block.body, rounds);
      }
      case 'each':
        expect(block.id, block.items * times);
        return check(block.body, block.items * times);
      case 'repeatable':
        // An atomic sphere that was rolled back is done again as a whole when somebody retries it.
        for (const member of block.ids) {
          const found = completed.get(member) ?? 0;
          if (isWhole && found < times) say(`${id}: ${member} completed ${found} times instead of ${times}`);
          if (found > times && !isRetried) say(`${id}: ${member} completed ${found} times instead of ${times}`);
        }
        return;
      case 'either': {
        const [own, other] = [completed.get(block.id) ?? 0, completed.get(block.other) ?? 0];
        if (isWhole ? own + other !== times : own + other > times)
          say(
            `${id}: ${block.id} and ${block.other} completed ${own} and ${other} times, together it must be ${times}`,
          );
        return expect(block.join, times);
      }
      case 'split':
        expect(block.ends.from, times);
        expect(block.ends.to, times);
        if (block.type === 'and') for (const part of block.parts) check(part, times);
        else checkChoice(block, times);
    }
  };
  const checkChoice = (block: Extract<Block, { kind: 'split' }>, times: number): void => {
    const taken = block.parts.map((part) => entered(part));
    const sum = taken.reduce((a, b) => a + b, 0);
    if (block.type === 'xor' && (isWhole ? sum !== times : sum > times))
      say(`${id}: of the ways from ${block.ends.from} ${sum} were taken in ${times} rounds`);
    if (isWhole && sum < times) say(`${id}: no way was taken from ${block.ends.from}`);
    for (const [i, part] of block.parts.entries()) {
      if (taken[i]! > times) say(`${id}: a way from ${block.ends.from} was taken more often than it was reached`);
      if (isWhole) check(part, taken[i]!);
    }
  };
  /** How often the block was gone through, by what it begins with. */
  const entered = (block: Block): number => {
    switch (block.kind) {
      case 'loop':
        return Math.max(0, (completed.get(block.id) ?? 0) - block.rounds + 1);
      case 'each':
        return Math.ceil(entered(block.body) / block.items);
      case 'repeatable':
        return completed.get(block.ids.at(-1)!) ?? 0;
      case 'one':
        return completed.get(block.id) ?? 0;
      case 'sequence':
        return entered(block.parts[0]!);
      case 'split':
        return completed.get(block.ends.from) ?? 0;
      case 'either':
        return (completed.get(block.id) ?? 0) + (completed.get(block.other) ?? 0);
    }
  };
  const expect = (activity: string, times: number): void => {
    const found = completed.get(activity) ?? 0;
    if (isWhole ? found !== times : found > times)
      say(`${id}: ${activity} completed ${found} times instead of ${times}`);
  };
  check(body, 1);
}
