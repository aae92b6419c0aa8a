// Random programs for an IndexedDB: few keys, so that they meet; every call that the host makes and some that it may make one day.
import type { Random } from './random.js';
import type { Call, Key, Move, Program, Query } from './store-script.js';

const IDS = ['a', 'b', 'c', 'd', 'e'];
const STORES = ['things', 'rows', 'queue'];
const INDEXES = ['n', 'tags', 'pair', 'only'];

export function randomPrograms(random: Random): readonly Program[] {
  return Array.from({ length: random.between(3, 9) }, () => program(random));
}

function program(random: Random): Program {
  const mode = random.chance(0.75) ? 'readwrite' : 'readonly';
  const stores = random.chance(0.5) ? STORES : [random.pick(STORES)];
  const waits = random.chance(0.4);
  const calls = Array.from({ length: random.between(1, 7) }, () => call(random, random.pick(stores), mode));
  // Whoever asks too late, or gives up, has waited for what was asked before: otherwise it is chance what is still done.
  const end = random.pick(waits ? ENDS : ENDS.slice(0, 2));
  return { stores, mode, calls, waits, end, overlaps: random.chance(0.3) };
}

const ENDS = ['commit', 'by itself', 'abort', 'late'] as const;

function call(random: Random, on: string, mode: IDBTransactionMode): Call {
  const kind = random.below(mode === 'readwrite' ? 12 : 5);
  const index: { index?: string } = on === 'things' && random.chance(0.5) ? { index: random.pick(INDEXES) } : {};
  const keys = index.index ?? on;
  switch (kind) {
    case 0:
      return { on, ...index, call: random.pick(['get', 'getKey'] as const), query: someQuery(random, keys) };
    case 1:
      return { on, ...index, call: 'count', query: query(random, keys) };
    case 2:
    case 3: {
      const most = random.chance(0.3) ? { most: random.between(1, 3) } : {};
      return {
        on,
        ...index,
        call: random.pick(['getAll', 'getAllKeys'] as const),
        query: query(random, keys),
        ...most,
      };
    }
    case 4:
      return cursor(random, on, index, keys, mode);
    case 5:
      return { on, call: 'add', value: value(random, on) };
    case 6:
      return random.chance(0.2) ? { on, call: 'clear' } : { on, call: 'delete', query: someQuery(random, on) };
    default:
      return { on, call: 'put', value: value(random, on) };
  }
}

function cursor(random: Random, on: string, index: { index?: string }, keys: string, mode: IDBTransactionMode): Call {
  const isFull = random.chance(0.6);
  const direction = random.pick(['next', 'next', 'nextunique', 'prev', 'prevunique'] as const);
  const moves = Array.from({ length: random.between(1, 5) }, (): Move => {
    const way = random.below(mode === 'readwrite' && isFull ? 6 : 4);
    if (way === 4) return { move: 'delete' };
    if (way === 5)
      return { move: 'update', value: on === 'things' ? { n: random.below(4) } : { more: random.below(4) } };
    if (way === 3) return { move: 'advance', by: random.between(1, 2) };
    // To a key that may lie behind is refused.
    return way === 2 && random.chance(0.5) ? { move: 'continue', key: key(random, keys) } : { move: 'continue' };
  });
  const name = isFull ? 'openCursor' : 'openKeyCursor';
  return { on, ...index, call: name, query: query(random, keys), direction, moves };
}

function value(random: Random, on: string): object {
  const id = random.pick(IDS);
  if (on === 'rows') return { id, row: random.between(1, 3), n: random.below(9) };
  // Numbers of a queue are given, or come from elsewhere, higher.
  if (on === 'queue') return random.chance(0.8) ? { id } : { id, seq: random.between(1, 12) };
  return {
    id,
    ...(random.chance(0.7) ? { n: random.below(4) } : {}),
    ...(random.chance(0.6) ? { tags: Array.from({ length: random.below(4) }, () => random.pick(IDS)) } : {}),
    ...(random.chance(0.6) ? { a: random.pick(IDS) } : {}),
    // One of the few that meet is refused.
    ...(random.chance(0.2) ? { only: random.below(3) } : {}),
  };
}

function key(random: Random, keys: string): Key {
  if (keys === 'rows') return [random.pick(IDS), random.between(0, 4)];
  if (keys === 'queue') return random.between(0, 8);
  if (keys === 'n' || keys === 'only') return random.below(4);
  return keys === 'pair' ? [random.pick(IDS), random.below(4)] : random.pick(IDS);
}

function query(random: Random, keys: string): Query {
  return random.chance(0.4) ? null : someQuery(random, keys);
}

/** Not all of them. */
function someQuery(random: Random, keys: string): Query {
  const one = key(random, keys);
  if (random.chance(0.5)) return one;
  const other = key(random, keys);
  const open = [random.chance(0.5), random.chance(0.5)] as const;
  const [way, isBefore] = [random.below(3), JSON.stringify(one) <= JSON.stringify(other)];
  if (way === 0) return { from: one, open };
  if (way === 1) return { to: one, open };
  return isBefore ? { from: one, to: other } : { from: other, to: one };
}
