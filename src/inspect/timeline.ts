// Where the time of an instance went: one bar for every run of an activity, cut where its state changed. Long pauses are
// drawn shorter than they were (a process may wait for weeks and work for milliseconds), but never out of order.
import type { CompiledFlow } from '../compiler/index.js';
import type { HistoryRecord } from '../hosts/host.js';

export interface Stretch {
  /** `attempt`: something or somebody works at it; `waiting`: for a person, a turn, an event or another attempt; `inside`: a subflow's body. */
  readonly kind: 'attempt' | 'waiting' | 'inside';
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly attempt?: number;
  /** How this attempt failed. */
  readonly failure?: string;
}

export interface Bar {
  readonly activity: string;
  readonly name: string;
  readonly token: string;
  readonly from: number;
  readonly to: number;
  /** State at the end of what is shown; `ready` and `running` bars are still open. */
  readonly state: string;
  readonly stretches: readonly Stretch[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  /** In order of their beginning. */
  readonly bars: readonly Bar[];
  /** How many earlier ones were left out. */
  readonly earlier: number;
  /** Where a moment lies, 0 to 1. */
  place(at: number): number;
}

const OPEN = new Set(['ready', 'running', 'compensating']);

/** After these records; open bars reach to `now`. Of more than `most` runs, only those that began last. */
export function timelineOf(
  flow: CompiledFlow,
  history: readonly HistoryRecord[],
  now: number,
  most: number = Infinity,
): Timeline {
  const from = history[0]?.at ?? now;
  const bars = new Map<string, Mutable<Omit<Bar, 'stretches'>> & { readonly stretches: Mutable<Stretch>[] }>();
  for (const { at, changes } of history) {
    for (const { activity: id, token, state, attempt, failure } of changes) {
      // What was skipped or only decides took no time, and a boundary event is a moment.
      const activity = flow.plan.activities[id];
      if (token === undefined || !activity) continue;
      let bar = bars.get(token);
      if (!bar && activity.type === 'route' && state === 'completed') continue;
      if (!bar) {
        bar = { activity: id, name: activity.name, token, from: at, to: at, state, stretches: [] };
        bars.set(token, bar);
      }
      const last = bar.stretches.at(-1);
      if (last && OPEN.has(bar.state)) {
        last.to = at;
        if (failure && last.kind === 'attempt') last.failure = `${failure.code}: ${failure.message}`;
      }
      bar.to = at;
      bar.state = state;
      if (!OPEN.has(state)) continue;
      const waits = state === 'ready' || activity.type === 'wait' || activity.type === 'receive';
      const kind = activity.type === 'subflow' ? 'inside' : waits ? 'waiting' : 'attempt';
      bar.stretches.push({ kind, from: at, to: at, ...(attempt === undefined ? {} : { attempt }) });
    }
  }
  const to = Math.max(from, now, history.at(-1)?.at ?? now);
  for (const bar of bars.values()) {
    if (!OPEN.has(bar.state)) continue;
    bar.to = to;
    bar.stretches.at(-1)!.to = to;
  }
  const earlier = Math.max(0, bars.size - most);
  const shown = [...bars.values()].slice(earlier);
  const begin = earlier > 0 ? shown[0]!.from : from;
  return {
    from,
    to,
    bars: shown,
    earlier,
    place: scaleOf([begin, to, ...shown.flatMap((b) => b.stretches.flatMap((s) => [s.from, s.to]))]),
  };
}

/** Every pause between two moments gets the logarithm of its length. */
function scaleOf(moments: readonly number[]): (at: number) => number {
  const sorted = [...new Set(moments)].sort((a, b) => a - b);
  const places = [0];
  for (let i = 1; i < sorted.length; i++) places.push(places[i - 1]! + widthOf(sorted[i]! - sorted[i - 1]!));
  const whole = places.at(-1)! || 1;
  return (at) => {
    let low = 0;
    let high = sorted.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sorted[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    const [a, b] = [sorted[low]!, sorted[low + 1]];
    const beyond = b === undefined ? 0 : Math.min(1, Math.max(0, (at - a) / (b - a))) * widthOf(b - a);
    return (places[low]! + beyond) / whole;
  };
}

function widthOf(ms: number): number {
  return Math.log2(1 + ms / 10);
}

/** `350 ms`, `4.2 s`, `3 min 10 s`, `2 d 4 h`. */
export function durationInWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const first = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[first]!;
  const [next, smaller] = units[first + 1]!;
  const rest = Math.floor((ms % size) / smaller);
  return `${Math.floor(ms / size)} ${name}${rest > 0 ? ` ${rest} ${next}` : ''}`;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
