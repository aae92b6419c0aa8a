// Random flows for property tests: built up from blocks and then disturbed, so that a good part of them is sound.
import fc from 'fast-check';
import type { ActivityDefinition, ConnectorDefinition, FlowDefinition } from '../../../src/index.js';

type Gate = 'xor' | 'and' | 'or';
interface Step {
  readonly kind: 'task' | 'sequence' | 'block' | 'loop';
  readonly gate: Gate;
  readonly parts: readonly Step[];
}

const gate = fc.constantFrom<Gate>('xor', 'and', 'or');

const { step } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant<Step>({ kind: 'task', gate: 'or', parts: [] }),
    fc.record({
      kind: fc.constant('sequence' as const),
      gate,
      parts: fc.array(tie('step'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('block' as const),
      gate,
      parts: fc.array(tie('step'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('loop' as const),
      gate,
      parts: fc.array(tie('step'), { minLength: 1, maxLength: 1 }),
    }),
  ),
}));

interface Disturbance {
  /** Gates to change: which activity (modulo), to what. */
  readonly gates: readonly (readonly [number, 'split' | 'join', Gate])[];
  /** Connectors to add. */
  readonly more: readonly (readonly [number, number])[];
  /** Connectors that get a condition, where they are the only one of their activity. */
  readonly perhaps: readonly number[];
}

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  gates: fc.array(fc.tuple(fc.nat(30), fc.constantFrom('split' as const, 'join' as const), gate), {
    minLength: 1,
    maxLength: 4,
  }),
  more: fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 2 }),
  perhaps: fc.oneof(fc.constant([]), fc.array(fc.nat(30), { maxLength: 3 })),
});

/** At most about fifteen activities; every activity is reached, and an end is reached from it. */
export const randomFlow: fc.Arbitrary<FlowDefinition> = fc
  .tuple(
    step,
    fc.oneof(
      { arbitrary: fc.constant<Disturbance>({ gates: [], more: [], perhaps: [] }), weight: 1 },
      { arbitrary: disturbance, weight: 4 },
    ),
  )
  .map(([shape, disturbed]) => build(shape, disturbed))
  .filter((flow) => flow.activities.length >= 5 && flow.activities.length <= 16 && isConnected(flow));

function build(shape: Step, { gates, more, perhaps }: Disturbance): FlowDefinition {
  const activities: Record<string, { split?: Gate; join?: Gate }> = {};
  const links: [string, string][] = [];
  const fresh = (): string => {
    const id = `a${Object.keys(activities).length}`;
    activities[id] = {};
    return id;
  };
  const link = (from: string, to: string): void => void links.push([from, to]);
  /** Lays the step between two activities and gives its first and last. */
  const lay = ({ kind, gate: g, parts }: Step): [string, string] => {
    if (kind === 'task') {
      const id = fresh();
      return [id, id];
    }
    const first = fresh();
    if (kind === 'sequence') {
      let last = first;
      for (const part of parts) {
        const [a, b] = lay(part);
        link(last, a);
        last = b;
      }
      return [first, last];
    }
    const inner = parts.map(lay);
    const last = fresh();
    if (kind === 'block') {
      activities[first]!.split = g;
      activities[last]!.join = g;
      for (const [a, b] of inner) {
        link(first, a);
        link(b, last);
      }
      return [first, last];
    }
    const [a, b] = inner[0]!;
    activities[first]!.join = g === 'and' ? 'xor' : g;
    activities[last]!.split = 'xor';
    link(first, a);
    link(b, last);
    link(last, first);
    return [first, last];
  };
  const [first] = lay(shape);
  const start = fresh();
  link(start, first);
  const ids = Object.keys(activities);
  for (const [i, side, g] of gates) activities[ids[i % ids.length]!]![side] = g;
  for (const [i, j] of more) {
    const [from, to] = [ids[i % ids.length]!, ids[j % ids.length]!];
    if (to !== start && !links.some(([a, b]) => a === from && b === to)) link(from, to);
  }
  return define(activities, links, new Set(perhaps.map((i) => i % links.length)));
}

function define(
  gates: Record<string, { split?: Gate; join?: Gate }>,
  links: readonly [string, string][],
  perhaps: ReadonlySet<number>,
): FlowDefinition {
  const connectors: ConnectorDefinition[] = links.map(([from, to], i) => {
    const siblings = links.filter(([f]) => f === from);
    const split = gates[from]!.split ?? 'or';
    const isLast = siblings.at(-1)![1] === to;
    const free =
      siblings.length > 1
        ? split === 'xor' || (split === 'or' && gates[from]!.split !== undefined)
        : split === 'or' && perhaps.has(i);
    // Without a gate of its own, a split is parallel.
    return {
      id: `c${i}`,
      from,
      to,
      ...(free ? (split === 'xor' && isLast ? { default: true } : { condition: `$output.c${i}` }) : {}),
    };
  });
  const activities = Object.entries(gates).map(([id, g]): ActivityDefinition => ({
    id,
    type: 'service',
    implementation: { ref: 'do' },
    ...g,
  }));
  return { flow: 'random', kind: 'process', activities, connectors };
}

function isConnected({ activities, connectors = [] }: FlowDefinition): boolean {
  const walk = (from: readonly string[], a: 'from' | 'to', b: 'from' | 'to'): Set<string> => {
    const seen = new Set(from);
    const open = [...from];
    for (let id = open.pop(); id !== undefined; id = open.pop())
      for (const c of connectors)
        if (c[a] === id && !seen.has(c[b])) {
          seen.add(c[b]);
          open.push(c[b]);
        }
    return seen;
  };
  const starts = activities.filter((x) => !connectors.some((c) => c.to === x.id)).map((x) => x.id);
  const ends = activities.filter((x) => !connectors.some((c) => c.from === x.id)).map((x) => x.id);
  return walk(starts, 'from', 'to').size === activities.length && walk(ends, 'to', 'from').size === activities.length;
}
