// A token game of its own, small and slow, straight from the definition: what the checker and the engine are compared with. It
// shares no code with them. Activities take time; conditions are free; a token that has come to an end is gone.
import type { ActivityDefinition, ConnectorDefinition, FlowDefinition } from '../../../src/index.js';

export interface Game {
  readonly flow: FlowDefinition;
  readonly into: ReadonlyMap<string, readonly ConnectorDefinition[]>;
  readonly outOf: ReadonlyMap<string, readonly ConnectorDefinition[]>;
}

/** Tokens in activities and on connectors, by id. */
export interface Position {
  readonly at: Readonly<Record<string, number>>;
  readonly on: Readonly<Record<string, number>>;
}

export function gameOf(flow: FlowDefinition): Game {
  const by = (side: 'from' | 'to'): Map<string, ConnectorDefinition[]> => {
    const map = new Map<string, ConnectorDefinition[]>(flow.activities.map((a) => [a.id, []]));
    for (const c of flow.connectors ?? []) map.get(c[side])!.push(c);
    return map;
  };
  return { flow, into: by('to'), outOf: by('from') };
}

export function opening(game: Game): Position {
  const at: Record<string, number> = {};
  for (const { id } of game.flow.activities) if (game.into.get(id)!.length === 0) at[id] = 1;
  return { at, on: {} };
}

/** Sets of connectors that may be followed when the activity is done. */
export function decisions(game: Game, activity: ActivityDefinition): readonly (readonly ConnectorDefinition[])[] {
  const out = game.outOf.get(activity.id)!;
  const split = activity.split ?? 'or';
  // A condition that stands alone may end the path.
  if (out.length === 1 && split === 'or' && out[0]!.condition !== undefined) return [out, []];
  if (out.length <= 1 || split === 'and') return [out];
  if (split === 'xor') return out.map((c) => [c]);
  const conditional = out.filter((c) => c.condition !== undefined);
  const always = out.filter((c) => c.condition === undefined && !c.default);
  const otherwise = out.filter((c) => c.default);
  const found: ConnectorDefinition[][] = [];
  for (let bits = 0; bits < 1 << conditional.length; bits++) {
    const some = conditional.filter((_, i) => bits & (1 << i));
    const taken = [...always, ...(some.length > 0 ? some : otherwise)];
    if (taken.length > 0) found.push(taken);
  }
  return found;
}

function add(record: Readonly<Record<string, number>>, key: string, by: number): Record<string, number> {
  const { [key]: old = 0, ...rest } = record;
  return old + by > 0 ? { ...rest, [key]: old + by } : rest;
}

/** The activity is done and goes on along these connectors; joins that can start have not yet. */
export function move(
  game: Game,
  { at, on }: Position,
  activity: string,
  along: readonly ConnectorDefinition[],
): Position {
  let next: Position = { at: add(at, activity, -1), on };
  for (const c of along) {
    const target = game.flow.activities.find((a) => a.id === c.to)!;
    const straight = game.into.get(c.to)!.length === 1 || target.join === 'xor';
    next = straight ? { ...next, at: add(next.at, c.to, 1) } : { ...next, on: add(next.on, c.id, 1) };
  }
  return next;
}

/** Joins that may start, with what they take. */
export function ready(game: Game, position: Position): { join: string; takes: readonly ConnectorDefinition[] }[] {
  return game.flow.activities.flatMap((activity) => {
    const into = game.into.get(activity.id)!;
    if (into.length < 2 || activity.join === 'xor') return [];
    const filled = into.filter((c) => position.on[c.id]);
    if (filled.length === 0) return [];
    if (filled.length === into.length) return [{ join: activity.id, takes: filled }];
    if ((activity.join ?? 'or') !== 'or') return [];
    // BPMN 2.0.2, 13.4.3: no token may still come to an empty connector, unless it could also come to a filled one.
    const places = [
      ...Object.keys(position.at),
      ...Object.keys(position.on)
        .map((id) => game.flow.connectors!.find((c) => c.id === id)!.to)
        .filter((id) => id !== activity.id),
    ];
    const waits = places.some((from) => {
      const reached = comesTo(game, from, activity.id);
      return reached.size > 0 && filled.every((c) => !reached.has(c.id));
    });
    return waits ? [] : [{ join: activity.id, takes: filled }];
  });
}

/** Incoming connectors of `join` that a token in `from` can come to without passing it. */
function comesTo(game: Game, from: string, join: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const c of game.outOf.get(id)!) {
      if (c.to === join) found.add(c.id);
      else visit(c.to);
    }
  };
  visit(from);
  return found;
}

export function start(position: Position, join: string, takes: readonly ConnectorDefinition[]): Position {
  let { on } = position;
  for (const c of takes) on = add(on, c.id, -1);
  return { at: add(position.at, join, 1), on };
}

export type Verdict = 'sound' | 'deadlock' | 'unsynchronised';

/** Plays every game there is. Undefined: too many. */
export function verdictOf(flow: FlowDefinition, most = 60_000): Verdict | undefined {
  const game = gameOf(flow);
  const first = opening(game);
  const seen = new Set<string>();
  const open = [first];
  const key = (p: Position): string => JSON.stringify([Object.entries(p.at).sort(), Object.entries(p.on).sort()]);
  let verdict: Verdict = 'sound';
  for (let p = open.pop(); p; p = open.pop()) {
    const k = key(p);
    if (seen.has(k)) continue;
    seen.add(k);
    if (seen.size > most) return undefined;
    if ([...Object.values(p.at), ...Object.values(p.on)].some((n) => n > 1)) {
      verdict = 'unsynchronised';
      continue;
    }
    const joins = ready(game, p);
    for (const { join, takes } of joins) open.push(start(p, join, takes));
    for (const id of Object.keys(p.at)) {
      const activity = game.flow.activities.find((a) => a.id === id)!;
      for (const along of decisions(game, activity)) open.push(move(game, p, id, along));
    }
    if (joins.length === 0 && Object.keys(p.at).length === 0 && Object.keys(p.on).length > 0) return 'deadlock';
  }
  return verdict;
}
