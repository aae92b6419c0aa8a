// Block-structured flows, generated: steps, sequences, splits with their joins, loops, subflows and events whose ways come
// back, one inside the other. Every block is entered at one activity and left at one.
import fc from 'fast-check';
import type { ActivityDefinition, ConnectorDefinition, FlowDefinition } from '../../src/index.js';

export type Block =
  | { readonly block: 'step'; readonly type: 'script' | 'user' | 'route'; readonly letters: number }
  | { readonly block: 'sequence'; readonly parts: readonly Block[] }
  | { readonly block: 'split'; readonly kind: 'and' | 'or' | 'xor'; readonly branches: readonly (Block | undefined)[] }
  | { readonly block: 'until' | 'while' | 'subflow'; readonly inside: Block }
  | { readonly block: 'again' }
  | { readonly block: 'events'; readonly handlers: readonly (Block | 'back')[] };

const { block: anyBlock } = fc.letrec<{ block: Block }>((tie) => {
  const inner = tie('block');
  const step = fc.record({
    block: fc.constant('step' as const),
    type: fc.constantFrom('script' as const, 'user' as const, 'route' as const),
    letters: fc.integer({ min: 1, max: 30 }),
  });
  return {
    block: fc.oneof(
      { maxDepth: 5, depthSize: 'large', withCrossShrink: true },
      step,
      fc.record({ block: fc.constant('sequence' as const), parts: fc.array(inner, { minLength: 2, maxLength: 4 }) }),
      fc.record({
        block: fc.constant('split' as const),
        kind: fc.constantFrom('and' as const, 'or' as const, 'xor' as const),
        // One branch at most is nothing but a connector: two would be the same line.
        branches: fc
          .tuple(fc.array(inner, { minLength: 1, maxLength: 4 }), fc.option(fc.nat(4), { nil: undefined }))
          .filter(([all, empty]) => all.length > 1 || empty !== undefined)
          .map(([all, empty]) => (empty === undefined ? all : all.toSpliced(empty, 0, undefined as never))),
      }),
      fc.record({ block: fc.constantFrom('until' as const, 'while' as const, 'subflow' as const), inside: inner }),
      fc.constant({ block: 'again' as const }),
      fc.record({
        block: fc.constant('events' as const),
        handlers: fc.array(fc.oneof(inner, fc.constant('back' as const)), { minLength: 1, maxLength: 3 }),
      }),
    ),
  };
});

export const blockFlow: fc.Arbitrary<FlowDefinition> = anyBlock.map(flowOfBlock);

function flowOfBlock(whole: Block): FlowDefinition {
  const activities: ActivityDefinition[] = [];
  const connectors: ConnectorDefinition[] = [];
  const subflows: Record<string, { activities: string[] }> = {};
  /** Members of the subflows that are being written, innermost last. */
  const open: string[][] = [];
  const add = (more: Partial<ActivityDefinition> & Pick<ActivityDefinition, 'type'>): string => {
    const id = `A${activities.length + 1}`;
    activities.push({ id, ...more });
    open.at(-1)?.push(id);
    return id;
  };
  const connect = (from: string, to: string, more: Partial<ConnectorDefinition> = {}): void =>
    void connectors.push({ id: `c${connectors.length + 1}`, from, to, ...more });

  function write(block: Block): { entry: string; exit: string } {
    switch (block.block) {
      case 'step': {
        const { type, letters } = block;
        const id = add({ type, name: 'n'.repeat(letters), ...(type === 'user' ? { role: 'clerk' } : {}) });
        return { entry: id, exit: id };
      }
      case 'sequence': {
        const parts = block.parts.map(write);
        parts.slice(1).forEach((part, i) => connect(parts[i]!.exit, part.entry));
        return { entry: parts[0]!.entry, exit: parts.at(-1)!.exit };
      }
      case 'split': {
        const entry = add({ type: 'route', split: block.kind });
        const exit = add({ type: 'route', join: block.kind });
        block.branches.forEach((branch, i) => {
          const last = i === block.branches.length - 1;
          const when = block.kind === 'and' ? {} : last ? { default: true } : { condition: `n = ${i}` };
          const written = branch && write(branch);
          connect(entry, written?.entry ?? exit, when);
          if (written) connect(written.exit, exit);
        });
        return { entry, exit };
      }
      case 'until': {
        const entry = add({ type: 'route', join: 'xor' });
        const body = write(block.inside);
        const exit = add({ type: 'script', split: 'xor' });
        connect(entry, body.entry);
        connect(body.exit, exit);
        connect(exit, entry, { condition: 'n > 0' });
        const after = add({ type: 'script' });
        connect(exit, after, { default: true });
        return { entry, exit: after };
      }
      case 'while': {
        const entry = add({ type: 'script', join: 'xor', split: 'xor' });
        const after = add({ type: 'script' });
        connect(entry, after, { condition: 'n > 0' });
        const body = write(block.inside);
        connect(entry, body.entry, { default: true });
        connect(body.exit, entry);
        return { entry, exit: after };
      }
      case 'again': {
        const entry = add({ type: 'script', join: 'xor', split: 'xor' });
        const after = add({ type: 'script' });
        connect(entry, entry, { condition: 'n > 0' });
        connect(entry, after, { default: true });
        return { entry, exit: after };
      }
      case 'subflow': {
        const id = `S${Object.keys(subflows).length + 1}`;
        open.at(-1)?.push(id);
        const members: string[] = [];
        subflows[id] = { activities: members };
        open.push(members);
        const first = add({ type: 'script' });
        const body = write(block.inside);
        const last = add({ type: 'script' });
        connect(first, body.entry);
        connect(body.exit, last);
        open.pop();
        return { entry: first, exit: last };
      }
      case 'events': {
        // One may try again: of several, the ways would meet.
        const handlers = block.handlers.filter((h, i, all) => h !== 'back' || all.indexOf('back') === i);
        const boundary = handlers.map((_, i) => ({ id: `e${i}`, event: 'error' as const, code: `E${i}` }));
        const entry = add({ type: 'script', join: 'xor', boundary });
        const exit = add({ type: 'script', join: 'xor' });
        connect(entry, exit);
        handlers.forEach((handler, i) => {
          const body = handler === 'back' ? undefined : write(handler);
          connect(`${entry}.e${i}`, body?.entry ?? entry);
          if (body) connect(body.exit, exit);
        });
        return { entry, exit };
      }
    }
  }

  const begin = add({ type: 'script' });
  const body = write(whole);
  connect(begin, body.entry);
  const end = add({ type: 'script' });
  connect(body.exit, end);
  return {
    flow: 'blocks',
    kind: 'process',
    variables: { n: { initial: 0 } },
    roles: { clerk: {} },
    activities,
    connectors,
    ...(Object.keys(subflows).length > 0 ? { subflows } : {}),
  };
}
